/**
 * Amazon API Gateway WebSocket APIs as functions: connections that open, messages on them, and their ends.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import * as EventError from "./EventError.ts"
import * as WebSocket from "./events/WebSocket.ts"
import * as Handler from "./Handler.ts"
import * as eventDecoder from "./internal/eventDecoder.ts"
import { jsonBytes } from "./internal/events/jsonBytes.ts"
import { jsonString } from "./internal/events/jsonString.ts"
import { CurrentEvent } from "./internal/webSocket/currentEvent.ts"
import type { Invocation } from "./Invocation.ts"

/**
 * A connection is refused.
 *
 * **When to use**
 *
 * As the failure of what answers `$connect`. Any other failure is one of the function: it is logged, and API Gateway
 * refuses the connection with a status of its own.
 *
 * **Example** (Only with a ticket)
 *
 * ```ts
 * import * as LambdaWebSocket from "effect-lambda-runtime/LambdaWebSocket"
 * import * as Effect from "effect/Effect"
 *
 * const gate = LambdaWebSocket.handler({
 *   connect: ({ queryStringParameters }) =>
 *     queryStringParameters?.["ticket"] === undefined
 *       ? Effect.fail(new LambdaWebSocket.ConnectionRefused({ status: 401 }))
 *       : Effect.void
 * })
 * ```
 *
 * @category errors
 * @since 0.1.0
 */
export class ConnectionRefused
  extends Schema.TaggedError<ConnectionRefused>("effect-lambda-runtime/LambdaWebSocket/ConnectionRefused")(
    "ConnectionRefused",
    {
      /** What the client's handshake is answered with: 401 or 403 as a rule, from 400 to 599. */
      status: Schema.Int.check(Schema.isBetween({ minimum: 400, maximum: 599 }))
    }
  )
{
  override get message(): string {
    return `the connection is refused with ${this.status}`
  }
}

/**
 * What is said to a client whose connection is accepted.
 *
 * @category models
 * @since 0.1.0
 */
