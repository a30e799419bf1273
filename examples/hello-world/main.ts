import * as Handler from "effect-lambda-runtime/Handler"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const hello = Handler.make(
  { event: Schema.String, result: Schema.String },
  (name) => Effect.succeed(`Hello ${name}`)
)

NodeLambda.runMain(Lambda.serve(hello))
