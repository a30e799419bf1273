import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as OtlpExporter from "effect/observability/OtlpExporter"
import * as OtlpSerialization from "effect/observability/OtlpSerialization"
import * as OtlpTracer from "effect/observability/OtlpTracer"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import * as Concurrency from "../src/Concurrency.ts"
import * as Flush from "../src/Flush.ts"
import * as Handler from "../src/Handler.ts"
import { Flusher } from "../src/internal/flush.ts"
import * as Invocation from "../src/Invocation.ts"
import * as Lambda from "../src/Lambda.ts"
import * as LambdaResponse from "../src/LambdaResponse.ts"
import * as RuntimeApi from "../src/RuntimeApi.ts"
import { environment } from "./support/runtimeApiLayers.ts"
import * as ScriptedPeer from "./support/scriptedPeer.ts"
import { nameOf } from "./support/seenRequest.ts"

const echo = Handler.raw((payload) => Effect.succeed(LambdaResponse.bytes(payload)))

interface Settings {
  readonly concurrency?: number
  readonly pipelining?: boolean
  readonly passGracePeriod?: Effect.Effect<void>
}

/** Serves a program, and writes down what it warns of. */
const launch = Effect.fnUntraced(function*(
  program: Layer.Layer<never, never, Lambda.Server>,
  { concurrency = 1, passGracePeriod = TestClock.adjust("1 second"), pipelining = false }: Settings = {}
) {
  const peer = yield* ScriptedPeer.make
  const lines: Array<string> = []
  const main = Effect.provide(Lambda.launch(program), [
    Layer.provide(RuntimeApi.layerOptions({ address: peer.address, pipelining }), Layer.orDie(environment({}))),
    Layer.succeed(Concurrency.MaxConcurrency, concurrency),
    Logger.layer([Logger.make(({ message }) => void lines.push(String(message)))])
  ])
  const running = yield* Effect.acquireRelease(
    Effect.forkDetach(main),
    Effect.fnUntraced(function*(running: Fiber.Fiber<never, unknown>) {
      const ended = yield* Effect.forkChild(Fiber.interrupt(running), { startImmediately: true })
      yield* passGracePeriod
      yield* Fiber.join(ended)
    })
  )
  const take = Effect.fnUntraced(function*(name: string) {
    const request = yield* peer.request
    assert.strictEqual(nameOf(request), name)
    yield* request.whole
    return request
  })
  const give = (requestId: string, deadline?: number) =>
    Effect.flatMap(take("next"), (poll) => {
      const headers = deadline === undefined ? {} : { "Lambda-Runtime-Deadline-Ms": String(deadline) }
      return poll.respond({ headers: ScriptedPeer.eventHeaders(requestId, headers), body: "{}" })
    })
  const accept = (name: string) => Effect.flatMap(take(name), (request) => request.respond(ScriptedPeer.accepted))
  /** Nothing more comes. */
  const quiet = Effect.gen(function*() {
    const count = peer.requestCount()
    yield* ScriptedPeer.settle
    assert.strictEqual(peer.requestCount(), count)
  })
  return { peer, running, lines, take, give, accept, quiet }
})

/** A flush that waits until it is let go. */
const gate = Effect.map(Queue.unbounded<Deferred.Deferred<void>>(), (queue) => ({
  flush: Effect.suspend(() => {
    const released = Deferred.makeUnsafe<void>()
    Queue.offerUnsafe(queue, released)
    return Deferred.await(released)
  }),
  /** The next flush has begun. */
  begun: Queue.take(queue),
  /** Flushes that have begun, and that nobody has taken. */
  count: Effect.sync(() => Queue.sizeUnsafe(queue))
}))

const release = (released: Deferred.Deferred<void>) => Deferred.succeed(released, undefined)

