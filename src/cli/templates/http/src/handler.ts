import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"

const hello = Effect.gen(function*() {
  const { name } = yield* HttpRouter.schemaPathParams(Schema.Struct({ name: Schema.NonEmptyString }))
  return yield* HttpServerResponse.json({ greeting: `Hello ${name}` })
})

export const routes = Layer.mergeAll(
  HttpRouter.add("GET", "/hello/:name", hello),
  HttpRouter.add("GET", "/health", HttpServerResponse.text("fine"))
)
