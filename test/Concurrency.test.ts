import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Queue from "effect/Queue"
import * as References from "effect/References"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import * as Concurrency from "../src/Concurrency.ts"
import * as Handler from "../src/Handler.ts"
import * as Invocation from "../src/Invocation.ts"
import * as Lambda from "../src/Lambda.ts"
import * as LambdaEnvironment from "../src/LambdaEnvironment.ts"
import * as LambdaResponse from "../src/LambdaResponse.ts"
import * as LocalServer from "../src/LocalServer.ts"
import * as RuntimeApi from "../src/RuntimeApi.ts"
import { invoke, invokeStreaming, until } from "./support/localServer.ts"
import * as ScriptedPeer from "./support/scriptedPeer.ts"

const fork = Effect.forkChild({ startImmediately: true })

const silent = Logger.layer([])

/** A local server, and the function process that polls it. */
const managed = (maxConcurrency: number, options: LocalServer.Options = {}) =>
  Layer.unwrap(Effect.map(LocalServer.LocalServer, ({ address }) => RuntimeApi.layerOptions({ address }))).pipe(
    Layer.provide(LambdaEnvironment.layer),
    Layer.provideMerge(LocalServer.layerTestOptions({ maxConcurrency, ...options })),
    Layer.merge(Layer.succeed(Concurrency.MaxConcurrency, maxConcurrency)),
    Layer.provideMerge(silent)
  )

const textOf = (payload: Uint8Array) => Buffer.from(payload).toString()

/** What a handler sees of its own invocation. */
const surroundings = Effect.gen(function*() {
  const { payload, requestId } = yield* Invocation.Invocation
  const annotations = yield* References.CurrentLogAnnotations
  const span = yield* Effect.option(Effect.currentSpan)
  return {
    event: textOf(payload),
    requestId,
    annotated: annotations["requestId"],
    span: span._tag === "Some" ? span.value.attributes.get("event") : undefined
  }
})

describe("several invocations at a time", () => {
  it.effect("are asked for on as many connections", () =>
    Effect.gen(function*() {
      yield* fork(Lambda.run(Handler.raw(() => Effect.succeed(LambdaResponse.empty))))
      yield* until({ polls: 64 })
      assert.strictEqual((yield* invoke("{}")).status, 200)
      yield* until({ polls: 64, running: 0 })
    }).pipe(Effect.provide(managed(64))))

  it.effect("never see anything of each other", () =>
    Effect.gen(function*() {
      const everyone = yield* Deferred.make<void>()
      let inside = 0
      const handler = Handler.raw(Effect.fnUntraced(
        function*(payload) {
          const event = textOf(payload)
          const before = yield* surroundings
          // All 64 are in the middle of their work before one goes on.
          if (++inside === 64) yield* Deferred.succeed(everyone, undefined)
          yield* Deferred.await(everyone)
          const child = yield* Effect.forkChild(Effect.andThen(Effect.yieldNow, surroundings))
          const all = [before, yield* Effect.andThen(Effect.promise(() => Promise.resolve()), surroundings)]
          all.push(yield* Fiber.join(child))
          all.push(
            ...(yield* Effect.forEach([1, 2], () => Effect.andThen(Effect.yieldNow, surroundings), {
              concurrency: "unbounded"
            }))
          )
          assert.strictEqual(all.length, 5)
          for (const seen of all) {
            assert.deepStrictEqual(seen, { ...before, event, annotated: before.requestId, span: event })
          }
          return LambdaResponse.text(`${event} ${before.requestId}`)
        },
        (effect, payload) => Effect.withSpan(effect, "invocation", { attributes: { event: textOf(payload) } })
      ))
      yield* fork(Lambda.run(handler))
      const events = Array.from({ length: 64 }, (_, index) => `event ${index}`)
      const replies = yield* Effect.forEach(events, (event) => invoke(event), { concurrency: "unbounded" })
      const answers = replies.map(({ headers, text }) => [text, String(headers["x-amzn-requestid"])])
      assert.deepStrictEqual(
        answers,
        events.map((event, index) => [`${event} ${answers[index]?.[1]}`, answers[index]?.[1]])
      )
      assert.strictEqual(new Set(answers.map(([_, requestId]) => requestId)).size, 64)
    }).pipe(Effect.provide(managed(64))))

  it.effect("have a scope each", () =>
    Effect.gen(function*() {
      const closed: Array<string> = []
      const release = yield* Deferred.make<void>()
      const handler = Handler.raw(Effect.fnUntraced(function*(payload) {
        const event = textOf(payload)
        yield* Effect.addFinalizer(() => Effect.sync(() => void closed.push(event)))
        if (event === "slow") yield* Deferred.await(release)
        return LambdaResponse.empty
      }))
      yield* fork(Lambda.run(handler))
      const slow = yield* fork(invoke("slow"))
      yield* until({ running: 1 })
      yield* invoke("quick")
      yield* until({ running: 1, polls: 1 })
      assert.deepStrictEqual(closed, ["quick"])
      yield* Deferred.succeed(release, undefined)
      yield* Fiber.join(slow)
      yield* until({ polls: 2 })
      assert.deepStrictEqual(closed, ["quick", "slow"])
    }).pipe(Effect.provide(managed(2))))

  it.effect("fail alone", () =>
    Effect.gen(function*() {
      const release = yield* Deferred.make<void>()
      const handler = Handler.raw((payload) => {
        switch (textOf(payload)) {
          case "slow":
            return Effect.as(Deferred.await(release), LambdaResponse.text("done"))
          case "die":
            return Effect.die(new Error("a bug"))
          default:
            return Effect.fail(new Error("no"))
        }
      })
      yield* fork(Lambda.run(handler))
      const slow = yield* fork(invoke("slow"))
      yield* until({ running: 1 })
      for (const event of ["die", "fail", "die", "fail"]) assert.strictEqual((yield* invoke(event)).status, 500)
      yield* Deferred.succeed(release, undefined)
      assert.strictEqual((yield* Fiber.join(slow)).text, "done")
    }).pipe(Effect.provide(managed(2))))
})

