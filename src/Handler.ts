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
import * as SchemaAST from "effect/SchemaAST"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"
import type * as Stream from "effect/Stream"
import * as EventError from "./EventError.ts"
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
    E | EventError.EventError | Schema.SchemaError,
    R | Invocation | Event["DecodingServices"] | Result["EncodingServices"]
  >
  <Event extends Schema.Constraint, E, R>(
    options: { readonly event: Event; readonly result?: undefined },
    f: (event: Event["Type"]) => Effect.Effect<void, E, R>
  ): Handler<E | EventError.EventError, R | Invocation | Event["DecodingServices"]>
} = <E, R>(
  options: { readonly event: Schema.Constraint; readonly result?: Schema.Constraint | undefined },
  f: (event: unknown) => Effect.Effect<unknown, E, R>
): Handler<E | EventError.EventError | Schema.SchemaError, R | Invocation | unknown> => {
  const decode = eventDecoder(options.event)
  const respond = options.result === undefined ? respondNull : resultEncoder(options.result)
  return withPayload((payload, part) =>
    Effect.flatMapEager(
      part("decode", () => decode(payload)),
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
): Handler<E | E2, R | R2 | Invocation> => withPayload((payload, part) => part("handler", () => f(payload)))

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
): Handler<E | EventError.EventError, R | Invocation | Event["DecodingServices"]> => {
  const decode = eventDecoder(options.event)
  return withPayload((payload, part) =>
    Effect.map(part("decode", () => decode(payload)), (event) => LambdaResponse.stream(f(event), options))
  )
}

/** `part` makes the parts of the invocation visible where it is traced. */
const withPayload = <A, E, R>(
  f: (payload: Uint8Array, part: Tracing["part"]) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R | Invocation> =>
  Effect.contextWith((context: Context.Context<Invocation>) =>
    f(Context.get(context, Invocation).payload, Context.get(context, CurrentTracing).part)
  )

const utf8 = new TextDecoder("utf-8", { fatal: true })

const parseJson = (payload: Uint8Array): Result.Result<unknown, EventError.EventError> =>
  Result.try({
    try: (): unknown => JSON.parse(utf8.decode(payload)),
    catch: (cause) =>
      EventError.malformedJson(
        payload.length === 0 ? "it is empty" : cause instanceof Error ? cause.message : String(cause)
      )
  })

/** Built once for a handler: a schema compiles its parser on first use and keeps it. */
const eventDecoder = <Event extends Schema.Constraint>(event: Event) => {
  const decode = SchemaParser.decodeUnknownEffect(Schema.toCodecJson(event))
  return (payload: Uint8Array): Effect.Effect<Event["Type"], EventError.EventError, Event["DecodingServices"]> => {
    const json = parseJson(payload)
    if (Result.isFailure(json)) return Effect.fail(json.failure)
    // A decoder that stops at the first error is faster; the rare event that has one is decoded again to name them all.
    return Effect.catchEager(
      decode(json.success),
      () =>
        Effect.mapErrorEager(
          decode(json.success, { errors: "all" }),
          (issue) => EventError.fromIssue(issue, { event: json.success, expected: nameOf(event) })
        )
    )
  }
}

const nameOf = ({ ast }: Schema.Constraint): string | undefined =>
  SchemaAST.resolveTitle(ast) ?? SchemaAST.resolveIdentifier(ast)

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
