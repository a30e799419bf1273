import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as boundedBody from "../src/internal/local/http/boundedBody.ts"
import * as LocalServer from "../src/LocalServer.ts"
import { makeRuntime } from "./support/localServer.ts"
import * as localSocket from "./support/localSocket.ts"

const chunks = Arbitrary.array(Arbitrary.schema(Schema.Uint8Array), { maxLength: 20 })

const limit = Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 60 })))

describe("a bounded body", () => {
  it.effect.prop(
    "is all the chunks in one piece, or their size where they are too much",
    { chunks, limit },
    ({ chunks, limit }) =>
      Effect.gen(function*() {
        const whole = Buffer.concat(chunks)
        const collected = yield* Effect.result(
          boundedBody.collect(Stream.fromIterable(chunks), limit, (size) => ({ size }))
        )
        if (whole.length <= limit) {
          assert(collected._tag === "Success")
          assert.deepStrictEqual(Buffer.from(collected.success), whole)
          // What waits in a queue counts by its length.
          assert.strictEqual(collected.success.buffer.byteLength, whole.length)
        } else {
          assert(collected._tag === "Failure")
          assert.isAbove(collected.failure.size, limit)
        }
      })
  )

  it.effect("does not change when the chunks do", () =>
    Effect.gen(function*() {
      const chunk = Uint8Array.of(1, 2)
      const whole = yield* boundedBody.collect(Stream.make(chunk), 10, () => "too large")
      chunk.fill(0)
      assert.deepStrictEqual([...whole], [1, 2])
    }))

  it.effect("leaves a stream in the middle that is too long", () =>
    Effect.gen(function*() {
      const endless = Stream.forever(Stream.make(new Uint8Array(7)))
      assert.strictEqual(yield* Effect.flip(boundedBody.collect(endless, 100, (size) => size)), 105)
    }))

  it.effect("may come as one array of more chunks than a function takes arguments", () =>
    Effect.gen(function*() {
      const many = Array.from({ length: 500_000 }, (_, index) => Uint8Array.of(index))
      const whole = yield* boundedBody.collect(Stream.fromArray(many), many.length, () => "too large")
      assert.isTrue(Buffer.concat(many).equals(whole))
    }))

  it.effect("may come from a caller byte by byte", () =>
    Effect.gen(function*() {
      const { address } = yield* LocalServer.LocalServer
      const runtime = yield* makeRuntime()
      const connection = yield* localSocket.connect(address)
      const event = JSON.stringify("x".repeat(299_998))
      const body = [...event].map((character) => `1\r\n${character}\r\n`).join("")
      yield* connection.write(
        `POST /invoke HTTP/1.1\r\nHost: ${address}\r\nTransfer-Encoding: chunked\r\n\r\n${body}0\r\n\r\n`
      )
      const poll = yield* Effect.forkChild(runtime.next, { startImmediately: true })
      assert.strictEqual((yield* Fiber.join(poll)).text, event)
    }).pipe(Effect.provide(LocalServer.layerTest)))
})
