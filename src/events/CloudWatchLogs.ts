/**
 * Events of an Amazon CloudWatch Logs group that a function, a stream of Kinesis or of Firehose is subscribed to.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-cloudwatchlogs.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { fromBase64, toBase64 } from "../internal/events/bytesPayload.ts"
import { checkedInPlace } from "../internal/events/checkedInPlace.ts"
import { gunzipped } from "../internal/events/gzip.ts"
import { jsonBytes } from "../internal/events/jsonBytes.ts"
import { jsonString } from "../internal/events/jsonString.ts"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"

const title = "a CloudWatch Logs event"

/**
 * A line of a log, with its message as text. {@link dataOf} decodes messages of JSON.
 *
 * @category schemas
 * @since 0.1.0
 */
export const LogEvent = Schema.Struct({
  /** A number of 56 digits. */
  id: Schema.String,
  timestamp: Schema.DateTimeUtcFromMillis,
  message: Schema.String,
  /** What the pattern of the filter names, where it names fields. */
  extractedFields: nullish(checkedInPlace(Schema.Record(Schema.String, Schema.NullOr(Schema.String))))
})

/**
 * A decoded {@link LogEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface LogEvent extends Schema.Schema.Type<typeof LogEvent> {}

/**
 * Lines of one log stream, with their messages as text. {@link dataOf} decodes messages of JSON.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Data = Schema.Struct({
  /** `CONTROL_MESSAGE` asks whether the destination is there: it has no log group, and its message is to be ignored. */
  messageType: openEnum(["DATA_MESSAGE", "CONTROL_MESSAGE"]),
  /** The account that the logs are of, and `CloudWatchLogs` for a control message. */
  owner: Schema.String,
  /** Empty for a control message. */
  logGroup: Schema.String,
  /** Empty for a control message. */
  logStream: Schema.String,
  /** The names of the filters that let the lines pass. */
  subscriptionFilters: Schema.Array(Schema.String),
  logEvents: Schema.Array(LogEvent),
  /** `ACCOUNT_LEVEL_POLICY` where the subscription is one of the whole account. */
  policyLevel: nullish(Schema.String)
}).annotate({ title })

