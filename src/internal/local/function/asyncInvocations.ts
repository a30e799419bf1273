/**
 * The asynchronous queue of one local function: events whose callers do not wait for an answer. What fails is tried
 * again, and in the end kept as a dead letter.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import * as Stream from "effect/Stream"
import type { DeadLetter } from "../../../LocalServer.ts"
import * as DeadLetters from "./deadLetters.ts"
import type { FunctionError } from "./functionError.ts"
import { type Answer, type Call, type Event, type ShuttingDown, TooManyRequests } from "./invocation.ts"
import type { LocalFunction } from "./localFunction.ts"

export interface AsyncInvocations {
  /** Takes an event, to be run some time. Returns the id that all attempts at it have. */
  readonly offer: (event: Event) => Effect.Effect<string, TooManyRequests>
  /** The last 1,000 events that failed for good, the oldest one first. */
  readonly deadLetters: Effect.Effect<ReadonlyArray<DeadLetter>>
}

/** Before the first retry, and before every further one, in milliseconds. */
const firstRetryDelay = 60_000
const retryDelay = 120_000

/** Lambda begins with this wait too and then doubles it, up to 5 minutes. */
const throttled = Schedule.spaced("1 second")

/** Events are up to 1 MB, and a laptop has better uses for its memory. */
const maxWaitingBytes = 268_435_456

/** As retries go on for ever, only the end of the server is left. */
type Stopped = ShuttingDown | TooManyRequests

type AsyncEvent = Event & { readonly requestId: string }

type Outcome =
  | { readonly _tag: "Succeeded" }
  | { readonly _tag: "Failed"; readonly error: FunctionError }
  | { readonly _tag: "Expired" }

/** Works until its scope closes; what is not done by then is forgotten. */
export const make = Effect.fnUntraced(function*(
  { arn, invocations, settings }: Pick<LocalFunction, "arn" | "invocations" | "settings">
): Effect.fn.Return<AsyncInvocations, never, Scope.Scope> {
  const { maximumEventAge, maximumRetryAttempts, maxQueued, name, retryDelayScale } = settings
  const deadLetters = DeadLetters.make(arn)
  const runFork = yield* FiberSet.runtime(yield* FiberSet.make<void>())()
  const turn = Semaphore.makeUnsafe(1)
  let waiting = 0
  let waitingBytes = 0

  const wait = ({ payload }: AsyncEvent) => {
    waiting++
    waitingBytes += payload.length
  }

  const stopWaiting = ({ payload }: AsyncEvent) => {
    waiting--
    waitingBytes -= payload.length
  }

  /**
   * Queues an event, and returns when a runtime has taken it or it has failed without one.
   *
   * One event at a time does so, in the order in which they came: callers that do wait for an answer are not to stand
   * behind all of them.
   */
  const start = Effect.fnUntraced(
    function*(event: AsyncEvent, scope: Scope.Scope): Effect.fn.Return<Call, Stopped> {
      const call = yield* Effect.retry(Scope.provide(invocations.offer(event), scope), {
        schedule: throttled,
        while: ({ _tag }) => _tag === "TooManyRequests"
      })
      yield* Effect.raceFirst(call.started, Effect.exit(call.answer))
      return call
    },
    turn.withPermit
  )

  const attempt = Effect.fnUntraced(function*(event: AsyncEvent, expiry: number) {
    const now = yield* Clock.currentTimeMillis
    const started = yield* Effect.timeoutOption(start(event, yield* Effect.scope), expiry - now)
    stopWaiting(event)
    return Option.isNone(started) ? expired : yield* outcomeOf(yield* started.value.answer)
  }, Effect.scoped)

  const giveUp = Effect.fnUntraced(function*(event: AsyncEvent, reason: DeadLetters.Reason) {
    deadLetters.add(event, reason, yield* Clock.currentTimeMillis)
    yield* Effect.logWarning(
      `The asynchronous invocation ${event.requestId} of ${name} has become a dead letter after ` +
        `${reason.invokeCount} attempts: ${reason.condition}. GET /_local/functions/${name}/dead-letters shows it`
    )
  })

  const run = Effect.fnUntraced(function*(event: AsyncEvent): Effect.fn.Return<void, Stopped> {
    const expiry = (yield* Clock.currentTimeMillis) + maximumEventAge
    let invokeCount = 0
    let error: FunctionError | undefined
    while (true) {
      const outcome = yield* attempt(event, expiry)
      if (outcome._tag === "Succeeded") return
      if (outcome._tag === "Expired") return yield* giveUp(event, { condition: "EventAgeExceeded", invokeCount, error })
      invokeCount++
      error = outcome.error
      if (invokeCount > maximumRetryAttempts) {
        return yield* giveUp(event, { condition: "RetriesExhausted", invokeCount, error })
      }
      const delay = retryDelayScale * (invokeCount === 1 ? firstRetryDelay : retryDelay)
      // Lambda does not wait for what will be too late.
      if ((yield* Clock.currentTimeMillis) + delay > expiry) {
        return yield* giveUp(event, { condition: "EventAgeExceeded", invokeCount, error })
      }
      wait(event)
      yield* Effect.sleep(delay)
    }
  })

  return {
    offer: (event) =>
      Effect.suspend(() => {
        if (waiting >= maxQueued || waitingBytes + event.payload.length > maxWaitingBytes) {
          return Effect.fail(new TooManyRequests())
        }
        const requestId = event.requestId ?? crypto.randomUUID()
        const asyncEvent: AsyncEvent = { ...event, requestId }
        wait(asyncEvent)
        runFork(Effect.ignore(run(asyncEvent)))
        return Effect.succeed(requestId)
      }),
    deadLetters: Effect.sync(deadLetters.all)
  }
})

const succeeded: Outcome = { _tag: "Succeeded" }

const expired: Outcome = { _tag: "Expired" }

const outcomeOf = (answer: Answer): Effect.Effect<Outcome> => {
  if (answer._tag === "Buffered") return Effect.succeed(succeeded)
  if (answer._tag === "Failed") return Effect.succeed(answer)
  return Effect.match(Stream.runDrain(answer.body), {
    onSuccess: () => succeeded,
    onFailure: (error): Outcome => ({ _tag: "Failed", error })
  })
}
