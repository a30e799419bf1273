/**
 * What happens in an Amazon S3 bucket, by way of EventBridge.
 *
 * What a bucket sends straight to a function, a queue or a topic has another shape: `S3.Event`.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { serviceEvent, serviceSample } from "../internal/events/serviceEvent.ts"
import * as Timestamp from "./Timestamp.ts"

/**
 * The object that something happened to.
 *
 * @category schemas
 * @since 0.1.0
 */
export const S3Object = Schema.Struct({
  /** As it is: unlike in `S3.Event`, nothing in it is encoded. */
  key: Schema.String,
  /** In bytes. None for a deleted object. */
  size: nullish(Schema.Finite),
  etag: nullish(Schema.String),
  /** In a bucket with versions. */
  "version-id": nullish(Schema.String),
  /** Orders the events of a key: compare as text, after padding to the same length with zeros on the right. */
  sequencer: nullish(Schema.String)
})

/**
 * A decoded {@link S3Object}.
 *
 * @category models
 * @since 0.1.0
 */
export interface S3Object extends Schema.Schema.Type<typeof S3Object> {}

/**
 * What the detail of every event of a bucket has.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Detail = Schema.Struct({
  version: Schema.String,
  "event-version": nullish(Schema.String),
  bucket: Schema.Struct({ name: Schema.String }),
  object: S3Object,
  "request-id": Schema.String,
  /** The id of an account, or a service: `s3.amazonaws.com`. */
  requester: Schema.String,
  /** Where a request to S3 is the cause: IPv4, IPv6 or the name of a service. */
  "source-ip-address": nullish(Schema.String)
})

/**
 * A decoded {@link Detail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Detail extends Schema.Schema.Type<typeof Detail> {}

const storageClass = openEnum([
  "STANDARD",
  "REDUCED_REDUNDANCY",
  "STANDARD_IA",
  "ONEZONE_IA",
  "INTELLIGENT_TIERING",
  "GLACIER",
  "GLACIER_IR",
  "DEEP_ARCHIVE"
])

/**
 * The detail of {@link ObjectCreated}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ObjectCreatedDetail = Schema.Struct({
  ...Detail.fields,
  reason: openEnum(["PutObject", "POST Object", "CopyObject", "CompleteMultipartUpload"])
})

/**
 * A decoded {@link ObjectCreatedDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ObjectCreatedDetail extends Schema.Schema.Type<typeof ObjectCreatedDetail> {}

/**
 * An object was written.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ObjectCreated = serviceEvent(Schema.Literal("Object Created"), ObjectCreatedDetail)

/**
 * A decoded {@link ObjectCreated}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ObjectCreated extends Schema.Schema.Type<typeof ObjectCreated> {}

/**
 * The detail of {@link ObjectDeleted}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ObjectDeletedDetail = Schema.Struct({
  ...Detail.fields,
  reason: openEnum(["DeleteObject", "Lifecycle Expiration"]),
  "deletion-type": openEnum(["Permanently Deleted", "Delete Marker Created"])
})

/**
 * A decoded {@link ObjectDeletedDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ObjectDeletedDetail extends Schema.Schema.Type<typeof ObjectDeletedDetail> {}

/**
 * An object, or a version of it, was deleted, or got a delete marker.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ObjectDeleted = serviceEvent(Schema.Literal("Object Deleted"), ObjectDeletedDetail)

/**
 * A decoded {@link ObjectDeleted}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ObjectDeleted extends Schema.Schema.Type<typeof ObjectDeleted> {}

/**
 * The detail of {@link ObjectRestoreInitiated}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ObjectRestoreInitiatedDetail = Schema.Struct({
  ...Detail.fields,
  "source-storage-class": storageClass
})

/**
 * A decoded {@link ObjectRestoreInitiatedDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ObjectRestoreInitiatedDetail extends Schema.Schema.Type<typeof ObjectRestoreInitiatedDetail> {}

/**
 * An archived object is being restored.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ObjectRestoreInitiated = serviceEvent(
  Schema.Literal("Object Restore Initiated"),
  ObjectRestoreInitiatedDetail
)

/**
 * A decoded {@link ObjectRestoreInitiated}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ObjectRestoreInitiated extends Schema.Schema.Type<typeof ObjectRestoreInitiated> {}

/**
 * The detail of {@link ObjectRestoreCompleted}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ObjectRestoreCompletedDetail = Schema.Struct({
  ...Detail.fields,
  /** When the copy that can be read will be deleted. */
  "restore-expiry-time": Timestamp.IsoSeconds,
  "source-storage-class": storageClass
})

