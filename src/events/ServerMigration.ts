/**
 * Jobs of AWS Server Migration Service, by way of EventBridge. AWS has ended the service.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/events/EventTypes.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { serviceEvent, serviceSample } from "../internal/events/serviceEvent.ts"

/**
 * The detail of {@link JobStateChange}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const JobStateChangeDetail = Schema.Struct({
  state: openEnum(["Active", "Completed", "Deleted", "Failed"]),
  "replication-job-id": Schema.String,
  /** `N/A` where there is none. */
  "replication-run-id": Schema.String,
  "ami-id": nullish(Schema.String),
  version: Schema.String
})

/**
 * A decoded {@link JobStateChangeDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface JobStateChangeDetail extends Schema.Schema.Type<typeof JobStateChangeDetail> {}

/**
 * A replication job that has changed its state.
 *
 * @category schemas
 * @since 0.1.0
 */
export const JobStateChange = serviceEvent(Schema.Literal("Server Migration Job State Change"), JobStateChangeDetail)

/**
 * A decoded {@link JobStateChange}.
 *
 * @category models
 * @since 0.1.0
 */
export interface JobStateChange extends Schema.Schema.Type<typeof JobStateChange> {}

/**
 * {@link JobStateChange} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as ServerMigration from "effect-lambda-runtime/events/ServerMigration"
 *
 * ServerMigration.sampleJobStateChange().detail.state // => "Completed"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleJobStateChange = (): typeof JobStateChange.Encoded =>
  serviceSample("aws.sms", "Server Migration Job State Change", {
    state: "Completed",
    "replication-run-id": "sms-run-e1a64388",
    "replication-job-id": "sms-job-2ea64347",
    "ami-id": "ami-746d6314",
    version: "1.0"
  }, ["arn:aws:sms:us-east-1:123456789012:sms-job-2ea64347"])
