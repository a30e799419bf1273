/**
 * AWS CodeDeploy: hooks of a deployment, and deployments that change their state, by way of EventBridge.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-cloudwatch-events.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { serviceEvent, serviceSample } from "../internal/events/serviceEvent.ts"

const detailFields = {
  region: Schema.String,
  application: Schema.String,
  deploymentGroup: Schema.String,
  deploymentId: Schema.String,
  instanceGroupId: nullish(Schema.String),
  state: openEnum(["START", "READY", "SUCCESS", "FAILURE", "STOP"])
}

/**
 * The detail of {@link DeploymentStateChange}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const DeploymentStateChangeDetail = Schema.Struct(detailFields)

/**
 * A decoded {@link DeploymentStateChangeDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface DeploymentStateChangeDetail extends Schema.Schema.Type<typeof DeploymentStateChangeDetail> {}

/**
 * A deployment that has changed its state.
 *
 * @category schemas
 * @since 0.1.0
 */
export const DeploymentStateChange = serviceEvent(
  Schema.Literal("CodeDeploy Deployment State-change Notification"),
  DeploymentStateChangeDetail
)

/**
 * A decoded {@link DeploymentStateChange}.
 *
 * @category models
 * @since 0.1.0
 */
export interface DeploymentStateChange extends Schema.Schema.Type<typeof DeploymentStateChange> {}

/**
 * The detail of {@link InstanceStateChange}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const InstanceStateChangeDetail = Schema.Struct({ ...detailFields, instanceId: Schema.String })

/**
 * A decoded {@link InstanceStateChangeDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface InstanceStateChangeDetail extends Schema.Schema.Type<typeof InstanceStateChangeDetail> {}

/**
 * An instance of a deployment group that has changed its state.
 *
 * @category schemas
 * @since 0.1.0
 */
export const InstanceStateChange = serviceEvent(
  Schema.Literal("CodeDeploy Instance State-change Notification"),
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
 * What a function is given that is the hook of a deployment of Lambda or of Amazon ECS.
 *
 * **Gotchas**
 *
 * Nothing is read from what the function answers: the deployment waits for `PutLifecycleEventHookExecutionStatus`, with
 * both ids, and fails after an hour.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html
 * @category schemas
 * @since 0.1.0
 */
export const LifecycleHookEvent = Schema.Struct({
  DeploymentId: Schema.String,
  LifecycleEventHookExecutionId: Schema.String
}).annotate({ title: "a CodeDeploy event" })

/**
 * A decoded {@link LifecycleHookEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface LifecycleHookEvent extends Schema.Schema.Type<typeof LifecycleHookEvent> {}

const resources = [
  "arn:aws:codedeploy:us-east-1:123456789012:application:myApplication",
  "arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:myApplication/myDeploymentGroup"
]

const sampleFields = {
  instanceGroupId: "9fd2fbef-2157-40d8-91e7-6845af69e2d2",
  region: "us-east-1",
  application: "myApplication",
  deploymentId: "d-123456789",
  state: "SUCCESS",
  deploymentGroup: "myDeploymentGroup"
}

/**
 * {@link DeploymentStateChange} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as CodeDeploy from "effect-lambda-runtime/events/CodeDeploy"
 *
 * CodeDeploy.sampleDeploymentStateChange().detail.state // => "SUCCESS"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleDeploymentStateChange = (): typeof DeploymentStateChange.Encoded =>
  serviceSample("aws.codedeploy", "CodeDeploy Deployment State-change Notification", sampleFields, resources)

/**
 * {@link InstanceStateChange} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as CodeDeploy from "effect-lambda-runtime/events/CodeDeploy"
 *
 * CodeDeploy.sampleInstanceStateChange().detail.instanceId // => "i-0000000aaaaaaaaaa"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleInstanceStateChange = (): typeof InstanceStateChange.Encoded =>
  serviceSample("aws.codedeploy", "CodeDeploy Instance State-change Notification", {
    ...sampleFields,
    instanceId: "i-0000000aaaaaaaaaa"
  }, ["arn:aws:ec2:us-east-1:123456789012:instance/i-0000000aaaaaaaaaa", ...resources])

/**
 * {@link LifecycleHookEvent} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as CodeDeploy from "effect-lambda-runtime/events/CodeDeploy"
 *
 * CodeDeploy.sampleLifecycleHookEvent().DeploymentId // => "d-123456789"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleLifecycleHookEvent = (): typeof LifecycleHookEvent.Encoded => ({
  DeploymentId: "d-123456789",
  LifecycleEventHookExecutionId: "eyJlbmNyeXB0ZWREYXRhIjoiY3VHU2NjdkJXUTJQ"
})
