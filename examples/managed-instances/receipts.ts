import * as Handler from "effect-lambda-runtime/Handler"
import * as Invocation from "effect-lambda-runtime/Invocation"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const Order = Schema.Struct({ id: Schema.String })

const sendReceipt = Effect.fnUntraced(function*({ id }: typeof Order.Type) {
  yield* Effect.sleep("1 second")
  yield* Effect.log(`the receipt of order ${id} is sent`)
})

/** The place of an invocation is free again when its background work is done. */
const checkout = Handler.make(
  { event: Order, result: Schema.Struct({ accepted: Schema.Boolean }) },
  (order) => Effect.as(Invocation.background(sendReceipt(order)), { accepted: true })
)

NodeLambda.runMain(Lambda.serve(checkout))
