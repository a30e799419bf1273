/**
 * The Runtime API: the side of the local server that a runtime calls.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import type { HttpServerError } from "effect/http/HttpServerError"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Stream from "effect/Stream"
import * as Invocation from "../../../Invocation.ts"
import { MaxResponseSize } from "../../../RuntimeApi.ts"
import * as invocationHeaders from "../../invocationHeaders.ts"
import type { HeaderList } from "../../transport.ts"
import type { Refused } from "../function/environments.ts"
import * as functionError from "../function/functionError.ts"
import type { AnswerKind, Assignment, Reply } from "../function/invocation.ts"
import type { LocalFunction } from "../function/localFunction.ts"
import * as boundedBody from "../http/boundedBody.ts"
import * as nodeRequest from "../http/nodeRequest.ts"
import * as errorReport from "./errorReport.ts"
import * as runtimeReplies from "./runtimeReplies.ts"

export const routes = (
  { invocations, settings }: LocalFunction
): ReadonlyArray<HttpRouter.Route<never, HttpServerRequest | HttpRouter.RouteContext>> => {
  const inOrder = nodeRequest.makeInOrder()

  /** A request of a runtime: in its turn, with what Lambda refuses answered as Lambda does. */
  const handle = <R>(
    f: (request: HttpServerRequest) => Effect.Effect<
      HttpServerResponse.HttpServerResponse,
      Refused | HttpServerError,
      R
    >
  ) =>
    Effect.flatMap(HttpServerRequest, (request) =>
      inOrder(request, f(request)).pipe(
        Effect.catchTag("Refused", (refused) => Effect.succeed(runtimeReplies.refused(refused))),
        Effect.catchTag("HttpServerError", () => Effect.succeed(runtimeReplies.truncated))
      ))

  const next = handle(Effect.fnUntraced(function*(request) {
    const assignment = yield* invocations.next(nodeRequest.connection(request))
    yield* nodeRequest.addHeaders(request, assignmentHeaders(assignment))
    const { contentType, payload } = assignment.event
    return HttpServerResponse.uint8Array(payload, { contentType })
  }))

  const answer = (
    kind: AnswerKind,
    receive: (request: HttpServerRequest, reply: Reply) => Effect.Effect<
      HttpServerResponse.HttpServerResponse,
      Refused | HttpServerError
    >
  ) =>
  (request: HttpServerRequest) =>
    Effect.flatMap(HttpRouter.params, ({ requestId = "" }) =>
      invocations.answer(
        { requestId, invocationId: request.headers["lambda-runtime-invocation-id"] },
        kind,
        (reply) => receive(request, reply)
      ))

  /** Managed Instances read the report before anything else, so one that is too long leaves the invocation as it is. */
  const concurrentError = Effect.fnUntraced(function*(request: HttpServerRequest) {
    const body = yield* boundedBody.read(request, maxConcurrentErrorSize)
    if (body._tag === "TooLarge") return runtimeReplies.tooLargeFor(maxConcurrentErrorSize)
    const error = functionError.reported(errorReport.errorType(request), body.bytes)
    return yield* answer(
      "InvocationErrorResponse",
      (_, reply) => Effect.as(reply.fail(error), runtimeReplies.accepted)
    )(request)
  })

  const failedStart = (operation: "initError" | "restoreError") =>
    handle(Effect.fnUntraced(function*(request) {
      const body = yield* boundedBody.read(request, MaxResponseSize)
      if (body._tag === "TooLarge") return runtimeReplies.tooLarge
      const errorType = errorReport.errorType(request)
      const error = functionError.reported(errorType, body.bytes)
      yield* invocations[operation](nodeRequest.connection(request), error)
      const description = new TextDecoder().decode(error.body.subarray(0, maxLogged))
      yield* Effect.logWarning(`The runtime of ${settings.name} could not start: ${errorType}: ${description}`)
      return runtimeReplies.accepted
    }))

  const restore = handle((request) =>
    Effect.as(invocations.restore(nodeRequest.connection(request)), HttpServerResponse.empty({ status: 200 }))
  )

  const runtime = "/2018-06-01/runtime"
  return [
    HttpRouter.route("GET", "/2018-06-01/ping", HttpServerResponse.text("pong")),
    only("GET", `${runtime}/invocation/next`, next),
    only(
      "POST",
      `${runtime}/invocation/:requestId/response`,
      handle(answer("InvocationResponse", receiveResponse))
    ),
    only(
      "POST",
      `${runtime}/invocation/:requestId/error`,
      handle(settings.maxConcurrency > 1 ? concurrentError : answer("InvocationErrorResponse", receiveError))
    ),
    only("POST", `${runtime}/init/error`, failedStart("initError")),
    // Managed Instances are not snapshotted.
    ...settings.maxConcurrency > 1 ? [] : [
      only("GET", `${runtime}/restore/next`, restore),
      only("POST", `${runtime}/restore/error`, failedStart("restoreError"))
    ]
  ]
}

