import * as Authorizer from "effect-lambda-runtime/events/Authorizer"
import * as Handler from "effect-lambda-runtime/Handler"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Callers } from "./callers.ts"

const authorize = Handler.make(
  { event: Authorizer.RequestEventV2, result: Authorizer.SimpleResult },
  Effect.fnUntraced(
    function*({ identitySource }) {
      const { find } = yield* Callers
      const { name, role } = yield* find(Redacted.make(identitySource?.[0] ?? ""))
      return { isAuthorized: true, context: { name, role } }
    },
    Effect.catchTag("UnknownCaller", () => Effect.succeed({ isAuthorized: false }))
  )
)

NodeLambda.runMain(Lambda.serve(authorize).pipe(Layer.provide(Callers.layer)))
