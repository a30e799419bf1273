/**
 * Where lines of metrics go.
 */
import * as Context from "effect/Context"
import { isatty } from "node:tty"
import { lines } from "../logger/output.ts"

export interface Output {
  /** Whether there is a person who reads. */
  readonly isTerminal: boolean
  /** Writes a line before the program goes on. What nobody takes any more is lost, as it is of the log. */
  readonly write: (line: string) => void
}

const standardOutput = 1

/**
 * Standard output, whatever the log is: around a line of a logger stands what CloudWatch does not read as a metric.
 */
export const Output: Context.Reference<Output> = Context.Reference("effect-lambda-runtime/internal/metrics/Output", {
  defaultValue: (): Output => ({
    isTerminal: isatty(standardOutput),
    write: (line) => lines.write(line, "JSON", "INFO", new Date(0))
  })
})
