/**
 * The side of the local server that callers use: an event goes in, the answer to it comes out.
 */
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type { Event } from "../function/invocations.ts"
import type { LocalFunction } from "../function/localFunction.ts"
import * as callerResponse from "../gateway/callerResponse.ts"
import * as boundedBody from "../http/boundedBody.ts"
import * as nodeRequest from "../http/nodeRequest.ts"

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const maxRequestSize = 6_291_456

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
  const { headers } = request
  const body = yield* boundedBody.read(request, maxRequestSize)
  if (body._tag === "TooLarge") {
    return yield* new InvalidRequest({
      status: 413,
      message: `Request must be smaller than ${maxRequestSize} bytes for the InvokeFunction operation`
    })
  }
  if (body.bytes.length === 0) {
    return yield* new InvalidRequest({
      status: 400,
      message: "Send the event as the body of the request, for example {}"
    })
  }
  const clientContext = headers["x-amz-client-context"]
  const event: Event = {
    payload: body.bytes,
    functionArn,
    contentType: present(headers["content-type"]) ?? "application/json",
    traceId: present(headers["x-amzn-trace-id"]) ?? (yield* newTraceId),
    tenantId: present(headers["x-amz-tenant-id"]) ?? present(headers["lambda-runtime-aws-tenant-id"]),
    clientContext: clientContext === undefined
      ? headerText(headers["lambda-runtime-client-context"])
      : yield* decodeClientContext(clientContext),
    identity: headerText(headers["lambda-runtime-cognito-identity"])
  }
  return event
})

const decodeClientContext = (base64: string) => {
  const text = Buffer.from(base64, "base64").toString()
  return Option.isSome(decodeJsonObject(text)) ? Effect.succeed(text) : new InvalidRequest({
    status: 400,
    message: "X-Amz-Client-Context must be a JSON object in base64"
  })
}

const decodeJsonObject = Schema.decodeUnknownOption(
  Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown))
)

const present = (value: string | undefined) => value === "" ? undefined : value

/** Node reads header values as Latin-1; JSON in them is UTF-8. */
const headerText = (value: string | undefined) =>
  present(value) === undefined ? undefined : Buffer.from(value ?? "", "latin1").toString()

/** https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html */
const newTraceId = Effect.map(Clock.currentTimeMillis, (now) => {
  const epoch = Math.floor(now / 1000).toString(16).padStart(8, "0")
  const random = crypto.randomUUID().replaceAll("-", "")
  const parent = crypto.randomUUID().replaceAll("-", "").slice(0, 16)
  return `Root=1-${epoch}-${random.slice(0, 24)};Parent=${parent};Sampled=0`
})
