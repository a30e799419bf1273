import { assert, describe, it } from "@effect/vitest"
import type * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import * as Handler from "../src/Handler.ts"
import * as Invocation from "../src/Invocation.ts"
import * as Lambda from "../src/Lambda.ts"
import * as LambdaResponse from "../src/LambdaResponse.ts"
import * as RuntimeApi from "../src/RuntimeApi.ts"
import type { RuntimeApiError } from "../src/RuntimeApiError.ts"
import { environment } from "./support/runtimeApiLayers.ts"
import * as ScriptedPeer from "./support/scriptedPeer.ts"

class Boom extends Data.TaggedError("Boom")<{ readonly message: string }> {}

const echo = Handler.raw((payload) => Effect.succeed(LambdaResponse.bytes(payload)))

const text = Handler.raw((payload) => Effect.succeed(LambdaResponse.text(new TextDecoder().decode(payload))))

/** Runs a handler against a peer, with the answer and the next poll in one write. */
const run = Effect.fnUntraced(function*<R>(handler: Handler.Handler<Boom, R>) {
  const peer = yield* ScriptedPeer.make
  const layer = RuntimeApi.layerOptions({ address: peer.address, pipelining: true }).pipe(
    Layer.provide(Layer.orDie(environment({})))
  )
  const context = yield* Layer.build(layer)
  const running: Fiber.Fiber<never, RuntimeApiError> = yield* Lambda.run(handler).pipe(
    Effect.provideContext(
      context as Context.Context<RuntimeApi.RuntimeApi | Exclude<R, Invocation.Invocation | Scope.Scope>>
    ),
    Effect.provide(Logger.layer([])),
    Effect.forkChild
  )
  return { peer, running }
})

const take = Effect.fnUntraced(function*(peer: ScriptedPeer.ScriptedPeer, path: string) {
  const request = yield* peer.request
  assert.include(request.target, path)
  return { request, body: yield* request.whole }
})

/** The event `a` is served, and its answer and the next poll have come. */
const answerAhead = Effect.fnUntraced(function*(peer: ScriptedPeer.ScriptedPeer) {
  const poll = yield* peer.request
  yield* poll.respond(ScriptedPeer.event("a"))
  const answer = yield* take(peer, "/a/response")
  return { answer, ahead: yield* peer.request }
})

const isNext = (request: ScriptedPeer.PeerRequest) => assert.include(request.target, "/invocation/next")

