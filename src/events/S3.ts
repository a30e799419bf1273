/**
 * Notifications of an Amazon S3 bucket, straight to a function or by way of a queue or a topic.
 *
 * What a bucket sends by way of EventBridge has another shape.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { FormUrlEncoded } from "../internal/events/formUrlEncoded.ts"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"

const title = "an S3 event"

/**
 * The bucket and the object that something happened to.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Entity = Schema.Struct({
  s3SchemaVersion: Schema.String,
  /** The name of the notification configuration. */
  configurationId: Schema.String,
  bucket: Schema.Struct({
    name: Schema.String,
    ownerIdentity: nullish(Schema.Struct({ principalId: Schema.String })),
    arn: Schema.String
  }),
  object: Schema.Struct({
    /** The key as the object has it: decoded from `red+flower%2Bvase.jpg` to `red flower+vase.jpg`. */
    key: FormUrlEncoded,
    /** In bytes. A deleted object has none. */
    size: nullish(Schema.Finite),
    /** A deleted object has none. */
    eTag: nullish(Schema.String),
    /** Buckets with versioning. */
    versionId: nullish(Schema.String),
    /**
     * Orders the events of one key: hexadecimal, and greater is later once the shorter of two is filled with zeros
     * on the right.
     */
    sequencer: nullish(Schema.String)
  })
})

/**
 * A decoded {@link Entity}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Entity extends Schema.Schema.Type<typeof Entity> {}

/**
 * One thing that happened to an object.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Record = Schema.Struct({
  /** `2.2` for replication, `2.3` for lifecycle, tags and the like, else `2.1`. */
  eventVersion: Schema.String,
  eventSource: Schema.Literal("aws:s3"),
  awsRegion: Schema.String,
  eventTime: Schema.DateTimeUtcFromString,
  /** `s3:TestEvent` has a shape of its own: {@link TestEvent}. */
  eventName: openEnum([
    "ObjectCreated:Put",
    "ObjectCreated:Post",
    "ObjectCreated:Copy",
    "ObjectCreated:CompleteMultipartUpload",
    "ObjectRemoved:Delete",
    "ObjectRemoved:DeleteMarkerCreated",
    "ObjectRestore:Post",
    "ObjectRestore:Completed",
    "ObjectRestore:Delete",
    "ObjectTagging:Put",
    "ObjectTagging:Delete",
    "ObjectAcl:Put",
    "Replication:OperationFailedReplication",
    "Replication:OperationMissedThreshold",
    "Replication:OperationReplicatedAfterThreshold",
    "Replication:OperationNotTracked",
    "LifecycleExpiration:Delete",
    "LifecycleExpiration:DeleteMarkerCreated",
    "LifecycleTransition",
    "IntelligentTiering",
    "ReducedRedundancyLostObject"
  ]),
  userIdentity: nullish(Schema.Struct({ principalId: Schema.String })),
  /** An address, or the name of the service that did it: `s3.amazonaws.com`. */
  requestParameters: nullish(Schema.Struct({ sourceIPAddress: Schema.String })),
  /** The ids that AWS support asks for. */
  responseElements: nullish(Schema.Struct({
    "x-amz-request-id": nullish(Schema.String),
    "x-amz-id-2": nullish(Schema.String)
  })),
  s3: Entity,
  /** `ObjectRestore:Completed`. */
  glacierEventData: nullish(Schema.Struct({
    restoreEventData: Schema.Struct({
      lifecycleRestorationExpiryTime: Schema.DateTimeUtcFromString,
      lifecycleRestoreStorageClass: Schema.String
    })
  })),
  /** `Replication:*`. */
  replicationEventData: nullish(Schema.Struct({
    replicationRuleId: Schema.String,
    /** An ARN. */
    destinationBucket: Schema.String,
    s3Operation: openEnum(["OBJECT_PUT", "OBJECT_TAGGING", "OBJECT_ACL"]),
    requestTime: Schema.DateTimeUtcFromString,
    failureReason: nullish(Schema.String)
  })),
  /** `LifecycleTransition`. */
  lifecycleEventData: nullish(Schema.Struct({
    transitionEventData: Schema.Struct({ destinationStorageClass: Schema.String })
  })),
  /** `IntelligentTiering`. */
  intelligentTieringEventData: nullish(Schema.Struct({
    destinationAccessTier: openEnum(["ARCHIVE_ACCESS", "DEEP_ARCHIVE_ACCESS"])
  }))
})

