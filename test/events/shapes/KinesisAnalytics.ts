import * as Schema from "effect/Schema"
import * as KinesisAnalytics from "../../../src/events/KinesisAnalytics.ts"
import type { Shape } from "../shape.ts"

const Row = Schema.Struct({ id: Schema.String, at: Schema.Date })

const row = { id: "r-1", at: "2026-01-02T03:04:05.678Z" }

const event = KinesisAnalytics.sample()

const [record] = event.records

const { lambdaDeliveryRecordMetadata: _, ...bare } = record ?? {}

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "KinesisAnalytics.Event",
    kind: "request",
    schema: KinesisAnalytics.Event,
    samples: [
      event,
      { ...event, records: [bare, { ...bare, lambdaDeliveryRecordMetadata: null }] },
      KinesisAnalytics.sample(Uint8Array.of(0, 255), "1,2\n3,4"),
      { ...event, records: [] }
    ],
    fixtures: ["kinesis-analytics-output"],
    refused: [
      [{ ...event, records: [{ ...record, data: "no base64" }] }, "records[0].data"],
      [
        { ...event, records: [{ ...record, lambdaDeliveryRecordMetadata: {} }] },
        "records[0].lambdaDeliveryRecordMetadata.retryHint"
      ],
      [{ ...event, applicationArn: null }, "applicationArn"]
    ]
  },
  {
    name: "KinesisAnalytics.eventOf",
    kind: "request",
    schema: KinesisAnalytics.eventOf(Row),
    samples: [KinesisAnalytics.sample(row, row)],
    refused: [
      [KinesisAnalytics.sample(row, "{"), "records[1].data"],
      [KinesisAnalytics.sample({ ...row, id: 1 }), "records[0].data.id"]
    ]
  },
  {
    name: "KinesisAnalytics.eventFromBytes",
    kind: "request",
    schema: KinesisAnalytics.eventFromBytes(Schema.Uint8Array),
    samples: [KinesisAnalytics.sample("a")]
  },
  {
    name: "KinesisAnalytics.Result",
    kind: "response",
    schema: KinesisAnalytics.Result,
    samples: [
      { records: [{ recordId: "1", result: "Ok" }, { recordId: "2", result: "DeliveryFailed" }] },
      { records: [] }
    ],
    refused: [[{ records: [{ recordId: "1", result: "Dropped" }] }, "records[0].result"]]
  }
]
