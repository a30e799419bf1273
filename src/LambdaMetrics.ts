/**
 * Effect's metrics in CloudWatch: after each invocation, what has changed is written to standard output in CloudWatch's
 * embedded metric format, from which CloudWatch makes metrics. No call to CloudWatch is made, and none is waited for.
 *
 * Every `Metric` of the program is sent: counters and frequencies as what was added since the last time, gauges as they
 * are, histograms and summaries as the values that were observed. {@link measure} adds what is to be known of every
 * function.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import type { Flusher } from "effect/observability/OtlpExporter"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import process from "node:process"
import * as Flush from "./Flush.ts"
import type { Handler } from "./Handler.ts"
import * as logEnvironment from "./internal/logger/environment.ts"
import * as BuiltIn from "./internal/metrics/builtIn.ts"
import * as Changes from "./internal/metrics/changes.ts"
import * as CloudWatch from "./internal/metrics/cloudWatch.ts"
import * as EmbeddedMetricFormat from "./internal/metrics/embeddedMetricFormat.ts"
import { Output } from "./internal/metrics/output.ts"
import * as Publisher from "./internal/metrics/publisher.ts"
import * as ReadableLines from "./internal/metrics/readableLines.ts"
import { LambdaEnvironment } from "./LambdaEnvironment.ts"

/**
 * CloudWatch does not take this namespace.
 *
 * @category errors
 * @since 0.1.0
 */
export class InvalidNamespace
  extends Schema.TaggedError<InvalidNamespace>("effect-lambda-runtime/LambdaMetrics/InvalidNamespace")(
    "InvalidNamespace",
    { namespace: Schema.String, problem: Schema.String }
  )
{
  override get message(): string {
    return `CloudWatch does not take the namespace ${JSON.stringify(this.namespace)}: ${this.problem}`
  }
}

/**
 * How metrics are written: `emf` is CloudWatch's embedded metric format, `text` one line to be read by a person, and
 * `none` nothing.
 *
 * @category models
 * @since 0.1.0
 */
export type Format = "emf" | "text" | "none"

/**
 * Settings of {@link layer}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** Under which CloudWatch shows the metrics, the name of the application for example. */
  readonly namespace: string
  /** The dimension `service` of all metrics, as with Powertools for AWS Lambda. Default: there is none. */
  readonly service?: string | undefined
  /** Further dimensions of all metrics. Default: none. */
  readonly dimensions?: Readonly<Record<string, string>> | undefined
  /** Names of the metrics that CloudWatch stores for every second instead of every minute. Default: none. */
  readonly highResolution?: ReadonlyArray<string> | undefined
  /** Which metrics are sent. Default: all but those of `Metric.enableRuntimeMetrics`, which count Effect's own fibers. */
  readonly include?: ((metric: Metric.Metric.Metadata<never, unknown>) => boolean) | undefined
  /** Default: `emf` on Lambda, `text` at a terminal, `none` anywhere else. */
  readonly format?: Format | undefined
}

/**
 * Sends the metrics of a function to CloudWatch.
 *
 * **Example** (None at all, in a test of what measures)
 *
 * ```ts
 * import * as LambdaMetrics from "effect-lambda-runtime/LambdaMetrics"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 *
 * const layer = Layer.succeed(LambdaMetrics.LambdaMetrics, { flush: Effect.void, measure: (handler) => handler })
 * ```
 *
 * @category services
 * @since 0.1.0
 */
export class LambdaMetrics extends Context.Service<LambdaMetrics, {
  /** See {@link flush}. */
  readonly flush: Effect.Effect<void>
  /** See {@link measure}. */
  readonly measure: <E, R>(handler: Handler<E, R>) => Handler<E, R | Scope.Scope>
}>()("effect-lambda-runtime/LambdaMetrics") {}

/**
 * Writes what has changed since the last time; nothing when nothing has.
 *
 * **When to use**
 *
 * Seldom: it is done after each invocation, and at the end of the process, also when `process.exit` ends it.
 *
 * **Details**
 *
 * Each change is written once, however many invocations run at the same time, and before the effect ends. An output that
 * is gone does not fail it.
 *
 * **Example** (In the middle of a long invocation)
 *
 * ```ts
 * import * as LambdaMetrics from "effect-lambda-runtime/LambdaMetrics"
 * import * as Effect from "effect/Effect"
 *
 * const batches = Effect.forEach([1, 2, 3], () => LambdaMetrics.flush)
 * ```
 *
 * @category running
 * @since 0.1.0
 */