/**
 * A decoded {@link Record}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Record extends Schema.Schema.Type<typeof Record> {}

/**
 * What happened to the objects of a bucket: one record, in practice.
 *
 * **Details**
 *
 * An event encodes back with milliseconds in every time, and with every key encoded as S3 does it: a key that came
 * as `Happy%20Face.jpg` goes as `Happy+Face.jpg`.
 *
 * **Gotchas**
 *
 * S3 delivers at least once, and not always in order: compare `sequencer` before you overwrite.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = Schema.Struct({ Records: Schema.Array(Record) }).annotate({ title })

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Event extends Schema.Schema.Type<typeof Event> {}

/**
 * The first message to a queue or a topic, by which S3 finds out that it may write there.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 * @category schemas
 * @since 0.1.0
 */
export const TestEvent = Schema.Struct({
  Service: Schema.String,
  Event: Schema.Literal("s3:TestEvent"),
  Time: Schema.DateTimeUtcFromString,
  Bucket: Schema.String,
  RequestId: Schema.String,
  HostId: Schema.String
}).annotate({ title: "an S3 test event" })

/**
 * A decoded {@link TestEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface TestEvent extends Schema.Schema.Type<typeof TestEvent> {}

/**
 * All that a bucket sends to a queue or a topic: an {@link Event}, or the {@link TestEvent} that comes first.
 *
 * **Example** (A queue that a bucket notifies)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as S3 from "effect-lambda-runtime/events/S3"
 * import * as Sqs from "effect-lambda-runtime/events/Sqs"
 * import * as Effect from "effect/Effect"
 *
 * const thumbnails = Handler.make({ event: Sqs.eventOf(S3.Notification) }, ({ Records }) =>
 *   Effect.forEach(Records, ({ body }) =>
 *     "Records" in body
 *       ? Effect.forEach(body.Records, ({ s3 }) => Effect.log(s3.bucket.name, s3.object.key))
 *       : Effect.log(`${body.Bucket} is connected`), { discard: true }))
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const Notification = Schema.Union([Event, TestEvent]).annotate({ title })

/**
 * A decoded {@link Notification}.
 *
 * @category models
 * @since 0.1.0
 */
export type Notification = typeof Notification.Type

/**
 * An event as Lambda delivers it, for the object of a key.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as S3 from "effect-lambda-runtime/events/S3"
 *
 * S3.sample("red flower.jpg").Records[0]?.s3.object.key // => "red+flower.jpg"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (key = "images/red flower.jpg", bucket = "amzn-s3-demo-bucket"): typeof Event.Encoded => ({
  Records: [{
    eventVersion: "2.1",
    eventSource: "aws:s3",
    awsRegion: "us-west-2",
    eventTime: "1970-01-01T00:00:00.000Z",
    eventName: "ObjectCreated:Put",
    userIdentity: { principalId: "AIDAJDPLRKLG7UEXAMPLE" },
    requestParameters: { sourceIPAddress: "172.16.0.1" },
    responseElements: {
      "x-amz-request-id": "C3D13FE58DE4C810",
      "x-amz-id-2": "FMyUVURIY8/IgAtTv8xRjskZQpcIZ9KG4V5Wp6S7S/JRWeUWerMUE5JgHvANOjpD"
    },
    s3: {
      s3SchemaVersion: "1.0",
      configurationId: "testConfigRule",
      bucket: { name: bucket, ownerIdentity: { principalId: "A3NL1KOZZKExample" }, arn: `arn:aws:s3:::${bucket}` },
      object: {
        key: Schema.encodeSync(FormUrlEncoded)(key),
        size: 1024,
        eTag: "d41d8cd98f00b204e9800998ecf8427e",
        versionId: "096fKKXTRTtl3on89fVO.nfljtsv6qko",
        sequencer: "0055AED6DCD90281E5"
      }
    }
  }]
})

/**
 * The first message to a queue or a topic.
 *
 * **Example** (A queue that has just been connected)
 *
 * ```ts
 * import * as S3 from "effect-lambda-runtime/events/S3"
 *
 * S3.sampleTestEvent().Event // => "s3:TestEvent"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleTestEvent = (): typeof TestEvent.Encoded => ({
  Service: "Amazon S3",
  Event: "s3:TestEvent",
  Time: "2014-10-13T15:57:02.089Z",
  Bucket: "amzn-s3-demo-bucket",
  RequestId: "5582815E1AEA5ADF",
  HostId: "8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR+YstdA6Knx4Ip8EXAMPLE"
})