export interface Accepted {
  /** `Sec-WebSocket-Protocol`, which a client that offers protocols wants an answer to. */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/**
 * What answers the messages of a route.
 *
 * **When to use**
 *
 * {@link message} makes one for messages of JSON. A function of one's own takes the event as it is, with any body.
 *
 * @category models
 * @since 0.1.0
 */
export interface Route<out E = never, out R = never> {
  (event: WebSocket.Event): Effect.Effect<WebSocket.Result, E, R>
}

/**
 * A route for messages of JSON.
 *
 * **When to use**
 *
 * One for each route key of the API, or one for `$default` whose `body` is a union of all messages.
 *
 * **Details**
 *
 * The reply reaches the client where the route has a route response; without a `reply` schema it is empty. A message that
 * is no JSON or of another shape is answered with 400 and what is wrong with it, and logged as a warning: it is a
 * mistake of the client, and no failure of the function. `f` is not called.
 *
 * Fails with a `SchemaError` when the reply does not fit its schema.
 *
 * **Example** (A union)
 *
 * ```ts
 * import * as LambdaWebSocket from "effect-lambda-runtime/LambdaWebSocket"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const Move = Schema.TaggedStruct("Move", { to: Schema.String })
 * const Resign = Schema.TaggedStruct("Resign", {})
 *
 * const game = LambdaWebSocket.handler({
 *   routes: {
 *     $default: LambdaWebSocket.message({ body: Schema.Union([Move, Resign]), reply: Schema.String }, (message) =>
 *       Effect.succeed(message._tag === "Move" ? `moved to ${message.to}` : "you have lost"))
 *   }
 * })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const message: {
  <Body extends Schema.Constraint, Reply extends Schema.Constraint, E, R>(
    options: { readonly body: Body; readonly reply: Reply },
    f: (body: Body["Type"], event: WebSocket.Event) => Effect.Effect<Reply["Type"], E, R>
  ): Route<E | Schema.SchemaError, R | Body["DecodingServices"] | Reply["EncodingServices"]>
  <Body extends Schema.Constraint, E, R>(
    options: { readonly body: Body; readonly reply?: undefined },
    f: (body: Body["Type"], event: WebSocket.Event) => Effect.Effect<void, E, R>
  ): Route<E, R | Body["DecodingServices"]>
} = <E, R>(
  options: { readonly body: Schema.Constraint; readonly reply?: Schema.Constraint | undefined },
  f: (body: unknown, event: WebSocket.Event) => Effect.Effect<unknown, E, R>
): Route<E | Schema.SchemaError, R | unknown> => {
  const { reply } = options
  const decodeText = eventDecoder.fromJson(jsonString(options.body).annotate({ title }))
  const decodeBytes = eventDecoder.fromJson(
    Schema.Uint8ArrayFromBase64.pipe(Schema.decodeTo(jsonBytes(options.body))).annotate({ title })
  )
  const encode = reply === undefined ? undefined : Schema.encodeUnknownEffect(jsonString(reply))
  const answer = (value: unknown): Effect.Effect<WebSocket.Result, Schema.SchemaError, unknown> =>
    encode === undefined
      ? Effect.succeed(done)
      : Effect.mapEager(encode(value), (body) => ({ statusCode: 200, body }))
  return (event) => {
    const decode = event.isBase64Encoded === true ? decodeBytes : decodeText
    return Effect.matchEffect(decode(event.body, { event, path: ["body"] }), {
      onFailure: (error) =>
        Effect.as(Effect.logWarning("a message does not fit; its sender gets 400", error.message), {
          statusCode: 400,
          body: JSON.stringify({ message: error.message })
        }),
      onSuccess: (body) => Effect.flatMapEager(f(body, event), answer)
    })
  }
}

/** As events of WebSocket APIs are called, so that an error does not say what the sender knows. */
const title = "an API Gateway WebSocket event"

const done: WebSocket.Result = { statusCode: 200 }

/**
 * What a WebSocket API is answered with.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options<
  out Connect extends Effect.Effect<Accepted | void, unknown, unknown>,
  out Disconnect extends Effect.Effect<void, unknown, unknown>,
  out Routes extends Readonly<Record<string, Route<unknown, unknown>>>
> {
  /** `$connect`. Every connection is accepted unless set. */
  readonly connect?: ((event: WebSocket.Event) => Connect) | undefined
  /** `$disconnect`, which comes after the connection has closed, and may not come at all. */
  readonly disconnect?: ((event: WebSocket.Event) => Disconnect) | undefined
  /** By route key; `$default` for all others. */
  readonly routes?: Routes | undefined
}

