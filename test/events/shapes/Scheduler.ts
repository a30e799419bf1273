import * as Scheduler from "../../../src/events/Scheduler.ts"
import type { Shape } from "../shape.ts"

const event = Scheduler.sample()

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "Scheduler.Event",
    kind: "request",
    schema: Scheduler.Event,
    samples: [event, { ...event, detail: {} }],
    refused: [[{ ...event, "detail-type": "Object Created" }, "[\"detail-type\"]"], [{ ...event, time: "now" }, "time"]]
  }
]
