/**
 * Interrupts what goes on past the deadline of its invocation. Where one process serves several invocations, Lambda
 * tells the caller that the time is over, and leaves the rest to the process.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-execution-environment.html
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type { Invocation } from "../Invocation.ts"
import { InterruptedBy } from "./interruptedBy.ts"
import { turnOfEventLoop } from "./turnOfEventLoop.ts"

export class DeadlineExceeded extends Data.TaggedError("Function.DeadlineExceeded")<{ readonly message: string }> {}

/** Until when an invocation that has just come may go on. A deadline that is past already is none: some emulators send 1970. */
export const of = ({ deadline }: Invocation["Service"]): Effect.Effect<number> =>
  Effect.map(Clock.currentTimeMillis, (now) => deadline <= now ? Number.POSITIVE_INFINITY : deadline)

/**
 * Runs the effect in a fiber of its own until `margin` milliseconds before the deadline, if it has one. Then the fiber is
 * interrupted, and `onExceeded` goes on: with the fiber, which ends in its own time where it cannot be interrupted, and
 * with what is to be said of it.
 *
 * To be run uninterruptibly, as the effect then is but for the parts that it makes interruptible itself. An interruption
 * is handed on to them with its annotations, so that they know why.
 */
export const within = <A, E, R, A2, E2, R2>(
  deadline: number,
  margin: number,
  effect: Effect.Effect<A, E, R>,
  onExceeded: (
    fiber: Fiber.Fiber<A, E>,
    cause: Cause.Cause<DeadlineExceeded>
  ) => Effect.Effect<A2, E2, R2>
): Effect.Effect<A | A2, E | E2, R | R2> =>
  Effect.flatMap(Clock.currentTimeMillis, (now): Effect.Effect<A | A2, E | E2, R | R2> => {
    if (deadline === Number.POSITIVE_INFINITY) return effect
    return Effect.flatMap(
      Effect.forkDetach(effect, { startImmediately: true, uninterruptible: true }),
      (fiber) =>
        fiber.pollUnsafe() ?? Effect.matchCauseEffect(
          Effect.interruptible(hasEnded(fiber, Math.max(0, deadline - margin - now))),
          {
            onSuccess: (ended): Effect.Effect<A | A2, E | E2, R2> => {
              if (ended) return Fiber.join(fiber)
              const cause = Cause.fail(new DeadlineExceeded({ message: describe(margin) }))
              fiber.interruptUnsafe(undefined, Context.make(InterruptedBy, cause))
              // Whatever can be interrupted has its chance to end before anything is said of it.
              const interrupted = fiber.pollUnsafe() === undefined ? turnOfEventLoop : Effect.void
              return Effect.flatMap(interrupted, () => onExceeded(fiber, cause))
            },
            onFailure: (cause) => {
              fiber.interruptUnsafe(undefined, Cause.annotations(cause))
              return Fiber.join(fiber)
            }
          }
        )
    )
  })

/** Whether it has before so many milliseconds are over. As a race it would cost another fiber. */
const hasEnded = (fiber: Fiber.Fiber<unknown, unknown>, patience: number): Effect.Effect<boolean> =>
  Effect.flatMap(
    Effect.forkDetach(Effect.sleep(patience), { startImmediately: true }),
    (timer) =>
      Effect.callback((resume) => {
        const forget = fiber.addObserver(() => {
          timer.interruptUnsafe()
          resume(Effect.succeed(true))
        })
        timer.addObserver((exit) => {
          if (Exit.isSuccess(exit)) resume(Effect.succeed(false))
        })
        return Effect.sync(() => {
          forget()
          timer.interruptUnsafe()
        })
      })
  )

const describe = (margin: number): string =>
  margin === 0
    ? "the invocation was interrupted at its deadline"
    : `the invocation was interrupted ${margin} ms before its deadline`
