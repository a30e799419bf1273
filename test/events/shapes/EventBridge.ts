import * as Schema from "effect/Schema"
import * as EventBridge from "../../../src/events/EventBridge.ts"
import * as Sqs from "../../../src/events/Sqs.ts"
import type { Shape } from "../shape.ts"

const OrderPlaced = EventBridge.eventOf("order.placed", Schema.Struct({ id: Schema.String, at: Schema.Date }))

const scheduled = EventBridge.sampleScheduledEvent()

const placed = EventBridge.sample("order.placed", { id: "o-1", at: "2026-01-02T03:04:05.678Z" })

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "EventBridge.Event",
    kind: "request",
    schema: EventBridge.Event,
    samples: [
      EventBridge.sample(),
      { ...EventBridge.sample(), "replay-name": "again", time: "2017-12-22T18:43:48.123Z", detail: null }
    ],
    fixtures: [
      "eventbridge",
      "eventbridge:autoscaling",
      "eventbridge:codebuild",
      "eventbridge:codedeploy",
      "eventbridge:codepipeline",
      "eventbridge:ec2",
      "eventbridge:ecr",
      "eventbridge:ecs",
      "eventbridge:s3",
      "eventbridge:scheduled"
    ],
    refused: [[{ ...placed, time: "" }, "time"]]
  },
  {
    name: "EventBridge.ScheduledEvent",
    kind: "request",
    schema: EventBridge.ScheduledEvent,
    samples: [scheduled, { ...scheduled, version: null }],
    fixtures: ["eventbridge:scheduled"],
    refused: [[placed, "[\"detail-type\"]"], [{ ...scheduled, detail: "{}" }, "detail"]]
  },
  {
    name: "EventBridge.eventOf",
    kind: "request",
    schema: OrderPlaced,
    samples: [placed],
    refused: [
      [EventBridge.sample("order.shipped", placed.detail), "[\"detail-type\"]"],
      [EventBridge.sample("order.placed", { id: 1 }), "detail.id"]
    ]
  },
  {
    name: "Sqs.eventOf(EventBridge.eventOf)",
    kind: "request",
    schema: Sqs.eventOf(OrderPlaced),
    samples: [Sqs.sample(placed)],
    refused: [[Sqs.sample({ ...placed, detail: {} }), "Records[0].body.detail.id"]]
  }
]
