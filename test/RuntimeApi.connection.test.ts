import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Scope from "effect/Scope"
import { Buffer } from "node:buffer"
import * as LambdaResponse from "../src/LambdaResponse.ts"
import { build, connect, exchange, failure, runtimeApiLayers } from "./support/runtimeApiLayers.ts"
import * as ScriptedPeer from "./support/scriptedPeer.ts"

const invocation = { requestId: "id-1", invocationId: Option.none<string>() }

const payloadOf = ({ payload }: { readonly payload: Uint8Array }) => Buffer.from(payload).toString()

describe.each(runtimeApiLayers)("RuntimeApi.$name, connection", (runtimeApiLayer) => {
  it.effect("is kept for one call after the other", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      for (const round of ["1", "2", "3"]) {
        const next = yield* exchange(peer, api.next, ScriptedPeer.event(round))
        yield* exchange(peer, api.respond(next.result, LambdaResponse.text("hello")), ScriptedPeer.accepted)
        yield* exchange(peer, api.fail(invocation, { errorType: "A", errorMessage: "", stackTrace: [] }), {
          status: 400,
          body: "no"
        }).pipe(Effect.flip)
      }
      assert.strictEqual(peer.requestCount(), 9)
      assert.strictEqual(peer.connectionCount(), 1)
    }))

  it.effect("carries a thousand invocations without mixing anything up", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const seen: Array<string> = []
      yield* peer.serve((request) =>
        Effect.flatMap(request.whole, ({ text }) => {
          seen.push(`${request.connection.number} ${request.method} ${request.target} ${text}`)
          return request.respond(
            request.method === "GET"
              ? ScriptedPeer.event(`id-${(seen.length + 1) / 2}`, `"${seen.length}"`)
              : ScriptedPeer.accepted
          )
        })
      )
      const expected: Array<string> = []
      for (let index = 1; index <= 1000; index++) {
        const event = yield* api.next
        assert.strictEqual(event.requestId, `id-${index}`)
        yield* api.respond(event, LambdaResponse.text(`answer ${payloadOf(event)}`))
        expected.push(
          "1 GET /2018-06-01/runtime/invocation/next ",
          `1 POST /2018-06-01/runtime/invocation/id-${index}/response answer "${index * 2 - 1}"`
        )
      }
      assert.deepStrictEqual(seen, expected)
    }))

  it.effect("is one of its own for every call under way", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const polls = yield* Effect.forEach(Array.from({ length: 8 }), () => Effect.forkChild(api.next))
      const requests = yield* Effect.forEach(polls, () => peer.request)
      assert.strictEqual(new Set(requests.map((request) => request.connection.number)).size, 8)
      // Answered in another order than asked.
      for (const request of requests.toReversed()) {
        yield* request.respond(ScriptedPeer.event(`connection-${request.connection.number}`))
      }
      const events = yield* Effect.forEach(polls, Fiber.join)
      assert.deepStrictEqual(
        events.map(({ requestId }) => requestId).toSorted(),
        requests.map((request) => `connection-${request.connection.number}`).toSorted()
      )
      yield* exchange(peer, api.respond(invocation, LambdaResponse.json(1)), ScriptedPeer.accepted)
      assert.strictEqual(peer.connectionCount(), 8)
    }))

  it.effect("is opened again when the peer has closed it between two calls", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      for (let round = 1; round <= 3; round++) {
        const { request, result } = yield* exchange(peer, api.next, ScriptedPeer.event(`id-${round}`))
        assert.strictEqual(result.requestId, `id-${round}`)
        assert.strictEqual(request.connection.number, round)
        yield* request.connection.end
        yield* request.connection.closed
        yield* ScriptedPeer.settle
      }
    }))

  it.effect("closed right after every response costs a call at most, and never the one after it", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      yield* peer.serve(({ connection }) =>
        Effect.andThen(connection.respond(ScriptedPeer.event("id-1")), connection.end)
      )
      let failedBefore = false
      for (let round = 0; round < 20; round++) {
        const result = yield* Effect.result(api.next)
        const failed = Result.isFailure(result)
        if (failed) assert.strictEqual(result.failure.reason._tag, "ConnectionError")
        assert.isFalse(failed && failedBefore)
        failedBefore = failed
      }
    }))

  it.effect("is opened again for an answer when the peer has dropped it while the handler ran", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const drops = ["end", "reset"] as const
      for (const drop of drops) {
        const { request, result: event } = yield* exchange(peer, api.next, ScriptedPeer.event("id-1"))
        yield* request.connection[drop]
        yield* request.connection.closed
        const answer = yield* exchange(
          peer,
          api.respond(event, LambdaResponse.text(`after ${drop}`)),
          ScriptedPeer.accepted
        )
        assert.deepStrictEqual(answer.result, { _tag: "Accepted" })
        assert.strictEqual(answer.body.text, `after ${drop}`)
        assert.notStrictEqual(answer.request.connection.number, request.connection.number)
        yield* answer.request.connection.end
        yield* answer.request.connection.closed
        yield* ScriptedPeer.settle
      }
    }))

  it.effect("is opened again for an answer that the peer has dropped", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      yield* exchange(peer, api.next, ScriptedPeer.event("id-1"))
      const answer = yield* Effect.forkChild(api.respond(invocation, LambdaResponse.text("tea")))
      const lost = yield* peer.request
      assert.strictEqual(lost.connection.number, 1)
      yield* lost.connection.reset
      const again = yield* peer.request
      assert.strictEqual(again.connection.number, 2)
      assert.strictEqual((yield* again.whole).text, "tea")
      yield* again.respond(ScriptedPeer.accepted)
      assert.deepStrictEqual(yield* Fiber.join(answer), { _tag: "Accepted" })
    }))

  it.effect("is not used again when the peer says it will close", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const first = yield* exchange(peer, api.next, {
        ...ScriptedPeer.event("id-1"),
        headers: ScriptedPeer.eventHeaders("id-1", { Connection: "close" })
      })
      const answer = yield* exchange(peer, api.respond(first.result, LambdaResponse.json(1)), ScriptedPeer.accepted)
      assert.strictEqual(answer.request.connection.number, 2)
    }))

  it.effect("closing late does not touch the one in use", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const first = yield* exchange(peer, api.next, {
        headers: ScriptedPeer.eventHeaders("id-1", { Connection: "close" })
      })
      const next = yield* Effect.forkChild(api.next)
      const second = yield* peer.request
      yield* first.request.connection.reset
      yield* first.request.connection.closed
      yield* ScriptedPeer.settle
      yield* second.respond(ScriptedPeer.event("id-2"))
      assert.strictEqual((yield* Fiber.join(next)).requestId, "id-2")
    }))

  it.effect("is closed with the scope of the service", () =>
    Effect.gen(function*() {
      const peer = yield* ScriptedPeer.make
      const scope = yield* Scope.make()
      const api = yield* Scope.provide(build(runtimeApiLayer, peer.address), scope)
      const idle = yield* exchange(peer, api.next, ScriptedPeer.event("id-1"))
      yield* Scope.close(scope, yield* Effect.exit(Effect.void))
      yield* idle.request.connection.closed
    }))

  it.effect("closing with the scope ends a poll", () =>
    Effect.gen(function*() {
      const peer = yield* ScriptedPeer.make
      const scope = yield* Scope.make()
      const api = yield* Scope.provide(build(runtimeApiLayer, peer.address), scope)
      const next = yield* Effect.forkChild(failure(api.next))
      const { connection } = yield* peer.request
      yield* Scope.close(scope, yield* Effect.exit(Effect.void))
      assert.strictEqual((yield* Fiber.join(next))._tag, "ConnectionError")
      yield* connection.closed
    }))

  it.effect("survives a poll that is interrupted", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      for (let round = 0; round < 3; round++) {
        const next = yield* Effect.forkChild(api.next)
        const { connection } = yield* peer.request
        yield* Fiber.interrupt(next)
        yield* connection.closed
      }
      const { result } = yield* exchange(peer, api.next, ScriptedPeer.event("id-1"))
      assert.strictEqual(result.requestId, "id-1")
    }))

  it.effect("survives an answer that is interrupted", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const answer = yield* Effect.forkChild(api.respond(invocation, LambdaResponse.json(1)))
      const { connection } = yield* peer.request
      yield* Fiber.interrupt(answer)
      yield* connection.closed
      const { result } = yield* exchange(peer, api.next, ScriptedPeer.event("id-1"))
      assert.strictEqual(result.requestId, "id-1")
    }))

  it.effect("survives an interruption while it is opened", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      yield* Fiber.interrupt(yield* Effect.forkChild(api.next, { startImmediately: true }))
      yield* ScriptedPeer.settle
      const { result } = yield* exchange(peer, api.next, ScriptedPeer.event("id-1"))
      assert.strictEqual(result.requestId, "id-1")
    }))

  it.effect("refused is told in one line", () =>
    Effect.gen(function*() {
      const address = ScriptedPeer.deadAddress
      const api = yield* build(runtimeApiLayer, address)
      for (
        const [operation, call] of [
          ["next", api.next],
          ["response", api.respond(invocation, LambdaResponse.json(1))],
          ["init/error", api.initError({ errorType: "A", errorMessage: "", stackTrace: [] })],
          ["restore/next", api.restoreNext],
          ["restore/error", api.restoreError({ errorType: "A", errorMessage: "", stackTrace: [] })]
        ] as const
      ) {
        const error = yield* Effect.flip(call)
        assert.strictEqual(error.reason._tag, "ConnectionError")
        assert.strictEqual(
          error.message,
          `no connection to the Runtime API at ${address} for /${operation}: nothing listens there (ECONNREFUSED)`
        )
      }
    }))

  it.effect("to a host that does not exist is told in one line", () =>
    Effect.gen(function*() {
      // A label of 64 letters is longer than DNS allows, so that nobody is asked for it.
      const host = "a".repeat(64)
      const api = yield* build(runtimeApiLayer, `${host}:9001`)
      const error = yield* Effect.flip(api.next)
      assert.strictEqual(error.reason._tag, "ConnectionError")
      assert.match(error.message, /for \/next: the host name is not known \((ENOTFOUND|EAI_AGAIN)\)$/)
    }))

  it.effect.each(
    [
      ["before the response", "", "end"],
      ["before the response", "", "reset"],
      ["within the status line", "HTTP/1.1 20", "end"],
      ["within the head", "HTTP/1.1 200 OK\r\nContent-Type: text/pl", "end"],
      ["within the head", "HTTP/1.1 200 OK\r\nContent-Type: text/pl", "reset"],
      ["within the body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234", "end"],
      ["within the body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234", "reset"],
      ["within a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n012", "end"],
      ["between chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n", "end"],
      ["after an interim response", "HTTP/1.1 103 Early Hints\r\n\r\n", "end"]
    ] as const
  )(
    "lost %s (%j, %s) is an error of the call, and the next call opens another",
    ([, bytes, loss]) =>
      Effect.gen(function*() {
        const { api, peer } = yield* connect(runtimeApiLayer)
        const next = yield* Effect.forkChild(Effect.flip(api.next))
        const { connection } = yield* peer.request
        yield* connection.write(bytes)
        yield* ScriptedPeer.settle
        yield* connection[loss]
        const error = yield* Fiber.join(next)
        assert.strictEqual(error.reason._tag, "ConnectionError")
        assert.deepInclude(error.reason, { operation: "next", address: peer.address })
        assert.notInclude(error.message, "\n")
        const { result } = yield* exchange(peer, api.next, ScriptedPeer.event("id-1"))
        assert.strictEqual(result.requestId, "id-1")
      })
  )

  it.effect("lost for good while an answer is posted is an error of the call", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const answer = yield* Effect.forkChild(failure(api.respond(invocation, LambdaResponse.json(1))))
      yield* peer.serve((request) => request.connection.end)
      const reason = yield* Fiber.join(answer)
      assert.strictEqual(reason._tag, "ConnectionError")
      assert.deepInclude(reason, { operation: "response", address: peer.address })
    }))
})
