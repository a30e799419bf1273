import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as LocalServer from "../src/LocalServer.ts"
import { errorType, invokeStreaming, makeRuntime, type Runtime, until } from "./support/localServer.ts"
import * as localSocket from "./support/localSocket.ts"

const fork = Effect.forkChild({ startImmediately: true })

const httpIntegration = { "content-type": "application/vnd.awslambda.http-integration-response" }

const separator = "\0".repeat(8)

const prelude = (head: unknown) => JSON.stringify(head) + separator

const errorTrailers = (error: { readonly errorType: string; readonly errorMessage: string }) => ({
  "Lambda-Runtime-Function-Error-Type": error.errorType,
  "Lambda-Runtime-Function-Error-Body": Buffer.from(JSON.stringify(error)).toString("base64")
})

/** A caller that waits for a streamed answer, and the runtime's side of that answer. */
const begin = Effect.fnUntraced(function*(headers: Record<string, string> = { "content-type": "text/plain" }) {
  const runtime = yield* makeRuntime()
  const caller = yield* invokeStreaming("{}")
  const { requestId } = yield* runtime.next
  const answer = yield* runtime.stream(requestId, headers)
  return { runtime, caller, answer, requestId }
})

/** The runtime is served on as if nothing had happened. */
const assertGoesOn = Effect.fnUntraced(function*(runtime: Runtime) {
  const caller = yield* invokeStreaming("\"and on\"")
  const event = yield* runtime.next
  assert.strictEqual(event.text, "\"and on\"")
  yield* runtime.respond(event.requestId, "still here")
  assert.strictEqual(yield* (yield* caller.reply).rest, "still here")
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

describe("a streamed answer of LocalServer", () => {
  it.effect("reaches the caller chunk by chunk, each before the next one is made", () =>
    Effect.gen(function*() {
      const { answer, caller, runtime } = yield* begin()
      yield* answer.write("one")
      const reply = yield* caller.reply
      assert.strictEqual(reply.status, 200)
      assert.strictEqual(reply.headers["content-type"], "text/plain")
      assert.strictEqual(reply.headers["transfer-encoding"], "chunked")
      assert.strictEqual(yield* reply.read, "one")
      for (const chunk of ["two", "three", "four"]) {
        yield* answer.write(chunk)
        assert.strictEqual(yield* reply.read, chunk)
      }
      yield* answer.end()
      assert.isUndefined(yield* reply.read)
      const accepted = yield* answer.reply
      assert.strictEqual(accepted.status, 202)
      assert.strictEqual(yield* accepted.rest, "{\"status\":\"OK\"}")
      yield* assertGoesOn(runtime)
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("may be empty", () =>
    Effect.gen(function*() {
      const { answer, caller, runtime } = yield* begin()
      yield* answer.end()
      assert.strictEqual((yield* answer.reply).status, 202)
      const reply = yield* caller.reply
      assert.strictEqual(reply.status, 200)
      assert.strictEqual(yield* reply.rest, "")
      yield* assertGoesOn(runtime)
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("has the content type application/octet-stream unless the runtime says otherwise", () =>
    Effect.gen(function*() {
      const { answer, caller } = yield* begin({})
      yield* answer.write("bytes")
      assert.strictEqual((yield* caller.reply).headers["content-type"], "application/octet-stream")
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("may follow another one and be larger than a buffered one", () =>
    Effect.gen(function*() {
      for (const letter of ["a", "b", "c"]) {
        const { answer, caller } = yield* begin()
        const reading = yield* fork(Effect.flatMap(caller.reply, ({ rest }) => rest))
        const chunk = letter.repeat(1_000_000)
        for (let count = 0; count < 8; count++) yield* answer.write(chunk)
        yield* answer.end()
        assert.isTrue((yield* Fiber.join(reading)) === chunk.repeat(8))
        yield* Effect.flatMap(answer.reply, ({ rest }) => rest)
      }
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("is not taken from the runtime faster than the caller reads", () =>
    Effect.gen(function*() {
      const { answer, caller } = yield* begin()
      const chunk = Buffer.alloc(65_536, "x")
      const total = 1024 * chunk.length
      let written = 0
      const writing = yield* fork(Effect.gen(function*() {
        while (written < total) {
          yield* answer.write(chunk)
          written += chunk.length
        }
        yield* answer.end()
      }))
      const reply = yield* caller.reply
      yield* settled(() => written)
      assert.isBelow(written, total)
      assert.isUndefined(writing.pollUnsafe())
      const text = yield* reply.rest
      assert.strictEqual(text.length, total)
      yield* Fiber.join(writing)
      assert.strictEqual((yield* answer.reply).status, 202)
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("goes on to its end when the caller leaves, also one that did not read", () =>
    Effect.gen(function*() {
      const { answer, caller, runtime } = yield* begin()
      const chunk = Buffer.alloc(65_536, "x")
      const writing = yield* fork(Effect.gen(function*() {
        for (let count = 0; count < 1024; count++) yield* answer.write(chunk)
        yield* answer.end()
      }))
      yield* caller.reply
      yield* caller.destroy
      yield* Fiber.join(writing)
      assert.strictEqual((yield* answer.reply).status, 202)
      yield* assertGoesOn(runtime)
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("is accepted when the caller has left before it began", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime()
      const caller = yield* invokeStreaming("{}")
      const { requestId } = yield* runtime.next
      yield* caller.destroy
      const answer = yield* runtime.stream(requestId)
      const chunk = Buffer.alloc(65_536, "x")
      for (let count = 0; count < 512; count++) yield* answer.write(chunk)
      yield* answer.end()
      assert.strictEqual((yield* answer.reply).status, 202)
      yield* assertGoesOn(runtime)
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("is cut off by an error in its trailers, after everything that came before it", () =>
    Effect.gen(function*() {
      const { answer, caller, runtime } = yield* begin()
      yield* answer.write("first")
      const reply = yield* caller.reply
      assert.strictEqual(yield* reply.read, "first")
      yield* answer.write("second")
      yield* answer.end(errorTrailers({ errorType: "Function.OutOfTea", errorMessage: "the pot is empty" }))
      assert.strictEqual((yield* answer.reply).status, 202)
      assert.strictEqual(yield* reply.read, "second")
      assert.isTrue(Exit.isFailure(yield* Effect.exit(reply.read)))
      yield* assertGoesOn(runtime)
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("that fails before its first byte is a function error like any other", () =>
    Effect.gen(function*() {
      for (const headers of [{ "content-type": "text/plain" }, httpIntegration]) {
        const { answer, caller } = yield* begin(headers)
        const error = { errorType: "Function.OutOfTea", errorMessage: "the pot is empty" }
        yield* answer.end(errorTrailers(error))
        assert.strictEqual((yield* answer.reply).status, 202)
        const reply = yield* caller.reply
        assert.strictEqual(reply.status, 500)
        assert.strictEqual(reply.headers["x-amz-function-error"], "Unhandled")
        assert.strictEqual(reply.headers["content-type"], "application/json")
        assert.deepStrictEqual(JSON.parse(yield* reply.rest), error)
      }
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("is cut off when the connection of the runtime breaks", () =>
    Effect.gen(function*() {
      const { answer, caller, runtime } = yield* begin()
      yield* answer.write("first")
      const reply = yield* caller.reply
      assert.strictEqual(yield* reply.read, "first")
      yield* answer.destroy
      assert.isTrue(Exit.isFailure(yield* Effect.exit(reply.read)))
      yield* assertGoesOn(runtime)
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("stays free of other bytes when its caller sends something that is not HTTP", () =>
    Effect.gen(function*() {
      const { address } = yield* LocalServer.LocalServer
      const runtime = yield* makeRuntime()
      const caller = yield* localSocket.connect(address)
      yield* caller.write(`POST /invoke HTTP/1.1\r\nHost: ${address}\r\nContent-Length: 2\r\n\r\n{}`)
      const { requestId } = yield* runtime.next
      const answer = yield* runtime.stream(requestId)
      yield* answer.write("first")
      yield* caller.readUntil("first\r\n")
      yield* caller.write("this is not HTTP\r\n\r\n")
      yield* caller.closed
      assert.strictEqual(yield* caller.unread, "")
      yield* answer.end()
      assert.strictEqual((yield* answer.reply).status, 202)
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("that breaks before its first byte is Runtime.TruncatedResponse", () =>
    Effect.gen(function*() {
      const { answer, caller } = yield* begin({ "expect": "100-continue" })
      yield* answer.proceed
      yield* answer.destroy
      const reply = yield* caller.reply
      assert.strictEqual(reply.status, 500)
      assert.strictEqual(errorType(yield* reply.rest), "Runtime.TruncatedResponse")
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("keeps polls and errors of its runtime away until it has ended", () =>
    Effect.gen(function*() {
      const { answer, caller, requestId, runtime } = yield* begin()
      yield* answer.write("first")
      const reply = yield* caller.reply
      const poll = yield* runtime.next
      assert.strictEqual(poll.status, 403)
      assert.include(poll.text, "from InvocationResponse to Ready")
      const failed = yield* runtime.fail(requestId, "{}")
      assert.strictEqual(failed.status, 403)
      assert.include(failed.text, "from InvocationResponse to InvocationErrorResponse")
      yield* answer.end()
      assert.strictEqual(yield* reply.rest, "first")
    }).pipe(Effect.provide(LocalServer.layerTest)))

  describe("with an HTTP head", () => {
    it.effect("has the status, headers and cookies of its head, at once", () =>
      Effect.gen(function*() {
        const { answer, caller } = yield* begin(httpIntegration)
        yield* answer.write(prelude({
          statusCode: 418,
          headers: { "Content-Type": "text/plain; charset=utf-8", "X-Tea": "Earl Grey", "X-Number": 5 },
          multiValueHeaders: { "X-Brew": ["hot", "strong"], "Set-Cookie": ["multi=1; Path=/"] },
          cookies: [
            "session=abc123; Secure; HttpOnly",
            "theme=dark; Priority=High; Expires=Wed, 21 Oct 2026 07:28:00 GMT"
          ]
        }))
        // Nothing of the body has been sent yet.
        const reply = yield* caller.reply
        assert.strictEqual(reply.status, 418)
        assert.strictEqual(reply.headers["content-type"], "text/plain; charset=utf-8")
        assert.strictEqual(reply.headers["x-tea"], "Earl Grey")
        assert.strictEqual(reply.headers["x-number"], "5")
        assert.deepStrictEqual(reply.rawHeaders.filter((_, index, all) => all[index - 1] === "X-Brew"), [
          "hot",
          "strong"
        ])
        assert.deepStrictEqual(reply.headers["set-cookie"], [
          "multi=1; Path=/",
          "session=abc123; Secure; HttpOnly",
          "theme=dark; Priority=High; Expires=Wed, 21 Oct 2026 07:28:00 GMT"
        ])
        assert.strictEqual(reply.rawHeaders.filter((name) => name.toLowerCase() === "content-type").length, 1)
        yield* answer.write("short")
        assert.strictEqual(yield* reply.read, "short")
        yield* answer.write(" and stout")
        assert.strictEqual(yield* reply.read, " and stout")
        yield* answer.end()
        assert.isUndefined(yield* reply.read)
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("may come in any pieces", () =>
      Effect.gen(function*() {
        const { answer, caller } = yield* begin(httpIntegration)
        for (const byte of Buffer.from(`${prelude({ statusCode: 201 })}\0body`)) {
          yield* answer.write(Buffer.of(byte))
        }
        yield* answer.end()
        const reply = yield* caller.reply
        assert.strictEqual(reply.status, 201)
        assert.strictEqual(yield* reply.rest, "\0body")
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("may have no body, and may be {}", () =>
      Effect.gen(function*() {
        const { answer, caller } = yield* begin(httpIntegration)
        yield* answer.write(prelude({}))
        yield* answer.end()
        const reply = yield* caller.reply
        assert.strictEqual(reply.status, 200)
        assert.strictEqual(yield* reply.rest, "")
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect.each([204, 304])("may have the status %i, which allows no body", (statusCode) =>
      Effect.gen(function*() {
        const { answer, caller, runtime } = yield* begin(httpIntegration)
        yield* answer.write(prelude({ statusCode }))
        yield* answer.write("dropped")
        yield* answer.end()
        const reply = yield* caller.reply
        assert.strictEqual(reply.status, statusCode)
        assert.strictEqual(yield* reply.rest, "")
        assert.strictEqual((yield* answer.reply).status, 202)
        yield* assertGoesOn(runtime)
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("keeps headers that belong to the connection to itself", () =>
      Effect.gen(function*() {
        const { answer, caller } = yield* begin(httpIntegration)
        yield* answer.write(prelude({
          headers: {
            "Connection": "upgrade",
            "Keep-Alive": "timeout=99",
            "Transfer-Encoding": "identity",
            "Content-Length": "3",
            "Trailer": "x",
            "Upgrade": "h2c",
            "X-Kept": "yes"
          }
        }))
        yield* answer.write("longer than three")
        yield* answer.end()
        const reply = yield* caller.reply
        assert.strictEqual(yield* reply.rest, "longer than three")
        assert.notStrictEqual(reply.headers["connection"], "upgrade")
        assert.strictEqual(reply.headers["transfer-encoding"], "chunked")
        assert.strictEqual(reply.headers["x-amzn-remapped-content-length"], "3")
        assert.strictEqual(reply.headers["x-kept"], "yes")
        for (const name of ["content-length", "keep-alive", "trailer", "upgrade"]) {
          assert.isUndefined(reply.headers[name], name)
        }
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("is read from a buffered answer too", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        const caller = yield* invokeStreaming("{}")
        const { requestId } = yield* runtime.next
        yield* runtime.respond(
          requestId,
          `${prelude({ statusCode: 203, cookies: ["a=b"] })}all at once`,
          httpIntegration
        )
        const reply = yield* caller.reply
        assert.strictEqual(reply.status, 203)
        assert.deepStrictEqual(reply.headers["set-cookie"], ["a=b"])
        assert.strictEqual(yield* reply.rest, "all at once")
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect.each([
      ["not JSON", "not JSON" + separator],
      ["an array", prelude([])],
      ["statusCode", prelude({ statusCode: "200" })],
      ["statusCode", prelude({ statusCode: 99 })],
      ["statusCode", prelude({ statusCode: 101 })],
      ["statusCode", prelude({ statusCode: 600 })],
      ["header", prelude({ headers: { "bad name": "x" } })],
      ["header", prelude({ headers: { "x-bad": "two\r\nlines: yes" } })],
      ["header", prelude({ cookies: ["two\nlines"] })],
      ["eight NUL", "{}"],
      ["eight NUL", ""],
      ["NUL", "{}\0\0\0x"],
      ["16384", "{}" + " ".repeat(20_000)]
    ])("that is malformed is a 502: %s in %j", ([_, bytes = ""]) =>
      Effect.gen(function*() {
        const { answer, caller, runtime } = yield* begin(httpIntegration)
        if (bytes !== "") yield* answer.write(bytes)
        yield* answer.end()
        const reply = yield* caller.reply
        assert.strictEqual(reply.status, 502)
        assert.include(yield* reply.rest, "The HTTP head of the function's answer ")
        assert.isUndefined(reply.headers["x-bad"])
        assert.strictEqual((yield* answer.reply).status, 202)
        yield* assertGoesOn(runtime)
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("that fails before its head is complete is a function error", () =>
      Effect.gen(function*() {
        const { answer, caller } = yield* begin(httpIntegration)
        yield* answer.write("{\"statusCode\":200")
        yield* answer.end(errorTrailers({ errorType: "Function.Oops", errorMessage: "" }))
        const reply = yield* caller.reply
        assert.strictEqual(reply.status, 500)
        assert.strictEqual(errorType(yield* reply.rest), "Function.Oops")
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("that fails after its head is cut off", () =>
      Effect.gen(function*() {
        const { answer, caller } = yield* begin(httpIntegration)
        yield* answer.write(prelude({ statusCode: 200 }))
        const reply = yield* caller.reply
        yield* answer.end(errorTrailers({ errorType: "Function.Oops", errorMessage: "" }))
        assert.strictEqual(reply.status, 200)
        assert.isTrue(Exit.isFailure(yield* Effect.exit(reply.rest)))
      }).pipe(Effect.provide(LocalServer.layerTest)))
  })

  it.effect("runs beside others when the concurrency allows it", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime(2)
      const callers = [yield* invokeStreaming("1")]
      yield* until({ queued: 1 })
      callers.push(yield* invokeStreaming("2"))
      yield* until({ queued: 2 })
      const answers = [
        yield* runtime.stream((yield* runtime.next).requestId),
        yield* runtime.stream((yield* runtime.next).requestId)
      ]
      const replies = []
      for (const [index, answer] of answers.entries()) {
        yield* answer.write(`first ${index}`)
        const reply = yield* callers[index]!.reply
        assert.strictEqual(yield* reply.read, `first ${index}`)
        replies.push(reply)
      }
      for (const [index, answer] of answers.entries()) {
        yield* answer.write(`second ${index}`)
        assert.strictEqual(yield* replies[index]!.read, `second ${index}`)
        yield* answer.end()
        assert.isUndefined(yield* replies[index]!.read)
      }
    }).pipe(Effect.provide(LocalServer.layerOptions({ port: 0, maxConcurrency: 2 }))))
})
