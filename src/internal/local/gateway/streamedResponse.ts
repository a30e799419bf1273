/**
 * A streamed answer on its way to an HTTP caller: as it is, or with the HTTP head that it starts with.
 */
import * as Effect from "effect/Effect"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Pull from "effect/Pull"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { HttpIntegrationContentType } from "../../../LambdaResponse.ts"
import type { HeaderList } from "../../transport.ts"
import type { FunctionError } from "../function/functionError.ts"
import * as nodeRequest from "../http/nodeRequest.ts"
import * as relayedHeaders from "./relayedHeaders.ts"
import * as responsePrelude from "./responsePrelude.ts"

/** How a front door puts what a stream may turn out to be. */
export interface Presentation {
  /** The function has failed before its first byte. */
  readonly failed: (error: FunctionError) => HttpServerResponse.HttpServerResponse
  /** The HTTP head is none. */
  readonly malformed: (description: string) => HttpServerResponse.HttpServerResponse
  /** Which of the function's headers its caller gets. */
  readonly relay: (headers: HeaderList) => HeaderList
}

type Body = Stream.Stream<Uint8Array, FunctionError>

/** Whether an answer starts with an HTTP head. */
export const hasPrelude = ({ contentType }: { readonly contentType: string }): boolean =>
  contentType.split(";", 1)[0]?.trim().toLowerCase() === HttpIntegrationContentType

/** The head waits for the first bytes: until then a failure can still be told by the status. */
export const plain = Effect.fnUntraced(function*(
  request: HttpServerRequest,
  contentType: string,
  body: Body,
  presentation: Pick<Presentation, "failed">
): Effect.fn.Return<HttpServerResponse.HttpServerResponse, never, Scope.Scope> {
  const pull = yield* Stream.toPull(body)
  const first = yield* pullNonEmpty(pull)
  if (first._tag === "Failed") return presentation.failed(first.error)
  return HttpServerResponse.stream(rest(request, first.chunks, pull), { contentType })
})

/** The response begins when its HTTP head is complete. */
export const withPrelude = Effect.fnUntraced(function*(
  request: HttpServerRequest,
  body: Body,
  presentation: Presentation
): Effect.fn.Return<HttpServerResponse.HttpServerResponse, never, Scope.Scope> {
  const malformed = (description: string) =>
    Effect.as(
      Effect.logWarning(`The HTTP head of the function's answer ${description}`),
      presentation.malformed(description)
    )
  const pull = yield* Stream.toPull(body)
  const parser = responsePrelude.make()
  while (true) {
    const next = yield* pullNonEmpty(pull)
    if (next._tag === "Failed") return presentation.failed(next.error)
    if (next.chunks.length === 0) return yield* malformed("is not followed by eight NUL bytes")
    for (const [index, chunk] of next.chunks.entries()) {
      const progress = parser.push(chunk)
      if (progress._tag === "Malformed") return yield* malformed(progress.description)
      if (progress._tag === "Complete") {
        const { headers, status } = progress.head
        const cookies = relayedHeaders.setCookies(progress.head.cookies)
        const invalid = relayedHeaders.invalid([...headers, ...cookies])
        if (invalid !== undefined) return yield* malformed(invalid)
        yield* nodeRequest.addHeaders(request, [...presentation.relay(headers), ...cookies])
        return HttpServerResponse.stream(
          rest(request, [progress.rest, ...next.chunks.slice(index + 1)], pull),
          { status, contentType: relayedHeaders.contentType(headers) ?? "application/octet-stream" }
        )
      }
    }
  }
})

type Pulled =
  | { readonly _tag: "Chunks"; readonly chunks: ReadonlyArray<Uint8Array> }
  | { readonly _tag: "Failed"; readonly error: FunctionError }

type BodyPull = Effect.Success<ReturnType<typeof Stream.toPull<Uint8Array, FunctionError, never>>>

/** The next chunks that hold a byte; none at the end of the body. */
const pullNonEmpty = (pull: BodyPull): Effect.Effect<Pulled> =>
  Pull.matchEffect(pull, {
    onSuccess: (chunks) =>
      chunks.some((chunk) => chunk.length > 0)
        ? Effect.succeed<Pulled>({ _tag: "Chunks", chunks })
        : pullNonEmpty(pull),
    onDone: () => Effect.succeed<Pulled>({ _tag: "Chunks", chunks: [] }),
    onFailure: (cause) =>
      Effect.orDie(Effect.catchTag(Effect.failCause(cause), "FunctionError", (error) =>
        Effect.succeed<Pulled>({ _tag: "Failed", error })))
  })

/** The body from here on. When it fails, the transfer is cut off, which is all that HTTP has left to tell the caller. */
const rest = (request: HttpServerRequest, chunks: ReadonlyArray<Uint8Array>, pull: BodyPull): Body =>
  Stream.fromIterable(chunks).pipe(
    Stream.filter((chunk) => chunk.length > 0),
    Stream.concat(Stream.fromPull(Effect.succeed(pull))),
    Stream.onStart(nodeRequest.sendHead(request)),
    Stream.tapError((error) =>
      Effect.andThen(
        Effect.logError(`The function failed in the middle of its answer, which was cut off: ${error.errorType}`),
        nodeRequest.flushed(request)
      )
    )
  )
