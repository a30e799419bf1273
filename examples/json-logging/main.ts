import * as Handler from "effect-lambda-runtime/Handler"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"

class OutOfStock extends Data.TaggedError("OutOfStock")<{ readonly sku: string; readonly wanted: number }> {
  override readonly message = `${this.wanted} of ${this.sku} are more than there are`
}

/** Of a library that knows nothing of Effect. */
const charge = (orderId: string) => {
  console.info("charging %s", orderId)
  return { card: "4111 1111 1111 1111", receipt: `r-${orderId}` }
}

const place = Effect.fnUntraced(function*({ id, quantity, sku }: typeof Order.Type) {
  yield* Effect.logDebug("looking for", { sku, quantity })
  if (quantity > 3) return yield* new OutOfStock({ sku, wanted: quantity })
  const { card, receipt } = charge(id)
  yield* Effect.logInfo("placed", { receipt, card: Redacted.make(card) })
  return { receipt }
})

const Order = Schema.Struct({ id: Schema.String, sku: Schema.String, quantity: Schema.Int })

const handler = Handler.make(
  { event: Order, result: Schema.Struct({ receipt: Schema.String }) },
  (order) => place(order).pipe(Effect.withLogSpan("place"), Effect.annotateLogs("orderId", order.id))
)

NodeLambda.runMain(Lambda.serve(handler))
