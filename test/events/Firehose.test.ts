import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as CloudWatchLogs from "../../src/events/CloudWatchLogs.ts"
import * as Firehose from "../../src/events/Firehose.ts"
import * as Sqs from "../../src/events/Sqs.ts"
import * as Handler from "../../src/Handler.ts"
import * as Lambda from "../../src/Lambda.ts"
import * as LambdaTest from "../../src/LambdaTest.ts"
import { decode, encode, misfits } from "./codec.ts"

const event = Firehose.sample()

const [record] = event.records

const withMetadata = (metadata: object) => ({
  ...event,
  records: [{ ...record, kinesisRecordMetadata: { ...record?.kinesisRecordMetadata, ...metadata } }]
})

const Order = Schema.Struct({ id: Schema.String, card: Schema.String })

/** Drops what is a test, and fails what is no order. */
const redact = Handler.make(
  { event: Firehose.Event, result: Firehose.Result },
  ({ records }) =>
    Effect.gen(function*() {
      const decodeOrder = Schema.decodeUnknownEffect(Schema.fromJsonString(Order))
      return {
        records: yield* Effect.forEach(records, ({ data, recordId }) =>
          Effect.match(decodeOrder(new TextDecoder().decode(data)), {
            onFailure: () => ({ recordId, result: "ProcessingFailed" as const, data }),
            onSuccess: ({ id }) =>
              id === "test"
                ? { recordId, result: "Dropped" as const, data: undefined }
                : {
                  recordId,
                  result: "Ok" as const,
                  data: new TextEncoder().encode(`${JSON.stringify({ id })}\n`),
                  metadata: { partitionKeys: { id } }
                }
          }))
      }
    })
)

describe("Firehose", () => {
  it.effect("reads times in milliseconds, and those of a sample in ISO 8601", () =>
    Effect.gen(function*() {
      const times = (json: unknown) =>
        Effect.map(decode(Firehose.Event)(json), ({ records: [record] }) => [
          record?.approximateArrivalTimestamp.epochMilliseconds,
          record?.kinesisRecordMetadata?.approximateArrivalTimestamp.epochMilliseconds
        ])
      assert.deepStrictEqual(yield* times(event), [1684864917398, 1684864917000])
      assert.deepStrictEqual(
        yield* times(withMetadata({ approximateArrivalTimestamp: "2012-04-23T18:25:43.511Z" })),
        [1684864917398, 1335205543511]
      )
    }))

  it.effect.each([0, 12, "", "12", null])(
    "reads the subsequence number %j",
    (subsequenceNumber) =>
      Effect.gen(function*() {
        const { records } = yield* decode(Firehose.Event)(withMetadata({ subsequenceNumber }))
        assert.strictEqual(records[0]?.kinesisRecordMetadata?.subsequenceNumber, subsequenceNumber)
      })
  )

  it.effect("reads records without metadata, as programs put them", () =>
    Effect.gen(function*() {
      const { kinesisRecordMetadata: _, ...put } = record ?? {}
      const { records } = yield* decode(Firehose.Event)({ ...event, records: [put] })
      assert.isFalse(Object.hasOwn(records[0] ?? {}, "kinesisRecordMetadata"))
    }))

  it.effect("answers every record, with the bytes that go to the destination", () =>
    Effect.gen(function*() {
      const { invoke } = yield* LambdaTest.LambdaTest
      const event = Firehose.sample({ id: "o-1", card: "4111" }, { id: "test", card: "" }, Uint8Array.of(0, 255))
      const ids = event.records.map(({ recordId }) => recordId)
      assert.deepStrictEqual(yield* invoke(event), {
        records: [
          {
            recordId: ids[0],
            result: "Ok",
            data: Buffer.from("{\"id\":\"o-1\"}\n").toString("base64"),
            metadata: { partitionKeys: { id: "o-1" } }
          },
          { recordId: ids[1], result: "Dropped" },
          { recordId: ids[2], result: "ProcessingFailed", data: "AP8=" }
        ]
      })
    }).pipe(Effect.provide(LambdaTest.layer(Lambda.serve(redact)))))

  it.effect("writes data as JSON", () =>
    Effect.gen(function*() {
      const result = Firehose.resultOf(Schema.Struct({ at: Schema.Date }))
      assert.deepStrictEqual(
        yield* encode(result)({ records: [{ recordId: "1", result: "Ok", data: { at: new Date(0) } }] }),
        {
          records: [{
            recordId: "1",
            result: "Ok",
            data: Buffer.from("{\"at\":\"1970-01-01T00:00:00.000Z\"}").toString("base64")
          }]
        }
      )
    }))

  it.effect("fails one record alone", () =>
    Effect.gen(function*() {
      const { records } = Firehose.sample({ id: "o-1", card: "" }, { id: 2, card: "" }, "not a valid json")
      assert.deepStrictEqual(yield* Effect.forEach(records, misfits(Firehose.recordOf(Order))), [
        [],
        ["data.id"],
        ["data"]
      ])
    }))

  it.effect("reads messages of a queue, and logs", () =>
    Effect.gen(function*() {
      const [message] = Sqs.sample("hello").Records
      const queue = yield* decode(Firehose.eventOf(Sqs.Record))(Firehose.sample(message))
      assert.strictEqual(queue.records[0]?.data.body, "hello")
      const logs = yield* decode(Firehose.eventFromBytes(CloudWatchLogs.Compressed))(
        Firehose.sample(CloudWatchLogs.sampleCompressed("started"))
      )
      assert.strictEqual(logs.records[0]?.data.logEvents[0]?.message, "started")
    }))
})