/**
 * A decoded {@link ObjectRestoreCompletedDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ObjectRestoreCompletedDetail extends Schema.Schema.Type<typeof ObjectRestoreCompletedDetail> {}

/**
 * An archived object can be read, for a time.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ObjectRestoreCompleted = serviceEvent(
  Schema.Literal("Object Restore Completed"),
  ObjectRestoreCompletedDetail
)

/**
 * A decoded {@link ObjectRestoreCompleted}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ObjectRestoreCompleted extends Schema.Schema.Type<typeof ObjectRestoreCompleted> {}

/**
 * The copy of an archived object that could be read was deleted.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ObjectRestoreExpired = serviceEvent(Schema.Literal("Object Restore Expired"), Detail)

/**
 * A decoded {@link ObjectRestoreExpired}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ObjectRestoreExpired extends Schema.Schema.Type<typeof ObjectRestoreExpired> {}

/**
 * The detail of {@link ObjectStorageClassChanged}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ObjectStorageClassChangedDetail = Schema.Struct({
  ...Detail.fields,
  "destination-storage-class": storageClass
})

/**
 * A decoded {@link ObjectStorageClassChangedDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ObjectStorageClassChangedDetail extends Schema.Schema.Type<typeof ObjectStorageClassChangedDetail> {}

/**
 * An object was moved to another storage class.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ObjectStorageClassChanged = serviceEvent(
  Schema.Literal("Object Storage Class Changed"),
  ObjectStorageClassChangedDetail
)

/**
 * A decoded {@link ObjectStorageClassChanged}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ObjectStorageClassChanged extends Schema.Schema.Type<typeof ObjectStorageClassChanged> {}

/**
 * The detail of {@link ObjectAccessTierChanged}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ObjectAccessTierChangedDetail = Schema.Struct({
  ...Detail.fields,
  "destination-access-tier": openEnum(["ARCHIVE_ACCESS", "DEEP_ARCHIVE_ACCESS"])
})

/**
 * A decoded {@link ObjectAccessTierChangedDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ObjectAccessTierChangedDetail extends Schema.Schema.Type<typeof ObjectAccessTierChangedDetail> {}

/**
 * S3 Intelligent-Tiering moved an object to an archive tier.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ObjectAccessTierChanged = serviceEvent(
  Schema.Literal("Object Access Tier Changed"),
  ObjectAccessTierChangedDetail
)

/**
 * A decoded {@link ObjectAccessTierChanged}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ObjectAccessTierChanged extends Schema.Schema.Type<typeof ObjectAccessTierChanged> {}

/**
 * The access control list of an object was set.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ObjectAclUpdated = serviceEvent(Schema.Literal("Object ACL Updated"), Detail)

/**
 * A decoded {@link ObjectAclUpdated}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ObjectAclUpdated extends Schema.Schema.Type<typeof ObjectAclUpdated> {}

/**
 * An object got tags.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ObjectTagsAdded = serviceEvent(Schema.Literal("Object Tags Added"), Detail)

/**
 * A decoded {@link ObjectTagsAdded}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ObjectTagsAdded extends Schema.Schema.Type<typeof ObjectTagsAdded> {}

/**
 * The tags of an object were deleted.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ObjectTagsDeleted = serviceEvent(Schema.Literal("Object Tags Deleted"), Detail)

/**
 * A decoded {@link ObjectTagsDeleted}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ObjectTagsDeleted extends Schema.Schema.Type<typeof ObjectTagsDeleted> {}

/**
 * All that a bucket sends to EventBridge, told apart by `detail-type`.
 *
 * **Example** (An index of the objects of a bucket)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as S3EventBridge from "effect-lambda-runtime/events/S3EventBridge"
 * import * as Effect from "effect/Effect"
 *
 * const index = Handler.make({ event: S3EventBridge.Event }, (event) =>
 *   event["detail-type"] === "Object Deleted"
 *     ? Effect.log(`${event.detail.object.key}: ${event.detail["deletion-type"]}`)
 *     : Effect.log(`${event.detail.object.key}: ${event["detail-type"]}`))
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = Schema.Union([
  ObjectCreated,
  ObjectDeleted,
  ObjectRestoreInitiated,
  ObjectRestoreCompleted,
  ObjectRestoreExpired,
  ObjectStorageClassChanged,
  ObjectAccessTierChanged,
  ObjectAclUpdated,
  ObjectTagsAdded,
  ObjectTagsDeleted
]).annotate({ title: "an EventBridge event" })

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export type Event = typeof Event.Type

const sampleKey = "images/red flower.jpg"

const sampleBucket = "amzn-s3-demo-bucket"

/** What has happened without a request: by a rule of the bucket. */
const byService = (key: string, bucket: string) => ({
  version: "0",
  bucket: { name: bucket },
  object: {
    key,
    size: 5,
    etag: "b1946ac92492d2347c6235b4d2611184",
    "version-id": "IYV3p45BT0ac8hjHg1houSdS1a.Mro8e"
  },
  "request-id": "189F19CB7FB1B6A4",
  requester: "s3.amazonaws.com"
})

