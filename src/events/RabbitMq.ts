/**
 * Messages of an Amazon MQ broker for RabbitMQ.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-mq.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { type BytesSchema, fromBase64, toBase64 } from "../internal/events/bytesPayload.ts"
import { jsonBytes } from "../internal/events/jsonBytes.ts"
import { nullish } from "../internal/events/nullish.ts"
import { SignedBytes } from "../internal/events/signedBytes.ts"
import * as Timestamp from "./Timestamp.ts"

const title = "a RabbitMQ event"

/**
 * Text of a header, in UTF-8.
 *
 * @category models
 * @since 0.1.0
 */
export interface HeaderBytes {
  readonly bytes: Uint8Array
}

/**
 * Headers within a header.
 *
 * @category models
 * @since 0.1.0
 */
export interface HeaderTable {
  readonly [name: string]: HeaderValue
}

/**
 * The value of a header.
 *
 * @category models
 * @since 0.1.0
 */
export type HeaderValue =
  | null
  | boolean
  | number
  | string
  | HeaderBytes
  | ReadonlyArray<HeaderValue>
  | HeaderTable

/**
 * A {@link HeaderValue} in JSON, where bytes are a list of numbers from -128 to 127.
 *
 * @category models
 * @since 0.1.0
 */
export type EncodedHeaderValue =
  | null
  | boolean
  | number
  | string
  | { readonly bytes: ReadonlyArray<number> }
  | ReadonlyArray<EncodedHeaderValue>
  | { readonly [name: string]: EncodedHeaderValue }

const suspended = Schema.suspend((): Schema.Codec<HeaderValue, EncodedHeaderValue> => HeaderValue)

/** Else bytes, and numbers that are no bytes, would pass for a header by the name of `bytes`. */
const isTable = Schema.makeFilter(
  (value: HeaderTable) =>
    !(Object.keys(value).length === 1 && (Array.isArray(value["bytes"]) || value["bytes"] instanceof Uint8Array)),
  { expected: "a table" }
)

/**
 * The value of a header: text is an object with its `bytes`, and other values are themselves.
 *
 * **Example** (The text of a header)
 *
 * ```ts
 * import * as RabbitMq from "effect-lambda-runtime/events/RabbitMq"
 * import * as Schema from "effect/Schema"
 *
 * const { bytes } = Schema.decodeUnknownSync(RabbitMq.HeaderBytes)({ bytes: [-61, -68] })
 * new TextDecoder().decode(bytes) // => "ü"
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const HeaderBytes = Schema.Struct({ bytes: SignedBytes })

/**
 * The value of a header: text as {@link HeaderBytes}, numbers and booleans, and lists and tables of such values.
 *
 * @category schemas
 * @since 0.1.0
 */
export const HeaderValue: Schema.Codec<HeaderValue, EncodedHeaderValue> = Schema.Union([
  Schema.Null,
  Schema.Boolean,
  Schema.Finite,
  Schema.String,
  Schema.Array(suspended),
  Schema.Record(Schema.String, suspended).check(isTable),
  HeaderBytes
])

/**
 * What the sender says of a message.
 *
 * @category schemas
 * @since 0.1.0
 */
export const BasicProperties = Schema.Struct({
  contentType: nullish(Schema.String),
  contentEncoding: nullish(Schema.String),
  headers: nullish(Schema.Record(Schema.String, HeaderValue)),
  /** 1: may be lost with the broker. 2: is kept. */
  deliveryMode: nullish(Schema.Finite),
  priority: nullish(Schema.Finite),
  correlationId: nullish(Schema.String),
  replyTo: nullish(Schema.String),
  /** Milliseconds, as text. */
  expiration: nullish(Schema.String),
  messageId: nullish(Schema.String),
  timestamp: nullish(Timestamp.AmericanEnglishWithComma),
  type: nullish(Schema.String),
  userId: nullish(Schema.String),
  appId: nullish(Schema.String),
  clusterId: nullish(Schema.String),
  bodySize: nullish(Schema.Finite)
})

/**
 * Decoded {@link BasicProperties}.
 *
 * @category models
 * @since 0.1.0
 */
export interface BasicProperties extends Schema.Schema.Type<typeof BasicProperties> {}

/**
 * A message, with its data as bytes. {@link messageOf} decodes data of JSON, and {@link messageFromBytes} any other.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Message = Schema.Struct({
  basicProperties: BasicProperties,
  /** Whether it was delivered before. */
  redelivered: Schema.Boolean,
  /** What the sender wrote. */
  data: Schema.Uint8ArrayFromBase64
})

/**
 * A decoded {@link Message}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Message extends Schema.Schema.Type<typeof Message> {}

/**
 * A batch of messages, with their data as bytes. {@link eventOf} decodes data of JSON, and {@link eventFromBytes} any
 * other.
 *
 * **Details**
 *
 * The keys of `rmqMessagesByQueue` are a queue and a virtual host each, as `orders::/`.
 *
 * **Gotchas**
 *
 * A message may come again, and one that fails makes the whole batch come again: Lambda reads no partial answer.
 *
 * **Example** (Every message)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as RabbitMq from "effect-lambda-runtime/events/RabbitMq"
 * import * as Effect from "effect/Effect"
 *
 * const archive = Handler.make({ event: RabbitMq.Event }, ({ rmqMessagesByQueue }) =>
 *   Effect.forEach(Object.values(rmqMessagesByQueue).flat(), ({ basicProperties, data }) =>
 *     Effect.log(basicProperties.contentType, data.length), { discard: true }))
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = Schema.Struct({
  eventSource: Schema.Literal("aws:rmq"),
  /** The broker. */
  eventSourceArn: Schema.String,
  rmqMessagesByQueue: Schema.Record(Schema.String, Schema.Array(Message))
}).annotate({ title })

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Event extends Schema.Schema.Type<typeof Event> {}

