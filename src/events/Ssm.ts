/**
 * Events of AWS Systems Manager, which come by way of EventBridge.
 *
 * What a schema decodes from the `detail` of an event is the type of its `fields.detail`.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-systems-manager-event-examples.html
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/reference-eventbridge-events.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { jsonString } from "../internal/events/jsonString.ts"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { StringListMap } from "../internal/events/stringMaps.ts"
import * as systemsManagerSamples from "../internal/events/systemsManagerSamples.ts"
import * as EventBridge from "./EventBridge.ts"
import * as Timestamp from "./Timestamp.ts"

/** An event by its kind. Its fields are made where it is used: bundles have no others. */
const eventOf = <const DetailType extends string, const Fields extends Schema.Struct.Fields>(
  detailType: DetailType,
  fields: () => Fields
) => EventBridge.eventOf(detailType, Schema.Struct(fields()))

const automationFields = () => ({
  ExecutionId: Schema.String,
  /** The name of the runbook. */
  Definition: Schema.String,
  DefinitionVersion: Schema.Union([Schema.Finite, Schema.String]),
  Status: openEnum(["InProgress", "Success", "Failed", "TimedOut", "Cancelled", "Waiting", "Pending"]),
  StartTime: nullish(Timestamp.AmericanEnglish),
  EndTime: nullish(Timestamp.AmericanEnglish),
  /** Milliseconds that it took. */
  Time: nullish(Schema.Finite)
})

/**
 * A step of an automation that has another status.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AutomationStepStatusChange = /* @__PURE__ */ eventOf(
  "EC2 Automation Step Status-change Notification",
  () => ({
    ...automationFields(),
    StepName: Schema.String,
    Action: Schema.String
  })
)

/**
 * A decoded {@link AutomationStepStatusChange}.
 *
 * @category models
 * @since 0.1.0
 */
export interface AutomationStepStatusChange extends Schema.Schema.Type<typeof AutomationStepStatusChange> {}

/**
 * An automation that has another status.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AutomationExecutionStatusChange = /* @__PURE__ */ eventOf(
  "EC2 Automation Execution Status-change Notification",
  () => ({
    ...automationFields(),
    /** The ARN of who has started it. */
    ExecutedBy: nullish(Schema.String)
  })
)

/**
 * A decoded {@link AutomationExecutionStatusChange}.
 *
 * @category models
 * @since 0.1.0
 */
export interface AutomationExecutionStatusChange extends Schema.Schema.Type<typeof AutomationExecutionStatusChange> {}

/**
 * A calendar of Change Calendar that has opened or closed.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CalendarStateChange = /* @__PURE__ */ eventOf("Calendar State Change", () => ({
  state: openEnum(["OPEN", "CLOSED"]),
  atTime: Timestamp.IsoSeconds,
  nextTransitionTime: nullish(Timestamp.IsoSeconds)
}))

/**
 * A decoded {@link CalendarStateChange}.
 *
 * @category models
 * @since 0.1.0
 */
export interface CalendarStateChange extends Schema.Schema.Type<typeof CalendarStateChange> {}

/**
 * A request of Change Manager that has another status.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ChangeRequestStatusUpdate = /* @__PURE__ */ eventOf("Change Request Status Update", () => ({
  "change-request-id": Schema.String,
  "change-request-title": nullish(Schema.String),
  "ops-item-id": Schema.String,
  "ops-item-created-by": nullish(Schema.String),
  "ops-item-created-time": nullish(Timestamp.IsoSeconds),
  "ops-item-modified-by": nullish(Schema.String),
  "ops-item-modified-time": nullish(Timestamp.IsoSeconds),
  "ops-item-status": Schema.String,
  "change-template-document-name": nullish(Schema.String),
  "runbook-document-arn": nullish(Schema.String),
  "runbook-document-version": nullish(Schema.String),
  "auto-approve": nullish(Schema.Boolean),
  approvers: nullish(Schema.Array(Schema.String))
}))

