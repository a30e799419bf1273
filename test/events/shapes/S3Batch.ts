import * as S3Batch from "../../../src/events/S3Batch.ts"
import type { Shape } from "../shape.ts"

const v1 = S3Batch.sampleEventV1()

const v2 = S3Batch.sampleEventV2()

const withoutVersion = { ...v1, tasks: [{ ...v1.tasks[0], s3VersionId: null }] }

const result = {
  invocationSchemaVersion: "2.0",
  treatMissingKeysAs: "PermanentFailure",
  invocationId: v2.invocationId,
  results: [
    { taskId: "1", resultCode: "Succeeded", resultString: "[\"Mary Major\", \"John Stiles\"]" },
    { taskId: "2", resultCode: "TemporaryFailure" },
    { taskId: "3", resultCode: "PermanentFailure", resultString: "" }
  ]
}

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "S3Batch.EventV1",
    kind: "request",
    schema: S3Batch.EventV1,
    samples: [v1, S3Batch.sampleEventV1("red flower+vase.jpg"), withoutVersion],
    refused: [[v2, "invocationSchemaVersion"], [{ ...v1, tasks: [{ ...v1.tasks[0], s3Key: 7 }] }, "tasks[0].s3Key"]]
  },
  {
    name: "S3Batch.EventV2",
    kind: "request",
    schema: S3Batch.EventV2,
    samples: [v2, { ...v2, job: { id: "1" } }, { ...v2, job: { id: "1", userArguments: null }, tasks: [] }],
    fixtures: ["s3-batch"],
    refused: [
      [v1, "invocationSchemaVersion"],
      [{ ...v2, tasks: [{ ...v2.tasks[0], s3Bucket: null }] }, "tasks[0].s3Bucket"]
    ]
  },
  {
    name: "S3Batch.Event",
    kind: "request",
    schema: S3Batch.Event,
    samples: [v1, v2],
    fixtures: ["s3-batch"],
    refused: [[{ ...v1, tasks: v2.tasks }, "tasks[0].s3BucketArn"]]
  },
  {
    name: "S3Batch.Result",
    kind: "response",
    schema: S3Batch.Result,
    samples: [result, { ...result, invocationSchemaVersion: "1.0", results: [] }],
    fixtures: ["s3-batch-response"],
    refused: [[{ ...result, results: [{ taskId: "1", resultCode: "Failed" }] }, "results[0].resultCode"]]
  }
]
