/**
 * An HTTP API of API Gateway. It knows nothing of streams: it gives a caller the whole answer.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api.html
 */
import * as Effect from "effect/Effect"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { accountId } from "../function/functionArn.ts"
import type { LocalFunctions } from "../function/localFunction.ts"
import { type ApiRoute, defaultStage, type HttpApi } from "./apiGateway.ts"
import { call, whole } from "./callFunction.ts"
import * as eventBody from "./eventBody.ts"
import * as extendedRequestId from "./extendedRequestId.ts"
import * as gatewayRequest from "./gatewayRequest.ts"
import * as gatewayResponse from "./gatewayResponse.ts"
import * as payloadVersion1 from "./payloadVersion1.ts"
import * as payloadVersion2 from "./payloadVersion2.ts"
import * as proxyResponse from "./proxyResponse.ts"
import * as relayedHeaders from "./relayedHeaders.ts"
import * as routeTable from "./routeTable.ts"
import * as streamedResponse from "./streamedResponse.ts"

export const respond = Effect.fnUntraced(
  function*(functions: LocalFunctions, api: HttpApi, request: HttpServerRequest, target: gatewayRequest.Target) {
    const path = withoutStage(api, target.path)
    if (path === undefined) return notFound
    const decodedPath = decodePath(target.path)
    const segments = Option.all(routeTable.split(path).map(gatewayRequest.decode))
    if (Option.isNone(decodedPath) || Option.isNone(segments)) return badRequest
    const match = api.routes.find(request.method, segments.value)
    const local = match && functions.find(match.route.functionName)
    if (match === undefined || local === undefined) return notFound

    const received = yield* gatewayRequest.receive(request, target)
    const requestId = extendedRequestId.make()
    const payload = makePayload(api, match, received, requestId, decodedPath.value)
    const { answer } = yield* call(local, { payload, traceId: received.trace.traceId })
    const answered = yield* answer
    if (answered._tag !== "Failed" && streamedResponse.hasPrelude(answered)) {
      yield* Effect.logWarning(
        "The function streams an HTTP response, and an HTTP API does not stream: its caller gets the head of the " +
          "response as text. Use a function URL or a REST API"
      )
    }
    const result = yield* whole(answered)
    const response = api.payloadFormatVersion === "2.0"
      ? proxyResponse.version2(result, "text/plain; charset=utf-8")
      : proxyResponse.version1(result)
    if (Result.isFailure(response)) {
      yield* Effect.logWarning(`The function's answer ${response.failure}`)
      return internalServerError
    }
    return yield* gatewayResponse.send(request, response.success, {
      added: [["Apigw-Requestid", requestId]],
      remapped: relayedHeaders.remappedByHttpApi
    })
  },
  Effect.catchTag("FunctionError", () => Effect.succeed(internalServerError)),
  Effect.catchTag("RequestTooLarge", () => Effect.succeed(requestTooLarge)),
  Effect.catchTag(["TooManyRequests", "ShuttingDown"], () => Effect.succeed(serviceUnavailable)),
  // The caller has gone in the middle of its request, so nobody reads this.
  Effect.catchTag("HttpServerError", () => Effect.succeed(badRequest))
)

/** The path that the routes are about. */
const withoutStage = ({ stage }: HttpApi, path: string): string | undefined => {
  if (stage === defaultStage) return path
  const [, first, rest] = /^\/([^/]*)(.*)$/s.exec(path) ?? []
  return first === stage ? rest || "/" : undefined
}

/**
 * API Gateway decodes twice, and takes a question mark that shows up in between for the start of a query: observed at
 * https://github.com/hotsock/voker/blob/main/vokerhttp/testdata/ingress-paths.json
 */
const decodePath = (path: string): Option.Option<string> =>
  Option.flatMap(gatewayRequest.decode(path), (once) => gatewayRequest.decode(once.split("?", 1)[0] ?? ""))

const makePayload = (
  api: HttpApi,
  { parameters, route }: routeTable.Match<ApiRoute>,
  request: gatewayRequest.GatewayRequest,
  requestId: string,
  path: string
) => {
  const common = { accountId, apiId: api.name, requestId, stage: api.stage, pathParameters: parameters }
  return api.payloadFormatVersion === "2.0"
    ? payloadVersion2.make(request, {
      ...common,
      routeKey: route.key,
      rawPath: path,
      path,
      keepsCookieHeader: false
    })
    : payloadVersion1.make(request, {
      ...common,
      version: "1.0",
      extendedRequestId: requestId,
      resource: route.path,
      resourceId: route.key,
      path: request.path,
      fullPath: path,
      body: eventBody.byContentType(request)
    })
}

const notFound = gatewayResponse.reply(404, "{\"message\":\"Not Found\"}")

const badRequest = gatewayResponse.reply(400, "{\"message\":\"Bad Request\"}")

const requestTooLarge = gatewayResponse.reply(413, "{\"message\":\"Request Entity Too Large\"}")

const internalServerError = gatewayResponse.reply(500, "{\"message\":\"Internal Server Error\"}")

const serviceUnavailable = gatewayResponse.reply(503, "{\"message\":\"Service Unavailable\"}")
