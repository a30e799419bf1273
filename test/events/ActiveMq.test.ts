import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as ActiveMq from "../../src/events/ActiveMq.ts"
import { decode, misfits } from "./codec.ts"

const event = ActiveMq.sample("hello")

const [message] = event.messages

const read = (fields: object) =>
  Effect.map(
    decode(ActiveMq.Event)({ ...event, messages: [{ ...message, ...fields }] }),
    ({ messages }) => messages[0]
  )

describe("ActiveMq", () => {
  it.effect.each(["jms/text-message", "jms/bytes-message"])(
    "gives the data of %s as bytes",
    (messageType) =>
      Effect.gen(function*() {
        assert.deepStrictEqual((yield* read({ messageType }))?.data, new TextEncoder().encode("hello"))
      })
  )

  it.effect("keeps bytes that are no text", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual((yield* read({ data: "gID/AA==" }))?.data, Uint8Array.of(128, 128, 255, 0))
    }))

  it.effect("reads times in milliseconds", () =>
    Effect.gen(function*() {
      const decoded = yield* read({})
      assert.deepStrictEqual(
        [decoded?.timestamp, decoded?.brokerInTime, decoded?.brokerOutTime].map((time) => time?.epochMilliseconds),
        [1598827811958, 1598827811958, 1598827811959]
      )
    }))

  it.effect.each([[0, 0], ["60000", 60000], [1598827871958, 1598827871958]] as const)(
    "reads the expiration %j",
    ([expiration, expected]) =>
      Effect.gen(function*() {
        assert.strictEqual((yield* read({ expiration }))?.expiration, expected)
      })
  )

  it.effect("reads both spellings of the correlation", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* read({ correlationID: "a" }))?.correlationID, "a")
      assert.strictEqual((yield* read({ correlationId: "b" }))?.correlationId, "b")
    }))

  it.effect("keeps properties of any type", () =>
    Effect.gen(function*() {
      const properties = { text: "a", number: 1.5, flag: true }
      assert.deepStrictEqual((yield* read({ properties }))?.properties, properties)
    }))

  it.effect("tells one message that is no JSON from the others", () =>
    Effect.gen(function*() {
      const Order = Schema.Struct({ id: Schema.String })
      const found = yield* Effect.forEach(
        ActiveMq.sample({ id: "o-1" }, { id: 1 }, "{").messages,
        misfits(ActiveMq.messageOf(Order))
      )
      assert.deepStrictEqual(found, [[], ["data.id"], ["data"]])
    }))
})
