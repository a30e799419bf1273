/**
 * Messages of an Amazon SQS queue, standard or FIFO.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { batchResponse } from "../internal/events/batchResponse.ts"
import { checkedInPlace } from "../internal/events/checkedInPlace.ts"
import { jsonString } from "../internal/events/jsonString.ts"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import * as Timestamp from "./Timestamp.ts"

const title = "an SQS event"

const isBinary = (dataType: string) => dataType.startsWith("Binary")

/** Else bytes that are not base64 would pass for a text attribute, and get lost. */
const isNotBinary = Schema.makeFilter((dataType: string) => !isBinary(dataType), { expected: "the type of a text" })

const unsupportedLists = {
  /** SQS does not support lists: always empty. */
  stringListValues: nullish(Schema.Array(Schema.String)),
  /** SQS does not support lists: always empty. */
  binaryListValues: nullish(Schema.Array(Schema.String))
}

const BinaryAttribute = Schema.Struct({
  /** May have a label of the sender's behind a dot: `Binary.png`. */
  dataType: openEnum(["Binary"]).check(Schema.makeFilter(isBinary, { expected: "the type of bytes" })),
  binaryValue: Schema.Uint8ArrayFromBase64,
  ...unsupportedLists
})

const TextAttribute = Schema.Struct({
  /** May have a label of the sender's behind a dot: `Number.int`. */
  dataType: openEnum(["String", "Number"]).check(isNotBinary),
  /** A `Number` is text as well: it has up to 38 digits. */
  stringValue: nullish(Schema.String),
  ...unsupportedLists
})

/**
 * What the sender attached to a message under a name of its own: `binaryValue`, or `stringValue`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MessageAttribute = Schema.Union([checkedInPlace(TextAttribute), BinaryAttribute])

/**
 * A decoded {@link MessageAttribute}.
 *
 * @category models
 * @since 0.1.0
 */
export type MessageAttribute = typeof MessageAttribute.Type

/**
 * What SQS says of a message.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Attributes = Schema.Struct({
  /** How often the message has been received and not deleted, this time included. */
  ApproximateReceiveCount: Schema.FiniteFromString,
  SentTimestamp: Timestamp.EpochMillisText,
  /** The id of the IAM user or role, or the address, that sent the message. */
  SenderId: Schema.String,
  ApproximateFirstReceiveTimestamp: Timestamp.EpochMillisText,
  /** FIFO queues: a number of 20 digits, which orders the messages of a group. */
  SequenceNumber: nullish(Schema.String),
  /** Messages of a group are processed in order. Fair queues have it as well. */
  MessageGroupId: nullish(Schema.String),
  /** FIFO queues. */
  MessageDeduplicationId: nullish(Schema.String),
  /** The X-Ray trace of the sender. */
  AWSTraceHeader: nullish(Schema.String),
  /** The queue that the message was moved from, when it was redriven. */
  DeadLetterQueueSourceArn: nullish(Schema.String)
})

/**
 * Decoded {@link Attributes}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Attributes extends Schema.Schema.Type<typeof Attributes> {}

/**
 * A message, with its body as text. {@link recordOf} decodes a body of JSON.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Record = Schema.Struct({
  /** Identifies the message in a {@link BatchResponse}. */
  messageId: Schema.String,
  /** Deletes the message, for code that does it by itself. */
  receiptHandle: Schema.String,
  /** Any text: what the sender wrote. */
  body: Schema.String,
  attributes: Attributes,
  messageAttributes: nullish(Schema.Record(Schema.String, MessageAttribute)),
  md5OfBody: Schema.String,
  md5OfMessageAttributes: nullish(Schema.String),
  eventSource: Schema.Literal("aws:sqs"),
  eventSourceARN: Schema.String,
  awsRegion: Schema.String
})

