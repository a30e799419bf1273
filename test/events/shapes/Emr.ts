import * as Emr from "../../../src/events/Emr.ts"
import type { Shape } from "../shape.ts"

const cluster = Emr.sampleClusterStateChange()

const group = Emr.sampleInstanceGroupStateChange()

const step = Emr.sampleStepStatusChange()

const policy = Emr.sampleAutoScalingPolicyStateChange()

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "Emr.ClusterStateChange",
    kind: "request",
    schema: Emr.ClusterStateChange,
    samples: [
      cluster,
      { ...cluster, detail: { ...cluster.detail, state: "STARTING", stateChangeReason: "{\"code\":\"\"}" } },
      { ...cluster, detail: { ...cluster.detail, stateChangeReason: null } }
    ],
    refused: [
      [step, "[\"detail-type\"]"],
      [
        { ...cluster, detail: { ...cluster.detail, stateChangeReason: "{\"code\":1}" } },
        "detail.stateChangeReason.code"
      ]
    ]
  },
  {
    name: "Emr.InstanceGroupStateChange",
    kind: "request",
    schema: Emr.InstanceGroupStateChange,
    samples: [group],
    refused: [[{ ...group, detail: { ...group.detail, runningInstanceCount: "two" } }, "detail.runningInstanceCount"]]
  },
  {
    name: "Emr.StepStatusChange",
    kind: "request",
    schema: Emr.StepStatusChange,
    samples: [step],
    refused: [[cluster, "[\"detail-type\"]"], [{ ...step, detail: {} }, "detail.stepId"]]
  },
  {
    name: "Emr.AutoScalingPolicyStateChange",
    kind: "request",
    schema: Emr.AutoScalingPolicyStateChange,
    samples: [policy],
    refused: [[cluster, "[\"detail-type\"]"], [{ ...policy, detail: {} }, "detail.resourceId"]]
  }
]
