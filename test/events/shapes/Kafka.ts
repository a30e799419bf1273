import * as Schema from "effect/Schema"
import * as Kafka from "../../../src/events/Kafka.ts"
import type { Shape } from "../shape.ts"

const Order = Schema.Struct({ id: Schema.String, placedAt: Schema.Date })

const order = { id: "o-1", placedAt: "2026-01-02T03:04:05.678Z" }

const event = Kafka.sample()

const record = event.records["orders-0"]?.[0]

const withRecord = (fields: object) => ({ ...event, records: { "orders-0": [{ ...record, ...fields }] } })

const { key: _, ...keyless } = record ?? {}

const selfManaged = {
  eventSource: "SelfManagedKafka",
  bootstrapServers: "abc3.xyz.com:9092,abc2.xyz.com:9092",
  records: event.records
}

const registry = withRecord({
  keySchemaMetadata: { dataFormat: "PROTOBUF", schemaId: "1234" },
  valueSchemaMetadata: { dataFormat: "AVRO", schemaId: "12345678-1234-1234-1234-123456789012" }
})

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "Kafka.Event",
    kind: "request",
    schema: Kafka.Event,
    samples: [
      event,
      selfManaged,
      { ...selfManaged, eventSource: "aws:SelfManagedKafka" },
      withRecord({ key: null, value: null, headers: [] }),
      withRecord({
        headers: [{ a: [118, -36, 0, 127, -128] }, { a: [] }, { b: null }],
        timestampType: "LOG_APPEND_TIME"
      }),
      { ...event, records: { "orders-0": [keyless], "orders-12": [] } },
      withRecord({ partition: "12" }),
      registry
    ],
    fixtures: ["kafka"],
    normalised: ["records.orders-0[].partition: \"12\" -> 12"],
    refused: [
      [{ ...event, eventSource: "aws:mq" }, "eventSource"],
      [withRecord({ value: "no base64" }), "records[\"orders-0\"][0].value"],
      [withRecord({ headers: [{ a: [300] }] }), "records[\"orders-0\"][0].headers[0].a[0]"],
      [withRecord({ valueSchemaMetadata: { schemaId: 1 } }), "records[\"orders-0\"][0].valueSchemaMetadata.schemaId"]
    ]
  },
  {
    name: "Kafka.eventOf",
    kind: "request",
    schema: Kafka.eventOf(Order),
    samples: [Kafka.sample(order, order), withRecord({ value: null })],
    refused: [
      [Kafka.sample(order, "{"), "records[\"orders-0\"][1].value"],
      [Kafka.sample({ ...order, id: 1 }), "records[\"orders-0\"][0].value.id"]
    ]
  },
  {
    name: "Kafka.BatchResponse",
    kind: "response",
    schema: Kafka.BatchResponse,
    samples: [
      { batchItemFailures: [{ itemIdentifier: { partition: "orders-0", offset: 42 } }] },
      { batchItemFailures: [] }
    ],
    refused: [
      [{ batchItemFailures: [{ itemIdentifier: "orders-0" }] }, "batchItemFailures[0].itemIdentifier"],
      [
        { batchItemFailures: [{ itemIdentifier: { partition: "", offset: 1 } }] },
        "batchItemFailures[0].itemIdentifier.partition"
      ]
    ]
  }
]