/**
 * A decoded {@link ChangeRequestStatusUpdate}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ChangeRequestStatusUpdate extends Schema.Schema.Type<typeof ChangeRequestStatusUpdate> {}

/**
 * A resource that complies with an association or a patch baseline now, or does not any more.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ConfigurationComplianceStateChange = /* @__PURE__ */ eventOf(
  "Configuration Compliance State Change",
  () => ({
    "compliance-status": openEnum(["compliant", "non_compliant"]),
    "compliance-type": openEnum(["Association", "Patch"]),
    "resource-type": Schema.String,
    "resource-id": Schema.String,
    /** Associations. */
    "last-runtime": nullish(Timestamp.IsoSeconds),
    /** Patches. */
    "patch-baseline-id": nullish(Schema.String),
    /** Patches. */
    severity: nullish(Schema.String)
  })
)

/**
 * A decoded {@link ConfigurationComplianceStateChange}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ConfigurationComplianceStateChange
  extends Schema.Schema.Type<typeof ConfigurationComplianceStateChange>
{}

const executionFields = () => ({
  "window-id": Schema.String,
  "window-execution-id": Schema.String,
  status: openEnum([
    "PENDING",
    "IN_PROGRESS",
    "SUCCESS",
    "FAILED",
    "TIMED_OUT",
    "CANCELLING",
    "CANCELLED",
    "SKIPPED_OVERLAPPING"
  ]),
  "start-time": nullish(Timestamp.IsoSeconds),
  "end-time": nullish(Timestamp.IsoSeconds)
})

/**
 * A maintenance window that was enabled or disabled.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MaintenanceWindowStateChange = /* @__PURE__ */ eventOf(
  "Maintenance Window State-change Notification",
  () => ({
    "window-id": Schema.String,
    status: openEnum(["ENABLED", "DISABLED"])
  })
)

/**
 * A decoded {@link MaintenanceWindowStateChange}.
 *
 * @category models
 * @since 0.1.0
 */
export interface MaintenanceWindowStateChange extends Schema.Schema.Type<typeof MaintenanceWindowStateChange> {}

/**
 * A target that a maintenance window has got or lost.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MaintenanceWindowTargetRegistration = /* @__PURE__ */ eventOf(
  "Maintenance Window Target Registration Notification",
  () => ({
    "window-id": Schema.String,
    "window-target-id": Schema.String,
    status: openEnum(["REGISTERED", "DEREGISTERED"])
  })
)

/**
 * A decoded {@link MaintenanceWindowTargetRegistration}.
 *
 * @category models
 * @since 0.1.0
 */
export interface MaintenanceWindowTargetRegistration
  extends Schema.Schema.Type<typeof MaintenanceWindowTargetRegistration>
{}

/**
 * A task that a maintenance window has got or lost.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MaintenanceWindowTaskRegistration = /* @__PURE__ */ eventOf(
  "Maintenance Window Task Registration Notification",
  () => ({
    "window-id": Schema.String,
    "window-task-id": Schema.String,
    status: openEnum(["REGISTERED", "DEREGISTERED", "UPDATED"])
  })
)

/**
 * A decoded {@link MaintenanceWindowTaskRegistration}.
 *
 * @category models
 * @since 0.1.0
 */
export interface MaintenanceWindowTaskRegistration
  extends Schema.Schema.Type<typeof MaintenanceWindowTaskRegistration>
{}

/**
 * A maintenance window that has another state while it is open.
 *
 * **Details**
 *
 * Times have microseconds, of which milliseconds are kept.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MaintenanceWindowExecutionStateChange = /* @__PURE__ */ eventOf(
  "Maintenance Window Execution State-change Notification",
  () => ({
    ...executionFields()
  })
)

/**
 * A decoded {@link MaintenanceWindowExecutionStateChange}.
 *
 * @category models
 * @since 0.1.0
 */
export interface MaintenanceWindowExecutionStateChange
  extends Schema.Schema.Type<typeof MaintenanceWindowExecutionStateChange>
{}

/**
 * A task of a maintenance window that has another state.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MaintenanceWindowTaskExecutionStateChange = /* @__PURE__ */ eventOf(
  "Maintenance Window Task Execution State-change Notification",
  () => ({
    ...executionFields(),
    "task-execution-id": Schema.String
  })
)

/**
 * A decoded {@link MaintenanceWindowTaskExecutionStateChange}.
 *
 * @category models
 * @since 0.1.0
 */
export interface MaintenanceWindowTaskExecutionStateChange
  extends Schema.Schema.Type<typeof MaintenanceWindowTaskExecutionStateChange>
{}

