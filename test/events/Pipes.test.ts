import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Kinesis from "../../src/events/Kinesis.ts"
import * as Pipes from "../../src/events/Pipes.ts"
import * as Sqs from "../../src/events/Sqs.ts"
import { decode, encode, misfits } from "./codec.ts"

const Order = Schema.Struct({ id: Schema.String })

describe("Pipes", () => {
  it.effect("reads a bare list, also of one record and of none", () =>
    Effect.gen(function*() {
      const schema = Pipes.eventOf(Sqs.recordOf(Order))
      const records = yield* decode(schema)(Pipes.sample({ id: "o-1" }))
      assert.deepStrictEqual(records.map(({ body }) => body.id), ["o-1"])
      assert.deepStrictEqual(yield* decode(schema)([]), [])
      assert.deepStrictEqual(yield* misfits(schema)(Sqs.sample({ id: "o-1" })), ["the root"])
    }))

  it.effect("reads records of Kinesis flat, unlike those of an event source mapping", () =>
    Effect.gen(function*() {
      const [record] = yield* decode(Pipes.eventOf(Pipes.KinesisRecord))([Pipes.sampleKinesisRecord("hello")])
      assert.deepStrictEqual(record?.data, new TextEncoder().encode("hello"))
      assert.strictEqual(record?.approximateArrivalTimestamp.epochMilliseconds, 1545084650987)
      assert.strictEqual(record?.sequenceNumber.length, 56)
      const nested = Kinesis.sample("hello").Records
      assert.include(yield* misfits(Pipes.eventOf(Pipes.KinesisRecord))(nested), "[0].data")
      assert.include(yield* misfits(Kinesis.Event)({ Records: [Pipes.sampleKinesisRecord()] }), "Records[0].kinesis")
    }))

  it.effect("reads records of Kafka with their topic beside them, and tombstones", () =>
    Effect.gen(function*() {
      const json = Pipes.sampleKafkaRecord({ id: "o-1" })
      const schema = Pipes.eventOf(Pipes.kafkaRecordOf(Order))
      const records = yield* decode(schema)([json, { ...json, partition: "0", value: null }])
      assert.deepStrictEqual(records.map(({ value }) => value?.id), ["o-1", undefined])
      assert.deepStrictEqual(records.map(({ partition }) => partition), [0, 0])
      assert.deepStrictEqual(records.map(({ eventSourceKey }) => eventSourceKey), ["orders-0", "orders-0"])
    }))

  it.effect("answers an enrichment with fewer records than it was given, and with none", () =>
    Effect.gen(function*() {
      const Result = Pipes.enrichmentResultOf(Schema.Struct({ messageId: Schema.String, at: Schema.Date }))
      const at = new Date("2026-01-02T03:04:05.678Z")
      assert.deepStrictEqual(yield* encode(Result)([{ messageId: "1", at }]), [{
        messageId: "1",
        at: at.toISOString()
      }])
      assert.deepStrictEqual(yield* encode(Result)([]), [])
    }))
})
