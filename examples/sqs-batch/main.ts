import * as Batch from "effect-lambda-runtime/Batch"
import * as Sqs from "effect-lambda-runtime/events/Sqs"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const Order = Schema.Struct({ id: Schema.String, quantity: Schema.Int })

class OutOfStock extends Data.TaggedError("OutOfStock")<{ readonly quantity: number }> {
  override readonly message = `${this.quantity} are more than there are`
}

const ship = Effect.fnUntraced(function*({ id, quantity }: typeof Order.Type) {
  if (quantity > 10) return yield* new OutOfStock({ quantity })
  yield* Effect.log(`order ${id} is on its way`)
})

const handler = Batch.sqs({ record: Sqs.recordOf(Order), concurrency: 5 }, ({ body }) => ship(body))

NodeLambda.runMain(Lambda.serve(handler))
