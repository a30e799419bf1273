import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Buffer } from "node:buffer"
import * as LambdaResponse from "../src/LambdaResponse.ts"
import { connect, exchange, failure, runtimeApiLayers } from "./support/runtimeApiLayers.ts"
import * as ScriptedPeer from "./support/scriptedPeer.ts"

const invocation = { requestId: "id-1", invocationId: Option.none<string>() }

const payloadOf = ({ payload }: { readonly payload: Uint8Array }) => Buffer.from(payload).toString()

describe.each(runtimeApiLayers)("RuntimeApi.$name, a response", (runtimeApiLayer) => {
  it.effect("may follow interim ones", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const next = yield* Effect.forkChild(api.next)
      const { connection } = yield* peer.request
      yield* connection.write(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </tea>; rel=preload\r\nContent-Length: 7\r\n\r\n"
      )
      yield* ScriptedPeer.settle
      yield* connection.respond(ScriptedPeer.event("id-1", "\"tea\""))
      assert.strictEqual(payloadOf(yield* Fiber.join(next)), "\"tea\"")
      const second = yield* exchange(peer, api.next, ScriptedPeer.event("id-2"))
      assert.strictEqual(second.request.connection.number, 1)
    }))

  const response = ScriptedPeer.encodeResponse(ScriptedPeer.event("id-1", "{\"tea\":\"茶\"}"))
  const chunked = Buffer.concat([
    Buffer.from(
      response.toString("latin1").replace(/Content-Length: \d+\r\n\r\n[^]*/, "Transfer-Encoding: chunked\r\n\r\n"),
      "latin1"
    ),
    Buffer.from("8\r\n{\"tea\":\"\r\n3\r\n茶\r\n2;x=y\r\n\"}\r\n0\r\nX-End: 1\r\n\r\n")
  ])

  it.effect.each([["of known length", response], ["in chunks", chunked]] as const)(
    "%s may be split anywhere",
    ([, bytes]) =>
      Effect.gen(function*() {
        const { api, peer } = yield* connect(runtimeApiLayer)
        for (let offset = 1; offset < bytes.length; offset++) {
          const next = yield* Effect.forkChild(api.next)
          const { connection } = yield* peer.request
          yield* connection.writeSplit(bytes, [offset])
          const event = yield* Fiber.join(next)
          assert.strictEqual(`${offset} ${event.requestId} ${payloadOf(event)}`, `${offset} id-1 {"tea":"茶"}`)
        }
        assert.strictEqual(peer.connectionCount(), 1)
      })
  )

  it.effect.each([["of known length", response], ["in chunks", chunked]] as const)(
    "%s may come byte by byte",
    ([, bytes]) =>
      Effect.gen(function*() {
        const { api, peer } = yield* connect(runtimeApiLayer)
        const next = yield* Effect.forkChild(api.next)
        const { connection } = yield* peer.request
        yield* connection.writeSplit(bytes, Array.from(bytes.keys()).slice(1))
        assert.strictEqual(payloadOf(yield* Fiber.join(next)), "{\"tea\":\"茶\"}")
      })
  )

  it.effect.prop(
    "may be split in any way",
    {
      chunkedOrNot: Schema.Boolean,
      offsets: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: response.length - 1 })))
    },
    ({ chunkedOrNot, offsets }) =>
      Effect.gen(function*() {
        const { api, peer } = yield* connect(runtimeApiLayer)
        const next = yield* Effect.forkChild(api.next)
        const { connection } = yield* peer.request
        yield* connection.writeSplit(
          chunkedOrNot ? chunked : response,
          [...offsets].toSorted((left, right) => left - right)
        )
        assert.strictEqual(payloadOf(yield* Fiber.join(next)), "{\"tea\":\"茶\"}")
      }),
    { arbitrary: { runs: 30 } }
  )

  const { distinguishesMalformedBodies } = runtimeApiLayer

  it.effect.each(
    [
      ["no HTTP", "SSH-2.0-OpenSSH_9.9\r\n"],
      ["another version of HTTP", "HTTP/9.9 200 OK\r\nContent-Length: 0\r\n\r\n"],
      ["a status of four digits", "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n"],
      ["a status of letters", "HTTP/1.1 ok\r\nContent-Length: 0\r\n\r\n"],
      ["a header without a colon", "HTTP/1.1 200 OK\r\nContent-Length 0\r\n\r\n"],
      ["a header with a space in its name", "HTTP/1.1 200 OK\r\nContent Length: 0\r\n\r\n"],
      ["a control character in a header", "HTTP/1.1 200 OK\r\nX-Tea: \u0000\r\nContent-Length: 0\r\n\r\n"],
      ["a negative length", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"],
      ["a length of letters", "HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n"],
      ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"],
      ["a length and chunks", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"],
      ["a head over 1 MiB", `HTTP/1.1 200 OK\r\nX-Tea: ${"a".repeat(1_048_577)}`]
    ] as const
  )("with %s is refused without waiting for more", ([, bytes]) =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const next = yield* Effect.forkChild(Effect.flip(api.next))
      const { connection } = yield* peer.request
      yield* connection.write(bytes)
      const error = yield* Fiber.join(next)
      assert.strictEqual(error.reason._tag, "ProtocolError")
      assert.deepInclude(error.reason, { operation: "next", address: peer.address })
      assert.isBelow(error.message.length, 300)
      assert.notInclude(error.message, "\n")
      yield* connection.closed
      const { result } = yield* exchange(peer, api.next, ScriptedPeer.event("id-1"))
      assert.strictEqual(result.requestId, "id-1")
    }))

  it.effect.each(["zz\r\n", "-1\r\n", "123456789abcdef01\r\n", "5\r\n0123456", "\r\n", "0\r\nno colon\r\n\r\n"])(
    "with the malformed chunk %j is refused without waiting for more",
    (chunk) =>
      Effect.gen(function*() {
        const { api, peer } = yield* connect(runtimeApiLayer)
        const next = yield* Effect.forkChild(failure(api.next))
        const { connection } = yield* peer.request
        yield* connection.write(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}`)
        // `node:http` reports a body that it cannot read as a connection that was reset.
        assert.strictEqual(
          (yield* Fiber.join(next))._tag,
          distinguishesMalformedBodies ? "ProtocolError" : "ConnectionError"
        )
        yield* connection.closed
        const { result } = yield* exchange(peer, api.next, ScriptedPeer.event("id-1"))
        assert.strictEqual(result.requestId, "id-1")
      })
  )

  it.effect("that is malformed fails a post, which is not sent again", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      yield* exchange(peer, api.next, ScriptedPeer.event("id-1"))
      const answer = yield* Effect.forkChild(failure(api.respond(invocation, LambdaResponse.json(1))))
      const { connection } = yield* peer.request
      yield* connection.write("HTTP/1.1 what\r\n\r\n")
      assert.strictEqual((yield* Fiber.join(answer))._tag, "ProtocolError")
      assert.strictEqual(peer.requestCount(), 2)
    }))

  it.effect("to a large answer may come before it has all been sent", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const answer = yield* Effect.forkChild(
        failure(api.respond(invocation, LambdaResponse.bytes(new Uint8Array(6_000_000))))
      )
      const request = yield* peer.request
      yield* request.connection.pause
      yield* request.respond(ScriptedPeer.refusal(413, "RequestEntityTooLarge", "too large"))
      const reason = yield* Fiber.join(answer)
      assert.strictEqual(reason._tag, "StatusError")
      assert.deepInclude(reason, { status: 413 })
      yield* request.connection.resume
      const { result } = yield* exchange(peer, api.next, ScriptedPeer.event("id-2"))
      assert.strictEqual(result.requestId, "id-2")
    }))

  it.effect("nobody asked for is not taken for that of the next call", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const first = yield* exchange(peer, api.next, ScriptedPeer.event("id-1"))
      yield* first.request.respond(ScriptedPeer.event("forged"))
      yield* ScriptedPeer.settle
      const second = yield* exchange(peer, api.next, ScriptedPeer.event("id-2"))
      assert.strictEqual(second.result.requestId, "id-2")
    }))
})
