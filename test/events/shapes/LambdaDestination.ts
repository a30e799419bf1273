import * as Schema from "effect/Schema"
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
  }
]
