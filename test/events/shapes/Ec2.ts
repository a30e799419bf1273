import * as Ec2 from "../../../src/events/Ec2.ts"
import type { Shape } from "../shape.ts"

const changed = Ec2.sampleInstanceStateChange()

const { version: _, ...withoutVersion } = changed

const inState = (state: string) => ({ ...changed, detail: { ...changed.detail, state } })

const warning = Ec2.sampleSpotInstanceInterruptionWarning()

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "Ec2.InstanceStateChange",
    kind: "request",
    schema: Ec2.InstanceStateChange,
    samples: [
      changed,
      withoutVersion,
      ...["running", "stopping", "stopped", "shutting-down", "terminated", "a new one"].map(inState)
    ],
    fixtures: ["eventbridge:ec2"],
    refused: [[warning, "[\"detail-type\"]"], [{ ...changed, detail: {} }, "detail[\"instance-id\"]"]]
  },
  {
    name: "Ec2.SpotInstanceInterruptionWarning",
    kind: "request",
    schema: Ec2.SpotInstanceInterruptionWarning,
    samples: [warning],
    refused: [[changed, "[\"detail-type\"]"], [{ ...warning, detail: {} }, "detail[\"instance-action\"]"]]
  }
]
