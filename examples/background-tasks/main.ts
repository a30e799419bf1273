import * as Handler from "effect-lambda-runtime/Handler"
import * as Invocation from "effect-lambda-runtime/Invocation"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const Order = Schema.Struct({ id: Schema.String, quantity: Schema.Int })

const sendReceipt = Effect.fnUntraced(function*(order: typeof Order.Type) {
  yield* Effect.log(`sending the receipt of order ${order.id}`)
  yield* Effect.sleep("2 seconds")
  yield* Effect.log("receipt sent")
})

const checkout = Handler.make({
  event: Order,
  result: Schema.Struct({ accepted: Schema.Boolean })
}, (order) => Effect.as(Invocation.background(sendReceipt(order)), { accepted: true }))

NodeLambda.runMain(Lambda.serve(checkout))
