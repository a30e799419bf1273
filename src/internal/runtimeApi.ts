/**
 * The Runtime API over any transport: paths, headers, statuses, and what of an answer is sent when.
 */
import * as Arr from "effect/Array"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Pull from "effect/Pull"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as ErrorReport from "../ErrorReport.ts"
import type * as LambdaResponse from "../LambdaResponse.ts"
import type { Delivery, InvocationReference, RuntimeApi } from "../RuntimeApi.ts"
import { type Operation, RuntimeApiError, StatusError } from "../RuntimeApiError.ts"
import * as invocationHeaders from "./invocationHeaders.ts"
import type { HeaderList, Transport, TransportResponse } from "./transport.ts"

const nextPath = "/runtime/invocation/next"

/** cargo-lambda answers 204 while it has no event; Lambda itself keeps the poll open. */
const emptyPollPause = "50 millis"

export const make = (
  transport: Transport,
  options: { readonly taskRoot: string }
): RuntimeApi["Service"] => {
  const next: RuntimeApi["Service"]["next"] = transport.poll(
    "next",
    nextPath,
    (response) => {
      if (isEvent(response)) return Effect.fromResult(invocationHeaders.decode(response.headers, response.body))
      if (response.status === 204) return Effect.delay(Effect.suspend(() => next), emptyPollPause)
      return Effect.fail(statusError("next", response))
    },
    // Nobody waits for the event any more, and its caller shall know.
    (response) =>
      isEvent(response)
        ? Effect.flatMap(
          Effect.fromResult(invocationHeaders.decode(response.headers, response.body)),
          (invocation) => fail(invocation, ErrorReport.fromCause(Cause.interrupt()))
        )
        : Effect.void
  )

  const failureHeaders = (report: ErrorReport.ErrorReport): HeaderList => [
    ["Content-Type", "application/json"],
    ["Lambda-Runtime-Function-Error-Type", ErrorReport.functionErrorType(report)],
    ["Lambda-Runtime-Function-XRay-Error-Cause", ErrorReport.toXRayCause(report, options.taskRoot)]
  ]

  const failStart = (operation: "init/error" | "restore/error", report: ErrorReport.ErrorReport) =>
    transport.post(
      operation,
      `/runtime/${operation}`,
      failureHeaders(report),
      ErrorReport.toJson(report),
      undefined,
      (answer) => accepted(operation, answer)
    )

  const respondStreamed = Effect.fnUntraced(
    function*<E, R>(
      invocation: InvocationReference,
      response: LambdaResponse.Streamed<E, R>
    ): Effect.fn.Return<Delivery<E>, RuntimeApiError, R | Scope.Scope> {
      const pull = yield* Stream.toPull(response.body)
      // The POST opens with the first element, because a failure before it can still be reported as one.
      const first = yield* Effect.exit(Effect.interruptible(Pull.catchDone(pull, () => Effect.undefined)))
      if (Exit.isFailure(first)) return { _tag: "NotStarted", cause: first.cause }

      const prelude: Array<Uint8Array | string> = response.prelude === undefined ? [] : encodePrelude(response.prelude)
      const ready = prelude.concat(first.value ?? [])
      let failure: Cause.Cause<E> | undefined
      let isOpen = false
      const rest = first.value === undefined ? Cause.done() : Pull.matchEffect(pull, {
        onSuccess: Effect.succeed,
        onDone: () => Cause.done(),
        onFailure: (cause): Pull.Pull<never> => {
          // An interruption ends whatever is going on; the transport sees to the caller.
          if (Cause.hasInterruptsOnly(cause)) return Effect.interrupt
          failure = cause
          return Cause.done()
        }
      })
      const context = yield* Effect.context<R>()
      const answer = yield* Effect.exit(Effect.interruptible(transport.postStream(
        "response",
        responsePath(invocation),
        [
          ["Content-Type", response.contentType],
          ["Lambda-Runtime-Function-Response-Mode", "streaming"],
          ...reference(invocation)
        ],
        {
          pull: Effect.provideContext(
            Effect.suspend(() => {
              // The transport asks for the body once it has a connection and has sent the head.
              isOpen = true
              const chunks = ready.splice(0)
              return Arr.isArrayNonEmpty(chunks) ? Effect.succeed(chunks) : rest
            }),
            context
          ),
          failure: () => failure === undefined ? undefined : ErrorReport.fromCause(failure)
        }
      )))
      if (Exit.isSuccess(answer)) {
        yield* accepted("response", answer.value)
        return failure === undefined ? delivered : { _tag: "Aborted", cause: failure }
      }
      const refused = Cause.findError(answer.cause)
      if (Result.isSuccess(refused)) return yield* refused.success
      // What cannot be sent, such as an element that is no text and no bytes, is still to be reported.
      const isAborted = isOpen && Cause.hasInterruptsOnly(refused.failure)
      return { _tag: isAborted ? "Aborted" : "NotStarted", cause: refused.failure }
    },
    inScope,
    // What has become of the answer must be known, also when the work on it was interrupted.
    Effect.uninterruptible
  )

  const fail: RuntimeApi["Service"]["fail"] = (invocation, report) =>
    transport.post(
      "error",
      `/runtime/invocation/${encodeRequestId(invocation.requestId)}/error`,
      [...failureHeaders(report), ...reference(invocation)],
      ErrorReport.toJson(report),
      undefined,
      (answer) => accepted("error", answer)
    )

  return {
    next,
    pipelining: transport.pipelining,
    respond: (invocation, response, respondOptions) =>
      response._tag === "Streamed"
        ? respondStreamed(invocation, response)
        : transport.post(
          "response",
          responsePath(invocation),
          [["Content-Type", response.contentType], ...reference(invocation)],
          response.body,
          respondOptions?.polledAhead === true ? nextPath : undefined,
          acceptedResponse
        ),
    fail,
    initError: (report) => failStart("init/error", report),
    restoreNext: transport.pollOnce(
      "restore/next",
      "/runtime/restore/next",
      (answer) => accepted("restore/next", answer)
    ),
    restoreError: (report) => failStart("restore/error", report)
  }
}

