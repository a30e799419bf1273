/**
 * The answer of a function to a request: whole, or streamed where the front door can.
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as HttpEffect from "effect/http/HttpEffect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Result from "effect/Result"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { Buffer } from "node:buffer"
import type { HttpEvent, ResponseMode } from "../../LambdaHttp.ts"
import * as LambdaResponse from "../../LambdaResponse.ts"
import { DeadlineExceeded } from "../deadline.ts"
import { InterruptedBy } from "../interruptedBy.ts"
import { logFailure } from "../logFailure.ts"
import * as eventResponse from "./eventResponse.ts"
import type { LambdaRequest } from "./lambdaRequest.ts"
import * as responseBody from "./responseBody.ts"
import * as responseHead from "./responseHead.ts"

/** What is answered in place of an application, in the words of API Gateway. */
export const reply = (event: HttpEvent, mode: ResponseMode, status: 500 | 502 | 504): LambdaResponse.LambdaResponse => {
  const head = { status, statusText: undefined, headers: { "content-type": "application/json" }, cookies: [] }
  const body = status === 504 ? timedOut : failed
  return streams(event, mode) ? streamed(event, head, Stream.succeed(body)) : buffered(event, head, body)
}

const failed = "{\"message\":\"Internal Server Error\"}"

const timedOut = "{\"message\":\"Endpoint request timed out\"}"

/**
 * Leaves an answer at the request. The scope of the request is closed when the body has been sent, where it is streamed,
 * and else when the answer is complete.
 */
export const send = (
  request: LambdaRequest,
  response: HttpServerResponse.HttpServerResponse,
  mode: ResponseMode
): Effect.Effect<void, unknown, Scope.Scope> => {
  const { event } = request
  const read = responseHead.read(response)
  if (Result.isFailure(read)) {
    return Effect.andThen(refuse(request, mode, read.failure), responseBody.discard(response.body))
  }
  const isStreamed = streams(event, mode)
  const bodiless = HttpServerResponse.omitsBody(response, request.method === "HEAD")
  const body = bodiless ? responseBody.none : responseBody.read(response.body)
  const head = body.contentType === undefined
    ? read.success
    : { ...read.success, headers: { ...read.success.headers, "content-type": body.contentType } }
  if (isStreamed && preludeSize(event, head) > eventResponse.maxPreludeSize) {
    const problem = `has a head of ${
      preludeSize(event, head)
    } bytes, where Lambda takes ${eventResponse.maxPreludeSize}`
    return Effect.andThen(refuse(request, mode, problem), responseBody.discard(response.body))
  }
  if (body._tag === "Streamed") {
    const unsent = responseBody.discard(response.body)
    return isStreamed ? transfer(request, head, body.body, unsent) : collect(request, mode, head, body.body, unsent)
  }
  const answered = isStreamed
    ? leave(request, streamed(event, head, body.body.length === 0 ? Stream.empty : Stream.succeed(body.body)))
    : complete(request, mode, head, body.body)
  return bodiless ? Effect.andThen(answered, responseBody.discard(response.body)) : answered
}

const streams = (event: HttpEvent, mode: ResponseMode) => mode === "streamed" && eventResponse.canStream(event)

const leave = (request: LambdaRequest, answer: LambdaResponse.LambdaResponse): Effect.Effect<void> => {
  request.answer = answer
  return Effect.void
}

const refuse = (request: LambdaRequest, mode: ResponseMode, problem: string): Effect.Effect<void> => {
  request.answer = reply(request.event, mode, 502)
  return Effect.logError(`the response to ${request.label} ${problem}; the client gets 502`)
}

/** An answer that is whole. */
const complete = (
  request: LambdaRequest,
  mode: ResponseMode,
  head: responseHead.ResponseHead,
  body: string | Uint8Array
): Effect.Effect<void> => {
  const answer = buffered(request.event, head, body)
  const limit = eventResponse.maxSize(request.event)
  // A UTF-16 unit takes at most 3 bytes, so that short texts need not be measured.
  const size = answer.body.length * 3 <= limit ? 0 : Buffer.byteLength(answer.body)
  return size <= limit ? leave(request, answer) : refuse(request, mode, tooLarge(size, limit))
}

const tooLarge = (size: number, limit: number) =>
  `has ${size} bytes, and more than ${limit} are not accepted; a function URL and a REST API can stream larger ones`