/** What has happened by a request. */
const byRequest = (key: string, bucket: string) => ({
  ...byService(key, bucket),
  requester: "123456789012",
  "source-ip-address": "1.2.3.4"
})

const resources = (bucket: string) => [`arn:aws:s3:::${bucket}`]

/**
 * {@link ObjectCreated} as Lambda delivers it, for the object of a key.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as S3EventBridge from "effect-lambda-runtime/events/S3EventBridge"
 *
 * S3EventBridge.sample("red flower.jpg").detail.object.key // => "red flower.jpg"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (key = sampleKey, bucket = sampleBucket): typeof ObjectCreated.Encoded => {
  const detail = byRequest(key, bucket)
  return serviceSample("aws.s3", "Object Created", {
    ...detail,
    object: { ...detail.object, sequencer: "617f08299329d189" },
    reason: "PutObject"
  }, resources(bucket))
}

/**
 * {@link ObjectDeleted} as Lambda delivers it, for the object of a key.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as S3EventBridge from "effect-lambda-runtime/events/S3EventBridge"
 *
 * S3EventBridge.sampleObjectDeleted().detail["deletion-type"] // => "Delete Marker Created"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleObjectDeleted = (key = sampleKey, bucket = sampleBucket): typeof ObjectDeleted.Encoded => {
  const detail = byRequest(key, bucket)
  const { size: _, ...object } = detail.object
  return serviceSample("aws.s3", "Object Deleted", {
    ...detail,
    object: { ...object, sequencer: "617f0837b476e463" },
    reason: "DeleteObject",
    "deletion-type": "Delete Marker Created"
  }, resources(bucket))
}

/**
 * {@link ObjectRestoreInitiated} as Lambda delivers it, for the object of a key.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as S3EventBridge from "effect-lambda-runtime/events/S3EventBridge"
 *
 * S3EventBridge.sampleObjectRestoreInitiated().detail["source-storage-class"] // => "GLACIER"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleObjectRestoreInitiated = (
  key = sampleKey,
  bucket = sampleBucket
): typeof ObjectRestoreInitiated.Encoded =>
  serviceSample("aws.s3", "Object Restore Initiated", {
    ...byRequest(key, bucket),
    "source-storage-class": "GLACIER"
  }, resources(bucket))

/**
 * {@link ObjectRestoreCompleted} as Lambda delivers it, for the object of a key.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as S3EventBridge from "effect-lambda-runtime/events/S3EventBridge"
 *
 * S3EventBridge.sampleObjectRestoreCompleted().detail["restore-expiry-time"] // => "2021-11-13T00:00:00Z"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleObjectRestoreCompleted = (
  key = sampleKey,
  bucket = sampleBucket
): typeof ObjectRestoreCompleted.Encoded =>
  serviceSample("aws.s3", "Object Restore Completed", {
    ...byService(key, bucket),
    "restore-expiry-time": "2021-11-13T00:00:00Z",
    "source-storage-class": "GLACIER"
  }, resources(bucket))

/**
 * {@link ObjectRestoreExpired} as Lambda delivers it, for the object of a key.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as S3EventBridge from "effect-lambda-runtime/events/S3EventBridge"
 *
 * S3EventBridge.sampleObjectRestoreExpired().detail.requester // => "s3.amazonaws.com"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleObjectRestoreExpired = (
  key = sampleKey,
  bucket = sampleBucket
): typeof ObjectRestoreExpired.Encoded =>
  serviceSample("aws.s3", "Object Restore Expired", byService(key, bucket), resources(bucket))

/**
 * {@link ObjectStorageClassChanged} as Lambda delivers it, for the object of a key.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as S3EventBridge from "effect-lambda-runtime/events/S3EventBridge"
 *
 * S3EventBridge.sampleObjectStorageClassChanged().detail["destination-storage-class"] // => "GLACIER"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleObjectStorageClassChanged = (
  key = sampleKey,
  bucket = sampleBucket
): typeof ObjectStorageClassChanged.Encoded =>
  serviceSample("aws.s3", "Object Storage Class Changed", {
    ...byService(key, bucket),
    "destination-storage-class": "GLACIER"
  }, resources(bucket))

/**
 * {@link ObjectAccessTierChanged} as Lambda delivers it, for the object of a key.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as S3EventBridge from "effect-lambda-runtime/events/S3EventBridge"
 *
 * S3EventBridge.sampleObjectAccessTierChanged().detail["destination-access-tier"] // => "ARCHIVE_ACCESS"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleObjectAccessTierChanged = (
  key = sampleKey,
  bucket = sampleBucket
): typeof ObjectAccessTierChanged.Encoded =>
  serviceSample("aws.s3", "Object Access Tier Changed", {
    ...byService(key, bucket),
    "destination-access-tier": "ARCHIVE_ACCESS"
  }, resources(bucket))

/**
 * {@link ObjectAclUpdated} as Lambda delivers it, for the object of a key.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as S3EventBridge from "effect-lambda-runtime/events/S3EventBridge"
 *
 * S3EventBridge.sampleObjectAclUpdated().detail.requester // => "123456789012"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleObjectAclUpdated = (key = sampleKey, bucket = sampleBucket): typeof ObjectAclUpdated.Encoded =>
  serviceSample("aws.s3", "Object ACL Updated", byRequest(key, bucket), resources(bucket))

/**
 * {@link ObjectTagsAdded} as Lambda delivers it, for the object of a key.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as S3EventBridge from "effect-lambda-runtime/events/S3EventBridge"
 *
 * S3EventBridge.sampleObjectTagsAdded().detail.requester // => "123456789012"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleObjectTagsAdded = (key = sampleKey, bucket = sampleBucket): typeof ObjectTagsAdded.Encoded =>
  serviceSample("aws.s3", "Object Tags Added", byRequest(key, bucket), resources(bucket))

/**
 * {@link ObjectTagsDeleted} as Lambda delivers it, for the object of a key.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as S3EventBridge from "effect-lambda-runtime/events/S3EventBridge"
 *
 * S3EventBridge.sampleObjectTagsDeleted().detail.requester // => "123456789012"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleObjectTagsDeleted = (key = sampleKey, bucket = sampleBucket): typeof ObjectTagsDeleted.Encoded =>
  serviceSample("aws.s3", "Object Tags Deleted", byRequest(key, bucket), resources(bucket))