/**
 * Decoded {@link Data}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Data extends Schema.Schema.Type<typeof Data> {}

const compressed = <S extends Schema.Constraint>(schema: S) => gunzipped().pipe(Schema.decodeTo(jsonBytes(schema)))

/**
 * {@link Data} from bytes, as a subscription writes them to a stream: compressed JSON.
 *
 * **When to use**
 *
 * With `Kinesis.eventFromBytes` and `Firehose.eventFromBytes`, for logs that reach a function by way of a stream.
 *
 * **Details**
 *
 * At most 32 MiB are inflated. Encoding compresses again: to other bytes than those it came from, of the same meaning.
 *
 * **Example** (Logs that are sent to a stream)
 *
 * ```ts
 * import * as CloudWatchLogs from "effect-lambda-runtime/events/CloudWatchLogs"
 * import * as Kinesis from "effect-lambda-runtime/events/Kinesis"
 * import * as Schema from "effect/Schema"
 *
 * const event = Kinesis.sample(CloudWatchLogs.sampleCompressed("started"))
 * const { Records } = Schema.decodeUnknownSync(Kinesis.eventFromBytes(CloudWatchLogs.Compressed))(event)
 * Records.flatMap(({ kinesis }) => kinesis.data.logEvents).map(({ message }) => message) // => ["started"]
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const Compressed = compressed(Data)

const eventWith = <S extends Schema.Constraint>(data: S) =>
  Schema.Struct({
    awslogs: Schema.Struct({ data: fromBase64(compressed(data)) })
  }).annotate({ title })

/**
 * Lines of one log stream, with their messages as text. {@link eventOf} decodes messages of JSON.
 *
 * **Gotchas**
 *
 * A function that logs to the group that it is subscribed to calls itself without end.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = eventWith(Data)

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Event extends Schema.Schema.Type<typeof Event> {}

const ControlMessage = Schema.Struct({ ...Data.fields, messageType: Schema.Literal("CONTROL_MESSAGE") })

const makeDataOf = <Message extends Schema.Constraint>(message: Message) =>
  Schema.Union([
    Schema.Struct({
      ...Data.fields,
      messageType: Schema.Literal("DATA_MESSAGE"),
      logEvents: Schema.Array(Schema.Struct({ ...LogEvent.fields, message: jsonString(message) }))
    }),
    ControlMessage
  ]).annotate({ title })

const makeCompressedOf = <Message extends Schema.Constraint>(message: Message) => compressed(dataOf(message))

const makeEventOf = <Message extends Schema.Constraint>(message: Message) => eventWith(dataOf(message))

/**
 * The schema of {@link dataOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface dataOf<Message extends Schema.Constraint> extends ReturnType<typeof makeDataOf<Message>> {}

/**
 * {@link Data} whose messages are JSON of the given shape, or a control message, whose message is text.
 *
 * **Example** (A line)
 *
 * ```ts
 * import * as CloudWatchLogs from "effect-lambda-runtime/events/CloudWatchLogs"
 * import * as Schema from "effect/Schema"
 *
 * const Line = Schema.Struct({ level: Schema.String })
 * const data = CloudWatchLogs.sampleData({ level: "ERROR" })
 * Schema.decodeUnknownSync(CloudWatchLogs.dataOf(Line))(data).logEvents[0]?.message // => { level: "ERROR" }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const dataOf: <Message extends Schema.Constraint>(message: Message) => dataOf<Message> = makeDataOf

/**
 * The schema of {@link compressedOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface compressedOf<Message extends Schema.Constraint> extends ReturnType<typeof makeCompressedOf<Message>> {}

/**
 * {@link Compressed} data whose messages are JSON of the given shape. {@link eventOf} tells what to look at.
 *
 * **Example** (Logs of functions, by way of Firehose)
 *
 * ```ts
 * import * as CloudWatchLogs from "effect-lambda-runtime/events/CloudWatchLogs"
 * import * as Firehose from "effect-lambda-runtime/events/Firehose"
 * import * as Schema from "effect/Schema"
 *
 * const Line = Schema.Struct({ level: Schema.String })
 * const Event = Firehose.eventFromBytes(CloudWatchLogs.compressedOf(Line))
 * const event = Firehose.sample(CloudWatchLogs.sampleCompressed({ level: "ERROR" }))
 * const [record] = Schema.decodeUnknownSync(Event)(event).records
 * record?.data.logEvents.map(({ message }) => message) // => [{ level: "ERROR" }]
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const compressedOf: <Message extends Schema.Constraint>(message: Message) => compressedOf<Message> =
  makeCompressedOf

/**
 * The schema of {@link eventOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface eventOf<Message extends Schema.Constraint> extends ReturnType<typeof makeEventOf<Message>> {}

/**
 * An {@link Event} whose messages are JSON of the given shape.
 *
 * **Details**
 *
 * The message of a control message is text: compare `messageType` with `DATA_MESSAGE` first, which has the shape.
 *
 * **Gotchas**
 *
 * One message that does not fit fails the whole event, and a group has other lines than those of a program: those
 * of Lambda itself are text, unless the function has the log format JSON. Let a filter pattern choose.
 *
 * **Example** (Errors of functions)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as CloudWatchLogs from "effect-lambda-runtime/events/CloudWatchLogs"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const Line = Schema.Struct({ level: Schema.String, message: Schema.Json })
 *
 * const count = Handler.make({ event: CloudWatchLogs.eventOf(Line) }, ({ awslogs: { data } }) =>
 *   data.messageType === "DATA_MESSAGE"
 *     ? Effect.log(data.logGroup, data.logEvents.filter(({ message }) => message.level === "ERROR").length)
 *     : Effect.void)
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const eventOf: <Message extends Schema.Constraint>(message: Message) => eventOf<Message> = makeEventOf

/**
 * Lines of one log stream as CloudWatch Logs has them, one for each message. A message that is no text is JSON.
 *
 * **Example** (A line)
 *
 * ```ts
 * import * as CloudWatchLogs from "effect-lambda-runtime/events/CloudWatchLogs"
 *
 * CloudWatchLogs.sampleData("started").logEvents.map(({ message }) => message) // => ["started"]
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleData = (...messages: ReadonlyArray<unknown>): typeof Data.Encoded => ({
  messageType: "DATA_MESSAGE",
  owner: "123456789012",
  logGroup: "/aws/lambda/my-function",
  logStream: "2019/03/13/[$LATEST]94fa867e5374431291a7fc14e2f56ae7",
  subscriptionFilters: ["LambdaStream_cloudwatchlogs-node"],
  logEvents: (messages.length === 0 ? ["ERROR: it has failed"] : messages).map((message, index) => ({
    id: `346229316099697037846403983978160${String(index).padStart(23, "0")}`,
    timestamp: 1552518348220 + index,
    message: typeof message === "string" ? message : JSON.stringify(message)
  }))
})

/**
 * Lines of one log stream as a subscription writes them to a stream, one for each message, as {@link sampleData} has
 * it.
 *
 * **Example** (An event of Kinesis to invoke a function with)
 *
 * ```ts
 * import * as CloudWatchLogs from "effect-lambda-runtime/events/CloudWatchLogs"
 * import * as Kinesis from "effect-lambda-runtime/events/Kinesis"
 *
 * Kinesis.sample(CloudWatchLogs.sampleCompressed("started")).Records.length // => 1
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleCompressed = (...messages: ReadonlyArray<unknown>): typeof Compressed.Encoded =>
  Schema.encodeSync(compressed(Schema.toEncoded(Data)))(sampleData(...messages))

/**
 * An event as Lambda delivers it, one line for each message. A message that is no text is sent as JSON.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as CloudWatchLogs from "effect-lambda-runtime/events/CloudWatchLogs"
 * import * as Schema from "effect/Schema"
 *
 * const { awslogs } = Schema.decodeUnknownSync(CloudWatchLogs.Event)(CloudWatchLogs.sample("started"))
 * awslogs.data.logEvents.map(({ message }) => message) // => ["started"]
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (...messages: ReadonlyArray<unknown>): typeof Event.Encoded => ({
  awslogs: { data: toBase64(sampleCompressed(...messages)) }
})
