/**
 * The invocations that a thread was serving when it ended. Lambda knows nothing of threads, and their callers would wait
 * until their deadlines.
 */
import * as Effect from "effect/Effect"
import type { RuntimeApi } from "../../RuntimeApi.ts"
import * as note from "../note.ts"
import { isRefusal } from "../polls.ts"
import { postPatiently } from "../postPatiently.ts"
import { type End, isOutOfMemory } from "./thread.ts"

/** Reports them as failed, as far as that is possible within `patience`. */
export const report = (
  api: RuntimeApi["Service"],
  end: End,
  patience: Parameters<typeof postPatiently>[1]
): Effect.Effect<void> => {
  const errorType = isOutOfMemory(end) ? "Runtime.OutOfMemory" : "Runtime.ExitError"
  const errorMessage = `the thread that served the invocation has died: ${end.reason}`
  return Effect.forEach(
    end.tasks,
    ({ invocation, over }) =>
      postPatiently(api.fail(invocation, { errorType, errorMessage, stackTrace: [] }), patience).pipe(
        Effect.andThen(note.error(`the invocation failed: ${errorMessage}`)),
        // What the thread has answered in its last moments is refused, and not lost.
        Effect.catch((error) =>
          "reason" in error && isRefusal(error)
            ? Effect.void
            : note.error(`the invocation failed: ${errorMessage}. It could not be reported: ${error.message}`)
        ),
        Effect.annotateLogs({ requestId: invocation.requestId }),
        Effect.ensuring(Effect.sync(over))
      ),
    { concurrency: "unbounded", discard: true }
  )
}
