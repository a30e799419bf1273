/**
 * How long the end of a process may take, in the time of the test.
 */
import { assert, describe, it } from "@effect/vitest"
import type * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import type * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import * as Flush from "../src/Flush.ts"
import * as Handler from "../src/Handler.ts"
import * as ending from "../src/internal/ending.ts"
import * as Invocation from "../src/Invocation.ts"
import * as Lambda from "../src/Lambda.ts"
import * as LambdaResponse from "../src/LambdaResponse.ts"
import * as RuntimeApi from "../src/RuntimeApi.ts"
import * as Shutdown from "../src/Shutdown.ts"
import * as SnapStart from "../src/SnapStart.ts"
import { environment } from "./support/runtimeApiLayers.ts"
import * as ScriptedPeer from "./support/scriptedPeer.ts"
import { nameOf } from "./support/seenRequest.ts"

/** Until the test is over, when the process has to make room for that of the next one. */
let testIsOver = Deferred.makeUnsafe<void>()

const tooLong: Effect.Effect<void> = Effect.suspend(() => Deferred.await(testIsOver))

interface Settings {
  readonly handler?: Handler.Handler<never, Invocation.Invocation | Scope.Scope>
  readonly layer?: Layer.Layer<never>
  readonly flush?: Effect.Effect<void>
  readonly gracePeriod?: number
  readonly hooks?: SnapStart.HookLists
}

/** A process in this one, which writes down when each part of its end begins, in milliseconds after the signal. */
const launch = Effect.fnUntraced(function*({ flush, gracePeriod, handler, hooks, layer }: Settings) {
  testIsOver = Deferred.makeUnsafe()
  const peer = yield* ScriptedPeer.make
  const steps: Array<string> = []
  const lines: Array<string> = []
  let signalAt = 0
  const step = (name: string) =>
    Effect.map(Clock.currentTimeMillis, (now) => void steps.push(`${now - signalAt} ${name}`))
  let overdueCause: Cause.Cause<unknown> | undefined
  let main: ending.Ending | undefined
  const logger = Logger.make<unknown, void>(({ fiber, message }) => {
    lines.push(`${String(fiber.getRef(References.CurrentLogAnnotations)["requestId"])} ${String(message)}`)
  })
  const program = Lambda.serve(handler ?? Handler.raw(() => Effect.succeed(LambdaResponse.text("tea")))).pipe(
    Layer.provide(layer ?? Layer.effectDiscard(Effect.addFinalizer(() => step("release")))),
    Layer.provide(Layer.succeed(Shutdown.GracePeriod, gracePeriod ?? 300)),
    Layer.provide(Flush.layer(flush === undefined ? Effect.void : Effect.andThen(step("flush"), flush)))
  )
  const over = yield* Deferred.make<string>()
  const watched = ending.watch(
    (own) => {
      main = own
      return Lambda.launch(program)
    },
    (line, cause) => {
      overdueCause = cause
      Deferred.doneUnsafe(over, Effect.succeed(line))
    }
  )
  const running = yield* watched.pipe(
    Effect.provide([
      Layer.provide(RuntimeApi.layerOptions({ address: peer.address }), Layer.orDie(environment({}))),
      Logger.layer([logger]),
      Layer.succeed(SnapStart.Hooks, hooks)
    ]),
    Effect.forkDetach({ startImmediately: true })
  )
  yield* Effect.addFinalizer(Effect.fnUntraced(function*() {
    yield* Deferred.succeed(testIsOver, undefined)
    yield* Fiber.await(running)
  }))
  const begin = Effect.gen(function*() {
    signalAt = yield* Clock.currentTimeMillis
    main?.begin(signalAt)
  })
  const interrupt = Effect.suspend(() => {
    running.interruptUnsafe()
    return ScriptedPeer.settle
  })
  const signal = Effect.andThen(begin, interrupt)
  const pass = (millis: number) => Effect.andThen(TestClock.adjust(millis), ScriptedPeer.settle)
  return {
    peer,
    steps,
    lines,
    running,
    begin,
    interrupt,
    signal,
    pass,
    overdue: Deferred.await(over),
    isOverdue: Effect.sync(() => Deferred.isDoneUnsafe(over)),
    cause: () => overdueCause
  }
})

const give = Effect.fnUntraced(function*(peer: ScriptedPeer.ScriptedPeer) {
  yield* (yield* peer.request).respond(ScriptedPeer.event("a"))
  yield* ScriptedPeer.settle
})

const hanging = Layer.effectDiscard(Effect.addFinalizer(() => tooLong))

