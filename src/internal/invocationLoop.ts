/**
 * The loop of one worker: ask for an event, run the handler, leave the answer, finish what was put off, and again.
 *
 * The loop is one fiber for the life of the process; what belongs to an invocation runs in a fiber of its own.
 */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as ErrorReporter from "effect/ErrorReporter"
import * as Exit from "effect/Exit"
import { constVoid } from "effect/Function"
import * as LogLevel from "effect/LogLevel"
import * as Option from "effect/Option"
import * as References from "effect/References"
import * as Scope from "effect/Scope"
import { Buffer } from "node:buffer"
import * as ErrorReport from "../ErrorReport.ts"
import type { Handler } from "../Handler.ts"
import { Invocation } from "../Invocation.ts"
import type { LambdaResponse } from "../LambdaResponse.ts"
import { type Delivery, MaxResponseSize, type RuntimeApi } from "../RuntimeApi.ts"
import { RuntimeApiError } from "../RuntimeApiError.ts"
import * as Deadline from "./deadline.ts"
import * as invokeStore from "./invokeStore.ts"
import { logFailure } from "./logFailure.ts"

/** What a worker and its supervisor tell each other. */
export class Worker {
  /** The worker waits for an event, so an interruption loses nothing. */
  polling = false
  /** The worker is to end after the invocation that it is serving. */
  stopping = false
  /** The next event was asked for together with the last answer. */
  polledAhead = false
  /** Why the worker cannot go on. */
  failure: RuntimeApiError | undefined
}

/** The answer is larger than Lambda takes; the caller is told in Lambda's own words. */
class ResponseSizeTooLarge extends Data.TaggedError("Function.ResponseSizeTooLarge")<{ readonly message: string }> {}

/** How long an event that was asked for together with a failed answer may take to arrive. */
const polledAheadPatience = "1 second"

/** As the official Node client does it, for about a quarter of an hour in all. */
const maxPollRetries = 19
const pollRetryDelay = (retry: number) => Math.min(100 * 2 ** retry, 90_000)

/** What is different where a process serves several invocations at a time, as on Lambda Managed Instances. */
export interface Policy {
  /** Other invocations go on when this worker is in trouble, so that it does not end where it can try again. */
  readonly several: boolean
  /** How long before its deadline an invocation is interrupted, in milliseconds; never when there is none. */
  readonly deadlineMargin: number | undefined
}

/**
 * Serves invocations until the worker is told to stop. Fails when Lambda cannot be talked to any more.
 *
 * To be run uninterruptibly: waiting for an event and running the handler can be interrupted, leaving the answer cannot.
 */
