/** The routes of an HTTP API: a greeting by a path parameter, and an order of JSON that is validated on its way in and out. */
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import { schemaBodyJson } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"

const decodeParams = HttpRouter.schemaPathParams(Schema.Struct({ name: Schema.String }))

const hello = Effect.flatMap(decodeParams, ({ name }) => HttpServerResponse.json({ hello: name }))

const decodeOrder = schemaBodyJson(Schema.Struct({
  id: Schema.String,
  lines: Schema.Array(Schema.Struct({ sku: Schema.String, quantity: Schema.Int }))
}))

const receipt = HttpServerResponse.schemaJson(Schema.Struct({ id: Schema.String, items: Schema.Int }))

const order = Effect.flatMap(
  decodeOrder,
  ({ id, lines }) => receipt({ id, items: lines.reduce((sum, { quantity }) => sum + quantity, 0) }, { status: 201 })
)

export const routes = Layer.mergeAll(
  HttpRouter.add("GET", "/hello/:name", hello),
  HttpRouter.add("POST", "/orders", order)
)
