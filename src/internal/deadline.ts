/**
 * Interrupts what goes on past the deadline of its invocation. Where one process serves several invocations, Lambda
 * tells the caller that the time is over, and leaves the rest to the process.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-execution-environment.html
 */
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type { Invocation } from "../Invocation.ts"

export class DeadlineExceeded extends Data.TaggedError("Function.DeadlineExceeded")<{ readonly message: string }> {}

/**
 * Runs the effect until `margin` milliseconds before the deadline. One that is past already is ignored: some emulators
 * send 1970. What is left of the effect then ends in the background if it cannot be interrupted.
 */
export const within = <A, E, R>(
  { deadline }: Invocation["Service"],
  margin: number,
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, E | DeadlineExceeded, R> =>
  Effect.flatMap(
    Clock.currentTimeMillis,
    (now) =>
      deadline <= now ? Effect.interruptible(effect) : Effect.interruptible(
        Effect.timeoutOrElse(effect, {
          duration: Math.max(0, deadline - margin - now),
          orElse: () => Effect.fail(new DeadlineExceeded({ message: describe(margin) }))
        })
      )
  )

const describe = (margin: number): string =>
  margin === 0
    ? "the invocation was interrupted at its deadline"
    : `the invocation was interrupted ${margin} ms before its deadline`