export const flush: Effect.Effect<void, never, LambdaMetrics> = LambdaMetrics.use(({ flush }) => flush)

/**
 * Measures the invocations of a handler.
 *
 * | metric | unit | |
 * | --- | --- | --- |
 * | `ColdStart` | Count | 1 for the first invocation of a process that started for it |
 * | `Duration` | Milliseconds | until the handler has answered, or its stream has ended |
 * | `Errors` | Count | 1 when the invocation failed, 0 when not, so that its average is the error rate |
 * | `Concurrency` | Count | how many invocations the process was serving, this one included |
 *
 * All have the dimension `FunctionName`, besides those of all metrics.
 *
 * **When to use**
 *
 * Around everything else that a handler is made of, right in `Lambda.serve`, so that nothing is missed.
 *
 * **Details**
 *
 * A failure, a defect and an interruption are errors, and so are a stream that fails half-way and an answer that is
 * larger than Lambda takes. Failures that the handler turns into an answer are not.
 *
 * There is no cold start where Lambda starts processes in advance: with provisioned concurrency, SnapStart, and on
 * Managed Instances.
 *
 * **Example** (A measured handler)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Lambda from "effect-lambda-runtime/Lambda"
 * import * as LambdaMetrics from "effect-lambda-runtime/LambdaMetrics"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 * import * as Schema from "effect/Schema"
 *
 * const hello = Handler.make({ event: Schema.String, result: Schema.String }, (name) => Effect.succeed(`Hello ${name}`))
 *
 * const program = Lambda.serve(LambdaMetrics.measure(hello)).pipe(
 *   Layer.provide(LambdaMetrics.layer({ namespace: "MyShop", service: "greetings" }))
 * )
 * ```
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 * @category combinators
 * @since 0.1.0
 */
export const measure = <E, R>(handler: Handler<E, R>): Handler<E, R | LambdaMetrics | Scope.Scope> =>
  LambdaMetrics.use(({ measure }) => measure(handler))

const fiberRuntimeMetric = /^child_fibers?_(active|started|successes|failures)$/

const make = Effect.fnUntraced(function*(options: Options) {
  const problem = CloudWatch.namespaceProblem(options.namespace)
  if (problem !== undefined) return yield* new InvalidNamespace({ namespace: options.namespace, problem })

  const environment = yield* LambdaEnvironment
  const output = yield* Output
  const registry = yield* Metric.MetricRegistry
  const context = yield* Effect.context<never>()
  const { functionName, initializationType, runtimeApi } = environment

  const level = yield* liftedLevel
  const warnings = Publisher.makeWarnings()
  const reserved = EmbeddedMetricFormat.reservedMembers(level)
  const service = options.service === undefined ? {} : { service: options.service }
  const settings = {
    dimensions: CloudWatch.dimensions(
      "all metrics",
      Object.entries({ ...service, ...options.dimensions }),
      reserved,
      warnings.warn
    ),
    highResolution: new Set(options.highResolution),
    reserved,
    warn: warnings.warn
  }
  const isOnDemand = Option.getOrElse(initializationType, () => "on-demand") === "on-demand"
  const builtIn = BuiltIn.make(settings, functionName, isOnDemand)
  const include = options.include ?? (({ id }) => !fiberRuntimeMetric.test(id))
  const registered = Changes.make(context, registry, { settings, include })

  const { namespace } = options
  const renderers: Readonly<Record<Format, Publisher.Options["render"]>> = {
    emf: (timestamp, changes) => EmbeddedMetricFormat.render({ namespace, timestamp, level }, changes),
    text: (_, changes) => ReadableLines.render(namespace, changes),
    none: () => []
  }
  const format = options.format ?? (Option.isSome(runtimeApi) ? "emf" : output.isTerminal ? "text" : "none")
  const publish = Publisher.publish({
    take: () => [...builtIn.take(), ...registered.take()],
    render: renderers[format],
    write: output.write,
    warnings
  })

  yield* Effect.addFinalizer(() => publish)
  // Nothing else can run any more when a handler or a library ends the process.
  const publishAtExit = () => void Effect.runForkWith(context)(publish)
  yield* Effect.acquireRelease(
    Effect.sync(() => process.once("exit", publishAtExit)),
    () => Effect.sync(() => process.off("exit", publishAtExit))
  )
  return LambdaMetrics.of({ flush: publish, measure: measureWith(builtIn) })
})

/**
 * Lambda's filter takes a line without a level for INFO. Only what says of itself that it is as important as the filter
 * asks for is kept.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
 */