export const work = Effect.fnUntraced(function*<E, R>(
  api: RuntimeApi["Service"],
  handler: Handler<E, R>,
  worker: Worker,
  { deadlineMargin, several }: Policy
): Effect.fn.Return<void, RuntimeApiError, Exclude<R, Invocation | Scope.Scope>> {
  const services = yield* Effect.context<Exclude<R, Invocation | Scope.Scope>>()
  const store = yield* invokeStore.install(several)
  const annotations = Context.get(services, References.CurrentLogAnnotations)
  const logsEvents = LogLevel.isLessThanOrEqualTo(Context.get(services, References.MinimumLogLevel), "Trace")
  const sized = Effect.flatMap(handler, checkSize)
  const interruptible = Effect.interruptible(sized)
  const run = (invocation: Invocation["Service"]) =>
    deadlineMargin === undefined ? interruptible : Deadline.within(invocation, deadlineMargin, sized)
  const poll = several ? pollPatiently(api, 0) : api.next

  /** What Lambda refuses is over and logged; what is wrong with the connection ends the worker. */
  const onCallError = (error: RuntimeApiError): Effect.Effect<undefined> => {
    if (isRefusal(error)) {
      return Effect.as(Effect.logWarning(`${error.message}. The invocation is over; the next one is served`), undefined)
    }
    if (several) return Effect.as(Effect.logError(`${error.message}. The invocation is over`), undefined)
    worker.failure = error
    return Effect.undefined
  }

  const next = Effect.catch(Effect.interruptible(poll), (error) => {
    const { reason } = error
    if (reason._tag !== "InvalidInvocation" || Option.isNone(reason.requestId)) {
      worker.failure = error
      return Effect.undefined
    }
    const invocation = { requestId: reason.requestId.value, invocationId: reason.invocationId }
    return Effect.as(
      Effect.andThen(
        Effect.logError(error.message),
        Effect.catch(api.fail(invocation, ErrorReport.fromError(error)), onCallError)
      ),
      undefined
    )
  })

  const report = (invocation: Invocation["Service"], cause: Cause.Cause<unknown>) =>
    Effect.catch(api.fail(invocation, ErrorReport.fromCause(cause)), onCallError)

  /** A stream is made while it is delivered, so that the deadline holds for it too. */
  const deliver = (
    invocation: Invocation["Service"],
    response: LambdaResponse<E, R>
  ): Effect.Effect<Delivery<unknown>, RuntimeApiError, R> => {
    const delivery = api.respond(invocation, response, worker)
    if (deadlineMargin === undefined || response._tag !== "Streamed") return delivery
    return Effect.catchCause(Deadline.within(invocation, deadlineMargin, delivery), (cause) => {
      const error = Cause.findErrorOption(cause)
      return Option.isSome(error) && error.value instanceof RuntimeApiError
        ? Effect.fail(error.value)
        : Effect.succeed({ _tag: "Aborted" as const, cause })
    })
  }

  const serve = (invocation: Invocation["Service"], mayPollAhead: boolean) => {
    const scope = Scope.makeUnsafe()
    const context = services.pipe(
      Context.add(Invocation, invocation),
      Context.add(Scope.Scope, scope),
      Context.add(References.CurrentLogAnnotations, annotate(annotations, invocation))
    )
    let outcome: Exit.Exit<void, unknown> = Exit.void

    const fail = (cause: Cause.Cause<unknown>, isReported: boolean) => {
      outcome = Exit.failCause(cause)
      return tellFailure("the invocation failed", cause).pipe(
        Effect.andThen(isReported ? Effect.void : report(invocation, cause)),
        Effect.andThen(() => runBackgroundTasks(invocation))
      )
    }
    const respond = (response: LambdaResponse<E, R>) => {
      // Nothing may be left to do once the next event has been asked for: Lambda can freeze the process then.
      worker.polledAhead = mayPollAhead && api.pipelining && !worker.stopping &&
        invocation.backgroundTasks.length === 0 && scope.state._tag === "Empty"
      return Effect.matchEffect(deliver(invocation, response), {
        onSuccess: (delivery) =>
          delivery._tag === "Accepted"
            ? runBackgroundTasks(invocation)
            : fail(delivery.cause, delivery._tag === "Aborted"),
        onFailure: (error) => Effect.flatMap(onCallError(error), () => runBackgroundTasks(invocation))
      })
    }

    const answer = Effect.matchCauseEffect(run(invocation), {
      onSuccess: respond,
      onFailure: (cause) => fail(cause, false)
    })
    return store.within(
      invocation,
      // `Exclude<R, Invocation | Scope>` and these two are all of `R`, which the compiler cannot see of a generic.
      context as Context.Context<R | Invocation | Scope.Scope>,
      Effect.onExit(
        logsEvents ? Effect.andThen(logEvent(invocation), answer) : answer,
        (exit) => closeScope(scope, Exit.isSuccess(exit) ? outcome : exit)
      )
    )
  }

  const serveNext = Effect.flatMap(next, (invocation) => {
    worker.polling = false
    worker.polledAhead = false
    return invocation === undefined ? Effect.void : serve(invocation, true)
  })
  yield* Effect.whileLoop({
    while: () => !worker.stopping && worker.failure === undefined,
    body: () => {
      worker.polling = true
      return serveNext
    },
    step: constVoid
  })
  if (worker.failure === undefined) return
  if (worker.polledAhead) {
    const error = worker.failure
    const last = yield* Effect.timeoutOption(next, polledAheadPatience)
    if (Option.isSome(last) && last.value !== undefined) yield* serve(last.value, false)
    worker.failure = error
  }
  return yield* worker.failure
})

