import * as Handler from "effect-lambda-runtime/Handler"
import * as Invocation from "effect-lambda-runtime/Invocation"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as LambdaTracer from "effect-lambda-runtime/LambdaTracer"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as OtlpSerialization from "effect/observability/OtlpSerialization"
import * as OtlpTracer from "effect/observability/OtlpTracer"
import * as Schema from "effect/Schema"

class OutOfStock extends Schema.TaggedError<OutOfStock>()("OutOfStock", { quantity: Schema.Int }) {}

const reserve = Effect.fn("reserve")(function*(quantity: number) {
  yield* Effect.annotateCurrentSpan({ quantity })
  yield* Effect.sleep("5 millis")
  if (quantity > 100) return yield* new OutOfStock({ quantity })
})

const charge = Effect.fn("charge")(function*(quantity: number) {
  const total = quantity * 4.5
  yield* Effect.log(`charging ${total}`)
  return yield* Effect.delay(Effect.succeed(total), "5 millis")
})

const audit = Effect.fn("audit")((_id: string) => Effect.sleep("2 millis"))

const checkout = Handler.make(
  {
    event: Schema.Struct({ id: Schema.String, quantity: Schema.Int }),
    result: Schema.Struct({ total: Schema.Finite })
  },
  Effect.fnUntraced(function*({ id, quantity }) {
    yield* reserve(quantity)
    const total = yield* charge(quantity)
    yield* Invocation.background(audit(id))
    return { total }
  })
)

/** Sends where `OTEL_EXPORTER_OTLP_ENDPOINT` says, where `OTEL_TRACES_EXPORTER` is `otlp`. */
const exporter = Layer.unwrap(
  Effect.map(LambdaTracer.resource, (resource) => OtlpTracer.layerFromConfig({ resource }))
).pipe(Layer.provide([OtlpSerialization.layerJson, FetchHttpClient.layer]))

NodeLambda.runMain(Lambda.serve(checkout).pipe(Layer.provide([LambdaTracer.layer, exporter])))
