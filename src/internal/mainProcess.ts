/**
 * What belongs to a process and not to its function: signals, an end that takes too long, and output that nobody reads.
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { constVoid } from "effect/Function"
import * as Runtime from "effect/Runtime"
import * as ErrorReport from "../ErrorReport.ts"
import * as ending from "./ending.ts"

/** In milliseconds. Who presses Ctrl-C once may send two: the terminal to all, and npm to what it runs. */
const sameSignal = 250

/** As a shell reports that a signal has ended a process. */
const exitCodes: Readonly<Record<string, number>> = { SIGINT: 130, SIGTERM: 143 }

/**
 * Runs the main effect of a process, which is interrupted at the first SIGTERM or SIGINT, and has some time to end then.
 * A second one ends the process at once. Standard output or standard error that is closed costs what is written there,
 * and nothing else.
 */
export const own = <A, E, R>(main: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(Clock.Clock, (clock) =>
    ending.watch(
      ({ begin }) => {
        let first: number | undefined
        const onSignal = (signal: NodeJS.Signals) => {
          const now = clock.currentTimeMillisUnsafe()
          if (first === undefined) {
            // The end may have begun long before, of itself.
            begin(now)
            first = now
          }
          if (now - first < sameSignal) return
          exit(`${signal} again: the process ends at once`, exitCodes[signal])
        }
        for (const signal in exitCodes) process.on(signal, onSignal)
        // Node makes the streams when they are first asked for, which can wait until the first poll is on its way.
        const outputs = setImmediate(() => {
          process.stdout.on("error", constVoid)
          process.stderr.on("error", constVoid)
        })
        return Effect.onExit(main, () =>
          Effect.sync(() => {
            clearImmediate(outputs)
            for (const signal in exitCodes) process.off(signal, onSignal)
          }))
      },
      (line, cause) =>
        cause === undefined
          ? exit(line, 1)
          : exit(`${describe(cause)}; ${line}`, Runtime.getErrorExitCode(Cause.squash(cause)))
    ))

const exit = (line: string, code: number | undefined) => {
  process.stderr.write(`effect-lambda-runtime: ${line}\n`)
  process.exit(code)
}

/** In one line. */
export const describe = (cause: Cause.Cause<unknown>): string => {
  const { errorMessage, errorType } = ErrorReport.fromError(Cause.squash(cause))
  return errorMessage === "" ? errorType : errorMessage
}
