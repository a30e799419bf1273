import * as Handler from "effect-lambda-runtime/Handler"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const hello = Handler.make(
  { event: Schema.Struct({ name: Schema.NonEmptyString }), result: Schema.Struct({ greeting: Schema.String }) },
  ({ name }) => Effect.succeed({ greeting: `Hello ${name}, from an image` })
)

NodeLambda.runMain(Lambda.serve(hello))
