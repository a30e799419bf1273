/**
 * The two sides of a local server: callers, and runtimes that the test plays itself.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type * as Http from "node:http"
import * as LocalServer from "../../src/LocalServer.ts"
import * as localHttp from "./localHttp.ts"

/** What a runtime got from `/next`. */
export interface Event {
  readonly status: number
  readonly requestId: string
  readonly invocationId: string
  readonly headers: Http.IncomingHttpHeaders
  readonly rawHeaders: ReadonlyArray<string>
  readonly text: string
}

export interface Runtime {
  readonly next: Effect.Effect<Event, localHttp.ExchangeFailed>
  readonly post: (
    path: string,
    body: string | Uint8Array,
    headers?: Http.OutgoingHttpHeaders
  ) => Effect.Effect<localHttp.Reply, localHttp.ExchangeFailed>
  readonly respond: (
    requestId: string,
    body: string | Uint8Array,
    headers?: Http.OutgoingHttpHeaders
  ) => Effect.Effect<localHttp.Reply, localHttp.ExchangeFailed>
  readonly fail: (
    requestId: string,
    body: string,
    headers?: Http.OutgoingHttpHeaders
  ) => Effect.Effect<localHttp.Reply, localHttp.ExchangeFailed>
  /** Opens a streamed answer. */
  readonly stream: (
    requestId: string,
    headers?: Http.OutgoingHttpHeaders
  ) => Effect.Effect<localHttp.Exchange, never, Scope.Scope>
  /** Ends the runtime as a process ends: its connections are gone. */
  readonly kill: Effect.Effect<void>
}

/** A runtime on one connection, or on a number of them. */
export const makeRuntime = Effect.fnUntraced(function*(connections: number = 1, runtimeApi?: string) {
  const server = yield* LocalServer.LocalServer
  const [address = "", ...segments] = (runtimeApi ?? server.address).split("/")
  const runtimePath = ["", ...segments, "2018-06-01/runtime"].join("/")
  const agent = yield* localHttp.keepAlive(connections)
  const post: Runtime["post"] = (path, body, headers) =>
    localHttp.send({ address, agent, path: `${runtimePath}${path}`, body, headers })
  const runtime: Runtime = {
    next: Effect.map(
      localHttp.send({ address, agent, method: "GET", path: `${runtimePath}/invocation/next` }),
      ({ headers, rawHeaders, status, text }) => ({
        status,
        headers,
        rawHeaders,
        text,
        requestId: String(headers["lambda-runtime-aws-request-id"]),
        invocationId: String(headers["lambda-runtime-invocation-id"])
      })
    ),
    post,
    respond: (requestId, body, headers) =>
      post(`/invocation/${requestId}/response`, body, { "content-type": "application/json", ...headers }),
    fail: (requestId, body, headers) =>
      post(`/invocation/${requestId}/error`, body, { "content-type": "application/json", ...headers }),
    stream: (requestId, headers) =>
      localHttp.open({
        address,
        path: `${runtimePath}/invocation/${requestId}/response`,
        headers: {
          "transfer-encoding": "chunked",
          "lambda-runtime-function-response-mode": "streaming",
          "trailer": "Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body",
          ...headers
        }
      }),
    kill: Effect.sync(() => agent.destroy())
  }
  return runtime
})

/** Calls the function. */
export const invoke = Effect.fnUntraced(function*(
  body: string | Uint8Array,
  headers?: Http.OutgoingHttpHeaders
) {
  const { url } = yield* LocalServer.LocalServer
  const { host, pathname } = new URL(url)
  return yield* localHttp.send({ address: host, path: pathname, body, headers })
})

/** Calls the function and reads the answer while it comes. */
export const invokeStreaming = Effect.fnUntraced(function*(body: string, headers?: Http.OutgoingHttpHeaders) {
  const { url } = yield* LocalServer.LocalServer
  const { host, pathname } = new URL(url)
  const exchange = yield* localHttp.open({ address: host, path: pathname, headers })
  exchange.request.end(body)
  return exchange
})

/** Waits until the server is as busy as that. */
export const until = Effect.fnUntraced(function*(activity: Partial<LocalServer.Activity>) {
  const server = yield* LocalServer.LocalServer
  yield* server.activity.pipe(
    Stream.filter((now) =>
      (activity.polls === undefined || activity.polls === now.polls) &&
      (activity.queued === undefined || activity.queued === now.queued) &&
      (activity.running === undefined || activity.running === now.running)
    ),
    Stream.runHead
  )
})

/** The `errorType` of an error body. */
export const errorType = (text: string): unknown => {
  const body: { readonly errorType?: unknown } = JSON.parse(text)
  return body.errorType
}
