/**
 * Lifecycle events of AWS Control Tower, by way of EventBridge.
 *
 * @see https://docs.aws.amazon.com/controltower/latest/userguide/lifecycle-events.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { serviceEvent, serviceSample } from "../internal/events/serviceEvent.ts"
import * as CloudTrail from "./CloudTrail.ts"
import * as Timestamp from "./Timestamp.ts"

const organizationalUnit = Schema.Struct({
  organizationalUnitName: Schema.String,
  organizationalUnitId: Schema.String
})

const account = Schema.Struct({ accountName: Schema.String, accountId: Schema.String })

const outcomeFields = { state: openEnum(["SUCCEEDED", "FAILED"]), message: Schema.String }

const completedFields = { completedTimestamp: Timestamp.IsoSeconds }

const requestedFields = { requestedTimestamp: Timestamp.IsoSeconds, ...completedFields }

const managedAccountStatus = nullish(
  Schema.Struct({ ...outcomeFields, ...requestedFields, organizationalUnit, account })
)

const guardrailStatus = nullish(Schema.Struct({
  ...outcomeFields,
  /** Only here it has this name, and elsewhere `requestedTimestamp`. */
  requestTimestamp: Timestamp.IsoSeconds,
  ...completedFields,
  organizationalUnits: Schema.Array(organizationalUnit),
  guardrails: Schema.Array(Schema.Struct({
    guardrailId: Schema.String,
    guardrailBehavior: openEnum(["DETECTIVE", "PREVENTIVE", "PROACTIVE"])
  }))
}))

const landingZoneStatus = nullish(Schema.Struct({
  ...outcomeFields,
  ...requestedFields,
  rootOrganizationalId: Schema.String,
  organizationalUnits: Schema.Array(organizationalUnit),
  accounts: Schema.Array(account)
}))

const organizationalUnitStatus = nullish(
  Schema.Struct({ ...outcomeFields, ...requestedFields, organizationalUnit })
)

const failedPrechecks = nullish(Schema.Array(Schema.String))

const enabledBaseline = Schema.Struct({
  arn: Schema.String,
  parentIdentifier: nullish(Schema.String),
  targetIdentifier: Schema.String,
  baselineIdentifier: Schema.String,
  baselineVersion: nullish(Schema.String),
  statusSummary: Schema.Struct({
    lastOperationIdentifier: nullish(Schema.String),
    status: openEnum(["SUCCEEDED", "FAILED", "UNDER_CHANGE"])
  }),
  parameters: nullish(Schema.Array(Schema.Struct({ key: Schema.String, value: Schema.Json })))
})

const baselineStatus = nullish(Schema.Struct({
  ...requestedFields,
  enabledBaselineDetails: enabledBaseline,
  /** Of `DisableBaseline`. */
  baselineDetails: nullish(enabledBaseline)
}))

/**
 * The detail of {@link LifecycleEvent}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const LifecycleEventDetail = Schema.Struct({
  ...CloudTrail.Detail.fields,
  eventName: openEnum([
    "CreateManagedAccount",
    "UpdateManagedAccount",
    "EnableGuardrail",
    "DisableGuardrail",
    "SetupLandingZone",
    "UpdateLandingZone",
    "RegisterOrganizationalUnit",
    "DeregisterOrganizationalUnit",
    "PrecheckOrganizationalUnit",
    "EnableBaseline",
    "ResetEnabledBaseline",
    "UpdateEnabledBaseline",
    "DisableBaseline"
  ]),
  serviceEventDetails: Schema.Struct({
    createManagedAccountStatus: managedAccountStatus,
    updateManagedAccountStatus: managedAccountStatus,
    enableGuardrailStatus: guardrailStatus,
    disableGuardrailStatus: guardrailStatus,
    setupLandingZoneStatus: landingZoneStatus,
    updateLandingZoneStatus: landingZoneStatus,
    registerOrganizationalUnitStatus: organizationalUnitStatus,
    deregisterOrganizationalUnitStatus: organizationalUnitStatus,
    precheckOrganizationalUnitStatus: nullish(Schema.Struct({
      ...outcomeFields,
      ...requestedFields,
      organizationalUnit: Schema.Struct({ ...organizationalUnit.fields, failedPrechecks }),
      accounts: Schema.Array(Schema.Struct({ ...account.fields, failedPrechecks }))
    })),
    enableBaselineStatus: baselineStatus,
    resetEnabledBaselineStatus: baselineStatus,
    updateEnabledBaselineStatus: baselineStatus,
    disableBaselineStatus: baselineStatus
  })
})

/**
 * A decoded {@link LifecycleEventDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface LifecycleEventDetail extends Schema.Schema.Type<typeof LifecycleEventDetail> {}

/**
 * An action of Control Tower that is complete, whether it has succeeded or failed: in one of the keys of
 * `serviceEventDetails`, which `eventName` tells.
 *
 * **Details**
 *
 * Every time within the detail encodes with `Z` in place of `+0000`.
 *
 * **Gotchas**
 *
 * An account whose creation is tried again is in an `UpdateManagedAccount`, and not in a `CreateManagedAccount`.
 *
 * **Example** (Accounts that are ready)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as ControlTower from "effect-lambda-runtime/events/ControlTower"
 * import * as Effect from "effect/Effect"
 *
 * const welcome = Handler.make({ event: ControlTower.LifecycleEvent }, ({ detail }) => {
 *   const { createManagedAccountStatus, updateManagedAccountStatus } = detail.serviceEventDetails
 *   const status = createManagedAccountStatus ?? updateManagedAccountStatus
 *   return status?.state === "SUCCEEDED" ? Effect.log(status.account.accountId) : Effect.void
 * })
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const LifecycleEvent = serviceEvent(Schema.Literal("AWS Service Event via CloudTrail"), LifecycleEventDetail)

/**
 * A decoded {@link LifecycleEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface LifecycleEvent extends Schema.Schema.Type<typeof LifecycleEvent> {}

/**
 * {@link LifecycleEvent} as Lambda delivers it, of an account that was created.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as ControlTower from "effect-lambda-runtime/events/ControlTower"
 *
 * ControlTower.sampleLifecycleEvent().detail.eventName // => "CreateManagedAccount"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleLifecycleEvent = (): typeof LifecycleEvent.Encoded =>
  serviceSample("aws.controltower", "AWS Service Event via CloudTrail", {
    eventVersion: "1.05",
    userIdentity: { accountId: "123456789012", invokedBy: "AWS Internal" },
    eventTime: "2018-08-30T21:42:18Z",
    eventSource: "controltower.amazonaws.com",
    eventName: "CreateManagedAccount",
    awsRegion: "us-east-1",
    sourceIPAddress: "AWS Internal",
    userAgent: "AWS Internal",
    eventID: "0000000-0000-0000-1111-123456789012",
    readOnly: false,
    eventType: "AwsServiceEvent",
    serviceEventDetails: {
      createManagedAccountStatus: {
        organizationalUnit: { organizationalUnitName: "Custom", organizationalUnitId: "ou-abcd-l3zc8b3h" },
        account: { accountName: "LifeCycle1", accountId: "624281831893" },
        state: "SUCCEEDED",
        message: "AWS Control Tower successfully created a managed account.",
        requestedTimestamp: "2019-11-15T11:45:18Z",
        completedTimestamp: "2019-11-16T12:09:32Z"
      }
    }
  })
