import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as RabbitMq from "../../src/events/RabbitMq.ts"
import { decode, encode, misfits } from "./codec.ts"

const event = RabbitMq.sample("hello")

const message = event.rmqMessagesByQueue["orders::/"]?.[0]

const withProperties = (fields: object) => ({
  ...event,
  rmqMessagesByQueue: {
    "orders::/": [{ ...message, basicProperties: { ...message?.basicProperties, ...fields } }]
  }
})

/** The properties, decoded, and what they are encoded to. */
const roundTrip = Effect.fnUntraced(function*(fields: object) {
  const decoded = yield* decode(RabbitMq.Event)(withProperties(fields))
  const encoded = yield* encode(RabbitMq.Event)(decoded)
  return {
    decoded: decoded.rmqMessagesByQueue["orders::/"]?.[0]?.basicProperties,
    encoded: encoded.rmqMessagesByQueue["orders::/"]?.[0]?.basicProperties
  }
})

describe("RabbitMq", () => {
  it.effect("gives data as bytes, by queue and virtual host", () =>
    Effect.gen(function*() {
      const { rmqMessagesByQueue } = yield* decode(RabbitMq.Event)(event)
      assert.deepStrictEqual(Object.keys(rmqMessagesByQueue), ["orders::/"])
      assert.deepStrictEqual(rmqMessagesByQueue["orders::/"]?.[0]?.data, new TextEncoder().encode("hello"))
    }))

  it.effect("reads the text of headers from signed bytes, and writes it so", () =>
    Effect.gen(function*() {
      const headers = { name: { bytes: [-61, -68] } }
      const { decoded, encoded } = yield* roundTrip({ headers })
      assert.deepStrictEqual<unknown>(decoded?.headers, { name: { bytes: Uint8Array.of(195, 188) } })
      assert.deepStrictEqual<unknown>(encoded?.headers, headers)
    }))

  it.effect("reads numbers, booleans, lists and tables of headers", () =>
    Effect.gen(function*() {
      const headers = {
        number: 10,
        flag: false,
        nothing: null,
        list: [{ bytes: [97] }, 1],
        table: { inner: { bytes: [98] }, bytes: { bytes: [99] } }
      }
      const { decoded, encoded } = yield* roundTrip({ headers })
      assert.deepStrictEqual<unknown>(decoded?.headers, {
        ...headers,
        list: [{ bytes: Uint8Array.of(97) }, 1],
        table: { inner: { bytes: Uint8Array.of(98) }, bytes: { bytes: Uint8Array.of(99) } }
      })
      assert.deepStrictEqual<unknown>(encoded?.headers, headers)
    }))

  it.effect("refuses bytes that are none, and does not take them for a table", () =>
    Effect.gen(function*() {
      const found = yield* misfits(RabbitMq.Event)(withProperties({ headers: { a: { bytes: [300] } } }))
      assert.isTrue(found.length > 0)
      assert.isTrue(found.every((path) =>
        path.startsWith(
          "rmqMessagesByQueue[\"orders::/\"][0].basicProperties.headers.a"
        )
      ))
    }))

  it.effect.each(["Jan 1, 1970, 12:33:41 AM", "Jan 1, 1970, 12:33:41\u202fAM"])(
    "reads the time %j, which is in UTC",
    (timestamp) =>
      Effect.gen(function*() {
        const { decoded, encoded } = yield* roundTrip({ timestamp })
        assert.strictEqual(decoded?.timestamp && DateTime.formatIso(decoded.timestamp), "1970-01-01T00:33:41.000Z")
        assert.strictEqual(encoded?.timestamp, "Jan 1, 1970, 12:33:41 AM")
      })
  )

  it.effect("keeps the expiration as text", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* roundTrip({ expiration: "60000" })).decoded?.expiration, "60000")
    }))

  it.effect("tells one message that is no JSON from the others", () =>
    Effect.gen(function*() {
      const Order = Schema.Struct({ id: Schema.String })
      const found = yield* Effect.forEach(
        RabbitMq.sample({ id: "o-1" }, { id: 1 }, "{").rmqMessagesByQueue["orders::/"] ?? [],
        misfits(RabbitMq.messageOf(Order))
      )
      assert.deepStrictEqual(found, [[], ["data.id"], ["data"]])
    }))
})
