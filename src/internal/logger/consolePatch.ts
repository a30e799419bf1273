/**
 * `console.log` and its like in the format of the log, for code that knows nothing of Effect.
 */
import { constVoid } from "effect/Function"
import * as LogLevel from "effect/LogLevel"
import { inspected } from "./message.ts"

/** As the official runtime maps them. `console.fatal` is an addition of its own. */
const methods: ReadonlyArray<readonly [name: string, level: LogLevel.Severity]> = [
  ["trace", "Trace"],
  ["debug", "Debug"],
  ["info", "Info"],
  ["log", "Info"],
  ["warn", "Warn"],
  ["error", "Error"],
  ["fatal", "Fatal"],
  // The other methods of the console print with these; those two print by themselves.
  ["dirxml", "Info"],
  ["dir", "Info"]
]

/** What a method below the minimum is asked to print costs nothing. Returns what puts everything back in its place. */
export const install = (
  log: (level: LogLevel.Severity, values: ReadonlyArray<unknown>) => void,
  minimum: LogLevel.Severity | undefined
): () => void => {
  const { console } = globalThis
  const restorers = methods.map(([name, level]) => {
    const before: unknown = Reflect.get(console, name)
    const isSilent = minimum !== undefined && LogLevel.isGreaterThan(minimum, level)
    const method = isSilent
      ? constVoid
      : (...values: ReadonlyArray<unknown>) => log(level, name === "dir" ? [inspected(...values)] : values)
    Reflect.set(console, name, method)
    return () => {
      // Whoever came later and stands in front of this has to go first.
      if (Reflect.get(console, name) !== method) return
      if (before === undefined) Reflect.deleteProperty(console, name)
      else Reflect.set(console, name, before)
    }
  })
  return () => {
    for (const restore of restorers) restore()
  }
}
