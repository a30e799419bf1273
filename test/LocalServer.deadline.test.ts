import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import * as LocalServer from "../src/LocalServer.ts"
import { errorType, invoke, invokeStreaming, makeRuntime, until } from "./support/localServer.ts"

const fork = Effect.forkChild({ startImmediately: true })

const concurrent = LocalServer.layerOptions({ port: 0, maxConcurrency: 2 })

describe("the deadline of a local function", () => {
  it.effect("fails a call that is not answered in time, in the words of Lambda", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime()
      const call = yield* fork(invoke("{}"))
      const { requestId } = yield* runtime.next
      yield* TestClock.adjust("2999 millis")
      assert.isUndefined(call.pollUnsafe())
      yield* TestClock.adjust("1 millis")
      const { headers, status, text } = yield* Fiber.join(call)
      assert.strictEqual(status, 500)
      assert.strictEqual(headers["x-amz-function-error"], "Unhandled")
      assert.deepStrictEqual(JSON.parse(text), {
        errorType: "Sandbox.Timedout",
        errorMessage: `RequestId: ${requestId} Error: Task timed out after 3.00 seconds`
      })
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("is the one that the runtime was told, and starts when it gets the event", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime()
      const call = yield* fork(invoke("{}"))
      yield* until({ queued: 1 })
      yield* TestClock.adjust("1 hour")
      const event = yield* runtime.next
      assert.strictEqual(event.headers["lambda-runtime-deadline-ms"], String(3_600_000 + 1_500))
      yield* TestClock.adjust("1500 millis")
      assert.include((yield* Fiber.join(call)).text, "Task timed out after 1.50 seconds")
    }).pipe(Effect.provide(LocalServer.layerOptions({ port: 0, timeout: "1500 millis" }))))

  it.effect("has no effect on an answer that is in time", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime()
      const call = yield* fork(invoke("{}"))
      const { requestId } = yield* runtime.next
      yield* TestClock.adjust("2999 millis")
      assert.strictEqual((yield* runtime.respond(requestId, "in time")).status, 202)
      yield* TestClock.adjust("1 hour")
      assert.strictEqual((yield* Fiber.join(call)).text, "in time")
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("refuses a late answer with 400, and the runtime gets the next event", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime()
      const first = yield* fork(invoke("first"))
      const { requestId } = yield* runtime.next
      const second = yield* fork(invoke("second"))
      yield* TestClock.adjust("3 seconds")
      assert.strictEqual(errorType((yield* Fiber.join(first)).text), "Sandbox.Timedout")
      for (const post of [runtime.respond, runtime.fail]) {
        const late = yield* post(requestId, "{}")
        assert.strictEqual(late.status, 400)
        assert.strictEqual(errorType(late.text), "InvalidRequestID")
      }
      const event = yield* runtime.next
      assert.strictEqual(event.text, "second")
      yield* runtime.respond(event.requestId, "answer")
      assert.strictEqual((yield* Fiber.join(second)).text, "answer")
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("lets a successor take the place of a runtime that never answers", () =>
    Effect.gen(function*() {
      const stuck = yield* makeRuntime()
      const first = yield* fork(invoke("first"))
      yield* stuck.next
      const successor = yield* makeRuntime()
      assert.strictEqual((yield* successor.next).status, 403)
      yield* TestClock.adjust("3 seconds")
      yield* Fiber.join(first)
      const second = yield* fork(invoke("second"))
      const event = yield* successor.next
      assert.strictEqual(event.text, "second")
      yield* successor.respond(event.requestId, "answer")
      assert.strictEqual((yield* Fiber.join(second)).text, "answer")
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("refuses a late answer with 410, once, where there are several invocations at a time", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime()
      const call = yield* fork(invoke("{}"))
      const { requestId } = yield* runtime.next
      yield* TestClock.adjust("3 seconds")
      assert.strictEqual(errorType((yield* Fiber.join(call)).text), "Sandbox.Timedout")
      const late = yield* runtime.respond(requestId, "{}")
      assert.strictEqual(late.status, 410)
      assert.deepStrictEqual(JSON.parse(late.text), { errorMessage: "Invoke timeout", errorType: "InvokeTimeout" })
      const later = yield* runtime.respond(requestId, "{}")
      assert.strictEqual(later.status, 400)
      assert.strictEqual(errorType(later.text), "InvalidRequestID")
    }).pipe(Effect.provide(concurrent)))

  it.effect("frees a slot for the next event where there are several invocations at a time", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime(3)
      const stuck = [yield* fork(invoke("1")), yield* fork(invoke("2"))]
      yield* runtime.next
      yield* runtime.next
      const waiting = yield* fork(invoke("3"))
      const poll = yield* fork(runtime.next)
      yield* until({ polls: 1, queued: 1 })
      assert.isUndefined(poll.pollUnsafe())
      yield* TestClock.adjust("3 seconds")
      const event = yield* Fiber.join(poll)
      yield* runtime.respond(event.requestId, "answer")
      assert.strictEqual((yield* Fiber.join(waiting)).text, "answer")
      for (const call of stuck) assert.strictEqual(errorType((yield* Fiber.join(call)).text), "Sandbox.Timedout")
    }).pipe(Effect.provide(concurrent)))

  it.effect("cuts a stream off, and refuses the rest of it", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime(2)
      const exchange = yield* invokeStreaming("{}")
      const { requestId } = yield* runtime.next
      const answer = yield* runtime.stream(requestId, { "content-type": "text/plain" })
      yield* answer.write("first")
      const reply = yield* exchange.reply
      assert.strictEqual(yield* reply.read, "first")
      yield* TestClock.adjust("3 seconds")
      assert.strictEqual((yield* Effect.flip(reply.rest))._tag, "ExchangeFailed")
      yield* answer.write("more")
      yield* answer.end()
      const refused = yield* answer.reply
      assert.strictEqual(refused.status, 400)
      assert.strictEqual(errorType(yield* refused.rest), "InvalidRequestID")
    }).pipe(Effect.provide(LocalServer.layerTest)))
})

