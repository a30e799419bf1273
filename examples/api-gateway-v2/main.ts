import * as ApiGatewayV2 from "effect-lambda-runtime/events/ApiGatewayV2"
import * as Handler from "effect-lambda-runtime/Handler"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as LambdaResponse from "effect-lambda-runtime/LambdaResponse"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Ref from "effect/Ref"
import * as Schema from "effect/Schema"

class OutOfStock extends Data.TaggedError("OutOfStock")<{ readonly sku: string; readonly left: number }> {}

class Stock extends Context.Service<Stock, {
  /** Gives how many are left. */
  readonly take: (sku: string, quantity: number) => Effect.Effect<number, OutOfStock>
}>()("Stock") {
  /** In memory: every execution environment has its own. */
  static readonly layer = Layer.effect(
    Stock,
    Effect.map(Ref.make<ReadonlyMap<string, number>>(new Map([["teapot", 3]])), (stock) => ({
      take: Effect.fnUntraced(function*(sku: string, quantity: number) {
        const left = yield* Ref.modify(stock, (all) => {
          const left = all.get(sku) ?? 0
          return [left, quantity > left ? all : new Map(all).set(sku, left - quantity)]
        })
        return quantity > left ? yield* new OutOfStock({ sku, left }) : left - quantity
      })
    }))
  )
}

const answer = (statusCode: number, body: Schema.Json) => ({
  statusCode,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body)
})

const Order = Schema.Struct({ sku: Schema.String, quantity: Schema.Int.check(Schema.isGreaterThan(0)) })

const placeOrder = Handler.make(
  { event: ApiGatewayV2.eventOf(Order), result: ApiGatewayV2.Result },
  Effect.fnUntraced(
    function*({ body: { quantity, sku } }) {
      const { take } = yield* Stock
      return answer(201, { sku, left: yield* take(sku, quantity) })
    },
    Effect.catchTag(
      "OutOfStock",
      ({ left, sku }) => Effect.succeed(answer(409, { error: `${left} of ${sku} are left` }))
    )
  )
).pipe(
  // A body that does not fit is the caller's error, and not the function's.
  Effect.catchReason(
    "EventError",
    "UnexpectedShape",
    ({ issues }) => Effect.succeed(LambdaResponse.json(answer(400, { issues })))
  )
)

NodeLambda.runMain(Lambda.serve(placeOrder).pipe(Layer.provide(Stock.layer)))
