import * as Schema from "effect/Schema"
import * as Kafka from "../../../src/events/Kafka.ts"
import * as LambdaDestination from "../../../src/events/LambdaDestination.ts"
import * as Sqs from "../../../src/events/Sqs.ts"
import type { Shape } from "../shape.ts"

const event = LambdaDestination.sample()

const { responseContext: _, responsePayload: __, ...request } = event

/** As Lambda sends it that has not called the function. */
const expired = { ...request, requestContext: { ...request.requestContext, condition: "EventAgeExceeded" } }

const success = {
  ...event,
  requestContext: { ...event.requestContext, condition: "Success" },
  responseContext: { statusCode: 200, executedVersion: "$LATEST" },
  responsePayload: null
}

const kinesis = LambdaDestination.sampleKinesisFailure()

const dynamoDb = LambdaDestination.sampleDynamoDbFailure()

const kafka = LambdaDestination.sampleKafkaFailure()

const { payload: ___, ...kafkaPlace } = {
  ...kafka,
  requestContext: { ...kafka.requestContext, condition: "RetryAttemptsExhausted" },
  KafkaBatchInfo: {
    batchSize: 500,
    eventSourceArn: "arn:aws:kafka:us-east-1:123456789012:cluster/orders/751d2973-a626-431c-9d4e-d7975eb44dd7-2",
    bootstrapServers: "b-1.orders.kafka.us-east-1.amazonaws.com:9098",
    payloadSize: 2039086,
    recordsInfo: {
      "orders-0": {
        firstRecordOffset: "49601189658422359378836298521827638475320189012309704722",
        lastRecordOffset: "49601189658422359378836298522902373528957594348623495186",
        firstRecordTimestamp: "2019-11-14T00:38:04.835Z",
        lastRecordTimestamp: "2019-11-14T00:38:05.580Z"
      }
    }
  }
}

const { eventSourceArn: ____, ...selfManaged } = kafkaPlace.KafkaBatchInfo

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "LambdaDestination.Event",
    kind: "request",
    schema: LambdaDestination.Event,
    samples: [event, success, expired, LambdaDestination.sample("text"), LambdaDestination.sample(null)],
    refused: [
      [{ ...event, timestamp: "soon" }, "timestamp"],
      [{ ...event, requestContext: null }, "requestContext"]
    ]
  },
  {
    name: "LambdaDestination.eventOf",
    kind: "request",
    schema: LambdaDestination.eventOf(Schema.Struct({ at: Schema.Date })),
    samples: [LambdaDestination.sample({ at: "2026-01-02T03:04:05.678Z" })],
    refused: [[LambdaDestination.sample({ at: 1 }), "requestPayload.at"]]
  },
  {
    name: "Sqs.eventOf(LambdaDestination.Event)",
    kind: "request",
    schema: Sqs.eventOf(LambdaDestination.Event),
    samples: [Sqs.sample(event, expired)],
    normalisedAt: ["Records[].body"]
  },
  {
    name: "LambdaDestination.KinesisFailure",
    kind: "request",
    schema: LambdaDestination.KinesisFailure,
    samples: [kinesis, { ...kinesis, responseContext: null, payload: "{\"Records\":[]}" }],
    refused: [[dynamoDb, "KinesisBatchInfo"]]
  },
  {
    name: "LambdaDestination.DynamoDbFailure",
    kind: "request",
    schema: LambdaDestination.DynamoDbFailure,
    samples: [dynamoDb],
    refused: [[kinesis, "DDBStreamBatchInfo"]]
  },
  {
    name: "LambdaDestination.KafkaFailure",
    kind: "request",
    schema: LambdaDestination.KafkaFailure,
    samples: [
      kafka,
      kafkaPlace,
      { ...kafkaPlace, payload: JSON.stringify(Kafka.sample()) },
      { ...kafkaPlace, KafkaBatchInfo: selfManaged, responseContext: null }
    ],
    refused: [
      [kinesis, "KafkaBatchInfo"],
      [
        { ...kafka, KafkaBatchInfo: { ...kafka.KafkaBatchInfo, recordInfo: { offset: 1 } } },
        "KafkaBatchInfo.recordInfo.offset"
      ],
      [{ ...kafka, payload: 1 }, "payload"]
    ]
  },
  {
    name: "Kafka.eventOf(LambdaDestination.KafkaFailure)",
    kind: "request",
    schema: Kafka.eventOf(LambdaDestination.KafkaFailure),
    samples: [Kafka.sample(kafka)],
    normalisedAt: ["records.orders-0[].value"]
  },
  {
    name: "Sqs.eventOf(LambdaDestination.KafkaFailure)",
    kind: "request",
    schema: Sqs.eventOf(LambdaDestination.KafkaFailure),
    samples: [Sqs.sample(kafkaPlace)],
    normalisedAt: ["Records[].body"]
  }
]
