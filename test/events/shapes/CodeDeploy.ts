import * as CodeDeploy from "../../../src/events/CodeDeploy.ts"
import type { Shape } from "../shape.ts"

const deployment = CodeDeploy.sampleDeploymentStateChange()

const instance = CodeDeploy.sampleInstanceStateChange()

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "CodeDeploy.DeploymentStateChange",
    kind: "request",
    schema: CodeDeploy.DeploymentStateChange,
    samples: [deployment, { ...deployment, detail: { ...deployment.detail, instanceGroupId: null, state: "READY" } }],
    fixtures: ["eventbridge:codedeploy"],
    refused: [[instance, "[\"detail-type\"]"], [{ ...deployment, detail: {} }, "detail.deploymentId"]]
  },
  {
    name: "CodeDeploy.InstanceStateChange",
    kind: "request",
    schema: CodeDeploy.InstanceStateChange,
    samples: [instance, { ...instance, detail: { ...instance.detail, instanceGroupId: null } }],
    refused: [[deployment, "[\"detail-type\"]"], [{ ...instance, detail: deployment.detail }, "detail.instanceId"]]
  },
  {
    name: "CodeDeploy.LifecycleHookEvent",
    kind: "request",
    schema: CodeDeploy.LifecycleHookEvent,
    samples: [CodeDeploy.sampleLifecycleHookEvent()],
    refused: [[{ DeploymentId: "d-123456789" }, "LifecycleEventHookExecutionId"]]
  }
]
