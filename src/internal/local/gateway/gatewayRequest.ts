/**
 * An HTTP request that came in at a front door, as events describe it.
 */
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type { HttpServerError } from "effect/http/HttpServerError"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { HeaderList } from "../../transport.ts"
import { maxEventSize } from "../function/invocation.ts"
import * as boundedBody from "../http/boundedBody.ts"
import * as traceHeader from "../http/traceHeader.ts"
import * as relayedHeaders from "./relayedHeaders.ts"

/** API Gateway would take a body of 10 MB, but not hand it on. */
export class RequestTooLarge extends Data.TaggedError("RequestTooLarge") {}

/** The part of the request target that a front door is about. */
export interface Target {
  /** As it was sent, with its percent signs. */
  readonly path: string
  /** As it was sent, without the question mark. */
  readonly query: string
  /** The value that `Host` has or would have, with a port. */
  readonly domainName: string
}

export interface GatewayRequest extends Target {
  readonly method: string
  /** In the order and with the names in which they came, and with those that a front door adds. */
  readonly headers: HeaderList
  readonly body: Uint8Array
  readonly contentType: string | undefined
  /** For example `HTTP/1.1`. */
  readonly protocol: string
  readonly sourceIp: string
  readonly userAgent: string | undefined
  /** In milliseconds since the epoch. */
  readonly time: number
  readonly trace: traceHeader.Trace
}

/** Reads a request to its end. */
export const receive = Effect.fnUntraced(function*(
  request: HttpServerRequest,
  target: Target
): Effect.fn.Return<GatewayRequest, RequestTooLarge | HttpServerError> {
  const body = yield* boundedBody.read(request, maxEventSize)
  if (body._tag === "TooLarge") return yield* new RequestTooLarge()
  const incoming = NodeHttpServerRequest.toIncomingMessage(request)
  const time = yield* Clock.currentTimeMillis
  const trace = traceHeader.make(request.headers[traceHeader.name.toLowerCase()], time)
  const sourceIp = Option.getOrElse(request.remoteAddress, () => "127.0.0.1").replace(/^::ffff:/, "")
  const forwardedFor = request.headers["x-forwarded-for"]
  const sent = relayedHeaders.toFunction(headerLines(incoming.rawHeaders))
  const added: HeaderList = [
    [traceHeader.name, trace.header],
    ["X-Forwarded-For", forwardedFor === undefined ? sourceIp : `${forwardedFor}, ${sourceIp}`],
    ["X-Forwarded-Port", String(incoming.socket.localPort)],
    ["X-Forwarded-Proto", "http"]
  ]
  const isAdded = new Set(added.map(([name]) => name.toLowerCase()))
  // A chunked body has no length of its own, and those who read the event look for one.
  const length: HeaderList = body.bytes.length > 0 && request.headers["content-length"] === undefined
    ? [["Content-Length", String(body.bytes.length)]]
    : []
  return {
    ...target,
    method: request.method,
    headers: [...sent.filter(([name]) => !isAdded.has(name.toLowerCase())), ...length, ...added],
    body: body.bytes,
    contentType: request.headers["content-type"],
    protocol: `HTTP/${incoming.httpVersion}`,
    sourceIp,
    userAgent: request.headers["user-agent"],
    time,
    trace
  }
})

const headerLines = (rawHeaders: ReadonlyArray<string>): HeaderList =>
  Array.from(
    { length: rawHeaders.length / 2 },
    (_, index): readonly [string, string] => [rawHeaders[2 * index] ?? "", rawHeaders[2 * index + 1] ?? ""]
  )

/** All values of every name, in the order of the names. */
export const valuesByName = (entries: Iterable<readonly [name: string, value: string]>): Map<string, Array<string>> => {
  const values = new Map<string, Array<string>>()
  for (const [name, value] of entries) {
    const known = values.get(name)
    if (known === undefined) values.set(name, [value])
    else known.push(value)
  }
  return values
}

/** The query, decoded: a plus sign is a space. */
export const queryValues = ({ query }: Target): Map<string, Array<string>> => valuesByName(new URLSearchParams(query))

export const decode = (text: string): Option.Option<string> =>
  Result.getSuccess(Result.try(() => decodeURIComponent(text)))

/** The Common Log Format, as in `12/Mar/2020:19:03:58 +0000`. */
export const formatTime = (time: number): string => {
  const [, day = "", month = "", year = "", clock = ""] =
    /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(time).toUTCString()) ?? []
  return `${day}/${month}/${year}:${clock} +0000`
}
