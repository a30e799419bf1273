import * as Timestamp from "effect-lambda-runtime/events/Timestamp"
import * as Handler from "effect-lambda-runtime/Handler"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** The schedule's input, in template.yaml: Scheduler puts the time into it. */
const Input = Schema.Struct({ report: Schema.NonEmptyString, at: Timestamp.IsoSeconds })

export const handler = Handler.make(
  { event: Input, result: Schema.Struct({ title: Schema.String }) },
  Effect.fnUntraced(function*({ at, report }) {
    const title = `The ${report} report of ${DateTime.formatIsoDateUtc(at)}`
    yield* Effect.log(title)
    return { title }
  })
)
