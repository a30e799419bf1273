import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as S3Batch from "../../src/events/S3Batch.ts"
import { decode, encode } from "./codec.ts"

describe("S3Batch", () => {
  it.effect("decodes keys, plus signs before percents, and encodes them back", () =>
    Effect.gen(function*() {
      const event = S3Batch.sampleEventV1("images/red flower+vase (1).jpg")
      assert.strictEqual(event.tasks[0]?.s3Key, "images/red+flower%2Bvase+%281%29.jpg")
      const decoded = yield* decode(S3Batch.EventV1)(event)
      assert.strictEqual(decoded.tasks[0]?.s3Key, "images/red flower+vase (1).jpg")
      assert.deepStrictEqual(yield* encode(S3Batch.EventV1)(decoded), event)
    }))

  it.effect("keeps a key that was not encoded, such as one with a lone percent", () =>
    Effect.gen(function*() {
      const event = S3Batch.sampleEventV2()
      const decoded = yield* decode(S3Batch.EventV2)({ ...event, tasks: [{ ...event.tasks[0], s3Key: "100%.txt" }] })
      assert.strictEqual(decoded.tasks[0]?.s3Key, "100%.txt")
    }))

  it.effect("reads a task without a version, which is null", () =>
    Effect.gen(function*() {
      const [task] = (yield* decode(S3Batch.EventV2)(S3Batch.sampleEventV2())).tasks
      assert.isNull(task?.s3VersionId)
    }))

  it.effect("tells the versions apart: a bucket's ARN in 1.0, its name and arguments in 2.0", () =>
    Effect.gen(function*() {
      const bucket = (event: S3Batch.Event) =>
        event.invocationSchemaVersion === "1.0" ? event.tasks[0]?.s3BucketArn : event.tasks[0]?.s3Bucket
      const v1 = yield* decode(S3Batch.Event)(S3Batch.sampleEventV1())
      assert.strictEqual(bucket(v1), "arn:aws:s3:::amzn-s3-demo-bucket")
      const v2 = yield* decode(S3Batch.Event)(S3Batch.sampleEventV2())
      assert.strictEqual(bucket(v2), "amzn-s3-demo-bucket")
      assert.strictEqual(v2.invocationSchemaVersion === "2.0" && v2.job.userArguments?.["k1"], "v1")
    }))
})
