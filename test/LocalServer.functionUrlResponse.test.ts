import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as LocalServer from "../src/LocalServer.ts"
import {
  assertBadGateway,
  browse,
  errorTrailers,
  exchange,
  httpIntegration,
  open,
  prelude,
  send,
  version2
} from "./support/frontDoor.ts"
import { makeRuntime } from "./support/localServer.ts"
import * as localSocket from "./support/localSocket.ts"

const fork = Effect.forkChild({ startImmediately: true })

const url = "/lambda-url/function"

/** The reply to any request, when the function gives this answer. */
const replyTo = Effect.fnUntraced(function*(answer: unknown) {
  const text = typeof answer === "string" ? answer : JSON.stringify(answer)
  return (yield* exchange(yield* makeRuntime(), send({ path: url }), text)).reply
})

/** A caller that waits for a streamed answer, and the runtime's side of that answer. */
const begin = Effect.fnUntraced(function*(headers: Record<string, string> = httpIntegration) {
  const runtime = yield* makeRuntime()
  const caller = yield* open({ path: url })
  const { requestId } = yield* runtime.next
  return { caller, answer: yield* runtime.stream(requestId, headers), requestId }
})

/** Waits until the event loop has turned many times without a change, so that whoever can go on has gone on. */
const settled = Effect.fnUntraced(function*(value: () => number) {
  let last = value()
  for (let unchanged = 0; unchanged < 500; unchanged++) {
    yield* Effect.callback<void>((resume) => {
      setImmediate(() => resume(Effect.void))
    })
    if (value() !== last) {
      last = value()
      unchanged = 0
    }
  }
})

