/**
 * Tags of the resources of an account, by way of EventBridge.
 *
 * @see https://docs.aws.amazon.com/tag-editor/latest/userguide/monitor-tag-changes.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { nullish } from "../internal/events/nullish.ts"
import { serviceEvent, serviceSample } from "../internal/events/serviceEvent.ts"
import { StringMap } from "../internal/events/stringMaps.ts"

/**
 * The detail of {@link TagChangeOnResource}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TagChangeOnResourceDetail = Schema.Struct({
  /** The keys that were added, changed or removed. */
  "changed-tag-keys": Schema.Array(Schema.String),
  service: Schema.String,
  "resource-type": nullish(Schema.String),
  /** Counts the changes; only some services do. */
  version: nullish(Schema.Finite),
  /** All tags that the resource has now. */
  tags: nullish(StringMap)
})

/**
 * A decoded {@link TagChangeOnResourceDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface TagChangeOnResourceDetail extends Schema.Schema.Type<typeof TagChangeOnResourceDetail> {}

/**
 * A resource, the one in `resources`, whose tags have changed.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TagChangeOnResource = serviceEvent(Schema.Literal("Tag Change on Resource"), TagChangeOnResourceDetail)

/**
 * A decoded {@link TagChangeOnResource}.
 *
 * @category models
 * @since 0.1.0
 */
export interface TagChangeOnResource extends Schema.Schema.Type<typeof TagChangeOnResource> {}

/**
 * {@link TagChangeOnResource} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Tag from "effect-lambda-runtime/events/Tag"
 *
 * Tag.sampleTagChangeOnResource().detail["changed-tag-keys"] // => ["key2", "key3"]
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleTagChangeOnResource = (): typeof TagChangeOnResource.Encoded =>
  serviceSample("aws.tag", "Tag Change on Resource", {
    "changed-tag-keys": ["key2", "key3"],
    service: "ec2",
    "resource-type": "instance",
    version: 5,
    tags: { key1: "value1", key2: "value2", key4: "value4" }
  }, ["arn:aws:ec2:us-east-1:123456789012:instance/i-0000000aaaaaaaaaa"])
