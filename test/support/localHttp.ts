/**
 * HTTP clients under a test's control, over real sockets: whole requests, requests that are written piece by piece,
 * and responses that are read piece by piece.
 */
import * as Cause from "effect/Cause"
import * as Data from "effect/Data"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as Http from "node:http"

export class ExchangeFailed extends Data.TaggedError("ExchangeFailed")<{ readonly cause: unknown }> {}

export interface Reply {
  readonly status: number
  readonly headers: Http.IncomingHttpHeaders
  readonly rawHeaders: ReadonlyArray<string>
  readonly text: string
}

export interface StreamingReply {
  readonly status: number
  readonly headers: Http.IncomingHttpHeaders
  readonly rawHeaders: ReadonlyArray<string>
  /** The next bytes as text, `undefined` at the end; a transfer that is cut off fails. Nothing is read before. */
  readonly read: Effect.Effect<string | undefined, ExchangeFailed>
  /** Everything that is left. */
  readonly rest: Effect.Effect<string, ExchangeFailed>
}

export interface Exchange {
  /** Sends the head and waits for 100 Continue: the server has begun to read the body. */
  readonly proceed: Effect.Effect<void>
  /** Waits until the chunk may be followed by another one. */
  readonly write: (chunk: string | Uint8Array) => Effect.Effect<void, ExchangeFailed>
  readonly end: (trailers?: Http.OutgoingHttpHeaders) => Effect.Effect<void>
  /** Cuts the connection. */
  readonly destroy: Effect.Effect<void>
  readonly reply: Effect.Effect<StreamingReply, ExchangeFailed>
  readonly request: Http.ClientRequest
}

export interface RequestOptions {
  /** `host:port`. */
  readonly address: string
  readonly method?: string | undefined
  readonly path: string
  readonly headers?: Http.OutgoingHttpHeaders | undefined
  readonly agent?: Http.Agent | undefined
}

/** A request that is written by the test. It is cut when the scope closes. */
export const open = (options: RequestOptions): Effect.Effect<Exchange, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const [host, port] = options.address.split(":")
      const reply = Deferred.makeUnsafe<StreamingReply, ExchangeFailed>()
      const request = Http.request({
        host,
        port,
        method: options.method ?? "POST",
        path: options.path,
        headers: options.headers,
        agent: options.agent ?? false
      })
      request.on("response", (response) => Deferred.doneUnsafe(reply, Effect.succeed(streamingReply(response))))
      request.on("error", (cause) => Deferred.doneUnsafe(reply, Effect.fail(new ExchangeFailed({ cause }))))
      const exchange: Exchange = {
        request,
        proceed: Effect.callback((resume) => {
          request.once("continue", () => resume(Effect.void))
          request.flushHeaders()
        }),
        write: (chunk) =>
          Effect.callback((resume) => {
            const fail = (cause: unknown) => resume(Effect.fail(new ExchangeFailed({ cause })))
            request.once("error", fail)
            const proceed = () => {
              request.off("error", fail)
              resume(Effect.void)
            }
            if (request.write(chunk)) proceed()
            else request.once("drain", proceed)
          }),
        end: (trailers) =>
          Effect.sync(() => {
            if (trailers !== undefined) request.addTrailers(trailers as Record<string, string>)
            request.end()
          }),
        destroy: Effect.sync(() => {
          request.destroy()
        }),
        reply: Deferred.await(reply)
      }
      return exchange
    }),
    ({ destroy }) => destroy
  )

const streamingReply = (response: Http.IncomingMessage): StreamingReply => {
  const chunks = Queue.make<string, ExchangeFailed | Cause.Done>().pipe(Effect.runSync)
  let reading = false
  const start = Effect.sync(() => {
    if (reading) return
    reading = true
    response.setEncoding("utf8")
    response.on("data", (chunk: string) => Queue.offerUnsafe(chunks, chunk))
    response.on("end", () => Queue.endUnsafe(chunks))
  })
  const fail = (cause: unknown) => Queue.failCauseUnsafe(chunks, Cause.fail(new ExchangeFailed({ cause })))
  response.on("error", fail)
  const read: StreamingReply["read"] = Effect.andThen(start, Queue.take(chunks)).pipe(
    Effect.catchTag("Done", () => Effect.succeed(undefined))
  )
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    rawHeaders: response.rawHeaders,
    read,
    rest: Effect.gen(function*() {
      let text = ""
      while (true) {
        const chunk = yield* read
        if (chunk === undefined) return text
        text += chunk
      }
    })
  }
}

/** A whole request, and the whole reply to it. Interrupting it cuts the connection. */
export const send = (
  options: RequestOptions & { readonly body?: string | Uint8Array | undefined }
): Effect.Effect<Reply, ExchangeFailed> =>
  Effect.scoped(Effect.gen(function*() {
    const exchange = yield* open({
      ...options,
      headers: { "content-length": Buffer.byteLength(options.body ?? ""), ...options.headers }
    })
    exchange.request.end(options.body)
    const { headers, rawHeaders, rest, status } = yield* exchange.reply
    return { status, headers, rawHeaders, text: yield* rest }
  }))

/** Connections that are kept and used again, `maxSockets` of them at most. They are cut when the scope closes. */
export const keepAlive = (maxSockets: number): Effect.Effect<Http.Agent, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => new Http.Agent({ keepAlive: true, maxSockets })),
    (agent) => Effect.sync(() => agent.destroy())
  )
