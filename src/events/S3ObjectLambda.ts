/**
 * Requests to an Amazon S3 Object Lambda Access Point, which a function answers in place of S3. The service is open to
 * its existing customers alone.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/olap-event-context.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { BooleanText } from "../internal/events/booleanText.ts"
import { nullish, omittable } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { StringMap } from "../internal/events/stringMaps.ts"

const title = "an S3 Object Lambda event"

/**
 * The caller.
 *
 * @category schemas
 * @since 0.1.0
 */
export const UserIdentity = Schema.Struct({
  type: openEnum(["IAMUser", "AssumedRole", "FederatedUser", "Root", "AWSAccount", "AWSService"]),
  principalId: nullish(Schema.String),
  arn: nullish(Schema.String),
  accountId: nullish(Schema.String),
  accessKeyId: nullish(Schema.String),
  userName: nullish(Schema.String),
  invokedBy: nullish(Schema.String),
  /** Temporary credentials. */
  sessionContext: nullish(Schema.Struct({
    attributes: nullish(Schema.Struct({
      mfaAuthenticated: nullish(BooleanText),
      /** AWS documents `Wed Mar 10 23:41:52 UTC 2021`. */
      creationDate: nullish(Schema.String)
    })),
    sessionIssuer: nullish(Schema.Struct({
      type: nullish(Schema.String),
      principalId: nullish(Schema.String),
      arn: nullish(Schema.String),
      accountId: nullish(Schema.String),
      userName: nullish(Schema.String)
    }))
  }))
})

/**
 * A decoded {@link UserIdentity}.
 *
 * @category models
 * @since 0.1.0
 */
export interface UserIdentity extends Schema.Schema.Type<typeof UserIdentity> {}

const requestFields = {
  xAmzRequestId: Schema.String,
  configuration: Schema.Struct({
    accessPointArn: Schema.String,
    /** The access point behind it. */
    supportingAccessPointArn: Schema.String,
    /** What the access point was configured with: any text. */
    payload: Schema.String
  }),
  userRequest: Schema.Struct({
    /** As the client sent it, without the authorization. */
    url: Schema.String,
    /** As the client sent them, without the authorization. */
    headers: StringMap
  }),
  userIdentity: UserIdentity,
  protocolVersion: Schema.String
}

const inputContext = {
  /** Presigned: fetches what S3 has from the access point behind it. */
  inputS3Url: Schema.String
}

/**
 * `GetObject`: answered by a call of `WriteGetObjectResponse`, and not by a result.
 *
 * @category schemas
 * @since 0.1.0
 */
export const GetObjectEvent = Schema.Struct({
  ...requestFields,
  getObjectContext: Schema.Struct({
    ...inputContext,
    /** For `WriteGetObjectResponse`. */
    outputRoute: Schema.String,
    /** For `WriteGetObjectResponse`. */
    outputToken: Schema.RedactedFromValue(Schema.String)
  })
}).annotate({ title })

/**
 * A decoded {@link GetObjectEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface GetObjectEvent extends Schema.Schema.Type<typeof GetObjectEvent> {}

/**
 * `HeadObject`: answered by a {@link HeadObjectResult}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const HeadObjectEvent = Schema.Struct({ ...requestFields, headObjectContext: Schema.Struct(inputContext) })
  .annotate({ title })

/**
 * A decoded {@link HeadObjectEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface HeadObjectEvent extends Schema.Schema.Type<typeof HeadObjectEvent> {}

/**
 * `ListObjects`: answered by a {@link ListObjectsResult}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ListObjectsEvent = Schema.Struct({ ...requestFields, listObjectsContext: Schema.Struct(inputContext) })
  .annotate({ title })

/**
 * A decoded {@link ListObjectsEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ListObjectsEvent extends Schema.Schema.Type<typeof ListObjectsEvent> {}

/**
 * `ListObjectsV2`: answered by a {@link ListObjectsResult}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ListObjectsV2Event = Schema.Struct({ ...requestFields, listObjectsV2Context: Schema.Struct(inputContext) })
  .annotate({ title })

/**
 * A decoded {@link ListObjectsV2Event}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ListObjectsV2Event extends Schema.Schema.Type<typeof ListObjectsV2Event> {}

/**
 * Any of the four requests: `"getObjectContext" in event` tells which.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = Schema.Union([GetObjectEvent, HeadObjectEvent, ListObjectsEvent, ListObjectsV2Event]).annotate({
  title
})

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export type Event = typeof Event.Type

const resultFields = {
  statusCode: Schema.Finite,
  /** Such as `NoSuchKey`. */
  errorCode: omittable(Schema.String),
  errorMessage: omittable(Schema.String)
}

