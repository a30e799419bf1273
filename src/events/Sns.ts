/**
 * Notifications of an Amazon SNS topic: to a function, to a queue, and to an HTTP endpoint.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { jsonString } from "../internal/events/jsonString.ts"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { UnpaddedBase64 } from "../internal/events/unpaddedBase64.ts"

const eventTitle = "an SNS event"

const notificationTitle = "an SNS notification event"

/** Else bytes that are not base64 would pass for text. */
const isNotBinary = Schema.makeFilter((type: string) => type !== "Binary", { expected: "the type of a text" })

const BinaryAttribute = Schema.Struct({ Type: Schema.Literal("Binary"), Value: UnpaddedBase64 })

const TextAttribute = Schema.Struct({
  Type: openEnum(["String", "String.Array", "Number"]).check(isNotBinary),
  /** A `Number` is text as well, and a `String.Array` is JSON. */
  Value: Schema.String
})

/**
 * What the publisher attached to a message under a name of its own: bytes or text, as its `Type` says.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MessageAttribute = Schema.Union([BinaryAttribute, TextAttribute])

/**
 * A decoded {@link MessageAttribute}.
 *
 * @category models
 * @since 0.1.0
 */
export type MessageAttribute = typeof MessageAttribute.Type

const messageFields = {
  Type: openEnum(["Notification"]),
  MessageId: Schema.String,
  TopicArn: Schema.String,
  /** `null` for a message without one. */
  Subject: nullish(Schema.String),
  /** Any text: what the publisher wrote. */
  Message: Schema.String,
  Timestamp: Schema.DateTimeUtcFromString,
  SignatureVersion: Schema.String,
  Signature: Schema.String,
  MessageAttributes: nullish(Schema.Record(Schema.String, MessageAttribute)),
  /** FIFO topics. */
  SequenceNumber: nullish(Schema.String)
}

/** SNS writes `URL`, and `Url` where it calls a function. */
const urlFields = {
  SigningCertURL: nullish(Schema.String),
  UnsubscribeURL: nullish(Schema.String)
}

/**
 * A message as a function gets it, with its text as it is. {@link eventOf} decodes a message of JSON.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Message = Schema.Struct({
  ...messageFields,
  SigningCertUrl: nullish(Schema.String),
  UnsubscribeUrl: nullish(Schema.String),
  ...urlFields
})

/**
 * A decoded {@link Message}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Message extends Schema.Schema.Type<typeof Message> {}

/**
 * One delivery of a {@link Message} to a subscription.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Record = Schema.Struct({
  EventVersion: Schema.String,
  EventSubscriptionArn: Schema.String,
  EventSource: Schema.Literal("aws:sns"),
  Sns: Message
})

/**
 * A decoded {@link Record}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Record extends Schema.Schema.Type<typeof Record> {}

/**
 * What a topic delivers to a function: one record, in practice.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = Schema.Struct({ Records: Schema.Array(Record) }).annotate({ title: eventTitle })

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Event extends Schema.Schema.Type<typeof Event> {}

const makeRecordOf = <Body extends Schema.Constraint>(message: Body) =>
  Schema.Struct({ ...Record.fields, Sns: Schema.Struct({ ...Message.fields, Message: jsonString(message) }) })

const makeEventOf = <Body extends Schema.Constraint>(message: Body) =>
  Schema.Struct({ Records: Schema.Array(recordOf(message)) }).annotate({ title: eventTitle })

/**
 * The schema of {@link recordOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface recordOf<Body extends Schema.Constraint> extends ReturnType<typeof makeRecordOf<Body>> {}

/**
 * A {@link Record} whose message is JSON of the given shape.
 *
 * **Example** (One order)
 *
 * ```ts
 * import * as Sns from "effect-lambda-runtime/events/Sns"
 * import * as Schema from "effect/Schema"
 *
 * const Order = Schema.Struct({ id: Schema.String })
 * const [record] = Sns.sample({ id: "o-1" }).Records
 * Schema.decodeUnknownSync(Sns.recordOf(Order))(record).Sns.Message // => { id: "o-1" }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const recordOf: <Body extends Schema.Constraint>(message: Body) => recordOf<Body> = makeRecordOf

/**
 * The schema of {@link eventOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface eventOf<Body extends Schema.Constraint> extends ReturnType<typeof makeEventOf<Body>> {}

/**
 * An {@link Event} whose message is JSON of the given shape.
 *
 * **Example** (Orders)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Sns from "effect-lambda-runtime/events/Sns"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const Order = Schema.Struct({ id: Schema.String })
 *
 * const ship = Handler.make({ event: Sns.eventOf(Order) }, ({ Records }) =>
 *   Effect.forEach(Records, ({ Sns }) => Effect.log(Sns.Message.id), { discard: true }))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const eventOf: <Body extends Schema.Constraint>(message: Body) => eventOf<Body> = makeEventOf

/**
 * A message as a queue or an HTTP endpoint gets it, with its text as it is.
 *
 * **Gotchas**
 *
 * With raw message delivery, a queue gets the message alone: `Sqs.eventOf(Order)` is all.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html
 * @category schemas
 * @since 0.1.0
 */
export const Notification = Schema.Struct({ ...messageFields, ...urlFields }).annotate({ title: notificationTitle })

