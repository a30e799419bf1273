import * as Schema from "effect/Schema"
import * as Sqs from "../../../src/events/Sqs.ts"
import * as StepFunctions from "../../../src/events/StepFunctions.ts"
import type { Shape } from "../shape.ts"

const Order = Schema.Struct({ at: Schema.Date })

const order = { at: "2026-01-02T03:04:05.678Z" }

const { taskToken: _, ...tokenless } = StepFunctions.sample()

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "StepFunctions.Event",
    kind: "request",
    schema: StepFunctions.Event,
    samples: [StepFunctions.sample(), StepFunctions.sample(null), StepFunctions.sample("text")],
    refused: [[tokenless, "taskToken"]]
  },
  {
    name: "StepFunctions.eventOf",
    kind: "request",
    schema: StepFunctions.eventOf(Order),
    samples: [StepFunctions.sample(order)],
    refused: [[StepFunctions.sample({ at: 1 }), "input.at"]]
  },
  {
    name: "Sqs.eventOf(StepFunctions.eventOf)",
    kind: "request",
    schema: Sqs.eventOf(StepFunctions.eventOf(Order)),
    samples: [Sqs.sample(StepFunctions.sample(order))],
    refused: [[Sqs.sample(StepFunctions.sample({ at: 1 })), "Records[0].body.input.at"]]
  }
]
