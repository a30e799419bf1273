import * as Handler from "effect-lambda-runtime/Handler"
import * as LambdaResponse from "effect-lambda-runtime/LambdaResponse"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"

const countdown = Stream.range(1, 3).pipe(
  Stream.map((step) => `${4 - step}\n`),
  Stream.schedule(Schedule.spaced("500 millis")),
  Stream.concat(Stream.make("lift-off\n"))
)

export const handler = Handler.raw(() =>
  Effect.succeed(LambdaResponse.http({
    status: 200,
    headers: { "content-type": "text/plain; charset=utf-8" },
    body: countdown
  }))
)