describe("RuntimeApi.layerOptions({ pipelining: true })", () => {
  it.effect.each([["bytes", echo], ["text", text]] as const)(
    "sends the next poll together with an answer of %s",
    ([_, handler]) =>
      Effect.gen(function*() {
        const { peer } = yield* run(handler)
        let poll = yield* peer.request
        for (const id of ["a", "b", "c"]) {
          isNext(poll)
          yield* poll.respond(ScriptedPeer.event(id, `"${id}"`))
          const answer = yield* take(peer, `/${id}/response`)
          assert.strictEqual(answer.body.text, `"${id}"`)
          // It is here although the answer has not been acknowledged.
          poll = yield* peer.request
          yield* answer.request.respond(ScriptedPeer.accepted)
        }
        assert.strictEqual(peer.connectionCount(), 1)
      })
  )

  it.effect("reads both responses cut anywhere", () =>
    Effect.gen(function*() {
      const { peer } = yield* run(echo)
      let poll = yield* peer.request
      yield* poll.respond(ScriptedPeer.event("start"))
      const both = (id: string) =>
        Buffer.concat([
          ScriptedPeer.encodeResponse(ScriptedPeer.accepted),
          ScriptedPeer.encodeResponse(ScriptedPeer.event(id, `"${id}"`))
        ])
      const { length } = both("r-100")
      let before = "start"
      for (let cut = 0; cut < length; cut += 3) {
        const answer = yield* take(peer, `/${before}/response`)
        poll = yield* peer.request
        before = `r-${100 + cut}`
        yield* answer.request.connection.writeSplit(both(before), [cut])
      }
      yield* take(peer, `/${before}/response`)
    }))

  const alone = {
    "there is background work": Handler.raw((payload) =>
      Effect.as(Invocation.background(Effect.void), LambdaResponse.bytes(payload))
    ),
    "the invocation has a finalizer": Handler.raw((payload) =>
      Effect.as(Effect.addFinalizer(() => Effect.void), LambdaResponse.bytes(payload))
    ),
    "the answer is streamed": Handler.raw((payload) => Effect.succeed(LambdaResponse.stream(Stream.make(payload))))
  }
  it.effect.each(Object.entries(alone))(
    "polls after the answer is accepted when %s",
    ([_, handler]) =>
      Effect.gen(function*() {
        const { peer } = yield* run(handler)
        const poll = yield* peer.request
        yield* poll.respond(ScriptedPeer.event("a"))
        const answer = yield* take(peer, "/a/response")
        yield* ScriptedPeer.settle
        assert.strictEqual(peer.requestCount(), 2)
        yield* answer.request.respond(ScriptedPeer.accepted)
        isNext(yield* peer.request)
      })
  )

  it.effect("polls after a failure is reported", () =>
    Effect.gen(function*() {
      const { peer } = yield* run(Handler.raw(() => Effect.fail(new Boom({ message: "boom" }))))
      const poll = yield* peer.request
      yield* poll.respond(ScriptedPeer.event("a"))
      const report = yield* take(peer, "/a/error")
      yield* ScriptedPeer.settle
      assert.strictEqual(peer.requestCount(), 2)
      yield* report.request.respond(ScriptedPeer.accepted)
      isNext(yield* peer.request)
    }))

  it.effect.each([400, 403, 410, 413])(
    "serves the event that follows an answer refused with %d",
    (status) =>
      Effect.gen(function*() {
        const { peer, running } = yield* run(echo)
        const poll = yield* peer.request
        yield* poll.respond(ScriptedPeer.event("a"))
        const answer = yield* take(peer, "/a/response")
        const ahead = yield* peer.request
        yield* answer.request.respond(ScriptedPeer.refusal(status, "Refused", "no"))
        yield* ahead.respond(ScriptedPeer.event("b"))
        yield* take(peer, "/b/response")
        assert.isUndefined(running.pollUnsafe())
      })
  )

  it.effect("serves the event that follows an answer failed with 500, and ends then", () =>
    Effect.gen(function*() {
      const { peer, running } = yield* run(echo)
      const { ahead, answer } = yield* answerAhead(peer)
      yield* answer.request.respond(ScriptedPeer.refusal(500, "InternalServerError", "no"))
      yield* ahead.respond(ScriptedPeer.event("b"))
      const last = yield* take(peer, "/b/response")
      yield* last.request.respond(ScriptedPeer.accepted)
      const error = yield* Effect.flip(Fiber.join(running))
      assert.include(error.message, "500 to /response")
      assert.strictEqual(peer.requestCount(), 4)
    }))

  it.effect("ends a second after an answer failed with 500 that no event follows", () =>
    Effect.gen(function*() {
      const { peer, running } = yield* run(echo)
      const { answer } = yield* answerAhead(peer)
      yield* answer.request.respond(ScriptedPeer.refusal(500, "InternalServerError", "no"))
      yield* ScriptedPeer.settle
      assert.isUndefined(running.pollUnsafe())
      yield* TestClock.adjust("1 second")
      assert.include((yield* Effect.flip(Fiber.join(running))).message, "500 to /response")
    }))

  it.effect("ends at once after an answer failed with 500 whose connection is closed", () =>
    Effect.gen(function*() {
      const { peer, running } = yield* run(echo)
      const { answer } = yield* answerAhead(peer)
      const { body, headers, status } = ScriptedPeer.refusal(500, "InternalServerError", "no")
      yield* answer.request.respond({ status, headers: { ...headers, Connection: "close" }, body })
      const end = yield* Effect.raceFirst(Effect.flip(Fiber.join(running)), Effect.orDie(peer.request))
      assert.include("message" in end ? end.message : end.target, "500 to /response")
    }))

  it.effect("polls anew when the server closes after the answer", () =>
    Effect.gen(function*() {
      const { peer } = yield* run(echo)
      const { answer } = yield* answerAhead(peer)
      yield* answer.request.respond({
        ...ScriptedPeer.accepted,
        headers: { "Content-Type": "application/json", Connection: "close" }
      })
      yield* answer.request.connection.end
      const again = yield* peer.request
      isNext(again)
      assert.strictEqual(again.connection.number, 2)
      yield* again.respond(ScriptedPeer.event("b"))
      yield* take(peer, "/b/response")
    }))

  it.effect("leaves the answer again when the connection is lost before its response", () =>
    Effect.gen(function*() {
      const { peer } = yield* run(echo)
      const poll = yield* peer.request
      yield* poll.respond(ScriptedPeer.event("a", "\"a\""))
      const answer = yield* take(peer, "/a/response")
      yield* peer.request
      yield* answer.request.connection.reset
      const again = yield* take(peer, "/a/response")
      assert.strictEqual(again.body.text, "\"a\"")
      assert.strictEqual(again.request.connection.number, 2)
      yield* again.request.respond(ScriptedPeer.accepted)
      isNext(yield* peer.request)
    }))

  it.effect("ends when the connection is lost while the event is waited for", () =>
    Effect.gen(function*() {
      const { peer, running } = yield* run(echo)
      const { answer } = yield* answerAhead(peer)
      yield* answer.request.respond(ScriptedPeer.accepted)
      yield* ScriptedPeer.settle
      yield* answer.request.connection.reset
      const error = yield* Effect.flip(Fiber.join(running))
      assert.strictEqual(error.reason._tag, "ConnectionError")
      assert.include(error.message, "/next")
    }))

  it.effect("asks for nothing more when the connection of the answer and the poll is lost, and the next one too", () =>
    Effect.gen(function*() {
      const { peer, running } = yield* run(echo)
      const { body, headers } = ScriptedPeer.event("a")
      yield* (yield* peer.request).respond({ headers: { ...headers, Connection: "close" }, body })
      const answer = yield* take(peer, "/a/response")
      isNext(yield* peer.request)
      yield* answer.request.connection.reset
      yield* (yield* take(peer, "/a/response")).request.connection.reset
      const end = yield* Effect.raceFirst(Fiber.await(running), Effect.map(peer.request, ({ target }) => target))
      assert.isTrue(typeof end !== "string" && Exit.isFailure(end), String(end))
    }))

  it.effect("serves the event that comes together with the interruption", () =>
    Effect.gen(function*() {
      const { peer, running } = yield* run(echo)
      const { answer } = yield* answerAhead(peer)
      const both = [ScriptedPeer.accepted, ScriptedPeer.event("b", "\"b\"")].map(ScriptedPeer.encodeResponse)
      yield* Effect.forkChild(answer.request.connection.write(Buffer.concat(both)), { startImmediately: true })
      yield* Effect.forkChild(Fiber.interrupt(running), { startImmediately: true })
      const last = yield* take(peer, "/b/response")
      assert.strictEqual(last.body.text, "\"b\"")
      yield* last.request.respond(ScriptedPeer.accepted)
      yield* Fiber.await(running)
      assert.strictEqual(peer.requestCount(), 4)
    }))

  it.effect("serves the event that comes together with the answer's response after the interruption", () =>
    Effect.gen(function*() {
      const { peer, running } = yield* run(echo)
      const { answer } = yield* answerAhead(peer)
      yield* Effect.forkChild(Fiber.interrupt(running), { startImmediately: true })
      yield* ScriptedPeer.settle
      assert.isUndefined(running.pollUnsafe())
      const both = [ScriptedPeer.accepted, ScriptedPeer.event("b", "\"b\"")].map(ScriptedPeer.encodeResponse)
      yield* answer.request.connection.write(Buffer.concat(both))
      const last = yield* take(peer, "/b/response")
      yield* last.request.respond(ScriptedPeer.accepted)
      yield* Fiber.await(running)
    }))

  it.effect("ends when no event comes with the answer's response after the interruption", () =>
    Effect.gen(function*() {
      const { peer, running } = yield* run(echo)
      const { answer } = yield* answerAhead(peer)
      yield* Effect.forkChild(Fiber.interrupt(running), { startImmediately: true })
      yield* ScriptedPeer.settle
      yield* answer.request.respond(ScriptedPeer.accepted)
      yield* Fiber.await(running)
      yield* answer.request.connection.closed
    }))

  it.effect("ends at once when it is interrupted while the event is waited for", () =>
    Effect.gen(function*() {
      const { peer, running } = yield* run(echo)
      const { answer } = yield* answerAhead(peer)
      yield* answer.request.respond(ScriptedPeer.accepted)
      yield* ScriptedPeer.settle
      yield* Fiber.interrupt(running)
      yield* answer.request.connection.closed
    }))
})
