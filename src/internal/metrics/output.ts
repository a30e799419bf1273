/**
 * Where lines of metrics go.
 */
import * as Context from "effect/Context"
import process from "node:process"
import { isatty } from "node:tty"
import { isMainThread } from "node:worker_threads"
import { writeLine } from "../logger/output.ts"

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
    // A thread hands what it prints to the main thread: a pipe takes long lines of several writers in pieces.
    write: isMainThread ? writeLine : (line) => void process.stdout.write(`${line}\n`)
  })
})
