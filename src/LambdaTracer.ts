/**
 * Spans of what a function does: one for every invocation, as part of the trace of its caller, with spans of its parts,
 * and at a cold start of the start of the process.
 *
 * Where the spans go is up to the tracer of the program: the exporters of `effect/observability`, or one of your own.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/faas/
 * @since 0.1.0
 */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type * as Tracer from "effect/Tracer"
import * as attributes from "./internal/tracer/attributes.ts"
import * as propagation from "./internal/tracer/propagation.ts"
import * as spans from "./internal/tracer/spans.ts"
import { CurrentTracing } from "./internal/tracing.ts"
import { LambdaEnvironment } from "./LambdaEnvironment.ts"

/**
 * What the caller of a function says about the trace that the invocation is part of.
 *
 * - `invocation`: the invocation, with its raw X-Ray header in `traceId`.
 * - `xRay`: the span that the X-Ray header names, see {@link fromXRayHeader}.
 * - `w3c`: the span in the `traceparent` of the event's `headers` or `multiValueHeaders`, in upper or lower case, or in
 *   `w3c` or `custom` of the client context. Of an unknown version there is none.
 *
 * @category models
 * @since 0.1.0
 */
export interface Incoming extends spans.Incoming {}

/**
 * Where the span of an invocation belongs: to a parent, or to a trace of its own where there is none. Links are to further
 * spans that it has to do with.
 *
 * @category models
 * @since 0.1.0
 */
export interface Origin extends spans.Origin {}

/**
 * Settings of {@link layerOptions}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** Decides what the span of an invocation belongs to. Default: {@link originOf}. */
  readonly originOf?: ((incoming: Incoming) => Origin) | undefined
}

/**
 * The span that an X-Ray header names, with the ids of OpenTelemetry: 32 and 16 hexadecimal digits. None where the header
 * is malformed or names no parent. It is sampled where the header says `Sampled=1`.
 *
 * **When to use**
 *
 * For X-Ray headers that come on other ways than that of Lambda, as `AWSTraceHeader` of an SQS record for example.
 *
 * **Example** (The header of an invocation)
 *
 * ```ts
 * import * as LambdaTracer from "effect-lambda-runtime/LambdaTracer"
 * import * as Option from "effect/Option"
 *
 * const span = LambdaTracer.fromXRayHeader("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1")
 * Option.map(span, ({ traceId }) => traceId) // => Option.some("5759e988bd862e3fe1be46a994272793")
 * ```
 *
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 * @category constructors
 * @since 0.1.0
 */
export const fromXRayHeader = (header: string): Option.Option<Tracer.ExternalSpan> =>
  Option.flatMap(propagation.parseXRayHeader(header), ({ parent }) => parent)

/**
 * What the span of an invocation belongs to, unless {@link Options} say otherwise.
 *
 * **Details**
 *
 * | X-Ray header | W3C `traceparent` | parent | link |
 * | --- | --- | --- | --- |
 * | `Sampled=1` | | X-Ray | |
 * | `Sampled=1` | yes | X-Ray | W3C |
 * | anything else | yes | W3C | |
 * | anything else | | none: a trace of its own | |
 *
 * Lambda sends `Sampled=0` to every function whose active tracing is off. As a parent it would keep all spans from being
 * sent.
 *
 * **Example** (Without X-Ray)
 *
 * ```ts
 * import * as Invocation from "effect-lambda-runtime/Invocation"
 * import * as LambdaTracer from "effect-lambda-runtime/LambdaTracer"
 * import * as Option from "effect/Option"
 * import * as Tracer from "effect/Tracer"
 *
 * const w3c = Option.some(Tracer.externalSpan({ traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" }))
 * const invocation = Invocation.make({ requestId: "1", payload: new Uint8Array() })
 *
 * LambdaTracer.originOf({ invocation, xRay: Option.none(), w3c }).parent === w3c // => true
 * ```
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
 * @category propagation
 * @since 0.1.0
 */
export const originOf = ({ w3c, xRay }: Incoming): Origin =>
  Option.isSome(xRay) && xRay.value.sampled
    ? { parent: xRay, links: Option.toArray(Option.map(w3c, (span) => ({ span, attributes: {} }))) }
    : { parent: w3c, links: [] }

