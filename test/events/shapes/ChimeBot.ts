import * as ChimeBot from "../../../src/events/ChimeBot.ts"
import type { Shape } from "../shape.ts"

const sample = ChimeBot.sample()

const { InboundHttpsEndpoint, Message: _, ...event } = sample

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "ChimeBot.Event",
    kind: "request",
    schema: ChimeBot.Event,
    samples: [
      sample,
      {
        ...event,
        EventType: "Invite",
        InboundHttpsEndpoint: { ...InboundHttpsEndpoint, EndpointType: "Persistent" }
      },
      { ...event, EventType: "Remove" }
    ],
    refused: [[{ ...sample, EventTimestamp: "now" }, "EventTimestamp"]]
  }
]