describe("the end of a process", () => {
  it.effect("leaves time for finalizers when everything before takes as long as it may", () =>
    Effect.gen(function*() {
      const process = yield* launch({ handler: Handler.raw(() => Effect.never), flush: Effect.never })
      yield* give(process.peer)
      yield* process.signal
      yield* process.pass(299)
      assert.strictEqual(process.peer.requestCount(), 1)
      yield* process.pass(1)
      // Nobody says anything to it.
      assert.strictEqual(nameOf(yield* process.peer.request), "a/error")
      yield* process.pass(49)
      assert.deepStrictEqual(process.steps, [])
      yield* process.pass(1)
      assert.deepStrictEqual(process.steps, ["350 flush"])
      yield* process.pass(30)
      assert.deepStrictEqual(process.steps, ["350 flush", "380 release"])
      assert.isDefined(process.running.pollUnsafe())
      yield* process.pass(1_000)
      assert.isFalse(yield* process.isOverdue)
    }))

  it.effect("leaves the report also where the process has had no time to hear of the signal", () =>
    Effect.gen(function*() {
      const process = yield* launch({ handler: Handler.raw(() => Effect.never) })
      yield* give(process.peer)
      yield* process.begin
      yield* process.pass(400)
      yield* process.interrupt
      assert.strictEqual(nameOf(yield* process.peer.request), "a/error")
      yield* process.pass(30)
      assert.deepStrictEqual(process.steps, ["430 release"])
      yield* Fiber.await(process.running)
    }))

  it.effect("gives telemetry the time that nobody else has needed", () =>
    Effect.gen(function*() {
      const process = yield* launch({ flush: Effect.never })
      yield* process.peer.request
      yield* process.signal
      yield* process.pass(379)
      assert.deepStrictEqual(process.steps, ["0 flush"])
      yield* process.pass(1)
      assert.deepStrictEqual(process.steps, ["0 flush", "380 release"])
      yield* Fiber.await(process.running)
    }))

  it.effect("waits no longer than 100 ms for anything to be said to a report, however much is left", () =>
    Effect.gen(function*() {
      const process = yield* launch({ handler: Handler.raw(() => Effect.never), gracePeriod: 0 })
      yield* give(process.peer)
      yield* process.signal
      assert.strictEqual(nameOf(yield* process.peer.request), "a/error")
      yield* process.pass(99)
      assert.deepStrictEqual(process.steps, [])
      yield* process.pass(1)
      assert.deepStrictEqual(process.steps, ["100 release"])
      yield* Fiber.await(process.running)
    }))

  it.effect.each(
    [
      ["a finalizer", { layer: hanging }, "finalizers are still running"],
      [
        "a layer that is built, and cannot be interrupted,",
        { layer: Layer.effectDiscard(Effect.uninterruptible(tooLong)) },
        "its layers are still being built"
      ]
    ] as const
  )("is cut off after 480 ms by %s", ([_, settings, why]) =>
    Effect.gen(function*() {
      const process = yield* launch(settings)
      yield* ScriptedPeer.settle
      yield* process.signal
      yield* process.pass(479)
      assert.isFalse(yield* process.isOverdue)
      yield* process.pass(1)
      assert.strictEqual(yield* process.overdue, `the process has not ended within 480 ms: ${why}`)
      assert.isUndefined(process.cause())
      assert.isUndefined(process.running.pollUnsafe())
    }))

  it.effect("takes 200 ms more than a longer grace period", () =>
    Effect.gen(function*() {
      const process = yield* launch({ handler: Handler.raw(() => Effect.never), layer: hanging, gracePeriod: 1_500 })
      yield* give(process.peer)
      yield* process.signal
      yield* process.pass(1_500)
      yield* (yield* process.peer.request).respond(ScriptedPeer.accepted)
      yield* ScriptedPeer.settle
      yield* process.pass(179)
      assert.isFalse(yield* process.isOverdue)
      yield* process.pass(1)
      assert.include(yield* process.overdue, "within 1680 ms")
    }))

  it.effect("is as short where the connection is lost, and says so", () =>
    Effect.gen(function*() {
      const process = yield* launch({ layer: hanging })
      yield* (yield* process.peer.request).connection.reset
      yield* ScriptedPeer.settle
      yield* process.pass(479)
      assert.isFalse(yield* process.isOverdue)
      yield* process.pass(1)
      assert.include(yield* process.overdue, "finalizers are still running")
      assert.include(String(process.cause()), "ECONNRESET")
    }))

  const unfinished: ReadonlyArray<readonly [string, Effect.Effect<void, never, Invocation.Invocation | Scope.Scope>]> =
    [
      ["background work", Invocation.background(tooLong)],
      ["finalizers", Effect.addFinalizer(() => tooLong)]
    ]
  it.effect("is as short where nothing can be restored", () =>
    Effect.gen(function*() {
      const process = yield* launch({ layer: hanging, hooks: { beforeSnapshot: [], afterRestore: [] } })
      yield* (yield* process.peer.request).respond(ScriptedPeer.refusal(403, "InvalidStateTransition", "no"))
      yield* ScriptedPeer.settle
      yield* process.pass(480)
      assert.include(yield* process.overdue, "finalizers are still running")
      assert.include(String(process.cause()), "answered 403 to /restore/next")
    }))

  it.effect.each(unfinished)(
    "says in one line that it cuts off the %s of an invocation",
    ([unfinished, leave]) =>
      Effect.gen(function*() {
        const process = yield* launch({ handler: Handler.raw(() => Effect.as(leave, LambdaResponse.text("tea"))) })
        yield* give(process.peer)
        yield* (yield* process.peer.request).respond(ScriptedPeer.accepted)
        yield* ScriptedPeer.settle
        yield* process.signal
        yield* process.pass(299)
        assert.deepStrictEqual(process.lines, [])
        yield* process.pass(101)
        assert.deepStrictEqual(process.lines, [`a the process ends before the ${unfinished} of the invocation`])
      })
  )

  it.effect("says nothing of background work and finalizers that were done before telemetry was cut off", () =>
    Effect.gen(function*() {
      const leave = Effect.andThen(
        Effect.addFinalizer(() => Effect.yieldNow),
        Invocation.background(Effect.yieldNow)
      )
      const process = yield* launch({
        handler: Handler.raw(() => Effect.as(leave, LambdaResponse.text("tea"))),
        flush: Effect.never
      })
      yield* give(process.peer)
      yield* (yield* process.peer.request).respond(ScriptedPeer.accepted)
      yield* ScriptedPeer.settle
      yield* process.signal
      yield* process.pass(400)
      assert.deepStrictEqual(process.lines, [])
      yield* Fiber.await(process.running)
    }))
})
