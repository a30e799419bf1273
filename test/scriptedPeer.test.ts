import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Net from "node:net"
import * as ScriptedPeer from "./support/scriptedPeer.ts"

/** A client that sends bytes as they are, and keeps what comes back. */
const connectTo = Effect.fnUntraced(function*(port: number) {
  let received = ""
  const socket = yield* Effect.acquireRelease(
    Effect.callback<Net.Socket>((resume) => {
      const socket = Net.connect({ port, host: "127.0.0.1", noDelay: true }, () => resume(Effect.succeed(socket)))
      socket.on("data", (bytes) => {
        received += bytes.toString("latin1")
      })
      socket.on("error", () => {})
    }),
    (socket) => Effect.sync(() => socket.destroy())
  )
  return {
    socket,
    received: () => received,
    send: (bytes: string) =>
      Effect.callback<void>((resume) => {
        socket.write(bytes, "latin1", () => resume(Effect.void))
      })
  }
})

const chunkedPost = "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nX-A: 1\r\nx-a: 2\r\n\r\n" +
  "3\r\none\r\n00c\r\ntwo\r\nthree\r\n\r\n0\r\nT-1: v\r\nT-2: w\r\n\r\n"

describe("ScriptedPeer", () => {
  it.effect("sees a request as it was sent, wherever it is split", () =>
    Effect.gen(function*() {
      const peer = yield* ScriptedPeer.make
      const client = yield* connectTo(peer.port)
      for (let offset = 1; offset < chunkedPost.length; offset += 7) {
        yield* client.send(chunkedPost.slice(0, offset))
        yield* ScriptedPeer.settle
        yield* client.send(chunkedPost.slice(offset))
        const request = yield* peer.request
        assert.deepStrictEqual([request.method, request.target, request.header("X-a")], ["POST", "/a", "1, 2"])
        const body = yield* request.whole
        assert.deepStrictEqual(body.chunks.map(String), ["one", "two\r\nthree\r\n"])
        assert.deepStrictEqual(body.trailers, [["T-1", "v"], ["T-2", "w"]])
      }
      assert.strictEqual(peer.connectionCount(), 1)
    }))

  it.effect("sees requests that come together one by one", () =>
    Effect.gen(function*() {
      const peer = yield* ScriptedPeer.make
      const client = yield* connectTo(peer.port)
      const sized = "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
      const empty = "POST /c HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
      yield* client.send(`GET /d HTTP/1.1\r\nHost: x\r\n\r\n${sized}${empty}${chunkedPost}${empty}`)
      const seen: Array<string> = []
      for (let index = 0; index < 5; index++) {
        const request = yield* peer.request
        seen.push(`${request.target} ${(yield* request.whole).text}`)
      }
      assert.deepStrictEqual(seen, ["/d ", "/b hello", "/c ", "/a onetwo\r\nthree\r\n", "/c "])
    }))

  it.effect("gives out a chunk before the next one is there", () =>
    Effect.gen(function*() {
      const peer = yield* ScriptedPeer.make
      const client = yield* connectTo(peer.port)
      yield* client.send("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n")
      const request = yield* peer.request
      assert.strictEqual(String(yield* request.chunk), "one")
      yield* client.send("3\r\ntwo\r\n")
      yield* client.send("5\r\nth")
      assert.strictEqual(String(yield* request.chunk), "two")
      client.socket.destroy()
      assert.deepStrictEqual(yield* Effect.flip(request.whole), new ScriptedPeer.RequestCut({ chunks: [] }))
    }))

  it.effect.each([
    "GET / HTTP/1.0\r\nHost: x\r\n\r\n",
    "GET  / HTTP/1.1\r\nHost: x\r\n\r\n",
    "get / HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET / HTTP/1.1\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: x\r\nX: \u00e9\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x5\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nab\r\n\r\n"
  ])("fails the test that sends %j", (bytes) =>
    Effect.gen(function*() {
      const peer = yield* ScriptedPeer.make
      const client = yield* connectTo(peer.port)
      yield* client.send(bytes)
      const exit = yield* Effect.exit(Effect.andThen(peer.request, peer.request))
      assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
    }))

  it.effect.each(["z\r\n", "3\r\nfour\r\n", "0\r\nno colon\r\n\r\n", "-1\r\n", "\r\n"])(
    "fails the test that sends the chunk %j",
    (bytes) =>
      Effect.gen(function*() {
        const peer = yield* ScriptedPeer.make
        const client = yield* connectTo(peer.port)
        yield* client.send(`POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${bytes}`)
        const request = yield* peer.request
        assert.isTrue(Exit.isFailure(yield* Effect.exit(request.whole)))
        const exit = yield* Effect.exit(peer.request)
        assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
      })
  )

  it.effect("answers with the bytes of the script, and counts what it has seen", () =>
    Effect.gen(function*() {
      const peer = yield* ScriptedPeer.make
      const client = yield* connectTo(peer.port)
      yield* peer.serve((request) => request.respond({ status: 202, headers: { "X-A": "b" }, body: "é" }))
      yield* client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(2))
      const expected = "HTTP/1.1 202 Scripted\r\nX-A: b\r\nContent-Length: 2\r\n\r\n\u00c3\u00a9"
      while (client.received().length < expected.length * 2) yield* ScriptedPeer.settle
      assert.strictEqual(client.received(), expected.repeat(2))
      assert.deepStrictEqual([peer.connectionCount(), peer.requestCount()], [1, 2])
    }))

  it.effect("stops reading while it is paused", () =>
    Effect.gen(function*() {
      const peer = yield* ScriptedPeer.make
      const client = yield* connectTo(peer.port)
      const connection = yield* peer.connection
      yield* connection.pause
      yield* client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      yield* ScriptedPeer.settle
      assert.strictEqual(peer.requestCount(), 0)
      yield* connection.resume
      assert.strictEqual((yield* peer.request).target, "/")
    }))

  it.effect.each(["end", "reset"] as const)("ends a connection by %s", (how) =>
    Effect.gen(function*() {
      const peer = yield* ScriptedPeer.make
      const client = yield* connectTo(peer.port)
      const lost = yield* Effect.forkChild(
        Effect.callback<string>((resume) => {
          client.socket.once("end", () => resume(Effect.succeed("end")))
          client.socket.once("error", () => resume(Effect.succeed("reset")))
        }),
        { startImmediately: true }
      )
      const connection = yield* peer.connection
      yield* connection[how]
      yield* connection.closed
      assert.strictEqual(yield* Fiber.join(lost), how)
    }))
})
