import * as Schema from "effect/Schema"
import * as Sqs from "../../../src/events/Sqs.ts"
import type { Shape } from "../shape.ts"

const Order = Schema.Struct({ id: Schema.String, placedAt: Schema.Date, quantity: Schema.optionalKey(Schema.Int) })

const order = { id: "o-1", placedAt: "2026-01-02T03:04:05.678Z" }

const [message] = Sqs.sample().Records

/** As a FIFO queue delivers it that is the dead-letter queue of another, with an attribute of every type. */
const fifo = {
  Records: [{
    ...message,
    attributes: {
      ...message?.attributes,
      SequenceNumber: "18849496460467696128",
      MessageGroupId: "1",
      MessageDeduplicationId: "1",
      AWSTraceHeader: "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1",
      DeadLetterQueueSourceArn: "arn:aws:sqs:us-east-2:123456789012:fifo.fifo"
    },
    messageAttributes: {
      count: { stringValue: "100", stringListValues: [], binaryListValues: [], dataType: "Number.int" },
      tags: { stringValue: "a,b", stringListValues: [], binaryListValues: [], dataType: "String.Array" },
      image: { binaryValue: "iVBORw0KGgo=", stringListValues: [], binaryListValues: [], dataType: "Binary.png" }
    },
    md5OfMessageAttributes: null
  }]
}

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "Sqs.Event",
    kind: "request",
    schema: Sqs.Event,
    samples: [Sqs.sample(), fifo, { Records: [] }],
    fixtures: ["sqs", "sqs:sns", "sqs:s3"],
    // A number with a placeholder in place of bytes.
    dropped: ["Records[].messageAttributes.testAttr.binaryValue: dropped"],
    refused: [
      [{
        Records: [{ ...message, messageAttributes: { a: { dataType: "Binary", binaryValue: "no base64" } } }]
      }, "Records[0].messageAttributes.a.binaryValue"],
      [{ Records: [{ ...message, messageId: 1 }] }, "Records[0].messageId"],
      [
        { Records: [{ ...message, attributes: { ...message?.attributes, SentTimestamp: "soon" } }] },
        "Records[0].attributes.SentTimestamp"
      ]
    ]
  },
  {
    name: "Sqs.eventOf",
    kind: "request",
    schema: Sqs.eventOf(Order),
    samples: [Sqs.sample(order, { ...order, quantity: 2 })],
    refused: [
      [Sqs.sample(order, "{"), "Records[1].body"],
      [Sqs.sample(order, { ...order, quantity: 1.5 }), "Records[1].body.quantity"]
    ]
  },
  {
    name: "Sqs.BatchResponse",
    kind: "response",
    schema: Sqs.BatchResponse,
    samples: [{ batchItemFailures: [{ itemIdentifier: "19dd0b57-b21e-4ac1-bd88-01bbb068cb78" }] }, {
      batchItemFailures: []
    }],
    fixtures: ["sqs-batch-response"],
    refused: [[{ batchItemFailures: [{ itemIdentifier: "" }] }, "batchItemFailures[0].itemIdentifier"]]
  }
]
