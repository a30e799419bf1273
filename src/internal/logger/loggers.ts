/**
 * What a program logs with: the loggers, the minimum level, and the console.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import type { Severity } from "effect/LogLevel"
import * as References from "effect/References"
import type * as Scope from "effect/Scope"
import { currentIds, CurrentStore } from "../invokeStore.ts"
import * as consolePatch from "./consolePatch.ts"
import * as environment from "./environment.ts"
import * as jsonRecord from "./jsonRecord.ts"
import { CurrentOutput, type Format, type Output } from "./output.ts"
import { levels, noIds } from "./record.ts"
import * as textRecord from "./textRecord.ts"

const records = { Text: textRecord, JSON: jsonRecord }

/** Until the scope closes, also of `console` if it is to be patched. */
export const make = Effect.fnUntraced(function*(
  format: Format,
  patchesConsole: boolean
): Effect.fn.Return<Context.Context<never>, never, Scope.Scope> {
  const output = yield* environment.output
  const threshold = yield* environment.threshold(format)
  const logger = Logger.make<unknown, void>((options) =>
    output.write(records[format].fromEffect(options), format, levels[options.logLevel], options.date)
  )
  if (patchesConsole) yield* patchConsole(format, output, threshold.level)
  return yield* withMinimumLevel(
    threshold,
    Context.make(References.CurrentLoggers, new Set<Logger.Logger<unknown, void>>([logger, Logger.tracerLogger])).pipe(
      Context.add(CurrentOutput, output)
    )
  )
})

/** Says so where the environment names a level that does not exist, with the loggers that are given. */
export const withMinimumLevel = (
  { level, unrecognized }: environment.Threshold,
  loggers: Context.Context<never>
): Effect.Effect<Context.Context<never>> => {
  if (level !== undefined) return Effect.succeed(Context.add(loggers, References.MinimumLogLevel, level))
  return unrecognized === undefined ? Effect.succeed(loggers) : Effect.logWarning(
    `Unrecognized log level "${unrecognized}". Using the default log level. ` +
      "Valid values: TRACE, DEBUG, INFO, NOTICE, WARN, ERROR, FATAL"
  ).pipe(Effect.provideContext(loggers), Effect.as(loggers))
}

const patchConsole = Effect.fnUntraced(function*(format: Format, output: Output, minimum: Severity | undefined) {
  const clock = yield* Clock.Clock
  const store = yield* CurrentStore
  const log = (severity: Severity, values: ReadonlyArray<unknown>) => {
    const date = new Date(clock.currentTimeMillisUnsafe())
    const level = levels[severity]
    output.write(records[format].fromConsole({ date, level, ...currentIds(store) }, values), format, level, date)
  }
  yield* Effect.acquireRelease(
    Effect.sync(() => consolePatch.install(log, minimum)),
    (restore) => Effect.sync(restore)
  )
})

/** One line about the end of the process, for when the loggers are gone: JSON where the log is JSON. */
export const lastLine = Effect.fnUntraced(function*(message: string): Effect.fn.Return<string> {
  if ((yield* environment.format) !== "JSON") return message
  return jsonRecord.fromConsole({ date: new Date(yield* Clock.currentTimeMillis), level: "FATAL", ...noIds }, [message])
})
