import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { identity } from "effect/Function"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import * as Concurrency from "../src/Concurrency.ts"
import * as Handler from "../src/Handler.ts"
import * as uncaughtFailure from "../src/internal/uncaughtFailure.ts"
import type { Invocation } from "../src/Invocation.ts"
import * as Lambda from "../src/Lambda.ts"
import * as LambdaResponse from "../src/LambdaResponse.ts"
import * as RuntimeApi from "../src/RuntimeApi.ts"
import { onLambda } from "./support/lambdaProcess.ts"
import { environment } from "./support/runtimeApiLayers.ts"
import * as ScriptedPeer from "./support/scriptedPeer.ts"
import { describeBody, nameOf } from "./support/seenRequest.ts"

const faults = "test/fixtures/programs/faults.ts"

/** As the runtime says it. */
const said = (request: ScriptedPeer.PeerRequest) =>
  Effect.map(request.whole, (body) => `${nameOf(request)} ${describeBody(request, body)}`)

const broken = "Error: broken"

/** Serves these events, one for each worker, until `crash`, which is an exception that belongs to none of them. */
const serve = Effect.fnUntraced(function*(
  handler: Handler.Handler<never, Invocation>,
  ...events: ReadonlyArray<string>
) {
  const peer = yield* ScriptedPeer.make
  const first = yield* Deferred.make<uncaughtFailure.UncaughtFailure>()
  let failure: uncaughtFailure.UncaughtFailure | undefined
  const crash = Effect.suspend(() => {
    failure = {
      cause: Cause.die(new Error("broken")),
      title: "broken",
      within: (f) => f(),
      untimed: identity,
      isLogged: false
    }
    return Deferred.succeed(first, failure)
  })
  const lines: Array<string> = []
  const requestIds: Array<unknown> = []
  const running = yield* Lambda.run(handler).pipe(
    Effect.provide([
      Layer.provide(RuntimeApi.layerOptions({ address: peer.address }), Layer.orDie(environment({}))),
      Layer.succeed(Concurrency.MaxConcurrency, events.length),
      Logger.layer([Logger.make(({ fiber, message }) => {
        lines.push(String(message))
        requestIds.push(fiber.getRef(References.CurrentLogAnnotations)["requestId"])
      })])
    ]),
    Effect.provideService(uncaughtFailure.UncaughtFailures, {
      first: Deferred.await(first),
      firstSoFar: () => failure
    }),
    Effect.exit,
    Effect.forkChild({ startImmediately: true })
  )
  for (const event of events) yield* (yield* peer.request).respond(ScriptedPeer.event(event))
  yield* ScriptedPeer.settle
  return { peer, crash, lines, requestIds, running }
})

const never = Handler.raw(() => Effect.never)

const messageOf = (exit: Exit.Exit<unknown, unknown> | undefined) =>
  exit !== undefined && Exit.isFailure(exit) ? String(Cause.squash(exit.cause)) : undefined

