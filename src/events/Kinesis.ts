/**
 * Records of an Amazon Kinesis data stream.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { batchResponse } from "../internal/events/batchResponse.ts"
import { type BytesSchema, fromBase64, toBase64 } from "../internal/events/bytesPayload.ts"
import { jsonBytes } from "../internal/events/jsonBytes.ts"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { windowFields, windowResult } from "../internal/events/tumblingWindow.ts"
import * as Timestamp from "./Timestamp.ts"

const title = "a Kinesis stream event"

/**
 * What the stream keeps of a record.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Payload = Schema.Struct({
  kinesisSchemaVersion: Schema.String,
  partitionKey: Schema.String,
  /** Up to 56 digits, which orders the records of a shard. Identifies the record in a {@link BatchResponse}. */
  sequenceNumber: Schema.String,
  /** What the producer wrote. */
  data: Schema.Uint8ArrayFromBase64,
  approximateArrivalTimestamp: Timestamp.EpochSeconds,
  encryptionType: nullish(openEnum(["NONE", "KMS"]))
})

/**
 * A decoded {@link Payload}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Payload extends Schema.Schema.Type<typeof Payload> {}

/**
 * A record, with its data as bytes. {@link recordOf} decodes data of JSON, and {@link recordFromBytes} any other.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Record = Schema.Struct({
  kinesis: Payload,
  eventSource: Schema.Literal("aws:kinesis"),
  eventVersion: Schema.String,
  /** The shard and the sequence number: `shardId-000000000006:495…`. */
  eventID: Schema.String,
  eventName: Schema.String,
  invokeIdentityArn: Schema.String,
  awsRegion: Schema.String,
  /** The stream, or the consumer with a throughput of its own. */
  eventSourceARN: Schema.String
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
 * **Gotchas**
 *
 * A producer that aggregates (the KPL does) puts several records of its own into one; the bytes are as it wrote them.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = Schema.Struct({ Records: Schema.Array(Record) }).annotate({ title })

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Event extends Schema.Schema.Type<typeof Event> {}

const makeRecordFromBytes = <Data extends BytesSchema>(data: Data) =>
  Schema.Struct({
    ...Record.fields,
    kinesis: Schema.Struct({
      ...Payload.fields,
      data: fromBase64(data)
    })
  })

const makeEventFromBytes = <Data extends BytesSchema>(data: Data) =>
  Schema.Struct({ Records: Schema.Array(recordFromBytes(data)) }).annotate({ title })

const makeRecordOf = <Data extends Schema.Constraint>(data: Data) => makeRecordFromBytes(jsonBytes(data))

