/**
 * Records that Amazon Data Firehose has a function transform on their way to the destination.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { type BytesSchema, fromBase64, toBase64 } from "../internal/events/bytesPayload.ts"
import { jsonBytes } from "../internal/events/jsonBytes.ts"
import { nullish, omittable } from "../internal/events/nullish.ts"
import { StringMap } from "../internal/events/stringMaps.ts"

const title = "a Firehose event"

/** Milliseconds; samples of the AWS SAM CLI write ISO 8601. */
const arrival = Schema.Union([Schema.DateTimeUtcFromMillis, Schema.DateTimeUtcFromString])

/**
 * Where in a Kinesis data stream a record was.
 *
 * @category schemas
 * @since 0.1.0
 */
export const KinesisRecordMetadata = Schema.Struct({
  shardId: Schema.String,
  partitionKey: Schema.String,
  approximateArrivalTimestamp: arrival,
  sequenceNumber: Schema.String,
  /** The place within an aggregated record. AWS writes it as a number, and as text that may be empty. */
  subsequenceNumber: nullish(Schema.Union([Schema.Finite, Schema.String]))
})

/**
 * Decoded {@link KinesisRecordMetadata}.
 *
 * @category models
 * @since 0.1.0
 */
export interface KinesisRecordMetadata extends Schema.Schema.Type<typeof KinesisRecordMetadata> {}

/**
 * Where in a topic of Amazon MSK a record was.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MskRecordMetadata = Schema.Struct({
  offset: Schema.String,
  partitionId: Schema.String,
  approximateArrivalTimestamp: arrival
})

/**
 * Decoded {@link MskRecordMetadata}.
 *
 * @category models
 * @since 0.1.0
 */
export interface MskRecordMetadata extends Schema.Schema.Type<typeof MskRecordMetadata> {}

/**
 * A record, with its data as bytes. {@link recordOf} decodes data of JSON, and {@link recordFromBytes} any other.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Record = Schema.Struct({
  /** Identifies the record in a {@link Result}. */
  recordId: Schema.String,
  approximateArrivalTimestamp: Schema.DateTimeUtcFromMillis,
  /** What the producer wrote. */
  data: Schema.Uint8ArrayFromBase64,
  /** Where the source is a Kinesis data stream. */
  kinesisRecordMetadata: nullish(KinesisRecordMetadata),
  /** Where the source is Amazon MSK. */
  mskRecordMetadata: nullish(MskRecordMetadata)
})

/**
 * A decoded {@link Record}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Record extends Schema.Schema.Type<typeof Record> {}

/**
 * A batch of records, with their data as bytes. {@link eventOf} decodes data of JSON, and {@link eventFromBytes} any
 * other.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = Schema.Struct({
  invocationId: Schema.String,
  deliveryStreamArn: Schema.String,
  /** Where the source is a Kinesis data stream. */
  sourceKinesisStreamArn: nullish(Schema.String),
  /** Where the source is Amazon MSK. */
  sourceMSKArn: nullish(Schema.String),
  region: Schema.String,
  records: Schema.Array(Record)
}).annotate({ title })

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Event extends Schema.Schema.Type<typeof Event> {}

const makeRecordFromBytes = <Data extends BytesSchema>(data: Data) =>
  Schema.Struct({ ...Record.fields, data: fromBase64(data) })

const makeEventFromBytes = <Data extends BytesSchema>(data: Data) =>
  Schema.Struct({ ...Event.fields, records: Schema.Array(recordFromBytes(data)) }).annotate({ title })

const makeRecordOf = <Data extends Schema.Constraint>(data: Data) => makeRecordFromBytes(jsonBytes(data))

const makeEventOf = <Data extends Schema.Constraint>(data: Data) =>
  Schema.Struct({ ...Event.fields, records: Schema.Array(recordOf(data)) }).annotate({ title })

/**
 * The schema of {@link recordFromBytes}.
 *
 * @category models
 * @since 0.1.0
 */
export interface recordFromBytes<Data extends BytesSchema> extends ReturnType<typeof makeRecordFromBytes<Data>> {}

