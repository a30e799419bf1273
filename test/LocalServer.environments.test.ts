import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Queue from "effect/Queue"
import * as TestClock from "effect/testing/TestClock"
import * as LocalServer from "../src/LocalServer.ts"
import * as localHttp from "./support/localHttp.ts"
import { errorType, invoke, makeRuntime, until } from "./support/localServer.ts"

const fork = Effect.forkChild({ startImmediately: true })

const two = LocalServer.layerOptions({ port: 0, maxEnvironments: 2 })

describe("execution environments of a local function", () => {
  it.effect("serve an event each at the same time", () =>
    Effect.gen(function*() {
      const runtimes = [yield* makeRuntime(), yield* makeRuntime()]
      const calls = yield* Effect.forEach(["1", "2", "3"], (body) => fork(invoke(body)))
      const events = yield* Effect.forEach(runtimes, (runtime) => runtime.next)
      assert.sameMembers(events.map(({ text }) => text), ["1", "2"])
      yield* until({ queued: 1, running: 2 })
      for (const [index, runtime] of runtimes.entries()) {
        yield* runtime.respond(events[index]!.requestId, `answer ${events[index]!.text}`)
      }
      const last = yield* runtimes[1]!.next
      yield* runtimes[1]!.respond(last.requestId, `answer ${last.text}`)
      const replies = yield* Effect.forEach(calls, Fiber.join)
      assert.deepStrictEqual(replies.map(({ text }) => text), ["answer 1", "answer 2", "answer 3"])
    }).pipe(Effect.provide(two)))

  it.effect("are each held to the order of calls", () =>
    Effect.gen(function*() {
      const first = yield* makeRuntime(2)
      const second = yield* makeRuntime(2)
      yield* fork(invoke("1"))
      const event = yield* first.next
      const refused = yield* first.next
      assert.strictEqual(refused.status, 403)
      assert.strictEqual(errorType(refused.text), "InvalidStateTransition")
      yield* fork(second.next)
      yield* until({ polls: 1, running: 1 })
      assert.strictEqual((yield* first.respond(event.requestId, "answer")).status, 202)
    }).pipe(Effect.provide(two)))

  it.effect("are no more than the settings allow", () =>
    Effect.gen(function*() {
      for (const runtime of [yield* makeRuntime(), yield* makeRuntime()]) yield* fork(runtime.next)
      yield* until({ polls: 2 })
      const third = yield* makeRuntime()
      assert.strictEqual((yield* third.next).status, 403)
    }).pipe(Effect.provide(two)))

  it.effect("make room for another when one of them ends", () =>
    Effect.gen(function*() {
      const ending = yield* makeRuntime()
      const staying = yield* makeRuntime()
      const calls = [yield* fork(invoke("1")), yield* fork(invoke("2"))]
      yield* ending.next
      const event = yield* staying.next
      yield* ending.kill
      const successor = yield* makeRuntime()
      yield* fork(successor.next)
      assert.strictEqual(errorType((yield* Fiber.join(calls[0]!)).text), "Runtime.ExitError")
      yield* staying.respond(event.requestId, "answer")
      assert.strictEqual((yield* Fiber.join(calls[1]!)).text, "answer")
    }).pipe(Effect.provide(two)))

  it.effect("may open a connection for every call", () =>
    Effect.gen(function*() {
      const { address } = yield* LocalServer.LocalServer
      const runtime = "/2018-06-01/runtime/invocation"
      const next = localHttp.send({ address, method: "GET", path: `${runtime}/next` })
      const calls = [yield* fork(invoke("1")), yield* fork(invoke("2"))]
      const events = [yield* next, yield* next]
      for (const { headers, text } of events) {
        const path = `${runtime}/${String(headers["lambda-runtime-aws-request-id"])}/response`
        assert.strictEqual((yield* localHttp.send({ address, path, body: `answer ${text}` })).status, 202)
      }
      const replies = yield* Effect.forEach(calls, Fiber.join)
      assert.deepStrictEqual(replies.map(({ text }) => text), ["answer 1", "answer 2"])
    }).pipe(Effect.provide(two)))

  it.effect("do not suffer from one that cannot start", () =>
    Effect.gen(function*() {
      const well = yield* makeRuntime()
      yield* fork(well.next)
      yield* until({ polls: 1 })
      const broken = yield* makeRuntime()
      assert.strictEqual((yield* broken.post("/init/error", "{}")).status, 202)
      const call = yield* fork(invoke("{}"))
      yield* until({ running: 1 })
      assert.isUndefined(call.pollUnsafe())
    }).pipe(Effect.provide(two)))
})