const liftedLevel = Effect.gen(function*() {
  if ((yield* logEnvironment.format) !== "JSON") return undefined
  const level = Option.getOrElse(yield* Effect.option(Config.String("AWS_LAMBDA_LOG_LEVEL")), () => "").toUpperCase()
  return ["WARN", "ERROR", "FATAL"].includes(level) ? level : undefined
})

/**
 * The scope of the invocation sees what the handler does not: whether the stream and the answer that it gave have
 * arrived. Background work is not part of the duration, though it is part of the scope.
 */
const measureWith = ({ begin, end }: BuiltIn.BuiltIn) => <E, R>(handler: Handler<E, R>): Handler<E, R | Scope.Scope> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.contextWith((context: Context.Context<Scope.Scope>) => {
      const clock = Context.get(context, Clock.Clock)
      const start = clock.currentTimeNanosUnsafe()
      let stop: bigint | undefined
      const stopNow = () => {
        stop ??= clock.currentTimeNanosUnsafe()
      }
      const record = (exit: Exit.Exit<unknown, unknown>) =>
        Effect.sync(() => {
          stopNow()
          end(Number((stop ?? start) - start) / 1_000_000, Exit.isFailure(exit))
        })
      begin()
      return Effect.andThen(
        Scope.addFinalizerExit(Context.get(context, Scope.Scope), record),
        Effect.map(
          Effect.onExit(restore(handler), (exit) => {
            if (Exit.isFailure(exit) || exit.value._tag === "Buffered") stopNow()
            return Effect.void
          }),
          (response) =>
            response._tag === "Buffered"
              ? response
              : { ...response, body: Stream.ensuring(response.body, Effect.sync(stopNow)) }
        )
      )
    })
  )

/**
 * Sends the metrics of a function to CloudWatch after each of its invocations, after the response and before the next
 * event is asked for.
 *
 * **When to use**
 *
 * Provide it to `Lambda.serve`, and to the layers whose metrics are to be sent too.
 *
 * **Details**
 *
 * | metric | sent |
 * | --- | --- |
 * | counter | what was added since the last time, in Count |
 * | gauge | its value, together with whatever else there is to send |
 * | histogram, timer | the observed values, each as exactly as its bucket tells; count, sum and average are exact |
 * | frequency | what was added to each word, as the dimension `key`, in Count |
 * | summary | the average as often as there were values, and each quantile, as the dimension `quantile` |
 *
 * Attributes are dimensions. The attribute `unit`, or `time_unit`, is none but the unit, when CloudWatch knows it: its own
 * names (`Milliseconds`, `Bytes`, `Percent`), or `ms`, `s`, `By` and the like.
 *
 * Every combination of values of dimensions is a metric of its own that CloudWatch charges for. An id is no dimension.
 *
 * What CloudWatch would refuse is changed as little as need be, and a warning is logged, once for each metric: more than
 * 30 dimensions, characters that are not ASCII, blank values, names that are too long. A line has up to 100 metrics and
 * 256 KB; there are more lines where there is more to say, and none where there is nothing.
 *
 * The metrics are those of the `Metric.MetricRegistry` that the layer is built with. Fails with `InvalidNamespace` when
 * CloudWatch does not take the namespace.
 *
 * **Gotchas**
 *
 * In the log format JSON, Lambda drops lines below the application log level. Lines of metrics are given that level where
 * it is above INFO, because they would be lost otherwise.
 *
 * **Example** (A counter with a unit and a dimension)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Lambda from "effect-lambda-runtime/Lambda"
 * import * as LambdaMetrics from "effect-lambda-runtime/LambdaMetrics"
 * import * as Layer from "effect/Layer"
 * import * as Metric from "effect/Metric"
 * import * as Schema from "effect/Schema"
 *
 * const uploaded = Metric.counter("Uploaded", { attributes: { unit: "Bytes", bucket: "photos" } })
 *
 * const upload = Handler.make({ event: Schema.String }, (photo) => Metric.update(uploaded, photo.length))
 *
 * const program = Lambda.serve(LambdaMetrics.measure(upload)).pipe(
 *   Layer.provide(LambdaMetrics.layer({ namespace: "MyShop", service: "photos" }))
 * )
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options: Options): Layer.Layer<LambdaMetrics | Flusher, InvalidNamespace, LambdaEnvironment> =>
  Layer.provideMerge(Flush.layer(flush), Layer.effect(LambdaMetrics, make(options)))
