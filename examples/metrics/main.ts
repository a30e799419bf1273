import * as Handler from "effect-lambda-runtime/Handler"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as LambdaMetrics from "effect-lambda-runtime/LambdaMetrics"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Schema from "effect/Schema"

const ordersPlaced = Metric.counter("OrdersPlaced")
const itemsPerOrder = Metric.histogram("ItemsPerOrder", {
  boundaries: Metric.linearBoundaries({ start: 1, width: 1, count: 20 }),
  attributes: { unit: "Count" }
})
const pricing = Metric.timer("Pricing")

const priceOf = (quantity: number) => Effect.succeed(quantity * 4.5).pipe(Effect.delay("5 millis"))

class OutOfStock extends Schema.TaggedError<OutOfStock>()("OutOfStock", { quantity: Schema.Int }) {}

const checkout = Handler.make(
  {
    event: Schema.Struct({ id: Schema.String, country: Schema.String, quantity: Schema.Int }),
    result: Schema.Struct({ total: Schema.Finite })
  },
  Effect.fnUntraced(function*({ country, quantity }) {
    if (quantity > 100) return yield* new OutOfStock({ quantity })
    const [duration, total] = yield* Effect.timed(priceOf(quantity))
    yield* Metric.update(pricing, duration)
    yield* Metric.update(itemsPerOrder, quantity)
    yield* Metric.update(Metric.withAttributes(ordersPlaced, { country }), 1)
    return { total }
  })
)

NodeLambda.runMain(
  Lambda.serve(LambdaMetrics.measure(checkout)).pipe(
    Layer.provide(LambdaMetrics.layer({ namespace: "MyShop", service: "checkout" }))
  )
)
