import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Kafka from "../../src/events/Kafka.ts"
import { decode, encode, misfits } from "./codec.ts"

const event = Kafka.sample("hello")

const record = event.records["orders-0"]?.[0]

const withRecord = (fields: object) => ({ ...event, records: { "orders-0": [{ ...record, ...fields }] } })

/** The record, decoded, and what it is encoded to. */
const roundTrip = Effect.fnUntraced(function*(fields: object) {
  const decoded = yield* decode(Kafka.Event)(withRecord(fields))
  const encoded = yield* encode(Kafka.Event)(decoded)
  return { decoded: decoded.records["orders-0"]?.[0], encoded: encoded.records["orders-0"]?.[0] }
})

describe("Kafka", () => {
  it.effect("gives keys and values as bytes", () =>
    Effect.gen(function*() {
      const { decoded } = yield* roundTrip({})
      assert.deepStrictEqual(decoded?.key, new TextEncoder().encode("key-0"))
      assert.deepStrictEqual(decoded?.value, new TextEncoder().encode("hello"))
      assert.strictEqual(decoded?.timestamp.epochMilliseconds, 1545084650987)
    }))

  it.effect("reads records without a key, and tombstones", () =>
    Effect.gen(function*() {
      const { decoded, encoded } = yield* roundTrip({ key: null, value: null })
      assert.isNull(decoded?.key)
      assert.isNull(decoded?.value)
      assert.isNull(encoded?.value)
      const { key: _, value: __, ...bare } = record ?? {}
      const { records } = yield* decode(Kafka.eventOf(Schema.Int))({ ...event, records: { "orders-0": [bare] } })
      assert.isFalse(Object.hasOwn(records["orders-0"]?.[0] ?? {}, "value"))
    }))

  it.effect("reads headers as Java writes them, with signed bytes, the same name twice, and null", () =>
    Effect.gen(function*() {
      const headers = [{ a: [118, -36, 0, 127, -128] }, { a: [] }, { b: null }]
      const { decoded, encoded } = yield* roundTrip({ headers })
      assert.deepStrictEqual(decoded?.headers, [
        { a: Uint8Array.of(118, 220, 0, 127, 128) },
        { a: new Uint8Array() },
        { b: null }
      ])
      assert.deepStrictEqual(encoded?.headers, headers)
    }))

  it.effect("keeps what a schema registry says of keys and values", () =>
    Effect.gen(function*() {
      const metadata = {
        keySchemaMetadata: { dataFormat: "JSON", schemaId: "1" },
        valueSchemaMetadata: { dataFormat: "AVRO", schemaId: "2" }
      }
      const { encoded } = yield* roundTrip(metadata)
      assert.deepInclude(encoded, metadata)
    }))

  it.effect.each(["SelfManagedKafka", "aws:SelfManagedKafka"])(
    "reads %s, which has no ARN",
    (eventSource) =>
      Effect.gen(function*() {
        const { eventSourceArn: _, ...rest } = event
        const decoded = yield* decode(Kafka.Event)({ ...rest, eventSource })
        assert.strictEqual(decoded.eventSource, eventSource)
        assert.isFalse(Object.hasOwn(decoded, "eventSourceArn"))
      })
  )

  it.effect("reads a partition in text, and refuses one that is no number", () =>
    Effect.gen(function*() {
      const { decoded, encoded } = yield* roundTrip({ partition: "12" })
      assert.strictEqual(decoded?.partition, 12)
      assert.strictEqual(encoded?.partition, 12)
      assert.deepStrictEqual(yield* misfits(Kafka.Event)(withRecord({ partition: "a" })), [
        "records[\"orders-0\"][0].partition"
      ])
    }))

  it.effect("decodes values of JSON, and fails one record alone", () =>
    Effect.gen(function*() {
      const Order = Schema.Struct({ id: Schema.String, at: Schema.Date })
      const order = { id: "o-1", at: "2026-01-02T03:04:05.678Z" }
      const { records } = yield* decode(Kafka.eventOf(Order))(Kafka.sample(order))
      assert.strictEqual(records["orders-0"]?.[0]?.value?.at.getTime(), Date.parse(order.at))
      const found = yield* Effect.forEach(
        Kafka.sample(order, { ...order, id: 1 }, "{").records["orders-0"] ?? [],
        misfits(Kafka.recordOf(Order))
      )
      assert.deepStrictEqual(found, [[], ["value.id"], ["value"]])
    }))

  it.effect("answers the place of a failed record as an object", () =>
    Effect.gen(function*() {
      const { records } = yield* decode(Kafka.Event)(Kafka.sample("a", "b"))
      const batchItemFailures = Object.entries(records).flatMap(([partition, records]) =>
        records.filter(({ offset }) => offset === 16).map(({ offset }) => ({ itemIdentifier: { partition, offset } }))
      )
      assert.deepStrictEqual(yield* encode(Kafka.BatchResponse)({ batchItemFailures }), {
        batchItemFailures: [{ itemIdentifier: { partition: "orders-0", offset: 16 } }]
      })
    }))
})
