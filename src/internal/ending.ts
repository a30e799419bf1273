/**
 * How long the end of a process may take, counted from the signal, or from what made it end.
 *
 * Lambda gives a process with an internal extension 500 milliseconds from SIGTERM to SIGKILL. Every part of the end gets
 * what is left of them, with a reserve for those that follow.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import { constVoid, identity } from "effect/Function"
import { sleepAwake } from "./sleepAwake.ts"
import { UncaughtFailures } from "./uncaughtFailure.ts"

/** All in milliseconds. */
const window = 500

/** For reports, telemetry and finalizers, when invocations have used up their grace period. */
const afterGrace = 200

/** In which Node ends the process. */
const exitReserve = 20

const finalizerReserve = 100

const flushReserve = 30

/** For the main thread, which reports what a thread has left behind that it has cut off. */
const threadReserve = 50

/** From the beginning of the end until the process is ended, whatever it is doing. */
export const budget = (gracePeriod: number): number => Math.max(window, gracePeriod + afterGrace) - exitReserve

/** Until a thread is cut off, of what is left. */
export const threadPatience = (left: number): number => Math.max(0, left - threadReserve)

/** The ends of its parts, in milliseconds since the epoch. */
export interface Schedule {
  readonly grace: number
  readonly reports: number
  readonly flush: number
}

export const schedule = (begunAt: number, gracePeriod: number): Schedule => {
  const flush = begunAt + budget(gracePeriod) - finalizerReserve
  return { grace: begunAt + gracePeriod, reports: flush - flushReserve, flush }
}

/** What the parts of a process tell about its end. */
export interface Ending {
  /** The end begins, unless it has begun: now, and because of a failure if there is one. Says when it has begun. */
  readonly begin: (now: number, cause?: Cause.Cause<unknown> | undefined) => number
  /** From now on finalizers run. */
  readonly release: () => void
  /** Asks for a longer end than the usual one. */
  readonly allow: (budget: number) => void
  /** What is left of it: all, as long as the end has not begun. */
  readonly left: (now: number) => number
}

/** That of the process or the thread; where nobody watches over it, it takes as long as it takes. */
export const CurrentEnding: Context.Reference<Ending> = Context.Reference("effect-lambda-runtime/internal/Ending", {
  defaultValue: (): Ending => ({ begin: identity, allow: constVoid, left: () => budget(0), release: constVoid })
})

/**
 * Runs the main effect of a process or a thread, whose end takes no longer than it may: `onOverdue` is called with one
 * line that says why, and with the failure that made it end.
 */
export const watch = <A, E, R>(
  main: (ending: Ending) => Effect.Effect<A, E, R>,
  onOverdue: (line: string, cause: Cause.Cause<unknown> | undefined) => void,
  onAllowed: (budget: number) => void = constVoid
): Effect.Effect<A, E, R> =>
  Effect.contextWith((context: Context.Context<R>) => {
    let begunAt: number | undefined
    let failure: Cause.Cause<unknown> | undefined
    let allowed = budget(0)
    let doing = "its layers are still being built"
    let timer: Fiber.Fiber<void> | undefined
    const overdue = Effect.sync(() => onOverdue(`the process has not ended within ${allowed} ms: ${doing}`, failure))
    const ending: Ending = {
      begin: (now, cause) => {
        failure ??= cause
        timer ??= Effect.runForkWith(context)(Effect.andThen(sleepAwake(allowed), overdue))
        return begunAt ??= now
      },
      // Before the first event is asked for, so that the end has not begun.
      allow: (budget) => {
        if (budget <= allowed) return
        allowed = budget
        onAllowed(budget)
      },
      left: (now) => allowed - (now - (begunAt ?? now)),
      release: () => {
        doing = "finalizers are still running"
      }
    }
    return Effect.onExit(
      Effect.provideService(main(ending), CurrentEnding, ending),
      () => Effect.sync(() => timer?.interruptUnsafe())
    )
  })

/** Runs what builds layers and serves, in the scope of the layers, which are released when it is over. */
export const beforeRelease = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.onExit(
    effect,
    Effect.fnUntraced(function*(exit) {
      const { begin, release } = yield* CurrentEnding
      release()
      // An exception that nobody has caught has a time limit of its own.
      if ((yield* UncaughtFailures).firstSoFar() === undefined) begin(yield* Clock.currentTimeMillis, failureOf(exit))
    })
  )

/** Why it has ended, unless it was told to. */
export const failureOf = (exit: Exit.Exit<unknown, unknown>): Cause.Cause<unknown> | undefined =>
  Exit.isFailure(exit) && !Cause.hasInterruptsOnly(exit.cause) ? exit.cause : undefined
