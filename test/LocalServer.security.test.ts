import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Headers from "effect/http/Headers"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as Schema from "effect/Schema"
import type * as Http from "node:http"
import * as requestGuard from "../src/internal/local/http/requestGuard.ts"
import * as LocalServer from "../src/LocalServer.ts"
import * as localHttp from "./support/localHttp.ts"
import { invoke, makeRuntime, type Runtime, until } from "./support/localServer.ts"
import * as localSocket from "./support/localSocket.ts"

const fork = Effect.forkChild({ startImmediately: true })

const page = "http://localhost:5173"

const foreign = "https://evil.example"

const httpIntegration = "application/vnd.awslambda.http-integration-response"

/** The status that the guard answers a request with, or `undefined` when it lets the request through. */
const makeStatus = (settings: Partial<requestGuard.Settings> = {}) => {
  const check = requestGuard.make({ host: "127.0.0.1", allowedHosts: [], allowedOrigins: [], ...settings })
  const request = HttpServerRequest.fromWeb(new Request("http://server/"))
  return (headers: Readonly<Record<string, string>>, url: string = "/invoke") =>
    check(request.modify({ url, headers: Headers.fromRecordUnsafe(headers) }))?.status
}

const label = Schema.String.check(Schema.isPattern(/^[a-z][a-z0-9-]{0,9}$/))

const optionalPort = Schema.Literals(["", ":7000", ":80", ":1"])

