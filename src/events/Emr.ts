/**
 * Amazon EMR clusters, their instance groups and their steps, by way of EventBridge.
 *
 * @see https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-manage-cloudwatch-events.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { jsonString } from "../internal/events/jsonString.ts"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { serviceEvent, serviceSample } from "../internal/events/serviceEvent.ts"

const detailFields = {
  clusterId: Schema.String,
  /** A sentence for people. */
  message: Schema.String
}

const severityFields = { severity: openEnum(["INFO", "WARN", "ERROR", "CRITICAL"]), ...detailFields }

/**
 * The detail of {@link ClusterStateChange}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ClusterStateChangeDetail = Schema.Struct({
  ...severityFields,
  name: Schema.String,
  state: openEnum([
    "STARTING",
    "BOOTSTRAPPING",
    "RUNNING",
    "WAITING",
    "TERMINATING",
    "TERMINATED",
    "TERMINATED_WITH_ERRORS"
  ]),
  /** JSON in a text of its own; its `code` is empty where there is no reason. */
  stateChangeReason: nullish(jsonString(
    Schema.Struct({ code: nullish(Schema.String), message: nullish(Schema.String) })
  ))
})

/**
 * A decoded {@link ClusterStateChangeDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ClusterStateChangeDetail extends Schema.Schema.Type<typeof ClusterStateChangeDetail> {}

/**
 * A cluster that has changed its state.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ClusterStateChange = serviceEvent(Schema.Literal("EMR Cluster State Change"), ClusterStateChangeDetail)

/**
 * A decoded {@link ClusterStateChange}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ClusterStateChange extends Schema.Schema.Type<typeof ClusterStateChange> {}

/**
 * The detail of {@link InstanceGroupStateChange}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const InstanceGroupStateChangeDetail = Schema.Struct({
  ...severityFields,
  instanceGroupId: Schema.String,
  instanceGroupType: openEnum(["MASTER", "CORE", "TASK"]),
  instanceType: Schema.String,
  market: openEnum(["ON_DEMAND", "SPOT"]),
  requestedInstanceCount: Schema.FiniteFromString,
  runningInstanceCount: Schema.FiniteFromString,
  state: openEnum([
    "PROVISIONING",
    "BOOTSTRAPPING",
    "RUNNING",
    "RECONFIGURING",
    "RESIZING",
    "SUSPENDED",
    "TERMINATING",
    "TERMINATED",
    "ARRESTED",
    "SHUTTING_DOWN",
    "ENDED"
  ])
})

/**
 * A decoded {@link InstanceGroupStateChangeDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface InstanceGroupStateChangeDetail extends Schema.Schema.Type<typeof InstanceGroupStateChangeDetail> {}

/**
 * An instance group that has changed its state.
 *
 * @category schemas
 * @since 0.1.0
 */
export const InstanceGroupStateChange = serviceEvent(
  Schema.Literal("EMR Instance Group State Change"),
  InstanceGroupStateChangeDetail
)

/**
 * A decoded {@link InstanceGroupStateChange}.
 *
 * @category models
 * @since 0.1.0
 */
export interface InstanceGroupStateChange extends Schema.Schema.Type<typeof InstanceGroupStateChange> {}

/**
 * The detail of {@link StepStatusChange}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const StepStatusChangeDetail = Schema.Struct({
  ...severityFields,
  stepId: Schema.String,
  name: Schema.String,
  actionOnFailure: openEnum(["CONTINUE", "CANCEL_AND_WAIT", "TERMINATE_CLUSTER", "TERMINATE_JOB_FLOW"]),
  state: openEnum(["PENDING", "CANCEL_PENDING", "RUNNING", "COMPLETED", "CANCELLED", "FAILED", "INTERRUPTED"])
})

/**
 * A decoded {@link StepStatusChangeDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface StepStatusChangeDetail extends Schema.Schema.Type<typeof StepStatusChangeDetail> {}

/**
 * A step that has changed its status.
 *
 * @category schemas
 * @since 0.1.0
 */
export const StepStatusChange = serviceEvent(Schema.Literal("EMR Step Status Change"), StepStatusChangeDetail)

