/**
 * Events of an Amazon EventBridge bus: those of your own programs, and those of AWS services.
 *
 * What AWS services put on the bus has modules of its own: `S3EventBridge`, `Ec2`, `Ecs`, `CodeBuild`, `Health` and
 * others. `Scheduler` and `Pipes` have what these two deliver.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { nullish } from "../internal/events/nullish.ts"
import * as Timestamp from "./Timestamp.ts"

const title = "an EventBridge event"

/**
 * An event of any kind, with its `detail` as JSON. {@link eventOf} decodes one kind.
 *
 * **Gotchas**
 *
 * A rule with an input transformer or a constant input delivers that in place of the event. Give `Handler.make` the
 * schema of what the rule delivers.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = Schema.Struct({
  version: nullish(Schema.String),
  id: Schema.String,
  /** What happened, within its `source`. */
  "detail-type": Schema.String,
  /** Who says so: `aws.s3`, or a name of your own. */
  source: Schema.String,
  account: Schema.String,
  time: Timestamp.IsoSeconds,
  region: Schema.String,
  /** The ARNs of what the event is about. */
  resources: Schema.Array(Schema.String),
  /** The replay that delivers the event again. */
  "replay-name": nullish(Schema.String),
  detail: Schema.Json
}).annotate({ title })

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Event extends Schema.Schema.Type<typeof Event> {}

const makeEventOf = <const DetailType extends string, Detail extends Schema.Constraint>(
  detailType: DetailType,
  detail: Detail
) =>
  Schema.Struct({ ...Event.fields, "detail-type": Schema.Literal(detailType), detail: Schema.toCodecJson(detail) })
    .annotate({ title })

/**
 * The schema of {@link eventOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface eventOf<DetailType extends string, Detail extends Schema.Constraint>
  extends ReturnType<typeof makeEventOf<DetailType, Detail>>
{}

/**
 * An {@link Event} of one `detail-type`, with its detail decoded.
 *
 * **Example** (An event of your own)
 *
 * ```ts
 * import * as EventBridge from "effect-lambda-runtime/events/EventBridge"
 * import * as Schema from "effect/Schema"
 *
 * const OrderPlaced = EventBridge.eventOf("order.placed", Schema.Struct({ id: Schema.String }))
 * const event = EventBridge.sample("order.placed", { id: "o-1" })
 * Schema.decodeUnknownSync(OrderPlaced)(event).detail // => { id: "o-1" }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const eventOf: <const DetailType extends string, Detail extends Schema.Constraint>(
  detailType: DetailType,
  detail: Detail
) => eventOf<DetailType, Detail> = makeEventOf

/**
 * What a rule with a schedule delivers.
 *
 * **When to use**
 *
 * For a rule with a `rate` or `cron` expression, whose target has no input of its own. `Scheduler.Event` is what EventBridge
 * Scheduler delivers.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html
 * @category schemas
 * @since 0.1.0
 */
export const ScheduledEvent = Schema.Struct({
  ...Event.fields,
  "detail-type": Schema.Literal("Scheduled Event"),
  /** Empty: `time` and the rule in `resources` are all that there is. */
  detail: Schema.JsonObject
}).annotate({ title })

/**
 * A decoded {@link ScheduledEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ScheduledEvent extends Schema.Schema.Type<typeof ScheduledEvent> {}

/**
 * An event as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as EventBridge from "effect-lambda-runtime/events/EventBridge"
 *
 * EventBridge.sample("order.placed", { id: "o-1" }).detail // => { id: "o-1" }
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (
  detailType = "order.placed",
  detail: Schema.Json = { id: "o-1" },
  source = "com.example.shop"
): typeof Event.Encoded => ({
  version: "0",
  id: "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
  "detail-type": detailType,
  source,
  account: "111122223333",
  time: "2017-12-22T18:43:48Z",
  region: "us-west-1",
  resources: ["arn:aws:ec2:us-west-1:123456789012:instance/i-1234567890abcdef0"],
  detail
})

/**
 * {@link ScheduledEvent} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as EventBridge from "effect-lambda-runtime/events/EventBridge"
 *
 * EventBridge.sampleScheduledEvent()["detail-type"] // => "Scheduled Event"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleScheduledEvent = (): typeof ScheduledEvent.Encoded => ({
  version: "0",
  id: "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
  "detail-type": "Scheduled Event",
  source: "aws.events",
  account: "123456789012",
  time: "2015-10-08T16:53:06Z",
  region: "us-east-1",
  resources: ["arn:aws:events:us-east-1:123456789012:rule/my-scheduled-rule"],
  detail: {}
})
