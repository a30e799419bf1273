/**
 * A request body in memory, up to a limit.
 */
import * as Effect from "effect/Effect"
import type { HttpServerError } from "effect/http/HttpServerError"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as Stream from "effect/Stream"

export type BoundedBody =
  | { readonly _tag: "Complete"; readonly bytes: Uint8Array }
  | { readonly _tag: "TooLarge"; readonly size: number }

/** Reads a body to its end, so that the sender can go on with the connection; what is over the limit is not kept. */
export const read = Effect.fnUntraced(function*(
  request: HttpServerRequest,
  limit: number
): Effect.fn.Return<BoundedBody, HttpServerError> {
  let chunks: Array<Uint8Array> = []
  let size = 0
  yield* Stream.runForEachArray(request.stream, (received) =>
    Effect.sync(() => {
      for (const chunk of received) size += chunk.length
      if (size > limit) chunks = []
      else chunks.push(...received)
    }))
  return size > limit ? { _tag: "TooLarge", size } : { _tag: "Complete", bytes: Buffer.concat(chunks, size) }
})