describe("Flush", () => {
  it("knows the service of Effect by its name", () => {
    assert.strictEqual(Flusher.key, OtlpExporter.Flusher.key)
  })

  it.effect("comes after the answer, the background work and the finalizers, and before the next poll", () =>
    Effect.gen(function*() {
      const steps: Array<string> = []
      const step = (name: string) => Effect.sync(() => void steps.push(name))
      const { begun, flush } = yield* gate
      const handler = Handler.raw(Effect.fnUntraced(function*() {
        yield* Effect.addFinalizer(() => step("finalizer"))
        yield* Invocation.background(step("background"))
        return LambdaResponse.empty
      }))
      const program = Layer.provide(Lambda.serve(handler), Flush.layer(Effect.andThen(step("flush"), flush)))
      const { accept, give, quiet, take } = yield* launch(program)
      yield* give("a")
      const answer = yield* take("a/response")
      yield* ScriptedPeer.settle
      assert.deepStrictEqual(steps, [])
      yield* answer.respond(ScriptedPeer.accepted)
      const first = yield* begun
      assert.deepStrictEqual(steps, ["background", "finalizer", "flush"])
      yield* quiet
      yield* release(first)
      yield* give("b")
      yield* accept("b/response")
      yield* release(yield* begun)
      yield* take("next")
    }))

  it.effect("comes after a failure too", () =>
    Effect.gen(function*() {
      const { begun, flush } = yield* gate
      const failing = Lambda.serve(Handler.raw(() => Effect.fail(new Error("no"))))
      const { accept, give, quiet, take } = yield* launch(Layer.provide(failing, Flush.layer(flush)))
      yield* give("a")
      yield* accept("a/error")
      const first = yield* begun
      yield* quiet
      yield* release(first)
      yield* take("next")
    }))

  it.effect("keeps the next poll from leaving together with the answer", () =>
    Effect.gen(function*() {
      const { begun, flush } = yield* gate
      const program = Layer.provide(Lambda.serve(echo), Flush.layer(flush))
      const { give, peer, quiet, take } = yield* launch(program, { pipelining: true })
      yield* give("a")
      const answer = yield* take("a/response")
      yield* ScriptedPeer.settle
      assert.strictEqual(peer.requestCount(), 2)
      yield* answer.respond(ScriptedPeer.accepted)
      const first = yield* begun
      yield* quiet
      yield* release(first)
      yield* take("next")
    }))

  it.effect("is waited for no longer than its timeout, and while it goes on not again", () =>
    Effect.gen(function*() {
      const { begun, count, flush } = yield* gate
      const program = Lambda.serve(echo).pipe(
        Layer.provide(Flush.layer(flush)),
        Layer.provide(Layer.succeed(Lambda.FlushTimeout, "2 seconds"))
      )
      const { accept, give, lines, quiet, take } = yield* launch(program)
      yield* give("a", 10_000)
      yield* accept("a/response")
      const first = yield* begun
      yield* TestClock.adjust("1999 millis")
      yield* quiet
      yield* TestClock.adjust("1 millis")
      for (const id of ["b", "c"]) {
        yield* give(id, 10_000)
        yield* accept(`${id}/response`)
      }
      const poll = yield* take("next")
      assert.strictEqual(yield* count, 0)
      assert.strictEqual(lines.length, 1)
      assert.include(lines[0], "has not been sent within 2000 ms")
      // What has been recorded meanwhile goes together.
      yield* release(first)
      yield* release(yield* begun)
      yield* ScriptedPeer.settle
      assert.strictEqual(yield* count, 0)
      // From then on it is waited for as before.
      yield* poll.respond(ScriptedPeer.event("d"))
      yield* accept("d/response")
      const last = yield* begun
      yield* quiet
      yield* release(last)
      yield* take("next")
    }))

  it.effect("is not waited for past the deadline", () =>
    Effect.gen(function*() {
      const { begun, flush } = yield* gate
      const { accept, give, quiet, take } = yield* launch(Layer.provide(Lambda.serve(echo), Flush.layer(flush)))
      yield* give("a", 300)
      yield* accept("a/response")
      yield* begun
      yield* TestClock.adjust("249 millis")
      yield* quiet
      yield* TestClock.adjust("1 millis")
      yield* take("next")
    }))

  const failures: ReadonlyArray<readonly [string, Effect.Effect<never, Error>]> = [
    ["fails", Effect.fail(new Error("no collector"))],
    ["dies", Effect.die(new Error("no collector"))]
  ]
  it.effect.each(failures)(
    "touches nothing else when it %s",
    ([_, flush]) =>
      Effect.gen(function*() {
        const others = yield* gate
        const program = Layer.provide(Lambda.serve(echo), [Flush.layer(flush), Flush.layer(others.flush)])
        const { accept, give, lines, take } = yield* launch(program)
        yield* give("a")
        yield* accept("a/response")
        yield* release(yield* others.begun)
        yield* take("next")
        assert.deepStrictEqual(lines, ["what was recorded could not be sent"])
      })
  )

  it.effect("runs once more when the process ends, before the layers are released", () =>
    Effect.gen(function*() {
      const steps: Array<string> = []
      const step = (name: string) => Effect.sync(() => void steps.push(name))
      const program = Lambda.serve(echo).pipe(
        Layer.provide(Flush.layer(step("flush"))),
        Layer.provide(Layer.effectDiscard(Effect.addFinalizer(() => step("released"))))
      )
      const { accept, give, running, take } = yield* launch(program)
      yield* give("a")
      yield* accept("a/response")
      yield* take("next")
      yield* Fiber.interrupt(running)
      assert.deepStrictEqual(steps, ["flush", "flush", "released"])
    }))

  it.effect("does not keep a process from ending", () =>
    Effect.gen(function*() {
      const { begun, flush } = yield* gate
      const { accept, give, running } = yield* launch(Layer.provide(Lambda.serve(echo), Flush.layer(flush)))
      yield* give("a")
      yield* accept("a/response")
      yield* begun
      const ended = yield* Effect.forkChild(Fiber.interrupt(running), { startImmediately: true })
      yield* ScriptedPeer.settle
      yield* TestClock.adjust("300 millis")
      yield* ScriptedPeer.settle
      yield* TestClock.adjust("100 millis")
      yield* Fiber.join(ended)
    }))

  describe("where a process serves several invocations at a time", () => {
    it.effect("runs once for all that have ended meanwhile, and no worker waits", () =>
      Effect.gen(function*() {
        const { begun, count, flush } = yield* gate
        const program = Layer.provide(Lambda.serve(echo), Flush.layer(flush))
        const { peer } = yield* launch(program, { concurrency: 8 })
        const serve = Effect.fnUntraced(function*(round: number) {
          const polls = yield* Effect.forEach(Array.from({ length: 8 }), () => peer.request)
          for (const [index, poll] of polls.entries()) {
            assert.strictEqual(nameOf(poll), "next")
            yield* poll.respond(ScriptedPeer.event(`${round}-${index}`))
          }
          for (let answers = 0; answers < 8; answers++) yield* (yield* peer.request).respond(ScriptedPeer.accepted)
        })
        yield* serve(1)
        const first = yield* begun
        yield* serve(2)
        yield* ScriptedPeer.settle
        assert.strictEqual(yield* count, 0)
        yield* release(first)
        yield* release(yield* begun)
        yield* ScriptedPeer.settle
        assert.strictEqual(yield* count, 0)
      }))
  })
})

