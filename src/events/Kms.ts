/**
 * Keys of AWS KMS that are rotated, expire or are deleted, by way of EventBridge.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/kms-events.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { serviceEvent, serviceSample } from "../internal/events/serviceEvent.ts"

/**
 * The detail of {@link Event}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Detail = Schema.Struct({ "key-id": Schema.String })

/**
 * A decoded {@link Detail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Detail extends Schema.Schema.Type<typeof Detail> {}

/**
 * A key whose material was rotated, or has expired, or that was deleted, as `detail-type` says.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = serviceEvent(
  Schema.Literals(["KMS CMK Rotation", "KMS Imported Key Material Expiration", "KMS CMK Deletion"]),
  Detail
)

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Event extends Schema.Schema.Type<typeof Event> {}

/**
 * An event of one kind as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Kms from "effect-lambda-runtime/events/Kms"
 *
 * Kms.sample("KMS CMK Deletion").detail // => { "key-id": "1234abcd-12ab-34cd-56ef-1234567890ab" }
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (detailType: Event["detail-type"] = "KMS CMK Rotation"): typeof Event.Encoded => {
  const key = "1234abcd-12ab-34cd-56ef-1234567890ab"
  return serviceSample("aws.kms", detailType, { "key-id": key }, [`arn:aws:kms:us-east-1:123456789012:key/${key}`])
}
