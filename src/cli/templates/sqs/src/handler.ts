import * as Batch from "effect-lambda-runtime/Batch"
import * as Sqs from "effect-lambda-runtime/events/Sqs"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const Order = Schema.Struct({ id: Schema.NonEmptyString, quantity: Schema.Int })

export class OutOfStock extends Schema.TaggedError<OutOfStock>("OutOfStock")("OutOfStock", {
  quantity: Schema.Int
}) {}

const ship = Effect.fnUntraced(function*({ id, quantity }: typeof Order.Type) {
  if (quantity > 10) return yield* new OutOfStock({ quantity })
  yield* Effect.log(`order ${id} is on its way`)
})

export const handler = Batch.sqs({ record: Sqs.recordOf(Order), concurrency: 5 }, ({ body }) => ship(body))
