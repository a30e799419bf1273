/**
 * Exceptions that nobody catches, and rejections that nobody handles: of a timer, an emitter without a listener, a
 * promise that was forgotten. Node ends a process with them at once; here the function is told before, so that its
 * invocations are reported and its layers released.
 *
 * https://nodejs.org/api/process.html#event-uncaughtexception
 */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { AsyncResource } from "node:async_hooks"
import { logFailure } from "./logFailure.ts"
import { sleepAwake } from "./sleepAwake.ts"

export interface UncaughtFailure {
  readonly cause: Cause.Cause<never>
  /** What to call it in the log. */
  readonly title: string
  /** Calls the function in the asynchronous context in which it was thrown. */
  readonly within: <A>(f: () => A) => A
  /** Runs what has a limit of its own, outside of the time that the process has to end. */
  readonly untimed: (effect: Effect.Effect<void>) => Effect.Effect<void>
  /** Whether it is in the log. */
  isLogged: boolean
}

/** What is known in this thread of exceptions that nobody catches. The first one counts: what follows comes of it. */
export interface UncaughtFailures {
  /** Waits for the first one. */
  readonly first: Effect.Effect<UncaughtFailure>
  readonly firstSoFar: () => UncaughtFailure | undefined
}

/** Those of {@link supervise}; there are none where it does not run. */
export const UncaughtFailures: Context.Reference<UncaughtFailures> = Context.Reference(
  "effect-lambda-runtime/UncaughtFailures",
  { defaultValue: (): UncaughtFailures => ({ first: Effect.never, firstSoFar: () => undefined }) }
)

/** In seconds, as long as Lambda gives any process from SIGTERM to SIGKILL. Nobody else ends one whose finalizers hang. */
const endingPatience = 2

/**
 * Runs the main effect of a process or a thread, and fails with the first exception that nobody catches meanwhile. It is
 * up to the effect to end then; a process or a thread that does not is ended two seconds later, with exit code 1.
 *
 * Other listeners for `uncaughtException` are called too. A rejection counts where Node would end the process for it: not
 * where there is a listener for `unhandledRejection`.
 */
export const supervise = <A, E, R>(main: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.contextWith((context: Context.Context<R>) => {
      const deferred = Deferred.makeUnsafe<UncaughtFailure>()
      let failure: UncaughtFailure | undefined
      let ending: Fiber.Fiber<void> | undefined
      const log = (failure: UncaughtFailure) =>
        failure.isLogged ? Effect.void : logFailure(failure.title, failure.cause)
      const startEnding = (failure: UncaughtFailure) => {
        ending = Effect.runForkWith(context)(
          sleepAwake(endingPatience * 1000).pipe(
            Effect.andThen(Effect.suspend(() => log(failure))),
            Effect.andThen(Effect.sync(() => {
              process.stderr.write(
                `effect-lambda-runtime: the process has not ended within ${endingPatience} seconds\n`
              )
              process.exit(1)
            }))
          )
        )
      }
      const onUncaught = (thrown: unknown, origin: NodeJS.UncaughtExceptionOrigin) => {
        if (failure !== undefined) return
        const resource = new AsyncResource("effect-lambda-runtime/UncaughtFailure")
        const first: UncaughtFailure = {
          cause: Cause.die(thrown),
          title: origin === "unhandledRejection" ? "nobody handled a rejection" : "nobody caught an exception",
          within: (f) => resource.runInAsyncScope(f),
          untimed: (effect) =>
            Effect.suspend(() => {
              ending?.interruptUnsafe()
              return Effect.onExit(effect, () => Effect.sync(() => startEnding(first)))
            }),
          isLogged: false
        }
        failure = first
        startEnding(first)
        Deferred.doneUnsafe(deferred, Effect.succeed(first))
      }
      process.on("uncaughtException", onUncaught)
      const failures: UncaughtFailures = { first: Deferred.await(deferred), firstSoFar: () => failure }
      return Effect.flatMap(
        Effect.exit(restore(Effect.provideService(main, UncaughtFailures, failures))),
        (exit): Effect.Effect<A, E> => {
          process.off("uncaughtException", onUncaught)
          if (failure === undefined) return exit
          ending?.interruptUnsafe()
          return Effect.andThen(log(failure), Exit.failCause(failure.cause))
        }
      )
    })
  )

/**
 * Runs an effect that is interrupted after the first exception that nobody catches, once `tell` has told of it: also
 * where the effect waits for ever because of the exception, and cannot be interrupted.
 */
export const interruptOnFirst =
  <R2>(tell: (failure: UncaughtFailure) => Effect.Effect<void, never, R2>) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R | R2> =>
    Effect.withFiber((fiber) =>
      Effect.flatMap(
        Effect.forkDetach(Effect.flatMap(fiber.getRef(UncaughtFailures).first, (failure) =>
          Effect.uninterruptible(Effect.map(tell(failure), () => fiber.interruptUnsafe())))),
        (watcher) =>
          Effect.onExit(effect, () => Fiber.interrupt(watcher))
      )
    )
