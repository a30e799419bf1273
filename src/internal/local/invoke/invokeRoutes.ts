/**
 * The side of the local server that callers use: an event goes in, the answer to it comes out.
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type * as Scope from "effect/Scope"
import { type Event, maxEventSize } from "../function/invocation.ts"
import type { LocalFunction } from "../function/localFunction.ts"
import * as boundedBody from "../http/boundedBody.ts"
import * as nodeRequest from "../http/nodeRequest.ts"
import * as callerResponse from "./callerResponse.ts"
import * as eventHeaders from "./eventHeaders.ts"

export const routes = (
  { arn, invocations }: LocalFunction,
  endpoint: `/${string}`
): ReadonlyArray<HttpRouter.Route<never, HttpServerRequest | Scope.Scope>> => {
  const invoke = Effect.gen(function*() {
    const request = yield* HttpServerRequest
    const event = yield* readEvent(request, arn)
    const call = yield* invocations.offer(event)
    yield* nodeRequest.addHeaders(request, [["X-Amzn-RequestId", call.requestId]])
    return yield* callerResponse.make(request, yield* call.answer)
  }).pipe(
    Effect.catchTag("InvalidRequest", ({ message, status }) => Effect.succeed(refusal(status, message))),
    Effect.catchTag("TooManyRequests", () => Effect.succeed(refusal(429, "Too many events wait already"))),
    Effect.catchTag("ShuttingDown", () => Effect.succeed(refusal(503, "The local server is shutting down"))),
    // The caller has gone in the middle of its request, so nobody reads this.
    Effect.catchTag("HttpServerError", () => Effect.succeed(refusal(400, "The request was cut off")))
  )

  const route = Effect.flatMap(
    HttpServerRequest,
    ({ method }) => method === "POST" ? invoke : Effect.succeed(methodNotAllowed(method))
  )

  // `::` is a colon for the router, where `:` starts a parameter.
  return [HttpRouter.route("*", endpoint.replaceAll(":", "::") as `/${string}`, route)]
}

const methodNotAllowed = (method: string) =>
  HttpServerResponse.setHeader(
    refusal(405, `${method} is not allowed here. Call the function with POST`),
    "Allow",
    "POST"
  )

class InvalidRequest extends Data.TaggedError("InvalidRequest")<{
  readonly status: number
  readonly message: string
}> {}

const refusal = (status: number, message: string) =>
  HttpServerResponse.text(JSON.stringify({ message }), { status, contentType: "application/json" })

const readEvent = Effect.fnUntraced(function*(request: HttpServerRequest, functionArn: string) {
  const body = yield* boundedBody.read(request, maxEventSize)
  if (body._tag === "TooLarge") {
    return yield* new InvalidRequest({
      status: 413,
      message: `Request must be smaller than ${maxEventSize} bytes for the InvokeFunction operation`
    })
  }
  if (body.bytes.length === 0) {
    return yield* new InvalidRequest({
      status: 400,
      message: "Send the event as the body of the request, for example {}"
    })
  }
  const headers = yield* Effect.mapError(
    eventHeaders.read(request),
    ({ message }) => new InvalidRequest({ status: 400, message: `X-Amz-Client-Context: ${message}` })
  )
  const event: Event = {
    ...headers,
    payload: body.bytes,
    functionArn,
    contentType: eventHeaders.present(request.headers["content-type"]) ?? "application/json"
  }
  return event
})
