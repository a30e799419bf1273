import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import * as LocalServer from "../src/LocalServer.ts"
import {
  errorTrailers,
  eventOf,
  exchange,
  failing,
  httpIntegration,
  malformedResponses,
  prelude,
  replyTo,
  send,
  version1,
  version2
} from "./support/frontDoor.ts"
import * as localApis from "./support/localApis.ts"
import * as localHttp from "./support/localHttp.ts"
import { makeRuntime, until } from "./support/localServer.ts"

const fork = Effect.forkChild({ startImmediately: true })

describe("an HTTP API of LocalServer", () => {
  const routes = {
    "GET /orders/{id}": "function",
    "ANY /files/{proxy+}": "function",
    "POST /orders": "function",
    "$default": "function"
  }
  const shop = localApis.layer([{ name: "shop", type: "HTTP", routes }])
  const withoutDefault = localApis.layer([{ name: "shop", type: "HTTP", routes: { "ANY /orders/{id}": "function" } }])

  describe("makes an event of a request", () => {
    it.effect("as API Gateway does in payload format 2.0", () =>
      Effect.gen(function*() {
        yield* TestClock.setTime(1_744_668_891_302)
        const { address } = yield* LocalServer.LocalServer
        const [, port = ""] = address.split(":")
        const { event, reply } = yield* exchange(
          yield* makeRuntime(),
          send({
            path: "/execute-api/shop/orders/Summer%20Sale%202023?tag=a&tag=b",
            headers: {
              "User-Agent": "agent",
              "Cookie": "session=abc123; theme=dark",
              "X-Amzn-Trace-Id": "Root=1-67fd88db-518e8b296009540c739c0ca7"
            }
          })
        )
        const payload = version2(event.text)
        const { requestId } = payload.requestContext
        assert.match(requestId, /^[\w-]{15}=$/)
        assert.strictEqual(reply.headers["apigw-requestid"], requestId)
        assert.deepStrictEqual(payload, {
          version: "2.0",
          routeKey: "GET /orders/{id}",
          rawPath: "/orders/Summer Sale 2023",
          rawQueryString: "tag=a&tag=b",
          cookies: ["session=abc123", "theme=dark"],
          headers: {
            "host": address,
            "user-agent": "agent",
            "x-amzn-trace-id": "Root=1-67fd88db-518e8b296009540c739c0ca7",
            "x-forwarded-for": "127.0.0.1",
            "x-forwarded-port": port,
            "x-forwarded-proto": "http"
          },
          queryStringParameters: { tag: "a,b" },
          requestContext: {
            accountId: "123456789012",
            apiId: "shop",
            domainName: `shop.execute-api.localhost:${port}`,
            domainPrefix: "shop",
            http: {
              method: "GET",
              path: "/orders/Summer Sale 2023",
              protocol: "HTTP/1.1",
              sourceIp: "127.0.0.1",
              userAgent: "agent"
            },
            requestId,
            routeKey: "GET /orders/{id}",
            stage: "$default",
            time: "14/Apr/2025:22:14:51 +0000",
            timeEpoch: 1_744_668_891_302
          },
          pathParameters: { id: "Summer Sale 2023" },
          isBase64Encoded: false
        })
        assert.isTrue(
          String(event.headers["lambda-runtime-trace-id"]).startsWith(
            "Root=1-67fd88db-518e8b296009540c739c0ca7;Parent="
          )
        )
      }).pipe(Effect.provide(shop)))

    it.effect("as API Gateway does in payload format 1.0", () =>
      Effect.gen(function*() {
        yield* TestClock.setTime(1_744_669_036_726)
        const { address } = yield* LocalServer.LocalServer
        const [, port = ""] = address.split(":")
        const text = yield* eventOf({
          method: "POST",
          path: "/execute-api/old/products/%E2%98%95%20Coffee/reviews?a=1&a=2",
          headers: { "content-type": "application/octet-stream", "x-two": ["first", "second"] },
          body: Buffer.from([1, 2, 3, 4, 5])
        })
        const payload = version1(text)
        const { requestId } = payload.requestContext
        const multiValueHeaders = {
          "Content-Length": ["5"],
          "content-type": ["application/octet-stream"],
          "Host": [address],
          "X-Amzn-Trace-Id": payload.multiValueHeaders?.["X-Amzn-Trace-Id"] ?? [],
          "X-Forwarded-For": ["127.0.0.1"],
          "X-Forwarded-Port": [port],
          "X-Forwarded-Proto": ["http"],
          "x-two": ["first", "second"]
        }
        assert.deepStrictEqual(payload, {
          version: "1.0",
          resource: "/products/{name}/reviews",
          path: "/products/%E2%98%95%20Coffee/reviews",
          httpMethod: "POST",
          headers: Object.fromEntries(
            Object.entries(multiValueHeaders).map(([name, values]) => [name, values.at(-1) ?? ""])
          ),
          multiValueHeaders,
          queryStringParameters: { a: "2" },
          multiValueQueryStringParameters: { a: ["1", "2"] },
          pathParameters: { name: "☕ Coffee" },
          stageVariables: null,
          requestContext: {
            resourceId: "POST /products/{name}/reviews",
            resourcePath: "/products/{name}/reviews",
            httpMethod: "POST",
            extendedRequestId: requestId,
            requestTime: "14/Apr/2025:22:17:16 +0000",
            path: "/products/☕ Coffee/reviews",
            accountId: "123456789012",
            protocol: "HTTP/1.1",
            stage: "$default",
            domainPrefix: "old",
            requestTimeEpoch: 1_744_669_036_726,
            requestId,
            identity: {
              cognitoIdentityPoolId: null,
              accountId: null,
              cognitoIdentityId: null,
              caller: null,
              sourceIp: "127.0.0.1",
              principalOrgId: null,
              accessKey: null,
              cognitoAuthenticationType: null,
              cognitoAuthenticationProvider: null,
              userArn: null,
              userAgent: null,
              user: null
            },
            domainName: `old.execute-api.localhost:${port}`,
            apiId: "old"
          },
          body: "AQIDBAU=",
          isBase64Encoded: true
        })
      }).pipe(Effect.provide(localApis.layer([{
        name: "old",
        type: "HTTP",
        payloadFormatVersion: "1.0",
        routes: { "POST /products/{name}/reviews": "function" }
      }]))))

    it.effect.each([
      ["/capture/plain", "/capture/plain"],
      ["", "/"],
      ["/", "/"],
      ["/thing/", "/thing/"],
      ["/capture/space%20value", "/capture/space value"],
      ["/capture/question%3Fvalue", "/capture/question"],
      ["/capture/hash%23value", "/capture/hash#value"],
      ["/capture/slash%2Fvalue", "/capture/slash/value"],
      ["/capture/unicode-%CE%BB-%E4%B8%96%E7%95%8C", "/capture/unicode-λ-世界"],
      ["/capture/literal%252Fvalue", "/capture/literal/value"],
      ["/capture/literal%253Fvalue", "/capture/literal?value"],
      ["/capture/literal%2525value", "/capture/literal%value"]
    ])("with the path %j decoded as it was observed on AWS", ([path = "", rawPath = ""]) =>
      Effect.gen(function*() {
        const payload = version2(yield* eventOf({ path: `/execute-api/shop${path}` }))
        assert.strictEqual(payload.rawPath, rawPath)
        assert.strictEqual(payload.requestContext.http.path, rawPath)
        assert.strictEqual(payload.routeKey, "$default")
        assert.notProperty(payload, "pathParameters")
      }).pipe(Effect.provide(shop)))

    it.effect("with the parameters of its route decoded", () =>
      Effect.gen(function*() {
        const greedy = version2(yield* eventOf({ method: "PATCH", path: "/execute-api/shop/files/a%20b/c%2Fd/" }))
        assert.strictEqual(greedy.routeKey, "ANY /files/{proxy+}")
        assert.deepStrictEqual(greedy.pathParameters, { proxy: "a b/c/d/" })
        const literal = version2(yield* eventOf({ method: "POST", path: "/execute-api/shop/orders", body: "1=1" }))
        assert.strictEqual(literal.routeKey, "POST /orders")
        assert.notProperty(literal, "pathParameters")
        assert.isTrue(literal.isBase64Encoded)
      }).pipe(Effect.provide(shop)))

    it.effect("with its stage in the path, if it has a name", () =>
      Effect.gen(function*() {
        for (const path of ["/execute-api/shop/dev/orders/1", "/execute-api/shop/dev"]) {
          const payload = version2(yield* eventOf({ path }))
          assert.strictEqual(payload.rawPath, path.slice("/execute-api/shop".length))
          assert.strictEqual(payload.requestContext.stage, "dev")
        }
        for (const path of ["/execute-api/shop/orders/1", "/execute-api/shop", "/execute-api/shop/development/"]) {
          const reply = yield* send({ path })
          assert.strictEqual(reply.status, 404)
          assert.strictEqual(reply.text, "{\"message\":\"Not Found\"}")
        }
      }).pipe(Effect.provide(localApis.layer([{
        name: "shop",
        type: "HTTP",
        stage: "dev",
        routes: { "GET /orders/{id}": "function", "GET /": "function" }
      }]))))
  })

  it.effect("has all paths of its host name to itself", () =>
    Effect.gen(function*() {
      for (const host of ["shop.execute-api.localhost:7000", "SHOP.execute-api.localhost"]) {
        const payload = version2(yield* eventOf({ method: "POST", path: "/invoke", headers: { host }, body: "{}" }))
        assert.strictEqual(payload.rawPath, "/invoke")
        assert.strictEqual(payload.requestContext.domainName, host)
      }
    }).pipe(Effect.provide(shop)))

  describe("makes a response of an answer", () => {
    const request = { path: "/execute-api/shop/orders/1" }

    it.effect("with its own content type, if there is none, and its headers as they are", () =>
      Effect.gen(function*() {
        const reply = yield* replyTo(request, {
          statusCode: 401,
          headers: {
            "WWW-Authenticate": "Basic",
            "Server": "mine",
            "Connection": "close",
            "Transfer-Encoding": "gzip",
            "Content-Length": "99",
            "X-Kept": "yes"
          },
          cookies: ["a=1", "b=2"],
          body: Buffer.from("grün").toString("base64"),
          isBase64Encoded: true
        })
        assert.strictEqual(reply.status, 401)
        assert.strictEqual(reply.text, "grün")
        assert.strictEqual(reply.headers["content-type"], "text/plain; charset=utf-8")
        assert.strictEqual(reply.headers["content-length"], "5")
        assert.strictEqual(reply.headers["www-authenticate"], "Basic")
        assert.strictEqual(reply.headers["server"], "mine")
        assert.strictEqual(reply.headers["x-kept"], "yes")
        assert.deepStrictEqual(reply.headers["set-cookie"], ["a=1", "b=2"])
        assert.isUndefined(reply.headers["transfer-encoding"])
      }).pipe(Effect.provide(shop)))

    it.effect("that is none with the status 200 and JSON", () =>
      Effect.gen(function*() {
        for (
          const [answer, text] of [
            ["{\"key\" : \"value\", \"headers\" : {\"content-type\": \"application/xml\"}}"],
            ["\"test\"", "test"],
            ["Hello from lambda"]
          ] as const
        ) {
          const reply = yield* replyTo(request, answer)
          assert.strictEqual(reply.status, 200)
          assert.strictEqual(reply.headers["content-type"], "application/json")
          assert.strictEqual(reply.text, text ?? answer)
        }
      }).pipe(Effect.provide(shop)))

    it.effect("of payload format 1.0, which has to have a status", () =>
      Effect.gen(function*() {
        const reply = yield* replyTo(request, {
          statusCode: 201,
          headers: { "X-One": "1", "X-Both": "single" },
          multiValueHeaders: { "X-Both": ["first", "second"] },
          body: "dGVzdA==",
          isBase64Encoded: true,
          unknown: "ignored"
        })
        assert.strictEqual(reply.status, 201)
        assert.strictEqual(reply.text, "test")
        assert.strictEqual(reply.headers["content-type"], "text/plain; charset=utf-8")
        assert.strictEqual(reply.headers["x-both"], "first, second, single")
        for (const answer of [...malformedResponses, {}, "null", "[]", "text", { body: "no status" }]) {
          const refused = yield* replyTo(request, answer)
          assert.strictEqual(refused.status, 500, JSON.stringify(answer))
          assert.strictEqual(refused.text, "{\"message\":\"Internal Server Error\"}")
        }
      }).pipe(Effect.provide(localApis.layer([{ name: "shop", type: "HTTP", payloadFormatVersion: "1.0", routes }]))))

    it.effect("that was streamed once it is complete, and warns when it was meant to be seen earlier", () =>
      Effect.gen(function*() {
        const lines: Array<string> = []
        const logger = Logger.layer([Logger.make(({ message }) => void lines.push(String(message)))])
        yield* Effect.gen(function*() {
          const runtime = yield* makeRuntime()
          const caller = yield* fork(send(request))
          const { requestId } = yield* runtime.next
          const answer = yield* runtime.stream(requestId, { "content-type": "application/json" })
          yield* answer.write("{\"statusCode\":202,")
          assert.isUndefined(caller.pollUnsafe())
          yield* answer.write("\"body\":\"whole\"}")
          yield* answer.end()
          const reply = yield* Fiber.join(caller)
          assert.strictEqual(reply.status, 202)
          assert.strictEqual(reply.text, "whole")
          assert.deepStrictEqual(lines, [])

          const { reply: withHead } = yield* exchange(runtime, send(request), `${prelude({})}body`, {
            ...httpIntegration,
            "lambda-runtime-function-response-mode": "streaming"
          })
          assert.strictEqual(withHead.status, 200)
          assert.strictEqual(withHead.text, `${prelude({})}body`)
          assert.include(lines.join(), "an HTTP API does not stream")
        }).pipe(Effect.provide(Layer.provide(shop, logger)))
      }))
  })

  describe("answers for its functions", () => {
    const request = { path: "/execute-api/shop/orders/1" }

    it.effect("with 404 where it has no route", () =>
      Effect.gen(function*() {
        for (const path of ["/", "", "/order/1", "/orders", "/orders/", "/orders/1/", "/orders/1/2"]) {
          const reply = yield* send({ path: `/execute-api/shop${path}` })
          assert.strictEqual(reply.status, 404, path)
          assert.strictEqual(reply.text, "{\"message\":\"Not Found\"}")
          assert.strictEqual(reply.headers["content-type"], "application/json")
        }
      }).pipe(Effect.provide(withoutDefault)))

    it.effect("with 400 where the path cannot be decoded", () =>
      Effect.gen(function*() {
        for (const path of ["/percent%25done", "/bad%zz", "/%ff"]) {
          const reply = yield* send({ path: `/execute-api/shop${path}` })
          assert.strictEqual(reply.status, 400)
          assert.strictEqual(reply.text, "{\"message\":\"Bad Request\"}")
        }
      }).pipe(Effect.provide(shop)))

    it.effect("with 500 when they fail, are late or answer nonsense", () =>
      Effect.gen(function*() {
        const replies = yield* failing(request)
        for (const answer of malformedResponses) replies.push(yield* replyTo(request, answer))
        for (const reply of replies) {
          assert.strictEqual(reply.status, 500)
          assert.strictEqual(reply.text, "{\"message\":\"Internal Server Error\"}")
        }
      }).pipe(Effect.provide(shop)))

    it.effect("with 500 when a stream fails or is larger than a buffered answer may be", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        const failed = yield* fork(send(request))
        const first = yield* runtime.stream((yield* runtime.next).requestId)
        yield* first.write("first")
        yield* first.end(errorTrailers({ errorType: "Function.Oops", errorMessage: "" }))
        assert.strictEqual((yield* Fiber.join(failed)).status, 500)

        const flooded = yield* fork(send(request))
        const second = yield* runtime.stream((yield* runtime.next).requestId)
        for (let count = 0; count < 7; count++) yield* second.write(Buffer.alloc(1_000_000, "x"))
        yield* second.end()
        assert.strictEqual((yield* Fiber.join(flooded)).status, 500)
        assert.strictEqual((yield* second.reply).status, 202)
      }).pipe(Effect.provide(shop)))

    it.effect("with 413 when the event would be over 6 MB", () =>
      Effect.gen(function*() {
        const reply = yield* send({ method: "POST", path: "/execute-api/shop/orders", body: Buffer.alloc(5_000_000) })
        assert.strictEqual(reply.status, 413)
        assert.strictEqual(reply.text, "{\"message\":\"Request Entity Too Large\"}")
      }).pipe(Effect.provide(shop)))

    it.effect("with 503 when too many events wait, and when the server shuts down", () =>
      Effect.gen(function*() {
        const scope = yield* Scope.make()
        const context = yield* Layer.buildWithScope(
          localApis.layer([{ name: "shop", type: "HTTP", routes }], { maxQueued: 1 }),
          scope
        )
        const waiting = yield* fork(Effect.provide(send(request), context))
        yield* Effect.provide(until({ queued: 1 }), context)
        const reply = yield* Effect.provide(send(request), context)
        assert.strictEqual(reply.status, 503)
        assert.strictEqual(reply.text, "{\"message\":\"Service Unavailable\"}")
        yield* Scope.close(scope, Exit.void)
        assert.strictEqual((yield* Fiber.join(waiting)).status, 503)
      }))
  })

  it.effect("gives every route to its own function", () =>
    Effect.gen(function*() {
      const { address } = yield* LocalServer.LocalServer
      const runtimeOf = (name: string) => `/${name}/2018-06-01/runtime/invocation`
      for (const [method, path, name] of [["GET", "/orders/1", "orders"], ["GET", "/users/1", "users"]] as const) {
        const caller = yield* fork(send({ method, path: `/execute-api/shop${path}` }))
        const event = yield* localHttp.send({ address, method: "GET", path: `${runtimeOf(name)}/next` })
        assert.strictEqual(version2(event.text).rawPath, path)
        yield* localHttp.send({
          address,
          path: `${runtimeOf(name)}/${event.headers["lambda-runtime-aws-request-id"]}/response`,
          body: JSON.stringify({ from: name })
        })
        assert.deepStrictEqual(JSON.parse((yield* Fiber.join(caller)).text), { from: name })
      }
    }).pipe(Effect.provide(localApis.layer(
      [{ name: "shop", type: "HTTP", routes: { "GET /orders/{id}": "orders", "$default": "users" } }],
      { functionName: "orders", functions: [{ functionName: "users" }] }
    ))))
})
