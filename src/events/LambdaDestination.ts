/**
 * What Lambda sends to a destination: the outcome of an asynchronous invocation, and batches of a stream that it
 * gave up.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import * as Kafka from "./Kafka.ts"

const title = "a Lambda destination event"

const requestFields = {
  requestId: Schema.String,
  /** The function, with its version or its alias. */
  functionArn: Schema.String,
  approximateInvokeCount: Schema.Finite
}

const responseContext = Schema.Struct({
  statusCode: Schema.Finite,
  executedVersion: nullish(Schema.String),
  /** `Unhandled` where the function failed; none where it succeeded. */
  functionError: nullish(Schema.String)
})

/**
 * The outcome of an asynchronous invocation, with what was sent and answered as JSON. {@link eventOf} decodes the former.
 *
 * **When to use**
 *
 * For a function that is the destination. With `Sqs.eventOf`, `Sns.notificationOf` and the like it reads what reaches
 * a function by way of a queue or a topic, and with `EventBridge.eventOf` what comes by way of a bus.
 *
 * **Gotchas**
 *
 * An event that expired before the function was called, or that the function could not be called for, has no response.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = Schema.Struct({
  version: Schema.String,
  timestamp: Schema.DateTimeUtcFromString,
  requestContext: Schema.Struct({
    ...requestFields,
    /** Why it is sent. */
    condition: openEnum(["Success", "RetriesExhausted", "EventAgeExceeded"])
  }),
  requestPayload: Schema.Json,
  responseContext: nullish(responseContext),
  /** The result of the function, or its error: `errorType`, `errorMessage` and `stackTrace`. */
  responsePayload: nullish(Schema.Json)
}).annotate({ title })

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Event extends Schema.Schema.Type<typeof Event> {}

const makeEventOf = <Request extends Schema.Constraint>(request: Request) =>
  Schema.Struct({ ...Event.fields, requestPayload: Schema.toCodecJson(request) }).annotate({ title })

/**
 * The schema of {@link eventOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface eventOf<Request extends Schema.Constraint> extends ReturnType<typeof makeEventOf<Request>> {}

/**
 * An {@link Event} whose `requestPayload`, the event of the function that was invoked, has the given shape.
 *
 * **Example** (Orders that could not be shipped)
 *
 * ```ts
 * import * as LambdaDestination from "effect-lambda-runtime/events/LambdaDestination"
 * import * as Schema from "effect/Schema"
 *
 * const Failed = LambdaDestination.eventOf(Schema.Struct({ ORDER_IDS: Schema.Array(Schema.String) }))
 * Schema.decodeUnknownSync(Failed)(LambdaDestination.sample()).requestPayload.ORDER_IDS.length // => 2
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const eventOf: <Request extends Schema.Constraint>(request: Request) => eventOf<Request> = makeEventOf

const streamFields = {
  version: Schema.String,
  timestamp: Schema.DateTimeUtcFromString,
  requestContext: Schema.Struct({
    ...requestFields,
    condition: openEnum([
      "RetryAttemptsExhausted",
      /** A topic of Kafka. */
      "RetriesExhausted",
      "MaximumRecordAgeExceeded",
      "MaximumPayloadSizeExceeded",
      "FilterExecutionFailed"
    ])
  }),
  responseContext: nullish(responseContext)
}

/** Where the records are, and not the records. */
const batchInfo = Schema.Struct({
  shardId: Schema.String,
  startSequenceNumber: Schema.String,
  endSequenceNumber: Schema.String,
  approximateArrivalOfFirstRecord: Schema.DateTimeUtcFromString,
  approximateArrivalOfLastRecord: Schema.DateTimeUtcFromString,
  batchSize: Schema.Finite,
  streamArn: Schema.String
})

/**
 * A batch of a Kinesis data stream that was given up.
 *
 * **Details**
 *
 * An S3 bucket gets the same with the `payload` beside it: the event of the function, as text.
 *
 * **Gotchas**
 *
 * A queue and a topic get the place of the records, and not the records: read them from the stream before they expire.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 * @category schemas
 * @since 0.1.0
 */
