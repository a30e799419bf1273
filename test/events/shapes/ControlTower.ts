import * as ControlTower from "../../../src/events/ControlTower.ts"
import type { Shape } from "../shape.ts"

const event = ControlTower.sampleLifecycleEvent()

const ofKind = (eventName: string, serviceEventDetails: object) => ({
  ...event,
  detail: { ...event.detail, eventName, serviceEventDetails }
})

const outcome = { state: "SUCCEEDED", message: "AWS Control Tower did it." }

const requested = { requestedTimestamp: "2018-08-30T21:42:18Z", completedTimestamp: "2018-08-30T21:43:18Z" }

const organizationalUnit = { organizationalUnitName: "Custom", organizationalUnitId: "ou-vwxy-18vy4yro" }

const account = { accountName: "Audit", accountId: "111111111111" }

const guardrail = {
  ...outcome,
  organizationalUnits: [organizationalUnit],
  guardrails: [{ guardrailId: "AWS-GR_RDS_INSTANCE_PUBLIC_ACCESS_CHECK", guardrailBehavior: "DETECTIVE" }],
  requestTimestamp: "2019-11-12T09:01:07Z",
  completedTimestamp: "2019-11-12T09:01:54Z"
}

const landingZone = {
  ...outcome,
  ...requested,
  rootOrganizationalId: "r-1234",
  organizationalUnits: [organizationalUnit],
  accounts: [account]
}

const enabledBaselineDetails = {
  arn: "arn:aws:controltower:us-east-1:123456789012:enabledbaseline/ABCDEFGHIJKLMNOP",
  parentIdentifier: "arn:aws:organizations::123456789012:ou/o-abcde12345/ou-abcd-12345678",
  targetIdentifier: "arn:aws:organizations::123456789012:ou/o-abcde12345/ou-abcd-33333333",
  baselineIdentifier: "arn:aws:controltower:us-east-1::baseline/ABCDE12345678",
  baselineVersion: "1.0",
  statusSummary: { lastOperationIdentifier: "aaaabbbb-cccc-dddd-eeee-ffffffffffff", status: "SUCCEEDED" },
  parameters: [{ key: "IdentityCenterEnabledBaselineArn", value: { untyped: { object: "arn" } } }]
}

const kinds = [
  ofKind("UpdateManagedAccount", {
    updateManagedAccountStatus: {
      ...outcome,
      organizationalUnit,
      account,
      // As the documentation of the accounts has it.
      requestedTimestamp: "2019-11-15T11:45:18+0000",
      completedTimestamp: "2019-11-16T12:09:32+0000"
    }
  }),
  ofKind("EnableGuardrail", { enableGuardrailStatus: guardrail }),
  ofKind("DisableGuardrail", { disableGuardrailStatus: guardrail }),
  ofKind("SetupLandingZone", { setupLandingZoneStatus: landingZone }),
  ofKind("UpdateLandingZone", { updateLandingZoneStatus: { ...landingZone, state: "FAILED" } }),
  ofKind("RegisterOrganizationalUnit", {
    registerOrganizationalUnitStatus: { ...outcome, ...requested, organizationalUnit }
  }),
  ofKind("DeregisterOrganizationalUnit", {
    deregisterOrganizationalUnitStatus: { ...outcome, ...requested, organizationalUnit }
  }),
  ofKind("PrecheckOrganizationalUnit", {
    precheckOrganizationalUnitStatus: {
      ...outcome,
      ...requested,
      organizationalUnit: { ...organizationalUnit, failedPrechecks: [] },
      accounts: [{ ...account, failedPrechecks: ["CONFIG_RECORDER_CHECK"] }, account]
    }
  }),
  ofKind("EnableBaseline", { enableBaselineStatus: { enabledBaselineDetails, ...requested } }),
  ofKind("ResetEnabledBaseline", { resetEnabledBaselineStatus: { enabledBaselineDetails, ...requested } }),
  ofKind("UpdateEnabledBaseline", { updateEnabledBaselineStatus: { enabledBaselineDetails, ...requested } }),
  ofKind("DisableBaseline", {
    disableBaselineStatus: { enabledBaselineDetails, baselineDetails: enabledBaselineDetails, ...requested }
  })
]

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "ControlTower.LifecycleEvent",
    kind: "request",
    schema: ControlTower.LifecycleEvent,
    samples: [
      event,
      ...kinds,
      ofKind("DisableBaseline", {
        disableBaselineStatus: {
          enabledBaselineDetails: {
            arn: "arn",
            targetIdentifier: "arn",
            baselineIdentifier: "arn",
            statusSummary: { status: "FAILED" }
          },
          baselineDetails: null,
          ...requested
        }
      }),
      ofKind("SomethingNew", { somethingNewStatus: null })
    ],
    normalised: [
      "detail.serviceEventDetails.updateManagedAccountStatus.requestedTimestamp: \"2019-11-15T11:45:18+0000\" -> \"2019-11-15T11:45:18Z\"",
      "detail.serviceEventDetails.updateManagedAccountStatus.completedTimestamp: \"2019-11-16T12:09:32+0000\" -> \"2019-11-16T12:09:32Z\""
    ],
    dropped: ["detail.serviceEventDetails.somethingNewStatus: dropped"],
    refused: [
      [
        ofKind("EnableGuardrail", { enableGuardrailStatus: landingZone }),
        "detail.serviceEventDetails.enableGuardrailStatus.requestTimestamp"
      ],
      [{ ...event, detail: { ...event.detail, serviceEventDetails: null } }, "detail.serviceEventDetails"]
    ]
  },
  {
    name: "ControlTower.LifecycleEvent.fields.detail",
    kind: "request",
    schema: ControlTower.LifecycleEvent.fields.detail,
    samples: [event.detail],
    fixtures: ["cloudtrail-detail:controltower"]
  }
]
