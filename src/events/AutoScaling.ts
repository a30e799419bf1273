/**
 * Amazon EC2 Auto Scaling: events of a group by way of EventBridge, and custom termination policies.
 *
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { checkedInPlace } from "../internal/events/checkedInPlace.ts"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { serviceEvent, serviceSample } from "../internal/events/serviceEvent.ts"
import * as Timestamp from "./Timestamp.ts"

/**
 * The detail of {@link ScalingActivity}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ScalingActivityDetail = Schema.Struct({
  AutoScalingGroupName: Schema.String,
  ActivityId: Schema.String,
  RequestId: nullish(Schema.String),
  EC2InstanceId: nullish(Schema.String),
  StatusCode: openEnum(["InProgress", "Failed"]),
  /** Why it failed; empty where it did not. */
  StatusMessage: nullish(Schema.String),
  Description: nullish(Schema.String),
  /** Why the group did it. */
  Cause: nullish(Schema.String),
  StartTime: nullish(Timestamp.IsoSeconds),
  EndTime: nullish(Timestamp.IsoSeconds),
  Details: nullish(Schema.Struct({
    "Availability Zone": nullish(Schema.String),
    "Subnet ID": nullish(Schema.String)
  }))
})

/**
 * A decoded {@link ScalingActivityDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ScalingActivityDetail extends Schema.Schema.Type<typeof ScalingActivityDetail> {}

/**
 * An instance that a group has launched or terminated, or failed to.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ScalingActivity = serviceEvent(
  Schema.Literals([
    "EC2 Instance Launch Successful",
    "EC2 Instance Launch Unsuccessful",
    "EC2 Instance Terminate Successful",
    "EC2 Instance Terminate Unsuccessful"
  ]),
  ScalingActivityDetail
)

/**
 * A decoded {@link ScalingActivity}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ScalingActivity extends Schema.Schema.Type<typeof ScalingActivity> {}

const pool = openEnum(["EC2", "AutoScalingGroup", "WarmPool"])

/**
 * The detail of {@link LifecycleAction}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const LifecycleActionDetail = Schema.Struct({
  LifecycleActionToken: Schema.String,
  AutoScalingGroupName: Schema.String,
  LifecycleHookName: Schema.String,
  EC2InstanceId: Schema.String,
  LifecycleTransition: openEnum(["autoscaling:EC2_INSTANCE_LAUNCHING", "autoscaling:EC2_INSTANCE_TERMINATING"]),
  /** What the hook was created with. */
  NotificationMetadata: nullish(Schema.String),
  /** Groups with a warm pool. */
  Origin: nullish(pool),
  /** Groups with a warm pool. */
  Destination: nullish(pool)
})

/**
 * A decoded {@link LifecycleActionDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface LifecycleActionDetail extends Schema.Schema.Type<typeof LifecycleActionDetail> {}

/**
 * An instance that waits for a lifecycle hook. Complete it by `CompleteLifecycleAction`.
 *
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks.html
 * @category schemas
 * @since 0.1.0
 */
export const LifecycleAction = serviceEvent(
  Schema.Literals(["EC2 Instance-launch Lifecycle Action", "EC2 Instance-terminate Lifecycle Action"]),
  LifecycleActionDetail
)

/**
 * A decoded {@link LifecycleAction}.
 *
 * @category models
 * @since 0.1.0
 */
export interface LifecycleAction extends Schema.Schema.Type<typeof LifecycleAction> {}

/**
 * The detail of {@link InstanceRefresh}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const InstanceRefreshDetail = Schema.Struct({
  InstanceRefreshId: Schema.String,
  AutoScalingGroupName: Schema.String,
  /** Of a checkpoint: how much has been replaced. */
  CheckpointPercentage: nullish(Schema.FiniteFromString),
  /** Of a checkpoint: in seconds. */
  CheckpointDelay: nullish(Schema.FiniteFromString)
})

/**
 * A decoded {@link InstanceRefreshDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface InstanceRefreshDetail extends Schema.Schema.Type<typeof InstanceRefreshDetail> {}

/**
 * The instances of a group are being replaced.
 *
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-instance-refresh.html
 * @category schemas
 * @since 0.1.0
 */
export const InstanceRefresh = serviceEvent(
  Schema.Literals([
    "EC2 Auto Scaling Instance Refresh Checkpoint Reached",
    "EC2 Auto Scaling Instance Refresh Started",
    "EC2 Auto Scaling Instance Refresh Succeeded",
    "EC2 Auto Scaling Instance Refresh Failed",
    "EC2 Auto Scaling Instance Refresh Cancelled"
  ]),
  InstanceRefreshDetail
)

/**
 * A decoded {@link InstanceRefresh}.
 *
 * @category models
 * @since 0.1.0
 */
export interface InstanceRefresh extends Schema.Schema.Type<typeof InstanceRefresh> {}

const market = openEnum(["on-demand", "spot"])

/**
 * The instances of which a function chooses those that are terminated.
 *
 * **Gotchas**
 *
 * The function has two seconds.
 *
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/lambda-custom-termination-policy.html
 * @category schemas
 * @since 0.1.0
 */