/**
 * A {@link Record} whose data the given schema decodes from bytes.
 *
 * **Example** (A record of logs)
 *
 * ```ts
 * import * as CloudWatchLogs from "effect-lambda-runtime/events/CloudWatchLogs"
 * import * as Firehose from "effect-lambda-runtime/events/Firehose"
 * import * as Schema from "effect/Schema"
 *
 * const [record] = Firehose.sample(CloudWatchLogs.sampleCompressed("started")).records
 * const { data } = Schema.decodeUnknownSync(Firehose.recordFromBytes(CloudWatchLogs.Compressed))(record)
 * data.logEvents.map(({ message }) => message) // => ["started"]
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const recordFromBytes: <Data extends BytesSchema>(data: Data) => recordFromBytes<Data> = makeRecordFromBytes

/**
 * The schema of {@link eventFromBytes}.
 *
 * @category models
 * @since 0.1.0
 */
export interface eventFromBytes<Data extends BytesSchema> extends ReturnType<typeof makeEventFromBytes<Data>> {}

/**
 * An {@link Event} whose data the given schema decodes from bytes.
 *
 * **When to use**
 *
 * For data that is not JSON. With `CloudWatchLogs.Compressed`, it reads log groups that are subscribed to a stream,
 * unless the stream decompresses them by itself.
 *
 * **Example** (Logs)
 *
 * ```ts
 * import * as CloudWatchLogs from "effect-lambda-runtime/events/CloudWatchLogs"
 * import * as Firehose from "effect-lambda-runtime/events/Firehose"
 * import * as Schema from "effect/Schema"
 *
 * const event = Firehose.sample(CloudWatchLogs.sampleCompressed("started"))
 * const { records } = Schema.decodeUnknownSync(Firehose.eventFromBytes(CloudWatchLogs.Compressed))(event)
 * records.flatMap(({ data }) => data.logEvents).map(({ message }) => message) // => ["started"]
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const eventFromBytes: <Data extends BytesSchema>(data: Data) => eventFromBytes<Data> = makeEventFromBytes

/**
 * The schema of {@link recordOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface recordOf<Data extends Schema.Constraint> extends ReturnType<typeof makeRecordOf<Data>> {}

/**
 * A {@link Record} whose data is JSON of the given shape.
 *
 * **When to use**
 *
 * To decode one record at a time, so that one that does not fit is answered as `ProcessingFailed` by itself.
 *
 * **Example** (One order)
 *
 * ```ts
 * import * as Firehose from "effect-lambda-runtime/events/Firehose"
 * import * as Schema from "effect/Schema"
 *
 * const Order = Schema.Struct({ id: Schema.String })
 * const [record] = Firehose.sample({ id: "o-1" }).records
 * Schema.decodeUnknownSync(Firehose.recordOf(Order))(record).data // => { id: "o-1" }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const recordOf: <Data extends Schema.Constraint>(data: Data) => recordOf<Data> = makeRecordOf

/**
 * The schema of {@link eventOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface eventOf<Data extends Schema.Constraint> extends ReturnType<typeof makeEventOf<Data>> {}

/**
 * An {@link Event} whose data is JSON of the given shape.
 *
 * **When to use**
 *
 * For what programs of yours write. With `Sqs.Record`, it reads messages that a pipe sends on.
 *
 * **Gotchas**
 *
 * Data that does not fit fails the whole event. Decode by {@link recordOf} to fail that record alone.
 *
 * **Example** (Orders without their card numbers, a line each)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Firehose from "effect-lambda-runtime/events/Firehose"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const Order = Schema.Struct({ id: Schema.String, card: Schema.String })
 *
 * const redact = Handler.make({ event: Firehose.eventOf(Order), result: Firehose.Result }, ({ records }) =>
 *   Effect.succeed({
 *     records: records.map(({ data, recordId }) => ({
 *       recordId,
 *       result: "Ok" as const,
 *       data: new TextEncoder().encode(`${JSON.stringify({ id: data.id })}\n`)
 *     }))
 *   }))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const eventOf: <Data extends Schema.Constraint>(data: Data) => eventOf<Data> = makeEventOf

/**
 * What Firehose is to know of a transformed record beside its data.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ResultMetadata = Schema.Struct({
  /** For dynamic partitioning: the keys that the prefix of the destination names. */
  partitionKeys: omittable(StringMap),
  /** For Apache Iceberg tables: where the record goes, and what is done there. */
  otfMetadata: omittable(Schema.Struct({
    destinationTableName: omittable(Schema.String),
    destinationDatabaseName: omittable(Schema.String),
    operation: omittable(Schema.Literals(["insert", "update", "delete"]))
  }))
})

