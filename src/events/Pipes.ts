/**
 * Amazon EventBridge Pipes, with a function as the target or the enrichment of a pipe.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { batchResponse } from "../internal/events/batchResponse.ts"
import { fromBase64, toBase64 } from "../internal/events/bytesPayload.ts"
import { jsonBytes } from "../internal/events/jsonBytes.ts"
import { nullish } from "../internal/events/nullish.ts"
import * as Kafka from "./Kafka.ts"
import * as Kinesis from "./Kinesis.ts"

const title = "an EventBridge Pipes event"

/**
 * Records of any source, as JSON. {@link eventOf} decodes those of one source.
 *
 * **Gotchas**
 *
 * The event is the list itself, also of a single record, and a pipe never delivers what an event source mapping does
 * around it.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html
 * @category schemas
 * @since 0.1.0
 */
export const Event = Schema.Array(Schema.Json).annotate({ title })

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export type Event = typeof Event.Type

const makeEventOf = <Record extends Schema.Constraint>(record: Record) =>
  Schema.Array(Schema.toCodecJson(record)).annotate({ title })

/**
 * The schema of {@link eventOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface eventOf<Record extends Schema.Constraint> extends ReturnType<typeof makeEventOf<Record>> {}

/**
 * An {@link Event} whose records, or what an input transformer makes of each, have the given shape.
 *
 * **When to use**
 *
 * With `Sqs.Record`, `DynamoDb.Record`, `ActiveMq.Message` or `RabbitMq.Message`, which a pipe delivers as an event
 * source mapping does, or with `Sqs.recordOf` and the like, which decode them. With {@link KinesisRecord} and
 * {@link KafkaRecord}, which are flat here.
 *
 * **Example** (Orders of a queue)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Pipes from "effect-lambda-runtime/events/Pipes"
 * import * as Sqs from "effect-lambda-runtime/events/Sqs"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const Order = Schema.Struct({ id: Schema.String })
 *
 * const ship = Handler.make({ event: Pipes.eventOf(Sqs.recordOf(Order)) }, (records) =>
 *   Effect.forEach(records, ({ body }) => Effect.log(body.id), { discard: true }))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const eventOf: <Record extends Schema.Constraint>(record: Record) => eventOf<Record> = makeEventOf

const { kinesis: _, ...kinesisRecordFields } = Kinesis.Record.fields

/**
 * A record of a Kinesis data stream, with its data as bytes. {@link kinesisRecordOf} decodes data of JSON.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-kinesis.html
 * @category schemas
 * @since 0.1.0
 */
export const KinesisRecord = Schema.Struct({ ...Kinesis.Payload.fields, ...kinesisRecordFields })

/**
 * A decoded {@link KinesisRecord}.
 *
 * @category models
 * @since 0.1.0
 */
export interface KinesisRecord extends Schema.Schema.Type<typeof KinesisRecord> {}

const makeKinesisRecordOf = <Data extends Schema.Constraint>(data: Data) =>
  Schema.Struct({ ...KinesisRecord.fields, data: fromBase64(jsonBytes(data)) })

/**
 * The schema of {@link kinesisRecordOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface kinesisRecordOf<Data extends Schema.Constraint> extends ReturnType<typeof makeKinesisRecordOf<Data>> {}

/**
 * A {@link KinesisRecord} whose data is JSON of the given shape.
 *
 * **Example** (Orders of a stream)
 *
 * ```ts
 * import * as Pipes from "effect-lambda-runtime/events/Pipes"
 * import * as Schema from "effect/Schema"
 *
 * const Orders = Pipes.eventOf(Pipes.kinesisRecordOf(Schema.Struct({ id: Schema.String })))
 * const records = Schema.decodeUnknownSync(Orders)([Pipes.sampleKinesisRecord({ id: "o-1" })])
 * records.map(({ data }) => data.id) // => ["o-1"]
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const kinesisRecordOf: <Data extends Schema.Constraint>(data: Data) => kinesisRecordOf<Data> =
  makeKinesisRecordOf

/**
 * A record of a topic of Amazon MSK or of a cluster of your own, with its key and its value as bytes.
 * {@link kafkaRecordOf} decodes a value of JSON.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-msk.html
 * @category schemas
 * @since 0.1.0
 */
export const KafkaRecord = Schema.Struct({
  ...Kafka.Record.fields,
  eventSource: Kafka.Event.fields.eventSource,
  eventSourceArn: Kafka.Event.fields.eventSourceArn,
  bootstrapServers: Kafka.Event.fields.bootstrapServers,
  /** The topic and the partition, as `orders-0`. */
  eventSourceKey: nullish(Schema.String)
})

/**
 * A decoded {@link KafkaRecord}.
 *
 * @category models
 * @since 0.1.0
 */
export interface KafkaRecord extends Schema.Schema.Type<typeof KafkaRecord> {}

const makeKafkaRecordOf = <Value extends Schema.Constraint>(value: Value) =>
  Schema.Struct({ ...KafkaRecord.fields, value: nullish(fromBase64(jsonBytes(value))) })

