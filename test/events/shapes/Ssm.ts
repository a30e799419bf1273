import * as Ssm from "../../../src/events/Ssm.ts"
import type { Shape } from "../shape.ts"

const schemas = {
  AutomationStepStatusChange: Ssm.AutomationStepStatusChange,
  AutomationExecutionStatusChange: Ssm.AutomationExecutionStatusChange,
  CalendarStateChange: Ssm.CalendarStateChange,
  ChangeRequestStatusUpdate: Ssm.ChangeRequestStatusUpdate,
  ConfigurationComplianceStateChange: Ssm.ConfigurationComplianceStateChange,
  MaintenanceWindowStateChange: Ssm.MaintenanceWindowStateChange,
  MaintenanceWindowTargetRegistration: Ssm.MaintenanceWindowTargetRegistration,
  MaintenanceWindowTaskRegistration: Ssm.MaintenanceWindowTaskRegistration,
  MaintenanceWindowExecutionStateChange: Ssm.MaintenanceWindowExecutionStateChange,
  MaintenanceWindowTaskExecutionStateChange: Ssm.MaintenanceWindowTaskExecutionStateChange,
  MaintenanceWindowTaskTargetInvocationStateChange: Ssm.MaintenanceWindowTaskTargetInvocationStateChange,
  ParameterStoreChange: Ssm.ParameterStoreChange,
  ParameterStorePolicyAction: Ssm.ParameterStorePolicyAction,
  OpsItemCreate: Ssm.OpsItemCreate,
  OpsItemUpdate: Ssm.OpsItemUpdate,
  CommandStatusChange: Ssm.CommandStatusChange,
  CommandInvocationStatusChange: Ssm.CommandInvocationStatusChange,
  StateManagerAssociationStateChange: Ssm.StateManagerAssociationStateChange,
  StateManagerInstanceAssociationStateChange: Ssm.StateManagerInstanceAssociationStateChange
}

/** What the detail of each kind has always. */
const required: Readonly<Record<keyof typeof schemas, ReadonlyArray<string>>> = {
  AutomationStepStatusChange: ["ExecutionId", "Definition", "DefinitionVersion", "Status", "StepName", "Action"],
  AutomationExecutionStatusChange: ["ExecutionId", "Definition", "DefinitionVersion", "Status"],
  CalendarStateChange: ["state", "atTime"],
  ChangeRequestStatusUpdate: ["change-request-id", "ops-item-id", "ops-item-status"],
  ConfigurationComplianceStateChange: ["compliance-status", "compliance-type", "resource-type", "resource-id"],
  MaintenanceWindowStateChange: ["window-id", "status"],
  MaintenanceWindowTargetRegistration: ["window-id", "window-target-id", "status"],
  MaintenanceWindowTaskRegistration: ["window-id", "window-task-id", "status"],
  MaintenanceWindowExecutionStateChange: ["window-id", "window-execution-id", "status"],
  MaintenanceWindowTaskExecutionStateChange: ["window-id", "window-execution-id", "task-execution-id", "status"],
  MaintenanceWindowTaskTargetInvocationStateChange: ["window-id", "window-execution-id", "task-execution-id", "status"],
  ParameterStoreChange: ["operation", "name", "type"],
  ParameterStorePolicyAction: ["parameter-name", "policy-type"],
  OpsItemCreate: ["ops-item-id", "status"],
  OpsItemUpdate: ["ops-item-id", "status"],
  CommandStatusChange: ["command-id", "document-name", "requested-date-time", "status"],
  CommandInvocationStatusChange: ["command-id", "document-name", "requested-date-time", "status", "instance-id"],
  StateManagerAssociationStateChange: ["association-id", "document-name", "status"],
  StateManagerInstanceAssociationStateChange: ["association-id", "document-name", "status", "instance-id"]
}

