/**
 * The synchronisation of a dataset of an Amazon Cognito identity pool, and what is stored of it.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-events.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { preserving } from "../internal/events/preserving.ts"

/**
 * What has become of a record of a dataset.
 *
 * @category schemas
 * @since 0.1.0
 */
export const DatasetRecord = preserving({
  /** None: the record is new. */
  oldValue: nullish(Schema.String),
  /** None: the record is removed. */
  newValue: nullish(Schema.String),
  op: openEnum(["replace", "remove"])
})

/**
 * A decoded {@link DatasetRecord}.
 *
 * @category models
 * @since 0.1.0
 */
export interface DatasetRecord extends Schema.Schema.Type<typeof DatasetRecord> {}

/**
 * A dataset that is synchronised, to be answered with the records as they shall be stored.
 *
 * **Gotchas**
 *
 * The whole event has to be answered. Records that are left out, and those that are added, are not stored.
 *
 * **Example** (Keep a record as it was)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as CognitoSync from "effect-lambda-runtime/events/CognitoSync"
 * import * as Effect from "effect/Effect"
 *
 * const keep = Handler.make({ event: CognitoSync.Event, result: CognitoSync.Event }, (event) =>
 *   Effect.succeed({
 *     ...event,
 *     datasetRecords: { ...event.datasetRecords, level: { oldValue: "1", newValue: "1", op: "replace" } }
 *   }))
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = preserving({
  version: Schema.Finite,
  eventType: Schema.Literal("SyncTrigger"),
  region: Schema.String,
  identityPoolId: Schema.String,
  identityId: Schema.String,
  datasetName: Schema.String,
  /** By their keys. */
  datasetRecords: Schema.Record(Schema.String, DatasetRecord)
}, "a Cognito Sync event")

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Event extends Schema.Schema.Type<typeof Event> {}

/**
 * An event as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as CognitoSync from "effect-lambda-runtime/events/CognitoSync"
 *
 * CognitoSync.sample().datasetRecords["level"]?.newValue // => "2"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (): typeof Event.Encoded => ({
  version: 2,
  eventType: "SyncTrigger",
  region: "us-east-1",
  identityPoolId: "us-east-1:b7a4c3f0-5a41-4f0e-9a53-1c9d9c2f1e10",
  identityId: "us-east-1:3f1c2b64-0c55-4c6b-8a0e-5d0f6f0d7a21",
  datasetName: "progress",
  datasetRecords: {
    level: { oldValue: "1", newValue: "2", op: "replace" },
    lives: { oldValue: "3", op: "remove" }
  }
})
