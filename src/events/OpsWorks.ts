/**
 * AWS OpsWorks Stacks, by way of EventBridge. AWS has ended the service.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/events/EventTypes.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { serviceEvent, serviceSample } from "../internal/events/serviceEvent.ts"

/**
 * The detail of {@link InstanceStateChange}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const InstanceStateChangeDetail = Schema.Struct({
  "stack-id": Schema.String,
  "layer-ids": Schema.Array(Schema.String),
  "instance-id": Schema.String,
  "ec2-instance-id": nullish(Schema.String),
  hostname: Schema.String,
  status: openEnum([
    "requested",
    "pending",
    "booting",
    "running_setup",
    "online",
    "setup_failed",
    "start_failed",
    "stopping",
    "stop_failed",
    "stopped",
    "shutting_down",
    "terminating",
    "terminated",
    "rebooting",
    "connection_lost"
  ]),
  /** Of an instance that is requested, stopping or terminating. */
  initiated_by: nullish(openEnum(["user", "auto-scaling", "auto-healing"]))
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
  Schema.Literal("OpsWorks Instance State Change"),
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
 * The detail of {@link CommandStateChange}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CommandStateChangeDetail = Schema.Struct({
  "command-id": Schema.String,
  "instance-id": Schema.String,
  type: Schema.String,
  status: openEnum(["successful", "failed", "expired", "skipped", "superseded"])
})

/**
 * A decoded {@link CommandStateChangeDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface CommandStateChangeDetail extends Schema.Schema.Type<typeof CommandStateChangeDetail> {}

/**
 * A command on an instance that has changed its state.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CommandStateChange = serviceEvent(
  Schema.Literal("OpsWorks Command State Change"),
  CommandStateChangeDetail
)

/**
 * A decoded {@link CommandStateChange}.
 *
 * @category models
 * @since 0.1.0
 */
export interface CommandStateChange extends Schema.Schema.Type<typeof CommandStateChange> {}

/**
 * The detail of {@link DeploymentStateChange}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const DeploymentStateChangeDetail = Schema.Struct({
  "deployment-id": Schema.String,
  "stack-id": Schema.String,
  "instance-ids": Schema.Array(Schema.String),
  command: Schema.String,
  status: openEnum(["running", "successful", "failed"]),
  /** In seconds, of a deployment that has ended. */
  duration: nullish(Schema.Finite)
})

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
  Schema.Literal("OpsWorks Deployment State Change"),
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
 * The detail of {@link Alert}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AlertDetail = Schema.Struct({
  "stack-id": Schema.String,
  "instance-id": nullish(Schema.String),
  type: Schema.String,
  message: Schema.String
})

/**
 * A decoded {@link AlertDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface AlertDetail extends Schema.Schema.Type<typeof AlertDetail> {}

/**
 * An error of the service.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Alert = serviceEvent(Schema.Literal("OpsWorks Alert"), AlertDetail)

/**
 * A decoded {@link Alert}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Alert extends Schema.Schema.Type<typeof Alert> {}

const stack = "acd3df16-e859-4598-8414-377b12a902da"

const instance = "a648d98f-fdd8-4323-952a-a50a3e4e500f"

const resources = [`arn:aws:opsworks:us-east-1:123456789012:instance/${instance}`]

/**
 * {@link InstanceStateChange} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as OpsWorks from "effect-lambda-runtime/events/OpsWorks"
 *
 * OpsWorks.sampleInstanceStateChange().detail.status // => "requested"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleInstanceStateChange = (): typeof InstanceStateChange.Encoded =>
  serviceSample("aws.opsworks", "OpsWorks Instance State Change", {
    initiated_by: "user",
    hostname: "testing1",
    "stack-id": stack,
    "layer-ids": ["d1a0cb7f-c7e9-4a63-811c-976f0267b2c8"],
    "instance-id": instance,
    "ec2-instance-id": "i-08b1c2b67aa292276",
    status: "requested"
  }, resources)

/**
 * {@link CommandStateChange} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as OpsWorks from "effect-lambda-runtime/events/OpsWorks"
 *
 * OpsWorks.sampleCommandStateChange().detail.type // => "setup"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleCommandStateChange = (): typeof CommandStateChange.Encoded =>
  serviceSample("aws.opsworks", "OpsWorks Command State Change", {
    "command-id": "acc9f4f3-a3ec-4fab-b70f-c7d04e71e3ec",
    "instance-id": instance,
    type: "setup",
    status: "successful"
  }, resources)

/**
 * {@link DeploymentStateChange} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as OpsWorks from "effect-lambda-runtime/events/OpsWorks"
 *
 * OpsWorks.sampleDeploymentStateChange().detail.duration // => 16
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleDeploymentStateChange = (): typeof DeploymentStateChange.Encoded =>
  serviceSample("aws.opsworks", "OpsWorks Deployment State Change", {
    duration: 16,
    "stack-id": stack,
    "instance-ids": [instance],
    "deployment-id": "606419dc-418e-489c-8531-bff9770fc346",
    command: "configure",
    status: "successful"
  }, resources)

/**
 * {@link Alert} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as OpsWorks from "effect-lambda-runtime/events/OpsWorks"
 *
 * OpsWorks.sampleAlert().detail.type // => "InstanceStop"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleAlert = (): typeof Alert.Encoded =>
  serviceSample("aws.opsworks", "OpsWorks Alert", {
    "stack-id": stack,
    "instance-id": instance,
    type: "InstanceStop",
    message: "The shutdown of the instance timed out. Please try stopping it again."
  })