/**
 * A decoded {@link Notification}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Notification extends Schema.Schema.Type<typeof Notification> {}

const makeNotificationOf = <Body extends Schema.Constraint>(message: Body) =>
  Schema.Struct({ ...Notification.fields, Message: jsonString(message) }).annotate({ title: notificationTitle })

/**
 * The schema of {@link notificationOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface notificationOf<Body extends Schema.Constraint> extends ReturnType<typeof makeNotificationOf<Body>> {}

/**
 * A {@link Notification} whose message is JSON of the given shape.
 *
 * **Example** (A queue that is subscribed to a topic)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Sns from "effect-lambda-runtime/events/Sns"
 * import * as Sqs from "effect-lambda-runtime/events/Sqs"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const Order = Schema.Struct({ id: Schema.String })
 *
 * const ship = Handler.make({ event: Sqs.eventOf(Sns.notificationOf(Order)) }, ({ Records }) =>
 *   Effect.forEach(Records, ({ body }) => Effect.log(body.Message.id), { discard: true }))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const notificationOf: <Body extends Schema.Constraint>(message: Body) => notificationOf<Body> =
  makeNotificationOf

/**
 * What an HTTP endpoint is asked when it is subscribed, and told when it is unsubscribed. Visiting `SubscribeURL`
 * confirms, or subscribes again.
 *
 * **Gotchas**
 *
 * SNS sends it, and every notification, as `text/plain`.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 * @category schemas
 * @since 0.1.0
 */
export const Confirmation = Schema.Struct({
  Type: Schema.Literals(["SubscriptionConfirmation", "UnsubscribeConfirmation"]),
  MessageId: Schema.String,
  /** Confirms by `ConfirmSubscription`. */
  Token: Schema.String,
  TopicArn: Schema.String,
  Message: Schema.String,
  SubscribeURL: Schema.String,
  Timestamp: Schema.DateTimeUtcFromString,
  SignatureVersion: Schema.String,
  Signature: Schema.String,
  SigningCertURL: Schema.String
}).annotate({ title: "an SNS confirmation event" })

/**
 * A decoded {@link Confirmation}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Confirmation extends Schema.Schema.Type<typeof Confirmation> {}

const textOf = (message: unknown): string => typeof message === "string" ? message : JSON.stringify(message)

const signature = {
  SignatureVersion: "1",
  Signature: "tcc6faL2yUC6dgZdmrwh1Y4cGa/ebXEkAi6RibDsvpi+tE/1+82j65r=="
}

const certificate = "https://sns.us-east-2.amazonaws.com/SimpleNotificationService-ac565b8b1a6c5d002d285f9598aa1d9b.pem"

const unsubscribe = "https://sns.us-east-2.amazonaws.com/?Action=Unsubscribe"

const topic = "arn:aws:sns:us-east-2:123456789012:sns-lambda"

/**
 * An event as Lambda delivers it. A message that is no text is sent as JSON.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Sns from "effect-lambda-runtime/events/Sns"
 *
 * Sns.sample({ id: "o-1" }).Records[0]?.Sns.Message // => "{\"id\":\"o-1\"}"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (message: unknown = "Hello from SNS"): typeof Event.Encoded => ({
  Records: [{
    EventVersion: "1.0",
    EventSubscriptionArn: `${topic}:21be56ed-a058-49f5-8c98-aedd2564c486`,
    EventSource: "aws:sns",
    Sns: {
      Type: "Notification",
      MessageId: "95df01b4-ee98-5cb9-9903-4c221d41eb5e",
      TopicArn: topic,
      Subject: null,
      Message: textOf(message),
      Timestamp: "2019-01-02T12:45:07.000Z",
      ...signature,
      SigningCertUrl: certificate,
      UnsubscribeUrl: unsubscribe,
      MessageAttributes: { source: { Type: "String", Value: "shop" } }
    }
  }]
})

/**
 * A notification as a queue gets it. A message that is no text is sent as JSON.
 *
 * **Example** (A queue that is subscribed to a topic)
 *
 * ```ts
 * import * as Sns from "effect-lambda-runtime/events/Sns"
 * import * as Sqs from "effect-lambda-runtime/events/Sqs"
 *
 * const event = Sqs.sample(Sns.sampleNotification({ id: "o-1" }))
 * event.Records[0]?.body.includes("Notification") // => true
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleNotification = (message: unknown = "Hello from SNS"): typeof Notification.Encoded => ({
  Type: "Notification",
  MessageId: "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
  TopicArn: topic,
  Subject: "My First Message",
  Message: textOf(message),
  Timestamp: "2012-05-02T00:54:06.655Z",
  ...signature,
  SigningCertURL: certificate,
  UnsubscribeURL: unsubscribe
})

/**
 * What an HTTP endpoint is asked when it is subscribed.
 *
 * **Example** (A request to confirm)
 *
 * ```ts
 * import * as Sns from "effect-lambda-runtime/events/Sns"
 *
 * Sns.sampleConfirmation().Type // => "SubscriptionConfirmation"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleConfirmation = (): typeof Confirmation.Encoded => ({
  Type: "SubscriptionConfirmation",
  MessageId: "165545c9-2a5c-472c-8df2-7ff2be2b3b1b",
  Token: "2336412f37",
  TopicArn: topic,
  Message: "You have chosen to subscribe to the topic. To confirm, visit the SubscribeURL included in this message.",
  SubscribeURL: "https://sns.us-east-2.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f37",
  Timestamp: "2012-04-26T20:45:04.751Z",
  ...signature,
  SigningCertURL: certificate
})
