/**
 * What the runtime itself has to say in the log. A logger that throws loses the record, and ends nothing.
 */
import * as Effect from "effect/Effect"

export const error = (message: string): Effect.Effect<void> => Effect.ignoreCause(Effect.logError(message))

export const warning = (message: string): Effect.Effect<void> => Effect.ignoreCause(Effect.logWarning(message))
