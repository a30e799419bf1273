/**
 * An Effect HTTP request that an event holds, without a request of the web or of Node in between.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Cookies from "effect/http/Cookies"
import type * as Headers from "effect/http/Headers"
import * as HttpIncomingMessage from "effect/http/HttpIncomingMessage"
import { HttpServerError, RequestParseError } from "effect/http/HttpServerError"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as Multipart from "effect/http/Multipart"
import * as UrlParams from "effect/http/UrlParams"
import * as Inspectable from "effect/Inspectable"
import * as Option from "effect/Option"
import type * as Path from "effect/Path"
import type * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type * as Socket from "effect/socket/Socket"
import * as Stream from "effect/Stream"
import { Buffer } from "node:buffer"
import type { HttpEvent } from "../../LambdaHttp.ts"
import type { LambdaResponse } from "../../LambdaResponse.ts"
import type { RequestForm } from "./requestForm.ts"

type Views = Parameters<HttpServerRequest.HttpServerRequest["modify"]>[0]

export class LambdaRequest extends Inspectable.Class implements HttpServerRequest.HttpServerRequest {
  readonly [HttpServerRequest.TypeId]: typeof HttpServerRequest.TypeId = HttpServerRequest.TypeId
  readonly [HttpIncomingMessage.TypeId]: typeof HttpIncomingMessage.TypeId = HttpIncomingMessage.TypeId
  readonly event: HttpEvent
  readonly url: string
  readonly headers: Headers.Headers
  readonly remoteAddress: Option.Option<string>
  readonly peerAddress: Option.Option<string>
  readonly protocol: "http" | "https" | undefined
  /** What the request is answered with, once that is known. */
  answer: LambdaResponse | undefined = undefined
  /** The application or its body has failed, which has been seen to. */
  hasFailed = false
  /** When the response is to be there, in milliseconds since 1970, and how long before the deadline that is. */
  timeLimit: { readonly end: number; readonly margin: number } | undefined = undefined
  /** Ends with the invocation. */
  readonly invocationScope: Scope.Scope
  private readonly form: RequestForm
  private cachedCookies: Readonly<Record<string, string>> | undefined = undefined
  private cachedBytes: Uint8Array | undefined = undefined

  constructor(event: HttpEvent, form: RequestForm, invocationScope: Scope.Scope, view: Views = {}) {
    super()
    this.event = event
    this.form = form
    this.invocationScope = invocationScope
    this.url = view.url ?? form.url
    this.headers = view.headers ?? form.headers
    this.remoteAddress = view.remoteAddress ?? Option.fromUndefinedOr(form.remoteAddress)
    this.peerAddress = view.peerAddress ?? this.remoteAddress
    this.protocol = view.protocol
  }

  get source(): object {
    return this.event.event
  }

  get method(): string {
    return this.form.method
  }

  get originalUrl(): string {
    return this.form.originalUrl
  }

  /** For the log: without the query, in which secrets may be. */
  get label(): string {
    return `${this.method} ${this.form.url.split("?", 1)[0]}`
  }

  get cookies(): Readonly<Record<string, string>> {
    return this.cachedCookies ??= Cookies.parseHeader(this.headers["cookie"] ?? "")
  }

  modify(view: Views): HttpServerRequest.HttpServerRequest {
    const { headers, peerAddress, protocol, remoteAddress, url } = this
    return new LambdaRequest(this.event, this.form, this.invocationScope, {
      url,
      headers,
      remoteAddress,
      peerAddress,
      ...protocol === undefined ? {} : { protocol },
      ...view
    })
  }

  /** The whole body; Lambda has received it before there is an event. */
  private get bytes(): Effect.Effect<Uint8Array, HttpServerError> {
    return Effect.suspend(() => {
      if (this.cachedBytes !== undefined) return Effect.succeed(this.cachedBytes)
      const { body, isBase64Encoded } = this.form
      const bytes = Buffer.from(body, isBase64Encoded ? "base64" : "utf8")
      // Node ignores what is no base64, and then there are fewer bytes than there were characters for.
      if (isBase64Encoded && bytes.length !== base64Size(body)) return Effect.fail(this.parseError("no base64"))
      this.cachedBytes = bytes
      return Effect.succeed(bytes)
    })
  }

  get stream(): Stream.Stream<Uint8Array, HttpServerError> {
    return Stream.unwrap(
      Effect.map(this.bytes, (bytes) => bytes.length === 0 ? Stream.empty : Stream.succeed(bytes))
    )
  }

  private get boundedBytes(): Effect.Effect<Uint8Array, HttpServerError> {
    return Effect.withFiber((fiber) => {
      const limit = fiber.getRef(HttpIncomingMessage.MaxBodySize)
      return limit === undefined ? this.bytes : Effect.flatMap(this.bytes, (bytes) =>
        bytes.length > Number(limit)
          ? Effect.fail(
            new HttpServerError({
              reason: new RequestParseError({
                request: this,
                reason: "BodyTooLarge",
                description: `the body has more than ${limit} bytes`
              })
            })
          )
          : Effect.succeed(bytes))
    })
  }

  get arrayBuffer(): Effect.Effect<ArrayBuffer, HttpServerError> {
    // A buffer of Node may be a part of a larger one.
    return Effect.map(this.boundedBytes, (bytes) => new Uint8Array(bytes).buffer)
  }

  get text(): Effect.Effect<string, HttpServerError> {
    return Effect.withFiber((fiber) => {
      const { body, isBase64Encoded } = this.form
      return isBase64Encoded || fiber.getRef(HttpIncomingMessage.MaxBodySize) !== undefined
        ? Effect.map(this.boundedBytes, (bytes) => decoder.decode(bytes))
        // As a decoder leaves it.
        : Effect.succeed(body.toWellFormed().replace(/^\uFEFF/, ""))
    })
  }

  get json(): Effect.Effect<Schema.Json, HttpServerError> {
    return Effect.flatMap(this.text, (text) =>
      Effect.try({
        try: (): Schema.Json => text === "" ? null : JSON.parse(text),
        catch: (cause) => this.parseError("no JSON", cause)
      }))
  }

  get urlParamsBody(): Effect.Effect<UrlParams.UrlParams, HttpServerError> {
    // A question mark at the start belongs to the form, and URLSearchParams would take it for the start of a query.
    return Effect.map(
      this.boundedBytes,
      (bytes) => UrlParams.fromInput(new URLSearchParams(formDecoder.decode(bytes).replace(/^\?/, "%3F")))
    )
  }

  get multipartStream(): Stream.Stream<Multipart.Part, Multipart.MultipartError> {
    return Stream.pipeThroughChannel(
      Stream.mapError(this.stream, (cause) => Multipart.MultipartError.fromReason("InternalError", cause)),
      Multipart.makeChannel(this.headers)
    )
  }

  private persisted:
    | Effect.Effect<
      Multipart.Persisted,
      Multipart.MultipartError,
      Scope.Scope | FileSystem.FileSystem | Path.Path
    >
    | undefined = undefined

  /** Files are stored once, whoever asks for them. */
  get multipart(): Effect.Effect<
    Multipart.Persisted,
    Multipart.MultipartError,
    Scope.Scope | FileSystem.FileSystem | Path.Path
  > {
    return this.persisted ??= Effect.runSync(Effect.cached(Multipart.toPersisted(this.multipartStream)))
  }

  get upgrade(): Effect.Effect<Socket.Socket, HttpServerError> {
    return Effect.fail(this.parseError("a connection of Lambda cannot be upgraded"))
  }

  upgradeWith(): Effect.Effect<Socket.Socket, HttpServerError> {
    return this.upgrade
  }

  private parseError(description: string, cause?: unknown): HttpServerError {
    return new HttpServerError({ reason: new RequestParseError({ request: this, description, cause }) })
  }

  override toString(): string {
    return `LambdaRequest(${this.method} ${UrlParams.redactUrl(this.url)})`
  }

  toJSON(): unknown {
    return HttpIncomingMessage.inspect(this, {
      _id: "HttpServerRequest",
      method: this.method,
      url: UrlParams.redactUrl(this.originalUrl)
    })
  }
}

/** The request as it came, whatever an application has made of the one that it serves. */
export const ReceivedRequest = Context.Service<LambdaRequest>("effect-lambda-runtime/LambdaHttp/ReceivedRequest")

const decoder = new TextDecoder()

const formDecoder = new TextDecoder("utf-8", { ignoreBOM: true })

const base64Size = (text: string): number =>
  text.length % 4 === 0 ? text.length / 4 * 3 - (text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0) : -1
