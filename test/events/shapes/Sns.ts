import * as Schema from "effect/Schema"
import * as Sns from "../../../src/events/Sns.ts"
import * as Sqs from "../../../src/events/Sqs.ts"
import type { Shape } from "../shape.ts"

const Order = Schema.Struct({ id: Schema.String, placedAt: Schema.Date })

const order = { id: "o-1", placedAt: "2026-01-02T03:04:05.678Z" }

const [record] = Sns.sample().Records

const withAttributes = {
  Records: [{
    ...record,
    Sns: {
      ...record?.Sns,
      Subject: "An order",
      MessageAttributes: {
        count: { Type: "Number", Value: "12345678901234567890.5" },
        tags: { Type: "String.Array", Value: "[\"a\",\"b\"]" },
        image: { Type: "Binary", Value: "iVBORw0KGgo=" }
      }
    }
  }]
}

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "Sns.Event",
    kind: "request",
    schema: Sns.Event,
    samples: [Sns.sample(), withAttributes],
    fixtures: ["sns"],
    normalised: [
      // A placeholder in AWS's own sample: base64 without its padding, and with bits beyond its last byte.
      `Records[].Sns.MessageAttributes.TestBinary.Value: "TestBinary" -> "TestBinarw=="`
    ],
    refused: [
      [{
        Records: [{ ...record, Sns: { ...record?.Sns, MessageAttributes: { a: { Type: "Binary", Value: "?" } } } }]
      }, "Records[0].Sns.MessageAttributes.a.Value"],
      [{ Records: [{ ...record, EventSource: "aws:sqs" }] }, "Records[0].EventSource"]
    ]
  },
  {
    name: "Sns.eventOf",
    kind: "request",
    schema: Sns.eventOf(Order),
    samples: [Sns.sample(order)],
    refused: [
      [Sns.sample("{"), "Records[0].Sns.Message"],
      [Sns.sample({ ...order, placedAt: 1 }), "Records[0].Sns.Message.placedAt"]
    ]
  },
  {
    name: "Sns.Notification",
    kind: "request",
    schema: Sns.Notification,
    samples: [Sns.sampleNotification(), { ...Sns.sampleNotification(), SequenceNumber: "10000000000000004000" }]
  },
  {
    name: "Sqs.eventOf(Sns.notificationOf)",
    kind: "request",
    schema: Sqs.eventOf(Sns.notificationOf(Order)),
    samples: [Sqs.sample(Sns.sampleNotification(order))],
    refused: [
      [Sqs.sample(Sns.sampleNotification("{")), "Records[0].body.Message"],
      [Sqs.sample(Sns.sampleNotification({ ...order, id: 1 })), "Records[0].body.Message.id"]
    ]
  },
  {
    name: "Sqs.eventOf(Sns.Notification)",
    kind: "request",
    schema: Sqs.eventOf(Sns.Notification),
    samples: [Sqs.sample(Sns.sampleNotification())],
    fixtures: ["sqs:sns"],
    // JSON within JSON encodes back without the blanks that it came with.
    normalisedAt: ["Records[].body"]
  },
  {
    name: "Sns.Confirmation",
    kind: "request",
    schema: Sns.Confirmation,
    samples: [Sns.sampleConfirmation(), { ...Sns.sampleConfirmation(), Type: "UnsubscribeConfirmation" }],
    fixtureFiles: ["rust/example-sns-subscription-confirmation.json"],
    dropped: ["MessageAttributes: dropped", "Subject: dropped"]
  }
]
