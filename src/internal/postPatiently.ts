import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { RuntimeApiError } from "../RuntimeApiError.ts"

/** A report of a process or a thread that is to end, also where nobody takes it. */
export const postPatiently = (
  post: Effect.Effect<void, RuntimeApiError>,
  patience: Extract<Duration.Input, string>
): Effect.Effect<void, RuntimeApiError | { readonly message: string }> =>
  Effect.timeoutOrElse(Effect.interruptible(post), {
    duration: patience,
    orElse: () => Effect.fail({ message: `the Runtime API did not answer within ${patience}` })
  })
