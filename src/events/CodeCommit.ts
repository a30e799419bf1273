/**
 * Triggers of AWS CodeCommit repositories.
 *
 * @see https://docs.aws.amazon.com/codecommit/latest/userguide/how-to-notify-lambda.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import * as Timestamp from "./Timestamp.ts"

/**
 * A push, or the making or deleting of a branch or a tag.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Record = Schema.Struct({
  eventSource: Schema.Literal("aws:codecommit"),
  eventSourceARN: Schema.String,
  awsRegion: Schema.String,
  eventId: Schema.String,
  eventName: openEnum(["ReferenceChanges", "TriggerEventTest"]),
  eventTime: Timestamp.IsoOffset,
  eventVersion: Schema.String,
  eventPartNumber: Schema.Finite,
  eventTotalParts: Schema.Finite,
  eventTriggerConfigId: nullish(Schema.String),
  eventTriggerName: Schema.String,
  userIdentityARN: Schema.String,
  /** What the trigger was made with. */
  customData: nullish(Schema.String),
  codecommit: Schema.Struct({
    references: Schema.Array(Schema.Struct({
      /** What it refers to now. */
      commit: Schema.String,
      /** `refs/heads/main`. */
      ref: Schema.String,
      created: nullish(Schema.Boolean),
      deleted: nullish(Schema.Boolean)
    }))
  })
})

/**
 * A decoded {@link Record}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Record extends Schema.Schema.Type<typeof Record> {}

/**
 * What a trigger tells a function of its repository.
 *
 * **Example** (Branches that have changed)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as CodeCommit from "effect-lambda-runtime/events/CodeCommit"
 * import * as Effect from "effect/Effect"
 *
 * const build = Handler.make({ event: CodeCommit.Event }, ({ Records }) =>
 *   Effect.forEach(Records.flatMap(({ codecommit }) => codecommit.references), ({ ref }) => Effect.log(ref), {
 *     discard: true
 *   }))
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = Schema.Struct({ Records: Schema.Array(Record) }).annotate({ title: "a CodeCommit event" })

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Event extends Schema.Schema.Type<typeof Event> {}

/**
 * An event as Lambda delivers it: a push to the given branch or tag.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as CodeCommit from "effect-lambda-runtime/events/CodeCommit"
 *
 * CodeCommit.sample("refs/tags/v1").Records[0]?.codecommit.references[0]?.ref // => "refs/tags/v1"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (ref: string = "refs/heads/main"): typeof Event.Encoded => ({
  Records: [{
    awsRegion: "us-east-2",
    codecommit: { references: [{ commit: "5c4ef1049f1d27deadbeeff313e0730018be182b", ref, created: true }] },
    customData: "this is custom data",
    eventId: "5a824061-17ca-46a9-bbf9-114edeadbeef",
    eventName: "ReferenceChanges",
    eventPartNumber: 1,
    eventSource: "aws:codecommit",
    eventSourceARN: "arn:aws:codecommit:us-east-2:123456789012:shop",
    eventTime: "2018-03-20T16:00:00.000+0000",
    eventTotalParts: 1,
    eventTriggerConfigId: "5a824061-17ca-46a9-bbf9-114edeadbeef",
    eventTriggerName: "build",
    eventVersion: "1.0",
    userIdentityARN: "arn:aws:iam::123456789012:user/jane"
  }]
})
