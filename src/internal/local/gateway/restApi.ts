/**
 * A REST API of API Gateway. It streams what its function streams with an HTTP head, as in the response transfer mode
 * `STREAM`, and gives a caller the whole of everything else.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-rest-api.html
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
 */
import * as Effect from "effect/Effect"
import * as Hash from "effect/Hash"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { accountId } from "../function/functionArn.ts"
import type { LocalFunctions } from "../function/localFunction.ts"
import * as traceHeader from "../http/traceHeader.ts"
import type { RestApi } from "./apiGateway.ts"
import { call, whole } from "./callFunction.ts"
import * as eventBody from "./eventBody.ts"
import * as extendedRequestId from "./extendedRequestId.ts"
import * as gatewayRequest from "./gatewayRequest.ts"
import * as gatewayResponse from "./gatewayResponse.ts"
import * as payloadVersion1 from "./payloadVersion1.ts"
import * as proxyResponse from "./proxyResponse.ts"
import * as relayedHeaders from "./relayedHeaders.ts"
import * as routeTable from "./routeTable.ts"
import * as streamedResponse from "./streamedResponse.ts"

export const respond = Effect.fnUntraced(
  function*(functions: LocalFunctions, api: RestApi, request: HttpServerRequest, target: gatewayRequest.Target) {
    const [, stage, rest = ""] = /^\/([^/]*)(.*)$/s.exec(target.path) ?? []
    if (stage !== api.stage) return forbidden
    const path = rest || "/"
    // A slash at the end makes no difference to the routes, and is left in the path.
    const match = api.routes.find(request.method, routeTable.split(path.replace(/\/+$/, "") || "/"))
    const local = match && functions.find(match.route.functionName)
    if (match === undefined || local === undefined) return missingAuthenticationToken

    const received = yield* gatewayRequest.receive(request, target)
    const ids = { requestId: crypto.randomUUID(), extendedRequestId: extendedRequestId.make() }
    const headers = received.headers.filter(([name]) => !dropped.has(name.toLowerCase()))
    const payload = payloadVersion1.make({ ...received, headers }, {
      ...ids,
      version: undefined,
      accountId,
      apiId: api.name,
      stage,
      resource: match.route.path,
      resourceId: resourceId(match.route),
      path,
      fullPath: target.path,
      pathParameters: match.parameters,
      body: eventBody.byMediaTypes(received, api.binaryMediaTypes)
    })
    const { answer } = yield* call(local, { payload, traceId: received.trace.traceId })
    const answered = yield* answer
    const policy: gatewayResponse.HeaderPolicy = {
      added: [
        ["X-Amzn-RequestId", ids.requestId],
        ["X-Amz-Apigw-Id", ids.extendedRequestId],
        [traceHeader.name, received.trace.traceId]
      ],
      remapped: relayedHeaders.remappedByRestApi
    }
    if (answered._tag !== "Failed" && streamedResponse.hasPrelude(answered)) {
      const body = answered._tag === "Streamed" ? answered.body : Stream.succeed(answered.body)
      return yield* streamedResponse.withPrelude(request, body, {
        failed: () => badGateway,
        malformed: () => internalServerError,
        relay: gatewayResponse.relay(policy)
      })
    }
    const response = proxyResponse.restApi(yield* whole(answered), {
      decodesBase64: eventBody.matchesMediaType(firstAccepted(request), api.binaryMediaTypes)
    })
    if (Result.isFailure(response)) {
      yield* Effect.logWarning(`The function's answer ${response.failure}`)
      return badGateway
    }
    return yield* gatewayResponse.send(request, response.success, policy)
  },
  Effect.catchTag("FunctionError", () => Effect.succeed(badGateway)),
  Effect.catchTag("RequestTooLarge", () => Effect.succeed(requestTooLong)),
  Effect.catchTag("TooManyRequests", () => Effect.succeed(internalServerError)),
  Effect.catchTag("ShuttingDown", () => Effect.succeed(serviceUnavailable)),
  // The caller has gone in the middle of its request, so nobody reads this.
  Effect.catchTag("HttpServerError", () => Effect.succeed(badRequest))
)

/** API Gateway looks at the first media type only. */
const firstAccepted = ({ headers }: HttpServerRequest) => headers["accept"]?.split(",", 1)[0]

/** Besides those of the connection. Observed by LocalStack's tests, which run on AWS too. */
const dropped: ReadonlySet<string> = new Set([
  "content-length",
  "content-md5",
  "max-forwards",
  "server",
  "www-authenticate"
])

/** The same one for all methods of a resource, as in `al6gqb`. */
const resourceId = ({ path }: routeTable.Route) => (Hash.string(path) >>> 0).toString(36).padStart(6, "0").slice(-6)

const reply = (status: number, errorType: string, json: string) =>
  gatewayResponse.reply(status, json, { "x-amzn-ErrorType": errorType })

const forbidden = reply(403, "ForbiddenException", "{\"message\":\"Forbidden\"}")

const missingAuthenticationToken = reply(
  403,
  "MissingAuthenticationTokenException",
  "{\"message\":\"Missing Authentication Token\"}"
)

const badRequest = reply(400, "BadRequestException", "{\"message\":\"Bad Request\"}")

const requestTooLong = reply(413, "RequestTooLongException", "{\"message\":\"Request Too Long\"}")

const badGateway = reply(502, "InternalServerErrorException", "{\"message\": \"Internal server error\"}")

const internalServerError = reply(500, "InternalServerErrorException", "{\"message\": \"Internal server error\"}")

const serviceUnavailable = reply(503, "ServiceUnavailableException", "{\"message\":\"Service Unavailable\"}")