/**
 * A task of a maintenance window that has another state on one of its targets.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MaintenanceWindowTaskTargetInvocationStateChange = /* @__PURE__ */ eventOf(
  "Maintenance Window Task Target Invocation State-change Notification",
  () => ({
    ...executionFields(),
    "task-execution-id": Schema.String,
    "window-target-id": nullish(Schema.String),
    "owner-information": nullish(Schema.String)
  })
)

/**
 * A decoded {@link MaintenanceWindowTaskTargetInvocationStateChange}.
 *
 * @category models
 * @since 0.1.0
 */
export interface MaintenanceWindowTaskTargetInvocationStateChange
  extends Schema.Schema.Type<typeof MaintenanceWindowTaskTargetInvocationStateChange>
{}

/**
 * A parameter that was created, changed, deleted, or given a label.
 *
 * **Gotchas**
 *
 * The value is not in the event: `GetParameter` has it.
 *
 * **Example** (Read a parameter again that has changed)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Ssm from "effect-lambda-runtime/events/Ssm"
 * import * as Effect from "effect/Effect"
 *
 * const refresh = Handler.make({ event: Ssm.ParameterStoreChange }, ({ detail }) =>
 *   detail.operation === "Update" ? Effect.log(detail.name) : Effect.void)
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const ParameterStoreChange = /* @__PURE__ */ eventOf("Parameter Store Change", () => ({
  operation: openEnum(["Create", "Update", "Delete", "LabelParameterVersion"]),
  name: Schema.String,
  type: openEnum(["String", "StringList", "SecureString"]),
  description: nullish(Schema.String)
}))

/**
 * A decoded {@link ParameterStoreChange}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ParameterStoreChange extends Schema.Schema.Type<typeof ParameterStoreChange> {}

/**
 * A policy of a parameter that has done what it is for: the parameter expires, or has not changed for long.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ParameterStorePolicyAction = /* @__PURE__ */ eventOf("Parameter Store Policy Action", () => ({
  "parameter-name": Schema.String,
  "parameter-type": nullish(Schema.String),
  "policy-type": openEnum(["Expiration", "ExpirationNotification", "NoChangeNotification"]),
  /** The policy, as JSON. */
  "policy-content": nullish(Schema.String),
  "action-status": nullish(Schema.String),
  "action-reason": nullish(Schema.String)
}))

/**
 * A decoded {@link ParameterStorePolicyAction}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ParameterStorePolicyAction extends Schema.Schema.Type<typeof ParameterStorePolicyAction> {}

const opsItemFields = () => ({
  "ops-item-id": Schema.String,
  "ops-item-type": nullish(Schema.String),
  title: nullish(Schema.String),
  description: nullish(Schema.String),
  source: nullish(Schema.String),
  status: Schema.String,
  "created-by": nullish(Schema.String),
  "created-time": nullish(Timestamp.IsoSeconds)
})

/**
 * An item of OpsCenter that was created.
 *
 * **Details**
 *
 * Times have microseconds, of which milliseconds are kept.
 *
 * @category schemas
 * @since 0.1.0
 */
export const OpsItemCreate = /* @__PURE__ */ eventOf("OpsItem Create", () => ({
  ...opsItemFields()
}))

/**
 * A decoded {@link OpsItemCreate}.
 *
 * @category models
 * @since 0.1.0
 */
export interface OpsItemCreate extends Schema.Schema.Type<typeof OpsItemCreate> {}

/**
 * An item of OpsCenter that has changed.
 *
 * @category schemas
 * @since 0.1.0
 */
export const OpsItemUpdate = /* @__PURE__ */ eventOf("OpsItem Update", () => ({
  ...opsItemFields(),
  "modified-by": nullish(Schema.String),
  "modified-time": nullish(Timestamp.IsoSeconds)
}))

/**
 * A decoded {@link OpsItemUpdate}.
 *
 * @category models
 * @since 0.1.0
 */
export interface OpsItemUpdate extends Schema.Schema.Type<typeof OpsItemUpdate> {}

const commandFields = () => ({
  "command-id": Schema.String,
  "document-name": Schema.String,
  "requested-date-time": Timestamp.IsoSeconds,
  status: openEnum([
    "Pending",
    "InProgress",
    "Success",
    "Cancelled",
    "Failed",
    "TimedOut",
    "Cancelling"
  ])
})

