import * as Authorizer from "effect-lambda-runtime/events/Authorizer"
import * as Handler from "effect-lambda-runtime/Handler"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Callers } from "./callers.ts"

const policy = (principalId: string, effect: "Allow" | "Deny", resource: string): Authorizer.PolicyResult => ({
  principalId,
  policyDocument: {
    Version: "2012-10-17",
    Statement: [{ Effect: effect, Action: "execute-api:Invoke", Resource: resource }]
  }
})

/**
 * API Gateway keeps the answer and asks it for other methods, too: a policy for the method of the event alone would
 * refuse them.
 */
const methodsFor = (role: "reader" | "writer", methodArn: string) => {
  const [api, stage] = methodArn.split("/")
  return `${api}/${stage}/${role === "reader" ? "GET" : "*"}/*`
}

const authorize = Handler.make(
  { event: Authorizer.TokenEvent, result: Authorizer.PolicyResult },
  Effect.fnUntraced(
    function*({ authorizationToken, methodArn }) {
      const { find } = yield* Callers
      const { name, role } = yield* find(authorizationToken)
      return { ...policy(name, "Allow", methodsFor(role, methodArn)), context: { role } }
    },
    (result, { methodArn }) =>
      Effect.catchTag(
        result,
        "UnknownCaller",
        () => Effect.succeed(policy("unknown", "Deny", methodsFor("writer", methodArn)))
      )
  )
)

NodeLambda.runMain(Lambda.serve(authorize).pipe(Layer.provide(Callers.layer)))
