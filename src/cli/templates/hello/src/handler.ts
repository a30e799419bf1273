import * as Handler from "effect-lambda-runtime/Handler"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

export const handler = Handler.make({
  event: Schema.Struct({ name: Schema.NonEmptyString }),
  result: Schema.Struct({ greeting: Schema.String })
}, ({ name }) => Effect.succeed({ greeting: `Hello ${name}` }))
