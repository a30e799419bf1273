/**
 * Messages of an Amazon MQ broker for ActiveMQ.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-mq.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { type BytesSchema, fromBase64, toBase64 } from "../internal/events/bytesPayload.ts"
import { jsonBytes } from "../internal/events/jsonBytes.ts"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"

const title = "an ActiveMQ event"

/**
 * A message, with its data as bytes. {@link messageOf} decodes data of JSON, and {@link messageFromBytes} any other.
 *
 * **Details**
 *
 * An `expiration` in text, as the documentation has it, is encoded as a number.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Message = Schema.Struct({
  messageID: Schema.String,
  /** Both kinds have their data in base64. */
  messageType: openEnum(["jms/text-message", "jms/bytes-message"]),
  /** 1: may be lost with the broker. 2: is kept. */
  deliveryMode: nullish(Schema.Finite),
  /** Old documentation has it in place of `deliveryMode`. */
  persistent: nullish(Schema.Boolean),
  /** Brokers write it thus. */
  correlationID: nullish(Schema.String),
  /** The documentation writes it thus. */
  correlationId: nullish(Schema.String),
  connectionId: nullish(Schema.String),
  /** Text; brokers write `"null"` as well. */
  replyTo: nullish(Schema.String),
  destination: Schema.Struct({
    /** The name of the queue. */
    physicalName: nullish(Schema.String),
    /** Old documentation writes it thus. */
    physicalname: nullish(Schema.String)
  }),
  /** Whether it was delivered before. */
  redelivered: nullish(Schema.Boolean),
  /** What the sender says that it is. */
  type: nullish(Schema.String),
  /** Milliseconds, and 0 for never. */
  expiration: nullish(Schema.Union([Schema.Finite, Schema.FiniteFromString])),
  priority: nullish(Schema.Finite),
  /** What the sender wrote. */
  data: Schema.Uint8ArrayFromBase64,
  timestamp: Schema.DateTimeUtcFromMillis,
  brokerInTime: Schema.DateTimeUtcFromMillis,
  brokerOutTime: Schema.DateTimeUtcFromMillis,
  /** What the sender attached under names of its own. */
  properties: nullish(Schema.JsonObject)
})

/**
 * A decoded {@link Message}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Message extends Schema.Schema.Type<typeof Message> {}

/**
 * A batch of messages of one queue, with their data as bytes. {@link eventOf} decodes data of JSON, and
 * {@link eventFromBytes} any other.
 *
 * **Gotchas**
 *
 * A message may come again, and one that fails makes the whole batch come again: Lambda reads no partial answer.
 *
 * **Example** (Every message)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as ActiveMq from "effect-lambda-runtime/events/ActiveMq"
 * import * as Effect from "effect/Effect"
 *
 * const archive = Handler.make({ event: ActiveMq.Event }, ({ messages }) =>
 *   Effect.forEach(messages, ({ data, messageID }) => Effect.log(messageID, data.length), { discard: true }))
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = Schema.Struct({
  /** Old documentation has `aws:amq`. */
  eventSource: Schema.Literals(["aws:mq", "aws:amq"]),
  /** The broker. */
  eventSourceArn: Schema.String,
  messages: Schema.Array(Message)
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
  Schema.Struct({ ...Event.fields, messages: Schema.Array(messageFromBytes(data)) }).annotate({ title })

const makeMessageOf = <Data extends Schema.Constraint>(data: Data) => makeMessageFromBytes(jsonBytes(data))

const makeEventOf = <Data extends Schema.Constraint>(data: Data) =>
  Schema.Struct({ ...Event.fields, messages: Schema.Array(messageOf(data)) }).annotate({ title })

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
 * import * as ActiveMq from "effect-lambda-runtime/events/ActiveMq"
 * import * as Schema from "effect/Schema"
 *
 * const [message] = ActiveMq.sample(Uint8Array.of(1, 2)).messages
 * Schema.decodeUnknownSync(ActiveMq.messageFromBytes(Schema.Uint8Array))(message).data // => Uint8Array.of(1, 2)
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
 * import * as ActiveMq from "effect-lambda-runtime/events/ActiveMq"
 * import * as Schema from "effect/Schema"
 *
 * const Bytes = ActiveMq.eventFromBytes(Schema.Uint8Array)
 * Schema.decodeUnknownSync(Bytes)(ActiveMq.sample("a")).messages.map(({ data }) => data.length) // => [1]
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
 * import * as ActiveMq from "effect-lambda-runtime/events/ActiveMq"
 * import * as Schema from "effect/Schema"
 *
 * const Order = Schema.Struct({ id: Schema.String })
 * const [message] = ActiveMq.sample({ id: "o-1" }).messages
 * Schema.decodeUnknownSync(ActiveMq.messageOf(Order))(message).data // => { id: "o-1" }
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
 * import * as ActiveMq from "effect-lambda-runtime/events/ActiveMq"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const Order = Schema.Struct({ id: Schema.String, placedAt: Schema.Date })
 *
 * const ship = Handler.make({ event: ActiveMq.eventOf(Order) }, ({ messages }) =>
 *   Effect.forEach(messages, ({ data }) => Effect.log(data.id, data.placedAt), { discard: true }))
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
 * import * as ActiveMq from "effect-lambda-runtime/events/ActiveMq"
 *
 * ActiveMq.sample({ id: "o-1" }, { id: "o-2" }).messages.length // => 2
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (...data: ReadonlyArray<unknown>): typeof Event.Encoded => ({
  eventSource: "aws:mq",
  eventSourceArn: "arn:aws:mq:us-east-2:111122223333:broker:orders:b-9bcfa592-423a-4942-879d-eb284b418fc8",
  messages: (data.length === 0 ? ["ABC:AAAA"] : data).map((payload, index) => ({
    messageID: `ID:b-9bcfa592-423a-4942-879d-eb284b418fc8-1.mq.us-east-2.amazonaws.com-37557-1234520418293-4:1:1:1:${
      index + 1
    }`,
    messageType: payload instanceof Uint8Array ? "jms/bytes-message" : "jms/text-message",
    deliveryMode: 1,
    replyTo: null,
    type: null,
    expiration: 0,
    priority: 1,
    correlationID: "order-7",
    redelivered: false,
    destination: { physicalName: "orders" },
    data: toBase64(payload),
    timestamp: 1598827811958,
    brokerInTime: 1598827811958,
    brokerOutTime: 1598827811959,
    properties: { index: "1", doAlarm: "false" }
  }))
})