describe("a caller that does not read", () => {
  it.effect("holds the runtime up to the deadline, and no longer", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime(2)
      const caller = yield* invokeStreaming("{}")
      const { requestId } = yield* runtime.next
      const answer = yield* runtime.stream(requestId, { "content-type": "text/plain" })
      const chunk = Buffer.alloc(1_000_000, "x")
      const writing = yield* fork(Effect.forEach(Array.from({ length: 40 }), () => answer.write(chunk)))
      const reply = yield* caller.reply
      yield* TestClock.adjust("3 seconds")
      yield* Fiber.join(writing)
      yield* answer.end()
      assert.strictEqual((yield* answer.reply).status, 400)
      assert.strictEqual((yield* Effect.flip(reply.rest))._tag, "ExchangeFailed")
      const call = yield* fork(invoke("next"))
      const next = yield* runtime.next
      yield* runtime.respond(next.requestId, "answer")
      assert.strictEqual((yield* Fiber.join(call)).text, "answer")
    }).pipe(Effect.provide(LocalServer.layerTest)))
})

describe("an error after the start of an answer", () => {
  it.effect("breaks the answer off where there are several invocations at a time", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime(2)
      const exchange = yield* invokeStreaming("{}")
      const { requestId } = yield* runtime.next
      const answer = yield* runtime.stream(requestId, { "content-type": "text/plain" })
      yield* answer.write("first")
      const reply = yield* exchange.reply
      assert.strictEqual(yield* reply.read, "first")
      assert.strictEqual((yield* runtime.fail(requestId, "{}")).status, 202)
      assert.strictEqual((yield* Effect.flip(reply.rest))._tag, "ExchangeFailed")
    }).pipe(Effect.provide(concurrent)))

  it.effect("is refused where there is one", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime(2)
      const exchange = yield* invokeStreaming("{}")
      const { requestId } = yield* runtime.next
      const answer = yield* runtime.stream(requestId, { "content-type": "text/plain" })
      yield* answer.write("first")
      const reply = yield* exchange.reply
      assert.strictEqual(yield* reply.read, "first")
      const refused = yield* runtime.fail(requestId, "{}")
      assert.strictEqual(refused.status, 403)
      assert.strictEqual(errorType(refused.text), "InvalidStateTransition")
      yield* answer.end()
      assert.strictEqual(yield* reply.rest, "")
    }).pipe(Effect.provide(LocalServer.layerTest)))
})