/**
 * A WebSocket API as a handler.
 *
 * **When to use**
 *
 * With `Lambda.serve`, as the one function of all routes of an API, or of some. `Connections` sends messages.
 *
 * **Details**
 *
 * Fails with an `EventError` when the event is not one of a WebSocket API, or its route is not one of `routes` and there
 * is no `$default`. How a route fails is how the function does: the client is told of an internal server error by API
 * Gateway, and the connection stays.
 *
 * **Gotchas**
 *
 * Until `connect` has succeeded, the connection is not there: what is sent to it fails with `Gone`.
 *
 * **Example** (An echo)
 *
 * ```ts
 * import * as WebSocket from "effect-lambda-runtime/events/WebSocket"
 * import * as Lambda from "effect-lambda-runtime/Lambda"
 * import * as LambdaTest from "effect-lambda-runtime/LambdaTest"
 * import * as LambdaWebSocket from "effect-lambda-runtime/LambdaWebSocket"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const Said = Schema.Struct({ text: Schema.String })
 *
 * const echo = LambdaWebSocket.handler({
 *   connect: ({ requestContext }) => Effect.log("connected", requestContext.connectionId),
 *   routes: { $default: LambdaWebSocket.message({ body: Said, reply: Said }, Effect.succeed) }
 * })
 *
 * const answers = LambdaTest.LambdaTest.use(({ invoke }) =>
 *   Effect.forEach([WebSocket.sampleConnect(), WebSocket.sample(`{"text":"hello"}`)], (event) => invoke(event))).pipe(
 *   Effect.provide(LambdaTest.layer(Lambda.serve(echo)))
 * )
 *
 * await Effect.runPromise(answers)
 * // => [{ statusCode: 200 }, { statusCode: 200, body: `{"text":"hello"}` }]
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const handler = <
  Connect extends Effect.Effect<Accepted | void, unknown, unknown> = Effect.Effect<void>,
  Disconnect extends Effect.Effect<void, unknown, unknown> = Effect.Effect<void>,
  Routes extends Readonly<Record<string, Route<unknown, unknown>>> = Readonly<Record<string, Route>>
>(options: Options<Connect, Disconnect, Routes>): Handler.Handler<
  | Exclude<Effect.Error<Connect>, ConnectionRefused>
  | Effect.Error<Disconnect>
  | Effect.Error<ReturnType<Routes[keyof Routes]>>
  | EventError.EventError
  | Schema.SchemaError,
  | Effect.Services<Connect>
  | Effect.Services<Disconnect>
  | Effect.Services<ReturnType<Routes[keyof Routes]>>
  | Invocation
> => {
  type E =
    | Exclude<Effect.Error<Connect>, ConnectionRefused>
    | Effect.Error<Disconnect>
    | Effect.Error<ReturnType<Routes[keyof Routes]>>
    | EventError.EventError
  type R =
    | Effect.Services<Connect>
    | Effect.Services<Disconnect>
    | Effect.Services<ReturnType<Routes[keyof Routes]>>

  // Each of them is an effect of their union, which the compiler cannot see of generics.
  const connect = options.connect as
    | ((event: WebSocket.Event) => Effect.Effect<Accepted | void, E | ConnectionRefused, R>)
    | undefined
  const disconnect = options.disconnect as ((event: WebSocket.Event) => Effect.Effect<void, E, R>) | undefined
  const routes = new Map(Object.entries((options.routes ?? {}) as Readonly<Record<string, Route<E, R>>>))

  const answer = (event: WebSocket.Event): Effect.Effect<WebSocket.Result, E | EventError.EventError, R> => {
    const { eventType, routeKey } = event.requestContext
    switch (eventType) {
      case "CONNECT":
        return connect === undefined ? Effect.succeed(done) : handshake(connect(event))
      case "DISCONNECT":
        return disconnect === undefined ? Effect.succeed(done) : Effect.as(disconnect(event), done)
      case "MESSAGE": {
        const route = routes.get(routeKey) ?? routes.get("$default")
        return route === undefined ? Effect.fail(noRoute(event, [...routes.keys()])) : route(event)
      }
    }
  }
  return Handler.make(
    { event: WebSocket.Event, result: WebSocket.Result },
    (event) => Effect.provideService(answer(event), CurrentEvent, Option.some(event))
  )
}

const handshake = <E, R>(
  connected: Effect.Effect<Accepted | void, E | ConnectionRefused, R>
): Effect.Effect<WebSocket.Result, E, R> =>
  Effect.matchEffect(connected, {
    onFailure: (error): Effect.Effect<WebSocket.Result, E> =>
      error instanceof ConnectionRefused ? Effect.succeed({ statusCode: error.status }) : Effect.fail(error),
    onSuccess: (accepted) =>
      Effect.succeed(accepted?.headers === undefined ? done : { statusCode: 200, headers: accepted.headers })
  })

const noRoute = (event: WebSocket.Event, routeKeys: ReadonlyArray<string>): EventError.EventError =>
  EventError.fromIssue(
    new SchemaIssue.Pointer(
      ["requestContext", "routeKey"],
      new SchemaIssue.InvalidValue({
        expected: routeKeys.length === 0 ? "no message, as there are no routes" : `one of ${routeKeys.join(", ")}`
      })
    ),
    { event, expected: title }
  )