/**
 * {@link layer} with settings.
 *
 * **Example** (A trace of its own for every invocation, linked to that of its caller)
 *
 * ```ts
 * import * as LambdaTracer from "effect-lambda-runtime/LambdaTracer"
 * import * as Option from "effect/Option"
 *
 * const layer = LambdaTracer.layerOptions({
 *   originOf: ({ w3c, xRay }) => ({
 *     parent: Option.none(),
 *     links: [...Option.toArray(xRay), ...Option.toArray(w3c)].map((span) => ({ span, attributes: {} }))
 *   })
 * })
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layerOptions = (options: Options): Layer.Layer<never, never, LambdaEnvironment> =>
  Layer.effect(
    CurrentTracing,
    Effect.map(LambdaEnvironment, (environment) => spans.make(environment, options.originOf ?? originOf))
  )

/**
 * Makes spans of every invocation, for the tracer of the program.
 *
 * **When to use**
 *
 * Provide it to `Lambda.serve`, next to the layer of a tracer. Without a tracer it does nothing; without this layer, there
 * are the spans that the handler itself makes, each in a trace of its own.
 *
 * **Details**
 *
 * | span | |
 * | --- | --- |
 * | the function's name | everything, of kind `server`, from the event's arrival until the scope of the invocation is closed |
 * | `init`, `layer build` | at a cold start: from the start of the process until all layers are built, and these alone |
 * | `decode`, `handler`, `encode` | of a handler that is made with `Handler`; only those parts that it has |
 * | `respond` | the answer, to the end of its stream, or the report of a failure |
 * | `background` | what `Invocation.background` has put off |
 *
 * The span of the invocation has the attributes `faas.invocation_id`, `faas.coldstart`, `faas.trigger` (by the shape of
 * the event), `faas.max_memory` (bytes), `aws.lambda.invoked_arn`, `cloud.resource_id`, `cloud.account.id`, and
 * `aws.xray.trace_id` where there is one. A failure is the status of the spans in which it happened, also where Lambda was
 * told about it and the loop goes on. {@link originOf} says which trace they are part of.
 *
 * The exporters of `effect/observability` send the spans of an invocation before the next event is asked for.
 *
 * **Gotchas**
 *
 * Background work and finalizers keep the span that has registered them as their parent, which is over by then: what they
 * log is in no span unless they have one of their own.
 *
 * **Example** (Spans for an OpenTelemetry collector)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Lambda from "effect-lambda-runtime/Lambda"
 * import * as LambdaTracer from "effect-lambda-runtime/LambdaTracer"
 * import * as Effect from "effect/Effect"
 * import * as FetchHttpClient from "effect/http/FetchHttpClient"
 * import * as Layer from "effect/Layer"
 * import * as OtlpSerialization from "effect/observability/OtlpSerialization"
 * import * as OtlpTracer from "effect/observability/OtlpTracer"
 * import * as Schema from "effect/Schema"
 *
 * const exporter = Layer.unwrap(
 *   Effect.map(LambdaTracer.resource, (resource) => OtlpTracer.layer({ url: "http://localhost:4318/v1/traces", resource }))
 * ).pipe(Layer.provide([OtlpSerialization.layerJson, FetchHttpClient.layer]))
 *
 * const hello = Handler.make({ event: Schema.String, result: Schema.String }, (name) =>
 *   Effect.succeed(`Hello ${name}`).pipe(Effect.withSpan("greet")))
 *
 * const program = Lambda.serve(hello).pipe(Layer.provide([LambdaTracer.layer, exporter]))
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<never, never, LambdaEnvironment> = layerOptions({})

/**
 * What the exporters of `effect/observability` take as their `resource`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Resource {
  readonly serviceName: string
  readonly attributes: Record<string, unknown>
}

/** As `OtlpResource` of Effect reads them. */
const resourceAttributes = Config.Record(
  Schema.StringFromUriComponent,
  Schema.StringFromUriComponent,
  "OTEL_RESOURCE_ATTRIBUTES",
  { trim: true, keepEmptyValues: true }
).pipe(Config.withDefault<Readonly<Record<string, string>>>({}))

/**
 * The function as the resource that spans, metrics and logs are of.
 *
 * **When to use**
 *
 * For the option `resource` of the exporters of `effect/observability`.
 *
 * **Details**
 *
 * The attributes are `faas.name`, `faas.version`, `faas.instance` (the log stream), `faas.max_memory` (bytes),
 * `cloud.provider`, `cloud.platform`, `cloud.region`, `aws.log.group.names` and `aws.log.stream.names`, as far as they are
 * known. The service has the name in `OTEL_SERVICE_NAME`, else that in `OTEL_RESOURCE_ATTRIBUTES`, else that of the
 * function; other attributes of `OTEL_RESOURCE_ATTRIBUTES` come first too.
 *
 * Fails with a `ConfigError` when `OTEL_RESOURCE_ATTRIBUTES` is malformed.
 *
 * **Example** (The name of the service)
 *
 * ```ts
 * import * as LambdaEnvironment from "effect-lambda-runtime/LambdaEnvironment"
 * import * as LambdaTracer from "effect-lambda-runtime/LambdaTracer"
 * import * as Effect from "effect/Effect"
 *
 * const resource = Effect.runSync(Effect.provide(LambdaTracer.resource, LambdaEnvironment.layer))
 * resource.serviceName // => "function"
 * resource.attributes["cloud.platform"] // => "aws_lambda"
 * ```
 *
 * @see https://opentelemetry.io/docs/specs/semconv/resource/faas/
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 * @category accessors
 * @since 0.1.0
 */
export const resource: Effect.Effect<Resource, Config.ConfigError, LambdaEnvironment> = Effect.gen(function*() {
  const environment = yield* LambdaEnvironment
  const serviceName = yield* Config.option(Config.String("OTEL_SERVICE_NAME"))
  const configured: Readonly<Record<string, string>> = yield* resourceAttributes
  return {
    serviceName: Option.getOrUndefined(serviceName) ?? configured["service.name"] ?? environment.functionName,
    attributes: { ...attributes.ofResource(environment), ...configured }
  }
})