describe("a function URL of LocalServer", () => {
  describe("makes a response of an answer", () => {
    it.effect("that is one", () =>
      Effect.gen(function*() {
        const reply = yield* replyTo({
          statusCode: 418,
          headers: { "Content-Type": "text/html; charset=utf-8", "X-Tea": "Earl Grey", "X-Number": 5, "X-Yes": true },
          body: "<p>grün</p>",
          cookies: ["a=1; Secure", "b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT"]
        })
        assert.strictEqual(reply.status, 418)
        assert.strictEqual(reply.text, "<p>grün</p>")
        assert.strictEqual(reply.headers["content-type"], "text/html; charset=utf-8")
        assert.strictEqual(reply.headers["content-length"], "12")
        assert.strictEqual(reply.headers["x-tea"], "Earl Grey")
        assert.strictEqual(reply.headers["x-number"], "5")
        assert.strictEqual(reply.headers["x-yes"], "true")
        assert.deepStrictEqual(reply.headers["set-cookie"], [
          "a=1; Secure",
          "b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT"
        ])
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("that has a status only, in number or text", () =>
      Effect.gen(function*() {
        for (const statusCode of [404, "404"]) {
          const reply = yield* replyTo({ statusCode, headers: null, body: null, cookies: null, isBase64Encoded: null })
          assert.strictEqual(reply.status, 404)
          assert.strictEqual(reply.text, "")
          assert.strictEqual(reply.headers["content-type"], "application/json")
        }
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect.each([
      ["{ \"hello\": [1, null] }", "{ \"hello\": [1, null] }"],
      ["{\"body\":\"x\",\"headers\":{\"x-a\":\"b\"}}", "{\"body\":\"x\",\"headers\":{\"x-a\":\"b\"}}"],
      ["[\"hello\",3,true]", "[\"hello\",3,true]"],
      ["\"Special \\\"quoted\\\" text\"", "Special \"quoted\" text"],
      ["\"\"", ""],
      ["3.1", "3.1"],
      ["true", "true"],
      ["null", "null"],
      ["not JSON", "not JSON"],
      ["{\"name\":", "{\"name\":"]
    ])("that is none, %s, with the status 200", ([answer = "", body = ""]) =>
      Effect.gen(function*() {
        const reply = yield* replyTo(answer)
        assert.strictEqual(reply.status, 200)
        assert.strictEqual(reply.text, body)
        assert.strictEqual(reply.headers["content-type"], "application/json")
        assert.isUndefined(reply.headers["x-a"])
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect.each([
      [{ statusCode: 200.5 }],
      [{ statusCode: 0 }],
      [{ statusCode: 101 }],
      [{ statusCode: 600 }],
      [{ statusCode: "OK" }],
      [{ statusCode: null }],
      [{ statusCode: 200, body: { not: "text" } }],
      [{ statusCode: 200, body: "not base64!", isBase64Encoded: true }],
      [{ statusCode: 200, headers: { "x-list": ["a"] } }],
      [{ statusCode: 200, headers: { "bad name": "x" } }],
      [{ statusCode: 200, headers: { "x-bad": "two\r\nlines: yes" } }],
      [{ statusCode: 200, cookies: "a=b" }],
      [{ statusCode: 200, cookies: ["a=b\nc"] }]
    ])("that is malformed, %j, with the status 502", ([answer]) =>
      Effect.gen(function*() {
        const reply = yield* replyTo(answer)
        assertBadGateway(reply)
        assert.isUndefined(reply.headers["lines"])
        // And the function is served on.
        assert.strictEqual((yield* replyTo({ statusCode: 204 })).status, 204)
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("without headers that belong to the connection or to the server", () =>
      Effect.gen(function*() {
        const reply = yield* replyTo({
          statusCode: 401,
          headers: {
            "Connection": "X-Nominated",
            "X-Nominated": "1",
            "Keep-Alive": "timeout=99",
            "Transfer-Encoding": "gzip",
            "Content-Length": "3",
            "TE": "trailers",
            "Upgrade": "h2c",
            "WWW-Authenticate": "Basic",
            "Server": "mine",
            "X-Amzn-RequestId": "mine",
            "X-Kept": "yes"
          },
          body: "longer than three"
        })
        assert.strictEqual(reply.text, "longer than three")
        assert.strictEqual(reply.headers["content-length"], "17")
        assert.strictEqual(reply.headers["x-kept"], "yes")
        assert.strictEqual(reply.headers["x-amzn-remapped-www-authenticate"], "Basic")
        assert.strictEqual(reply.headers["x-amzn-remapped-server"], "mine")
        assert.strictEqual(reply.headers["x-amzn-remapped-content-length"], "3")
        assert.notInclude(String(reply.headers["x-amzn-requestid"]), "mine")
        for (const name of ["transfer-encoding", "te", "upgrade", "www-authenticate", "server", "x-nominated"]) {
          assert.isUndefined(reply.headers[name], name)
        }
        assert.notInclude(String(reply.headers["keep-alive"]), "99")
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("without a body to a HEAD, and for a status that has none", () =>
      Effect.gen(function*() {
        const { address } = yield* LocalServer.LocalServer
        const runtime = yield* makeRuntime()
        const caller = yield* localSocket.connect(address)
        for (const [method, statusCode] of [["HEAD", 200], ["GET", 204], ["GET", 304]] as const) {
          yield* caller.write(`${method} ${url}/ HTTP/1.1\r\nHost: ${address}\r\n\r\n`)
          const { requestId } = yield* runtime.next
          yield* runtime.respond(
            requestId,
            JSON.stringify({ statusCode, headers: { "X-Is": "There" }, body: "dropped" })
          )
          const head = yield* caller.readUntil("\r\n\r\n")
          assert.isTrue(head.startsWith(`HTTP/1.1 ${statusCode} `))
          assert.include(head, "X-Is: There")
          assert.notInclude(head, "dropped")
        }
        assert.strictEqual(yield* caller.unread, "")
      }).pipe(Effect.provide(LocalServer.layerTest)))
  })

  describe("serves a browser", () => {
    it.effect("binary data in both directions", () =>
      Effect.gen(function*() {
        const bytes = Uint8Array.from({ length: 1024 }, (_, index) => index % 256)
        const { event, reply } = yield* exchange(
          yield* makeRuntime(),
          browse(`${url}/upload`, { method: "POST", body: bytes, headers: { "content-type": "image/png" } }),
          JSON.stringify({
            statusCode: 200,
            headers: { "content-type": "image/png" },
            body: Buffer.from(bytes).toString("base64"),
            isBase64Encoded: true
          })
        )
        const { body = "", isBase64Encoded } = version2(event.text)
        assert.isTrue(isBase64Encoded)
        assert.deepStrictEqual(new Uint8Array(Buffer.from(body, "base64")), bytes)
        assert.strictEqual(reply.headers.get("content-type"), "image/png")
        assert.deepStrictEqual(new Uint8Array(yield* Effect.promise(() => reply.arrayBuffer())), bytes)
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("cookies and redirects", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        const caller = yield* fork(
          browse(`${url}/login`, { method: "POST", body: new URLSearchParams({ user: "me" }) })
        )
        const login = yield* runtime.next
        yield* runtime.respond(
          login.requestId,
          JSON.stringify({ statusCode: 303, headers: { location: `${url}/home` }, cookies: ["session=1"] })
        )
        const home = yield* runtime.next
        assert.strictEqual(version2(home.text).rawPath, "/home")
        assert.strictEqual(version2(home.text).requestContext.http.method, "GET")
        yield* runtime.respond(
          home.requestId,
          JSON.stringify({ statusCode: 200, cookies: ["a=1; HttpOnly", "b=2; Path=/"], body: "welcome" })
        )
        const reply = yield* Fiber.join(caller)
        assert.isTrue(reply.redirected)
        assert.deepStrictEqual(reply.headers.getSetCookie(), ["a=1; HttpOnly", "b=2; Path=/"])
        assert.strictEqual(yield* Effect.promise(() => reply.text()), "welcome")
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("a stream as it is made", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        const caller = yield* fork(browse(url))
        const { requestId } = yield* runtime.next
        const answer = yield* runtime.stream(requestId, httpIntegration)
        yield* answer.write(
          prelude({ statusCode: 203, headers: { "content-type": "text/event-stream" }, cookies: ["a=1", "b=2"] })
        )
        const reply = yield* Fiber.join(caller)
        assert.strictEqual(reply.status, 203)
        assert.strictEqual(reply.headers.get("content-type"), "text/event-stream")
        assert.deepStrictEqual(reply.headers.getSetCookie(), ["a=1", "b=2"])
        const reader = reply.body!.getReader()
        for (const chunk of ["data: 1\n\n", "data: 2\n\n", "data: 3\n\n"]) {
          yield* answer.write(chunk)
          const { value } = yield* Effect.promise(() => reader.read())
          assert.strictEqual(Buffer.from(value ?? []).toString(), chunk)
        }
        yield* answer.end()
        assert.isTrue((yield* Effect.promise(() => reader.read())).done)
      }).pipe(Effect.provide(LocalServer.layerTest)))
  })

  describe("streams", () => {
    it.effect("what has no HTTP head with the status 200 and its content type", () =>
      Effect.gen(function*() {
        const { answer, caller, requestId } = yield* begin({ "content-type": "text/csv" })
        yield* answer.write("a,b\n")
        const reply = yield* caller.reply
        assert.strictEqual(reply.status, 200)
        assert.strictEqual(reply.headers["content-type"], "text/csv")
        assert.strictEqual(reply.headers["x-amzn-requestid"], requestId)
        assert.strictEqual(yield* reply.read, "a,b\n")
        yield* answer.write("1,2\n")
        assert.strictEqual(yield* reply.read, "1,2\n")
        yield* answer.end()
        assert.isUndefined(yield* reply.read)
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("a buffered answer that starts with an HTTP head", () =>
      Effect.gen(function*() {
        const { reply } = yield* exchange(
          yield* makeRuntime(),
          send({ path: url }),
          `${prelude({ statusCode: 201, headers: { "www-authenticate": "Basic" } })}\0rest`,
          httpIntegration
        )
        assert.strictEqual(reply.status, 201)
        assert.strictEqual(reply.text, "\0rest")
        assert.strictEqual(reply.headers["x-amzn-remapped-www-authenticate"], "Basic")
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("no faster than its caller reads", () =>
      Effect.gen(function*() {
        const { answer, caller } = yield* begin()
        yield* answer.write(prelude({}))
        const chunk = Buffer.alloc(65_536, "x")
        const writing = yield* fork(Effect.gen(function*() {
          for (let count = 0; count < 1024; count++) yield* answer.write(chunk)
          yield* answer.end()
        }))
        const reply = yield* caller.reply
        // The caller has not read anything: 64 MB do not fit into what lies between the two.
        yield* settled(() => answer.request.writableLength)
        assert.isUndefined(writing.pollUnsafe())
        assert.strictEqual((yield* reply.rest).length, 1024 * chunk.length)
        yield* Fiber.join(writing)
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("to the end when the caller leaves half-way", () =>
      Effect.gen(function*() {
        const { answer, caller } = yield* begin()
        yield* answer.write(`${prelude({})}first`)
        assert.strictEqual(yield* (yield* caller.reply).read, "first")
        yield* caller.destroy
        const chunk = Buffer.alloc(65_536, "x")
        for (let count = 0; count < 512; count++) yield* answer.write(chunk)
        yield* answer.end()
        assert.strictEqual((yield* answer.reply).status, 202)
        assert.strictEqual((yield* replyTo({ statusCode: 204 })).status, 204)
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("nothing to a HEAD, and lets the function finish", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        const caller = yield* open({ method: "HEAD", path: url })
        const { requestId } = yield* runtime.next
        const answer = yield* runtime.stream(requestId, httpIntegration)
        yield* answer.write(prelude({ statusCode: 206 }))
        const reply = yield* caller.reply
        assert.strictEqual(reply.status, 206)
        assert.strictEqual(yield* reply.rest, "")
        const chunk = Buffer.alloc(65_536, "x")
        for (let count = 0; count < 256; count++) yield* answer.write(chunk)
        yield* answer.end()
        assert.strictEqual((yield* answer.reply).status, 202)
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("and breaks off when the function fails half-way", () =>
      Effect.gen(function*() {
        for (const headers of [httpIntegration, { "content-type": "text/plain" }]) {
          const { answer, caller } = yield* begin(headers)
          if (headers === httpIntegration) yield* answer.write(prelude({ statusCode: 200 }))
          yield* answer.write("first")
          const reply = yield* caller.reply
          assert.strictEqual(reply.status, 200)
          assert.strictEqual(yield* reply.read, "first")
          yield* answer.end(errorTrailers({ errorType: "Function.Oops", errorMessage: "" }))
          assert.isTrue(Exit.isFailure(yield* Effect.exit(reply.rest)))
          assert.strictEqual((yield* answer.reply).status, 202)
        }
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("not, and says 502, when the function fails before its first byte or its HTTP head is none", () =>
      Effect.gen(function*() {
        for (const headers of [httpIntegration, { "content-type": "text/plain" }]) {
          const { answer, caller } = yield* begin(headers)
          yield* answer.end(errorTrailers({ errorType: "Function.Oops", errorMessage: "" }))
          const reply = yield* caller.reply
          assertBadGateway({ status: reply.status, text: yield* reply.rest })
        }
        for (const bytes of ["{\"statusCode\":200}", "nonsense\0\0\0\0\0\0\0\0", prelude({ statusCode: 99 })]) {
          const { answer, caller } = yield* begin()
          yield* answer.write(bytes)
          yield* answer.end()
          const reply = yield* caller.reply
          assertBadGateway({ status: reply.status, text: yield* reply.rest })
        }
      }).pipe(Effect.provide(LocalServer.layerTest)))
  })
})
