import * as AutoScaling from "../../../src/events/AutoScaling.ts"
import type { Shape } from "../shape.ts"

const launched = AutoScaling.sampleScalingActivity()

const { Description: _, ...failedDetail } = AutoScaling.sampleScalingActivity("EC2 Instance Launch Unsuccessful").detail

const waiting = AutoScaling.sampleLifecycleAction()

const { Destination: __, NotificationMetadata: ___, Origin: ____, ...terminatingDetail } = waiting.detail

const terminating = {
  ...waiting,
  "detail-type": "EC2 Instance-terminate Lifecycle Action",
  detail: { ...terminatingDetail, LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING" }
}

const checkpoint = AutoScaling.sampleInstanceRefresh()

const policy = AutoScaling.sampleTerminationPolicyEvent()

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "AutoScaling.ScalingActivity",
    kind: "request",
    schema: AutoScaling.ScalingActivity,
    samples: [
      launched,
      AutoScaling.sampleScalingActivity("EC2 Instance Terminate Successful"),
      { ...launched, detail: { AutoScalingGroupName: "my-asg", ActivityId: "87654321", StatusCode: "Failed" } },
      AutoScaling.sampleScalingActivity("EC2 Instance Terminate Unsuccessful"),
      {
        ...AutoScaling.sampleScalingActivity("EC2 Instance Launch Unsuccessful"),
        detail: { ...failedDetail, Details: {} }
      }
    ],
    fixtureFiles: [
      "rust/example-autoscaling-event-launch-successful.json",
      "rust/example-autoscaling-event-terminate-successful.json"
    ],
    refused: [
      [waiting, "[\"detail-type\"]"],
      [{ ...launched, detail: { ...launched.detail, StartTime: "then" } }, "detail.StartTime"]
    ]
  },
  {
    name: "AutoScaling.LifecycleAction",
    kind: "request",
    schema: AutoScaling.LifecycleAction,
    samples: [waiting, terminating],
    fixtureFiles: [
      "rust/example-autoscaling-event-lifecycle-action.json",
      "rust/example-autoscaling-event-terminate-action.json"
    ],
    refused: [
      [launched, "[\"detail-type\"]"],
      [{ ...waiting, detail: { ...waiting.detail, LifecycleActionToken: null } }, "detail.LifecycleActionToken"]
    ]
  },
  {
    name: "AutoScaling.InstanceRefresh",
    kind: "request",
    schema: AutoScaling.InstanceRefresh,
    samples: [
      checkpoint,
      {
        ...checkpoint,
        "detail-type": "EC2 Auto Scaling Instance Refresh Started",
        detail: { InstanceRefreshId: "c613620e", AutoScalingGroupName: "my-asg" }
      }
    ],
    refused: [[{ ...checkpoint, detail: { ...checkpoint.detail, CheckpointDelay: "soon" } }, "detail.CheckpointDelay"]]
  },
  {
    name: "AutoScaling.TerminationPolicyEvent",
    kind: "request",
    schema: AutoScaling.TerminationPolicyEvent,
    samples: [policy, { ...policy, Cause: "REBALANCE", HasMoreInstances: true }],
    refused: [[{ ...policy, Instances: [{ ...policy.Instances[0], InstanceId: 1 }] }, "Instances[0].InstanceId"]]
  },
  {
    name: "AutoScaling.TerminationPolicyResult",
    kind: "response",
    schema: AutoScaling.TerminationPolicyResult,
    samples: [{ InstanceIDs: ["i-02e1c69383a3ed501", "i-036bc44b6092c01c7"] }, { InstanceIDs: [] }]
  }
]
