/**
 * What the compiler must infer for handlers, and what it must refuse. Compiled by `npm run check`, never run.
 */
import type { EventError } from "effect-lambda-runtime/EventError"
import * as Handler from "effect-lambda-runtime/Handler"
import type * as Invocation from "effect-lambda-runtime/Invocation"
import * as LambdaResponse from "effect-lambda-runtime/LambdaResponse"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { type Equal, same } from "./equal.ts"

class OutOfStock extends Schema.TaggedError<OutOfStock>("types/OutOfStock")("OutOfStock", {}) {}

class Prices extends Context.Service<Prices, { readonly of: (id: string) => Effect.Effect<number, OutOfStock> }>()(
  "types/Prices"
) {}

const Order = Schema.Struct({ id: Schema.String, on: Schema.Date })
const Receipt = Schema.Struct({ total: Schema.Finite })

const total = (id: string) => Effect.flatMap(Prices, (prices) => prices.of(id))

// `make` adds its own errors and requirements to those of the function, and decodes the event.

const checkout = Handler.make({ event: Order, result: Receipt }, ({ id, on }) => {
  same<Equal<typeof on, Date>>()
  return Effect.map(total(id), (total) => ({ total }))
})
same<
  Equal<typeof checkout, Handler.Handler<OutOfStock | EventError | Schema.SchemaError, Prices | Invocation.Invocation>>
>()

const consume = Handler.make({ event: Order }, () => Effect.void)
same<Equal<typeof consume, Handler.Handler<EventError, Invocation.Invocation>>>()

const closing = Handler.make({ event: Order }, () => Effect.addFinalizer(() => Effect.void))
same<Equal<typeof closing, Handler.Handler<EventError, Scope.Scope | Invocation.Invocation>>>()

// A handler is an Effect: its combinators are middleware.

const softened = Effect.catchTag(checkout, "OutOfStock", () => Effect.succeed(LambdaResponse.json({ total: 0 })))
same<Equal<Effect.Error<typeof softened>, EventError | Schema.SchemaError>>()
same<Equal<Effect.Services<typeof softened>, Prices | Invocation.Invocation>>()

// What a schema needs, its handler needs.

class Key extends Context.Service<Key, string>()("types/Key") {}

declare const Encrypted: Schema.Codec<string, string, Key, Prices>

const decrypting = Handler.make({ event: Encrypted }, () => Effect.void)
same<Equal<Effect.Services<typeof decrypting>, Key | Invocation.Invocation>>()

const encrypting = Handler.make({ event: Schema.String, result: Encrypted }, Effect.succeed)
same<Equal<Effect.Services<typeof encrypting>, Prices | Invocation.Invocation>>()

// `raw` and `stream` keep the errors and requirements of a streamed body.

const echo = Handler.raw((payload) => Effect.succeed(LambdaResponse.bytes(payload)))
same<Equal<typeof echo, Handler.Handler<never, Invocation.Invocation>>>()

const priced = Stream.fromEffect(Effect.map(total("teapot"), String))

const rawStream = Handler.raw(() => Effect.succeed(LambdaResponse.http({ status: 201, body: priced })))
same<Equal<typeof rawStream, Handler.Handler<OutOfStock, Prices | Invocation.Invocation>>>()

const streamed = Handler.stream({ event: Order, contentType: "text/plain" }, () => priced)
same<Equal<typeof streamed, Handler.Handler<OutOfStock | EventError, Prices | Invocation.Invocation>>>()

// `match` has the errors and requirements of all its handlers.

const matched = Handler.match(checkout, closing, rawStream)
same<
  Equal<
    typeof matched,
    Handler.Handler<
      OutOfStock | EventError | Schema.SchemaError,
      Prices | Scope.Scope | Invocation.Invocation
    >
  >
>()

const onlyRaw = Handler.match(echo)
same<Equal<typeof onlyRaw, Handler.Handler<EventError, Invocation.Invocation>>>()

// @ts-expect-error there is nothing to try
export const noHandlers = Handler.match()

// @ts-expect-error an Effect of something else is no handler
export const noHandler = Handler.match(echo, Effect.succeed(1))

// Results of another shape are refused.

// @ts-expect-error the result is no receipt
export const noReceipt = Handler.make({ event: Order, result: Receipt }, () => Effect.succeed({ total: "12" }))

// @ts-expect-error the result lacks what its schema has
export const lacking = Handler.make({ event: Order, result: Receipt }, () => Effect.succeed({}))

// @ts-expect-error the event has no such field
export const noField = Handler.make({ event: Order }, (order) => Effect.log(order.price))

// @ts-expect-error a plain value is no Effect
export const noEffect = Handler.make({ event: Order, result: Receipt }, () => ({ total: 12 }))

// @ts-expect-error a promise is no Effect
export const promised = Handler.make({ event: Order, result: Receipt }, async () => ({ total: 12 }))

// @ts-expect-error bytes are no response
export const noResponse = Handler.raw((payload) => Effect.succeed(payload))

// @ts-expect-error chunks are bytes or strings
export const noChunks = Handler.stream({ event: Order }, () => Stream.make(1, 2))
