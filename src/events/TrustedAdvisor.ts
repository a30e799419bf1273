/**
 * Results of the checks of AWS Trusted Advisor, by way of EventBridge.
 *
 * @see https://docs.aws.amazon.com/awssupport/latest/user/cloudwatch-events-ta.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { openEnum } from "../internal/events/openEnum.ts"
import { serviceEvent, serviceSample } from "../internal/events/serviceEvent.ts"

/**
 * The detail of {@link CheckItemRefreshNotification}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CheckItemRefreshNotificationDetail = Schema.Struct({
  /** May have a space at its end. */
  "check-name": Schema.String,
  /** The columns of the check, by their titles; `null` where one has nothing. */
  "check-item-detail": Schema.Record(Schema.String, Schema.NullOr(Schema.String)),
  status: openEnum(["OK", "INFO", "WARN", "ERROR"]),
  /** Empty where the check is not of a resource. */
  resource_id: Schema.String,
  uuid: Schema.String
})

/**
 * A decoded {@link CheckItemRefreshNotificationDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface CheckItemRefreshNotificationDetail
  extends Schema.Schema.Type<typeof CheckItemRefreshNotificationDetail>
{}

/**
 * A resource whose result of a check has changed.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CheckItemRefreshNotification = serviceEvent(
  Schema.Literal("Trusted Advisor Check Item Refresh Notification"),
  CheckItemRefreshNotificationDetail
)

/**
 * A decoded {@link CheckItemRefreshNotification}.
 *
 * @category models
 * @since 0.1.0
 */
export interface CheckItemRefreshNotification extends Schema.Schema.Type<typeof CheckItemRefreshNotification> {}

/**
 * {@link CheckItemRefreshNotification} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as TrustedAdvisor from "effect-lambda-runtime/events/TrustedAdvisor"
 *
 * TrustedAdvisor.sampleCheckItemRefreshNotification().detail.status // => "WARN"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleCheckItemRefreshNotification = (): typeof CheckItemRefreshNotification.Encoded =>
  serviceSample("aws.trustedadvisor", "Trusted Advisor Check Item Refresh Notification", {
    "check-name": "Low Utilization Amazon EC2 Instances",
    "check-item-detail": {
      "Day 1": "0.1%  0.00MB",
      "Region/AZ": "ca-central-1a",
      "Estimated Monthly Savings": "$9.22",
      "Instance Type": "t2.micro",
      "Instance ID": "i-01234567890abcdef",
      "Instance Name": null
    },
    status: "WARN",
    resource_id: "arn:aws:ec2:ca-central-1:123456789012:instance/i-01234567890abcdef",
    uuid: "aa12345f-55c7-498e-b7ac-123456789012"
  })