describe("the queue of a local function", () => {
  it.effect("takes as many events as the settings allow, and goes on when there is room", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime()
      const calls = [yield* fork(invoke("1")), yield* fork(invoke("2"))]
      yield* until({ queued: 2 })
      const refused = yield* invoke("3")
      assert.strictEqual(refused.status, 429)
      const event = yield* runtime.next
      yield* runtime.respond(event.requestId, "answer")
      const again = yield* fork(invoke("4"))
      yield* until({ queued: 2 })
      for (const expected of ["2", "4"]) {
        const next = yield* runtime.next
        assert.strictEqual(next.text, expected)
        yield* runtime.respond(next.requestId, "answer")
      }
      for (const call of [...calls, again]) assert.strictEqual((yield* Fiber.join(call)).text, "answer")
    }).pipe(Effect.provide(LocalServer.layerOptions({ port: 0, maxQueued: 2 }))))

  it.effect("says once why events wait", () =>
    Effect.gen(function*() {
      const lines = yield* Queue.unbounded<string>()
      const logger = Logger.layer([Logger.make(({ message }) => void Queue.offerUnsafe(lines, String(message)))])
      const server = yield* Layer.build(Layer.provide(LocalServer.layerTestOptions({ timeout: "1 minute" }), logger))
      yield* Effect.gen(function*() {
        const calls = [yield* fork(invoke("1")), yield* fork(invoke("2"))]
        yield* until({ queued: 2 })
        yield* TestClock.adjust("5 seconds")
        assert.include(yield* Queue.take(lines), "no runtime asks for events. Start one with AWS_LAMBDA_RUNTIME_API")
        const runtime = yield* makeRuntime()
        for (const call of calls) {
          yield* runtime.respond((yield* runtime.next).requestId, "answer")
          yield* Fiber.join(call)
        }
        yield* fork(invoke("3"))
        const busy = yield* runtime.next
        yield* fork(invoke("4"))
        yield* until({ queued: 1, running: 1 })
        yield* TestClock.adjust("2 seconds")
        yield* fork(invoke("5"))
        yield* until({ queued: 2 })
        assert.strictEqual(yield* Queue.size(lines), 0)
        yield* TestClock.adjust("3 seconds")
        assert.include(yield* Queue.take(lines), `all runtimes are still busy, with ${busy.requestId}`)
      }).pipe(Effect.provide(server))
    }))

  it.effect("holds 256 MB of events at most, and forgets those whose callers have left", () =>
    Effect.gen(function*() {
      const body = Buffer.alloc(6_000_000, "1")
      const calls = yield* Effect.forEach(Array.from({ length: 44 }), () => fork(invoke(body)))
      yield* until({ queued: 44 })
      assert.strictEqual((yield* invoke(body)).status, 429)
      yield* Fiber.interrupt(calls[0]!)
      yield* until({ queued: 43 })
      yield* fork(invoke(body))
      yield* until({ queued: 44 })
    }).pipe(Effect.provide(LocalServer.layerTest)))
})

describe("several functions on one local server", () => {
  const layer = LocalServer.layerOptions({
    port: 0,
    functionName: "orders",
    functions: [{ functionName: "invoices", timeout: "10 seconds" }]
  })

  const runtimeOf = Effect.fnUntraced(function*(name: string) {
    const { address } = yield* LocalServer.LocalServer
    return (path: string, body?: string) =>
      localHttp.send({
        address,
        method: body === undefined ? "GET" : "POST",
        path: `/${name}/2018-06-01/runtime/${path}`,
        body
      })
  })

  it.effect("have a Runtime API each, below their names", () =>
    Effect.gen(function*() {
      const call = yield* fork(invoke("{}"))
      yield* until({ queued: 1 })
      const invoices = yield* runtimeOf("invoices")
      yield* fork(invoices("invocation/next"))
      const orders = yield* runtimeOf("orders")
      const { headers } = yield* orders("invocation/next")
      assert.strictEqual(
        headers["lambda-runtime-invoked-function-arn"],
        "arn:aws:lambda:us-east-1:123456789012:function:orders"
      )
      const requestId = String(headers["lambda-runtime-aws-request-id"])
      assert.strictEqual((yield* invoices(`invocation/${requestId}/response`, "wrong")).status, 400)
      assert.strictEqual((yield* orders(`invocation/${requestId}/response`, "right")).status, 202)
      assert.strictEqual((yield* Fiber.join(call)).text, "right")
    }).pipe(Effect.provide(layer)))

  it.effect("need names of their own", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(Effect.scoped(Effect.provide(
        LocalServer.LocalServer,
        LocalServer.layerOptions({ port: 0, functions: [{}] })
      )))
      assert.strictEqual(error.message, "functionName is \"function\": it must be a name that no other function has")
    }))
})
