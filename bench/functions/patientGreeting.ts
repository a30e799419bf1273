/** The greeting of a function that waits for something else for 50 milliseconds. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Handler from "../../src/Handler.ts"

export const patientGreeting = Handler.make(
  {
    event: Schema.Struct({ name: Schema.String, age: Schema.Int }),
    result: Schema.Struct({ greeting: Schema.String })
  },
  ({ age, name }) =>
    Effect.as(Effect.sleep("50 millis"), {
      greeting: `Hello ${name}. You look ${age > 30 ? "younger" : "older"} than your age.`
    })
)
