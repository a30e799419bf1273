/**
 * Tasks of an Amazon S3 Batch Operations job that invokes a function.
 *
 * The job says in which version of the schema they come: {@link EventV2}, or {@link EventV1}, which names the bucket by
 * its ARN and has no arguments.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-invoke-lambda.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { FormUrlEncoded } from "../internal/events/formUrlEncoded.ts"
import { nullish, omittable } from "../internal/events/nullish.ts"
import { StringMap } from "../internal/events/stringMaps.ts"

const title = "an S3 Batch Operations event"

const taskFields = {
  /** Identifies the task in a {@link Result}. */
  taskId: Schema.String,
  /** The key as the object has it: decoded from `red+flower%2Bvase.jpg` to `red flower+vase.jpg`. */
  s3Key: FormUrlEncoded,
  /** Of a manifest that has versions. */
  s3VersionId: nullish(Schema.String)
}

/**
 * What is to be done with an object, in the version 1.0.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TaskV1 = Schema.Struct({ ...taskFields, s3BucketArn: Schema.String })

/**
 * A decoded {@link TaskV1}.
 *
 * @category models
 * @since 0.1.0
 */
export interface TaskV1 extends Schema.Schema.Type<typeof TaskV1> {}

/**
 * What is to be done with an object, in the version 2.0.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TaskV2 = Schema.Struct({
  ...taskFields,
  /** The bucket's name. */
  s3Bucket: Schema.String
})

/**
 * A decoded {@link TaskV2}.
 *
 * @category models
 * @since 0.1.0
 */
export interface TaskV2 extends Schema.Schema.Type<typeof TaskV2> {}

/**
 * A task of a job, in the version 1.0.
 *
 * @category schemas
 * @since 0.1.0
 */
export const EventV1 = Schema.Struct({
  invocationSchemaVersion: Schema.Literal("1.0"),
  invocationId: Schema.String,
  job: Schema.Struct({ id: Schema.String }),
  /** One task, so far. */
  tasks: Schema.Array(TaskV1)
}).annotate({ title })

/**
 * A decoded {@link EventV1}.
 *
 * @category models
 * @since 0.1.0
 */
export interface EventV1 extends Schema.Schema.Type<typeof EventV1> {}

/**
 * A task of a job, in the version 2.0, which directory buckets need.
 *
 * @category schemas
 * @since 0.1.0
 */
export const EventV2 = Schema.Struct({
  invocationSchemaVersion: Schema.Literal("2.0"),
  invocationId: Schema.String,
  job: Schema.Struct({
    id: Schema.String,
    /** What the job was created with. */
    userArguments: nullish(StringMap)
  }),
  /** One task, so far. */
  tasks: Schema.Array(TaskV2)
}).annotate({ title })

/**
 * A decoded {@link EventV2}.
 *
 * @category models
 * @since 0.1.0
 */
export interface EventV2 extends Schema.Schema.Type<typeof EventV2> {}

/**
 * A task of a job, in either version: `invocationSchemaVersion` tells which.
 *
 * **Example** (Answer every task)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as S3Batch from "effect-lambda-runtime/events/S3Batch"
 * import * as Effect from "effect/Effect"
 *
 * const list = Handler.make({
 *   event: S3Batch.Event,
 *   result: S3Batch.Result
 * }, ({ invocationId, invocationSchemaVersion, tasks }) =>
 *   Effect.succeed({
 *     invocationId,
 *     invocationSchemaVersion,
 *     treatMissingKeysAs: "PermanentFailure" as const,
 *     results: tasks.map(({ s3Key, taskId }) => ({ taskId, resultCode: "Succeeded" as const, resultString: s3Key }))
 *   }))
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = Schema.Union([EventV1, EventV2]).annotate({ title })

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export type Event = typeof Event.Type

const ResultCode = Schema.Literals(["Succeeded", "TemporaryFailure", "PermanentFailure"])

/**
 * What has become of the tasks.
 *
 * **Gotchas**
 *
 * Echo `invocationId` and `invocationSchemaVersion`, and answer every task.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Result = Schema.Struct({
  invocationSchemaVersion: Schema.Literals(["1.0", "2.0"]),
  invocationId: Schema.String,
  /** What to take tasks for that `results` does not name. */
  treatMissingKeysAs: ResultCode,
  results: Schema.Array(Schema.Struct({
    taskId: Schema.String,
    /** A `TemporaryFailure` is tried again. */
    resultCode: ResultCode,
    /** For the job's report: up to 1024 characters are kept. */
    resultString: omittable(Schema.String)
  }))
})

/**
 * A {@link Result} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export interface Result extends Schema.Schema.Type<typeof Result> {}

/**
 * An {@link EventV1} as Lambda delivers it, for an object of the given key.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as S3Batch from "effect-lambda-runtime/events/S3Batch"
 *
 * S3Batch.sampleEventV1("red flower.jpg").tasks[0]?.s3Key // => "red+flower.jpg"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleEventV1 = (key: string = "customerImage1.jpg"): typeof EventV1.Encoded => ({
  invocationSchemaVersion: "1.0",
  invocationId: "YXNkbGZqYWRmaiBhc2RmdW9hZHNmZGpmaGFzbGtkaGZza2RmaAo",
  job: { id: "f3cc4f60-61f6-4a2b-8a21-d07600c373ce" },
  tasks: [{
    taskId: "dGFza2lkZ29lc2hlcmUK",
    s3Key: Schema.encodeSync(FormUrlEncoded)(key),
    s3VersionId: "1",
    s3BucketArn: "arn:aws:s3:::amzn-s3-demo-bucket"
  }]
})

/**
 * An {@link EventV2} as Lambda delivers it, for an object of the given key.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as S3Batch from "effect-lambda-runtime/events/S3Batch"
 *
 * S3Batch.sampleEventV2().job.userArguments // => { "k1": "v1", "k2": "v2" }
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleEventV2 = (key: string = "customerImage1.jpg"): typeof EventV2.Encoded => ({
  invocationSchemaVersion: "2.0",
  invocationId: "YXNkbGZqYWRmaiBhc2RmdW9hZHNmZGpmaGFzbGtkaGZza2RmaAo",
  job: { id: "f3cc4f60-61f6-4a2b-8a21-d07600c373ce", userArguments: { k1: "v1", k2: "v2" } },
  tasks: [{
    taskId: "dGFza2lkZ29lc2hlcmUK",
    s3Key: Schema.encodeSync(FormUrlEncoded)(key),
    s3VersionId: null,
    s3Bucket: "amzn-s3-demo-bucket"
  }]
})
