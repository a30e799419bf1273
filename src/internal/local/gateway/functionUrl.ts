/**
 * The URL that every function has of its own.
 *
 * It streams what its function streams, so it is in both of Lambda's modes at once, `BUFFERED` and `RESPONSE_STREAM`.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 */
import * as Effect from "effect/Effect"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { type Answer, maxEventSize } from "../function/invocation.ts"
import type { LocalFunction } from "../function/localFunction.ts"
import * as traceHeader from "../http/traceHeader.ts"
import { call } from "./callFunction.ts"
import * as gatewayRequest from "./gatewayRequest.ts"
import * as gatewayResponse from "./gatewayResponse.ts"
import * as payloadVersion2 from "./payloadVersion2.ts"
import * as proxyResponse from "./proxyResponse.ts"
import * as relayedHeaders from "./relayedHeaders.ts"
import * as streamedResponse from "./streamedResponse.ts"

export const respond = Effect.fnUntraced(
  function*(local: LocalFunction, request: HttpServerRequest, target: gatewayRequest.Target) {
    const received = yield* gatewayRequest.receive(request, target)
    // On Lambda too both have one id.
    const requestId = crypto.randomUUID()
    const payload = payloadVersion2.make(received, {
      // As Lambda says it of a URL that anyone may call.
      accountId: "anonymous",
      apiId: local.settings.name,
      requestId,
      routeKey: "$default",
      stage: "$default",
      rawPath: target.path,
      path: Option.getOrElse(gatewayRequest.decode(target.path), () => target.path),
      pathParameters: undefined,
      keepsCookieHeader: true
    })
    const { answer } = yield* call(local, { payload, requestId, traceId: received.trace.traceId })
    return yield* present(request, yield* answer, {
      added: [["X-Amzn-RequestId", requestId], [traceHeader.name, received.trace.traceId]],
      remapped: relayedHeaders.remappedByRestApi
    })
  },
  Effect.catchTag("RequestTooLarge", () => Effect.succeed(requestTooLarge)),
  Effect.catchTag("TooManyRequests", () => Effect.succeed(tooManyRequests)),
  Effect.catchTag("ShuttingDown", () => Effect.succeed(shuttingDown)),
  // The caller has gone in the middle of its request, so nobody reads this.
  Effect.catchTag("HttpServerError", () => Effect.succeed(cutOff))
)

const present = (request: HttpServerRequest, answer: Answer, policy: gatewayResponse.HeaderPolicy) => {
  const added = Object.fromEntries(policy.added)
  const badGateway = HttpServerResponse.text("Internal Server Error", {
    status: 502,
    contentType: "text/plain",
    headers: added
  })
  const presentation: streamedResponse.Presentation = {
    failed: () => badGateway,
    malformed: () => badGateway,
    relay: gatewayResponse.relay(policy)
  }
  if (answer._tag === "Failed") return Effect.succeed(badGateway)
  if (streamedResponse.hasPrelude(answer)) {
    const body = answer._tag === "Streamed" ? answer.body : Stream.succeed(answer.body)
    return streamedResponse.withPrelude(request, body, presentation)
  }
  if (answer._tag === "Streamed") {
    return Effect.map(
      streamedResponse.plain(request, answer.contentType, answer.body, presentation),
      HttpServerResponse.setHeaders(added)
    )
  }
  const response = proxyResponse.version2(answer.body, "application/json")
  return Result.isSuccess(response)
    ? gatewayResponse.send(request, response.success, policy)
    : Effect.as(Effect.logWarning(`The function's answer ${response.failure}`), badGateway)
}

const requestTooLarge = gatewayResponse.reply(
  413,
  JSON.stringify({ Message: `Request must be smaller than ${maxEventSize} bytes` })
)

const tooManyRequests = gatewayResponse.reply(
  429,
  JSON.stringify({ Reason: "CallerRateLimitExceeded", Type: "User", message: "Rate Exceeded." }),
  { "x-amzn-ErrorType": "TooManyRequestsException" }
)

const shuttingDown = gatewayResponse.reply(503, JSON.stringify({ Message: "The local server is shutting down" }))

const cutOff = gatewayResponse.reply(400, JSON.stringify({ Message: "The request was cut off" }))
