import * as ApiGatewayV1 from "effect-lambda-runtime/events/ApiGatewayV1"
import * as Handler from "effect-lambda-runtime/Handler"
import { Invocation } from "effect-lambda-runtime/Invocation"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Ref from "effect/Ref"
import type * as Schema from "effect/Schema"

class NoTenant extends Data.TaggedError("NoTenant") {}

const tenantId = Effect.flatMap(
  Invocation,
  ({ tenantId }) => Option.isSome(tenantId) ? Effect.succeed(tenantId.value) : Effect.fail(new NoTenant())
)

class Visits extends Context.Service<Visits, {
  /** Gives how many there have been of this tenant. */
  readonly count: (tenantId: string) => Effect.Effect<number>
}>()("Visits") {
  /** In memory. Lambda gives every tenant environments of its own; the local server has one for all. */
  static readonly layer = Layer.effect(
    Visits,
    Effect.map(Ref.make<ReadonlyMap<string, number>>(new Map()), (visits) => ({
      count: (tenantId) =>
        Ref.modify(visits, (all) => {
          const count = (all.get(tenantId) ?? 0) + 1
          return [count, new Map(all).set(tenantId, count)]
        })
    }))
  )
}

const answer = (statusCode: number, body: Schema.Json) => ({
  statusCode,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body)
})

const handler = Handler.make(
  { event: ApiGatewayV1.Event, result: ApiGatewayV1.Result },
  Effect.fnUntraced(
    function*() {
      const tenant = yield* tenantId
      const { count } = yield* Visits
      return answer(200, { tenant, visits: yield* count(tenant) })
    },
    Effect.catchTag("NoTenant", () => Effect.succeed(answer(400, { error: "no tenant" })))
  )
)

NodeLambda.runMain(Lambda.serve(handler).pipe(Layer.provide(Visits.layer)))
