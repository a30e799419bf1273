import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as apiGateway from "../src/internal/local/gateway/apiGateway.ts"
import * as LocalServer from "../src/LocalServer.ts"
import { send } from "./support/frontDoor.ts"
import * as localApis from "./support/localApis.ts"

describe("the APIs of LocalServer", () => {
  it.effect("are named when a request is for another one", () =>
    Effect.gen(function*() {
      for (const path of ["/execute-api/none/x", "/execute-api/", "/execute-api"]) {
        const reply = yield* send({ path })
        assert.strictEqual(reply.status, 404)
        assert.include(reply.text, "There are the APIs one, two")
      }
    }).pipe(Effect.provide(localApis.layer([
      { name: "one", type: "HTTP", routes: { "$default": "function" } },
      { name: "two", type: "REST", routes: { "GET /": "function" } }
    ]))))

  it.effect("are not needed", () =>
    Effect.gen(function*() {
      const reply = yield* send({ path: "/execute-api/none/x" })
      assert.strictEqual(reply.status, 404)
      assert.include(reply.text, "There is no API at all")
      const other = yield* send({ path: "/lambda-url/none/x" })
      assert.include(other.text, "There is only the function function")
    }).pipe(Effect.provide(LocalServer.layerTest)))

  const http = { name: "shop", type: "HTTP" } as const
  const rest = { name: "shop", type: "REST" } as const
  const routes = { "GET /orders/{id}": "orders" }

  it.each<[apis: ReadonlyArray<LocalServer.ApiOptions>, setting: string, value: string, expected: string]>([
    [[{ ...http, name: "not a name", routes }], "the name of an API", "not a name", "1 to 64 letters"],
    [[{ ...http, routes }, { ...rest, name: "SHOP", routes }], "apis", "SHOP", "a name that no other API has"],
    [[{ ...http, stage: "a/b", routes }], "stage of the API shop", "a/b", "1 to 128 letters"],
    [[{ ...rest, stage: "$default", routes }], "stage of the API shop", "$default", "1 to 128 letters"],
    [
      [{ ...rest, payloadFormatVersion: "2.0", routes }],
      "payloadFormatVersion of the API shop",
      "2.0",
      "1.0 for a REST"
    ],
    [[{ ...http, binaryMediaTypes: ["*/*"], routes }], "binaryMediaTypes of the API shop", "*/*", "left out"],
    [[{ ...rest, binaryMediaTypes: ["png"], routes }], "binaryMediaTypes of the API shop", "png", "media types like"],
    [[{ ...http, routes: {} }], "routes of the API shop", "{}", "at least one route"],
    [[{ ...http, routes: { "GET orders": "orders" } }], "routes of the API shop", "GET orders", "a method and a path"],
    [[{ ...http, routes: { "/orders": "orders" } }], "routes of the API shop", "/orders", "a method and a path"],
    [
      [{ ...http, routes: { "get /orders": "orders" } }],
      "routes of the API shop",
      "get /orders",
      "method is one of ANY"
    ],
    [[{ ...http, routes: { "GET /orders/": "orders" } }], "routes of the API shop", "GET /orders/", "segments are all"],
    [[{ ...http, routes: { "GET /a{id}": "orders" } }], "routes of the API shop", "GET /a{id}", "segments are all"],
    [[{ ...http, routes: { "GET /{}": "orders" } }], "routes of the API shop", "GET /{}", "segments are all"],
    [[{ ...http, routes: { "GET /{p+}/x": "orders" } }], "routes of the API shop", "GET /{p+}/x", "{p+} at its end"],
    [[{ ...http, routes: { "GET /{a}/{a}": "orders" } }], "routes of the API shop", "GET /{a}/{a}", "different names"],
    [[{ ...rest, routes: { "$default": "orders" } }], "routes of the API shop", "$default", "only HTTP APIs"],
    [
      [{ ...http, routes: { ...routes, "GET /orders/{name}": "orders" } }],
      "routes of the API shop",
      "GET /orders/{name}",
      "GET /orders/{id}, which is for the same requests"
    ],
    [
      [{ ...http, routes: { "GET /": "order" } }],
      "routes of the API shop, GET /",
      "order",
      "the name of a function: orders, users"
    ]
  ])("are refused when they make no sense: %j", (apis, setting, value, expected) => {
    const decoded = apiGateway.decodeAll(apis, ["orders", "users"])
    assert.isTrue(Result.isFailure(decoded))
    if (Result.isFailure(decoded)) {
      assert.strictEqual(decoded.failure.setting, setting)
      assert.strictEqual(decoded.failure.value, value)
      assert.include(decoded.failure.expected, expected)
    }
  })
})
