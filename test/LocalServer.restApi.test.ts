import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import * as LocalServer from "../src/LocalServer.ts"
import {
  browse,
  errorTrailers,
  eventOf,
  exchange,
  failing,
  httpIntegration,
  malformedResponses,
  open,
  prelude,
  replyTo,
  send,
  version1
} from "./support/frontDoor.ts"
import * as localApis from "./support/localApis.ts"
import { makeRuntime, until } from "./support/localServer.ts"
import * as localSocket from "./support/localSocket.ts"

const fork = Effect.forkChild({ startImmediately: true })

describe("a REST API of LocalServer", () => {
  const routes = { "ANY /{proxy+}": "function", "GET /orders/{id}": "function", "GET /": "function" }
  const shop = localApis.layer([{
    name: "shop",
    type: "REST",
    stage: "live",
    routes,
    binaryMediaTypes: ["image/*", "application/octet-stream"]
  }])

  describe("makes an event of a request", () => {
    it.effect("as API Gateway does", () =>
      Effect.gen(function*() {
        yield* TestClock.setTime(1_783_711_144_836)
        const { address } = yield* LocalServer.LocalServer
        const [, port = ""] = address.split(":")
        const runtime = yield* makeRuntime()
        const caller = yield* localSocket.connect(address)
        yield* caller.write([
          "POST /execute-api/shop/live/capture/space%20value?repeat=one&repeat=two&literalPlus=a+b&encodedPlus=a%2Bb&" +
          "empty= HTTP/1.1",
          `host: ${address}`,
          "user-agent: curl/8.7.1",
          "accept: */*",
          "content-type: application/json",
          "cookie: session=abc123; theme=dark",
          "x-voker-probe: first",
          "X-Voker-Probe: second",
          "aUThorization: random-value",
          "Content-MD5: x",
          "Max-Forwards: 1",
          "Connection: keep-alive",
          "Content-Length: 2",
          "",
          "{}"
        ].join("\r\n"))
        const event = yield* runtime.next
        yield* runtime.respond(event.requestId, "{\"statusCode\":202}")
        const head = yield* caller.readUntil("\r\n\r\n")
        const payload = version1(event.text)
        const { extendedRequestId, requestId, resourceId } = payload.requestContext
        assert.match(requestId, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
        assert.match(extendedRequestId, /^[\w-]{15}=$/)
        assert.match(resourceId, /^[0-9a-z]{6}$/)
        assert.include(head, `X-Amzn-RequestId: ${requestId}`)
        assert.include(head, `X-Amz-Apigw-Id: ${extendedRequestId}`)
        assert.include(head, `X-Amzn-Trace-Id: ${event.headers["lambda-runtime-trace-id"]}`)
        const multiValueHeaders = {
          "Authorization": ["random-value"],
          "Host": [address],
          "User-Agent": ["curl/8.7.1"],
          "X-Amzn-Trace-Id": payload.multiValueHeaders?.["X-Amzn-Trace-Id"] ?? [],
          "X-Forwarded-For": ["127.0.0.1"],
          "X-Forwarded-Port": [port],
          "X-Forwarded-Proto": ["http"],
          "accept": ["*/*"],
          "content-type": ["application/json"],
          "cookie": ["session=abc123; theme=dark"],
          "x-voker-probe": ["first", "second"]
        }
        assert.deepStrictEqual(payload, {
          resource: "/{proxy+}",
          path: "/capture/space%20value",
          httpMethod: "POST",
          headers: Object.fromEntries(
            Object.entries(multiValueHeaders).map(([name, values]) => [name, values.at(-1) ?? ""])
          ),
          multiValueHeaders,
          queryStringParameters: { repeat: "two", literalPlus: "a b", encodedPlus: "a+b", empty: "" },
          multiValueQueryStringParameters: {
            repeat: ["one", "two"],
            literalPlus: ["a b"],
            encodedPlus: ["a+b"],
            empty: [""]
          },
          pathParameters: { proxy: "capture/space%20value" },
          stageVariables: null,
          requestContext: {
            resourceId,
            resourcePath: "/{proxy+}",
            httpMethod: "POST",
            extendedRequestId,
            requestTime: "10/Jul/2026:19:19:04 +0000",
            path: "/live/capture/space%20value",
            accountId: "123456789012",
            protocol: "HTTP/1.1",
            stage: "live",
            domainPrefix: "shop",
            requestTimeEpoch: 1_783_711_144_836,
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
              userAgent: "curl/8.7.1",
              user: null
            },
            domainName: `shop.execute-api.localhost:${port}`,
            apiId: "shop"
          },
          body: "{}",
          isBase64Encoded: false
        })
      }).pipe(Effect.provide(shop)))

    it.effect("in which what is empty is null", () =>
      Effect.gen(function*() {
        const payload = version1(yield* eventOf({ path: "/execute-api/shop/live" }))
        assert.strictEqual(payload.path, "/")
        assert.strictEqual(payload.resource, "/")
        assert.strictEqual(payload.requestContext.path, "/live")
        assert.isNull(payload.body)
        assert.isNull(payload.pathParameters)
        assert.isNull(payload.queryStringParameters)
        assert.isNull(payload.multiValueQueryStringParameters)
        assert.isNull(payload.stageVariables)
        assert.isFalse(payload.isBase64Encoded)
        assert.notProperty(payload, "version")
      }).pipe(Effect.provide(shop)))

    it.effect.each([
      ["/test-path", "test-path"],
      ["/test-path/", "test-path"],
      [
        "/user/test%2Balias@gmail.com/plus/test+alias@gmail.com",
        "user/test%2Balias@gmail.com/plus/test+alias@gmail.com"
      ],
      ["/a%2Fb", "a%2Fb"],
      ["/bad%zz", "bad%zz"]
    ])("with the path %s as it was sent", ([path = "", proxy = ""]) =>
      Effect.gen(function*() {
        const payload = version1(yield* eventOf({ path: `/execute-api/shop/live${path}` }))
        assert.strictEqual(payload.path, path)
        assert.strictEqual(payload.requestContext.path, `/live${path}`)
        assert.deepStrictEqual(payload.pathParameters, { proxy })
      }).pipe(Effect.provide(shop)))

    it.effect.each<[contentType: string, body: Buffer, expected: string, isBase64Encoded: boolean]>([
      ["image/png", Buffer.from([0xff, 0x00]), "/wA=", true],
      ["application/octet-stream; x=y", Buffer.from("text"), "dGV4dA==", true],
      ["application/json", Buffer.from("{\"a\":\"ü\"}"), "{\"a\":\"ü\"}", false],
      ["application/x-www-form-urlencoded", Buffer.from("a=b"), "a=b", false],
      ["application/pdf", Buffer.from([0x25, 0xff]), "%\ufffd", false]
    ])(
      "with a body of the type %s as its binary media types say",
      ([contentType, body, expected, isBase64Encoded]) =>
        Effect.gen(function*() {
          const payload = version1(
            yield* eventOf({
              method: "POST",
              path: "/execute-api/shop/live/x",
              headers: { "content-type": contentType },
              body
            })
          )
          assert.strictEqual(payload.body, expected)
          assert.strictEqual(payload.isBase64Encoded, isBase64Encoded)
        }).pipe(Effect.provide(shop))
    )

    it.effect("in the stage prod, if it does not say otherwise", () =>
      Effect.gen(function*() {
        const payload = version1(yield* eventOf({ path: "/prod/x", headers: { host: "shop.execute-api.localhost" } }))
        assert.strictEqual(payload.requestContext.stage, "prod")
        assert.strictEqual(payload.path, "/x")
      }).pipe(Effect.provide(localApis.layer([{ name: "shop", type: "REST", routes }]))))
  })

  describe("makes a response of an answer", () => {
    const request = { path: "/execute-api/shop/live/orders/1" }

    it.effect("with the headers of both lists", () =>
      Effect.gen(function*() {
        const reply = yield* replyTo(request, {
          statusCode: "201",
          headers: { "X-Both": "single", "X-Same": "twice", "X-Yes": true, "X-Null": null },
          multiValueHeaders: { "x-both": ["first", "second"], "X-Same": ["twice"], "Set-Cookie": ["a=1", "b=2"] },
          body: "created",
          isBase64Encoded: false
        })
        assert.strictEqual(reply.status, 201)
        assert.strictEqual(reply.text, "created")
        assert.strictEqual(reply.headers["content-type"], "application/json")
        assert.strictEqual(reply.headers["x-both"], "first, second, single")
        assert.strictEqual(reply.headers["x-same"], "twice")
        assert.strictEqual(reply.headers["x-yes"], "true")
        assert.isUndefined(reply.headers["x-null"])
        assert.deepStrictEqual(reply.headers["set-cookie"], ["a=1", "b=2"])
      }).pipe(Effect.provide(shop)))

    it.effect("that has hardly anything in it", () =>
      Effect.gen(function*() {
        for (const answer of [{}, { body: null }, { headers: {} }, { statusCode: null, multiValueHeaders: null }]) {
          const reply = yield* replyTo(request, answer)
          assert.strictEqual(reply.status, 200, JSON.stringify(answer))
          assert.strictEqual(reply.text, "")
        }
      }).pipe(Effect.provide(shop)))

    it.effect("without headers that belong to the connection or to the server", () =>
      Effect.gen(function*() {
        const reply = yield* replyTo(request, {
          statusCode: 200,
          headers: {
            "Connection": "upgrade",
            "Date": "never",
            "WWW-Authenticate": "Basic",
            "Transfer-Encoding": "gzip",
            "Content-Length": "1"
          },
          body: "longer"
        })
        assert.strictEqual(reply.text, "longer")
        assert.strictEqual(reply.headers["x-amzn-remapped-connection"], "upgrade")
        assert.strictEqual(reply.headers["x-amzn-remapped-date"], "never")
        assert.strictEqual(reply.headers["x-amzn-remapped-www-authenticate"], "Basic")
        assert.strictEqual(reply.headers["x-amzn-remapped-content-length"], "1")
        assert.notStrictEqual(reply.headers["connection"], "upgrade")
        assert.notStrictEqual(reply.headers["date"], "never")
        assert.isUndefined(reply.headers["transfer-encoding"])
      }).pipe(Effect.provide(shop)))

    it.effect("in bytes only for those who accept a binary media type first", () =>
      Effect.gen(function*() {
        const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
        const base64 = Buffer.from(bytes).toString("base64")
        const answer = JSON.stringify({
          statusCode: 200,
          headers: { "content-type": "image/png" },
          body: base64,
          isBase64Encoded: true
        })
        const runtime = yield* makeRuntime()
        for (const accept of ["image/png", "image/webp,*/*", "application/octet-stream;q=1, text/html"]) {
          const { reply } = yield* exchange(runtime, browse(request.path, { headers: { accept } }), answer)
          assert.deepStrictEqual(new Uint8Array(yield* Effect.promise(() => reply.arrayBuffer())), bytes)
        }
        for (const accept of ["text/html, image/png", "*/*"]) {
          const { reply } = yield* exchange(runtime, browse(request.path, { headers: { accept } }), answer)
          assert.strictEqual(yield* Effect.promise(() => reply.text()), base64)
        }
      }).pipe(Effect.provide(shop)))

    it.effect("in bytes for everyone when all media types are binary", () =>
      Effect.gen(function*() {
        const reply = yield* replyTo({ path: "/execute-api/shop/prod/x" }, { body: "dGVzdA==", isBase64Encoded: true })
        assert.strictEqual(reply.text, "test")
      }).pipe(
        Effect.provide(localApis.layer([{ name: "shop", type: "REST", routes, binaryMediaTypes: ["*/*"] }]))
      ))
  })

  describe("streams", () => {
    const request = { path: "/execute-api/shop/live/orders/1" }

    const begin = Effect.fnUntraced(function*() {
      const runtime = yield* makeRuntime()
      const caller = yield* open(request)
      const { requestId } = yield* runtime.next
      return { caller, answer: yield* runtime.stream(requestId, httpIntegration) }
    })

    it.effect("an answer with an HTTP head, chunk by chunk", () =>
      Effect.gen(function*() {
        const { answer, caller } = yield* begin()
        yield* answer.write(prelude({
          statusCode: 206,
          headers: { "content-type": "text/event-stream", "server": "mine" },
          multiValueHeaders: { "x-many": ["1", "2"] },
          cookies: ["a=1", "b=2"]
        }))
        const reply = yield* caller.reply
        assert.strictEqual(reply.status, 206)
        assert.strictEqual(reply.headers["content-type"], "text/event-stream")
        assert.strictEqual(reply.headers["x-many"], "1, 2")
        assert.strictEqual(reply.headers["x-amzn-remapped-server"], "mine")
        assert.deepStrictEqual(reply.headers["set-cookie"], ["a=1", "b=2"])
        assert.isString(reply.headers["x-amz-apigw-id"])
        for (const chunk of ["one", "two", "three"]) {
          yield* answer.write(chunk)
          assert.strictEqual(yield* reply.read, chunk)
        }
        yield* answer.end()
        assert.isUndefined(yield* reply.read)
      }).pipe(Effect.provide(shop)))

    it.effect("and breaks off when the function fails half-way", () =>
      Effect.gen(function*() {
        const { answer, caller } = yield* begin()
        yield* answer.write(`${prelude({})}first`)
        const reply = yield* caller.reply
        assert.strictEqual(yield* reply.read, "first")
        yield* answer.end(errorTrailers({ errorType: "Function.Oops", errorMessage: "" }))
        assert.isTrue(Exit.isFailure(yield* Effect.exit(reply.rest)))
      }).pipe(Effect.provide(shop)))

    it.effect("not, and says 500, when the HTTP head is none", () =>
      Effect.gen(function*() {
        const { answer, caller } = yield* begin()
        yield* answer.write("{\"statusCode\":200} and no NUL bytes")
        yield* answer.end()
        const reply = yield* caller.reply
        assert.strictEqual(reply.status, 500)
        assert.strictEqual(yield* reply.rest, "{\"message\": \"Internal server error\"}")
      }).pipe(Effect.provide(shop)))

    it.effect("not, and says 502, when the function fails before its first byte", () =>
      Effect.gen(function*() {
        const { answer, caller } = yield* begin()
        yield* answer.end(errorTrailers({ errorType: "Function.Oops", errorMessage: "" }))
        assert.strictEqual((yield* caller.reply).status, 502)
      }).pipe(Effect.provide(shop)))

    it.effect("no answer without an HTTP head: that is an ordinary one, once it is complete", () =>
      Effect.gen(function*() {
        const { reply } = yield* exchange(
          yield* makeRuntime(),
          send(request),
          "{\"statusCode\":202,\"body\":\"whole\"}",
          {
            "content-type": "text/plain",
            "lambda-runtime-function-response-mode": "streaming"
          }
        )
        assert.strictEqual(reply.status, 202)
        assert.strictEqual(reply.text, "whole")
      }).pipe(Effect.provide(shop)))
  })

  describe("answers for its functions", () => {
    const request = { path: "/execute-api/shop/live/orders/1" }

    it.effect("with 403 where it has no route or no stage", () =>
      Effect.gen(function*() {
        for (
          const [method, path] of [
            ["GET", "/live/none"],
            ["POST", "/live/orders/1"],
            ["GET", "/live/orders/1/2"],
            ["GET", "/live"]
          ] as const
        ) {
          const reply = yield* send({ method, path: `/execute-api/shop${path}` })
          assert.strictEqual(reply.status, 403, path)
          assert.strictEqual(reply.text, "{\"message\":\"Missing Authentication Token\"}")
          assert.strictEqual(reply.headers["x-amzn-errortype"], "MissingAuthenticationTokenException")
        }
        for (const path of ["/prod/orders/1", "/orders/1", "/", ""]) {
          const reply = yield* send({ path: `/execute-api/shop${path}` })
          assert.strictEqual(reply.status, 403, path)
          assert.strictEqual(reply.text, "{\"message\":\"Forbidden\"}")
          assert.strictEqual(reply.headers["x-amzn-errortype"], "ForbiddenException")
        }
      }).pipe(Effect.provide(
        localApis.layer([{ name: "shop", type: "REST", stage: "live", routes: { "GET /orders/{id}": "function" } }])
      )))

    it.effect("with 502 when they fail, are late or answer nonsense", () =>
      Effect.gen(function*() {
        const replies = yield* failing(request)
        const more = ["null", "[]", "\"text\"", "text", { wrong: "format" }, { statusCode: 200, cookies: ["a=b"] }]
        for (const answer of [...malformedResponses, ...more]) replies.push(yield* replyTo(request, answer))
        for (const reply of replies) {
          assert.strictEqual(reply.status, 502)
          assert.strictEqual(reply.text, "{\"message\": \"Internal server error\"}")
          assert.strictEqual(reply.headers["content-length"], "36")
          assert.strictEqual(reply.headers["x-amzn-errortype"], "InternalServerErrorException")
        }
      }).pipe(Effect.provide(shop)))

    it.effect("with 413 when the event would be over 6 MB", () =>
      Effect.gen(function*() {
        const reply = yield* send({
          method: "POST",
          path: "/execute-api/shop/live/x",
          body: Buffer.alloc(6_300_000, "x")
        })
        assert.strictEqual(reply.status, 413)
        assert.strictEqual(reply.text, "{\"message\":\"Request Too Long\"}")
      }).pipe(Effect.provide(shop)))

    it.effect("with 500 when too many events wait, and with 503 when the server shuts down", () =>
      Effect.gen(function*() {
        const scope = yield* Scope.make()
        const context = yield* Layer.buildWithScope(
          localApis.layer([{ name: "shop", type: "REST", stage: "live", routes }], { maxQueued: 1 }),
          scope
        )
        const waiting = yield* fork(Effect.provide(send(request), context))
        yield* Effect.provide(until({ queued: 1 }), context)
        const reply = yield* Effect.provide(send(request), context)
        assert.strictEqual(reply.status, 500)
        assert.strictEqual(reply.text, "{\"message\": \"Internal server error\"}")
        yield* Scope.close(scope, Exit.void)
        assert.strictEqual((yield* Fiber.join(waiting)).status, 503)
      }))
  })
})
