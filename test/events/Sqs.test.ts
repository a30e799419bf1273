import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as S3 from "../../src/events/S3.ts"
import * as Sns from "../../src/events/Sns.ts"
import * as Sqs from "../../src/events/Sqs.ts"
import * as Handler from "../../src/Handler.ts"
import * as Lambda from "../../src/Lambda.ts"
import * as LambdaTest from "../../src/LambdaTest.ts"
import { decode, encode, misfits } from "./codec.ts"

const Order = Schema.Struct({ id: Schema.String, price: Schema.Finite })

const [message] = Sqs.sample().Records

const withAttributes = (messageAttributes: unknown) => ({ Records: [{ ...message, messageAttributes }] })

describe("Sqs", () => {
  it.effect("reads times, counts and bytes", () =>
    Effect.gen(function*() {
      const { Records: [record] } = yield* decode(Sqs.Event)(
        withAttributes({ icon: { dataType: "Binary.png", binaryValue: "iVBO" } })
      )
      assert.strictEqual(record?.attributes.ApproximateReceiveCount, 1)
      assert.strictEqual(
        record === undefined ? "" : DateTime.formatIso(record.attributes.SentTimestamp),
        "2018-12-17T21:37:29.183Z"
      )
      const icon = record?.messageAttributes?.["icon"]
      assert.deepStrictEqual(icon !== undefined && "binaryValue" in icon ? [...icon.binaryValue] : [], [137, 80, 78])
    }))

  it.effect("reads attributes with types of the sender's own, such as Number.int and String.Array", () =>
    Effect.gen(function*() {
      const { Records: [record] } = yield* decode(Sqs.Event)(withAttributes({
        count: { dataType: "Number.int", stringValue: "12345678901234567890123456789012345678" },
        tags: { dataType: "String.Array", stringValue: "[]" }
      }))
      const count = record?.messageAttributes?.["count"]
      assert.strictEqual(
        count !== undefined && "stringValue" in count ? count.stringValue : undefined,
        "12345678901234567890123456789012345678"
      )
    }))

  it.effect("reads bodies that are not JSON, and batches without messages", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* decode(Sqs.Event)(Sqs.sample("not { json"))).Records[0]?.body, "not { json")
      assert.deepStrictEqual((yield* decode(Sqs.Event)({ Records: [] })).Records, [])
    }))

  it.effect("lets a number be written as text, and takes no text for JSON by itself", () =>
    Effect.gen(function*() {
      assert.strictEqual(
        (yield* decode(Sqs.Event)(Sqs.sample("12345678901234567890"))).Records[0]?.body,
        "12345678901234567890"
      )
    }))

  it.effect("names every place in every body that does not fit", () =>
    Effect.gen(function*() {
      const event = Sqs.sample({ id: "o-1", price: 1 }, { id: 2, price: "free" }, "{")
      assert.deepStrictEqual(yield* misfits(Sqs.eventOf(Order))(event), [
        "Records[1].body.id",
        "Records[1].body.price",
        "Records[2].body"
      ])
    }))

  it.effect("names the place through three levels of JSON", () =>
    Effect.gen(function*() {
      const Nested = Sqs.eventOf(Sns.notificationOf(S3.Event))
      const [record] = S3.sample().Records
      const event = Sqs.sample(Sns.sampleNotification({ Records: [{ ...record, eventTime: "never" }] }))
      assert.deepStrictEqual(yield* misfits(Nested)(event), ["Records[0].body.Message.Records[0].eventTime"])
    }))

  it.effect("decodes one message at a time, so that one that does not fit fails alone", () =>
    Effect.gen(function*() {
      const { Records } = Sqs.sample({ id: "o-1", price: 1 }, "poison", { id: "o-3", price: 3 })
      const results = yield* Effect.forEach(Records, (record) => Effect.result(decode(Sqs.recordOf(Order))(record)))
      assert.deepStrictEqual(results.map(Result.isSuccess), [true, false, true])
    }))

  it.effect("refuses bytes that are no base64, and does not take them for text", () =>
    Effect.gen(function*() {
      const event = withAttributes({ icon: { dataType: "Binary", binaryValue: "?" } })
      assert.include(yield* misfits(Sqs.Event)(event), "Records[0].messageAttributes.icon.binaryValue")
      const { message } = yield* Effect.flip(decode(Sqs.Event)(event))
      assert.include(message, "Expected the type of a text")
    }))

  it.effect("answers a batch in the letters that Lambda reads", () =>
    Effect.gen(function*() {
      const failed = { batchItemFailures: [{ itemIdentifier: "19dd0b57" }] }
      assert.deepStrictEqual(yield* encode(Sqs.BatchResponse)(failed), failed)
      const error = yield* Effect.flip(encode(Sqs.BatchResponse)({ batchItemFailures: [{ itemIdentifier: "" }] }))
      assert.include(error.message, "batchItemFailures[0].itemIdentifier")
    }))

  it.effect("reaches a handler decoded", () =>
    Effect.gen(function*() {
      const { invoke } = yield* LambdaTest.LambdaTest
      assert.deepStrictEqual(yield* invoke(Sqs.sample({ id: "o-1", price: 2 }, { id: "o-2", price: 3 })), { total: 5 })
    }).pipe(Effect.provide(LambdaTest.layer(Lambda.serve(Handler.make(
      { event: Sqs.eventOf(Order), result: Schema.Struct({ total: Schema.Finite }) },
      ({ Records }) => Effect.succeed({ total: Records.reduce((total, { body }) => total + body.price, 0) })
    ))))))
})
