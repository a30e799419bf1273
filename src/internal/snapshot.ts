/**
 * The way of a process through a snapshot: hooks, the wait for the restore, what must not be the same in every clone of
 * the process, and hooks again.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-custom.html
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { identity } from "effect/Function"
import * as ErrorReport from "../ErrorReport.ts"
import type { RuntimeApi } from "../RuntimeApi.ts"
import type { RuntimeApiError } from "../RuntimeApiError.ts"
import { HookError, Hooks } from "../SnapStart.ts"
import * as failedStart from "./failedStart.ts"
import * as randomness from "./randomness.ts"

/** Lambda gives 10 seconds, and then ends the process without a word. */
const restorePatience = "9500 millis"

/** Returns when the process may ask for events: at once where SnapStart is off, else after it has been restored. */
export const pass = Effect.fnUntraced(function*(
  api: RuntimeApi["Service"],
  onRestored: () => void
): Effect.fn.Return<void, HookError | RuntimeApiError> {
  const hooks = yield* Hooks
  if (hooks === undefined) return
  const prepare = Effect.andThen(inOrder(hooks.beforeSnapshot.toReversed()), Effect.sync(randomness.install))
  const renewRandomness = yield* reporting("BeforeSnapshot", api.initError, prepare)
  yield* api.restoreNext
  onRestored()
  // Apart, because a hook that acquires cannot be interrupted. What is left of it ends with the process.
  const recovering = yield* Effect.forkDetach(
    Effect.andThen(Effect.sync(renewRandomness), inOrder(hooks.afterRestore))
  )
  yield* reporting(
    "AfterRestore",
    api.restoreError,
    Effect.timeoutOrElse(Fiber.join(recovering), {
      duration: restorePatience,
      orElse: () => Effect.die(new Error(`the hooks did not end within ${restorePatience}`))
    }).pipe(Effect.onError(() => Effect.sync(() => recovering.interruptUnsafe())))
  )
})

const inOrder = (hooks: ReadonlyArray<Effect.Effect<unknown, unknown>>) =>
  Effect.forEach(hooks, identity, { discard: true })

const reporting = <A>(
  hook: HookError["hook"],
  post: (report: ErrorReport.ErrorReport) => Effect.Effect<void, RuntimeApiError>,
  hooks: Effect.Effect<A, unknown>
): Effect.Effect<A, HookError> =>
  Effect.catchCause(hooks, (cause) => {
    const error = new HookError({ hook, cause: Cause.squash(cause) })
    const report = { ...ErrorReport.fromCause(cause), errorType: `Runtime.${hook}Error` }
    return Effect.andThen(failedStart.report("the function could not start", cause, post(report)), error)
  })
