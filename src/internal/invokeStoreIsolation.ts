/**
 * A fiber and an asynchronous context for every invocation, although the worker that serves them lives on.
 *
 * A fiber keeps its `AsyncLocalStorage` values: it goes on with those in which it was suspended, and what it sets with
 * `enterWith` stays set. A worker that ran a handler itself would show the values of one invocation to the next.
 */
import * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { AsyncResource } from "node:async_hooks"

/**
 * Runs `effect` with the services of `context` in a new fiber, within `enter` and a copy of the worker's asynchronous
 * context, and returns its result. Fibers that it forks as children end with it.
 *
 * To be run uninterruptibly, as `effect` then is: interrupting the worker interrupts the effect where it allows that,
 * and the worker goes on with the result.
 */
export const isolate = <A, E, R>(
  context: Context.Context<R>,
  enter: (start: () => Fiber.Fiber<A, E>) => Fiber.Fiber<A, E>,
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, E> => {
  const start = () => Effect.runForkWith(context)(effect, uninterruptible)
  return Effect.suspend(() => {
    // A new resource each time: before Node 24 `enterWith` writes into the one that is current.
    const fiber = new AsyncResource("effect-lambda-runtime/Invocation").runInAsyncScope(enter, undefined, start)
    return fiber.pollUnsafe() ?? Effect.catchCause(
      // Cheaper than `Fiber.join`, which would also have to forget the observer.
      Effect.interruptible(Effect.callback<A, E>((resume) => void fiber.addObserver(resume))),
      // The invocation is to know why it is interrupted.
      (cause) =>
        fiber.pollUnsafe() ??
          Effect.andThen(Fiber.interruptAs(fiber, undefined, Cause.annotations(cause)), Fiber.join(fiber))
    )
  })
}

const uninterruptible = { uninterruptible: true }
