import * as LambdaHttp from "effect-lambda-runtime/LambdaHttp"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import { schemaSearchParams } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"

const Query = Schema.Struct({
  rows: Schema.FiniteFromString.check(Schema.isInt(), Schema.isBetween({ minimum: 1, maximum: 1000 }))
})

const orders = Effect.gen(function*() {
  const { rows } = yield* schemaSearchParams(Query)
  const lines = Stream.range(1, rows).pipe(
    // A page of a database, for example.
    Stream.schedule(Schedule.spaced("200 millis")),
    Stream.map((row) => `o-${row},teapot,${row * 4.5}\n`)
  )
  const csv = Stream.concat(Stream.make("id,sku,total\n"), lines)
  return HttpServerResponse.stream(Stream.encodeText(csv), {
    contentType: "text/csv; charset=utf-8",
    headers: { "content-disposition": "attachment; filename=orders.csv" }
  })
})

NodeLambda.runMain(LambdaHttp.serve(HttpRouter.add("GET", "/orders.csv", orders), { responseMode: "streamed" }))