const makeMessageFromBytes = <Data extends BytesSchema>(data: Data) =>
  Schema.Struct({ ...Message.fields, data: fromBase64(data) })

const makeEventFromBytes = <Data extends BytesSchema>(data: Data) =>
  Schema.Struct({
    ...Event.fields,
    rmqMessagesByQueue: Schema.Record(Schema.String, Schema.Array(messageFromBytes(data)))
  }).annotate({ title })

const makeMessageOf = <Data extends Schema.Constraint>(data: Data) => makeMessageFromBytes(jsonBytes(data))

const makeEventOf = <Data extends Schema.Constraint>(data: Data) =>
  Schema.Struct({ ...Event.fields, rmqMessagesByQueue: Schema.Record(Schema.String, Schema.Array(messageOf(data))) })
    .annotate({ title })

/**
 * The schema of {@link messageFromBytes}.
 *
 * @category models
 * @since 0.1.0
 */
export interface messageFromBytes<Data extends BytesSchema> extends ReturnType<typeof makeMessageFromBytes<Data>> {}

/**
 * A {@link Message} whose data the given schema decodes from bytes.
 *
 * **Example** (Data as it is)
 *
 * ```ts
 * import * as RabbitMq from "effect-lambda-runtime/events/RabbitMq"
 * import * as Schema from "effect/Schema"
 *
 * const [message] = Object.values(RabbitMq.sample(Uint8Array.of(1, 2)).rmqMessagesByQueue).flat()
 * Schema.decodeUnknownSync(RabbitMq.messageFromBytes(Schema.Uint8Array))(message).data // => Uint8Array.of(1, 2)
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const messageFromBytes: <Data extends BytesSchema>(data: Data) => messageFromBytes<Data> = makeMessageFromBytes

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
 * **Example** (Data as it is)
 *
 * ```ts
 * import * as RabbitMq from "effect-lambda-runtime/events/RabbitMq"
 * import * as Schema from "effect/Schema"
 *
 * const Bytes = RabbitMq.eventFromBytes(Schema.Uint8Array)
 * const { rmqMessagesByQueue } = Schema.decodeUnknownSync(Bytes)(RabbitMq.sample("a"))
 * Object.values(rmqMessagesByQueue).flat().map(({ data }) => data.length) // => [1]
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const eventFromBytes: <Data extends BytesSchema>(data: Data) => eventFromBytes<Data> = makeEventFromBytes

/**
 * The schema of {@link messageOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface messageOf<Data extends Schema.Constraint> extends ReturnType<typeof makeMessageOf<Data>> {}

/**
 * A {@link Message} whose data is JSON of the given shape.
 *
 * **When to use**
 *
 * To decode one message at a time, so that one that does not fit can be told from the others.
 *
 * **Example** (One order)
 *
 * ```ts
 * import * as RabbitMq from "effect-lambda-runtime/events/RabbitMq"
 * import * as Schema from "effect/Schema"
 *
 * const Order = Schema.Struct({ id: Schema.String })
 * const [message] = Object.values(RabbitMq.sample({ id: "o-1" }).rmqMessagesByQueue).flat()
 * Schema.decodeUnknownSync(RabbitMq.messageOf(Order))(message).data // => { id: "o-1" }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const messageOf: <Data extends Schema.Constraint>(data: Data) => messageOf<Data> = makeMessageOf

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
 * **Example** (Orders)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as RabbitMq from "effect-lambda-runtime/events/RabbitMq"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const Order = Schema.Struct({ id: Schema.String, placedAt: Schema.Date })
 *
 * const ship = Handler.make({ event: RabbitMq.eventOf(Order) }, ({ rmqMessagesByQueue }) =>
 *   Effect.forEach(Object.values(rmqMessagesByQueue).flat(), ({ data }) =>
 *     Effect.log(data.id, data.placedAt), { discard: true }))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const eventOf: <Data extends Schema.Constraint>(data: Data) => eventOf<Data> = makeEventOf

/**
 * An event as Lambda delivers it, with a message for each data: bytes, text, or what is sent as JSON.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as RabbitMq from "effect-lambda-runtime/events/RabbitMq"
 *
 * Object.keys(RabbitMq.sample({ id: "o-1" }).rmqMessagesByQueue) // => ["orders::/"]
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (...data: ReadonlyArray<unknown>): typeof Event.Encoded => ({
  eventSource: "aws:rmq",
  eventSourceArn: "arn:aws:mq:us-east-2:111122223333:broker:orders:b-9bcfa592-423a-4942-879d-eb284b418fc8",
  rmqMessagesByQueue: {
    "orders::/": (data.length === 0 ? [{ timeout: 0, data: "CZrmf0Gw8Ov4bqLQxD4E" }] : data).map((payload) => ({
      basicProperties: {
        contentType: "text/plain",
        contentEncoding: null,
        headers: {
          tenant: { bytes: [97, 99, 109, 101] },
          attempt: 10
        },
        deliveryMode: 1,
        priority: 34,
        correlationId: null,
        replyTo: null,
        expiration: "60000",
        messageId: null,
        timestamp: "Jan 1, 1970, 12:33:41 AM",
        type: null,
        userId: "AIDACKCEVSQ6C2EXAMPLE",
        appId: null,
        clusterId: null,
        bodySize: 80
      },
      redelivered: false,
      data: toBase64(payload)
    }))
  }
})
