/**
 * The answer of a front door on its way to an HTTP caller.
 */
import * as Effect from "effect/Effect"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type { HeaderList } from "../../transport.ts"
import * as nodeRequest from "../http/nodeRequest.ts"
import type { ProxyResponse } from "./proxyResponse.ts"
import * as relayedHeaders from "./relayedHeaders.ts"

/** The headers that a front door has, and what it does with those of a function. */
export interface HeaderPolicy {
  readonly added: HeaderList
  readonly remapped: relayedHeaders.Remapped
}

/** Which of a function's headers its caller gets; the front door's own take the place of theirs. */
export const relay = ({ added, remapped }: HeaderPolicy) => {
  const own = new Set(added.map(([name]) => name.toLowerCase()))
  return (headers: HeaderList): HeaderList => [
    ...added,
    ...relayedHeaders.toCaller(headers, remapped).filter(([name]) => !own.has(name.toLowerCase()))
  ]
}

/** Sends what a function's result stands for. */
export const send = (request: HttpServerRequest, response: ProxyResponse, policy: HeaderPolicy) =>
  Effect.as(
    nodeRequest.addHeaders(request, [
      ...relay(policy)(response.headers),
      ...relayedHeaders.setCookies(response.cookies)
    ]),
    HttpServerResponse.uint8Array(response.body, { status: response.status, contentType: response.contentType })
  )

/** What a front door says itself. Its JSON is given as text, because every service has its own spaces in it. */
export const reply = (status: number, json: string, headers: Readonly<Record<string, string>> = {}) =>
  HttpServerResponse.text(json, { status, contentType: "application/json", headers })
