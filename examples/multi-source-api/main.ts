import * as Batch from "effect-lambda-runtime/Batch"
import * as Alb from "effect-lambda-runtime/events/Alb"
import * as ApiGatewayV2 from "effect-lambda-runtime/events/ApiGatewayV2"
import * as Sqs from "effect-lambda-runtime/events/Sqs"
import * as Handler from "effect-lambda-runtime/Handler"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Effect from "effect/Effect"

const greet = (path: string, source: string) =>
  Effect.succeed({
    statusCode: 200,
    headers: { "content-type": "text/plain" },
    body: `You asked ${source} for ${path}`
  })

const api = Handler.make(
  { event: ApiGatewayV2.Event, result: ApiGatewayV2.Result },
  ({ rawPath }) => greet(rawPath, "an HTTP API")
)

const balancer = Handler.make(
  { event: Alb.Event, result: Alb.Result },
  ({ path }) => greet(path, "a load balancer")
)

const queue = Batch.sqs({ record: Sqs.Record }, ({ body }) => Effect.log(`The queue says: ${body}`))

NodeLambda.runMain(Lambda.serve(Handler.match(api, balancer, queue)))
