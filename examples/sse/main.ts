import * as LambdaHttp from "effect-lambda-runtime/LambdaHttp"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Effect from "effect/Effect"
import * as Sse from "effect/encoding/Sse"
import * as HttpRouter from "effect/http/HttpRouter"
import { schemaHeaders } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"

const last = 5

/** A client that has lost its connection says which event it has had. */
const Headers = Schema.Struct({
  "last-event-id": Schema.optional(
    Schema.FiniteFromString.check(Schema.isInt(), Schema.isBetween({ minimum: 0, maximum: last }))
  )
})

const countdown = Effect.gen(function*() {
  const { "last-event-id": had = 0 } = yield* schemaHeaders(Headers)
  const events = Stream.range(had + 1, last).pipe(
    Stream.schedule(Schedule.spaced("300 millis")),
    Stream.map((n) =>
      Sse.encoder.write({
        _tag: "Event",
        event: n === last ? "done" : "tick",
        id: String(n),
        data: `${last - n} to go`
      })
    ),
    Stream.encodeText
  )
  return HttpServerResponse.stream(events, {
    contentType: "text/event-stream",
    headers: { "cache-control": "no-cache" }
  })
})

const page = HttpServerResponse.html(`<!doctype html>
<pre id="log"></pre>
<script>
  const source = new EventSource("countdown")
  const show = ({ data }) => log.append(data + "\\n")
  source.addEventListener("tick", show)
  source.addEventListener("done", (event) => { show(event); source.close() })
</script>
`)

const routes = HttpRouter.addAll([
  HttpRouter.route("GET", "/", page),
  HttpRouter.route("GET", "/countdown", countdown)
])

NodeLambda.runMain(LambdaHttp.serve(routes, { responseMode: "streamed" }))