export const TerminationPolicyEvent = Schema.Struct({
  AutoScalingGroupARN: Schema.String,
  AutoScalingGroupName: Schema.String,
  CapacityToTerminate: checkedInPlace(Schema.Array(Schema.Struct({
    AvailabilityZone: Schema.String,
    Capacity: Schema.Finite,
    InstanceMarketOption: market
  }))),
  /** What Auto Scaling suggests: up to 30,000. */
  Instances: checkedInPlace(Schema.Array(Schema.Struct({
    AvailabilityZone: Schema.String,
    InstanceId: Schema.String,
    InstanceType: Schema.String,
    InstanceMarketOption: market
  }))),
  Cause: openEnum(["SCALE_IN", "INSTANCE_REFRESH", "MAX_INSTANCE_LIFETIME", "REBALANCE"]),
  HasMoreInstances: nullish(Schema.Boolean)
}).annotate({ title: "an Auto Scaling event" })

/**
 * A decoded {@link TerminationPolicyEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface TerminationPolicyEvent extends Schema.Schema.Type<typeof TerminationPolicyEvent> {}

/**
 * The instances that may be terminated.
 *
 * **Details**
 *
 * Where there are none, Auto Scaling asks again after a short time.
 *
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/lambda-custom-termination-policy.html
 * @category schemas
 * @since 0.1.0
 */
export const TerminationPolicyResult = Schema.Struct({ InstanceIDs: Schema.Array(Schema.String) })

/**
 * A {@link TerminationPolicyResult} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export interface TerminationPolicyResult extends Schema.Schema.Type<typeof TerminationPolicyResult> {}

const name = "my-asg"

const group =
  `arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:042cba90-ad2f-431c-9b4d-6d9055bcc9fb:autoScalingGroupName/${name}`

const instance = "i-1234567890abcdef0"

/**
 * {@link ScalingActivity} of one kind as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as AutoScaling from "effect-lambda-runtime/events/AutoScaling"
 *
 * AutoScaling.sampleScalingActivity("EC2 Instance Launch Unsuccessful").detail.StatusCode // => "Failed"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleScalingActivity = (
  detailType: ScalingActivity["detail-type"] = "EC2 Instance Launch Successful"
): typeof ScalingActivity.Encoded =>
  serviceSample("aws.autoscaling", detailType, {
    StatusCode: detailType.endsWith("Unsuccessful") ? "Failed" : "InProgress",
    Description: `Launching a new EC2 instance: ${instance}`,
    AutoScalingGroupName: name,
    ActivityId: "87654321-4321-4321-4321-210987654321",
    Details: { "Availability Zone": "us-east-1b", "Subnet ID": "subnet-12345678" },
    RequestId: "12345678-1234-1234-1234-123456789012",
    StatusMessage: "",
    EndTime: "2021-11-12T00:00:00Z",
    EC2InstanceId: instance,
    StartTime: "2021-11-11T23:59:31Z",
    Cause:
      "At 2021-11-11T23:59:20Z a user request created an AutoScalingGroup changing the desired capacity from 0 to 1."
  }, [group, `arn:aws:ec2:us-east-1:123456789012:instance/${instance}`])

/**
 * {@link LifecycleAction} as Lambda delivers it, of an instance that is launched.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as AutoScaling from "effect-lambda-runtime/events/AutoScaling"
 *
 * AutoScaling.sampleLifecycleAction().detail.LifecycleHookName // => "my-lifecycle-hook"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleLifecycleAction = (): typeof LifecycleAction.Encoded =>
  serviceSample("aws.autoscaling", "EC2 Instance-launch Lifecycle Action", {
    LifecycleActionToken: "87654321-4321-4321-4321-210987654321",
    AutoScalingGroupName: name,
    LifecycleHookName: "my-lifecycle-hook",
    EC2InstanceId: instance,
    LifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
    NotificationMetadata: "additional-info",
    Origin: "EC2",
    Destination: "WarmPool"
  }, [group])

/**
 * {@link InstanceRefresh} as Lambda delivers it, of a checkpoint.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as AutoScaling from "effect-lambda-runtime/events/AutoScaling"
 *
 * AutoScaling.sampleInstanceRefresh().detail.CheckpointPercentage // => "50"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleInstanceRefresh = (): typeof InstanceRefresh.Encoded =>
  serviceSample("aws.autoscaling", "EC2 Auto Scaling Instance Refresh Checkpoint Reached", {
    InstanceRefreshId: "ab00cf8f-9126-4f3c-8010-dbb8cad6fb86",
    AutoScalingGroupName: name,
    CheckpointPercentage: "50",
    CheckpointDelay: "300"
  }, [group])

/**
 * {@link TerminationPolicyEvent} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as AutoScaling from "effect-lambda-runtime/events/AutoScaling"
 *
 * AutoScaling.sampleTerminationPolicyEvent().Cause // => "SCALE_IN"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleTerminationPolicyEvent = (): typeof TerminationPolicyEvent.Encoded => ({
  AutoScalingGroupARN: group,
  AutoScalingGroupName: name,
  CapacityToTerminate: [
    { AvailabilityZone: "us-east-1b", Capacity: 2, InstanceMarketOption: "on-demand" },
    { AvailabilityZone: "us-east-1b", Capacity: 1, InstanceMarketOption: "spot" }
  ],
  Instances: [
    {
      AvailabilityZone: "us-east-1b",
      InstanceId: "i-0056faf8da3e1f75d",
      InstanceType: "t2.nano",
      InstanceMarketOption: "on-demand"
    },
    {
      AvailabilityZone: "us-east-1c",
      InstanceId: "i-02e1c69383a3ed501",
      InstanceType: "t2.nano",
      InstanceMarketOption: "on-demand"
    }
  ],
  Cause: "SCALE_IN"
})
