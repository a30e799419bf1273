import * as ApiGatewayV2 from "effect-lambda-runtime/events/ApiGatewayV2"
import * as Handler from "effect-lambda-runtime/Handler"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Effect from "effect/Effect"

const hello = Handler.make(
  { event: ApiGatewayV2.Event, result: ApiGatewayV2.Result },
  ({ queryStringParameters }) =>
    Effect.succeed({
      statusCode: 200,
      headers: { "content-type": "text/plain" },
      body: `Hello ${queryStringParameters?.["name"] ?? "World"}`
    })
)

NodeLambda.runMain(Lambda.serve(hello))
