/**
 * What the local server needs of Node beneath Effect's HTTP: the connection of a request, its trailers, headers that
 * repeat or keep their case, and requests of one connection answered one after the other.
 */
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import * as Effect from "effect/Effect"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as Semaphore from "effect/Semaphore"
import type * as Http from "node:http"
import type { HeaderList } from "../../transport.ts"
import type { Connection } from "../function/environments.ts"

/** The local server speaks HTTP/1.1 only. */
const incoming = (request: HttpServerRequest) =>
  NodeHttpServerRequest.toIncomingMessage(request) as Http.IncomingMessage

const outgoing = (request: HttpServerRequest) => NodeHttpServerRequest.toServerResponse(request) as Http.ServerResponse

export const connection = (request: HttpServerRequest): Connection => incoming(request).socket

/** Complete once the body has been read to its end; names are in lower case. */
export const trailers = (request: HttpServerRequest): Readonly<Record<string, string | undefined>> =>
  incoming(request).trailers

/** Adds header lines to the response of this request. Those of the `HttpServerResponse` replace them. */
export const addHeaders = (request: HttpServerRequest, headers: HeaderList): Effect.Effect<void> =>
  Effect.sync(() => {
    const response = outgoing(request)
    for (const [name, value] of headers) response.appendHeader(name, value)
  })

/** Sends the head of the response now, ahead of a body that may take its time. */
export const sendHead = (request: HttpServerRequest): Effect.Effect<void> =>
  Effect.sync(() => outgoing(request).flushHeaders())

/** Waits until everything written so far has been handed to the network. */
export const flushed = (request: HttpServerRequest): Effect.Effect<void> =>
  Effect.callback((resume) => {
    outgoing(request).write(new Uint8Array(), () => resume(Effect.void))
  })

/**
 * Runs the requests of one connection one after the other, in the order in which they came.
 *
 * Node hands out a pipelined request while the one before it is still being answered; a runtime that sends its answer
 * and its next poll in one write means them in that order.
 */
export const makeInOrder = (): <A, E, R>(
  request: HttpServerRequest,
  effect: Effect.Effect<A, E, R>
) => Effect.Effect<A, E, R> => {
  const turns = new WeakMap<Connection, Semaphore.Semaphore>()
  return (request, effect) =>
    Effect.suspend(() => {
      const key = connection(request)
      const turn = turns.get(key) ?? Semaphore.makeUnsafe(1)
      turns.set(key, turn)
      return turn.withPermit(effect)
    })
}