const makeEventOf = <Data extends Schema.Constraint>(data: Data) =>
  Schema.Struct({ Records: Schema.Array(recordOf(data)) }).annotate({ title })

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
 * import * as Kinesis from "effect-lambda-runtime/events/Kinesis"
 * import * as Schema from "effect/Schema"
 *
 * const [record] = Kinesis.sample(CloudWatchLogs.sampleCompressed("started")).Records
 * const { kinesis } = Schema.decodeUnknownSync(Kinesis.recordFromBytes(CloudWatchLogs.Compressed))(record)
 * kinesis.data.logEvents.map(({ message }) => message) // => ["started"]
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
 * For data that is not JSON. With `CloudWatchLogs.Compressed`, it reads a stream that log groups are subscribed to.
 *
 * **Example** (Logs that are sent to a stream)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as CloudWatchLogs from "effect-lambda-runtime/events/CloudWatchLogs"
 * import * as Kinesis from "effect-lambda-runtime/events/Kinesis"
 * import * as Effect from "effect/Effect"
 *
 * const collect = Handler.make({ event: Kinesis.eventFromBytes(CloudWatchLogs.Compressed) }, ({ Records }) =>
 *   Effect.forEach(Records, ({ kinesis }) =>
 *     Effect.log(kinesis.data.logGroup, kinesis.data.logEvents.length), { discard: true }))
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
 * To decode one record at a time, so that one that does not fit fails by itself.
 *
 * **Example** (One order)
 *
 * ```ts
 * import * as Kinesis from "effect-lambda-runtime/events/Kinesis"
 * import * as Schema from "effect/Schema"
 *
 * const Order = Schema.Struct({ id: Schema.String })
 * const [record] = Kinesis.sample({ id: "o-1" }).Records
 * Schema.decodeUnknownSync(Kinesis.recordOf(Order))(record).kinesis.data // => { id: "o-1" }
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
 * For what programs of yours write. With `DynamoDb.KinesisRecord`, it reads the changes of a table.
 *
 * **Gotchas**
 *
 * Data that does not fit fails the whole event, and with it the shard, until the record expires. Decode by
 * {@link recordOf} to fail that record alone.
 *
 * **Example** (Changes of a table that streams to Kinesis)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as DynamoDb from "effect-lambda-runtime/events/DynamoDb"
 * import * as Kinesis from "effect-lambda-runtime/events/Kinesis"
 * import * as Effect from "effect/Effect"
 *
 * const index = Handler.make({ event: Kinesis.eventOf(DynamoDb.KinesisRecord) }, ({ Records }) =>
 *   Effect.forEach(Records, ({ kinesis }) =>
 *     Effect.log(kinesis.data.tableName, kinesis.data.dynamodb.Keys), { discard: true }))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const eventOf: <Data extends Schema.Constraint>(data: Data) => eventOf<Data> = makeEventOf

/**
 * The records that are to be delivered again.
 *
 * **When to use**
 *
 * As the result of a function whose event source mapping has `ReportBatchItemFailures`.
 *
 * **Gotchas**
 *
 * Lambda starts again at the lowest sequence number, with all records behind it: one is enough. Sequence numbers are
 * too long for a JavaScript number: compare them by `BigInt`, or take the first in the order of the event.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 * @category schemas
 * @since 0.1.0
 */
export const BatchResponse = batchResponse(Schema.NonEmptyString)

/**
 * A {@link BatchResponse} to encode; `itemIdentifier` is the `sequenceNumber` of a record.
 *
 * @category models
 * @since 0.1.0
 */
export interface BatchResponse extends Schema.Schema.Type<typeof BatchResponse> {}

/**
 * A batch of records within a tumbling window.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html
 * @category schemas
 * @since 0.1.0
 */
export const WindowEvent = Schema.Struct({ ...Event.fields, ...windowFields }).annotate({ title })

/**
 * A decoded {@link WindowEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface WindowEvent extends Schema.Schema.Type<typeof WindowEvent> {}

/**
 * What is answered to a {@link WindowEvent}: the state for the next batch, at most 1 MB, and the failed records.
 *
 * @category schemas
 * @since 0.1.0
 */
export const WindowResult = windowResult(BatchResponse.fields)

/**
 * A {@link WindowResult} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export interface WindowResult extends Schema.Schema.Type<typeof WindowResult> {}

const stream = "arn:aws:kinesis:us-east-1:123456789012:stream/lambda-stream"

/**
 * An event as Lambda delivers it, one record for each data: bytes, text, or what is sent as JSON.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Kinesis from "effect-lambda-runtime/events/Kinesis"
 *
 * Kinesis.sample("hello").Records.map(({ kinesis }) => kinesis.data) // => ["aGVsbG8="]
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (...datas: ReadonlyArray<unknown>): typeof Event.Encoded => ({
  Records: (datas.length === 0 ? ["Hello, this is a test."] : datas).map((data, index) => {
    const sequenceNumber = `4959033827149025660855969253836157109592157598913658${String(index).padStart(4, "0")}`
    return {
      kinesis: {
        kinesisSchemaVersion: "1.0",
        partitionKey: "1",
        sequenceNumber,
        data: toBase64(data),
        approximateArrivalTimestamp: 1545084650.987
      },
      eventSource: "aws:kinesis",
      eventVersion: "1.0",
      eventID: `shardId-000000000006:${sequenceNumber}`,
      eventName: "aws:kinesis:record",
      invokeIdentityArn: "arn:aws:iam::123456789012:role/lambda-role",
      awsRegion: "us-east-1",
      eventSourceARN: stream
    }
  })
})

/**
 * A batch as Lambda delivers it within a tumbling window, one record for each data, as {@link sample} has it.
 *
 * **Example** (The first batch of a window)
 *
 * ```ts
 * import * as Kinesis from "effect-lambda-runtime/events/Kinesis"
 *
 * Kinesis.sampleWindowEvent("hello").state // => {}
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleWindowEvent = (...datas: ReadonlyArray<unknown>): typeof WindowEvent.Encoded => ({
  ...sample(...datas),
  window: { start: "2020-12-09T07:04:00Z", end: "2020-12-09T07:06:00Z" },
  state: {},
  shardId: "shardId-000000000006",
  eventSourceARN: stream,
  isFinalInvokeForWindow: false,
  isWindowTerminatedEarly: false
})
