/**
 * The polls of the main thread: it asks for as many events as are served at the same time, and hands each to a thread.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type { Invocation } from "../../Invocation.ts"
import type { RuntimeApi } from "../../RuntimeApi.ts"
import type { RuntimeApiError } from "../../RuntimeApiError.ts"
import * as polls from "../polls.ts"
import { turnOfEventLoop } from "../turnOfEventLoop.ts"
import type { Pool } from "./pool.ts"

/** For an event that has begun to arrive, and for the report of one that makes no sense. The threads wait meanwhile. */
const lastPollPatience = "30 millis"

/** Fails when no poll is worth another try any more. When it is interrupted, an event that has come is still handed over. */
export const poll = (
  api: RuntimeApi["Service"],
  pool: Pool,
  maxConcurrency: number
): Effect.Effect<never, RuntimeApiError> =>
  Effect.uninterruptibleMask(Effect.fnUntraced(function*(restore) {
    const worker = Effect.forever(
      Effect.flatMap(Effect.interruptible(next(api)), (invocation) => {
        if (invocation === undefined) return Effect.void
        const over = Deferred.makeUnsafe<void>()
        pool.serve({ invocation, over: () => Deferred.doneUnsafe(over, Effect.void) })
        return Effect.interruptible(Deferred.await(over))
      }),
      { disableYield: true }
    )
    const fibers = yield* Effect.replicateEffect(Effect.forkDetach(worker, { uninterruptible: true }), maxConcurrency)
    // A worker that ends leaves the others to their work.
    const ended = yield* Effect.exit(restore(Effect.andThen(Fiber.awaitAll(fibers), Fiber.joinAll(fibers))))
    yield* turnOfEventLoop
    for (const fiber of fibers) fiber.interruptUnsafe()
    // What goes on for longer does so while the threads end.
    yield* Effect.timeoutOption(Fiber.awaitAll(fibers), lastPollPatience)
    return yield* Exit.isFailure(ended) ? Effect.failCause(ended.cause) : Effect.interrupt
  }))

/** An event that makes no sense is over once that is reported, if it says which one it is. */
const next = (api: RuntimeApi["Service"]): Effect.Effect<Invocation["Service"] | undefined, RuntimeApiError> =>
  Effect.catch(
    polls.pollPatiently(api),
    (error) => {
      const reported = polls.reportSenseless(api, error, {}, polls.tellLost)
      return reported === undefined ? Effect.fail(error) : Effect.as(reported, undefined)
    }
  )
