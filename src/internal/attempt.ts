/** What `Handler.match` and the handler that it tries tell each other. */
import * as Context from "effect/Context"
import type * as Result from "effect/Result"
import type { EventError } from "../EventError.ts"

export interface Attempt {
  /** The event as JSON, parsed once for all the handlers that are tried. */
  readonly parse: (payload: Uint8Array) => Result.Result<unknown, EventError>
  /** The handler has decoded the event, so that it is its own: no other handler is tried. */
  readonly accept: () => void
}

/** None where a handler serves every event. */
export const CurrentAttempt: Context.Reference<Attempt | undefined> = Context.Reference(
  "effect-lambda-runtime/internal/Attempt",
  { defaultValue: (): Attempt | undefined => undefined }
)
