import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as EventBridge from "../../src/events/EventBridge.ts"
import * as Kafka from "../../src/events/Kafka.ts"
import * as LambdaDestination from "../../src/events/LambdaDestination.ts"
import * as Sqs from "../../src/events/Sqs.ts"
import { decode } from "./codec.ts"

const event = LambdaDestination.sample()

const Order = Schema.Struct({ at: Schema.Date })

const failed = LambdaDestination.sample({ at: "2026-01-02T03:04:05.678Z" })

describe("LambdaDestination", () => {
  it.effect("reads an event that the function was never called for", () =>
    Effect.gen(function*() {
      const { responseContext: _, responsePayload: __, ...request } = event
      const decoded = yield* decode(LambdaDestination.Event)(request)
      assert.isFalse(Object.hasOwn(decoded, "responseContext"))
      assert.strictEqual(DateTime.formatIso(decoded.timestamp), event.timestamp)
    }))

  it.effect("reads what was sent, straight, by way of a queue, and by way of a bus", () =>
    Effect.gen(function*() {
      const schema = LambdaDestination.eventOf(Order)
      const straight = yield* decode(schema)(failed)
      const queue = yield* decode(Sqs.eventOf(schema))(Sqs.sample(failed))
      const name = "Lambda Function Invocation Result - Failure"
      const bus = yield* decode(EventBridge.eventOf(name, schema))({ ...EventBridge.sample(name), detail: failed })
      assert.deepStrictEqual(
        [straight, queue.Records[0]?.body, bus.detail].map((event) => event?.requestPayload.at.toISOString()),
        Array.from({ length: 3 }, () => "2026-01-02T03:04:05.678Z")
      )
    }))

  it.effect("reads the place of the records of a stream, with all digits", () =>
    Effect.gen(function*() {
      const json = LambdaDestination.sampleKinesisFailure()
      const { KinesisBatchInfo } = yield* decode(LambdaDestination.KinesisFailure)(json)
      assert.strictEqual(KinesisBatchInfo.startSequenceNumber, json.KinesisBatchInfo.startSequenceNumber)
      assert.strictEqual(KinesisBatchInfo.approximateArrivalOfLastRecord.epochMilliseconds, 1573691885580)
    }))

  it.effect("reads the record of Kafka that was given up, in the topic and in the bucket that it gets to", () =>
    Effect.gen(function*() {
      const json = LambdaDestination.sampleKafkaFailure()
      const { records } = yield* decode(Kafka.eventOf(LambdaDestination.KafkaFailure))(Kafka.sample(json))
      const [record] = Object.values(records).flat()
      const inTopic = record?.value?.payload
      const { payload: inBucket } = yield* decode(LambdaDestination.KafkaFailure)({
        ...json,
        payload: JSON.stringify(json.payload)
      })
      assert.isString(inBucket)
      const fromBucket = yield* decode(Schema.fromJsonString(Kafka.Event))(inBucket)
      const read = [inTopic, fromBucket].map((event) =>
        typeof event === "object" && event !== null ? Object.values(event.records).flat()[0]?.value : undefined
      )
      const expected = new TextEncoder().encode("Hello, this is a test.")
      assert.deepStrictEqual(read, [expected, expected])
    }))
})
