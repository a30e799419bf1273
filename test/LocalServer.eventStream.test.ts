import { assert, describe, it } from "@effect/vitest"
import { EventStreamCodec } from "@smithy/core/event-streams"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as eventStream from "../src/internal/local/invoke/eventStream.ts"

/** What the AWS SDK itself writes and reads its event streams with. */
const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString(),
  (text) => Buffer.from(text)
)

const decode = (message: Uint8Array) => {
  const { body, headers } = codec.decode(message)
  return {
    headers: Object.fromEntries(Object.entries(headers).map(([name, { value }]) => [name, value])),
    body: Buffer.from(body)
  }
}

const name = Schema.String.check(Schema.isPattern(/^[:a-zA-Z-]{1,40}$/))

describe("a message of an event stream", () => {
  it.prop(
    "has the bytes that the AWS SDK gives it",
    [Schema.Record(name, Schema.String), Schema.Uint8Array],
    ([headers, payload]) => {
      const expected = codec.encode({
        headers: Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [name, { type: "string" as const, value }])
        ),
        body: payload
      })
      assert.deepStrictEqual(Buffer.from(eventStream.encode(headers, payload)), Buffer.from(expected))
    }
  )

  it.prop("carries a chunk of any bytes", [Schema.Uint8Array], ([payload]) => {
    const { body, headers } = decode(eventStream.payloadChunk(payload))
    assert.deepStrictEqual(body, Buffer.from(payload))
    assert.deepStrictEqual(headers, {
      ":message-type": "event",
      ":event-type": "PayloadChunk",
      ":content-type": "application/octet-stream"
    })
  })

  it.prop(
    "carries what became of a stream",
    [Schema.Struct({
      ErrorCode: Schema.optionalKey(Schema.String),
      ErrorDetails: Schema.optionalKey(Schema.String),
      LogResult: Schema.optionalKey(Schema.String)
    })],
    ([complete]) => {
      const { body, headers } = decode(eventStream.invokeComplete(complete))
      assert.deepStrictEqual(JSON.parse(body.toString()), complete)
      assert.deepStrictEqual(headers, {
        ":message-type": "event",
        ":event-type": "InvokeComplete",
        ":content-type": "application/json"
      })
    }
  )

  it("leaves out what there is nothing to say about", () => {
    const { body } = decode(eventStream.invokeComplete({ ErrorCode: undefined, LogResult: undefined }))
    assert.strictEqual(body.toString(), "{}")
  })

  it("may be as large as an answer may be", () => {
    const payload = Buffer.alloc(6_291_556, "x")
    assert.isTrue(decode(eventStream.payloadChunk(payload)).body.equals(payload))
  })

  it("is refused by the AWS SDK when one of its bits is wrong", () => {
    const message = eventStream.payloadChunk(Buffer.from("Hello"))
    for (let index = 0; index < message.length; index++) {
      const damaged = Buffer.from(message)
      damaged[index]! ^= 1
      assert.throws(() => codec.decode(damaged))
    }
  })
})

describe("a decoder of an event stream", () => {
  /** UTF-8 has no lone surrogates. */
  const wellFormed = Schema.String.check(Schema.makeFilter((text: string) => text.isWellFormed()))
  const Message = Schema.Struct({ headers: Schema.Record(name, wellFormed), payload: Schema.Uint8Array })

  it.prop(
    "reads what was written, wherever the bytes are cut",
    [Schema.Array(Message), Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 50 }))],
    ([messages, pieceSize]) => {
      const bytes = Buffer.concat(messages.map(({ headers, payload }) => eventStream.encode(headers, payload)))
      const decoder = new eventStream.EventStreamDecoder()
      const decoded: Array<eventStream.Message> = []
      for (let at = 0; at < bytes.length; at += pieceSize) {
        decoded.push(...Result.getOrThrow(decoder.push(bytes.subarray(at, at + pieceSize))))
      }
      assert.deepStrictEqual(
        decoded.map(({ headers, payload }) => ({ headers: { ...headers }, payload: Buffer.from(payload) })),
        messages.map(({ headers, payload }) => ({ headers: { ...headers }, payload: Buffer.from(payload) }))
      )
    }
  )

  it.prop(
    "refuses a message of which a byte is wrong",
    [Schema.Uint8Array, Schema.Int.check(Schema.isBetween({ minimum: 4, maximum: 1000 }))],
    ([payload, place]) => {
      const bytes = Buffer.from(eventStream.payloadChunk(payload))
      // Of a message that says that it is longer the rest is waited for.
      const at = 4 + place % (bytes.length - 4)
      bytes[at] = (bytes[at] ?? 0) ^ 1
      assert.isTrue(Result.isFailure(new eventStream.EventStreamDecoder().push(bytes)))
    }
  )
})
