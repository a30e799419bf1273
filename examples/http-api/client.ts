import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Config from "effect/Config"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as HttpApiClient from "effect/http-api/HttpApiClient"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import { Shop } from "./api.ts"

const local = "http://127.0.0.1:7000/lambda-url/function"

const program = Effect.gen(function*() {
  const baseUrl = yield* Config.withDefault(Config.String("SHOP_URL"), local)
  const { orders } = yield* HttpApiClient.make(Shop, { baseUrl })

  const { id, quantity } = yield* orders.place({ payload: { sku: "teapot", quantity: 2 } })
  yield* Console.log(`placed ${id}: ${quantity} teapots`)

  const tooMany = yield* Effect.flip(orders.place({ payload: { sku: "teapot", quantity: 200 } }))
  yield* Console.log(tooMany._tag === "OutOfStock" ? `there are only ${tooMany.available}` : tooMany)

  const all = yield* orders.list({ query: { sku: "teapot" } })
  yield* Console.log(`orders: ${all.length}`)
})

NodeRuntime.runMain(Effect.provide(program, FetchHttpClient.layer))
