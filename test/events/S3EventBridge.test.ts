import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as S3EventBridge from "../../src/events/S3EventBridge.ts"
import { decode, misfits } from "./codec.ts"

const created = S3EventBridge.sample()

const withDetail = (detail: object) => ({ ...created, detail: { ...created.detail, ...detail } })

describe("S3EventBridge", () => {
  it.effect("leaves a key as it is, which is not encoded here", () =>
    Effect.gen(function*() {
      const keys = ["red+flower.jpg", "100%.txt", "a%20b", "ä b"]
      const events = yield* Effect.forEach(keys, (key) => decode(S3EventBridge.Event)(S3EventBridge.sample(key)))
      assert.deepStrictEqual(events.map(({ detail }) => detail.object.key), keys)
    }))

  it.effect("reads an IPv6 source address, the name of a service, and none", () =>
    Effect.gen(function*() {
      const addresses = ["2001:db8::1", "s3.amazonaws.com", null]
      const events = yield* Effect.forEach(addresses, (address) =>
        decode(S3EventBridge.ObjectCreated)(withDetail({ "source-ip-address": address })))
      assert.deepStrictEqual(
        events.map(({ detail }) =>
          detail["source-ip-address"]
        ),
        addresses
      )
    }))

  it.effect("reads a deleted object, which has no size", () =>
    Effect.gen(function*() {
      const { detail } = yield* decode(S3EventBridge.ObjectDeleted)(S3EventBridge.sampleObjectDeleted())
      assert.isUndefined(detail.object.size)
      assert.strictEqual(detail.reason, "DeleteObject")
      assert.strictEqual(detail["deletion-type"], "Delete Marker Created")
    }))

  it.effect("tells the ten kinds by their detail-type, each with what it alone has", () =>
    Effect.gen(function*() {
      const json = S3EventBridge.sampleObjectRestoreCompleted()
      const event = yield* decode(S3EventBridge.Event)(json)
      assert.strictEqual(event["detail-type"], "Object Restore Completed")
      if (event["detail-type"] !== "Object Restore Completed") return
      assert.strictEqual(event.detail["restore-expiry-time"].epochMilliseconds, Date.UTC(2021, 10, 13))
      assert.deepStrictEqual(
        yield* misfits(S3EventBridge.Event)({ ...json, "detail-type": "Object Deleted" }),
        ["detail.reason", "detail[\"deletion-type\"]"]
      )
    }))
})
