import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import * as Handler from "../src/Handler.ts"
import * as Lambda from "../src/Lambda.ts"
import * as LambdaResponse from "../src/LambdaResponse.ts"
import * as LocalServer from "../src/LocalServer.ts"
import * as RuntimeApi from "../src/RuntimeApi.ts"
import { assertBadGateway, browse, exchange, open, send, version2 } from "./support/frontDoor.ts"
import { makeRuntime, until } from "./support/localServer.ts"
import * as localSocket from "./support/localSocket.ts"
import { environment } from "./support/runtimeApiLayers.ts"

const fork = Effect.forkChild({ startImmediately: true })

const url = "/lambda-url/function"

/** The event of a request. */
const eventOf = Effect.fnUntraced(function*(request: Parameters<typeof send>[0]) {
  const { event } = yield* exchange(yield* makeRuntime(), send(request))
  return version2(event.text)
})

describe("a function URL of LocalServer", () => {
  describe("makes an event of a request", () => {
    it.effect("as Lambda does", () =>
      Effect.gen(function*() {
        yield* TestClock.setTime(1_583_348_638_390)
        const { address } = yield* LocalServer.LocalServer
        const [, port = ""] = address.split(":")
        const { event, reply } = yield* exchange(
          yield* makeRuntime(),
          send({
            method: "PUT",
            path: `${url}/my/path?parameter1=value1&parameter1=value2&parameter2=value`,
            headers: {
              "User-Agent": "agent",
              "Content-Type": "application/json",
              "Cookie": "cookie1=a; cookie2=b",
              "X-Amzn-Trace-Id": "Root=1-5759e988-bd862e3fe1be46a994272793",
              "X-Mixed-Case": "Kept"
            },
            body: "{\"hello\":\"wörld\"}"
          })
        )
        assert.deepStrictEqual(version2(event.text), {
          version: "2.0",
          routeKey: "$default",
          rawPath: "/my/path",
          rawQueryString: "parameter1=value1&parameter1=value2&parameter2=value",
          cookies: ["cookie1=a", "cookie2=b"],
          headers: {
            "content-length": "18",
            "content-type": "application/json",
            "cookie": "cookie1=a; cookie2=b",
            "host": address,
            "user-agent": "agent",
            "x-amzn-trace-id": "Root=1-5759e988-bd862e3fe1be46a994272793",
            "x-forwarded-for": "127.0.0.1",
            "x-forwarded-port": port,
            "x-forwarded-proto": "http",
            "x-mixed-case": "Kept"
          },
          queryStringParameters: { parameter1: "value1,value2", parameter2: "value" },
          requestContext: {
            accountId: "anonymous",
            apiId: "function",
            domainName: `function.lambda-url.localhost:${port}`,
            domainPrefix: "function",
            http: {
              method: "PUT",
              path: "/my/path",
              protocol: "HTTP/1.1",
              sourceIp: "127.0.0.1",
              userAgent: "agent"
            },
            requestId: event.requestId,
            routeKey: "$default",
            stage: "$default",
            time: "04/Mar/2020:19:03:58 +0000",
            timeEpoch: 1_583_348_638_390
          },
          body: "{\"hello\":\"wörld\"}",
          isBase64Encoded: false
        })
        assert.strictEqual(event.headers["content-type"], "application/json")
        assert.strictEqual(
          event.headers["lambda-runtime-invoked-function-arn"],
          "arn:aws:lambda:us-east-1:123456789012:function:function"
        )
        assert.match(
          String(event.headers["lambda-runtime-trace-id"]),
          /^Root=1-5759e988-bd862e3fe1be46a994272793;Parent=[0-9a-f]{16};Sampled=0$/
        )
        assert.strictEqual(reply.headers["x-amzn-requestid"], event.requestId)
        assert.strictEqual(reply.headers["x-amzn-trace-id"], event.headers["lambda-runtime-trace-id"])
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("in which nothing is null and what is empty is absent", () =>
      Effect.gen(function*() {
        const event = yield* eventOf({ path: url })
        for (const absent of ["body", "cookies", "pathParameters", "queryStringParameters", "stageVariables"]) {
          assert.notProperty(event, absent)
        }
        assert.isFalse(event.isBase64Encoded)
        assert.strictEqual(event.rawQueryString, "")
        assert.notInclude(JSON.stringify(event), "null")
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect.each([
      ["", "/", "/"],
      ["/", "/", "/"],
      ["?a=b", "/", "/"],
      ["//double//slash/", "//double//slash/", "//double//slash/"],
      ["/space%20value", "/space%20value", "/space value"],
      ["/a%2Fb%3Fc", "/a%2Fb%3Fc", "/a/b?c"],
      ["/unicode-%CE%BB", "/unicode-%CE%BB", "/unicode-λ"],
      ["/pa2%Fth/1", "/pa2%Fth/1", "/pa2%Fth/1"],
      ["/plus+and;semi:colon*", "/plus+and;semi:colon*", "/plus+and;semi:colon*"]
    ])("with the path %j as %j", ([path = "", rawPath = "", decoded = ""]) =>
      Effect.gen(function*() {
        const event = yield* eventOf({ path: `${url}${path}` })
        assert.strictEqual(event.rawPath, rawPath)
        assert.strictEqual(event.requestContext.http.path, decoded)
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("with the query as it was sent, and decoded and joined", () =>
      Effect.gen(function*() {
        const query = "repeat=one&repeat=two&redirect=https%3A%2F%2Fexample.com&literalPlus=a+b&encodedPlus=a%2Bb&" +
          "empty=&bare&bad=%zz&__proto__=x"
        const event = yield* eventOf({ path: `${url}/?${query}` })
        assert.strictEqual(event.rawQueryString, query)
        assert.deepStrictEqual(
          event.queryStringParameters,
          JSON.parse(
            "{\"repeat\":\"one,two\",\"redirect\":\"https://example.com\",\"literalPlus\":\"a b\",\"encodedPlus\":\"a+b\"," +
              "\"empty\":\"\",\"bare\":\"\",\"bad\":\"%zz\",\"__proto__\":\"x\"}"
          )
        )
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("with repeated headers joined, cookies apart, and no header that is about the connection", () =>
      Effect.gen(function*() {
        const { address } = yield* LocalServer.LocalServer
        const runtime = yield* makeRuntime()
        const caller = yield* localSocket.connect(address)
        yield* caller.write([
          `POST ${url}/ HTTP/1.1`,
          `Host: ${address}`,
          "X-Probe: first",
          "x-probe: second",
          "Cookie: a=1; b=\"two words\"",
          "Cookie: c=x=y;",
          "Connection: keep-alive, X-Only-Here",
          "X-Only-Here: dropped",
          "Keep-Alive: timeout=5",
          "Proxy-Authorization: Basic x",
          "TE: trailers",
          "Trailer: X-Later",
          "Transfer-Encoding: chunked",
          "X-Forwarded-For: 203.0.113.7",
          "X-Forwarded-Proto: https",
          "Content-Type: text/plain",
          "",
          "3\r\nabc\r\n0\r\nX-Later: 1\r\n\r\n"
        ].join("\r\n"))
        const event = yield* runtime.next
        yield* runtime.respond(event.requestId, "{}")
        yield* caller.readUntil("\r\n\r\n{}")
        const { body, cookies, headers } = version2(event.text)
        assert.strictEqual(body, "abc")
        assert.deepStrictEqual(cookies, ["a=1", "b=\"two words\"", "c=x=y"])
        assert.deepStrictEqual(headers, {
          "content-length": "3",
          "content-type": "text/plain",
          "cookie": "a=1; b=\"two words\",c=x=y;",
          "host": address,
          "x-amzn-trace-id": headers["x-amzn-trace-id"] ?? "",
          "x-forwarded-for": "203.0.113.7, 127.0.0.1",
          "x-forwarded-port": address.split(":")[1] ?? "",
          "x-forwarded-proto": "http",
          "x-probe": "first,second"
        })
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("with a trace of its own when the caller names none", () =>
      Effect.gen(function*() {
        yield* TestClock.setTime(1_465_510_280_000)
        const runtime = yield* makeRuntime()
        for (const given of [undefined, "nonsense", "Root=1-bad;Parent=53995c3f42cd8ad8"]) {
          const { event } = yield* exchange(
            runtime,
            send({ path: url, headers: given === undefined ? {} : { "X-Amzn-Trace-Id": given } })
          )
          const header = version2(event.text).headers["x-amzn-trace-id"] ?? ""
          assert.match(header, /^Root=1-5759e988-[0-9a-f]{24}$/)
          assert.isTrue(String(event.headers["lambda-runtime-trace-id"]).startsWith(`${header};Parent=`))
        }
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("with the caller's parent and its decision about samples", () =>
      Effect.gen(function*() {
        const trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
        const { event } = yield* exchange(
          yield* makeRuntime(),
          send({ path: url, headers: { "X-Amzn-Trace-Id": `${trace};Lineage=a87bd80c:0` } })
        )
        assert.strictEqual(version2(event.text).headers["x-amzn-trace-id"], `${trace};Lineage=a87bd80c:0`)
        assert.strictEqual(event.headers["lambda-runtime-trace-id"], trace)
      }).pipe(Effect.provide(LocalServer.layerTest)))

    const text = Buffer.from("grüße")
    const bytes = Buffer.from([0xff, 0x00, 0xfe, 0x80])

    it.effect.each<[contentType: string | undefined, body: Buffer, isText: boolean]>([
      ["text/plain", text, true],
      ["TEXT/CSV; charset=utf-8", text, true],
      ["application/json;charset=UTF-8", text, true],
      ["application/javascript", text, true],
      ["application/xml", text, true],
      ["text/plain", bytes, false],
      ["application/json", bytes, false],
      ["application/octet-stream", text, false],
      ["application/x-www-form-urlencoded", Buffer.from("a=b"), false],
      ["multipart/form-data; boundary=x", text, false],
      ["image/png", bytes, false],
      [undefined, text, false]
    ])("with a body of the type %s in the right form", ([contentType, body, isText]) =>
      Effect.gen(function*() {
        const event = yield* eventOf({
          method: "POST",
          path: url,
          headers: contentType === undefined ? {} : { "content-type": contentType },
          body
        })
        assert.strictEqual(event.isBase64Encoded, !isText)
        assert.strictEqual(event.body, isText ? body.toString() : body.toString("base64"))
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect.each(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"])(
      "with the method %s",
      (method) =>
        Effect.gen(function*() {
          const event = yield* eventOf({ method, path: url })
          assert.strictEqual(event.requestContext.http.method, method)
        }).pipe(Effect.provide(LocalServer.layerTest))
    )
  })

  describe("by host name", () => {
    it.effect.each(["/", "/invoke", "/2018-06-01/runtime/invocation/next", "/lambda-url/other/x", "/execute-api"])(
      "has the path %s to itself",
      (path) =>
        Effect.gen(function*() {
          const host = "function.lambda-url.localhost:7000"
          const event = yield* eventOf({ path: `${path}?x=1`, headers: { host } })
          assert.strictEqual(event.rawPath, path)
          assert.strictEqual(event.rawQueryString, "x=1")
          assert.strictEqual(event.headers["host"], host)
          assert.strictEqual(event.requestContext.domainName, host)
          assert.strictEqual(event.requestContext.domainPrefix, "function")
        }).pipe(Effect.provide(LocalServer.layerTest))
    )

    it.effect("finds a function whatever the case of the host name", () =>
      Effect.gen(function*() {
        const event = yield* eventOf({ path: "/", headers: { host: "MY_FUNCTION.Lambda-URL.LOCALHOST" } })
        assert.strictEqual(event.requestContext.apiId, "My_Function")
      }).pipe(Effect.provide(LocalServer.layerOptions({ port: 0, functionName: "My_Function" }))))
  })

  it.effect("is one of many, each for its own function", () =>
    Effect.gen(function*() {
      const { address } = yield* LocalServer.LocalServer
      const names = ["first", "second"] as const
      const callers = []
      for (const name of names) callers.push(yield* fork(send({ path: `/lambda-url/${name}/of/${name}` })))
      for (const name of names) {
        const connection = yield* localSocket.connect(address)
        yield* connection.write(
          `GET /${name}/2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: ${address}\r\n\r\n`
        )
        const head = yield* connection.readUntil("\"isBase64Encoded\":false}")
        assert.include(head, `"rawPath":"/of/${name}"`)
        assert.include(head, `"apiId":"${name}"`)
        const [, requestId = ""] = /Lambda-Runtime-Aws-Request-Id: (\S+)/i.exec(head) ?? []
        const body = JSON.stringify({ from: name })
        yield* connection.write(
          `POST /${name}/2018-06-01/runtime/invocation/${requestId}/response HTTP/1.1\r\nHost: ${address}\r\n` +
            `Content-Length: ${body.length}\r\n\r\n${body}`
        )
      }
      for (const [index, name] of names.entries()) {
        const { text } = yield* Fiber.join(callers[index]!)
        assert.deepStrictEqual(JSON.parse(text), { from: name })
      }
    }).pipe(Effect.provide(LocalServer.layerOptions({
      port: 0,
      functionName: "first",
      functions: [{ functionName: "second" }]
    }))))

  it.effect("says which functions there are when it is for another one", () =>
    Effect.gen(function*() {
      for (const path of ["/lambda-url/none/x", "/lambda-url/", "/lambda-url", "/lambda-url?x"]) {
        const reply = yield* send({ path })
        assert.strictEqual(reply.status, 404)
        assert.include(reply.text, "first, second")
      }
      const reply = yield* send({ path: "/", headers: { host: "none.lambda-url.localhost" } })
      assert.strictEqual(reply.status, 404)
      assert.include(reply.text, "first, second")
    }).pipe(Effect.provide(LocalServer.layerOptions({
      port: 0,
      functionName: "first",
      functions: [{ functionName: "second" }]
    }))))

  describe("answers for its function", () => {
    it.effect("with 502 when it fails, without telling why", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        const caller = yield* fork(send({ path: url }))
        const { requestId } = yield* runtime.next
        yield* runtime.fail(requestId, "{\"errorType\":\"Oops\",\"errorMessage\":\"secret\"}")
        const reply = yield* Fiber.join(caller)
        assertBadGateway(reply)
        assert.strictEqual(reply.headers["content-type"], "text/plain")
        assert.strictEqual(reply.headers["x-amzn-requestid"], requestId)
        assert.isUndefined(reply.headers["x-amz-function-error"])
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("with 502 when it cannot start", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        const caller = yield* fork(send({ path: url }))
        yield* until({ queued: 1 })
        yield* runtime.post("/init/error", "{\"errorType\":\"Oops\",\"errorMessage\":\"secret\"}")
        assertBadGateway(yield* Fiber.join(caller))
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("with 502 when its time is up", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        const caller = yield* fork(send({ path: url }))
        yield* runtime.next
        yield* TestClock.adjust("3 seconds")
        assertBadGateway(yield* Fiber.join(caller))
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("with 429 when too many events wait", () =>
      Effect.gen(function*() {
        const waiting = yield* open({ path: url })
        yield* until({ queued: 1 })
        const reply = yield* send({ path: url })
        assert.strictEqual(reply.status, 429)
        assert.strictEqual(reply.headers["x-amzn-errortype"], "TooManyRequestsException")
        yield* waiting.destroy
      }).pipe(Effect.provide(LocalServer.layerOptions({ port: 0, maxQueued: 1 }))))

    it.effect("with 413 when the event would be over 6 MB", () =>
      Effect.gen(function*() {
        const headers = { "content-type": "text/plain" }
        const tooLarge = yield* send({ method: "POST", path: url, headers, body: Buffer.alloc(6_291_457, "x") })
        assert.strictEqual(tooLarge.status, 413)
        // The body alone is not, but its quotation marks are escaped.
        const escaped = yield* send({ method: "POST", path: url, headers, body: Buffer.alloc(4_000_000, "\"") })
        assert.strictEqual(escaped.status, 413)
        const event = yield* eventOf({ method: "POST", path: url, headers, body: Buffer.alloc(6_000_000, "x") })
        assert.strictEqual(event.body?.length, 6_000_000)
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("with 503 when the server shuts down", () =>
      Effect.gen(function*() {
        const scope = yield* Scope.make()
        const context = yield* Layer.buildWithScope(LocalServer.layerTest, scope)
        const caller = yield* fork(Effect.provide(send({ path: url }), context))
        yield* Effect.provide(until({ queued: 1 }), context)
        yield* Scope.close(scope, Exit.void)
        assert.strictEqual((yield* Fiber.join(caller)).status, 503)
      }))

    it.effect("to those who wait, and forgets a caller that leaves", () =>
      Effect.gen(function*() {
        const leaves = yield* open({ path: `${url}/leaves` })
        yield* until({ queued: 1 })
        const stays = yield* fork(send({ path: `${url}/stays` }))
        yield* until({ queued: 2 })
        yield* leaves.destroy
        yield* until({ queued: 1 })
        const runtime = yield* makeRuntime()
        const event = yield* runtime.next
        assert.strictEqual(version2(event.text).rawPath, "/stays")
        yield* runtime.respond(event.requestId, "\"still here\"")
        assert.strictEqual((yield* Fiber.join(stays)).text, "still here")
      }).pipe(Effect.provide(LocalServer.layerTest)))
  })

  it.effect("is in front of a function of this library", () =>
    Effect.gen(function*() {
      const { address } = yield* LocalServer.LocalServer
      const event = Schema.Struct({
        rawPath: Schema.String,
        requestContext: Schema.Struct({ requestId: Schema.String })
      })
      const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(event))
      const handler = Handler.raw((payload) =>
        Effect.map(decode(Buffer.from(payload).toString()), ({ rawPath }) =>
          rawPath === "/stream"
            ? LambdaResponse.http({
              status: 202,
              headers: { "content-type": "text/plain" },
              cookies: ["a=1", "b=2"],
              body: Stream.make("one ", "two ", "three")
            })
            : LambdaResponse.json({ statusCode: 200, body: rawPath }))
      )
      const runtimeApi = Layer.fresh(RuntimeApi.layer).pipe(
        Layer.provide(Layer.orDie(environment({ AWS_LAMBDA_RUNTIME_API: address })))
      )
      yield* fork(Lambda.launch(Lambda.serve(handler)).pipe(Effect.provide(runtimeApi)))
      const buffered = yield* browse(`${url}/buffered`)
      assert.strictEqual(yield* Effect.promise(() => buffered.text()), "/buffered")
      const streamed = yield* browse(`${url}/stream`)
      assert.strictEqual(streamed.status, 202)
      assert.deepStrictEqual(streamed.headers.getSetCookie(), ["a=1", "b=2"])
      assert.strictEqual(yield* Effect.promise(() => streamed.text()), "one two three")
    }).pipe(Effect.provide(LocalServer.layerTest)))
})