/** The answer begins now, and its body is made while it is sent. */
const transfer = (
  request: LambdaRequest,
  head: responseHead.ResponseHead,
  body: Stream.Stream<Uint8Array, unknown>,
  discard: Effect.Effect<void>
): Effect.Effect<void, never, Scope.Scope> =>
  Effect.contextWith((context: Context.Context<Scope.Scope>) => {
    // The scope of a request is made by `HttpEffect.toHandled`, which would close it when this returns.
    const scope = Context.get(context, Scope.Scope) as Scope.Closeable
    HttpEffect.scopeDisableClose(scope)
    const close = <E>(exit: Exit.Exit<unknown, E>) => Scope.close(scope, exit)
    const sent = Stream.onExit(Stream.provideContext(untilDeadline(request, Stream.orDie(body)), context), close)
    const isEventStream = head.headers["content-type"]?.startsWith("text/event-stream") === true
    // The head is sent with the first bytes, so that a failure before them is a 502. Only a client of an event stream
    // waits for the head alone.
    request.answer = streamed(
      request.event,
      head,
      isEventStream ? Stream.concat(Stream.succeed(new Uint8Array()), sent) : sent
    )
    // For a body that is never asked for, or gives nothing.
    return Scope.addFinalizerExit(request.invocationScope, (exit) => Effect.andThen(discard, close(exit)))
  })

/**
 * Without an end in time the body is cut off while there still is somebody to close what it has opened: at the deadline
 * Lambda ends the process. A body that has given nothing by then becomes a 502.
 */
const untilDeadline = (
  { label, timeLimit }: LambdaRequest,
  body: Stream.Stream<Uint8Array>
): Stream.Stream<Uint8Array> => {
  if (timeLimit === undefined) return body
  const message = `the response to ${label} was not sent ${timeLimit.margin} ms before the deadline`
  return Stream.interruptWhen(
    body,
    Effect.flatMap(
      Clock.currentTimeMillis,
      (now) =>
        Effect.andThen(Effect.sleep(Math.max(0, timeLimit.end - now)), Effect.die(new DeadlineExceeded({ message })))
    )
  )
}

/** The body is made, and then the answer is whole. */
const collect = (
  request: LambdaRequest,
  mode: ResponseMode,
  head: responseHead.ResponseHead,
  body: Stream.Stream<Uint8Array, unknown>,
  discard: Effect.Effect<void>
): Effect.Effect<void, unknown> => {
  const limit = eventResponse.maxSize(request.event)
  const chunks: Array<Uint8Array> = []
  let size = 0
  const collected = Stream.runForEachArray(
    Stream.takeWhile(body, (chunk) => {
      size += chunk.length
      return size <= limit
    }),
    (array) => {
      // Not as arguments: a stream of an array gives all of it at once, and a call takes some 100,000.
      for (const chunk of array) chunks.push(chunk)
      return Effect.void
    }
  )
  // An interruption may come before the body is asked for, and a stream of Node hears of one only between two chunks.
  return Effect.matchCauseEffect(Effect.onError(Effect.interruptible(collected), () => discard), {
    onSuccess: () =>
      size > limit
        ? refuse(request, mode, tooLarge(size, limit))
        : complete(request, mode, head, Buffer.concat(chunks)),
    onFailure: (cause) => {
      request.hasFailed = true
      // Why the loop or the deadline has interrupted it is told by them.
      if (Context.getOrUndefined(Cause.annotations(cause), InterruptedBy) !== undefined) return Effect.failCause(cause)
      request.answer = reply(request.event, mode, 500)
      return Effect.andThen(
        logFailure(`the body of the response to ${request.label} failed; the client gets 500`, cause),
        Effect.failCause(cause)
      )
    }
  })
}

const buffered = (
  event: HttpEvent,
  head: responseHead.ResponseHead,
  body: string | Uint8Array
): LambdaResponse.Buffered => ({
  _tag: "Buffered",
  contentType: "application/json",
  body: eventResponse.encode(event, head, responseBody.encode(body, head.headers))
})

const streamed = (
  event: HttpEvent,
  head: responseHead.ResponseHead,
  body: Stream.Stream<Uint8Array | string>
): LambdaResponse.Streamed => ({
  _tag: "Streamed",
  contentType: LambdaResponse.HttpIntegrationContentType,
  prelude: eventResponse.prelude(event, head),
  body
})

/** With the NUL bytes behind it. */
const preludeSize = (event: HttpEvent, head: responseHead.ResponseHead): number =>
  Buffer.byteLength(JSON.stringify(eventResponse.prelude(event, head))) + 8