describe("the deadline of an invocation", () => {
  const never = Effect.fnUntraced(function*() {
    const interrupted = yield* Deferred.make<void>()
    const started = yield* Deferred.make<void>()
    const handler = Handler.raw(() =>
      Deferred.succeed(started, undefined).pipe(
        Effect.andThen(Effect.never),
        Effect.onInterrupt(() => Deferred.succeed(interrupted, undefined))
      )
    )
    return { handler, interrupted, started }
  })

  it.effect("interrupts it where there are several, and the worker goes on", () =>
    Effect.gen(function*() {
      const { handler, interrupted, started } = yield* never()
      yield* fork(Lambda.run(handler))
      const call = yield* fork(invoke("{}"))
      yield* Deferred.await(started)
      yield* TestClock.adjust("2999 millis")
      assert.isFalse(Deferred.isDoneUnsafe(interrupted))
      yield* TestClock.adjust("1 millis")
      yield* Deferred.await(interrupted)
      assert.strictEqual(JSON.parse((yield* Fiber.join(call)).text).errorType, "Sandbox.Timedout")
      yield* until({ polls: 2 })
    }).pipe(Effect.provide(managed(2))))

  it.effect("interrupts it by the margin earlier, and the caller is told", () =>
    Effect.gen(function*() {
      const { handler, interrupted, started } = yield* never()
      yield* fork(Lambda.run(handler))
      const call = yield* fork(invoke("{}"))
      yield* Deferred.await(started)
      yield* TestClock.adjust("2750 millis")
      yield* Deferred.await(interrupted)
      assert.deepInclude(JSON.parse((yield* Fiber.join(call)).text), {
        errorType: "Function.DeadlineExceeded",
        errorMessage: "the invocation was interrupted 250 ms before its deadline"
      })
      yield* until({ polls: 1 })
    }).pipe(Effect.provide(Layer.merge(managed(1), Layer.succeed(Lambda.DeadlineMargin, "250 millis")))))

  it.effect("cuts a stream off that goes on for too long", () =>
    Effect.gen(function*() {
      const handler = Handler.raw(() =>
        Effect.succeed(LambdaResponse.stream(Stream.concat(Stream.make("first"), Stream.never)))
      )
      yield* fork(Lambda.run(handler))
      const exchange = yield* invokeStreaming("{}")
      const reply = yield* exchange.reply
      assert.strictEqual(yield* reply.read, "first")
      yield* TestClock.adjust("2750 millis")
      assert.strictEqual((yield* Effect.flip(reply.rest))._tag, "ExchangeFailed")
      yield* until({ polls: 1 })
    }).pipe(Effect.provide(Layer.merge(managed(1), Layer.succeed(Lambda.DeadlineMargin, "250 millis")))))

  it.effect("fails a stream that has not begun by then, and the caller is told", () =>
    Effect.gen(function*() {
      yield* fork(Lambda.run(Handler.raw(() => Effect.succeed(LambdaResponse.stream(Stream.never)))))
      const call = yield* fork(invoke("{}"))
      yield* until({ running: 1 })
      yield* TestClock.adjust("2750 millis")
      assert.strictEqual(JSON.parse((yield* Fiber.join(call)).text).errorType, "Function.DeadlineExceeded")
      yield* until({ polls: 1 })
    }).pipe(Effect.provide(Layer.merge(managed(1), Layer.succeed(Lambda.DeadlineMargin, "250 millis")))))

  const serve = Effect.fnUntraced(function*(handler: Handler.Handler<never, Invocation.Invocation>, deadline: number) {
    const peer = yield* ScriptedPeer.make
    const lines: Array<string> = []
    const logger = Logger.make<unknown, void>(({ fiber, message }) => {
      lines.push(`${String(fiber.getRef(References.CurrentLogAnnotations)["requestId"])} ${String(message)}`)
    })
    yield* Lambda.run(handler).pipe(
      Effect.provide([
        Layer.provide(RuntimeApi.layerOptions({ address: peer.address }), LambdaEnvironment.layer),
        Layer.succeed(Concurrency.MaxConcurrency, 2),
        Logger.layer([logger])
      ]),
      Effect.forkChild({ startImmediately: true })
    )
    const polls = [yield* peer.request, yield* peer.request]
    const headers = ScriptedPeer.eventHeaders("late", { "Lambda-Runtime-Deadline-Ms": String(deadline) })
    yield* polls[0]!.respond({ headers, body: "{}" })
    return { peer, lines }
  })

  const wire = (handler: Handler.Handler<never, Invocation.Invocation>) =>
    Effect.andThen(Effect.addFinalizer(() => TestClock.adjust("1 second")), serve(handler, 1_000))

  it.effect("is what the end of a stream says that it cuts off", () =>
    Effect.gen(function*() {
      const { lines, peer } = yield* wire(
        Handler.raw(() => Effect.succeed(LambdaResponse.stream(Stream.concat(Stream.make("first"), Stream.never))))
      )
      const answer = yield* peer.request
      yield* answer.chunk
      yield* TestClock.adjust("1 second")
      const { trailer } = yield* answer.whole
      assert.strictEqual(trailer("Lambda-Runtime-Function-Error-Type"), "Function.DeadlineExceeded")
      const report = Buffer.from(trailer("Lambda-Runtime-Function-Error-Body") ?? "", "base64").toString()
      assert.deepInclude(JSON.parse(report), {
        errorType: "Function.DeadlineExceeded",
        errorMessage: "the invocation was interrupted at its deadline"
      })
      assert.include((yield* peer.request).target, "/next")
      assert.deepStrictEqual(lines, ["late the invocation failed"])
    }))

  it.effect("is kept also by a handler that cannot be interrupted, whose worker waits for it", () =>
    Effect.gen(function*() {
      const steps: Array<string> = []
      const started = yield* Deferred.make<void>()
      const { lines, peer } = yield* wire(
        Handler.raw(() =>
          Effect.addFinalizer(() => Effect.sync(() => void steps.push("finalizer"))).pipe(
            Effect.andThen(Deferred.succeed(started, undefined)),
            Effect.andThen(Effect.uninterruptible(Effect.sleep("3 seconds"))),
            Effect.andThen(Effect.sync(() => LambdaResponse.text("too late"))),
            Effect.ensuring(Effect.sync(() => void steps.push("ended"))),
            Effect.scoped
          )
        )
      )
      yield* Deferred.await(started)
      yield* TestClock.adjust("1 second")
      const report = yield* peer.request
      assert.include(report.target, "/late/error")
      assert.strictEqual(JSON.parse((yield* report.whole).text).errorType, "Function.DeadlineExceeded")
      yield* report.respond(ScriptedPeer.accepted)
      yield* ScriptedPeer.settle
      const before = peer.requestCount()
      yield* TestClock.adjust("1999 millis")
      yield* ScriptedPeer.settle
      assert.deepStrictEqual([peer.requestCount(), steps, lines], [before, [], ["late the invocation failed"]])
      yield* TestClock.adjust("1 millis")
      assert.include((yield* peer.request).target, "/next")
      assert.strictEqual(steps.length, 2)
      assert.deepStrictEqual(lines.slice(1), ["late the handler has ended 2000 ms after it was interrupted"])
    }))

  it.effect("is kept by background work too, and the worker goes on", () =>
    Effect.gen(function*() {
      const started = yield* Deferred.make<void>()
      const { lines, peer } = yield* wire(
        Handler.raw(() =>
          Effect.as(
            Invocation.background(Effect.andThen(Deferred.succeed(started, undefined), Effect.never)),
            LambdaResponse.text("tea")
          )
        )
      )
      const answer = yield* peer.request
      assert.include(answer.target, "/late/response")
      yield* answer.respond(ScriptedPeer.accepted)
      yield* Deferred.await(started)
      const before = peer.requestCount()
      yield* TestClock.adjust("999 millis")
      yield* ScriptedPeer.settle
      assert.deepStrictEqual([peer.requestCount(), lines], [before, []])
      yield* TestClock.adjust("1 millis")
      assert.include((yield* peer.request).target, "/next")
      assert.deepStrictEqual(lines, ["late the background work of the invocation was interrupted at its deadline"])
    }))

  it.live("is kept by a stream too that the handler begins only after it, having computed until then", () =>
    Effect.gen(function*() {
      const deadline = Date.now() + 200
      const { lines, peer } = yield* serve(
        Handler.raw(() => {
          while (Date.now() <= deadline) {}
          return Effect.succeed(LambdaResponse.stream(Stream.never))
        }),
        deadline
      )
      const report = yield* peer.request
      assert.include(report.target, "/late/error")
      assert.strictEqual(JSON.parse((yield* report.whole).text).errorType, "Function.DeadlineExceeded")
      yield* report.respond(ScriptedPeer.accepted)
      assert.include((yield* peer.request).target, "/next")
      assert.deepStrictEqual(lines, ["late the invocation failed"])
    }))

  it.effect("is not the end of what a handler says that fails after it", () =>
    Effect.gen(function*() {
      const started = yield* Deferred.make<void>()
      const { lines, peer } = yield* wire(Handler.raw(() =>
        Deferred.succeed(started, undefined).pipe(
          Effect.andThen(Effect.uninterruptible(Effect.andThen(Effect.sleep("3 seconds"), Effect.die("broken"))))
        )
      ))
      yield* Deferred.await(started)
      yield* TestClock.adjust("1 second")
      yield* (yield* peer.request).respond(ScriptedPeer.accepted)
      yield* ScriptedPeer.settle
      yield* TestClock.adjust("2 seconds")
      assert.include((yield* peer.request).target, "/next")
      assert.deepStrictEqual(lines.slice(1), ["late the handler has ended 2000 ms after it was interrupted"])
    }))

  it.effect("is left to Lambda where there is one and no margin", () =>
    Effect.gen(function*() {
      const { handler, interrupted, started } = yield* never()
      const running = yield* fork(Lambda.run(handler))
      const call = yield* fork(invoke("{}"))
      yield* Deferred.await(started)
      yield* TestClock.adjust("1 hour")
      yield* Fiber.join(call)
      assert.isFalse(Deferred.isDoneUnsafe(interrupted))
      const stopped = yield* fork(Fiber.interrupt(running))
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(stopped)
    }).pipe(Effect.provide(managed(1))))
})