/** With the scope of the stream, whose own finalizers may die when Lambda has the answer already. */
const inScope = <E, R>(
  delivering: Effect.Effect<Delivery<E>, RuntimeApiError, R>
): Effect.Effect<Delivery<E>, RuntimeApiError, Exclude<R, Scope.Scope>> =>
  Effect.suspend(() => {
    let isReported = false
    const delivered = Effect.tap(delivering, ({ _tag }) =>
      Effect.sync(() => {
        isReported = _tag !== "NotStarted"
      }))
    return Effect.catchCause(Effect.scoped(delivered), (cause) => {
      const error = Cause.findError(cause)
      return Result.isSuccess(error)
        ? Effect.fail(error.success)
        : Effect.succeed<Delivery<E>>({ _tag: isReported ? "Aborted" : "NotStarted", cause: error.failure })
    })
  })

/**
 * Two elements, so that they travel as two chunks: cargo-lambda reads them so.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
 */
const encodePrelude = (prelude: LambdaResponse.HttpPrelude): Array<Uint8Array | string> => [
  JSON.stringify(prelude),
  new Uint8Array(8)
]

const isEvent = ({ status }: TransportResponse): boolean => status === 200 || status === 202

const responsePath = ({ requestId }: InvocationReference) =>
  `/runtime/invocation/${encodeRequestId(requestId)}/response`

/** Ids are UUIDs, which need no encoding. */
const encodeRequestId = (requestId: string) => /^[\w-]+$/.test(requestId) ? requestId : encodeURIComponent(requestId)

/** The platform refuses an answer whose attempt is not the current one. */
const reference = ({ invocationId }: InvocationReference): HeaderList =>
  Option.isSome(invocationId) ? [["Lambda-Runtime-Invocation-Id", invocationId.value]] : []

const delivered: Delivery<never> = { _tag: "Accepted" }
const deliveredEffect = Effect.succeed(delivered)

/** Emulators answer 200 where Lambda answers 202. */
const accepted = (operation: Operation, response: TransportResponse): Effect.Effect<void, RuntimeApiError> =>
  response.status >= 200 && response.status < 300 ? Effect.void : Effect.fail(statusError(operation, response))

const acceptedResponse = (response: TransportResponse): Effect.Effect<Delivery<never>, RuntimeApiError> =>
  response.status >= 200 && response.status < 300
    ? deliveredEffect
    : Effect.fail(statusError("response", response))

const statusError = (operation: Operation, { body, status }: TransportResponse): RuntimeApiError =>
  new RuntimeApiError({ reason: new StatusError({ operation, status, description: describe(body) }) })

const describe = (body: Uint8Array): string => {
  const text = new TextDecoder().decode(body.subarray(0, 4096))
  try {
    const { errorMessage, errorType }: { errorMessage?: unknown; errorType?: unknown } = JSON.parse(text)
    return [errorType, errorMessage].filter((part) => typeof part === "string").join(": ")
  } catch {
    return text.split("\n", 1)[0] ?? ""
  }
}
