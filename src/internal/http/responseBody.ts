/**
 * The body of a response, whatever an application may give: as text or bytes, or as a stream of bytes.
 */
import * as Effect from "effect/Effect"
import type { HttpBody } from "effect/http/HttpBody"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { Buffer } from "node:buffer"

/** A body that is whole, or one that is read while it is sent. A content type of its own replaces that of the head. */
export type ResponseBody =
  | { readonly _tag: "Whole"; readonly body: string | Uint8Array; readonly contentType?: undefined }
  | {
    readonly _tag: "Streamed"
    readonly body: Stream.Stream<Uint8Array, unknown>
    readonly contentType?: string | undefined
  }

export const none: ResponseBody = { _tag: "Whole", body: "" }

export const read = (body: HttpBody): ResponseBody => {
  switch (body._tag) {
    case "Empty":
      return none
    case "Uint8Array":
      return { _tag: "Whole", body: body.text ?? body.body }
    case "Stream":
      return { _tag: "Streamed", body: body.stream }
    case "FormData":
      return ofWeb(new Response(body.formData))
    case "Raw":
      return readRaw(body.body)
  }
}

/** What other servers take as it is. */
const readRaw = (body: unknown): ResponseBody => {
  if (body === undefined || body === null) return none
  if (typeof body === "string" || body instanceof Uint8Array) return { _tag: "Whole", body }
  if (body instanceof ArrayBuffer) return { _tag: "Whole", body: new Uint8Array(body) }
  if (ArrayBuffer.isView(body)) {
    return { _tag: "Whole", body: new Uint8Array(body.buffer, body.byteOffset, body.byteLength) }
  }
  if (body instanceof Response) return ofWeb(body)
  if (body instanceof Blob) return ofWeb(new Response(body))
  if (body instanceof FormData || body instanceof URLSearchParams) return ofWeb(new Response(body))
  // Not as an iterable, which can be left only between two chunks.
  if (body instanceof ReadableStream) {
    return ofChunks(Stream.fromReadableStream<unknown, unknown>({ evaluate: () => body, onError: (cause) => cause }))
  }
  if (isAsyncIterable(body)) return ofChunks(Stream.fromAsyncIterable(body, (cause) => cause))
  return {
    _tag: "Streamed",
    body: Stream.fail(new TypeError("the body of a response is neither text nor bytes, nor a stream of them"))
  }
}

const ofWeb = (response: Response): ResponseBody => {
  const { body } = response
  return body === null ? none : {
    _tag: "Streamed",
    body: Stream.fromReadableStream({ evaluate: () => body, onError: (cause) => cause }),
    contentType: response.headers.get("content-type") ?? undefined
  }
}

const ofChunks = (chunks: Stream.Stream<unknown, unknown>): ResponseBody => ({
  _tag: "Streamed",
  body: Stream.mapEffect(
    chunks,
    (chunk) =>
      typeof chunk === "string" || chunk instanceof Uint8Array
        ? Effect.succeed(typeof chunk === "string" ? Buffer.from(chunk) : chunk)
        : Effect.fail(new TypeError("the body of a response is a stream of neither text nor bytes"))
  )
})

/** A readable stream of Node, or what else gives chunks. */
const isAsyncIterable = (body: unknown): body is AsyncIterable<unknown> =>
  typeof body === "object" && body !== null && Symbol.asyncIterator in body

/** Lets go of a body that is not sent, which may hold a file open. */
export const discard = (body: HttpBody): Effect.Effect<void> => {
  if (body._tag !== "Raw") return Effect.void
  const { body: raw } = body
  const stream = raw instanceof Response ? raw.body : raw
  // One that is being read, or has been, takes no `cancel`, and is let go of by its reader.
  if (stream instanceof ReadableStream) return Effect.ignore(Effect.tryPromise(() => stream.cancel()))
  return Effect.sync(() => {
    if (isDestroyable(raw)) raw.destroy()
  })
}

const isDestroyable = (body: unknown): body is { readonly destroy: () => unknown } =>
  typeof body === "object" && body !== null && "destroy" in body && typeof body.destroy === "function"

export interface EventBody {
  readonly body: string
  readonly isBase64Encoded: boolean
}

/** As a field of a function's answer: text as it is, everything else in base64. */
export const encode = (
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>>
): EventBody => {
  // What is a string in the program is text, whatever its content type.
  if (typeof body === "string") {
    return { body: body.isWellFormed() ? body : body.toWellFormed(), isBase64Encoded: false }
  }
  if (body.length === 0) return { body: "", isBase64Encoded: false }
  const text = isText(headers) ? decodeUtf8(body) : undefined
  return text === undefined
    ? { body: Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("base64"), isBase64Encoded: true }
    : { body: text, isBase64Encoded: false }
}

/** A content encoding makes bytes of any text, and another character set cannot be told from UTF-8. */
const isText = (headers: Readonly<Record<string, string>>): boolean => {
  const contentEncoding = headers["content-encoding"]
  if (contentEncoding !== undefined && contentEncoding.trim().toLowerCase() !== "identity") return false
  const [type = "", ...parameters] = (headers["content-type"] ?? "").toLowerCase().split(";")
  if (!textType.test(type.trim())) return false
  const charset = parameters.map((parameter) => /^\s*charset\s*=\s*"?([^"\s]+)/.exec(parameter)?.[1]).find(Boolean)
  return charset === undefined || charset === "utf-8" || charset === "utf8" || charset === "us-ascii"
}

const textType =
  /^(?:text\/.+|application\/(?:(?:[^/]+\+)?(?:json|xml)|json-rpc|json-seq|jsonl|javascript|graphql|yaml|x-ndjson|x-www-form-urlencoded|problem\+json)|image\/svg\+xml)$/

const decodeUtf8 = (bytes: Uint8Array): string | undefined =>
  Result.getOrUndefined(Result.try(() => utf8.decode(bytes)))

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
