/**
 * Sends what has been recorded about invocations before Lambda may freeze the process: whatever is registered with the
 * `Flusher` of Effect, as the exporters of `effect/observability` are.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as OtlpExporter from "effect/observability/OtlpExporter"
import * as Option from "effect/Option"
import type { Invocation } from "../Invocation.ts"
import * as note from "./note.ts"

/** Effect's own service, by its name: its module is that of the exporters, with their HTTP client. */
export const Flusher: Context.Service<OtlpExporter.Flusher, OtlpExporter.Flusher["Service"]> = Context.Service(
  "effect/observability/OtlpExporter/Flusher"
)

export interface Flush {
  /**
   * Sends what has been recorded so far, and waits for it, but not for longer than is left of the invocation. What takes
   * too long goes on, and is not waited for again.
   */
  readonly within: (invocation: Invocation["Service"]) => Effect.Effect<void>
  /** The same without waiting. */
  readonly start: Effect.Effect<Fiber.Fiber<void>>
}

/** In milliseconds. The next poll has to be on its way before the deadline. */
const pollMargin = 50

/** Where nothing can be registered there is nothing to do. `timeout` is in milliseconds. */
export const make = (services: Context.Context<never>, timeout: number): Flush | undefined => {
  const flusher = Context.getOrUndefined(services, Flusher)
  if (flusher === undefined) return undefined
  const start = coalesce(Effect.ignoreCause(flusher.flush))
  let overdue: Fiber.Fiber<void> | undefined
  const waitFor = (fiber: Fiber.Fiber<void>, patience: number) =>
    Effect.flatMap(Effect.timeoutOption(Fiber.await(fiber), patience), (exit) => {
      if (Option.isSome(exit)) return Effect.void
      overdue = fiber
      return note.warning(
        `what was recorded has not been sent within ${patience} ms. The next event is asked for, and the rest is sent ` +
          "while the process runs"
      )
    })
  return {
    start,
    within: ({ deadline }) =>
      Effect.flatMap(start, (fiber) =>
        overdue !== undefined && overdue.pollUnsafe() === undefined
          ? Effect.void
          : Effect.flatMap(Clock.currentTimeMillis, (now) =>
            waitFor(fiber, deadline <= now ? timeout : Math.max(0, Math.min(timeout, deadline - now - pollMargin)))))
  }
}

/** One run at a time, and one more for all who ask meanwhile: they may have something that it has not seen. */
const coalesce = (run: Effect.Effect<void>): Effect.Effect<Fiber.Fiber<void>> => {
  let running: Fiber.Fiber<void> | undefined
  let following: Fiber.Fiber<void> | undefined
  return Effect.suspend(() => {
    if (following !== undefined) return Effect.succeed(following)
    if (running === undefined || running.pollUnsafe() !== undefined) {
      return Effect.map(Effect.forkDetach(run), (fiber) => running = fiber)
    }
    const after = Effect.flatMap(Fiber.await(running), () => {
      running = following
      following = undefined
      return run
    })
    return Effect.map(Effect.forkDetach(after), (fiber) => following = fiber)
  })
}
