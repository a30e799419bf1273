/**
 * Bytes that arrive in chunks, in one piece and up to a limit.
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
  const collector = makeCollector(limit)
  yield* Stream.runForEachArray(request.stream, (chunks) => Effect.sync(() => collector.add(chunks)))
  const size = collector.size()
  return size > limit ? { _tag: "TooLarge", size } : { _tag: "Complete", bytes: collector.bytes() }
})

/** Reads a stream, and leaves it in the middle when it goes over the limit. */
export const collect = Effect.fnUntraced(function*<E, R, E2>(
  stream: Stream.Stream<Uint8Array, E, R>,
  limit: number,
  tooLarge: (size: number) => E2
): Effect.fn.Return<Uint8Array, E | E2, R> {
  const collector = makeCollector(limit)
  yield* Stream.runForEachArray(stream, (chunks) => {
    collector.add(chunks)
    return collector.size() > limit ? Effect.fail(tooLarge(collector.size())) : Effect.void
  })
  return collector.bytes()
})

/** Copies, because a chunk takes a hundred times the memory of a byte that comes alone. */
const makeCollector = (limit: number) => {
  let kept = new Uint8Array()
  let size = 0
  const add = (chunk: Uint8Array) => {
    const start = size
    size += chunk.length
    if (size > limit) {
      kept = new Uint8Array()
      return
    }
    if (size > kept.length) {
      const larger = new Uint8Array(Math.min(limit, Math.max(size, 2 * kept.length)))
      larger.set(kept.subarray(0, start))
      kept = larger
    }
    kept.set(chunk, start)
  }
  return {
    add: (chunks: ReadonlyArray<Uint8Array>) => {
      for (const chunk of chunks) add(chunk)
    },
    size: () => size,
    bytes: () => size === kept.length ? kept : kept.slice(0, size)
  }
}
