/**
 * The API Gateway Management API on this machine: it keeps every request, and answers as a test has told it.
 */
import * as Effect from "effect/Effect"
import { once } from "node:events"
import * as http from "node:http"
import { buffer } from "node:stream/consumers"

export interface SeenRequest {
  readonly method: string
  /** As it was sent. */
  readonly path: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

export interface ManagementApi {
  readonly endpoint: string
  readonly requests: Array<SeenRequest>
  /** What the next requests are answered with. */
  answer: { readonly status: number; readonly body: string }
}

export const make = Effect.gen(function*() {
  const server = http.createServer((request, response) => {
    void buffer(request).then((body) => {
      api.requests.push({
        method: request.method ?? "",
        path: request.url ?? "",
        headers: request.headers,
        body: body.toString()
      })
      response.writeHead(api.answer.status, { "content-type": "application/json" }).end(api.answer.body)
    })
  })
  server.listen(0, "127.0.0.1")
  yield* Effect.promise(() => once(server, "listening"))
  yield* Effect.addFinalizer(() => Effect.sync(() => server.close().closeAllConnections()))
  const address = server.address()
  const port = address !== null && typeof address === "object" ? address.port : 0
  const api: ManagementApi = {
    endpoint: `http://127.0.0.1:${port}/prod`,
    requests: [],
    answer: { status: 200, body: "" }
  }
  return api
})