/** Asks again after what may be over soon, because other workers are in the middle of their invocations. */
const pollPatiently = (api: RuntimeApi["Service"], retries: number): RuntimeApi["Service"]["next"] =>
  Effect.catch(api.next, (error) => {
    if (retries === maxPollRetries || error.reason._tag === "InvalidInvocation") return Effect.fail(error)
    const delay = pollRetryDelay(retries)
    return Effect.logWarning(`${error.message}. Asking again in ${delay} ms`).pipe(
      Effect.andThen(Effect.sleep(delay)),
      Effect.andThen(Effect.suspend(() => pollPatiently(api, retries + 1)))
    )
  })

const checkSize = <E, R>(
  response: LambdaResponse<E, R>
): Effect.Effect<LambdaResponse<E, R>, ResponseSizeTooLarge> => {
  if (response._tag === "Streamed") return Effect.succeed(response)
  const { body } = response
  // A UTF-16 unit takes at most 3 bytes, so that short texts need not be measured.
  if (typeof body === "string" && body.length * 3 <= MaxResponseSize) return Effect.succeed(response)
  const size = typeof body === "string" ? Buffer.byteLength(body) : body.length
  return size <= MaxResponseSize ? Effect.succeed(response) : Effect.fail(
    new ResponseSizeTooLarge({
      message:
        `Response payload size (${size} bytes) exceeded maximum allowed payload size (${MaxResponseSize} bytes). Stream larger answers with LambdaResponse.stream`
    })
  )
}

/** The answer came too late, twice, or was too large: the invocation is over, the runtime is not. */
const isRefusal = ({ reason }: RuntimeApiError): boolean =>
  reason._tag === "StatusError" && reason.status >= 400 && reason.status < 500

const annotate = (
  annotations: Readonly<Record<string, unknown>>,
  { requestId, tenantId, traceId }: Invocation["Service"]
): Readonly<Record<string, unknown>> => {
  const ids = Option.isSome(traceId) ? { requestId, traceId: traceId.value } : { requestId }
  if (Option.isSome(tenantId)) return { ...annotations, ...ids, tenantId: tenantId.value }
  return isEmpty(annotations) ? ids : { ...annotations, ...ids }
}

const isEmpty = (record: Readonly<Record<string, unknown>>): boolean => {
  for (const _ in record) return false
  return true
}

/** Logged before it is decoded, because an event that cannot be decoded is the one to look at. */
const logEvent = ({ payload }: Invocation["Service"]) =>
  Effect.suspend(() => Effect.logTrace("event", new TextDecoder().decode(payload.subarray(0, MaxResponseSize))))

const tellFailure = (message: string, cause: Cause.Cause<unknown>) =>
  Effect.andThen(logFailure(message, cause), Effect.ignoreCause(ErrorReporter.report(cause)))

/** Tasks may register more, until none is left. */
const runBackgroundTasks = ({ backgroundTasks }: Invocation["Service"]): Effect.Effect<void> => {
  if (backgroundTasks.length === 0) return Effect.void
  const run = Effect.suspend(() =>
    Effect.forEach(
      backgroundTasks.splice(0),
      (task) => Effect.catchCause(task, (cause) => tellFailure("background work failed", cause)),
      { concurrency: "unbounded", discard: true }
    )
  )
  return Effect.whileLoop({
    while: () => backgroundTasks.length > 0,
    body: () => Effect.interruptible(run),
    step: constVoid
  })
}

const closeScope = (scope: Scope.Closeable, exit: Exit.Exit<unknown, unknown>): Effect.Effect<void> => {
  const closing = Scope.closeUnsafe(scope, exit)
  return closing === undefined
    ? Effect.void
    : Effect.catchCause(closing, (cause) => tellFailure("a finalizer of the invocation failed", cause))
}
