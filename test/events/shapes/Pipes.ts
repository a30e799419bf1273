import * as Schema from "effect/Schema"
import * as ActiveMq from "../../../src/events/ActiveMq.ts"
import * as DynamoDb from "../../../src/events/DynamoDb.ts"
import * as Pipes from "../../../src/events/Pipes.ts"
import * as RabbitMq from "../../../src/events/RabbitMq.ts"
import * as Sqs from "../../../src/events/Sqs.ts"
import type { Shape } from "../shape.ts"

const Order = Schema.Struct({ id: Schema.String, placedAt: Schema.Date })

const order = { id: "o-1", placedAt: "2026-01-02T03:04:05.678Z" }

const kinesisRecord = Pipes.sampleKinesisRecord("hello")

const kafkaRecord = Pipes.sampleKafkaRecord("hello")

const fromBroker = (message: object) => ({
  eventSource: "aws:amq",
  eventSourceArn: "arn:aws:mq:us-west-2:123456789012:broker:test:b-9bcfa592-423a-4942-879d-eb284b418fc8",
  ...message
})

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "Pipes.Event",
    kind: "request",
    schema: Pipes.Event,
    samples: [Pipes.sample(), [kinesisRecord], [kafkaRecord], [], ["text", null]],
    refused: [[Sqs.sample("hello"), "the root"]]
  },
  {
    name: "Pipes.eventOf",
    kind: "request",
    schema: Pipes.eventOf(Order),
    samples: [[order], []],
    refused: [[[order, { ...order, placedAt: 1 }], "[1].placedAt"]]
  },
  {
    name: "Pipes.eventOf(Sqs.Record)",
    kind: "request",
    schema: Pipes.eventOf(Sqs.Record),
    samples: [Pipes.sample("a", "b"), Sqs.sample("a", "b").Records],
    refused: [[[{}], "[0].body"]]
  },
  {
    name: "Pipes.eventOf(Sqs.recordOf)",
    kind: "request",
    schema: Pipes.eventOf(Sqs.recordOf(Order)),
    samples: [Pipes.sample(order)],
    refused: [[Pipes.sample(order, { ...order, id: 1 }), "[1].body.id"]]
  },
  {
    name: "Pipes.eventOf(DynamoDb.Record)",
    kind: "request",
    schema: Pipes.eventOf(DynamoDb.Record),
    samples: [DynamoDb.sample().Records]
  },
  {
    name: "Pipes.eventOf(ActiveMq.Message)",
    kind: "request",
    schema: Pipes.eventOf(
      Schema.Struct({
        ...ActiveMq.Message.fields,
        eventSource: Schema.Literal("aws:amq"),
        eventSourceArn: Schema.String
      })
    ),
    samples: [
      ActiveMq.sample("a", "b").messages.map(fromBroker)
    ]
  },
  {
    name: "Pipes.eventOf(RabbitMq.Message)",
    kind: "request",
    schema: Pipes.eventOf(RabbitMq.Message),
    samples: [Object.values(RabbitMq.sample("a").rmqMessagesByQueue).flat()]
  },
  {
    name: "Pipes.eventOf(Pipes.KinesisRecord)",
    kind: "request",
    schema: Pipes.eventOf(Pipes.KinesisRecord),
    samples: [[{ ...kinesisRecord, encryptionType: "KMS" }], [Pipes.sampleKinesisRecord("a"), kinesisRecord]],
    refused: [[[{ ...kinesisRecord, data: "?" }], "[0].data"]]
  },
  {
    name: "Pipes.eventOf(Pipes.kinesisRecordOf)",
    kind: "request",
    schema: Pipes.eventOf(Pipes.kinesisRecordOf(Order)),
    samples: [[Pipes.sampleKinesisRecord(order)]],
    refused: [[[Pipes.sampleKinesisRecord({ ...order, id: 1 })], "[0].data.id"]]
  },
  {
    name: "Pipes.eventOf(Pipes.KafkaRecord)",
    kind: "request",
    schema: Pipes.eventOf(Pipes.KafkaRecord),
    samples: [
      [Pipes.sampleKafkaRecord("a"), kafkaRecord],
      [{ ...kafkaRecord, eventSource: "SelfManagedKafka", eventSourceArn: null, key: null, value: null }],
      [{
        ...kafkaRecord,
        bootstrapServers: "b-2.demo-cluster-1.a1bcde.c1.kafka.us-east-1.amazonaws.com:9092",
        eventSourceKey: null,
        headers: null,
        valueSchemaMetadata: { dataFormat: "JSON", schemaId: "1" }
      }],
      // As AWS's documentation has it.
      [{ ...kafkaRecord, partition: "0" }]
    ],
    normalised: ["[].partition: \"0\" -> 0"],
    refused: [[[{ ...kafkaRecord, eventSource: "aws:kinesis" }], "[0].eventSource"]]
  },
  {
    name: "Pipes.eventOf(Pipes.kafkaRecordOf)",
    kind: "request",
    schema: Pipes.eventOf(Pipes.kafkaRecordOf(Order)),
    samples: [[Pipes.sampleKafkaRecord(order)]],
    refused: [[[Pipes.sampleKafkaRecord({ ...order, id: 1 })], "[0].value.id"]]
  },
  {
    name: "Pipes.EnrichmentResult",
    kind: "response",
    schema: Pipes.EnrichmentResult,
    samples: [[order, "text"], []]
  },
  {
    name: "Pipes.enrichmentResultOf",
    kind: "response",
    schema: Pipes.enrichmentResultOf(Order),
    samples: [[order], []]
  },
  {
    name: "Pipes.BatchResponse",
    kind: "response",
    schema: Pipes.BatchResponse,
    samples: [{ batchItemFailures: [{ itemIdentifier: "id2" }, { itemIdentifier: "id4" }] }, { batchItemFailures: [] }],
    refused: [[{ batchItemFailures: [{ itemIdentifier: "" }] }, "batchItemFailures[0].itemIdentifier"]]
  }
]
