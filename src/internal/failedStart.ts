/**
 * The end of a process that cannot start: the failure is logged, and Lambda is told.
 */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type { RuntimeApiError } from "../RuntimeApiError.ts"
import { logFailure } from "./logFailure.ts"
import { postPatiently } from "./postPatiently.ts"

export const report = (
  message: string,
  cause: Cause.Cause<unknown>,
  post: Effect.Effect<void, RuntimeApiError>
): Effect.Effect<void> =>
  Effect.andThen(
    logFailure(message, cause),
    Effect.catch(
      postPatiently(post, "1 second"),
      ({ message }) => Effect.logWarning(`the failed start could not be reported: ${message}`)
    )
  )
