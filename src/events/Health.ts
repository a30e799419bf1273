/**
 * Events of AWS Health, by way of EventBridge.
 *
 * @see https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html
 * @since 0.1.0
 */
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import { BooleanText } from "../internal/events/booleanText.ts"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { serviceSample } from "../internal/events/serviceEvent.ts"
import * as EventBridge from "./EventBridge.ts"

/** Up to the year 9999: an HTTP date has four digits. */
const writable = Schema.DateTimeUtc.annotate({
  toCodecArbitrary: () =>
    Schema.link<DateTime.Utc>()(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 253_402_300_799_999 })), {
      decode: SchemaGetter.transform(DateTime.makeUnsafe),
      encode: SchemaGetter.transform(DateTime.toEpochMillis)
    })
})

/** An HTTP date, whose day AWS also writes with one digit: `Fri, 3 Jun 2022 05:01:10 GMT`. */
const Time = Schema.String.pipe(
  Schema.decodeTo(Schema.DateTimeUtcFromHttpDate, {
    decode: SchemaGetter.transform((text) => text.replace(/^(\w+, )(\d )/, "$10$2")),
    encode: SchemaGetter.passthrough()
  }),
  Schema.decodeTo(writable)
)

/**
 * A resource of the account that an event is about.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AffectedEntity = Schema.Struct({
  /** The id or the ARN of the resource. */
  entityValue: Schema.String,
  status: nullish(openEnum(["IMPAIRED", "UNIMPAIRED", "PENDING", "RESOLVED", "UNKNOWN"])),
  lastUpdatedTime: nullish(Time),
  tags: nullish(Schema.Record(Schema.String, Schema.String))
})

/**
 * A decoded {@link AffectedEntity}.
 *
 * @category models
 * @since 0.1.0
 */
export interface AffectedEntity extends Schema.Schema.Type<typeof AffectedEntity> {}

/**
 * The detail of an {@link Event}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Detail = Schema.Struct({
  eventArn: Schema.String,
  service: Schema.String,
  /** What has happened: `AWS_EC2_INSTANCE_RETIREMENT_SCHEDULED`. */
  eventTypeCode: Schema.String,
  eventTypeCategory: openEnum(["issue", "accountNotification", "scheduledChange", "investigation"]),
  eventScopeCode: nullish(openEnum(["ACCOUNT_SPECIFIC", "PUBLIC"])),
  /** With the account, it tells copies of an event; its end is the number of the page. */
  communicationId: nullish(Schema.String),
  /** In the future for what is scheduled. */
  startTime: nullish(Time),
  /** Empty, for some that are scheduled. */
  endTime: nullish(Schema.Union([Time, Schema.Literal("")])),
  lastUpdatedTime: nullish(Time),
  statusCode: nullish(openEnum(["open", "closed", "upcoming"])),
  /** The Region that is concerned; that of the event is the one that it is delivered in. */
  eventRegion: nullish(Schema.String),
  eventDescription: nullish(
    Schema.Array(Schema.Struct({ language: Schema.String, latestDescription: Schema.String }))
  ),
  eventMetadata: nullish(Schema.Record(Schema.String, Schema.String)),
  affectedEntities: nullish(Schema.Array(AffectedEntity)),
  /** The account that is concerned: another one than `account` within an organization. */
  affectedAccount: nullish(Schema.String),
  page: nullish(Schema.FiniteFromString),
  totalPages: nullish(Schema.FiniteFromString),
  backupEvent: nullish(BooleanText),
  actionability: nullish(openEnum(["ACTION_REQUIRED", "ACTION_MAY_BE_REQUIRED", "INFORMATIONAL"])),
  personas: nullish(Schema.Array(openEnum(["OPERATIONS", "SECURITY", "BILLING"])))
})

/**
 * A decoded {@link Detail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Detail extends Schema.Schema.Type<typeof Detail> {}

/**
 * Something that concerns the account, or everybody in a Region: an issue, a change to come, a notification.
 *
 * **Details**
 *
 * Every time within the detail encodes with two digits of the day, and with the right day of the week.
 *
 * **Gotchas**
 *
 * A backup Region may deliver the event again: compare `communicationId`, or skip `backupEvent`. Many affected
 * entities come in pages.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = Schema.Struct({
  ...EventBridge.Event.fields,
  "detail-type": Schema.Literals(["AWS Health Event", "AWS Health Abuse Event"]),
  /** The resources that are affected. */
  resources: nullish(Schema.Array(Schema.String)),
  detail: Detail
}).annotate({ title: "an EventBridge event" })

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Event extends Schema.Schema.Type<typeof Event> {}

/**
 * An event as Lambda delivers it: an instance that will be retired.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Health from "effect-lambda-runtime/events/Health"
 *
 * Health.sample().detail.eventTypeCategory // => "scheduledChange"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (): typeof Event.Encoded => {
  const instance = "arn:aws:ec2:us-east-1:123456789012:instance/i-1234567890abcdef0"
  return serviceSample("aws.health", "AWS Health Event", {
    eventArn: "arn:aws:health:us-east-1::event/AWS_EC2_INSTANCE_RETIREMENT_SCHEDULED_90353408594353983",
    service: "EC2",
    eventTypeCode: "AWS_EC2_INSTANCE_RETIREMENT_SCHEDULED",
    eventTypeCategory: "scheduledChange",
    eventScopeCode: "ACCOUNT_SPECIFIC",
    communicationId: "1234abc01232a4012345678-1",
    startTime: "Thu, 27 Aug 2026 13:19:03 GMT",
    lastUpdatedTime: "Tue, 27 Jan 2026 13:44:13 GMT",
    statusCode: "open",
    eventRegion: "us-east-1",
    eventDescription: [{
      language: "en_US",
      latestDescription: "A description of the event will be provided here"
    }],
    eventMetadata: { keystring1: "valuestring1", truncated: "true" },
    affectedEntities: [{
      entityValue: instance,
      lastUpdatedTime: "Mon, 26 Jan 2026 19:01:55 GMT",
      status: "PENDING",
      tags: { stage: "prod" }
    }],
    affectedAccount: "123456789012",
    page: "1",
    totalPages: "1",
    backupEvent: "false",
    personas: ["OPERATIONS"],
    actionability: "ACTION_REQUIRED"
  }, [instance])
}
