import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { connect, exchange, failure, headersOf, runtimeApiLayers } from "./support/runtimeApiLayers.ts"
import * as ScriptedPeer from "./support/scriptedPeer.ts"

const report = { errorType: "Runtime.AfterRestoreError", errorMessage: "no \"Assam\" left 🫖", stackTrace: [] }

describe.each(runtimeApiLayers)("RuntimeApi.$name, the wait for a restore", (runtimeApiLayer) => {
  it.effect("is a request without a body", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const { body, request, result } = yield* exchange(peer, api.restoreNext, { status: 200 })
      assert.isUndefined(result)
      assert.deepStrictEqual([request.method, request.target], ["GET", "/2018-06-01/runtime/restore/next"])
      assert.deepStrictEqual(headersOf(request), { host: peer.address, "user-agent": "effect-lambda-runtime/0.1" })
      assert.strictEqual(body.text, "")
    }))

  it.effect("lasts as long as it takes", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const waiting = yield* Effect.forkChild(api.restoreNext)
      const request = yield* peer.request
      yield* TestClock.adjust("90 days")
      yield* ScriptedPeer.settle
      assert.isUndefined(waiting.pollUnsafe())
      yield* request.respond({ status: 200 })
      yield* Fiber.join(waiting)
      assert.strictEqual(peer.requestCount(), 1)
    }))

  it.effect("leaves no connection to be used again", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const waiting = yield* Effect.forkChild(api.restoreNext)
      const request = yield* peer.request
      // As every server does when it is asked to.
      const isLast = request.header("connection") === "close"
      yield* request.respond(isLast ? { headers: { Connection: "close" } } : {})
      yield* Fiber.join(waiting)
      const next = yield* exchange(peer, api.next, ScriptedPeer.event("id-1"))
      assert.strictEqual(next.request.connection.number, 2)
      const failed = yield* exchange(peer, api.restoreError(report), ScriptedPeer.accepted)
      assert.strictEqual(failed.request.connection.number, 2)
    }))

  it.effect.each(
    [
      [403, "InvalidStateTransition", "State transition from Ready to Ready failed for runtime"],
      [404, "ResourceNotFound", "SnapStart is off"],
      [500, "InternalServerError", "Internal Server Error"]
    ] as const
  )("fails when it is refused with %d", ([status, errorType, errorMessage]) =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const refusal = ScriptedPeer.refusal(status, errorType, errorMessage)
      for (
        const [operation, call] of [
          ["restore/next", api.restoreNext],
          ["restore/error", api.restoreError(report)]
        ] as const
      ) {
        const { result } = yield* exchange(peer, failure(call), refusal)
        assert.strictEqual(result._tag, "StatusError")
        assert.deepInclude(result, { operation, status, description: `${errorType}: ${errorMessage}` })
      }
    }))

  it.effect.each(["end", "reset"] as const)(
    "fails when its connection is lost (%s), and does not ask again",
    (loss) =>
      Effect.gen(function*() {
        const { api, peer } = yield* connect(runtimeApiLayer)
        const waiting = yield* Effect.forkChild(failure(api.restoreNext))
        const request = yield* peer.request
        yield* request.connection[loss]
        const reason = yield* Fiber.join(waiting)
        assert.strictEqual(reason._tag, "ConnectionError")
        assert.deepInclude(reason, { operation: "restore/next" })
        assert.strictEqual(peer.requestCount(), 1)
      })
  )

  it.effect("is given up with its connection", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const waiting = yield* Effect.forkChild(api.restoreNext)
      const { connection } = yield* peer.request
      yield* Fiber.interrupt(waiting)
      yield* connection.closed
    }))
})

describe.each(runtimeApiLayers)("RuntimeApi.$name, a failed restore", (runtimeApiLayer) => {
  it.effect("is reported as a failed start is", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const start = yield* exchange(peer, api.initError(report), ScriptedPeer.accepted)
      const restore = yield* exchange(peer, api.restoreError(report), ScriptedPeer.accepted)
      assert.deepStrictEqual(
        [restore.request.method, restore.request.target],
        ["POST", "/2018-06-01/runtime/restore/error"]
      )
      assert.deepStrictEqual(headersOf(restore.request), headersOf(start.request))
      assert.strictEqual(restore.request.header("lambda-runtime-function-error-type"), "Runtime.AfterRestoreError")
      assert.strictEqual(restore.body.text, start.body.text)
    }))
})
