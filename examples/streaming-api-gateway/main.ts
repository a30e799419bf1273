import * as LambdaHttp from "effect-lambda-runtime/LambdaHttp"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"

const Path = Schema.Struct({
  from: Schema.FiniteFromString.check(Schema.isInt(), Schema.isBetween({ minimum: 1, maximum: 100 }))
})

const countdown = Effect.gen(function*() {
  const { from } = yield* HttpRouter.schemaPathParams(Path)
  const steps = Stream.range(1, from).pipe(
    Stream.map((step) => `${from + 1 - step}\n`),
    Stream.schedule(Schedule.spaced("300 millis")),
    Stream.concat(Stream.make("lift-off\n"))
  )
  return HttpServerResponse.stream(Stream.encodeText(steps), {
    contentType: "text/plain; charset=utf-8",
    headers: { "x-countdown-from": String(from) }
  })
})

NodeLambda.runMain(LambdaHttp.serve(HttpRouter.add("GET", "/countdown/:from", countdown), { responseMode: "streamed" }))
