/**
 * Logs in the formats of Lambda: records of Effect and of `console`, as text or JSON, with the ids of their invocation.
 *
 * Every record is written to standard output before the program goes on, so that none is lost when Lambda freezes the
 * process after an answer, or when it ends.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as environment from "./internal/logger/environment.ts"
import * as jsonRecord from "./internal/logger/jsonRecord.ts"
import * as loggers from "./internal/logger/loggers.ts"
import * as output from "./internal/logger/output.ts"
import { levels } from "./internal/logger/record.ts"
import * as textRecord from "./internal/logger/textRecord.ts"

/**
 * Formats a record as a line of text.
 *
 * **When to use**
 *
 * In a logger of your own that writes somewhere else. {@link layerText} logs with it.
 *
 * **Details**
 *
 * Its columns are separated by tabs: the time in ISO 8601, the request id (`-` outside an invocation), the level, the
 * message, and then what there is of the tenant id, the trace id, annotations and spans, as `name=value`. The cause
 * follows with its stacks. Line breaks become carriage returns, which CloudWatch Logs shows as line breaks of one
 * event; other control characters are escaped. What is no text is shown as by {@link formatJson}.
 *
 * **Example** (A message and an annotation)
 *
 * ```ts
 * import * as LambdaLogger from "effect-lambda-runtime/LambdaLogger"
 * import * as Effect from "effect/Effect"
 * import * as Logger from "effect/Logger"
 *
 * const lines: Array<string> = []
 * const logger = Logger.map(LambdaLogger.formatText, (line) => void lines.push(line))
 * const program = Effect.log("placed", { items: 2 }).pipe(
 *   Effect.annotateLogs({ requestId: "8476a536", orderId: "o-1" }),
 *   Effect.provide(Logger.layer([logger]))
 * )
 *
 * Effect.runSync(program)
 * lines[0]?.split("\t").slice(1) // => ["8476a536", "INFO", "placed {\"items\":2}", "orderId=o-1"]
 * ```
 *
 * @category formatting
 * @since 0.1.0
 */
export const formatText: Logger.Logger<unknown, string> = Logger.make((options) =>
  output.oneLine(textRecord.fromEffect(options))
)

/**
 * Formats a record as a line of JSON, with the field names of Lambda's official runtime for Node.
 *
 * **When to use**
 *
 * In a logger of your own that writes somewhere else. {@link layerJson} logs with it.
 *
 * **Details**
 *
 * The fields are `timestamp` in ISO 8601, `level`, `requestId` (`-` outside an invocation), `tenantId` and `traceId`
 * where there are any, `message`, and where they have something in them `annotations` and `spans`, in milliseconds. One
 * value is the `message` as it is, several are an array. The ids are those of the invocation: what a program annotates
 * under the same names is among the annotations.
 *
 * A cause gives `errorType` and `errorMessage` as Lambda is told them, `stackTrace`, and `cause` with every reason when
 * that was not all: several reasons, a defect, an interruption, an error with fields or a cause of its own.
 *
 * Every value has a form: errors have `errorType`, `errorMessage`, `stackTrace` and their fields, or those that their
 * `toJSON` gives, `Map`s with text keys are objects, `Set`s arrays, a `bigint` is text, bytes are base64, a cycle is `[Circular]`, and what throws when it is
 * read `[Unreadable]`. A `Redacted` stays redacted.
 *
 * **Example** (A failure)
 *
 * ```ts
 * import * as LambdaLogger from "effect-lambda-runtime/LambdaLogger"
 * import * as Cause from "effect/Cause"
 * import * as Effect from "effect/Effect"
 * import * as Logger from "effect/Logger"
 *
 * const lines: Array<string> = []
 * const logger = Logger.map(LambdaLogger.formatJson, (line) => void lines.push(line))
 * const program = Effect.logError("not placed", Cause.fail(new RangeError("out of stock"))).pipe(
 *   Effect.provide(Logger.layer([logger]))
 * )
 *
 * Effect.runSync(program)
 * const { errorMessage, errorType, level, message } = JSON.parse(lines[0] ?? "")
 * ;[level, message, errorType, errorMessage] // => ["ERROR", "not placed", "RangeError", "out of stock"]
 * ```
 *
 * @category formatting
 * @since 0.1.0
 */
export const formatJson: Logger.Logger<unknown, string> = Logger.make(jsonRecord.fromEffect)

/**
 * Writes what another logger makes into the log of the function, a line for each record.
 *
 * **When to use**
 *
 * For a format of your own, with `Logger.layer`. Loggers that print through `console`, as `Logger.consoleJson` does, are
 * formatted twice where {@link PatchConsole} is on.
 *
 * **Example** (The format of Effect)
 *
 * ```ts
 * import * as LambdaLogger from "effect-lambda-runtime/LambdaLogger"
 * import * as Logger from "effect/Logger"
 *
 * const layer = Logger.layer([LambdaLogger.withOutput(Logger.formatLogFmt)])
 * ```
 *
 * @category formatting
 * @since 0.1.0
 */
export const withOutput = <Message>(self: Logger.Logger<Message, string>): Logger.Logger<Message, void> =>
  Logger.make((options) => {
    const record = self.log(options)
    const { write } = options.fiber.getRef(output.CurrentOutput)
    const level = levels[options.logLevel]
    // In JSON a line feed is between its parts, and a carriage return as good.
    if (record.startsWith("{")) write(output.oneLine(record), "JSON", level, options.date)
    else write(record, "Text", level, options.date)
  })