export const KinesisFailure = Schema.Struct({
  ...streamFields,
  KinesisBatchInfo: batchInfo,
  payload: nullish(Schema.String)
}).annotate({ title })

/**
 * A decoded {@link KinesisFailure}.
 *
 * @category models
 * @since 0.1.0
 */
export interface KinesisFailure extends Schema.Schema.Type<typeof KinesisFailure> {}

/**
 * A batch of the stream of a DynamoDB table that was given up, as {@link KinesisFailure} has it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 * @category schemas
 * @since 0.1.0
 */
export const DynamoDbFailure = Schema.Struct({
  ...streamFields,
  DDBStreamBatchInfo: batchInfo,
  payload: nullish(Schema.String)
}).annotate({ title })

/**
 * A decoded {@link DynamoDbFailure}.
 *
 * @category models
 * @since 0.1.0
 */
export interface DynamoDbFailure extends Schema.Schema.Type<typeof DynamoDbFailure> {}

/**
 * A batch of Kafka topics that was given up.
 *
 * **Details**
 *
 * A queue and a topic of SNS get the place of the records (`recordsInfo`). An S3 bucket gets the same, with the event
 * of the function as text. A topic of Kafka gets a message for each record (`recordInfo`), with an event that has that
 * record alone.
 *
 * **Example** (A topic of Kafka as the destination)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Kafka from "effect-lambda-runtime/events/Kafka"
 * import * as LambdaDestination from "effect-lambda-runtime/events/LambdaDestination"
 * import * as Effect from "effect/Effect"
 *
 * const look = Handler.make({ event: Kafka.eventOf(LambdaDestination.KafkaFailure) }, ({ records }) =>
 *   Effect.forEach(Object.values(records).flat(), ({ value }) =>
 *     Effect.log(value?.requestContext.condition, value?.payload), { discard: true }))
 * ```
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure-destination.html
 * @category schemas
 * @since 0.1.0
 */
export const KafkaFailure = Schema.Struct({
  ...streamFields,
  KafkaBatchInfo: Schema.Struct({
    batchSize: Schema.Finite,
    /** The cluster of Amazon MSK. */
    eventSourceArn: nullish(Schema.String),
    /** Host and port of several brokers, with commas between them. */
    bootstrapServers: nullish(Schema.String),
    /** Bytes. */
    payloadSize: nullish(Schema.Finite),
    /** By topic and partition, as `orders-0`. */
    recordsInfo: nullish(Schema.Record(
      Schema.String,
      Schema.Struct({
        firstRecordOffset: Schema.String,
        lastRecordOffset: Schema.String,
        firstRecordTimestamp: Schema.DateTimeUtcFromString,
        lastRecordTimestamp: Schema.DateTimeUtcFromString
      })
    )),
    /** A topic of Kafka as the destination. */
    recordInfo: nullish(Schema.Struct({ offset: Schema.String, timestamp: Schema.DateTimeUtcFromString }))
  }),
  /** Text in an S3 bucket: `Schema.fromJsonString(Kafka.Event)` decodes it. */
  payload: nullish(Schema.Union([Schema.String, Kafka.Event]))
}).annotate({ title })

/**
 * A decoded {@link KafkaFailure}.
 *
 * @category models
 * @since 0.1.0
 */
export interface KafkaFailure extends Schema.Schema.Type<typeof KafkaFailure> {}

const functionArn = "arn:aws:lambda:us-east-2:123456789012:function:my-function"

