/**
 * What a function answers: bytes that are ready, or a stream of them, with or without an HTTP head.
 *
 * A response is plain data. The invocation loop decides how it travels: a buffered response is posted in
 * one piece, a streamed one is sent while it is made.
 *
 * @since 0.1.0
 */
import * as Stream from "effect/Stream"

/**
 * A function's answer. `E` and `R` are the errors and requirements of a streamed body.
 *
 * @category models
 * @since 0.1.0
 */
export type LambdaResponse<E = never, R = never> = Buffered | Streamed<E, R>

/**
 * An answer that is complete, posted in one piece. Lambda accepts at most 6,291,556 bytes.
 *
 * @category models
 * @since 0.1.0
 */
export interface Buffered {
  readonly _tag: "Buffered"
  readonly contentType: string
  /** A string is sent as UTF-8. */
  readonly body: string | Uint8Array
}

/**
 * An answer that is sent while it is made, at the pace at which it is read. Lambda accepts at most 200 MB.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
 * @category models
 * @since 0.1.0
 */
export interface Streamed<out E = never, out R = never> {
  readonly _tag: "Streamed"
  readonly contentType: string
  /** Sent before the body when the caller is HTTP: a function URL or API Gateway. */
  readonly prelude: HttpPrelude | undefined
  /** Strings are sent as UTF-8; every element is one chunk on the wire. */
  readonly body: Stream.Stream<Uint8Array | string, E, R>
}

/**
 * The HTTP head of a streamed answer, as the Lambda front doors read it before the body.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
 * @category models
 * @since 0.1.0
 */
export interface HttpPrelude {
  readonly statusCode: number
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Read by API Gateway; a function URL takes `headers` and `cookies`. */
  readonly multiValueHeaders?: Readonly<Record<string, ReadonlyArray<string>>> | undefined
  /** Complete `Set-Cookie` values, one each. */
  readonly cookies?: ReadonlyArray<string> | undefined
}

/**
 * The content type that tells a front door to read an {@link HttpPrelude} first.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
 * @category constants
 * @since 0.1.0
 */
export const HttpIntegrationContentType = "application/vnd.awslambda.http-integration-response"

/**
 * An answer without a body.
 *
 * **Example** (Nothing to say)
 *
 * ```ts
 * import * as LambdaResponse from "effect-lambda-runtime/LambdaResponse"
 *
 * LambdaResponse.empty.body // => ""
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const empty: Buffered = { _tag: "Buffered", contentType: "application/octet-stream", body: "" }

/**
 * A JSON answer; `undefined` becomes `null`.
 *
 * **When to use**
 *
 * For values that are JSON already. `Handler.make` with a `result` schema encodes dates, options and
 * classes too, and fails with a typed error where this throws a `TypeError`: on a circular structure or a
 * `bigint`.
 *
 * **Example** (A fallback)
 *
 * ```ts
 * import * as LambdaResponse from "effect-lambda-runtime/LambdaResponse"
 *
 * LambdaResponse.json({ total: 0 }).body // => "{\"total\":0}"
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const json = (value: unknown): Buffered => ({
  _tag: "Buffered",
  contentType: "application/json",
  body: JSON.stringify(value) ?? "null"
})

/**
 * A plain text answer in UTF-8.
 *
 * **Example** (Text)
 *
 * ```ts
 * import * as LambdaResponse from "effect-lambda-runtime/LambdaResponse"
 *
 * LambdaResponse.text("hello").contentType // => "text/plain; charset=utf-8"
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const text = (body: string): Buffered => ({ _tag: "Buffered", contentType: "text/plain; charset=utf-8", body })

/**
 * An answer of raw bytes, `application/octet-stream` unless told otherwise.
 *
 * **Example** (An image)
 *
 * ```ts
 * import * as LambdaResponse from "effect-lambda-runtime/LambdaResponse"
 *
 * LambdaResponse.bytes(new Uint8Array([137, 80, 78, 71]), "image/png").contentType // => "image/png"
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const bytes = (body: Uint8Array, contentType: string = "application/octet-stream"): Buffered => ({
  _tag: "Buffered",
  contentType,
  body
})

/**
 * A streamed answer: each element is sent as it is made, and the stream is not pulled faster than the
 * caller reads.
 *
 * **Details**
 *
 * A failure before the first element is an ordinary function error. After it, the caller sees the error
 * at the end of the stream.
 *
 * **Example** (Two lines)
 *
 * ```ts
 * import * as LambdaResponse from "effect-lambda-runtime/LambdaResponse"
 * import * as Stream from "effect/Stream"
 *
 * LambdaResponse.stream(Stream.make("one\n", "two\n"), { contentType: "text/plain" })._tag // => "Streamed"
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const stream = <E = never, R = never>(
  body: Stream.Stream<Uint8Array | string, E, R>,
  options?: { readonly contentType?: string | undefined } | undefined
): Streamed<E, R> => ({
  _tag: "Streamed",
  contentType: options?.contentType ?? "application/octet-stream",
  prelude: undefined,
  body
})

/**
 * A streamed answer with an HTTP status, headers and cookies, for functions behind a function URL or an
 * API Gateway in streaming mode.
 *
 * **Gotchas**
 *
 * The front door must be in streaming mode (`InvokeMode: RESPONSE_STREAM`, `responseTransferMode: STREAM`);
 * a buffered one hands the head to the caller as part of the body. The head must fit into 16 KB.
 *
 * **Example** (A teapot)
 *
 * ```ts
 * import * as LambdaResponse from "effect-lambda-runtime/LambdaResponse"
 *
 * const response = LambdaResponse.http({ status: 418, headers: { "content-type": "text/plain" }, body: "short and stout" })
 * response.prelude?.statusCode // => 418
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const http = <E = never, R = never>(options: {
  readonly status?: number | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly multiValueHeaders?: Readonly<Record<string, ReadonlyArray<string>>> | undefined
  readonly cookies?: ReadonlyArray<string> | undefined
  readonly body?: Stream.Stream<Uint8Array | string, E, R> | Uint8Array | string | undefined
}): Streamed<E, R> => ({
  _tag: "Streamed",
  contentType: HttpIntegrationContentType,
  prelude: {
    statusCode: options.status ?? 200,
    headers: options.headers,
    multiValueHeaders: options.multiValueHeaders,
    cookies: options.cookies
  },
  body: options.body === undefined
    ? Stream.empty
    : typeof options.body === "string" || options.body instanceof Uint8Array
    ? Stream.succeed(options.body)
    : options.body
})
