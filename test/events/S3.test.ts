import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as S3 from "../../src/events/S3.ts"
import * as Sqs from "../../src/events/Sqs.ts"
import { decode, encode } from "./codec.ts"

const [record] = S3.sample().Records

const withObject = (object: object) => ({
  Records: [{ ...record, s3: { ...record?.s3, object: { ...record?.s3.object, ...object } } }]
})

describe("S3", () => {
  it.effect.each([
    ["red+flower.jpg", "red flower.jpg"],
    ["red%20flower.jpg", "red flower.jpg"],
    ["a%2Bb.jpg", "a+b.jpg"],
    ["b%C3%BCcher/2026/01.txt", "bücher/2026/01.txt"],
    ["%E2%9C%93+%26+%3D%3F%23.txt", "✓ & =?#.txt"],
    ["plain.txt", "plain.txt"]
  ])("decodes the key %j as S3 encoded it", ([encoded = "", key = ""]) =>
    Effect.gen(function*() {
      const { Records } = yield* decode(S3.Event)(withObject({ key: encoded }))
      assert.strictEqual(Records[0]?.s3.object.key, key)
    }))

  it.effect.each(["100%.txt", "%zz+a"])(
    "keeps the key %j, which nobody encoded, as it is",
    (key) =>
      Effect.gen(function*() {
        const { Records } = yield* decode(S3.Event)(withObject({ key }))
        assert.strictEqual(Records[0]?.s3.object.key, key)
      })
  )

  it.effect("encodes a key as S3 does", () =>
    Effect.gen(function*() {
      const event = yield* decode(S3.Event)(S3.sample("a b/c+d~e'(f)*.txt"))
      const { Records } = yield* encode(S3.Event)(event)
      assert.strictEqual(Records[0]?.s3.object.key, "a+b/c%2Bd%7Ee%27%28f%29*.txt")
    }))

  it.effect("reads a deleted object, which has no size and no tag", () =>
    Effect.gen(function*() {
      const { eTag: _eTag, size: _size, ...object } = record?.s3.object ?? {}
      const { Records } = yield* decode(S3.Event)({ Records: [{ ...record, s3: { ...record?.s3, object } }] })
      assert.isUndefined(Records[0]?.s3.object.size)
    }))

  it.effect.each(["s3.amazonaws.com", "2001:db8::1", "AWS Internal"])(
    "takes %s for where a request came from",
    (address) =>
      Effect.gen(function*() {
        const { Records } = yield* decode(S3.Event)({
          Records: [{ ...record, requestParameters: { sourceIPAddress: address } }]
        })
        assert.strictEqual(Records[0]?.requestParameters?.sourceIPAddress, address)
      })
  )

  it.effect("keeps what is said of replication, lifecycle and tiering", () =>
    Effect.gen(function*() {
      const blocks = {
        replicationEventData: {
          replicationRuleId: "rule",
          destinationBucket: "arn:aws:s3:::b",
          s3Operation: "OBJECT_PUT",
          requestTime: "2024-09-05T21:03:59.168Z",
          failureReason: "AssumeRoleNotPermitted"
        },
        lifecycleEventData: { transitionEventData: { destinationStorageClass: "GLACIER_IR" } },
        intelligentTieringEventData: { destinationAccessTier: "ARCHIVE_ACCESS" }
      }
      const encoded = yield* Effect.flatMap(
        decode(S3.Event)({ Records: [{ ...record, ...blocks }] }),
        encode(S3.Event)
      )
      assert.deepInclude(encoded.Records[0], blocks)
    }))

  it.effect("reads the first message of a queue, which says that it is connected", () =>
    Effect.gen(function*() {
      const { Records } = yield* decode(Sqs.eventOf(S3.Notification))(Sqs.sample(S3.sampleTestEvent(), S3.sample()))
      assert.deepStrictEqual(Records.map(({ body }) => "Records" in body), [false, true])
    }))
})
