/**
 * A function: an Effect that answers the current {@link Invocation.Invocation}.
 *
 * Because a handler is an Effect, every combinator is its middleware: `Effect.catchTag`, `Effect.timeout`,
 * `Effect.withSpan`, `Effect.provideService`. What it needs and how it fails stays visible in its type.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"
import type * as Stream from "effect/Stream"
import { EventError } from "./EventError.ts"
import { type Attempt, CurrentAttempt } from "./internal/attempt.ts"
import * as eventDecoder from "./internal/eventDecoder.ts"
import { refusedByAll } from "./internal/refusedByAll.ts"
import { CurrentTracing, type Tracing } from "./internal/tracing.ts"
import { Invocation } from "./Invocation.ts"
import * as LambdaResponse from "./LambdaResponse.ts"

/**
 * A function that answers an invocation, fails with `E` and needs `R`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Handler<out E = never, out R = never>
  extends Effect.Effect<LambdaResponse.LambdaResponse<E, R>, E, R>
{}

/**
 * A function from a decoded event to a result, both described by schemas.
 *
 * **When to use**
 *
 * For nearly everything. Without a `result` schema the function answers `null`.
 *
 * **Details**
 *
 * The schemas are taken to their JSON form with `Schema.toCodecJson`, so dates, options, classes and byte
 * arrays work on both sides. Fails with an `EventError` when the event is no JSON or of another shape, before
 * `f` is called, and with a `SchemaError` when the result does not fit its schema.
 *
 * **Example** (A greeting)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const hello = Handler.make({
 *   event: Schema.Struct({ name: Schema.String }),
 *   result: Schema.Struct({ greeting: Schema.String })
 * }, ({ name }) => Effect.succeed({ greeting: `Hello ${name}` }))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make: {
  <Event extends Schema.Constraint, Result extends Schema.Constraint, E, R>(
    options: { readonly event: Event; readonly result: Result },
    f: (event: Event["Type"]) => Effect.Effect<Result["Type"], E, R>
  ): Handler<
    E | EventError | Schema.SchemaError,
    R | Invocation | Event["DecodingServices"] | Result["EncodingServices"]
  >
  <Event extends Schema.Constraint, E, R>(
    options: { readonly event: Event; readonly result?: undefined },
    f: (event: Event["Type"]) => Effect.Effect<void, E, R>
  ): Handler<E | EventError, R | Invocation | Event["DecodingServices"]>
  // The first again: of a call that fits none, the compiler says what the last does not take. So it names the place in the
  // result, and not the schema. It has to be the first as well, or `"Allow"` in a result would be any text.
  <Event extends Schema.Constraint, Result extends Schema.Constraint, E, R>(
    options: { readonly event: Event; readonly result: Result },
    f: (event: Event["Type"]) => Effect.Effect<Result["Type"], E, R>
  ): Handler<
    E | EventError | Schema.SchemaError,
    R | Invocation | Event["DecodingServices"] | Result["EncodingServices"]
  >
} = <E, R>(
  options: { readonly event: Schema.Constraint; readonly result?: Schema.Constraint | undefined },
  f: (event: unknown) => Effect.Effect<unknown, E, R>
): Handler<E | EventError | Schema.SchemaError, R | Invocation | unknown> => {
  const decode = eventDecoder.fromPayload(options.event)
  const respond = options.result === undefined ? respondNull : resultEncoder(options.result)
  return withPayload((payload, part, attempt) =>
    Effect.flatMapEager(
      part("decode", () => decode(payload, attempt)),
      (event) => Effect.flatMapEager(part("handler", () => f(event)), (result) => part("encode", () => respond(result)))
    )
  )
}

/**
 * A function from the bytes of an event to any response, without a schema.
 *
 * **When to use**
 *
 * For payloads that are no JSON, for answers whose kind is decided at run time, or to leave schemas out of
 * the bundle.
 *
 * **Example** (An echo)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as LambdaResponse from "effect-lambda-runtime/LambdaResponse"
 * import * as Effect from "effect/Effect"
 *
 * const echo = Handler.raw((payload) => Effect.succeed(LambdaResponse.bytes(payload)))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const raw = <E, R, E2 = never, R2 = never>(
  f: (payload: Uint8Array) => Effect.Effect<LambdaResponse.LambdaResponse<E2, R2>, E, R>
): Handler<E | E2, R | R2 | Invocation> =>
  withPayload((payload, part, attempt) => {
    attempt?.accept()
    return part("handler", () => f(payload))
  })

/**
 * A function from a decoded event to a stream, sent while it is made.
 *
 * **When to use**
 *
 * For answers over 6 MB, and for callers that read as they go. Use {@link raw} with `LambdaResponse.http` to
 * set a status and headers as well.
 *
 * **Example** (Counting)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Schema from "effect/Schema"
 * import * as Stream from "effect/Stream"
 *
 * const count = Handler.stream({ event: Schema.Struct({ to: Schema.Int }), contentType: "text/plain" }, ({ to }) =>
 *   Stream.map(Stream.range(1, to), (n) => `${n}\n`))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const stream = <Event extends Schema.Constraint, E, R>(
  options: { readonly event: Event; readonly contentType?: string | undefined },
  f: (event: Event["Type"]) => Stream.Stream<Uint8Array | string, E, R>
): Handler<E | EventError, R | Invocation | Event["DecodingServices"]> => {
  const decode = eventDecoder.fromPayload(options.event)
  return withPayload((payload, part, attempt) =>
    Effect.map(part("decode", () => decode(payload, attempt)), (event) => LambdaResponse.stream(f(event), options))
  )
}

/**
 * Several handlers as one: the first whose event decodes serves it.
 *
 * **When to use**
 *
 * For one function behind several sources of events: an HTTP API, a load balancer and a queue.
 *
 * **Details**
 *
 * The next handler is tried when decoding has refused the event, and never once a function of a handler has begun: its
 * failure is the failure of all. A handler that catches the `EventError` of its own decoding ends the search as well.
 * {@link raw} takes every event, and so does a handler whose schema does: let it be the last.
 *
 * Fails as the handlers do, and with one `EventError` when none takes the event: it says what each of them expected.
 *
 * **Gotchas**
 *
 * Schemas that let much through come last, too: an event of a function URL is one of an HTTP API as well, and what a
 * Lambda authorizer is asked is an event of the API that asks.
 *
 * **Example** (A queue, an HTTP API, and whatever else)
 *
 * ```ts
 * import * as Batch from "effect-lambda-runtime/Batch"
 * import * as ApiGatewayV2 from "effect-lambda-runtime/events/ApiGatewayV2"
 * import * as Sqs from "effect-lambda-runtime/events/Sqs"
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Lambda from "effect-lambda-runtime/Lambda"
 * import * as LambdaResponse from "effect-lambda-runtime/LambdaResponse"
 * import * as LambdaTest from "effect-lambda-runtime/LambdaTest"
 * import * as Effect from "effect/Effect"
 *
 * const queue = Batch.sqs({ record: Sqs.Record }, ({ body }) => Effect.log("from the queue", body))
 *
 * const api = Handler.make({ event: ApiGatewayV2.Event, result: ApiGatewayV2.Result }, ({ rawPath }) =>
 *   Effect.succeed({ statusCode: 200, body: `you asked for ${rawPath}` }))
 *
 * const others = Handler.raw((payload) => Effect.succeed(LambdaResponse.text(`${payload.length} bytes`)))
 *
 * const answers = LambdaTest.LambdaTest.use(({ invoke }) =>
 *   Effect.forEach([Sqs.sample("hello"), ApiGatewayV2.sample(), "?"], (event) => invoke(event))).pipe(
 *   Effect.provide(LambdaTest.layer(Lambda.serve(Handler.match(queue, api, others))))
 * )
 *
 * const [ofQueue, ofApi, ofOther] = await Effect.runPromise(answers)
 * ofQueue // => { batchItemFailures: [] }
 * ofApi // => { statusCode: 200, body: "you asked for /pets/7" }
 * ofOther // => "3 bytes"
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const match = <
  Handlers extends readonly [Handler<unknown, unknown>, ...ReadonlyArray<Handler<unknown, unknown>>]
>(
  ...handlers: Handlers
): Handler<Effect.Error<Handlers[number]> | EventError, Effect.Services<Handlers[number]> | Invocation> =>
  // Each of them is one of their union, which the compiler cannot see of a list.
  firstThatAccepts(
    handlers as ReadonlyArray<Handler<Effect.Error<Handlers[number]>, Effect.Services<Handlers[number]>>>
  )

const firstThatAccepts = <E, R>(handlers: ReadonlyArray<Handler<E, R>>): Handler<E | EventError, R | Invocation> =>
  Effect.contextWith((context: Context.Context<Invocation>) => {
    const outer = Context.get(context, CurrentAttempt)
    const parse = outer?.parse ?? eventDecoder.parseOnce()
    const tryNext = (refusals: ReadonlyArray<EventError>): Handler<E | EventError, R> => {
      const handler = handlers[refusals.length]
      if (handler === undefined) return Effect.fail(refusedByAll(refusals))
      let isAccepted = false
      const accept = () => {
        isAccepted = true
        outer?.accept()
      }
      return Effect.catchIf(
        Effect.provideService(handler, CurrentAttempt, { parse, accept }),
        () => !isAccepted,
        (error) => error instanceof EventError ? tryNext([...refusals, error]) : Effect.fail(error)
      )
    }
    return tryNext([])
  })

/** `part` makes the parts of the invocation visible where it is traced. */
const withPayload = <A, E, R>(
  f: (payload: Uint8Array, part: Tracing["part"], attempt: Attempt | undefined) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R | Invocation> =>
  Effect.contextWith((context: Context.Context<Invocation>) =>
    f(
      Context.get(context, Invocation).payload,
      Context.get(context, CurrentTracing).part,
      Context.get(context, CurrentAttempt)
    )
  )

const resultEncoder = <R extends Schema.Constraint>(result: R) => {
  const encode = SchemaParser.encodeUnknownEffect(Schema.toCodecJson(result))
  return (value: R["Type"]): Effect.Effect<LambdaResponse.Buffered, Schema.SchemaError, R["EncodingServices"]> =>
    Effect.flatMapEager(Effect.mapErrorEager(encode(value), schemaError), stringify)
}

/** What the codec lets through can still be no JSON: a cycle, or a `toJSON` that throws. */
const stringify = (value: unknown): Effect.Effect<LambdaResponse.Buffered, Schema.SchemaError> =>
  Effect.fromResult(Result.try({
    try: () => LambdaResponse.json(value),
    catch: () => schemaError(new SchemaIssue.InvalidValue({ expected: "a value that JSON can hold" }))
  }))

const schemaError = (issue: SchemaIssue.Issue) => new Schema.SchemaError(issue)

const nullResponse = LambdaResponse.json(null)

const respondNull = () => Effect.succeed(nullResponse)
