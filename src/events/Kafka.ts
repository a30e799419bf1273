/**
 * Records of Apache Kafka topics, of Amazon MSK or of a cluster of your own.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-kafka.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { batchResponse } from "../internal/events/batchResponse.ts"
import { type BytesSchema, fromBase64, toBase64 } from "../internal/events/bytesPayload.ts"
import { checkedInPlace } from "../internal/events/checkedInPlace.ts"
import { jsonBytes } from "../internal/events/jsonBytes.ts"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { SignedBytes } from "../internal/events/signedBytes.ts"

const title = "a Kafka event"

/**
 * What a schema registry knows of a key or a value.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-consume-kafka-events.html
 * @category schemas
 * @since 0.1.0
 */
export const SchemaMetadata = Schema.Struct({
  dataFormat: nullish(openEnum(["AVRO", "PROTOBUF", "JSON"])),
  schemaId: nullish(Schema.String)
})

/**
 * Decoded {@link SchemaMetadata}.
 *
 * @category models
 * @since 0.1.0
 */
export interface SchemaMetadata extends Schema.Schema.Type<typeof SchemaMetadata> {}

/**
 * A record, with its key and its value as bytes. {@link recordOf} decodes a value of JSON, and {@link recordFromBytes}
 * any other.
 *
 * **Details**
 *
 * A `partition` in text, as old documentation has it, is encoded as a number.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Record = Schema.Struct({
  topic: Schema.String,
  partition: Schema.Union([Schema.Finite, Schema.FiniteFromString]),
  /** With the topic and the partition, it identifies the record in a {@link BatchResponse}. */
  offset: Schema.Finite,
  timestamp: Schema.DateTimeUtcFromMillis,
  timestampType: openEnum(["CREATE_TIME", "LOG_APPEND_TIME", "NO_TIMESTAMP_TYPE"]),
  /** Bytes; `new TextDecoder().decode(key)` where it is text. */
  key: nullish(Schema.Uint8ArrayFromBase64),
  /** None: a tombstone, which deletes the key from a compacted topic. */
  value: nullish(Schema.Uint8ArrayFromBase64),
  /** In the order of the producer; a name may come again. */
  headers: nullish(Schema.Array(Schema.Record(Schema.String, Schema.NullOr(SignedBytes)))),
  /** Where the event source mapping has a schema registry. */
  keySchemaMetadata: nullish(checkedInPlace(SchemaMetadata)),
  /** Where the event source mapping has a schema registry. */
  valueSchemaMetadata: nullish(checkedInPlace(SchemaMetadata))
})

/**
 * A decoded {@link Record}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Record extends Schema.Schema.Type<typeof Record> {}

/**
 * A batch of records, with their keys and values as bytes. {@link eventOf} decodes values of JSON, and
 * {@link eventFromBytes} any other.
 *
 * **Details**
 *
 * The keys of `records` are a topic and a partition each, as `orders-0`, and their records are in order.
 *
 * **Example** (Every record)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Kafka from "effect-lambda-runtime/events/Kafka"
 * import * as Effect from "effect/Effect"
 *
 * const archive = Handler.make({ event: Kafka.Event }, ({ records }) =>
 *   Effect.forEach(Object.values(records).flat(), ({ offset, topic, value }) =>
 *     Effect.log(topic, offset, value?.length), { discard: true }))
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = Schema.Struct({
  /** `aws:kafka` is Amazon MSK. */
  eventSource: Schema.Literals(["aws:kafka", "SelfManagedKafka", "aws:SelfManagedKafka"]),
  /** The cluster of Amazon MSK. */
  eventSourceArn: nullish(Schema.String),
  /** Host and port of several brokers, with commas between them. */
  bootstrapServers: nullish(Schema.String),
  records: Schema.Record(Schema.String, Schema.Array(Record))
}).annotate({ title })

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Event extends Schema.Schema.Type<typeof Event> {}

const makeRecordFromBytes = <Value extends BytesSchema>(value: Value) =>
  Schema.Struct({ ...Record.fields, value: nullish(fromBase64(value)) })

const makeEventFromBytes = <Value extends BytesSchema>(value: Value) =>
  Schema.Struct({ ...Event.fields, records: Schema.Record(Schema.String, Schema.Array(recordFromBytes(value))) })
    .annotate({ title })

const makeRecordOf = <Value extends Schema.Constraint>(value: Value) => makeRecordFromBytes(jsonBytes(value))

const makeEventOf = <Value extends Schema.Constraint>(value: Value) =>
  Schema.Struct({ ...Event.fields, records: Schema.Record(Schema.String, Schema.Array(recordOf(value))) }).annotate({
    title
  })

/**
 * The schema of {@link recordFromBytes}.
 *
 * @category models
 * @since 0.1.0
 */
export interface recordFromBytes<Value extends BytesSchema> extends ReturnType<typeof makeRecordFromBytes<Value>> {}

/**
 * A {@link Record} whose value the given schema decodes from bytes.
 *
 * **Example** (A value as it is)
 *
 * ```ts
 * import * as Kafka from "effect-lambda-runtime/events/Kafka"
 * import * as Schema from "effect/Schema"
 *
 * const [record] = Object.values(Kafka.sample(Uint8Array.of(1, 2)).records).flat()
 * Schema.decodeUnknownSync(Kafka.recordFromBytes(Schema.Uint8Array))(record).value // => Uint8Array.of(1, 2)
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const recordFromBytes: <Value extends BytesSchema>(value: Value) => recordFromBytes<Value> = makeRecordFromBytes

/**
 * The schema of {@link eventFromBytes}.
 *
 * @category models
 * @since 0.1.0
 */