/**
 * An event as Lambda delivers it to a function: an invocation that has failed.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as LambdaDestination from "effect-lambda-runtime/events/LambdaDestination"
 *
 * LambdaDestination.sample({ id: "o-1" }).requestPayload // => { id: "o-1" }
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (
  requestPayload: Schema.Json = { ORDER_IDS: ["9e07af03-ce31-4ff3", "637de236-e7b2-464e"] }
): typeof Event.Encoded => ({
  version: "1.0",
  timestamp: "2019-11-14T18:16:05.568Z",
  requestContext: {
    requestId: "e4b46cbf-b738-41ce-8b56-3a2b6ef7b3d2",
    functionArn: `${functionArn}:$LATEST`,
    condition: "RetriesExhausted",
    approximateInvokeCount: 3
  },
  requestPayload,
  responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
  responsePayload: { errorMessage: "RequestId: e4b46cbf-b738-41ce-8b56-3a2b6ef7b3d2 Process exited before completing" }
})

const sampleFailure = (stream: string) => ({
  requestContext: {
    requestId: "c9b8fa9f-5a7f-xmpl-af9c-0c604cde93a5",
    functionArn,
    condition: "RetryAttemptsExhausted",
    approximateInvokeCount: 1
  },
  responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
  version: "1.0",
  timestamp: "2019-11-14T00:38:06.021Z",
  batch: {
    shardId: "shardId-000000000001",
    startSequenceNumber: "49601189658422359378836298521827638475320189012309704722",
    endSequenceNumber: "49601189658422359378836298522902373528957594348623495186",
    approximateArrivalOfFirstRecord: "2019-11-14T00:38:04.835Z",
    approximateArrivalOfLastRecord: "2019-11-14T00:38:05.580Z",
    batchSize: 500,
    streamArn: stream
  }
})

/**
 * {@link KinesisFailure} as Lambda sends it to a queue or a topic.
 *
 * **Example** (A batch that was given up)
 *
 * ```ts
 * import * as LambdaDestination from "effect-lambda-runtime/events/LambdaDestination"
 *
 * LambdaDestination.sampleKinesisFailure().KinesisBatchInfo.batchSize // => 500
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleKinesisFailure = (): typeof KinesisFailure.Encoded => {
  const { batch, ...failure } = sampleFailure("arn:aws:kinesis:us-east-2:123456789012:stream/mystream")
  return { ...failure, KinesisBatchInfo: batch }
}

/**
 * {@link DynamoDbFailure} as Lambda sends it to a queue or a topic.
 *
 * **Example** (A batch that was given up)
 *
 * ```ts
 * import * as LambdaDestination from "effect-lambda-runtime/events/LambdaDestination"
 *
 * LambdaDestination.sampleDynamoDbFailure().DDBStreamBatchInfo.batchSize // => 500
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleDynamoDbFailure = (): typeof DynamoDbFailure.Encoded => {
  const { batch, ...failure } = sampleFailure(
    "arn:aws:dynamodb:us-east-2:123456789012:table/mytable/stream/2019-11-14T00:00:00.000"
  )
  return { ...failure, DDBStreamBatchInfo: batch }
}

/**
 * {@link KafkaFailure} as Lambda sends it to a topic of Kafka.
 *
 * **Example** (A record that was given up)
 *
 * ```ts
 * import * as LambdaDestination from "effect-lambda-runtime/events/LambdaDestination"
 *
 * LambdaDestination.sampleKafkaFailure().KafkaBatchInfo.batchSize // => 1
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleKafkaFailure = (): typeof KafkaFailure.Encoded => {
  const payload = Kafka.sample()
  return {
    requestContext: {
      requestId: "e4b46cbf-b738-xmpl-8880-a18cdf61200e",
      functionArn: `${functionArn}:$LATEST`,
      condition: "RetriesExhausted",
      approximateInvokeCount: 3
    },
    responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
    version: "1.0",
    timestamp: "2019-11-14T18:16:05.568Z",
    KafkaBatchInfo: {
      batchSize: 1,
      eventSourceArn: payload.eventSourceArn ?? null,
      bootstrapServers: payload.bootstrapServers ?? null,
      payloadSize: 1162,
      recordInfo: { offset: "15", timestamp: "2018-12-17T22:10:50.987Z" }
    },
    payload
  }
}
