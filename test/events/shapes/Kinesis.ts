import * as Schema from "effect/Schema"
import * as CloudWatchLogs from "../../../src/events/CloudWatchLogs.ts"
import * as DynamoDb from "../../../src/events/DynamoDb.ts"
import * as Kinesis from "../../../src/events/Kinesis.ts"
import type { Shape } from "../shape.ts"

const Order = Schema.Struct({ id: Schema.String, placedAt: Schema.Date })

const order = { id: "o-1", placedAt: "2026-01-02T03:04:05.678Z" }

const [record] = Kinesis.sample().Records

const withPayload = (payload: object) => ({ Records: [{ ...record, kinesis: { ...record?.kinesis, ...payload } }] })

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "Kinesis.Event",
    kind: "request",
    schema: Kinesis.Event,
    samples: [
      Kinesis.sample(),
      Kinesis.sample(Uint8Array.of(0xf3, 0x89, 0x9a, 0xc2), ""),
      withPayload({ encryptionType: "KMS", approximateArrivalTimestamp: 1607497475 }),
      withPayload({ encryptionType: null })
    ],
    fixtures: ["kinesis-stream", "kinesis:cloudwatch-logs"],
    refused: [
      [withPayload({ data: "no base64" }), "Records[0].kinesis.data"],
      [withPayload({ sequenceNumber: 1 }), "Records[0].kinesis.sequenceNumber"],
      [{ Records: [{ ...record, eventSource: "aws:dynamodb" }] }, "Records[0].eventSource"]
    ]
  },
  {
    name: "Kinesis.eventOf",
    kind: "request",
    schema: Kinesis.eventOf(Order),
    samples: [Kinesis.sample(order, order)],
    refused: [
      [Kinesis.sample(order, "{"), "Records[1].kinesis.data"],
      [Kinesis.sample(Uint8Array.of(0xff)), "Records[0].kinesis.data"],
      [Kinesis.sample({ ...order, placedAt: 1 }), "Records[0].kinesis.data.placedAt"]
    ]
  },
  {
    name: "Kinesis.eventOf(DynamoDb.KinesisRecord)",
    kind: "request",
    schema: Kinesis.eventOf(DynamoDb.KinesisRecord),
    samples: [Kinesis.sample(DynamoDb.sampleKinesisRecord())],
    // The keys of the JSON come in the order of the schema.
    normalisedAt: ["Records[].kinesis.data"],
    refused: [[
      Kinesis.sample({ ...DynamoDb.sampleKinesisRecord(), tableName: 1 }),
      "Records[0].kinesis.data.tableName"
    ]]
  },
  {
    name: "Kinesis.eventFromBytes(CloudWatchLogs.Compressed)",
    kind: "request",
    schema: Kinesis.eventFromBytes(CloudWatchLogs.Compressed),
    samples: [Kinesis.sample(CloudWatchLogs.sampleCompressed("started", "ended"))],
    fixtures: ["kinesis:cloudwatch-logs"],
    // Compressed again: what it says, CloudWatchLogs.test.ts compares.
    normalisedAt: ["Records[].kinesis.data"],
    refused: [[Kinesis.sample("no gzip"), "Records[0].kinesis.data"]]
  },
  {
    name: "Kinesis.WindowEvent",
    kind: "request",
    schema: Kinesis.WindowEvent,
    samples: [
      Kinesis.sampleWindowEvent(),
      { ...Kinesis.sampleWindowEvent(order), state: { sum: 3, seen: [null] }, isFinalInvokeForWindow: true }
    ],
    fixtures: ["kinesis-stream:window"]
  },
  {
    name: "Kinesis.BatchResponse",
    kind: "response",
    schema: Kinesis.BatchResponse,
    samples: [
      { batchItemFailures: [{ itemIdentifier: "49590338271490256608559692538361571095921575989136588898" }] },
      { batchItemFailures: [] }
    ],
    fixtures: ["kinesis-batch-response"],
    refused: [[{ batchItemFailures: [{ itemIdentifier: "" }] }, "batchItemFailures[0].itemIdentifier"]]
  },
  {
    name: "Kinesis.WindowResult",
    kind: "response",
    schema: Kinesis.WindowResult,
    samples: [{ state: { sum: 3 }, batchItemFailures: [] }],
    refused: [[{ batchItemFailures: [] }, "state"]]
  }
]
