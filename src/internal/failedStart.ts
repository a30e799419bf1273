/**
 * The end of a process that cannot start: the failure is logged, and Lambda is told.
 */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type { RuntimeApiError } from "../RuntimeApiError.ts"
import { logFailure } from "./logFailure.ts"

/** A process that cannot start is to end, also where nobody takes its report. */
const patience = "1 second"

export const report = (
  message: string,
  cause: Cause.Cause<unknown>,
  post: Effect.Effect<void, RuntimeApiError>
): Effect.Effect<void> =>
  Effect.andThen(
    logFailure(message, cause),
    post.pipe(
      Effect.timeoutOrElse({
        duration: patience,
        orElse: () => Effect.fail({ message: `the Runtime API did not answer within ${patience}` })
      }),
      Effect.catch(({ message }) => Effect.logWarning(`the failed start could not be reported: ${message}`))
    )
  )
