import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as CloudWatchLogs from "../../src/events/CloudWatchLogs.ts"
import * as DynamoDb from "../../src/events/DynamoDb.ts"
import * as Kinesis from "../../src/events/Kinesis.ts"
import { decode, encode, misfits } from "./codec.ts"
import { control, inflate } from "./subscription.ts"

describe("Kinesis", () => {
  it.effect.each([
    ["12345678901234567890", "MTIzNDU2Nzg5MDEyMzQ1Njc4OTA="],
    ["{\"a\": 1}", "eyJhIjogMX0="],
    ["", ""]
  ])(
    "gives the data %j as bytes, and does not guess whether it is JSON",
    ([text = "", base64 = ""]) =>
      Effect.gen(function*() {
        const event = Kinesis.sample(text)
        assert.strictEqual(event.Records[0]?.kinesis.data, base64)
        const { Records } = yield* decode(Kinesis.Event)(event)
        assert.deepStrictEqual(Records[0]?.kinesis.data, new TextEncoder().encode(text))
      })
  )

  it.effect("keeps bytes that are no text", () =>
    Effect.gen(function*() {
      const bytes = Uint8Array.of(0xf3, 0x89, 0x9a, 0xc2, 0, 255)
      const { Records } = yield* decode(Kinesis.Event)(Kinesis.sample(bytes))
      assert.deepStrictEqual(Records[0]?.kinesis.data, bytes)
      assert.deepStrictEqual(yield* encode(Kinesis.Event)({ Records }), Kinesis.sample(bytes))
    }))

  it.effect("keeps all digits of a sequence number, and the milliseconds of a time", () =>
    Effect.gen(function*() {
      const event = Kinesis.sample()
      const { Records: [record] } = yield* decode(Kinesis.Event)(event)
      assert.strictEqual(record?.kinesis.sequenceNumber.length, 56)
      assert.strictEqual(record?.eventID, `shardId-000000000006:${record?.kinesis.sequenceNumber}`)
      const arrival = record?.kinesis.approximateArrivalTimestamp
      assert.strictEqual(arrival === undefined ? "" : DateTime.formatIso(arrival), "2018-12-17T22:10:50.987Z")
    }))

  it.effect("keeps the type of encryption", () =>
    Effect.gen(function*() {
      const [record] = Kinesis.sample().Records
      const event = { Records: [{ ...record, kinesis: { ...record?.kinesis, encryptionType: "KMS" } }] }
      const { Records } = yield* decode(Kinesis.Event)(event)
      assert.strictEqual(Records[0]?.kinesis.encryptionType, "KMS")
    }))

  it.effect("fails one record alone", () =>
    Effect.gen(function*() {
      const Order = Kinesis.recordOf(Schema.Struct({ id: Schema.String }))
      const { Records } = Kinesis.sample({ id: "o-1" }, { id: 2 }, "{")
      const found = yield* Effect.forEach(Records, misfits(Order))
      assert.deepStrictEqual(found, [[], ["kinesis.data.id"], ["kinesis.data"]])
    }))

  it.effect("reads the changes of a table, whose times are in milliseconds", () =>
    Effect.gen(function*() {
      const schema = Kinesis.eventOf(DynamoDb.KinesisRecord)
      const { Records } = yield* decode(schema)(Kinesis.sample(DynamoDb.sampleKinesisRecord()))
      const change = Records[0]?.kinesis.data
      assert.strictEqual(change?.dynamodb.ApproximateCreationDateTime?.epochMilliseconds, 1602313124230)
      assert.deepStrictEqual(change?.dynamodb.Keys, { Id: { N: "101" } })
      const data = (yield* encode(schema)({ Records })).Records[0]?.kinesis.data ?? ""
      assert.deepStrictEqual(JSON.parse(Buffer.from(data, "base64").toString()), DynamoDb.sampleKinesisRecord())
    }))

  it.effect("reads the changes of a table in plain values", () =>
    Effect.gen(function*() {
      const Key = Schema.Struct({ Id: Schema.Int })
      const schema = Kinesis.eventOf(DynamoDb.kinesisRecordOf({ key: Key, item: Key }))
      const { Records } = yield* decode(schema)(Kinesis.sample(DynamoDb.sampleKinesisRecord()))
      assert.deepStrictEqual(Records[0]?.kinesis.data.dynamodb.NewImage, { Id: 101 })
    }))

  it.effect("reads logs, control messages among them, and writes the same", () =>
    Effect.gen(function*() {
      const schema = Kinesis.eventFromBytes(CloudWatchLogs.Compressed)
      const asked = Schema.encodeSync(CloudWatchLogs.Compressed)(yield* decode(CloudWatchLogs.Data)(control))
      const event = Kinesis.sample(CloudWatchLogs.sampleCompressed("a", "b"), asked)
      const { Records } = yield* decode(schema)(event)
      assert.deepStrictEqual(
        Records.map(({ kinesis: { data } }) => [data.messageType, data.logEvents.length]),
        [["DATA_MESSAGE", 2], ["CONTROL_MESSAGE", 1]]
      )
      const encoded = yield* encode(schema)({ Records })
      assert.deepStrictEqual(encoded.Records.map(({ kinesis }) => inflate(kinesis.data)), [
        CloudWatchLogs.sampleData("a", "b"),
        control
      ])
    }))

  it.effect("keeps whatever state a window has", () =>
    Effect.gen(function*() {
      const state = { count: 3, seen: [null, { a: true }] }
      const event = yield* decode(Kinesis.WindowEvent)({ ...Kinesis.sampleWindowEvent(), state })
      assert.deepStrictEqual(event.state, state)
      assert.deepStrictEqual(yield* encode(Kinesis.WindowResult)({ state, batchItemFailures: [] }), {
        state,
        batchItemFailures: []
      })
    }))
})
