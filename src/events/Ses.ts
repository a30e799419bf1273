/**
 * Mail that Amazon SES has received.
 *
 * @see https://docs.aws.amazon.com/ses/latest/dg/receiving-email-action-lambda.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { checkedInPlace } from "../internal/events/checkedInPlace.ts"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"

const title = "an SES event"

/**
 * The headers that most programs want, of a mail.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CommonHeaders = Schema.Struct({
  returnPath: nullish(Schema.String),
  from: nullish(Schema.Array(Schema.String)),
  sender: nullish(Schema.String),
  replyTo: nullish(Schema.Array(Schema.String)),
  to: nullish(Schema.Array(Schema.String)),
  cc: nullish(Schema.Array(Schema.String)),
  bcc: nullish(Schema.Array(Schema.String)),
  /** As the sender's program wrote it: `Fri, 11 Sep 2015 20:32:32 +0000`, or what it took for a date. */
  date: nullish(Schema.String),
  /** The id that the sender's program gave, in angle brackets. */
  messageId: nullish(Schema.String),
  subject: nullish(Schema.String)
})

/**
 * Decoded {@link CommonHeaders}.
 *
 * @category models
 * @since 0.1.0
 */
export interface CommonHeaders extends Schema.Schema.Type<typeof CommonHeaders> {}

/**
 * A mail, without its body.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Mail = Schema.Struct({
  /** When SES received it. */
  timestamp: Schema.DateTimeUtcFromString,
  /** The envelope's sender. */
  source: Schema.String,
  /** The id that SES gave: the key of the object that an S3 action stores, behind its prefix. */
  messageId: Schema.String,
  /** The envelope's recipients, with those that no rule is for. */
  destination: Schema.Array(Schema.String),
  /** Whether `headers` were cut off, as they are over 10 KB. */
  headersTruncated: nullish(Schema.Boolean),
  headers: nullish(checkedInPlace(Schema.Array(Schema.Struct({ name: Schema.String, value: Schema.String })))),
  commonHeaders: nullish(checkedInPlace(CommonHeaders))
})

/**
 * A decoded {@link Mail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Mail extends Schema.Schema.Type<typeof Mail> {}

/**
 * What SES found out about a mail. `DISABLED` where the rule does not scan.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Verdict = Schema.Struct({
  status: openEnum(["PASS", "FAIL", "GRAY", "PROCESSING_FAILED", "DISABLED"])
})

/**
 * A decoded {@link Verdict}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Verdict extends Schema.Schema.Type<typeof Verdict> {}

const topic = {
  /** The topic that the action notifies as well. */
  topicArn: nullish(Schema.String)
}

/**
 * What the rule does with a mail. In the event of a function it is `Lambda`; a topic is notified of any.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Action = Schema.Union([
  Schema.Struct({
    type: Schema.Literal("Lambda"),
    ...topic,
    functionArn: Schema.String,
    /** A {@link Result} counts for a `RequestResponse` alone. */
    invocationType: openEnum(["Event", "RequestResponse"])
  }),
  Schema.Struct({
    type: Schema.Literal("S3"),
    ...topic,
    bucketName: Schema.String,
    objectKey: Schema.String,
    objectKeyPrefix: nullish(Schema.String),
    kmsKeyArn: nullish(Schema.String)
  }),
  Schema.Struct({ type: Schema.Literal("SNS"), ...topic, encoding: nullish(openEnum(["UTF-8", "BASE64"])) }),
  Schema.Struct({
    type: Schema.Literal("Bounce"),
    ...topic,
    smtpReplyCode: Schema.String,
    statusCode: nullish(Schema.String),
    message: Schema.String,
    sender: Schema.String
  }),
  Schema.Struct({ type: Schema.Literal("WorkMail"), ...topic, organizationArn: Schema.String }),
  Schema.Struct({ type: Schema.Literal("Stop"), ...topic })
])

/**
 * A decoded {@link Action}.
 *
 * @category models
 * @since 0.1.0
 */
export type Action = typeof Action.Type

/**
 * How SES received a mail.
 *
 * @see https://docs.aws.amazon.com/ses/latest/dg/receiving-email-notifications-contents.html
 * @category schemas
 * @since 0.1.0
 */
export const Receipt = Schema.Struct({
  /** When the action was triggered. */
  timestamp: Schema.DateTimeUtcFromString,
  processingTimeMillis: Schema.Finite,
  /** The recipients that the rule is for. */
  recipients: Schema.Array(Schema.String),
  spamVerdict: nullish(Verdict),
  virusVerdict: nullish(Verdict),
  spfVerdict: nullish(Verdict),
  dkimVerdict: nullish(Verdict),
  dmarcVerdict: nullish(Verdict),
  /** What the sender's domain asks for, where `dmarcVerdict` is `FAIL`. */
  dmarcPolicy: nullish(openEnum(["none", "quarantine", "reject"])),
  action: Action
})

