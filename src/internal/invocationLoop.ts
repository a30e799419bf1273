/**
 * The loop of one worker: ask for an event, run the handler, leave the answer, finish what was put off, and again.
 *
 * The loop is one fiber for the life of the process; what belongs to an invocation runs in a fiber of its own.
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as ErrorReporter from "effect/ErrorReporter"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { constVoid, identity } from "effect/Function"
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
import type { RuntimeApiError } from "../RuntimeApiError.ts"
import * as Deadline from "./deadline.ts"
import type { Flush } from "./flush.ts"
import { InterruptedBy } from "./interruptedBy.ts"
import * as invokeStore from "./invokeStore.ts"
import { logFailure } from "./logFailure.ts"
import * as note from "./note.ts"
import * as polls from "./polls.ts"
import { CurrentTracing } from "./tracing.ts"
import { IsOnlyAhead } from "./transport.ts"
import { turnOfEventLoop } from "./turnOfEventLoop.ts"

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
  /** What the worker serves. */
  invocation: Invocation["Service"] | undefined
  /** Until when it may go on, in milliseconds since the epoch; kept where invocations are interrupted at their deadlines. */
  deadline = Number.POSITIVE_INFINITY
  /** Neither an answer to it nor a report of its failure is on its way. */
  isUnanswered = false
  /** Reports that it failed, in place of the worker, if it is unanswered. */
  reportUnanswered: (cause: Cause.Cause<unknown>) => Effect.Effect<void> = () => Effect.void
  /** What is still to be done after the answer. */
  unfinished: "background work" | "finalizers" | undefined
  /** Logs with the ids of what the worker serves. */
  withIds: <A>(effect: Effect.Effect<A>) => Effect.Effect<A> = identity

  /** Whether the invocation is still to be answered, by whoever asks first. */
  take(): boolean {
    const { isUnanswered } = this
    this.isUnanswered = false
    return isUnanswered
  }
}

/** The answer is larger than Lambda takes; the caller is told in Lambda's own words. */
class ResponseSizeTooLarge extends Data.TaggedError("Function.ResponseSizeTooLarge")<{ readonly message: string }> {}

/** How long an event that was asked for together with a failed answer may take to arrive. */
const polledAheadPatience = "1 second"