describe("the guard of LocalServer", () => {
  describe("by host name", () => {
    const status = makeStatus()

    it.prop(
      "lets through no name that somebody could own",
      [Schema.NonEmptyArray(label), optionalPort],
      ([labels, port]) => {
        const name = labels.join(".")
        for (const host of [`${name}.example`, `localhost.${name}x`, `127.0.0.1.${name}x`, `${name}xlocalhost`]) {
          assert.strictEqual(status({ host: `${host}${port}` }), 403, host)
        }
      }
    )

    it.prop("lets through every name of this machine", [Schema.Array(label), optionalPort], ([labels, port]) => {
      for (const name of ["localhost", "LocalHost", "localhost.", ...labels.map((label) => `${label}.localhost`)]) {
        assert.isUndefined(status({ host: `${name}${port}` }), name)
      }
    })

    it.prop(
      "lets through every address",
      [Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 }))), optionalPort],
      ([bytes, port]) => {
        const address = Array.from({ length: 4 }, (_, index) => bytes[index] ?? 0).join(".")
        assert.isUndefined(status({ host: `${address}${port}` }))
        assert.isUndefined(status({ host: `[::ffff:${address}]${port}` }))
      }
    )

    it.prop("takes any host name for one that is allowed or not", [Schema.String, Schema.String], ([host, origin]) => {
      for (const headers of [{ host }, { host, origin }, { host, referer: origin, "sec-fetch-site": "same-site" }]) {
        assert.oneOf(status(headers, origin), [undefined, 403])
      }
    })

    it("lets through what is not said at all", () => {
      assert.isUndefined(status({}))
      assert.strictEqual(status({ host: "" }), 403)
    })

    it.each(["0x7f.1", "2130706433", "::1", "localhost:7000:7000", "evil.example/.localhost", "a@localhost"])(
      "lets through only what it can read: not %s",
      (host) => {
        assert.strictEqual(status({ host }), 403)
      }
    )

    it("lets through names that are allowed, with any port", () => {
      const status = makeStatus({ allowedHosts: ["Laptop.example"] })
      assert.isUndefined(status({ host: "laptop.example:7000" }))
      assert.isUndefined(status({ host: "LAPTOP.EXAMPLE" }))
      assert.isUndefined(status({ host: "localhost" }))
      assert.strictEqual(status({ host: "other.laptop.example" }), 403)
    })

    it.each(["0.0.0.0", "::", "192.0.2.1", "laptop.example"])(
      "lets through all names while the server listens on %s, unless some are allowed",
      (host) => {
        assert.isUndefined(makeStatus({ host })({ host: "evil.example" }))
        const status = makeStatus({ host, allowedHosts: ["other.example"] })
        assert.strictEqual(status({ host: "evil.example" }), 403)
        assert.isUndefined(status({ host: "other.example" }))
        assert.isUndefined(status({ host: host.includes(":") ? `[${host}]` : host }))
      }
    )

    it.each(["localhost", "api.localhost", "LOCALHOST", "127.0.0.1", "127.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])(
      "knows that %s is this machine only",
      (host) => {
        assert.strictEqual(makeStatus({ host })({ host: "evil.example" }), 403)
      }
    )
  })

  describe("by origin", () => {
    const origin = Arbitrary.all({
      scheme: Arbitrary.schema(Schema.Literals(["http", "https"])),
      host: Arbitrary.schema(Schema.Literals(["localhost", "127.0.0.1", "[::1]", "a.localhost"])),
      port: Arbitrary.schema(Schema.Literals(["", ":7000", ":5173", ":81"]))
    })

    it.prop("lets through the server's own only", { page: origin, server: origin }, ({ page, server }) => {
      const isOwn = page.host === server.host && page.port === server.port
      assert.strictEqual(
        makeStatus()({ host: `${server.host}${server.port}`, origin: `${page.scheme}://${page.host}${page.port}` }),
        isOwn ? undefined : 403
      )
    })

    it.prop("lets through those that are allowed", { page: origin, allowed: origin }, ({ allowed, page }) => {
      const text = `${page.scheme}://${page.host}${page.port}`
      const other = `${allowed.scheme}://${allowed.host}${allowed.port}`
      const status = makeStatus({ allowedOrigins: [other.toUpperCase(), "https://app.example"] })
      assert.strictEqual(status({ host: "localhost:1", origin: text }), text === other ? undefined : 403)
      assert.isUndefined(status({ host: "localhost:1", origin: "https://app.example" }))
    })

    it("takes the port that a scheme stands for as none", () => {
      assert.isUndefined(makeStatus()({ host: "localhost:80", origin: "http://localhost" }))
      assert.isUndefined(makeStatus({ allowedOrigins: ["https://a.example:443"] })({ origin: "https://a.example" }))
    })

    it.each(["null", "", "evil", "file://", "chrome-extension://abc", "http://localhost:7000, http://localhost:7000"])(
      "does not let through %j",
      (origin) => {
        assert.strictEqual(makeStatus()({ host: "localhost:7000", origin }), 403)
        assert.strictEqual(makeStatus({ host: "0.0.0.0" })({ host: "localhost:7000", origin }), 403)
        assert.isUndefined(makeStatus({ allowedOrigins: ["*"] })({ host: "localhost:7000", origin }))
      }
    )

    it("lets through an extension of a browser that is allowed", () => {
      assert.isUndefined(
        makeStatus({ allowedOrigins: ["chrome-extension://abc"] })({ origin: "chrome-extension://abc" })
      )
    })
  })

  describe("by what a browser says of a request without an origin", () => {
    const host = "localhost:7000"

    it.each(["same-site", "cross-site"])("does not let through a request of a page that is %s", (site) => {
      const headers = { host, "sec-fetch-site": site, "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image" }
      assert.strictEqual(makeStatus()(headers), 403)
      assert.strictEqual(makeStatus()({ ...headers, referer: `${page}/` }), 403)
      const status = makeStatus({ allowedOrigins: [page] })
      assert.isUndefined(status({ ...headers, referer: `${page}/index.html` }))
      assert.strictEqual(status({ ...headers, referer: `${foreign}/${page}` }), 403)
      assert.strictEqual(status(headers), 403)
      assert.isUndefined(makeStatus({ allowedOrigins: ["*"] })(headers))
      // Not even when it calls itself an origin of the server.
      assert.strictEqual(makeStatus()({ ...headers, origin: `https://${host}` }), 403)
    })

    it.each(["same-origin", "none"])("lets through a request that is %s", (site) => {
      assert.isUndefined(makeStatus()({ host, "sec-fetch-site": site, "sec-fetch-mode": "no-cors" }))
    })

    const visit = { host, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" }

    const poll = "/2018-06-01/runtime/invocation/next"

    const pathPrefix = Arbitrary.schema(Schema.Literals(["", "/", "/function", "/%66unction"]))

    it("lets through a visit, except to what runtimes and extensions poll", () => {
      assert.isUndefined(makeStatus()(visit, "/lambda-url/function/"))
      assert.strictEqual(makeStatus()({ ...visit, "sec-fetch-dest": "iframe" }, "/lambda-url/function/"), 403)
      for (
        const path of [
          "/2018-06-01/runtime/invocation/next",
          "/function/2018-06-01/runtime/invocation/next",
          "/2020-01-01/extension/event/next"
        ]
      ) {
        assert.strictEqual(makeStatus()(visit, path), 403)
        assert.isUndefined(makeStatus()({ ...visit, "sec-fetch-site": "none" }, path))
      }
    })

    it("lets through visits to front doors and to pages of the server only", () => {
      const status = makeStatus()
      for (
        const path of [
          "/",
          "/?a=b",
          "/lambda-url/function?a",
          "/execute-api/shop/x",
          "/_local/functions/a/dead-letters"
        ]
      ) {
        assert.isUndefined(status(visit, path), path)
      }
      for (
        const path of [
          "/invoke",
          "/x",
          "/lambda-urls/x",
          "/_localx",
          "//lambda-url/x",
          "/2015-03-31/functions/a/invocations"
        ]
      ) {
        assert.strictEqual(status(visit, path), 403, path)
      }
      // A front door has all paths of its host name to itself.
      assert.isUndefined(status({ ...visit, host: "shop.execute-api.localhost:7000" }, poll))
    })

    it.prop(
      "does not let through a visit to what runtimes poll, however its path is encoded",
      { encoded: Arbitrary.array(Arbitrary.schema(Schema.Boolean), { maxLength: poll.length }), prefix: pathPrefix },
      ({ encoded, prefix }) => {
        const path = [...poll].map((character, index) =>
          encoded[index] === true ? `%${character.charCodeAt(0).toString(16)}` : character
        ).join("")
        assert.strictEqual(makeStatus()(visit, `${prefix}${path}`), 403)
      }
    )
  })
})

