/**
 * What the compiler must infer for HTTP applications, and what it must refuse. Compiled by `npm run check`, never run.
 */
import type { EventError } from "effect-lambda-runtime/EventError"
import type { Handler } from "effect-lambda-runtime/Handler"
import { Invocation } from "effect-lambda-runtime/Invocation"
import type * as Lambda from "effect-lambda-runtime/Lambda"
import * as LambdaHttp from "effect-lambda-runtime/LambdaHttp"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { type Equal, same } from "./equal.ts"

class Users extends Context.Service<Users, { readonly count: Effect.Effect<number> }>()("types/Users") {}

// Failures become responses, and a handler needs what its application needs.

const plain = LambdaHttp.handler(Effect.succeed(HttpServerResponse.text("hi")))
same<Equal<typeof plain, Handler<EventError, Invocation | Scope.Scope>>>()

const counting = LambdaHttp.handler(Effect.gen(function*() {
  const request = yield* HttpServerRequest
  const { requestId } = yield* Invocation
  yield* Effect.addFinalizer(() => Effect.void)
  const { count } = yield* Users
  yield* Schema.decodeUnknownEffect(Schema.Int)(requestId)
  return yield* HttpServerResponse.json([request.url, requestId, yield* count])
}))
same<Equal<typeof counting, Handler<EventError, Users | Invocation | Scope.Scope>>>()

// A layer of routes needs what its routes need, and nothing else to be run.

const routes = Layer.mergeAll(
  HttpRouter.add("GET", "/", HttpServerResponse.text("hi")),
  HttpRouter.add("GET", "/users", Effect.flatMap(Users, ({ count }) => Effect.flatMap(count, HttpServerResponse.json)))
)

const program = LambdaHttp.serve(routes)
same<Equal<typeof program, Layer.Layer<never, never, Users | Lambda.Server>>>()

const layerUsers = Layer.succeed(Users, { count: Effect.succeed(7) })

export const main = () => NodeLambda.runMain(Layer.provide(program, layerUsers))

// @ts-expect-error the users are missing
export const incomplete = () => NodeLambda.runMain(program)

// @ts-expect-error there is no such mode
LambdaHttp.serve(routes, { responseMode: "stream" })
