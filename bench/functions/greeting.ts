/** The greeting: one JSON object in, one out, both through a schema. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Handler from "../../src/Handler.ts"

export const greeting = Handler.make(
  {
    event: Schema.Struct({ name: Schema.String, age: Schema.Int }),
    result: Schema.Struct({ greeting: Schema.String })
  },
  ({ age, name }) =>
    Effect.succeed({ greeting: `Hello ${name}. You look ${age > 30 ? "younger" : "older"} than your age.` })
)
