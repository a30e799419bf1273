import * as Handler from "effect-lambda-runtime/Handler"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"

const Message = Schema.Struct({
  message: Schema.NonEmptyString,
  count: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 100 }))
})

const repeat = Handler.stream(
  { event: Message, contentType: "text/plain; charset=utf-8" },
  ({ count, message }) =>
    Stream.range(1, count).pipe(
      Stream.map((n) => `${n}: ${message}\n`),
      Stream.schedule(Schedule.spaced("200 millis"))
    )
)

NodeLambda.runMain(Lambda.serve(repeat))