/**
 * A command of Run Command that has another status.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CommandStatusChange = /* @__PURE__ */ eventOf("EC2 Command Status-change Notification", () => ({
  ...commandFields(),
  "expire-after": nullish(Timestamp.IsoSeconds),
  /** Every parameter is a list. */
  parameters: nullish(StringListMap)
}))

/**
 * A decoded {@link CommandStatusChange}.
 *
 * @category models
 * @since 0.1.0
 */
export interface CommandStatusChange extends Schema.Schema.Type<typeof CommandStatusChange> {}

/**
 * A command of Run Command that has another status on one of its instances.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CommandInvocationStatusChange = /* @__PURE__ */ eventOf(
  "EC2 Command Invocation Status-change Notification",
  () => ({
    ...commandFields(),
    "instance-id": Schema.String
  })
)

/**
 * A decoded {@link CommandInvocationStatusChange}.
 *
 * @category models
 * @since 0.1.0
 */
export interface CommandInvocationStatusChange extends Schema.Schema.Type<typeof CommandInvocationStatusChange> {}

const targets = () =>
  jsonString(Schema.Array(Schema.Struct({ key: Schema.String, values: Schema.Array(Schema.String) })))

const associationFields = () => ({
  "association-id": Schema.String,
  "document-name": Schema.String,
  /** A number, or `Optional.empty`. */
  "document-version": nullish(Schema.String),
  targets: nullish(targets()),
  "creation-date": nullish(Timestamp.IsoSeconds),
  /** ISO 8601; as text, because AWS may write that there is none. */
  "last-successful-execution-date": nullish(Schema.String),
  /** ISO 8601; as text, because AWS may write that there is none. */
  "last-execution-date": nullish(Schema.String),
  status: openEnum(["Pending", "Success", "Failed", "Skipped", "Associated"])
})

/**
 * An association of State Manager that has another status.
 *
 * @category schemas
 * @since 0.1.0
 */
export const StateManagerAssociationStateChange = /* @__PURE__ */ eventOf(
  "EC2 State Manager Association State Change",
  () => ({
    ...associationFields(),
    "association-version": nullish(Schema.String),
    "last-updated-date": nullish(Timestamp.IsoSeconds),
    /** How many resources have which status. */
    "association-status-aggregated-count": nullish(jsonString(Schema.Record(Schema.String, Schema.Finite))),
    "schedule-expression": nullish(Schema.String),
    "association-cwe-version": nullish(Schema.String)
  })
)

/**
 * A decoded {@link StateManagerAssociationStateChange}.
 *
 * @category models
 * @since 0.1.0
 */
export interface StateManagerAssociationStateChange
  extends Schema.Schema.Type<typeof StateManagerAssociationStateChange>
{}

/**
 * An association of State Manager that has another status on one of its instances.
 *
 * @category schemas
 * @since 0.1.0
 */
export const StateManagerInstanceAssociationStateChange = /* @__PURE__ */ eventOf(
  "EC2 State Manager Instance Association State Change",
  () => ({
    ...associationFields(),
    "instance-id": Schema.String,
    "detailed-status": nullish(Schema.String),
    "error-code": nullish(Schema.String),
    "execution-summary": nullish(Schema.String),
    "output-url": nullish(Schema.String),
    "instance-association-cwe-version": nullish(Schema.String)
  })
)

/**
 * A decoded {@link StateManagerInstanceAssociationStateChange}.
 *
 * @category models
 * @since 0.1.0
 */
export interface StateManagerInstanceAssociationStateChange
  extends Schema.Schema.Type<typeof StateManagerInstanceAssociationStateChange>
{}

/**
 * An event of the given kind as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Ssm from "effect-lambda-runtime/events/Ssm"
 *
 * Ssm.sample("OpsItem Create").source // => "aws.ssm"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (
  detailType: keyof ReturnType<typeof systemsManagerSamples.details> = "Parameter Store Change"
): typeof EventBridge.Event.Encoded => ({
  version: "0",
  id: "6a7e4feb-b491-4cf7-a9f1-bf3703497718",
  "detail-type": detailType,
  source: "aws.ssm",
  account: "123456789012",
  time: "2024-05-22T16:43:48Z",
  region: "us-east-2",
  resources: ["arn:aws:ssm:us-east-2:123456789012:parameter/shop/price"],
  detail: systemsManagerSamples.details()[detailType]
})