/**
 * An answer to `HeadObject`.
 *
 * **Example** (A size that is not told)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as S3ObjectLambda from "effect-lambda-runtime/events/S3ObjectLambda"
 * import * as Effect from "effect/Effect"
 *
 * const head = Handler.make({
 *   event: S3ObjectLambda.HeadObjectEvent,
 *   result: S3ObjectLambda.HeadObjectResult
 * }, ({ userRequest }) =>
 *   Effect.as(Effect.log(userRequest.url), { statusCode: 200, headers: { "Content-Length": 0 } }))
 * ```
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/olap-writing-lambda.html
 * @category schemas
 * @since 0.1.0
 */
export const HeadObjectResult = Schema.Struct({
  ...resultFields,
  /** Those of S3: `Content-Length`, `ETag`, `x-amz-meta-…`. */
  headers: omittable(Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Finite, Schema.Boolean])))
})

/**
 * A {@link HeadObjectResult} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export interface HeadObjectResult extends Schema.Schema.Type<typeof HeadObjectResult> {}

/**
 * An answer to `ListObjects` or `ListObjectsV2`: `listBucketResult`, or the same as XML.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/olap-writing-lambda.html
 * @category schemas
 * @since 0.1.0
 */
export const ListObjectsResult = Schema.Struct({
  ...resultFields,
  /** As S3 answers it. */
  listResultXml: omittable(Schema.String),
  /** The elements of S3's XML, in lower camel case: `{ name, prefix, isTruncated, contents: [{ key, size, … }], … }`. */
  listBucketResult: omittable(Schema.JsonObject)
})

/**
 * A {@link ListObjectsResult} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export interface ListObjectsResult extends Schema.Schema.Type<typeof ListObjectsResult> {}

const sampleFields = () => ({
  xAmzRequestId: "1a5ed718-5f53-471d-b6fe-5cf62d88d02a",
  configuration: {
    accessPointArn: "arn:aws:s3-object-lambda:us-east-1:123456789012:accesspoint/example-object-lambda-ap",
    supportingAccessPointArn: "arn:aws:s3:us-east-1:123456789012:accesspoint/example-ap",
    payload: "{}"
  },
  userRequest: {
    url: "https://object-lambda-123456789012.s3-object-lambda.us-east-1.amazonaws.com/example",
    headers: {
      Host: "object-lambda-123456789012.s3-object-lambda.us-east-1.amazonaws.com",
      "Accept-Encoding": "identity",
      "X-Amz-Content-SHA256": "e3b0c44298fc1example"
    }
  },
  userIdentity: {
    type: "AssumedRole",
    principalId: "principalId",
    arn: "arn:aws:sts::123456789012:assumed-role/Admin/example",
    accountId: "123456789012",
    accessKeyId: "accessKeyId",
    sessionContext: {
      attributes: { mfaAuthenticated: "false" as const, creationDate: "Wed Mar 10 23:41:52 UTC 2021" },
      sessionIssuer: {
        type: "Role",
        principalId: "principalId",
        arn: "arn:aws:iam::123456789012:role/Admin",
        accountId: "123456789012",
        userName: "Admin"
      }
    }
  },
  protocolVersion: "1.01"
})

const inputS3Url = "https://example-ap-123456789012.s3-accesspoint.us-east-1.amazonaws.com/example?X-Amz-Signature=a"

/**
 * A {@link GetObjectEvent} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as S3ObjectLambda from "effect-lambda-runtime/events/S3ObjectLambda"
 *
 * S3ObjectLambda.sampleGetObjectEvent().getObjectContext.outputRoute // => "io-use1-001"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleGetObjectEvent = (): typeof GetObjectEvent.Encoded => ({
  ...sampleFields(),
  getObjectContext: { inputS3Url, outputRoute: "io-use1-001", outputToken: "OutputToken" }
})

/**
 * A {@link HeadObjectEvent} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as S3ObjectLambda from "effect-lambda-runtime/events/S3ObjectLambda"
 *
 * S3ObjectLambda.sampleHeadObjectEvent().protocolVersion // => "1.01"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleHeadObjectEvent = (): typeof HeadObjectEvent.Encoded => ({
  ...sampleFields(),
  headObjectContext: { inputS3Url }
})

/**
 * A {@link ListObjectsEvent} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as S3ObjectLambda from "effect-lambda-runtime/events/S3ObjectLambda"
 *
 * S3ObjectLambda.sampleListObjectsEvent().userIdentity.type // => "AssumedRole"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleListObjectsEvent = (): typeof ListObjectsEvent.Encoded => ({
  ...sampleFields(),
  listObjectsContext: { inputS3Url }
})

/**
 * A {@link ListObjectsV2Event} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as S3ObjectLambda from "effect-lambda-runtime/events/S3ObjectLambda"
 *
 * S3ObjectLambda.sampleListObjectsV2Event().userIdentity.type // => "AssumedRole"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleListObjectsV2Event = (): typeof ListObjectsV2Event.Encoded => ({
  ...sampleFields(),
  listObjectsV2Context: { inputS3Url }
})