/**
 * A decoded {@link StepStatusChange}.
 *
 * @category models
 * @since 0.1.0
 */
export interface StepStatusChange extends Schema.Schema.Type<typeof StepStatusChange> {}

/**
 * The detail of {@link AutoScalingPolicyStateChange}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AutoScalingPolicyStateChangeDetail = Schema.Struct({
  ...detailFields,
  resourceId: Schema.String,
  scalingResourceType: openEnum(["INSTANCE_GROUP"]),
  state: openEnum(["PENDING", "ATTACHING", "ATTACHED", "DETACHING", "DETACHED", "FAILED"])
})

/**
 * A decoded {@link AutoScalingPolicyStateChangeDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface AutoScalingPolicyStateChangeDetail
  extends Schema.Schema.Type<typeof AutoScalingPolicyStateChangeDetail>
{}

/**
 * The automatic scaling policy of an instance group that has changed its state.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AutoScalingPolicyStateChange = serviceEvent(
  Schema.Literal("EMR Auto Scaling Policy State Change"),
  AutoScalingPolicyStateChangeDetail
)

/**
 * A decoded {@link AutoScalingPolicyStateChange}.
 *
 * @category models
 * @since 0.1.0
 */
export interface AutoScalingPolicyStateChange extends Schema.Schema.Type<typeof AutoScalingPolicyStateChange> {}

const clusterId = "j-123456789ABCD"

/**
 * {@link ClusterStateChange} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Emr from "effect-lambda-runtime/events/Emr"
 *
 * Emr.sampleClusterStateChange().detail.state // => "TERMINATED"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleClusterStateChange = (): typeof ClusterStateChange.Encoded =>
  serviceSample("aws.emr", "EMR Cluster State Change", {
    severity: "INFO",
    stateChangeReason: JSON.stringify({ code: "USER_REQUEST", message: "Terminated by user request" }),
    name: "Development Cluster",
    clusterId,
    state: "TERMINATED",
    message: `Amazon EMR Cluster ${clusterId} (Development Cluster) has terminated with a reason of USER_REQUEST.`
  })

/**
 * {@link InstanceGroupStateChange} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Emr from "effect-lambda-runtime/events/Emr"
 *
 * Emr.sampleInstanceGroupStateChange().detail.runningInstanceCount // => "2"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleInstanceGroupStateChange = (): typeof InstanceGroupStateChange.Encoded =>
  serviceSample("aws.emr", "EMR Instance Group State Change", {
    market: "ON_DEMAND",
    severity: "INFO",
    requestedInstanceCount: "2",
    instanceType: "m3.xlarge",
    instanceGroupType: "CORE",
    instanceGroupId: "ig-ABCDEFGHIJKL",
    clusterId,
    runningInstanceCount: "2",
    state: "RUNNING",
    message: `The resizing operation for instance group ig-ABCDEFGHIJKL in Amazon EMR cluster ${clusterId} is complete.`
  })

/**
 * {@link StepStatusChange} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Emr from "effect-lambda-runtime/events/Emr"
 *
 * Emr.sampleStepStatusChange().detail.state // => "FAILED"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleStepStatusChange = (): typeof StepStatusChange.Encoded =>
  serviceSample("aws.emr", "EMR Step Status Change", {
    severity: "ERROR",
    actionOnFailure: "CONTINUE",
    stepId: "s-ZYXWVUTSRQPON",
    name: "CustomJAR",
    clusterId,
    state: "FAILED",
    message: `Step s-ZYXWVUTSRQPON (CustomJAR) in Amazon EMR cluster ${clusterId} (Development Cluster) failed.`
  })

/**
 * {@link AutoScalingPolicyStateChange} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Emr from "effect-lambda-runtime/events/Emr"
 *
 * Emr.sampleAutoScalingPolicyStateChange().detail.state // => "PENDING"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleAutoScalingPolicyStateChange = (): typeof AutoScalingPolicyStateChange.Encoded =>
  serviceSample("aws.emr", "EMR Auto Scaling Policy State Change", {
    resourceId: "ig-X2LBMHTGPCBU",
    clusterId,
    state: "PENDING",
    message: "AutoScaling policy modified by user request",
    scalingResourceType: "INSTANCE_GROUP"
  })