/** What is different where a process serves several invocations at a time, as on Lambda Managed Instances. */
export interface Policy {
  /** Other invocations go on when this worker is in trouble, so that it does not end where it can try again. */
  readonly several: boolean
  /** How long before its deadline an invocation is interrupted, in milliseconds; never when there is none. */
  readonly deadlineMargin: number | undefined
  /** What is done after each invocation, where there is something to do. */
  readonly flush: Flush | undefined
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
  { deadlineMargin, flush, several }: Policy
): Effect.fn.Return<void, RuntimeApiError, Exclude<R, Invocation | Scope.Scope>> {
  const services = yield* Effect.context<Exclude<R, Invocation | Scope.Scope>>()
  const store = yield* invokeStore.install(several)
  const annotations = Context.get(services, References.CurrentLogAnnotations)
  const tracing = Context.get(services, CurrentTracing)
  const logsEvents = LogLevel.isLessThanOrEqualTo(Context.get(services, References.MinimumLogLevel), "Trace")
  const sized = Effect.flatMap(handler, checkSize)
  const interruptible = Effect.interruptible(sized)
  const run = deadlineMargin === undefined
    ? interruptible
    : Effect.suspend(() => Deadline.within(worker.deadline, deadlineMargin, interruptible, overrun))

  /**
   * Reports a handler that goes on past its deadline, because it cannot be interrupted, and waits for it: what it has
   * acquired is still in use, and a worker that served another event would make one invocation too many.
   */
  const overrun = Effect.fnUntraced(function*(
    fiber: Fiber.Fiber<unknown, unknown>,
    exceeded: Cause.Cause<Deadline.DeadlineExceeded>
  ) {
    if (fiber.pollUnsafe() !== undefined) return yield* Effect.failCause(exceeded)
    const interruptedAt = yield* Clock.currentTimeMillis
    yield* worker.reportUnanswered(exceeded)
    const exit = yield* Fiber.await(fiber)
    const late = (yield* Clock.currentTimeMillis) - interruptedAt
    const failures = Exit.isFailure(exit) ? exit.cause.reasons.filter((reason) => !Cause.isInterruptReason(reason)) : []
    const message = `the handler has ended ${late} ms after it was interrupted`
    yield* failures.length > 0 ? tellFailure(message, Cause.fromReasons(failures)) : note.warning(message)
    return yield* Effect.failCause(exceeded)
  })

  /** What Lambda refuses is over and logged; what is wrong with the connection ends the worker. */
  const onCallError = (error: RuntimeApiError): Effect.Effect<undefined> => {
    if (several || polls.isRefusal(error)) return polls.tellLost(error)
    worker.failure = error
    return Effect.undefined
  }

  const receive = (poll: RuntimeApi["Service"]["next"]) =>
    Effect.catch(Effect.interruptible(poll), (error) => {
      const reported = polls.reportSenseless(api, error, annotations, onCallError)
      if (reported !== undefined) return Effect.as(reported, undefined)
      worker.failure = error
      return Effect.undefined
    })
  const next = receive(several ? polls.pollPatiently(api) : api.next)

  const report = (invocation: Invocation["Service"], cause: Cause.Cause<unknown>) =>
    Effect.catch(api.fail(invocation, ErrorReport.fromCause(cause)), onCallError)

  worker.reportUnanswered = (cause) =>
    Effect.suspend(() => {
      const { invocation } = worker
      if (invocation === undefined || !worker.take()) return Effect.void
      return worker.withIds(Effect.andThen(tellFailure("the invocation failed", cause), report(invocation, cause)))
    })
  worker.withIds = (effect) =>
    Effect.suspend(() =>
      worker.invocation === undefined
        ? effect
        : Effect.provideService(effect, References.CurrentLogAnnotations, annotate(annotations, worker.invocation))
    )

  /** A stream is made while it is delivered, so that the deadline holds for it too. */
  const deliver = (
    invocation: Invocation["Service"],
    response: LambdaResponse<E, R>
  ): Effect.Effect<Delivery<unknown>, RuntimeApiError, R> => {
    const delivery = api.respond(invocation, response, worker)
    if (deadlineMargin === undefined || response._tag !== "Streamed") return delivery
    return Deadline.within<Delivery<unknown>, RuntimeApiError, R, Delivery<unknown>, RuntimeApiError, never>(
      worker.deadline,
      deadlineMargin,
      delivery,
      // What Lambda has heard is known when the stream has ended, and only then can it be told the rest.
      (fiber, cause) => Effect.map(Fiber.join(fiber), ({ _tag }) => _tag === "Accepted" ? { _tag } : { _tag, cause })
    )
  }

  const serve = (invocation: Invocation["Service"], mayPollAhead: boolean) =>
    deadlineMargin === undefined
      ? serveTimed(invocation, mayPollAhead)
      : Effect.flatMap(Deadline.of(invocation), (deadline) => {
        worker.deadline = deadline
        return serveTimed(invocation, mayPollAhead)
      })

  const serveTimed = (invocation: Invocation["Service"], mayPollAhead: boolean) => {
    const scope = Scope.makeUnsafe()
    const context = services.pipe(
      Context.add(Invocation, invocation),
      Context.add(Scope.Scope, scope),
      Context.add(References.CurrentLogAnnotations, annotate(annotations, invocation))
    )
    let outcome: Exit.Exit<void, unknown> = Exit.void
    worker.invocation = invocation
    worker.isUnanswered = true
    worker.unfinished = undefined

    const background = () => {
      if (invocation.backgroundTasks.length === 0) return Effect.void
      worker.unfinished = "background work"
      const tasks = runBackgroundTasks(invocation)
      return tracing.part(
        "background",
        () =>
          deadlineMargin === undefined
            ? tasks
            : Deadline.within(worker.deadline, deadlineMargin, tasks, waitForOverdueTasks)
      )
    }
    const fail = (cause: Cause.Cause<unknown>, isReported: boolean) => {
      outcome = Exit.failCause(cause)
      return tellFailure("the invocation failed", cause).pipe(
        Effect.andThen(isReported ? Effect.void : tracing.part("respond", () => report(invocation, cause))),
        Effect.andThen(background)
      )
    }
    const respond = (response: LambdaResponse<E, R>) => {
      // Nothing may be left to do once the next event has been asked for: Lambda can freeze the process then.
      worker.polledAhead = mayPollAhead && api.pipelining && !worker.stopping &&
        invocation.backgroundTasks.length === 0 && scope.state._tag === "Empty"
      return Effect.matchEffect(tracing.part("respond", () => deliver(invocation, response), failureOf), {
        onSuccess: (delivery) =>
          delivery._tag === "Accepted" ? background() : fail(delivery.cause, delivery._tag === "Aborted"),
        onFailure: (error) => Effect.flatMap(onCallError(error), background)
      })
    }

    const answer = Effect.matchCauseEffect(run, {
      onSuccess: (response) => worker.take() ? respond(response) : background(),
      onFailure: (cause) => {
        if (worker.take()) return fail(cause, false)
        outcome = Exit.failCause(cause)
        return background()
      }
    })
    return store.within(
      invocation,
      // `Exclude<R, Invocation | Scope>` and these two are all of `R`, which the compiler cannot see of a generic.
      context as Context.Context<R | Invocation | Scope.Scope>,
      tracing.invocation(
        invocation,
        Effect.onExit(
          logsEvents ? Effect.andThen(logEvent(invocation), answer) : answer,
          (exit) => {
            const closing = Scope.closeUnsafe(scope, Exit.isSuccess(exit) ? outcome : exit)
            if (closing === undefined) return Effect.void
            worker.unfinished = "finalizers"
            return Effect.catchCause(closing, (cause) => tellFailure("a finalizer of the invocation failed", cause))
          }
        ),
        () => outcome
      )
    )
  }

  const serveNext = Effect.flatMap(next, (invocation) => {
    worker.polling = false
    worker.polledAhead = false
    if (invocation === undefined) return Effect.void
    if (flush === undefined) return serve(invocation, true)
    // An environment that serves several is never frozen, so that nobody has to wait.
    const flushed = several ? Effect.asVoid(flush.start) : Effect.interruptible(flush.within(invocation))
    return Effect.andThen(
      serve(invocation, false),
      Effect.suspend(() => {
        worker.unfinished = undefined
        return flushed
      })
    )
  })
  yield* Effect.whileLoop({
    while: () => !worker.stopping && worker.failure === undefined,
    body: () => {
      worker.polling = true
      worker.invocation = undefined
      return serveNext
    },
    step: constVoid
  })
  const { failure } = worker
  // Only a response says that the poll behind the answer has arrived too. Its event is answered also after a 5xx, which
  // then ends the process. Where its connection is closed there is none, and another poll would ask for more than that.
  if (worker.polledAhead && (failure === undefined || failure.reason._tag === "StatusError")) {
    const ahead = receive(Effect.provideService(api.next, IsOnlyAhead, true))
    // The event may be there already.
    const last = yield* failure === undefined
      ? Effect.raceFirst(Effect.asSome(ahead), Effect.as(turnOfEventLoop, Option.none()))
      : Effect.timeoutOption(ahead, polledAheadPatience)
    if (Option.isSome(last) && last.value !== undefined) yield* serve(last.value, false)
    worker.failure = failure
  }
  if (worker.failure !== undefined) return yield* worker.failure
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

const failureOf = (delivery: Delivery<unknown>): Cause.Cause<unknown> | undefined =>
  delivery._tag === "Accepted" ? undefined : delivery.cause

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
  Effect.ignoreCause(
    Effect.suspend(() => Effect.logTrace("event", new TextDecoder().decode(payload.subarray(0, MaxResponseSize))))
  )

export const tellFailure = (message: string, cause: Cause.Cause<unknown>): Effect.Effect<void> =>
  // What ended the process has been told once for all.
  Context.getOrUndefined(Cause.annotations(cause), InterruptedBy) !== undefined
    ? Effect.void
    : Effect.andThen(logFailure(message, cause), Effect.ignoreCause(ErrorReporter.report(cause)))

/** Nobody but the log is told of background work that goes on past the deadline: its caller has its answer. */
const waitForOverdueTasks = (fiber: Fiber.Fiber<void>) =>
  Effect.andThen(
    note.warning("the background work of the invocation was interrupted at its deadline"),
    Fiber.await(fiber)
  )

/** Tasks may register more, until none is left. */
const runBackgroundTasks = ({ backgroundTasks }: Invocation["Service"]): Effect.Effect<void> => {
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
