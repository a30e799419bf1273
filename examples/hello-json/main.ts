import * as Handler from "effect-lambda-runtime/Handler"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const hello = Handler.make(
  {
    event: Schema.Struct({ name: Schema.String, age: Schema.Int }),
    result: Schema.Struct({ greeting: Schema.String })
  },
  ({ age, name }) =>
    Effect.succeed({ greeting: `Hello ${name}. You look ${age > 30 ? "younger" : "older"} than your age.` })
)

NodeLambda.runMain(Lambda.serve(hello))
