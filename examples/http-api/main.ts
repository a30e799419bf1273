import * as LambdaHttp from "effect-lambda-runtime/LambdaHttp"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import * as Ref from "effect/Ref"
import { type Order, OutOfStock, Shop } from "./api.ts"

const available = 10

const orders = HttpApiBuilder.group(
  Shop,
  "orders",
  Effect.fnUntraced(function*(handlers) {
    const placed = yield* Ref.make<ReadonlyArray<typeof Order.Type>>([])
    return handlers.handleAll({
      place: Effect.fnUntraced(function*({ payload: { quantity, sku } }) {
        if (quantity > available) return yield* new OutOfStock({ sku, available })
        const now = yield* DateTime.now
        return yield* Ref.modify(placed, (all) => {
          const order = { id: `o-${all.length + 1}`, sku, quantity, placed: now }
          return [order, [...all, order]]
        })
      }),
      list: ({ query: { sku } }) =>
        Effect.map(Ref.get(placed), (all) => all.filter((order) => sku === undefined || order.sku === sku))
    })
  })
)

const routes = HttpApiBuilder.layer(Shop, { openapiPath: "/openapi.json" }).pipe(
  Layer.provide(orders),
  Layer.provide(HttpServer.layerServices)
)

NodeLambda.runMain(LambdaHttp.serve(routes))
