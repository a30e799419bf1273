/**
 * What a caller gets to see of an answer: the body as it is, or the HTTP response that the body describes.
 */
import * as Effect from "effect/Effect"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Pull from "effect/Pull"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { HttpIntegrationContentType } from "../../../LambdaResponse.ts"
import type { HeaderList } from "../../transport.ts"
import type { FunctionError } from "../function/functionError.ts"
import type { Answer } from "../function/invocations.ts"
import { nodeHttp } from "../http/nodeHttp.ts"
import * as nodeRequest from "../http/nodeRequest.ts"
import * as responsePrelude from "./responsePrelude.ts"

export const make = (request: HttpServerRequest, answer: Answer) => {
  switch (answer._tag) {
    case "Failed":
      return Effect.succeed(failed(answer.error))
    case "Buffered":
      return isHttpIntegration(answer.contentType)
        ? httpIntegration(request, Stream.succeed(answer.body))
        : Effect.succeed(HttpServerResponse.uint8Array(answer.body, { contentType: answer.contentType }))
    case "Streamed":
      return isHttpIntegration(answer.contentType)
        ? httpIntegration(request, answer.body)
        : streamed(request, answer.contentType, answer.body)
  }
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html, except for the status: there it is always 200. */
const failed = ({ body }: FunctionError) =>
  HttpServerResponse.uint8Array(body, {
    status: 500,
    contentType: "application/json",
    headers: { "x-amz-function-error": "Unhandled" }
  })

/** The head waits for the first bytes: until then a failure can still be told by the status. */
const streamed = Effect.fnUntraced(function*(
  request: HttpServerRequest,
  contentType: string,
  body: Stream.Stream<Uint8Array, FunctionError>
) {
  const pull = yield* Stream.toPull(body)
  const first = yield* pullNonEmpty(pull)
  if (first._tag === "Failed") return failed(first.error)
  return HttpServerResponse.stream(rest(request, first.chunks, pull), { contentType })
})

const httpIntegration = Effect.fnUntraced(function*(
  request: HttpServerRequest,
  body: Stream.Stream<Uint8Array, FunctionError>
) {
  const pull = yield* Stream.toPull(body)
  const parser = responsePrelude.make()
  while (true) {
    const next = yield* pullNonEmpty(pull)
    if (next._tag === "Failed") return failed(next.error)
    if (next.chunks.length === 0) return yield* badPrelude("is not followed by eight NUL bytes")
    for (const [index, chunk] of next.chunks.entries()) {
      const progress = parser.push(chunk)
      if (progress._tag === "Malformed") return yield* badPrelude(progress.description)
      if (progress._tag === "Complete") {
        const invalid = invalidHeader(progress.head)
        if (invalid !== undefined) return yield* badPrelude(invalid)
        return yield* withHead(
          request,
          progress.head,
          rest(request, [progress.rest, ...next.chunks.slice(index + 1)], pull)
        )
      }
    }
  }
})

const withHead = (
  request: HttpServerRequest,
  { cookies, headers, status }: responsePrelude.ResponseHead,
  body: Stream.Stream<Uint8Array, FunctionError>
) => {
  const contentType = headers.findLast(([name]) => name.toLowerCase() === "content-type")?.[1]
  return Effect.as(
    nodeRequest.addHeaders(request, [
      ...headers.flatMap(relayedHeader),
      ...cookies.map((cookie): readonly [string, string] => ["Set-Cookie", cookie])
    ]),
    HttpServerResponse.stream(body, { status, contentType: contentType ?? "application/octet-stream" })
  )
}

/** These are about one connection, not about the response: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1 */
const hopByHopHeaders = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade"
])

const relayedHeader = ([name, value]: HeaderList[number]): HeaderList => {
  const lowerCase = name.toLowerCase()
  if (lowerCase === "content-type" || hopByHopHeaders.has(lowerCase)) return []
  // The length of a stream is not known yet; Lambda keeps what the function says under this name.
  return lowerCase === "content-length" ? [["X-Amzn-Remapped-Content-Length", value]] : [[name, value]]
}

const invalidHeader = ({ cookies, headers }: responsePrelude.ResponseHead): string | undefined => {
  for (
    const [name, value] of [...headers, ...cookies.map((cookie): readonly [string, string] => ["set-cookie", cookie])]
  ) {
    const checked = Result.try(() => {
      nodeHttp.validateHeaderName(name)
      nodeHttp.validateHeaderValue(name, value)
    })
    if (Result.isFailure(checked)) return `has the header ${JSON.stringify(name)}, which cannot be sent over HTTP`
  }
  return undefined
}

const badPrelude = (description: string) => {
  const message = `The HTTP head of the function's answer ${description}`
  return Effect.as(
    Effect.logWarning(message),
    HttpServerResponse.text(JSON.stringify({ message }), { status: 502, contentType: "application/json" })
  )
}

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
const rest = (
  request: HttpServerRequest,
  chunks: ReadonlyArray<Uint8Array>,
  pull: BodyPull
): Stream.Stream<Uint8Array, FunctionError> =>
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

const isHttpIntegration = (contentType: string) =>
  contentType.split(";", 1)[0]?.trim().toLowerCase() === HttpIntegrationContentType
