import * as OpsWorks from "../../../src/events/OpsWorks.ts"
import type { Shape } from "../shape.ts"

const instance = OpsWorks.sampleInstanceStateChange()

const { initiated_by: _, ...online } = instance.detail

const command = OpsWorks.sampleCommandStateChange()

const deployment = OpsWorks.sampleDeploymentStateChange()

const { duration: __, ...runningDeployment } = deployment.detail

const alert = OpsWorks.sampleAlert()

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "OpsWorks.InstanceStateChange",
    kind: "request",
    schema: OpsWorks.InstanceStateChange,
    samples: [instance, { ...instance, detail: { ...online, "ec2-instance-id": null, status: "online" } }],
    refused: [[alert, "[\"detail-type\"]"], [{ ...instance, detail: {} }, "detail[\"instance-id\"]"]]
  },
  {
    name: "OpsWorks.CommandStateChange",
    kind: "request",
    schema: OpsWorks.CommandStateChange,
    samples: [command],
    refused: [[alert, "[\"detail-type\"]"], [{ ...command, detail: {} }, "detail[\"command-id\"]"]]
  },
  {
    name: "OpsWorks.DeploymentStateChange",
    kind: "request",
    schema: OpsWorks.DeploymentStateChange,
    samples: [deployment, { ...deployment, detail: { ...runningDeployment, status: "running" } }],
    refused: [[alert, "[\"detail-type\"]"], [{ ...deployment, detail: {} }, "detail[\"deployment-id\"]"]]
  },
  {
    name: "OpsWorks.Alert",
    kind: "request",
    schema: OpsWorks.Alert,
    samples: [alert, { ...alert, detail: { ...alert.detail, "instance-id": null } }],
    refused: [[command, "[\"detail-type\"]"], [{ ...alert, detail: {} }, "detail.message"]]
  }
]