/**
 * A decoded {@link Record}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Record extends Schema.Schema.Type<typeof Record> {}

/**
 * A batch of messages, with their bodies as text. {@link eventOf} decodes bodies of JSON.
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

const makeRecordOf = <Body extends Schema.Constraint>(body: Body) =>
  Schema.Struct({ ...Record.fields, body: jsonString(body) })

const makeEventOf = <Body extends Schema.Constraint>(body: Body) =>
  Schema.Struct({ Records: Schema.Array(recordOf(body)) }).annotate({ title })

/**
 * The schema of {@link recordOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface recordOf<Body extends Schema.Constraint> extends ReturnType<typeof makeRecordOf<Body>> {}

/**
 * A {@link Record} whose body is JSON of the given shape.
 *
 * **When to use**
 *
 * To decode one message at a time, so that one that does not fit fails by itself.
 *
 * **Example** (One order)
 *
 * ```ts
 * import * as Sqs from "effect-lambda-runtime/events/Sqs"
 * import * as Schema from "effect/Schema"
 *
 * const Order = Schema.Struct({ id: Schema.String })
 * const [record] = Sqs.sample({ id: "o-1" }).Records
 * Schema.decodeUnknownSync(Sqs.recordOf(Order))(record).body // => { id: "o-1" }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const recordOf: <Body extends Schema.Constraint>(body: Body) => recordOf<Body> = makeRecordOf

/**
 * The schema of {@link eventOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface eventOf<Body extends Schema.Constraint> extends ReturnType<typeof makeEventOf<Body>> {}

/**
 * An {@link Event} whose bodies are JSON of the given shape.
 *
 * **When to use**
 *
 * For the messages that programs of yours send, and for those of other services: with `Sns.Notification`, or with
 * `S3.Event`, it reads a queue that is subscribed to a topic, or that a bucket notifies.
 *
 * **Gotchas**
 *
 * One body that does not fit fails the whole event. Decode by {@link recordOf} to fail that message alone.
 *
 * **Example** (Orders)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Sqs from "effect-lambda-runtime/events/Sqs"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const Order = Schema.Struct({ id: Schema.String, placedAt: Schema.Date })
 *
 * const ship = Handler.make({ event: Sqs.eventOf(Order) }, ({ Records }) =>
 *   Effect.forEach(Records, ({ body }) => Effect.log(body.id, body.placedAt), { discard: true }))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const eventOf: <Body extends Schema.Constraint>(body: Body) => eventOf<Body> = makeEventOf

/**
 * The messages that are to be delivered again; all others are deleted.
 *
 * **When to use**
 *
 * As the result of a function whose event source mapping has `ReportBatchItemFailures`. Without that, Lambda ignores
 * it, and a function that does not fail has processed all messages.
 *
 * **Gotchas**
 *
 * Of a FIFO queue, name the first failed message of a group and all that follow it, or they are processed out of order.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 * @category schemas
 * @since 0.1.0
 */
export const BatchResponse = batchResponse(Schema.NonEmptyString)

/**
 * A {@link BatchResponse} to encode; `itemIdentifier` is the `messageId` of a record.
 *
 * @category models
 * @since 0.1.0
 */
export interface BatchResponse extends Schema.Schema.Type<typeof BatchResponse> {}

/**
 * An event as Lambda delivers it, one message for each body. A body that is no text is sent as JSON.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Sqs from "effect-lambda-runtime/events/Sqs"
 *
 * Sqs.sample("hello", { id: "o-1" }).Records.map(({ body }) => body) // => ["hello", "{\"id\":\"o-1\"}"]
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (...bodies: ReadonlyArray<unknown>): typeof Event.Encoded => ({
  Records: (bodies.length === 0 ? ["Hello from SQS"] : bodies).map((body, index) => ({
    messageId: `19dd0b57-b21e-4ac1-bd88-${String(index).padStart(12, "0")}`,
    receiptHandle: "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
    body: typeof body === "string" ? body : JSON.stringify(body),
    attributes: {
      ApproximateReceiveCount: "1",
      SentTimestamp: "1545082649183",
      SenderId: "AIDAIENQZJOLO23YVJ4VO",
      ApproximateFirstReceiveTimestamp: "1545082649185"
    },
    messageAttributes: {
      source: { stringValue: "shop", stringListValues: [], binaryListValues: [], dataType: "String" }
    },
    md5OfBody: "098f6bcd4621d373cade4e832627b4f6",
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:us-east-2:123456789012:my-queue",
    awsRegion: "us-east-2"
  }))
})
