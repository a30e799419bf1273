/**
 * A failure in the log, whatever it is that was thrown.
 */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as ErrorReport from "../ErrorReport.ts"

/** A cause that no logger can format, because reading it throws, is logged as it is reported. */
export const logFailure = (message: string, cause: Cause.Cause<unknown>): Effect.Effect<void> =>
  Effect.catchCause(Effect.logError(message, cause), () =>
    Effect.ignoreCause(Effect.suspend(() => {
      const { errorMessage, errorType } = ErrorReport.fromCause(cause)
      return Effect.logError(`${message} ${errorType}: ${errorMessage}`)
    })))
