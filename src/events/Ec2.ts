/**
 * Amazon EC2 instances that change their state, or are about to be interrupted, by way of EventBridge.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-instance-state-changes.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { openEnum } from "../internal/events/openEnum.ts"
import { serviceEvent, serviceSample } from "../internal/events/serviceEvent.ts"

/**
 * The detail of {@link InstanceStateChange}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const InstanceStateChangeDetail = Schema.Struct({
  "instance-id": Schema.String,
  state: openEnum(["pending", "running", "stopping", "stopped", "shutting-down", "terminated"])
})

/**
 * A decoded {@link InstanceStateChangeDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface InstanceStateChangeDetail extends Schema.Schema.Type<typeof InstanceStateChangeDetail> {}

/**
 * An instance that has changed its state.
 *
 * @category schemas
 * @since 0.1.0
 */
export const InstanceStateChange = serviceEvent(
  Schema.Literal("EC2 Instance State-change Notification"),
  InstanceStateChangeDetail
)

/**
 * A decoded {@link InstanceStateChange}.
 *
 * @category models
 * @since 0.1.0
 */
export interface InstanceStateChange extends Schema.Schema.Type<typeof InstanceStateChange> {}

/**
 * The detail of {@link SpotInstanceInterruptionWarning}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const SpotInstanceInterruptionWarningDetail = Schema.Struct({
  "instance-id": Schema.String,
  "instance-action": openEnum(["terminate", "stop", "hibernate"])
})

/**
 * A decoded {@link SpotInstanceInterruptionWarningDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface SpotInstanceInterruptionWarningDetail
  extends Schema.Schema.Type<typeof SpotInstanceInterruptionWarningDetail>
{}

/**
 * A Spot Instance that EC2 is about to take back, two minutes before it does.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html
 * @category schemas
 * @since 0.1.0
 */
export const SpotInstanceInterruptionWarning = serviceEvent(
  Schema.Literal("EC2 Spot Instance Interruption Warning"),
  SpotInstanceInterruptionWarningDetail
)

/**
 * A decoded {@link SpotInstanceInterruptionWarning}.
 *
 * @category models
 * @since 0.1.0
 */
export interface SpotInstanceInterruptionWarning extends Schema.Schema.Type<typeof SpotInstanceInterruptionWarning> {}

const instance = "i-1234567890abcdef0"

/**
 * {@link InstanceStateChange} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Ec2 from "effect-lambda-runtime/events/Ec2"
 *
 * Ec2.sampleInstanceStateChange().detail.state // => "pending"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleInstanceStateChange = (): typeof InstanceStateChange.Encoded =>
  serviceSample("aws.ec2", "EC2 Instance State-change Notification", {
    "instance-id": instance,
    state: "pending"
  }, [`arn:aws:ec2:us-east-1:123456789012:instance/${instance}`])

/**
 * {@link SpotInstanceInterruptionWarning} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Ec2 from "effect-lambda-runtime/events/Ec2"
 *
 * Ec2.sampleSpotInstanceInterruptionWarning().detail["instance-action"] // => "terminate"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleSpotInstanceInterruptionWarning = (): typeof SpotInstanceInterruptionWarning.Encoded =>
  serviceSample("aws.ec2", "EC2 Spot Instance Interruption Warning", {
    "instance-id": instance,
    "instance-action": "terminate"
  }, [`arn:aws:ec2:us-east-1a:instance/${instance}`])
