/**
 * Starts the workers of a function, and ends them: what is being served when the process is told to end, or has to, is
 * finished or reported.
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import type { Handler } from "../Handler.ts"
import type { Invocation } from "../Invocation.ts"
import type { RuntimeApi } from "../RuntimeApi.ts"
import type { RuntimeApiError } from "../RuntimeApiError.ts"
import * as Shutdown from "../Shutdown.ts"
import { budget, CurrentEnding, failureOf, schedule } from "./ending.ts"
import { InterruptedBy } from "./interruptedBy.ts"
import * as invocationLoop from "./invocationLoop.ts"
import * as invokeStore from "./invokeStore.ts"
import * as note from "./note.ts"
import { turnOfEventLoop } from "./turnOfEventLoop.ts"
import { type UncaughtFailure, UncaughtFailures } from "./uncaughtFailure.ts"

/** For the report of an interrupted invocation, in milliseconds; less where less is left. */
const reportPatience = 100

/** A process that has had no processor for a while leaves its report all the same. */
const leastReportPatience = 30

/** Serves with so many workers until it is interrupted, a worker gives up, or there is an exception that nobody catches. */
export const run = <E, R>(
  api: RuntimeApi["Service"],
  handler: Handler<E, R>,
  workerCount: number,
  policy: invocationLoop.Policy
): Effect.Effect<never, RuntimeApiError, Exclude<R, Invocation | Scope.Scope>> =>
  Effect.uninterruptibleMask(Effect.fnUntraced(function*(restore) {
    const { first, firstSoFar } = yield* UncaughtFailures
    const { allow, begin } = yield* CurrentEnding
    const gracePeriod = Duration.toMillis(Duration.fromInputUnsafe(yield* Shutdown.GracePeriod))
    allow(budget(gracePeriod))
    const startedAt = yield* Clock.currentTimeMillis
    const workers = Array.from({ length: workerCount }, () => new invocationLoop.Worker())
    const fibers = yield* Effect.forEach(workers, (worker) => {
      const work = invocationLoop.work(api, handler, worker, policy)
      return Effect.forkDetach(policy.several ? Effect.tapCause(work, tellDefect) : work, { uninterruptible: true })
    })
    // A worker that ends leaves the others to their work.
    const allEnded = Effect.andThen(Fiber.awaitAll(fibers), Fiber.joinAll(fibers))
    const ended = yield* Effect.exit(restore(Effect.raceFirst(allEnded, first)))

    const now = yield* Clock.currentTimeMillis
    // An exception that nobody has caught has a time limit of its own.
    const ends = schedule(
      firstSoFar() === undefined ? begin(now, failureOf(ended)) : now,
      gracePeriod
    )
    for (const worker of workers) worker.stopping = true
    // An event that has come is served.
    yield* turnOfEventLoop
    for (const [slot, worker] of workers.entries()) {
      if (worker.polling) fibers[slot]?.interruptUnsafe()
    }

    /** Lambda waits no longer for an invocation than its deadline. One before the first poll is made up: some emulators send 1970. */
    const endOf = ({ invocation }: invocationLoop.Worker) =>
      invocation === undefined || invocation.deadline < startedAt
        ? ends.grace
        : Math.min(ends.grace, invocation.deadline)
    const end = Effect.fnUntraced(
      function*(failure: UncaughtFailure | undefined, source: invocationLoop.Worker | undefined) {
        const now = yield* Clock.currentTimeMillis
        const mayEnd = (worker: invocationLoop.Worker) => failure === undefined || policy.several && worker !== source
        yield* Effect.forEach(fibers, (fiber, slot) => {
          const worker = workers[slot]!
          return Effect.flatMap(
            Effect.timeoutOption(Fiber.await(fiber), mayEnd(worker) ? Math.max(0, endOf(worker) - now) : 0),
            (exit) =>
              Option.isSome(exit) ? Effect.void : giveUp(worker, fiber, failure, worker === source, ends.reports)
          )
        }, { concurrency: "unbounded", discard: true })
      }
    )
    if (firstSoFar() === undefined) yield* Effect.raceFirst(end(undefined, undefined), Effect.asVoid(first))
    const failure = firstSoFar()
    if (failure !== undefined) {
      const source = sourceOf(failure, workers, policy.several ? yield* invokeStore.CurrentStore : undefined)
      failure.isLogged = true
      const told = invocationLoop.tellFailure(failure.title, failure.cause)
      yield* source === undefined ? told : source.withIds(told)
      yield* failure.untimed(end(failure, source))
    }
    if (policy.flush !== undefined) {
      const left = Math.max(0, ends.flush - (yield* Clock.currentTimeMillis))
      yield* Effect.timeoutOption(Effect.flatMap(policy.flush.start, Fiber.await), left)
    }
    if (failure !== undefined) return yield* Effect.failCause(failure.cause)
    return yield* Exit.isFailure(ended) ? Effect.failCause(ended.cause) : Effect.interrupt
  }))

/** Nobody would know before the last worker has ended. What else ends one is told where it happens. */
const tellDefect = (cause: Cause.Cause<unknown>): Effect.Effect<void> =>
  Cause.hasDies(cause) ? invocationLoop.tellFailure("a worker has died, and serves no more", cause) : Effect.void

/** The worker in whose invocation it was thrown, as far as that can be known. */
const sourceOf = (
  failure: UncaughtFailure,
  workers: ReadonlyArray<invocationLoop.Worker>,
  store: typeof invokeStore.CurrentStore["Service"] | undefined
): invocationLoop.Worker | undefined => {
  if (store === undefined) return workers[0]
  const { requestId } = failure.within(() => invokeStore.currentIds(store))
  return workers.find(({ invocation }) => invocation?.requestId === requestId)
}

/** Interrupts what the worker is at, before `end`. What does not end at once is reported without waiting for it. */
const giveUp = Effect.fnUntraced(function*(
  worker: invocationLoop.Worker,
  fiber: Fiber.Fiber<void, RuntimeApiError>,
  failure: UncaughtFailure | undefined,
  isSource: boolean,
  end: number
) {
  const reason = failure === undefined ? Context.empty() : Context.make(InterruptedBy, failure.cause)
  const line = lastWord(worker, failure, isSource)
  if (line !== undefined) yield* worker.withIds(line)
  fiber.interruptUnsafe(undefined, reason)
  const reported = Effect.andThen(turnOfEventLoop, worker.reportUnanswered(Cause.annotate(Cause.interrupt(), reason)))
  const left = end - (yield* Clock.currentTimeMillis)
  yield* Effect.timeoutOption(
    Effect.andThen(reported, Fiber.await(fiber)),
    Math.max(leastReportPatience, Math.min(reportPatience, left))
  )
}, Effect.uninterruptible)

/** What is said of a worker that is cut off, where nothing else in the log tells. */
const lastWord = (
  { invocation, unfinished }: invocationLoop.Worker,
  failure: UncaughtFailure | undefined,
  isSource: boolean
): Effect.Effect<void> | undefined => {
  if (invocation === undefined || isSource) return undefined
  if (failure !== undefined) {
    return note.error("the invocation is cut off: an exception that nobody caught ends the process")
  }
  return unfinished && note.warning(`the process ends before the ${unfinished} of the invocation`)
}