describe("an exception that nobody catches", () => {
  it.effect("is listened for as long as the program runs", () =>
    Effect.gen(function*() {
      const listeners = Effect.sync(() => process.listenerCount("uncaughtException"))
      const before = yield* listeners
      assert.strictEqual(yield* uncaughtFailure.supervise(listeners), before + 1)
      assert.strictEqual(yield* listeners, before)
      const error = yield* Effect.flip(uncaughtFailure.supervise(Effect.fail("own")))
      assert.strictEqual(error, "own")
      assert.strictEqual(yield* listeners, before)
    }))

  it.effect("fails the one invocation at once, and is logged once", () =>
    Effect.gen(function*() {
      const { crash, lines, peer, running } = yield* serve(never, "a")
      yield* crash
      const report = yield* peer.request
      assert.strictEqual(yield* said(report), `a/error ${broken}`)
      yield* report.respond(ScriptedPeer.accepted)
      yield* ScriptedPeer.settle
      const exit = running.pollUnsafe()
      assert.strictEqual(messageOf(exit && Exit.isSuccess(exit) ? exit.value : undefined), broken)
      assert.deepStrictEqual(lines, ["broken"])
      assert.strictEqual(peer.requestCount(), 2)
    }))

  it.effect("cuts off the stream of the one invocation, and its end says why", () =>
    Effect.gen(function*() {
      const stream = Handler.raw(() =>
        Effect.succeed(LambdaResponse.stream(Stream.concat(Stream.make("one"), Stream.never)))
      )
      const { crash, lines, peer } = yield* serve(stream, "a")
      const answer = yield* peer.request
      yield* answer.chunk
      yield* crash
      assert.strictEqual(yield* said(answer), `a/response , then ${broken}`)
      assert.deepStrictEqual(lines, ["broken"])
    }))

  it.effect("cuts off the streams of several, and their ends say why", () =>
    Effect.gen(function*() {
      const stream = Handler.raw(() =>
        Effect.succeed(LambdaResponse.stream(Stream.concat(Stream.make("one"), Stream.never)))
      )
      const { crash, peer } = yield* serve(stream, "a", "b")
      const answers = [yield* peer.request, yield* peer.request]
      for (const answer of answers) yield* answer.chunk
      yield* crash
      yield* ScriptedPeer.settle
      yield* TestClock.adjust("300 millis")
      assert.sameMembers(yield* Effect.forEach(answers, said), [
        `a/response , then ${broken}`,
        `b/response , then ${broken}`
      ])
    }))

  it.effect("says with the ids of its invocation that its report could not be left", () =>
    Effect.gen(function*() {
      const stubborn = Handler.raw(() => Effect.uninterruptible(Effect.never))
      const { crash, lines, peer, requestIds } = yield* serve(stubborn, "a", "b")
      yield* crash
      yield* ScriptedPeer.settle
      yield* TestClock.adjust("300 millis")
      for (const report of [yield* peer.request, yield* peer.request]) yield* report.respond({ status: 500 })
      yield* ScriptedPeer.settle
      assert.deepStrictEqual(
        lines.slice(3),
        [0, 1].map(() => "the Runtime API answered 500 to /error. The invocation is over")
      )
      assert.sameMembers(requestIds.slice(3), ["a", "b"])
      yield* TestClock.adjust("50 millis")
    }))

  it.effect("ends the grace period of the one invocation", () =>
    Effect.gen(function*() {
      const { crash, peer, running } = yield* serve(never, "a")
      const ended = yield* Effect.forkChild(Fiber.interrupt(running), { startImmediately: true })
      yield* ScriptedPeer.settle
      yield* TestClock.adjust("100 millis")
      yield* ScriptedPeer.settle
      assert.strictEqual(peer.requestCount(), 1)
      yield* crash
      const report = yield* peer.request
      assert.strictEqual(yield* said(report), `a/error ${broken}`)
      yield* report.respond(ScriptedPeer.accepted)
      yield* Fiber.join(ended)
    }))

  it.effect("ends a process that waits for an event", () =>
    Effect.gen(function*() {
      const { crash, peer, running } = yield* serve(Handler.raw(() => Effect.succeed(LambdaResponse.empty)), "a")
      yield* (yield* peer.request).respond(ScriptedPeer.accepted)
      assert.strictEqual(nameOf(yield* peer.request), "next")
      yield* crash
      yield* ScriptedPeer.settle
      assert.isDefined(running.pollUnsafe())
      assert.strictEqual(peer.requestCount(), 3)
    }))

  it.effect("lets several invocations end within the grace period where it belongs to none of them", () =>
    Effect.gen(function*() {
      const finish = yield* Deferred.make<void>()
      const handler = Handler.raw((_payload) => Effect.as(Deferred.await(finish), LambdaResponse.text("tea")))
      const { crash, peer, running } = yield* serve(handler, "a", "b")
      yield* crash
      yield* ScriptedPeer.settle
      assert.strictEqual(peer.requestCount(), 2)
      yield* Deferred.succeed(finish, undefined)
      const answers = [yield* peer.request, yield* peer.request]
      assert.sameMembers(yield* Effect.forEach(answers, said), ["a/response tea", "b/response tea"])
      for (const answer of answers) yield* answer.respond(ScriptedPeer.accepted)
      yield* ScriptedPeer.settle
      assert.isDefined(running.pollUnsafe())
    }))

  it.effect("is what those are told that do not end within the grace period", () =>
    Effect.gen(function*() {
      const { crash, lines, peer, requestIds } = yield* serve(never, "a", "b")
      yield* crash
      yield* ScriptedPeer.settle
      yield* TestClock.adjust("299 millis")
      yield* ScriptedPeer.settle
      assert.strictEqual(peer.requestCount(), 2)
      yield* TestClock.adjust("1 millis")
      const reports = [yield* peer.request, yield* peer.request]
      assert.sameMembers(yield* Effect.forEach(reports, said), [`a/error ${broken}`, `b/error ${broken}`])
      const cutOff = "the invocation is cut off: an exception that nobody caught ends the process"
      assert.deepStrictEqual(lines, ["broken", cutOff, cutOff])
      assert.deepStrictEqual(requestIds, [undefined, "a", "b"])
      for (const report of reports) yield* report.respond(ScriptedPeer.accepted)
    }))

  const several = Effect.fnUntraced(function*(innocent: string, variables: Readonly<Record<string, string>> = {}) {
    const { peer, program } = yield* onLambda(faults, { ...variables, AWS_LAMBDA_MAX_CONCURRENCY: "2" })
    const polls = [yield* peer.request, yield* peer.request]
    yield* polls[0]!.respond(ScriptedPeer.event("innocent", JSON.stringify(innocent)))
    yield* program.printed(/waiting/)
    yield* polls[1]!.respond(ScriptedPeer.event("guilty", "\"throw from a timer\""))
    for (const expected of ["guilty/error Error: thrown by a timer", "innocent/response \"tea\""]) {
      const request = yield* peer.request
      assert.strictEqual(yield* said(request), expected)
      yield* request.respond(ScriptedPeer.accepted)
    }
    const { code, stderr, stdout } = yield* program.exit
    assert.deepStrictEqual([code, stderr], [1, "effect-lambda-runtime: thrown by a timer\n"])
    assert.strictEqual(stdout.match(/ERROR/g)?.length, 1)
    assert.match(stdout, /guilty\tERROR\tnobody caught an exception\s+Error: thrown by a timer/)
    assert.include(stdout, "released")
  })

  it.live("fails its own invocation at once where there are several, and lets the others end", () =>
    several("outlive an exception"))

  it.live("does not cut a grace period short that is longer than the process has to release its layers", () =>
    several("outlive an exception for long", { GRACE_PERIOD: "long" }))

  it.live("ends a thread as it ends a process", () =>
    Effect.gen(function*() {
      const { peer, program } = yield* onLambda("test/fixtures/programs/inThread.ts", { PROGRAM: "faults.ts" })
      yield* (yield* peer.request).respond(ScriptedPeer.event("a", "\"throw from a timer\""))
      const report = yield* peer.request
      assert.strictEqual(yield* said(report), "a/error Error: thrown by a timer")
      yield* report.respond(ScriptedPeer.accepted)
      assert.strictEqual((yield* program.exit).code, 1)
    }))
})
