/**
 * Images of Amazon ECR that are pushed, deleted or scanned, by way of EventBridge.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { serviceEvent, serviceSample } from "../internal/events/serviceEvent.ts"

/**
 * The detail of {@link ImageScan}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ImageScanDetail = Schema.Struct({
  "scan-status": openEnum(["COMPLETE", "FAILED"]),
  "repository-name": Schema.String,
  /** How many findings there are, by their severity; a severity that none has is absent, and so is all of it. */
  "finding-severity-counts": nullish(Schema.Struct({
    CRITICAL: nullish(Schema.Finite),
    HIGH: nullish(Schema.Finite),
    MEDIUM: nullish(Schema.Finite),
    LOW: nullish(Schema.Finite),
    INFORMATIONAL: nullish(Schema.Finite),
    UNDEFINED: nullish(Schema.Finite)
  })),
  "image-digest": Schema.String,
  /** Empty for an image without tags. */
  "image-tags": Schema.Array(Schema.String)
})

/**
 * A decoded {@link ImageScanDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ImageScanDetail extends Schema.Schema.Type<typeof ImageScanDetail> {}

/**
 * An image that basic scanning has scanned.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ImageScan = serviceEvent(Schema.Literal("ECR Image Scan"), ImageScanDetail)

/**
 * A decoded {@link ImageScan}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ImageScan extends Schema.Schema.Type<typeof ImageScan> {}

/**
 * The detail of {@link ImageAction}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ImageActionDetail = Schema.Struct({
  result: openEnum(["SUCCESS", "FAILURE"]),
  "action-type": openEnum(["PUSH", "DELETE"]),
  "repository-name": Schema.String,
  "image-digest": nullish(Schema.String),
  /** None for an image without a tag. */
  "image-tag": nullish(Schema.String),
  "manifest-media-type": nullish(Schema.String),
  "artifact-media-type": nullish(Schema.String)
})

/**
 * A decoded {@link ImageActionDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ImageActionDetail extends Schema.Schema.Type<typeof ImageActionDetail> {}

/**
 * An image that was pushed or deleted.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ImageAction = serviceEvent(Schema.Literal("ECR Image Action"), ImageActionDetail)

/**
 * A decoded {@link ImageAction}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ImageAction extends Schema.Schema.Type<typeof ImageAction> {}

const repository = "my-repository-name"

const digest = "sha256:7f5b2640fe6fb4f46592dfd3410c4a79dac4f89e4782432e0378abcd1234"

/**
 * {@link ImageScan} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Ecr from "effect-lambda-runtime/events/Ecr"
 *
 * Ecr.sampleImageScan().detail["finding-severity-counts"] // => { CRITICAL: 10, MEDIUM: 9 }
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleImageScan = (): typeof ImageScan.Encoded =>
  serviceSample("aws.ecr", "ECR Image Scan", {
    "scan-status": "COMPLETE",
    "repository-name": repository,
    "finding-severity-counts": { CRITICAL: 10, MEDIUM: 9 },
    "image-digest": digest,
    "image-tags": []
  }, [`arn:aws:ecr:us-east-1:123456789012:repository/${repository}`])

/**
 * {@link ImageAction} as Lambda delivers it, of an image that was pushed.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Ecr from "effect-lambda-runtime/events/Ecr"
 *
 * Ecr.sampleImageAction().detail["image-tag"] // => "latest"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleImageAction = (): typeof ImageAction.Encoded =>
  serviceSample("aws.ecr", "ECR Image Action", {
    result: "SUCCESS",
    "repository-name": repository,
    "image-digest": digest,
    "action-type": "PUSH",
    "image-tag": "latest"
  })