/** A call that comes after another one is served. */
const servesNextCall = Effect.fnUntraced(function*(runtime: Runtime) {
  const call = yield* fork(invoke("\"next call\""))
  const event = yield* runtime.next
  assert.strictEqual(event.text, "\"next call\"")
  yield* runtime.respond(event.requestId, "served")
  assert.strictEqual((yield* Fiber.join(call)).text, "served")
})

const corsHeaders = ({ headers }: { readonly headers: Http.IncomingHttpHeaders }) =>
  Object.fromEntries(
    Object.entries(headers).filter(([name]) => name.startsWith("access-control-") || name === "vary")
  )

const shared = {
  "access-control-allow-credentials": "true",
  "access-control-allow-origin": page,
  "access-control-expose-headers":
    "X-Amz-Executed-Version, X-Amz-Function-Error, X-Amz-Log-Result, X-Amzn-ErrorType, X-Amzn-RequestId",
  "vary": "Origin"
}

const withPage = LocalServer.layerOptions({ port: 0, allowedOrigins: [page] })

describe("LocalServer and web pages", () => {
  it.effect.each<Http.OutgoingHttpHeaders>([
    { origin: foreign },
    { origin: "null" },
    { origin: page },
    { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" },
    { host: "evil.example" },
    { host: "evil.example", origin: "http://evil.example" }
  ])("refuses a call with %j, and serves the next one", (headers) =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime()
      const refused = yield* invoke("\"refused\"", headers)
      assert.strictEqual(refused.status, 403)
      assert.match(refused.text, /allowedOrigins|allowedHosts/)
      assert.deepStrictEqual(corsHeaders(refused), {})
      yield* servesNextCall(runtime)
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("says which setting allows an origin", () =>
    Effect.gen(function*() {
      assert.include((yield* invoke("{}", { origin: foreign })).text, `LOCAL_LAMBDA_ALLOWED_ORIGINS=${foreign}\n`)
      assert.include((yield* invoke("{}", { origin: "null" })).text, "LOCAL_LAMBDA_ALLOWED_ORIGINS=*\n")
      assert.include((yield* invoke("{}", { host: "evil.example" })).text, "LOCAL_LAMBDA_ALLOWED_HOSTS")
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("refuses a poll of a page, which would take an event away", () =>
    Effect.gen(function*() {
      const { address } = yield* LocalServer.LocalServer
      const call = yield* fork(invoke("\"waiting\""))
      yield* until({ queued: 1 })
      for (
        const headers of [
          { origin: foreign },
          { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" }
        ]
      ) {
        for (
          const path of [
            "/2018-06-01/runtime/invocation/next",
            "/2018-06-0%31/runtime/invocation/next",
            "/function/2018-06-01/runtime/invocation%2Fnext",
            "//2018-06-01//runtime/invocation/nex%74?a"
          ]
        ) {
          const refused = yield* localHttp.send({ address, method: "GET", path, headers })
          assert.strictEqual(refused.status, 403, path)
        }
      }
      yield* Fiber.interrupt(call)
      yield* until({ queued: 0 })
      yield* servesNextCall(yield* makeRuntime())
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("refuses the WebSocket of a page", () =>
    Effect.gen(function*() {
      const { address } = yield* LocalServer.LocalServer
      const connection = yield* localSocket.connect(address)
      yield* connection.write(
        `GET /invoke HTTP/1.1\r\nHost: ${address}\r\nOrigin: ${foreign}\r\nConnection: Upgrade\r\n` +
          "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
      )
      assert.match(yield* connection.readUntil("\r\n\r\n"), /^HTTP\/1\.1 403 /)
      yield* servesNextCall(yield* makeRuntime())
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("serves pages of its own", () =>
    Effect.gen(function*() {
      const { address } = yield* LocalServer.LocalServer
      const runtime = yield* makeRuntime()
      const call = yield* fork(invoke("{}", { "origin": `http://${address}`, "sec-fetch-site": "same-origin" }))
      yield* runtime.respond((yield* runtime.next).requestId, "served")
      assert.strictEqual((yield* Fiber.join(call)).status, 200)
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("says nothing of origins to programs", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime()
      const call = yield* fork(invoke("{}"))
      yield* runtime.respond((yield* runtime.next).requestId, "served")
      assert.deepStrictEqual(corsHeaders(yield* Fiber.join(call)), {})
      // OPTIONS without an origin is no preflight.
      const { address } = yield* LocalServer.LocalServer
      const options = yield* localHttp.send({ address, path: "/invoke", method: "OPTIONS" })
      assert.strictEqual(options.status, 405)
    }).pipe(Effect.provide(withPage)))

  it.effect("answers the preflight of an allowed page with what it asks for", () =>
    Effect.gen(function*() {
      const { address } = yield* LocalServer.LocalServer
      const preflight = (headers: Http.OutgoingHttpHeaders) =>
        localHttp.send({ address, path: "/invoke", method: "OPTIONS", headers })
      const asked = {
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,x-amz-client-context"
      }
      const allowed = yield* preflight({ ...asked, origin: page })
      assert.strictEqual(allowed.status, 204)
      assert.strictEqual(allowed.text, "")
      assert.deepStrictEqual(corsHeaders(allowed), {
        "access-control-allow-credentials": "true",
        "access-control-allow-headers": "content-type,x-amz-client-context",
        "access-control-allow-methods": "POST",
        "access-control-allow-origin": page,
        "vary": "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
      })
      const simple = yield* preflight({ "origin": page, "access-control-request-method": "DELETE" })
      assert.strictEqual(simple.headers["access-control-allow-methods"], "DELETE")
      assert.isUndefined(simple.headers["access-control-allow-headers"])
      assert.strictEqual((yield* preflight({ ...asked, origin: foreign })).status, 403)
    }).pipe(Effect.provide(withPage)))

  it.effect("lets an allowed page read answers, errors and streams", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime()
      const headers = { origin: page }
      const buffered = yield* fork(invoke("{}", headers))
      yield* runtime.respond((yield* runtime.next).requestId, "served")
      const failed = yield* fork(invoke("{}", headers))
      yield* runtime.fail((yield* runtime.next).requestId, "{}")
      const streamed = yield* fork(invoke("{}", headers))
      const answer = yield* runtime.stream((yield* runtime.next).requestId)
      yield* answer.write("served")
      yield* answer.end()
      const { address } = yield* LocalServer.LocalServer
      for (
        const [reply, status] of [
          [yield* Fiber.join(buffered), 200],
          [yield* Fiber.join(failed), 500],
          [yield* Fiber.join(streamed), 200],
          [yield* invoke("", headers), 400],
          [yield* localHttp.send({ address, path: "/nowhere", headers }), 404]
        ] as const
      ) {
        assert.strictEqual(reply.status, status)
        assert.deepStrictEqual(corsHeaders(reply), shared)
      }
    }).pipe(Effect.provide(withPage)))

  it.effect("leaves it to a function that says itself who may read its answer", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime()
      for (
        const [own, expected] of [
          [{ "Access-Control-Allow-Origin": "*" }, { "access-control-allow-origin": "*" }],
          [{ "access-control-allow-origin": foreign, "Vary": "Accept" }, {
            "access-control-allow-origin": foreign,
            "vary": "Accept"
          }],
          [{ "Vary": "Accept" }, { ...shared, vary: "Accept, Origin" }]
        ] as const
      ) {
        const call = yield* fork(invoke("{}", { origin: page }))
        yield* runtime.respond(
          (yield* runtime.next).requestId,
          `${JSON.stringify({ statusCode: 200, headers: own })}${"\0".repeat(8)}served`,
          { "content-type": httpIntegration }
        )
        const reply = yield* Fiber.join(call)
        assert.strictEqual(reply.text, "served")
        assert.deepStrictEqual(corsHeaders(reply), expected)
      }
    }).pipe(Effect.provide(withPage)))

  it.effect("lets every page read answers when all origins are allowed", () =>
    Effect.gen(function*() {
      for (const origin of [foreign, "null"]) {
        const reply = yield* invoke("", { origin })
        assert.strictEqual(reply.status, 400)
        assert.strictEqual(reply.headers["access-control-allow-origin"], origin)
      }
    }).pipe(Effect.provide(LocalServer.layerOptions({ port: 0, allowedOrigins: ["*"] }))))

  it.effect("answers to a host name that is allowed", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* invoke("", { host: "laptop.example:7000" })).status, 400)
      assert.strictEqual((yield* invoke("", { host: "evil.example:7000" })).status, 403)
    }).pipe(Effect.provide(LocalServer.layerOptions({ port: 0, allowedHosts: ["laptop.example"] }))))

  it.effect("refuses foreign pages on every address it listens on", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* invoke("", { host: "laptop.example" })).status, 400)
      assert.strictEqual((yield* invoke("", { host: "laptop.example", origin: foreign })).status, 403)
    }).pipe(Effect.provide(LocalServer.layerOptions({ host: "0.0.0.0", port: 0 }))))
})

describe("LocalServer and requests that are not as they should be", () => {
  it.effect("keeps what is about the connection of a caller from the runtime", () =>
    Effect.gen(function*() {
      const { address } = yield* LocalServer.LocalServer
      const runtime = yield* makeRuntime()
      const connection = yield* localSocket.connect(address)
      yield* connection.write(
        `POST /invoke HTTP/1.1\r\nHost: ${address}\r\nConnection: keep-alive, X-Secret\r\nX-Secret: 1\r\n` +
          "Keep-Alive: timeout=1\r\nTE: trailers\r\nTrailer: X-Last\r\nProxy-Authorization: Basic YTpi\r\n" +
          "Proxy-Connection: close\r\nProxy-Authenticate: Basic\r\nTransfer-Encoding: chunked\r\n" +
          "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n4\r\ntrue\r\n0\r\nX-Last: 1\r\n\r\n"
      )
      const event = yield* runtime.next
      assert.strictEqual(event.text, "true")
      const ofRuntime = new Set(
        event.rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase())
      )
      for (
        const name of [
          "x-secret",
          "x-last",
          "keep-alive",
          "te",
          "trailer",
          "proxy-authorization",
          "proxy-connection",
          "proxy-authenticate",
          "transfer-encoding",
          "http2-settings",
          "upgrade"
        ]
      ) assert.isFalse(ofRuntime.has(name), name)
      assert.strictEqual(event.headers["connection"], "keep-alive")
      yield* runtime.respond(event.requestId, "served")
      assert.match(yield* connection.readUntil("served"), /^HTTP\/1\.1 200 /)
    }).pipe(Effect.provide(LocalServer.layerTest)))

  const request = (head: string, body: string = "") => (address: string) =>
    `POST /invoke HTTP/1.1\r\nHost: ${address}\r\n${head}\r\n\r\n${body}`

  const malformed: ReadonlyArray<readonly [string, (address: string) => string, number]> = [
    ["headers of more than 1 MB", request(`X-Much: ${"x".repeat(1_100_000)}`), 431],
    ["a request line of more than 1 MB", () => `GET /${"x".repeat(1_100_000)} HTTP/1.1\r\n\r\n`, 431],
    ["a body of more than 6 MB", request("Content-Length: 6291457", "e".repeat(6_291_457)), 413],
    [
      "chunks of more than 6 MB",
      request(
        "Transfer-Encoding: chunked",
        `${"100000\r\n".concat("e".repeat(0x10_00_00), "\r\n").repeat(7)}0\r\n\r\n`
      ),
      413
    ],
    ["two lengths", request("Content-Length: 2\r\nContent-Length: 3", "{}"), 400],
    ["a length and chunks", request("Content-Length: 2\r\nTransfer-Encoding: chunked", "0\r\n\r\n"), 400],
    ["a length that is no number", request("Content-Length: 2x", "{}"), 400],
    ["a chunk that is no number", request("Transfer-Encoding: chunked", "zz\r\n{}\r\n0\r\n\r\n"), 400],
    ["an unknown encoding before the chunks", request("Transfer-Encoding: chunked, x", "0\r\n\r\n"), 400],
    ["a space before a colon", request("Content-Length : 2", "{}"), 400],
    ["a header without a name", request(": 2", "{}"), 400],
    ["a NUL byte in a header", request("X-Nul: \0"), 400],
    ["no host", () => "POST /invoke HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}", 400],
    [
      "a caller that leaves in the middle of its request",
      (address) => `${request("Content-Length: 9")(address)}half`,
      0
    ]
  ]

  it.effect.each(malformed)("refuses %s, and serves the next call", ([_, text, status]) =>
    Effect.gen(function*() {
      const { address } = yield* LocalServer.LocalServer
      const runtime = yield* makeRuntime()
      const connection = yield* localSocket.connect(address)
      yield* connection.write(text(address))
      if (status === 0) yield* connection.destroy
      else assert.match(yield* connection.readUntil("\r\n\r\n"), new RegExp(`^HTTP/1\\.1 ${status} `))
      yield* servesNextCall(runtime)
      yield* until({ queued: 0, running: 0 })
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("answers the next request of a connection after one that it refuses", () =>
    Effect.gen(function*() {
      const { address } = yield* LocalServer.LocalServer
      const agent = yield* localHttp.keepAlive(1)
      const send = (headers: Http.OutgoingHttpHeaders) =>
        localHttp.send({ address, agent, path: "/invoke", body: "", headers })
      assert.strictEqual((yield* send({ host: "evil.example" })).status, 403)
      assert.strictEqual((yield* send({ origin: foreign })).status, 403)
      assert.strictEqual((yield* send({})).status, 400)
    }).pipe(Effect.provide(LocalServer.layerTest)))
})