/**
 * {@link ResultMetadata} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export interface ResultMetadata extends Schema.Schema.Type<typeof ResultMetadata> {}

const resultWith = <Data extends Schema.Constraint>(data: Data) =>
  Schema.Struct({
    records: Schema.Array(Schema.Struct({
      recordId: Schema.String,
      /** `Dropped` on purpose is a success; `ProcessingFailed` is kept apart, for errors. */
      result: Schema.Literals(["Ok", "Dropped", "ProcessingFailed"]),
      data: omittable(data),
      metadata: omittable(ResultMetadata)
    }))
  })

/**
 * The transformed records, with their data as bytes. {@link resultOf} encodes data to JSON.
 *
 * **Gotchas**
 *
 * Every `recordId` of the event has to come back, once, and the answer has at most 6 MB. Firehose puts nothing between
 * records at the destination: end the data of JSON lines with a line break.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-status-model.html
 * @category schemas
 * @since 0.1.0
 */
export const Result = resultWith(Schema.Uint8ArrayFromBase64)

/**
 * A {@link Result} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export interface Result extends Schema.Schema.Type<typeof Result> {}

const makeResultOf = <Data extends Schema.Constraint>(data: Data) => resultWith(fromBase64(jsonBytes(data)))

/**
 * The schema of {@link resultOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface resultOf<Data extends Schema.Constraint> extends ReturnType<typeof makeResultOf<Data>> {}

/**
 * A {@link Result} whose data is JSON of the given shape, without a line break at its end.
 *
 * **When to use**
 *
 * For destinations that read a record at a time, such as OpenSearch, Splunk, Iceberg tables, and streams that add the
 * line breaks themselves, or convert to Parquet or ORC.
 *
 * **Example** (One record)
 *
 * ```ts
 * import * as Firehose from "effect-lambda-runtime/events/Firehose"
 * import * as Schema from "effect/Schema"
 *
 * const Result = Firehose.resultOf(Schema.Struct({ id: Schema.String }))
 * const { records } = Schema.encodeSync(Result)({ records: [{ recordId: "1", result: "Ok", data: { id: "o-1" } }] })
 * records // => [{ recordId: "1", result: "Ok", data: "eyJpZCI6Im8tMSJ9" }]
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const resultOf: <Data extends Schema.Constraint>(data: Data) => resultOf<Data> = makeResultOf

/**
 * An event as Firehose sends it, one record for each data: bytes, text, or what is sent as JSON.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Firehose from "effect-lambda-runtime/events/Firehose"
 *
 * Firehose.sample("hello").records.map(({ data }) => data) // => ["aGVsbG8="]
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (...datas: ReadonlyArray<unknown>): typeof Event.Encoded => ({
  invocationId: "2b4d1ad9-2f48-94bd-a088-767c317e994a",
  deliveryStreamArn: "arn:aws:firehose:us-east-2:123456789012:deliverystream/orders",
  sourceKinesisStreamArn: "arn:aws:kinesis:us-east-2:123456789012:stream/orders",
  region: "us-east-2",
  records: (datas.length === 0 ? ["Hello World"] : datas).map((data, index) => ({
    recordId: `4964091282117881783351798646616894514717062757285573427400${String(index).padStart(4, "0")}`,
    approximateArrivalTimestamp: 1684864917398 + index,
    data: toBase64(data),
    kinesisRecordMetadata: {
      shardId: "shardId-000000000000",
      partitionKey: "4d1ad2b9-24f8-4b9d-a088-76e9947c317a",
      approximateArrivalTimestamp: 1684864917000 + index,
      sequenceNumber: `4964091282117881783351798646616894514717062757285573${String(index).padStart(4, "0")}`,
      subsequenceNumber: 0
    }
  }))
})
