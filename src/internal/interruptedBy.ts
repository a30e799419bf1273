import type * as Cause from "effect/Cause"
import * as Context from "effect/Context"

/** Why an invocation was interrupted, where that is known: an annotation of the interruption. */
export class InterruptedBy extends Context.Service<InterruptedBy, Cause.Cause<unknown>>()(
  "effect-lambda-runtime/InterruptedBy"
) {}