/**
 * A decoded {@link Receipt}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Receipt extends Schema.Schema.Type<typeof Receipt> {}

/**
 * A mail, and how it was received.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Record = Schema.Struct({
  eventSource: Schema.Literal("aws:ses"),
  eventVersion: Schema.String,
  ses: Schema.Struct({ mail: Mail, receipt: Receipt })
})

/**
 * A decoded {@link Record}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Record extends Schema.Schema.Type<typeof Record> {}

/**
 * A mail that a rule's Lambda action passes to a function.
 *
 * **Gotchas**
 *
 * The mail's body is not there: let an S3 action before this one store it. Senders write what they like: there may be
 * no subject, and no `From`.
 *
 * **Example** (Refuse spam)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Ses from "effect-lambda-runtime/events/Ses"
 * import * as Effect from "effect/Effect"
 *
 * const refuseSpam = Handler.make({ event: Ses.Event, result: Ses.Result }, ({ Records }) =>
 *   Effect.succeed({
 *     disposition: Records.some(({ ses }) => ses.receipt.spamVerdict?.status === "FAIL")
 *       ? "STOP_RULE_SET" as const
 *       : "CONTINUE" as const
 *   }))
 * ```
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

/**
 * What SES sends to a topic.
 *
 * **Example** (A function that is subscribed to the topic)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Ses from "effect-lambda-runtime/events/Ses"
 * import * as Sns from "effect-lambda-runtime/events/Sns"
 * import * as Effect from "effect/Effect"
 *
 * const read = Handler.make({ event: Sns.eventOf(Ses.Notification) }, ({ Records }) =>
 *   Effect.forEach(Records, ({ Sns }) => Effect.log(Sns.Message.mail.source), { discard: true }))
 * ```
 *
 * @see https://docs.aws.amazon.com/ses/latest/dg/receiving-email-notifications-contents.html
 * @category schemas
 * @since 0.1.0
 */
export const Notification = Schema.Struct({
  notificationType: Schema.Literal("Received"),
  mail: Mail,
  receipt: Receipt,
  /** SNS actions: the whole mail, as `action.encoding` says. */
  content: nullish(Schema.String)
}).annotate({ title })

/**
 * A decoded {@link Notification}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Notification extends Schema.Schema.Type<typeof Notification> {}

/**
 * Whether SES goes on with the mail.
 *
 * **Gotchas**
 *
 * SES reads it from an action of the type `RequestResponse` alone, and goes on if the function fails.
 *
 * @see https://docs.aws.amazon.com/ses/latest/dg/receiving-email-action-lambda.html
 * @category schemas
 * @since 0.1.0
 */
export const Result = Schema.Struct({
  /** `STOP_RULE` skips the other actions of this rule, `STOP_RULE_SET` those of all rules. */
  disposition: Schema.Literals(["CONTINUE", "STOP_RULE", "STOP_RULE_SET"])
})

/**
 * A {@link Result} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export interface Result extends Schema.Schema.Type<typeof Result> {}

/**
 * An event as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Ses from "effect-lambda-runtime/events/Ses"
 *
 * Ses.sample().Records[0]?.ses.mail.commonHeaders?.subject // => "Test Subject"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (): typeof Event.Encoded => ({
  Records: [{
    eventSource: "aws:ses",
    eventVersion: "1.0",
    ses: {
      mail: {
        timestamp: "1970-01-01T00:00:00.000Z",
        source: "janedoe@example.com",
        messageId: "o3vrnil0e2ic28trm7dfhrc2v0clambda4nbp0g1",
        destination: ["johndoe@example.com"],
        headersTruncated: false,
        headers: [
          { name: "Return-Path", value: "<janedoe@example.com>" },
          { name: "Received", value: "from mailer.example.com (mailer.example.com [203.0.113.1])" },
          { name: "From", value: "Jane Doe <janedoe@example.com>" },
          { name: "To", value: "johndoe@example.com" },
          { name: "Subject", value: "Test Subject" },
          { name: "Date", value: "Wed, 7 Oct 2015 12:34:56 -0700" },
          { name: "Message-ID", value: "<0123456789example.com>" }
        ],
        commonHeaders: {
          returnPath: "janedoe@example.com",
          from: ["Jane Doe <janedoe@example.com>"],
          date: "Wed, 7 Oct 2015 12:34:56 -0700",
          to: ["johndoe@example.com"],
          messageId: "<0123456789example.com>",
          subject: "Test Subject"
        }
      },
      receipt: {
        timestamp: "1970-01-01T00:00:00.000Z",
        processingTimeMillis: 574,
        recipients: ["johndoe@example.com"],
        spamVerdict: { status: "PASS" },
        virusVerdict: { status: "PASS" },
        spfVerdict: { status: "PASS" },
        dkimVerdict: { status: "PASS" },
        dmarcVerdict: { status: "PASS" },
        action: {
          type: "Lambda",
          functionArn: "arn:aws:lambda:us-east-1:123456789012:function:mail",
          invocationType: "RequestResponse"
        }
      }
    }
  }]
})
