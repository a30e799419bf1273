import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as KinesisAnalytics from "../../src/events/KinesisAnalytics.ts"
import { decode, encode, misfits } from "./codec.ts"

describe("KinesisAnalytics", () => {
  it.effect("gives data as bytes, and how often it was tried", () =>
    Effect.gen(function*() {
      const { records } = yield* decode(KinesisAnalytics.Event)(KinesisAnalytics.sample("1,2"))
      assert.deepStrictEqual(records[0]?.data, new TextEncoder().encode("1,2"))
      assert.strictEqual(records[0]?.lambdaDeliveryRecordMetadata?.retryHint, 0)
    }))

  it.effect("fails one row alone, and answers so", () =>
    Effect.gen(function*() {
      const read = misfits(KinesisAnalytics.recordOf(Schema.Struct({ price: Schema.Finite })))
      const event = KinesisAnalytics.sample({ price: 1 }, { price: "1" }, "{")
      const records = yield* Effect.forEach(event.records, (record) =>
        Effect.map(read(record), (found) => ({
          recordId: record.recordId,
          result: found.length === 0 ? "Ok" as const : "DeliveryFailed" as const
        })))
      const result = yield* encode(KinesisAnalytics.Result)({ records })
      assert.deepStrictEqual(result.records.map(({ result }) => result), ["Ok", "DeliveryFailed", "DeliveryFailed"])
      assert.deepStrictEqual(
        result.records.map(({ recordId }) => recordId),
        event.records.map(({ recordId }) => recordId)
      )
    }))
})