/**
 * Whether `console.log` and its like write into the log of the function too, in its format and with the ids of the
 * invocation that calls them. On unless set otherwise, where the log is text or JSON.
 *
 * **Details**
 *
 * `console.trace`, `debug`, `info`, `log`, `warn` and `error` have the levels that they are named after, `log` that of
 * `info`; those below the minimum print nothing. `console.fatal` is there too, as in Lambda's official runtime. When the
 * layer closes, the console is as it was.
 *
 * **Example** (A console left alone)
 *
 * ```ts
 * import * as LambdaLogger from "effect-lambda-runtime/LambdaLogger"
 * import * as Layer from "effect/Layer"
 *
 * // NodeLambda.runMain(program, { logger })
 * const logger = LambdaLogger.layer.pipe(Layer.provide(Layer.succeed(LambdaLogger.PatchConsole, false)))
 * ```
 *
 * @category references
 * @since 0.1.0
 */
export const PatchConsole: Context.Reference<boolean> = Context.Reference(
  "effect-lambda-runtime/LambdaLogger/PatchConsole",
  {
    defaultValue: () => true
  }
)

const layerOf = (format: output.Format): Layer.Layer<never> =>
  Layer.effectContext(Effect.flatMap(PatchConsole, (patchesConsole) => loggers.make(format, patchesConsole)))

/**
 * Logs lines of text, as {@link formatText} makes them.
 *
 * **Details**
 *
 * `LOG_LEVEL` sets the minimum level, or else `AWS_LAMBDA_LOG_LEVEL`: `TRACE`, `DEBUG`, `INFO`, `NOTICE`, `WARN`,
 * `WARNING`, `ERROR`, `FATAL` or `CRITICAL`. With neither it is that of the program, and the console prints everything.
 * At `TRACE` every event is logged before it is decoded.
 *
 * Where Lambda gives a descriptor for its log, in `_LAMBDA_TELEMETRY_LOG_FD`, records go there, and keep their line
 * breaks.
 *
 * **Example** (Text wherever it runs)
 *
 * ```ts
 * import * as LambdaLogger from "effect-lambda-runtime/LambdaLogger"
 *
 * // NodeLambda.runMain(program, { logger })
 * const logger = LambdaLogger.layerText
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layerText: Layer.Layer<never> = layerOf("Text")

/**
 * Logs lines of JSON, as {@link formatJson} makes them.
 *
 * **Details**
 *
 * As {@link layerText}, but `AWS_LAMBDA_LOG_LEVEL` comes before `LOG_LEVEL`: Lambda filters records of JSON by it too.
 *
 * **Example** (JSON wherever it runs)
 *
 * ```ts
 * import * as LambdaLogger from "effect-lambda-runtime/LambdaLogger"
 *
 * // NodeLambda.runMain(program, { logger })
 * const logger = LambdaLogger.layerJson
 * ```
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
 * @category layers
 * @since 0.1.0
 */
export const layerJson: Layer.Layer<never> = layerOf("JSON")

/**
 * Logs as the environment says, and as Lambda wants it.
 *
 * **When to use**
 *
 * In a main program of your own, around everything. `NodeLambda.runMain` does so.
 *
 * **Details**
 *
 * `AWS_LAMBDA_LOG_FORMAT` chooses between {@link layerText} and {@link layerJson}; Managed Instances take JSON only.
 * Without it the log is text on Lambda, and elsewhere the loggers are left as they are, with the minimum level of
 * `LOG_LEVEL`.
 *
 * Loggers that the program provides to its handler with `Logger.layer` take the place of this one; with
 * `mergeWithExisting` they come beside it.
 *
 * **Example** (As on Lambda)
 *
 * ```ts
 * import * as LambdaLogger from "effect-lambda-runtime/LambdaLogger"
 * import * as ConfigProvider from "effect/ConfigProvider"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 * import * as References from "effect/References"
 *
 * const environment = ConfigProvider.fromEnvRecord({ AWS_LAMBDA_LOG_FORMAT: "JSON", AWS_LAMBDA_LOG_LEVEL: "warn" })
 * const layer = LambdaLogger.layer.pipe(Layer.provide(ConfigProvider.layer(environment)))
 *
 * Effect.runSync(Effect.provide(References.MinimumLogLevel, layer)) // => "Warn"
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<never> = Layer.unwrap(
  Effect.map(environment.format, (format) => {
    switch (format) {
      case "JSON":
        return layerJson
      case "Text":
        return layerText
      case undefined:
        return layerMinimumLevel
    }
  })
)

const layerMinimumLevel = Layer.effectContext(
  Effect.flatMap(environment.threshold("Text"), (threshold) => loggers.withMinimumLevel(threshold, Context.empty()))
)

/**
 * Logs for a person at a terminal, with colors and indented values, and with the minimum level of `LOG_LEVEL`.
 *
 * **When to use**
 *
 * In a main program of your own that runs on a laptop. `NodeLambda.runMain` logs so where there is no Lambda, and no
 * `AWS_LAMBDA_LOG_FORMAT` asks for anything else.
 *
 * **Example** (Without colors)
 *
 * ```ts
 * import * as LambdaLogger from "effect-lambda-runtime/LambdaLogger"
 *
 * const layer = LambdaLogger.layerPretty({ colors: false })
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layerPretty = (
  options?: {
    /** Default: `auto`, with colors where standard output is a terminal. */
    readonly colors?: "auto" | boolean | undefined
  } | undefined
): Layer.Layer<never> =>
  Layer.merge(Logger.layer([Logger.consolePretty({ ...options, mode: "tty" }), Logger.tracerLogger]), layerMinimumLevel)
