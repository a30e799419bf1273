import * as Schema from "effect/Schema"
import * as CloudWatchLogs from "../../../src/events/CloudWatchLogs.ts"
import * as Firehose from "../../../src/events/Firehose.ts"
import * as Sqs from "../../../src/events/Sqs.ts"
import type { Shape } from "../shape.ts"

const Order = Schema.Struct({ id: Schema.String, placedAt: Schema.Date })

const order = { id: "o-1", placedAt: "2026-01-02T03:04:05.678Z" }

const event = Firehose.sample()

const [record] = event.records

const [message] = Sqs.sample().Records

const withMetadata = (metadata: object) => ({
  ...event,
  records: [{ ...record, kinesisRecordMetadata: { ...record?.kinesisRecordMetadata, ...metadata } }]
})

/** As a stream sends it that programs put records to. */
const directPut = {
  ...event,
  sourceKinesisStreamArn: null,
  records: [
    { recordId: "1", approximateArrivalTimestamp: 1664029185290, data: "AP8=" },
    { recordId: "2", approximateArrivalTimestamp: 1664029185290, data: "", kinesisRecordMetadata: null }
  ]
}

const msk = {
  invocationId: "1",
  sourceMSKArn: "arn:aws:kafka:us-east-1:123456789012:cluster/orders/751d2973-a626-431c-9d4e-d7975eb44dd7-2",
  deliveryStreamArn: "arn:aws:firehose:us-east-1:123456789012:deliverystream/orders",
  region: "us-east-1",
  records: [{
    recordId: "00000000000000000000000000000000000000000000000000000000000000",
    approximateArrivalTimestamp: 1716369573887,
    mskRecordMetadata: { offset: "0", partitionId: "1", approximateArrivalTimestamp: 1716369573887 },
    data: ""
  }]
}

const iso = "2012-04-23T18:25:43.511Z"

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "Firehose.Event",
    kind: "request",
    schema: Firehose.Event,
    samples: [
      event,
      withMetadata({ subsequenceNumber: "" }),
      withMetadata({ subsequenceNumber: null }),
      withMetadata({ approximateArrivalTimestamp: iso }),
      directPut,
      msk
    ],
    fixtures: ["firehose-transform", "firehose-transform:sqs"],
    normalised: [`records[].kinesisRecordMetadata.approximateArrivalTimestamp: "${iso}" -> ${Date.parse(iso)}`],
    refused: [
      [{ ...event, records: [{ ...record, data: "no base64" }] }, "records[0].data"],
      [{ ...event, records: [{ ...record, recordId: null }] }, "records[0].recordId"]
    ]
  },
  {
    name: "Firehose.eventOf",
    kind: "request",
    schema: Firehose.eventOf(Order),
    samples: [Firehose.sample(order, order)],
    refused: [
      [Firehose.sample(order, "not a valid json"), "records[1].data"],
      [Firehose.sample({ ...order, id: 1 }), "records[0].data.id"]
    ]
  },
  {
    name: "Firehose.eventOf(Sqs.Record)",
    kind: "request",
    schema: Firehose.eventOf(Sqs.Record),
    samples: [Firehose.sample(message)],
    fixtures: ["firehose-transform:sqs"],
    refused: [[Firehose.sample({ ...message, body: 1 }), "records[0].data.body"]]
  },
  {
    name: "Firehose.eventFromBytes(CloudWatchLogs.Compressed)",
    kind: "request",
    schema: Firehose.eventFromBytes(CloudWatchLogs.Compressed),
    samples: [Firehose.sample(CloudWatchLogs.sampleCompressed())],
    normalisedAt: ["records[].data"]
  },
  {
    name: "Firehose.Result",
    kind: "response",
    schema: Firehose.Result,
    samples: [
      {
        records: [
          {
            recordId: "1",
            result: "Ok",
            data: "SGVsbG8gV29ybGQK",
            metadata: {
              partitionKeys: { customer: "c-1" },
              otfMetadata: { destinationTableName: "orders", destinationDatabaseName: "shop", operation: "insert" }
            }
          },
          { recordId: "2", result: "Ok", data: "", metadata: { partitionKeys: {} } },
          { recordId: "3", result: "Dropped" },
          { recordId: "4", result: "ProcessingFailed", data: "AP8=" }
        ]
      },
      { records: [] }
    ],
    fixtures: ["firehose-transform-response"],
    exceptFiles: ["rust/example-kinesis-firehose-response.json"],
    refused: [
      [{ records: [{ recordId: "1", result: "TRANSFORMED_STATE_OK", data: "" }] }, "records[0].result"],
      [{ records: [{ result: "Ok", data: "" }] }, "records[0].recordId"]
    ]
  },
  {
    name: "Firehose.resultOf",
    kind: "response",
    schema: Firehose.resultOf(Order),
    samples: [{
      records: [
        { recordId: "1", result: "Ok", data: Buffer.from(JSON.stringify(order)).toString("base64") },
        { recordId: "2", result: "Dropped" }
      ]
    }]
  }
]