/** Variants of the detail, and values that are to be refused, beyond the sample. */
const more: {
  readonly [Name in keyof typeof schemas]?: {
    readonly details?: ReadonlyArray<object>
    readonly refused?: ReadonlyArray<readonly [object, string]>
    readonly normalised?: ReadonlyArray<string>
  }
} = {
  AutomationStepStatusChange: {
    details: [{ EndTime: null, Status: "InProgress", DefinitionVersion: "$DEFAULT" }],
    refused: [[{ StartTime: "2024-11-29T19:43:23Z" }, "detail.StartTime"]]
  },
  AutomationExecutionStatusChange: { refused: [[{ ExecutionId: 1 }, "detail.ExecutionId"]] },
  CalendarStateChange: { details: [{ state: "CLOSED", nextTransitionTime: null }] },
  ChangeRequestStatusUpdate: {
    details: [{ "ops-item-modified-time": "2024-10-24T10:50:33.997163Z", "ops-item-status": "Rejected" }],
    normalised: ["detail.ops-item-modified-time: \"2024-10-24T10:50:33.997163Z\" -> \"2024-10-24T10:50:33.997Z\""]
  },
  ConfigurationComplianceStateChange: {
    details: [{
      "compliance-type": "Association",
      "last-runtime": "2024-01-01T10:10:10Z",
      "patch-baseline-id": null,
      severity: null
    }],
    refused: [[{ "resource-id": null }, "detail[\"resource-id\"]"]]
  },
  MaintenanceWindowExecutionStateChange: {
    details: [
      { "start-time": "2025-06-02T14:48:28.039273Z", "end-time": null, status: "IN_PROGRESS" }
    ],
    normalised: ["detail.start-time: \"2025-06-02T14:48:28.039273Z\" -> \"2025-06-02T14:48:28.039Z\""],
    refused: [[{ "window-id": null }, "detail[\"window-id\"]"]]
  },
  ParameterStoreChange: { details: [{ operation: "Delete", description: null }] },
  CommandStatusChange: {
    details: [{ parameters: {} }, { parameters: null, "expire-after": null, status: "Undeliverable" }],
    refused: [[{ parameters: { commands: "date" } }, "detail.parameters.commands"]]
  },
  StateManagerAssociationStateChange: {
    details: [{ "last-successful-execution-date": "Optional.empty", "schedule-expression": null, targets: "[]" }],
    refused: [
      [{ targets: "i-12345678" }, "detail.targets"],
      [{ targets: "[{\"key\":\"InstanceIds\",\"values\":\"a\"}]" }, "detail.targets[0].values"],
      [
        { "association-status-aggregated-count": "{\"Success\":\"1\"}" },
        "detail[\"association-status-aggregated-count\"].Success"
      ]
    ]
  }
}

const place = (key: string) => /^\w+$/.test(key) ? `.${key}` : `["${key}"]`

const isKnown = (name: string): name is keyof typeof schemas => Object.hasOwn(schemas, name)

export const shapes: ReadonlyArray<Shape> = Object.keys(schemas).filter(isKnown).map((name) => {
  const schema = schemas[name]
  const event = Ssm.sample(schema.fields["detail-type"].literal)
  const withDetail = (detail: object) => ({ ...event, detail: Object.assign({}, event.detail, detail) })
  const { details = [], normalised, refused = [] } = more[name] ?? {}
  const bare = Object.fromEntries(Object.entries(event.detail ?? {}).filter(([key]) => required[name].includes(key)))
  return {
    name: `Ssm.${name}`,
    kind: "request",
    schema,
    samples: [event, { ...event, detail: bare }, ...details.map(withDetail)],
    normalised,
    refused: [
      [{ ...event, "detail-type": "Inventory Resource State Change" }, "[\"detail-type\"]"],
      ...required[name].map((key) => [{ ...event, detail: {} }, `detail${place(key)}`] as const),
      ...refused.map(([detail, path]) => [withDetail(detail), path] as const)
    ]
  }
})