/** Other methods are refused, HEAD too: the router would take it for GET, and it must not swallow an event. */
const only = <R>(
  method: "GET" | "POST",
  path: `/${string}`,
  handler: Effect.Effect<HttpServerResponse.HttpServerResponse, never, R | HttpServerRequest>
) =>
  HttpRouter.route(
    "*",
    path,
    Effect.flatMap(
      HttpServerRequest,
      (request) => request.method === method ? handler : Effect.succeed(runtimeReplies.methodNotAllowed)
    )
  )

/** https://github.com/aws/aws-lambda-runtime-interface-emulator/blob/develop/internal/lambda-managed-instances/rapi */
const maxConcurrentErrorSize = 1_048_576

/** Of a report, in bytes. */
const maxLogged = 4_096

const receiveResponse = (request: HttpServerRequest, reply: Reply) => {
  const mode = request.headers["lambda-runtime-function-response-mode"] ?? ""
  if (mode === "") return receiveBuffered(request, reply)
  if (mode === "streaming") return receiveStream(request, reply)
  return Effect.as(reply.fail(functionError.invalidResponseMode), runtimeReplies.invalidResponseMode)
}

const receiveBuffered = Effect.fnUntraced(function*(request: HttpServerRequest, reply: Reply) {
  const body = yield* boundedBody.read(request, MaxResponseSize)
  if (body._tag === "TooLarge") {
    yield* reply.fail(functionError.responseTooLarge(body.size))
    return runtimeReplies.tooLarge
  }
  yield* reply.succeed(contentType(request), body.bytes)
  return runtimeReplies.accepted
})

const receiveStream = Effect.fnUntraced(function*(request: HttpServerRequest, reply: Reply) {
  const { end, write } = yield* reply.stream(contentType(request))
  yield* Stream.runForEachArray(request.stream, (chunks) => Effect.forEach(chunks, write, { discard: true }))
  const trailers = nodeRequest.trailers(request)
  const errorType = trailers["lambda-runtime-function-error-type"]
  const errorBody = trailers["lambda-runtime-function-error-body"]
  yield* errorType === undefined && errorBody === undefined
    ? end
    : reply.fail(functionError.reported(errorType, Buffer.from(errorBody ?? "", "base64")))
  return runtimeReplies.accepted
})

const receiveError = Effect.fnUntraced(function*(request: HttpServerRequest, reply: Reply) {
  const body = yield* boundedBody.read(request, MaxResponseSize)
  if (body._tag === "TooLarge") {
    yield* reply.fail(functionError.responseTooLarge(body.size))
    return runtimeReplies.tooLarge
  }
  yield* reply.fail(
    functionError.reported(errorReport.errorType(request), errorReport.callerBody(request, body.bytes))
  )
  return runtimeReplies.accepted
})

/** As Lambda reads a response without one. */
const contentType = (request: HttpServerRequest) => request.headers["content-type"] ?? "application/octet-stream"

/** The content type is not among them: it belongs to the body. */
const assignmentHeaders = ({ deadline, event, invocationId, requestId }: Assignment): HeaderList => {
  const headers = invocationHeaders.encode(Invocation.make({
    requestId,
    invocationId,
    deadline,
    functionArn: event.functionArn,
    traceId: event.traceId,
    tenantId: event.tenantId,
    payload: event.payload
  })).filter(([name]) => name !== "Content-Type")
  return [
    ...headers,
    ...jsonHeader(invocationHeaders.clientContextHeader, event.clientContext),
    ...jsonHeader(invocationHeaders.cognitoIdentityHeader, event.identity)
  ]
}

/** It travels as the caller wrote it: a runtime may know fields that this one does not. */
const jsonHeader = (name: string, json: string | undefined): HeaderList =>
  json === undefined ? [] : [[name, escapeNonAscii(json)]]

/** Header values are ASCII; JSON can escape everything else, and has no line breaks that matter. */
const escapeNonAscii = (json: string): string =>
  json.replace(/[\r\n\t]/g, " ").replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`
  )
