import * as Handler from "effect-lambda-runtime/Handler"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Ref from "effect/Ref"
import * as Schema from "effect/Schema"

/** One for all invocations of a process, of which many run at a time: a `Ref` counts right. */
class Visits extends Context.Service<Visits, {
  readonly count: Effect.Effect<number>
}>()("Visits") {
  static readonly layer = Layer.effect(
    Visits,
    Effect.map(Ref.make(0), (visits) => ({ count: Ref.updateAndGet(visits, (count) => count + 1) }))
  )
}

const visit = Handler.make(
  {
    event: Schema.Struct({ name: Schema.NonEmptyString }),
    result: Schema.Struct({ greeting: Schema.String, visit: Schema.Int })
  },
  Effect.fnUntraced(function*({ name }) {
    const { count } = yield* Visits
    // Others are served meanwhile, each in a fiber of its own.
    yield* Effect.sleep("100 millis")
    return { greeting: `Hello ${name}`, visit: yield* count }
  })
)

NodeLambda.runMain(Lambda.serve(visit).pipe(Layer.provide(Visits.layer)))