/**
 * The schema of {@link kafkaRecordOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface kafkaRecordOf<Value extends Schema.Constraint> extends ReturnType<typeof makeKafkaRecordOf<Value>> {}

/**
 * A {@link KafkaRecord} whose value is JSON of the given shape.
 *
 * **Example** (Orders of a topic)
 *
 * ```ts
 * import * as Pipes from "effect-lambda-runtime/events/Pipes"
 * import * as Schema from "effect/Schema"
 *
 * const Orders = Pipes.eventOf(Pipes.kafkaRecordOf(Schema.Struct({ id: Schema.String })))
 * const records = Schema.decodeUnknownSync(Orders)([Pipes.sampleKafkaRecord({ id: "o-1" })])
 * records.map(({ value }) => value?.id) // => ["o-1"]
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const kafkaRecordOf: <Value extends Schema.Constraint>(value: Value) => kafkaRecordOf<Value> = makeKafkaRecordOf

/**
 * What a function answers that enriches records: what the target is given in their place, as many as it likes.
 * {@link enrichmentResultOf} types them.
 *
 * **Details**
 *
 * The target is not called for an empty list.
 *
 * **Gotchas**
 *
 * Keep `messageId` or `eventID` in each, or the target cannot say which records have failed.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/pipes-enrichment.html
 * @category schemas
 * @since 0.1.0
 */
export const EnrichmentResult = Schema.Array(Schema.Json)

/**
 * An {@link EnrichmentResult} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export type EnrichmentResult = typeof EnrichmentResult.Type

/**
 * The schema of {@link enrichmentResultOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface enrichmentResultOf<Record extends Schema.Constraint> extends ReturnType<typeof makeEventOf<Record>> {}

/**
 * An {@link EnrichmentResult} whose records have the given shape.
 *
 * **Example** (Orders with their customers)
 *
 * ```ts
 * import * as Pipes from "effect-lambda-runtime/events/Pipes"
 * import * as Schema from "effect/Schema"
 *
 * const Result = Pipes.enrichmentResultOf(Schema.Struct({ id: Schema.String, at: Schema.Date }))
 * Schema.encodeSync(Result)([]) // => []
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const enrichmentResultOf: <Record extends Schema.Constraint>(record: Record) => enrichmentResultOf<Record> =
  makeEventOf

/**
 * The records that a target wants to be given again.
 *
 * **Gotchas**
 *
 * Unlike an event source mapping, a pipe needs no setting for it. The functions of an enrichment cannot answer it.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html
 * @category schemas
 * @since 0.1.0
 */
export const BatchResponse = batchResponse(Schema.NonEmptyString)

/**
 * A {@link BatchResponse} to encode; `itemIdentifier` is the `messageId` of a message, or the `eventID` of a record of
 * Kinesis or DynamoDB.
 *
 * @category models
 * @since 0.1.0
 */
export interface BatchResponse extends Schema.Schema.Type<typeof BatchResponse> {}

/**
 * Messages of a queue as a pipe delivers them, one for each body. A body that is no text is sent as JSON.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Pipes from "effect-lambda-runtime/events/Pipes"
 *
 * Pipes.sample("hello").length // => 1
 * ```
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-sqs.html
 * @category testing
 * @since 0.1.0
 */
export const sample = (...bodies: ReadonlyArray<unknown>): typeof Event.Encoded =>
  (bodies.length === 0 ? ["Test message."] : bodies).map((body, index) => ({
    messageId: `059f36b4-87a3-44ab-83d2-66197${String(index).padStart(7, "0")}`,
    receiptHandle: "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a...",
    body: typeof body === "string" ? body : JSON.stringify(body),
    attributes: {
      ApproximateReceiveCount: "1",
      SentTimestamp: "1545082649183",
      SenderId: "AIDAIENQZJOLO23YVJ4VO",
      ApproximateFirstReceiveTimestamp: "1545082649185"
    },
    messageAttributes: {},
    md5OfBody: "e4e68fb7bd0e697a0ae8f1bb342846b3",
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:us-east-2:123456789012:my-queue",
    awsRegion: "us-east-2"
  }))

/**
 * {@link KinesisRecord} as a pipe delivers it, in a list. Its data are bytes, text, or what is sent as JSON.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Pipes from "effect-lambda-runtime/events/Pipes"
 *
 * const event = [Pipes.sampleKinesisRecord("hello")]
 * event.map(({ data }) => data) // => ["aGVsbG8="]
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleKinesisRecord = (data: unknown = "Hello, this is a test."): typeof KinesisRecord.Encoded => ({
  kinesisSchemaVersion: "1.0",
  partitionKey: "1",
  sequenceNumber: "49590338271490256608559692538361571095921575989136588898",
  data: toBase64(data),
  approximateArrivalTimestamp: 1545084650.987,
  eventSource: "aws:kinesis",
  eventVersion: "1.0",
  eventID: "shardId-000000000006:49590338271490256608559692538361571095921575989136588898",
  eventName: "aws:kinesis:record",
  invokeIdentityArn: "arn:aws:iam::123456789012:role/lambda-role",
  awsRegion: "us-east-2",
  eventSourceARN: "arn:aws:kinesis:us-east-2:123456789012:stream/lambda-stream"
})

/**
 * {@link KafkaRecord} as a pipe delivers it, in a list. Its value is bytes, text, or what is sent as JSON.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Pipes from "effect-lambda-runtime/events/Pipes"
 *
 * const event = [Pipes.sampleKafkaRecord("hello")]
 * event.map(({ value }) => value) // => ["aGVsbG8="]
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleKafkaRecord = (value: unknown = "Hello, this is a test."): typeof KafkaRecord.Encoded => ({
  eventSource: "aws:kafka",
  eventSourceArn: "arn:aws:kafka:us-east-1:123456789012:cluster/vpc-2priv-2pub/751d2973-a626-431c-9d4e-d7975eb44dd7-2",
  eventSourceKey: "orders-0",
  topic: "orders",
  partition: 0,
  offset: 15,
  timestamp: 1545084650987,
  timestampType: "CREATE_TIME",
  key: toBase64("key"),
  value: toBase64(value),
  headers: [{ headerKey: [104, 101, 97, 100, 101, 114, 86, 97, 108, 117, 101] }]
})