describe("an exporter of effect/observability", () => {
  /** It would send by itself in an hour. */
  const launchTraced = Effect.fnUntraced(
    function*(handler: Handler.Handler<never, Invocation.Invocation | Scope.Scope>) {
      const collector = yield* ScriptedPeer.make
      const exporter = OtlpTracer.layer({
        url: `http://${collector.address}/v1/traces`,
        exportInterval: "1 hour",
        resource: { serviceName: "teapot" }
      }).pipe(Layer.provide([OtlpSerialization.layerJson, NodeHttpClient.layerNodeHttp]))
      const resource = Layer.effectDiscard(Effect.acquireRelease(
        Effect.void,
        () => Effect.withSpan(Effect.void, "release")
      ))
      const program = Lambda.serve(handler).pipe(Layer.provide(resource), Layer.provide(exporter))
      const names = Effect.gen(function*() {
        const request = yield* collector.request
        const { text } = yield* request.whole
        const { resourceSpans: [{ scopeSpans: [{ spans }] }] } = JSON.parse(text)
        return { request, names: spans.map(({ name }: { readonly name: string }) => name) }
      })
      return { collector, names, ...yield* launch(program, { passGracePeriod: Effect.void }) }
    }
  )

  const traced = Handler.raw(Effect.fnUntraced(function*(payload) {
    yield* Effect.addFinalizer(() => Effect.withSpan(Effect.void, "finalizer"))
    return LambdaResponse.bytes(payload)
  }, Effect.withSpan("handler")))

  it.live("sends the spans of an invocation before the next event is asked for", () =>
    Effect.gen(function*() {
      const { accept, collector, give, names, quiet, running, take } = yield* launchTraced(traced)
      yield* give("a")
      yield* accept("a/response")
      const first = yield* names
      assert.sameMembers(first.names, ["handler", "finalizer"])
      yield* quiet
      yield* first.request.respond({ status: 200, body: "{}" })
      yield* take("next")
      yield* collector.serve((request) => request.respond({ status: 200, body: "{}" }))
      yield* Fiber.interrupt(running)
    }))

  it.live("sends the spans of what is released when the process ends", () =>
    Effect.gen(function*() {
      const { names, running, take } = yield* launchTraced(traced)
      yield* take("next")
      const ended = yield* Effect.forkChild(Fiber.interrupt(running))
      const last = yield* names
      assert.deepStrictEqual(last.names, ["release"])
      yield* last.request.respond({ status: 200, body: "{}" })
      yield* Fiber.join(ended)
    }))
})