describe("trouble of one worker among several", () => {
  const echo = Handler.raw((payload) => Effect.succeed(LambdaResponse.text(textOf(payload))))

  const run = Effect.fnUntraced(
    function*(maxConcurrency: number, handler: Handler.Handler<never, Invocation.Invocation> = echo) {
      const peer = yield* ScriptedPeer.make
      const environment = LambdaEnvironment.layer
      const lines = yield* Queue.unbounded<string>()
      const logger = Logger.layer([Logger.make(({ message }) => void Queue.offerUnsafe(lines, String(message)))])
      const api = yield* Layer.build(Layer.provide(RuntimeApi.layerOptions({ address: peer.address }), environment))
      const running = yield* Lambda.run(handler).pipe(
        Effect.provideService(Concurrency.MaxConcurrency, maxConcurrency),
        Effect.provideContext(Context.merge(api, yield* Layer.build(logger))),
        Effect.forkChild({ startImmediately: true })
      )
      return { peer, running, line: Queue.take(lines) }
    }
  )

  it.effect("is over with the next poll, and the others do not notice", () =>
    Effect.gen(function*() {
      const { line, peer, running } = yield* run(2)
      const [broken, well] = [yield* peer.request, yield* peer.request]
      yield* broken.connection.reset
      assert.include(yield* line, "Asking again in 100 ms")
      yield* well.respond(ScriptedPeer.event("one", "1"))
      const answer = yield* peer.request
      assert.include(answer.target, "/one/response")
      yield* answer.respond(ScriptedPeer.accepted)
      assert.include((yield* peer.request).target, "/next")
      const before = peer.requestCount()
      yield* TestClock.adjust("99 millis")
      assert.strictEqual(peer.requestCount(), before)
      yield* TestClock.adjust("1 millis")
      const again = yield* peer.request
      assert.include(again.target, "/next")
      yield* again.respond(ScriptedPeer.event("two", "2"))
      assert.include((yield* peer.request).target, "/two/response")
      assert.isUndefined(running.pollUnsafe())
    }))

  it.effect("is over with the next poll when an event does not say which one it is", () =>
    Effect.gen(function*() {
      const { line, peer, running } = yield* run(2)
      const [anonymous] = [yield* peer.request, yield* peer.request]
      const headers = ScriptedPeer.eventHeaders("one", { "Lambda-Runtime-Aws-Request-Id": undefined })
      yield* anonymous.respond({ headers, body: "1" })
      assert.include(yield* line, "Lambda-Runtime-Aws-Request-Id is missing. Asking again in 100 ms")
      yield* TestClock.adjust("100 millis")
      const again = yield* peer.request
      assert.include(again.target, "/next")
      yield* again.respond(ScriptedPeer.event("two", "2"))
      assert.include((yield* peer.request).target, "/two/response")
      assert.isUndefined(running.pollUnsafe())
    }))

  it.effect("waits twice as long before each further poll, and 19 polls later gives up with all others", () =>
    Effect.gen(function*() {
      const { line, peer, running } = yield* run(2)
      for (let retry = 0; retry <= 19; retry++) {
        for (const request of [yield* peer.request, yield* peer.request]) {
          yield* request.respond({ status: 500, body: "{}" })
        }
        if (retry === 19) break
        const delay = Math.min(100 * 2 ** retry, 90_000)
        for (let worker = 0; worker < 2; worker++) assert.include(yield* line, `Asking again in ${delay} ms`)
        yield* TestClock.adjust(delay)
      }
      const exit = yield* Fiber.await(running)
      assert.strictEqual(exit._tag, "Failure")
      const given = "the Runtime API answered 500 to /next. This worker has asked 20 times, and asks no more"
      assert.deepStrictEqual([yield* line, yield* line], [given, given])
    }))

  it.effect("costs the stream whose connection is lost, and nothing else", () =>
    Effect.gen(function*() {
      const endless = Handler.raw((payload) =>
        Effect.succeed(LambdaResponse.stream(Stream.concat(Stream.make(textOf(payload)), Stream.never)))
      )
      const { line, peer, running } = yield* run(2, endless)
      const [one, other] = [yield* peer.request, yield* peer.request]
      yield* one.respond(ScriptedPeer.event("one", "1"))
      const lost = yield* peer.request
      yield* lost.chunk
      yield* lost.connection.reset
      assert.match(yield* line, /^no connection to the Runtime API at .* for \/response: .*\. The invocation is over$/)
      assert.include((yield* peer.request).target, "/next")
      yield* other.respond(ScriptedPeer.event("two", "2"))
      const well = yield* peer.request
      assert.include(well.target, "/two/response")
      assert.strictEqual((yield* well.chunk).toString(), "2")
      assert.isUndefined(running.pollUnsafe())
    }))

  it.effect("costs the answer that could not be left, and nothing else", () =>
    Effect.gen(function*() {
      const { peer, running } = yield* run(2)
      const [one, other] = [yield* peer.request, yield* peer.request]
      yield* one.respond(ScriptedPeer.event("one", "1"))
      yield* (yield* peer.request).respond({ status: 500, body: "{}" })
      yield* (yield* peer.request).respond(ScriptedPeer.event("two", "2"))
      const answer = yield* peer.request
      assert.include(answer.target, "/two/response")
      yield* answer.respond(ScriptedPeer.accepted)
      yield* other.respond(ScriptedPeer.event("three", "3"))
      const targets = [(yield* peer.request).target, (yield* peer.request).target]
      assert.isTrue(targets.some((target) => target.includes("/three/response")))
      assert.isUndefined(running.pollUnsafe())
    }))

  it.effect("is told at once where it dies, and the others go on", () =>
    Effect.gen(function*() {
      const peer = yield* ScriptedPeer.make
      const told = yield* Deferred.make<string>()
      const api = Context.get(
        yield* Layer.build(
          Layer.provide(RuntimeApi.layerOptions({ address: peer.address }), LambdaEnvironment.layer)
        ),
        RuntimeApi.RuntimeApi
      )
      let polls = 0
      const next = Effect.suspend(() => polls++ === 0 ? Effect.die(new Error("broken")) : api.next)
      yield* Lambda.run(echo).pipe(
        Effect.provideService(RuntimeApi.RuntimeApi, { ...api, next }),
        Effect.provideService(Concurrency.MaxConcurrency, 2),
        Effect.provide(Logger.layer([Logger.make(({ message }) => {
          Deferred.doneUnsafe(told, Effect.succeed(String(message)))
        })])),
        Effect.forkChild({ startImmediately: true })
      )
      const poll = yield* peer.request
      assert.strictEqual((yield* Deferred.await(told)).split(",")[0], "a worker has died")
      yield* poll.respond(ScriptedPeer.event("one", "1"))
      assert.include((yield* peer.request).target, "/one/response")
    }))

  it.effect("is over even where the logger throws", () =>
    Effect.gen(function*() {
      const peer = yield* ScriptedPeer.make
      const logger = Logger.layer([Logger.make(() => {
        throw new Error("no space left")
      })])
      const api = yield* Layer.build(
        Layer.provide(RuntimeApi.layerOptions({ address: peer.address }), LambdaEnvironment.layer)
      )
      const running = yield* Lambda.run(echo).pipe(
        Effect.provideService(Concurrency.MaxConcurrency, 2),
        Effect.provideService(References.MinimumLogLevel, "All"),
        Effect.provideContext(Context.merge(api, yield* Layer.build(logger))),
        Effect.forkChild({ startImmediately: true })
      )
      const [one, other] = [yield* peer.request, yield* peer.request]
      // An answer that is refused is told, and so is a poll that fails.
      yield* one.respond(ScriptedPeer.event("one", "1"))
      yield* (yield* peer.request).respond({ status: 413, body: "{}" })
      const again = yield* peer.request
      assert.include(again.target, "/next")
      yield* other.connection.reset
      yield* again.respond(ScriptedPeer.event("two", "2"))
      assert.include((yield* peer.request).target, "/two/response")
      yield* TestClock.adjust("100 millis")
      assert.include((yield* peer.request).target, "/next")
      assert.isUndefined(running.pollUnsafe())
    }))
})
