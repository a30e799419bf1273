import * as Handler from "effect-lambda-runtime/Handler"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as LambdaResponse from "effect-lambda-runtime/LambdaResponse"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"

const numbers = Stream.range(1, 3).pipe(
  Stream.map((n) => `Number: ${n}\n`),
  Stream.schedule(Schedule.spaced("500 millis")),
  Stream.concat(Stream.make("Streaming complete!\n"))
)

const streaming = Handler.raw(() =>
  Effect.succeed(LambdaResponse.http({
    status: 418,
    headers: { "content-type": "text/plain; charset=utf-8", "x-my-custom-header": "streaming-example" },
    body: numbers
  }))
)

NodeLambda.runMain(Lambda.serve(streaming))
