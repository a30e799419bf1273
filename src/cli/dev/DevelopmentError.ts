import * as Schema from "effect/Schema"

/** What was asked for cannot be developed. */
export class DevelopmentError
  extends Schema.TaggedError<DevelopmentError>("effect-lambda-runtime/cli/DevelopmentError")(
    "DevelopmentError",
    { problem: Schema.String }
  )
{
  override get message(): string {
    return this.problem
  }
}
