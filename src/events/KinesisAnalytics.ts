/**
 * Results of a SQL application of Amazon Kinesis Data Analytics that has a function as its output.
 *
 * @see https://docs.aws.amazon.com/kinesisanalytics/latest/dev/how-it-works-output-lambda.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { type BytesSchema, fromBase64, toBase64 } from "../internal/events/bytesPayload.ts"
import { jsonBytes } from "../internal/events/jsonBytes.ts"
import { nullish } from "../internal/events/nullish.ts"

const title = "a Kinesis Analytics event"

/**
 * A record, with its data as bytes. {@link recordOf} decodes data of JSON, and {@link recordFromBytes} any other.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Record = Schema.Struct({
  /** Identifies the record in a {@link Result}. */
  recordId: Schema.String,
  lambdaDeliveryRecordMetadata: nullish(Schema.Struct({
    /** Grows with every delivery that has failed. */
    retryHint: Schema.Finite
  })),
  /** A row in the format of the output: JSON or CSV. */
  data: Schema.Uint8ArrayFromBase64
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
  applicationArn: Schema.String,
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
 * **Example** (Data as it is)
 *
 * ```ts
 * import * as KinesisAnalytics from "effect-lambda-runtime/events/KinesisAnalytics"
 * import * as Schema from "effect/Schema"
 *
 * const [record] = KinesisAnalytics.sample(Uint8Array.of(1, 2)).records
 * Schema.decodeUnknownSync(KinesisAnalytics.recordFromBytes(Schema.Uint8Array))(record).data // => Uint8Array.of(1, 2)
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
 * An {@link Event} whose data the given schema decodes from bytes, such as rows of CSV.
 *
 * **Example** (Data as it is)
 *
 * ```ts
 * import * as KinesisAnalytics from "effect-lambda-runtime/events/KinesisAnalytics"
 * import * as Schema from "effect/Schema"
 *
 * const Bytes = KinesisAnalytics.eventFromBytes(Schema.Uint8Array)
 * Schema.decodeUnknownSync(Bytes)(KinesisAnalytics.sample("1,2")).records.map(({ data }) => data.length) // => [3]
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
 * **Example** (One row)
 *
 * ```ts
 * import * as KinesisAnalytics from "effect-lambda-runtime/events/KinesisAnalytics"
 * import * as Schema from "effect/Schema"
 *
 * const Row = Schema.Struct({ TICKER: Schema.String })
 * const [record] = KinesisAnalytics.sample({ TICKER: "AMZN" }).records
 * Schema.decodeUnknownSync(KinesisAnalytics.recordOf(Row))(record).data // => { TICKER: "AMZN" }
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
 * An {@link Event} whose data are JSON of the given shape.
 *
 * **Gotchas**
 *
 * One row that does not fit fails the whole event: decode by {@link recordOf} to answer `DeliveryFailed` for that row.
 *
 * **Example** (Every row)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as KinesisAnalytics from "effect-lambda-runtime/events/KinesisAnalytics"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const Row = Schema.Struct({ TICKER: Schema.String, PRICE: Schema.Finite })
 *
 * const deliver = Handler.make({
 *   event: KinesisAnalytics.eventOf(Row),
 *   result: KinesisAnalytics.Result
 * }, ({ records }) =>
 *   Effect.map(
 *     Effect.forEach(records, ({ data, recordId }) => Effect.as(Effect.log(data.TICKER, data.PRICE), recordId)),
 *     (recordIds) => ({ records: recordIds.map((recordId) => ({ recordId, result: "Ok" as const })) })
 *   ))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const eventOf: <Data extends Schema.Constraint>(data: Data) => eventOf<Data> = makeEventOf

/**
 * What became of each record.
 *
 * **Gotchas**
 *
 * Every `recordId` of the event has to come back. A record that is not there is delivered again, as one with
 * `DeliveryFailed` is.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Result = Schema.Struct({
  records: Schema.Array(Schema.Struct({
    recordId: Schema.String,
    result: Schema.Literals(["Ok", "DeliveryFailed"])
  }))
})

/**
 * A {@link Result} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export interface Result extends Schema.Schema.Type<typeof Result> {}

/**
 * An event as Lambda delivers it, with a record for each data: bytes, text, or what is sent as JSON.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as KinesisAnalytics from "effect-lambda-runtime/events/KinesisAnalytics"
 *
 * KinesisAnalytics.sample({ TICKER: "AMZN" }).records.length // => 1
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (...data: ReadonlyArray<unknown>): typeof Event.Encoded => ({
  invocationId: "00540a87-5050-496a-84e4-e7d92bbaf5e2",
  applicationArn: "arn:aws:kinesisanalytics:us-east-1:123456789012:application/prices",
  records: (data.length === 0 ? [{ TICKER: "AMZN", PRICE: 731.5 }] : data).map((payload, index) => ({
    recordId: `4957267222366551442280524692665695463097248605953589248${index}`,
    lambdaDeliveryRecordMetadata: { retryHint: 0 },
    data: toBase64(payload)
  }))
})
