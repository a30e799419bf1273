import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
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

describe("an execution environment with an address of its own", () => {
  const many = LocalServer.layerTestOptions({ maxEnvironments: 10, timeout: "1 minute" })

  const start = Effect.gen(function*() {
    const { functions: [local] } = yield* LocalServer.LocalServer
    const environment = yield* local!.environment
    return { environment, runtime: yield* makeRuntime(2, environment.runtimeApi) }
  })

  const isDone = (effect: Effect.Effect<unknown>) => Effect.map(Effect.timeoutOption(effect, 0), Option.isSome)

  it.live("is ready when its runtime has asked for an event", () =>
    Effect.gen(function*() {
      const first = yield* start
      const second = yield* start
      assert.notStrictEqual(first.environment.runtimeApi, second.environment.runtimeApi)
      assert.isFalse(yield* isDone(first.environment.ready))
      const event = yield* fork(first.runtime.next)
      yield* first.environment.ready
      assert.isFalse(yield* isDone(second.environment.ready))
      const call = yield* fork(invoke("1"))
      yield* first.runtime.respond((yield* Fiber.join(event)).requestId, "answer")
      assert.strictEqual((yield* Fiber.join(call)).text, "answer")
    }).pipe(Effect.scoped, Effect.provide(many)))

  it.live("gets no event any more when it is drained, and another one gets all of them", () =>
    Effect.gen(function*() {
      const old = yield* start
      yield* fork(old.runtime.next)
      yield* old.environment.ready
      const successor = yield* start
      const polling = yield* fork(successor.runtime.next)
      yield* successor.environment.ready
      yield* old.environment.drain
      yield* until({ polls: 1 })
      const call = yield* fork(invoke("1"))
      yield* successor.runtime.respond((yield* Fiber.join(polling)).requestId, "of the successor")
      assert.strictEqual((yield* Fiber.join(call)).text, "of the successor")
    }).pipe(Effect.scoped, Effect.provide(many)))

  it.live("is drained when it has answered what it had, and polls in vain then", () =>
    Effect.gen(function*() {
      const { environment, runtime } = yield* start
      const call = yield* fork(invoke("1"))
      const event = yield* runtime.next
      const draining = yield* fork(environment.drain)
      const late = yield* fork(invoke("2"))
      yield* until({ queued: 1, running: 1 })
      assert.isUndefined(draining.pollUnsafe())
      yield* runtime.respond(event.requestId, "answer")
      yield* Fiber.join(draining)
      assert.strictEqual((yield* Fiber.join(call)).text, "answer")
      const inVain = yield* fork(runtime.next)
      const successor = yield* start
      const next = yield* successor.runtime.next
      assert.strictEqual(next.text, "2")
      yield* successor.runtime.respond(next.requestId, "of the successor")
      assert.strictEqual((yield* Fiber.join(late)).text, "of the successor")
      assert.isUndefined(inVain.pollUnsafe())
    }).pipe(Effect.scoped, Effect.provide(many)))

  it.live("does not hold the server when that ends", () =>
    Effect.gen(function*() {
      const polling = yield* Effect.scoped(Effect.provide(
        Effect.gen(function*() {
          const { environment, runtime } = yield* start
          const polling = yield* Effect.forkDetach(runtime.next, { startImmediately: true })
          yield* environment.ready
          yield* environment.drain
          return polling
        }),
        many
      ))
      yield* Fiber.await(polling)
    }))
})
