/**
 * Schedules of Amazon EventBridge Scheduler.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/what-is-scheduler.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as EventBridge from "./EventBridge.ts"

/**
 * What a schedule delivers whose target has no input of its own.
 *
 * **When to use**
 *
 * For a schedule without an input. An input is delivered in place of the event: give `Handler.make` the schema of it.
 *
 * **Gotchas**
 *
 * Scheduler replaces context attributes within an input, as `<aws.scheduler.scheduled-time>`, by text: also the number
 * of the attempt.
 *
 * **Example** (A schedule with an input)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Timestamp from "effect-lambda-runtime/events/Timestamp"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * // {"report":"daily","at":"<aws.scheduler.scheduled-time>","attempt":"<aws.scheduler.attempt-number>"}
 * const Input = Schema.Struct({
 *   report: Schema.String,
 *   at: Timestamp.IsoSeconds,
 *   attempt: Schema.FiniteFromString
 * })
 *
 * const report = Handler.make({ event: Input }, ({ at, report }) => Effect.log(report, at))
 * ```
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 * @category schemas
 * @since 0.1.0
 */
export const Event = Schema.Struct({
  ...EventBridge.Event.fields,
  "detail-type": Schema.Literal("Scheduled Event"),
  /** `aws.scheduler`. */
  source: Schema.String,
  /** The ARN of the schedule. */
  resources: Schema.Array(Schema.String),
  /** The text `{}`. */
  detail: Schema.Union([Schema.String, Schema.JsonObject])
}).annotate({ title: "an EventBridge event" })

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Event extends Schema.Schema.Type<typeof Event> {}

/**
 * An event as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Scheduler from "effect-lambda-runtime/events/Scheduler"
 *
 * Scheduler.sample().source // => "aws.scheduler"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (): typeof Event.Encoded => ({
  version: "0",
  id: "37666ae6-48cf-4285-b4c6-a3320b38824a",
  "detail-type": "Scheduled Event",
  source: "aws.scheduler",
  account: "123456789012",
  time: "2024-06-13T12:30:00Z",
  region: "us-east-1",
  resources: ["arn:aws:scheduler:us-east-1:123456789012:schedule/default/my-schedule"],
  detail: "{}"
})