export interface eventFromBytes<Value extends BytesSchema> extends ReturnType<typeof makeEventFromBytes<Value>> {}

/**
 * An {@link Event} whose values the given schema decodes from bytes: Avro, Protocol Buffers.
 *
 * **Example** (Values that are a number in four bytes)
 *
 * ```ts
 * import * as Kafka from "effect-lambda-runtime/events/Kafka"
 * import * as Schema from "effect/Schema"
 * import * as SchemaTransformation from "effect/SchemaTransformation"
 *
 * const Reading = Schema.Uint8Array.pipe(Schema.decodeTo(
 *   Schema.Finite,
 *   SchemaTransformation.transform<number, Uint8Array<ArrayBufferLike>>({
 *     decode: (bytes) => new DataView(bytes.buffer, bytes.byteOffset).getInt32(0),
 *     encode: (number) => new Uint8Array(new DataView(new ArrayBuffer(4)).buffer).with(3, number)
 *   })
 * ))
 * const { records } = Schema.decodeUnknownSync(Kafka.eventFromBytes(Reading))(Kafka.sample(Uint8Array.of(0, 0, 1, 2)))
 * Object.values(records).flat().map(({ value }) => value) // => [258]
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const eventFromBytes: <Value extends BytesSchema>(value: Value) => eventFromBytes<Value> = makeEventFromBytes

/**
 * The schema of {@link recordOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface recordOf<Value extends Schema.Constraint> extends ReturnType<typeof makeRecordOf<Value>> {}

/**
 * A {@link Record} whose value is JSON of the given shape.
 *
 * **When to use**
 *
 * To decode one record at a time, so that one that does not fit fails by itself.
 *
 * **Example** (One order)
 *
 * ```ts
 * import * as Kafka from "effect-lambda-runtime/events/Kafka"
 * import * as Schema from "effect/Schema"
 *
 * const Order = Schema.Struct({ id: Schema.String })
 * const [record] = Object.values(Kafka.sample({ id: "o-1" }).records).flat()
 * Schema.decodeUnknownSync(Kafka.recordOf(Order))(record).value // => { id: "o-1" }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const recordOf: <Value extends Schema.Constraint>(value: Value) => recordOf<Value> = makeRecordOf

/**
 * The schema of {@link eventOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface eventOf<Value extends Schema.Constraint> extends ReturnType<typeof makeEventOf<Value>> {}

/**
 * An {@link Event} whose values are JSON of the given shape.
 *
 * **When to use**
 *
 * For what programs of yours produce, and for what a schema registry makes JSON of.
 *
 * **Gotchas**
 *
 * A tombstone has no value, whatever the shape. One value that does not fit fails the whole event: decode by
 * {@link recordOf} to fail that record alone.
 *
 * **Example** (Orders)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Kafka from "effect-lambda-runtime/events/Kafka"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const Order = Schema.Struct({ id: Schema.String, placedAt: Schema.Date })
 *
 * const ship = Handler.make({ event: Kafka.eventOf(Order) }, ({ records }) =>
 *   Effect.forEach(Object.values(records).flat(), ({ value }) =>
 *     Effect.log(value?.id, value?.placedAt), { discard: true }))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const eventOf: <Value extends Schema.Constraint>(value: Value) => eventOf<Value> = makeEventOf

/**
 * The records that are to be delivered again.
 *
 * **When to use**
 *
 * As the result of a function whose event source mapping is in provisioned mode and has `ReportBatchItemFailures`.
 *
 * **Gotchas**
 *
 * A partition or an offset that the event does not have is an error, and the whole batch is delivered again.
 *
 * **Example** (One record)
 *
 * ```ts
 * import * as Kafka from "effect-lambda-runtime/events/Kafka"
 * import * as Schema from "effect/Schema"
 *
 * const response = Schema.encodeSync(Kafka.BatchResponse)({
 *   batchItemFailures: [{ itemIdentifier: { partition: "orders-0", offset: 15 } }]
 * })
 * response.batchItemFailures.length // => 1
 * ```
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html
 * @category schemas
 * @since 0.1.0
 */
export const BatchResponse = batchResponse(Schema.Struct({
  /** A key of `records`: the topic and the partition, as `orders-0`. */
  partition: Schema.NonEmptyString,
  offset: Schema.Finite
}))

/**
 * A {@link BatchResponse} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export interface BatchResponse extends Schema.Schema.Type<typeof BatchResponse> {}

/**
 * An event of Amazon MSK as Lambda delivers it, one record for each value: bytes, text, or what is sent as JSON.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Kafka from "effect-lambda-runtime/events/Kafka"
 *
 * Object.keys(Kafka.sample({ id: "o-1" }).records) // => ["orders-0"]
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (...values: ReadonlyArray<unknown>): typeof Event.Encoded => ({
  eventSource: "aws:kafka",
  eventSourceArn: "arn:aws:kafka:us-east-1:123456789012:cluster/vpc-2priv-2pub/751d2973-a626-431c-9d4e-d7975eb44dd7-2",
  bootstrapServers: "b-2.demo-cluster-1.a1bcde.c1.kafka.us-east-1.amazonaws.com:9092",
  records: {
    "orders-0": (values.length === 0 ? ["Hello, this is a test."] : values).map((value, index) => ({
      topic: "orders",
      partition: 0,
      offset: 15 + index,
      timestamp: 1545084650987 + index,
      timestampType: "CREATE_TIME",
      key: toBase64(`key-${index}`),
      value: toBase64(value),
      headers: [{ headerKey: [104, 101, 97, 100, 101, 114, 86, 97, 108, 117, 101] }]
    }))
  }
})
