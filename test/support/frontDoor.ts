/**
 * Callers of the front doors of a local server, and the runtime that answers them.
 */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import type * as Http from "node:http"
import type { PayloadVersion1 } from "../../src/internal/local/gateway/payloadVersion1.ts"
import type { PayloadVersion2 } from "../../src/internal/local/gateway/payloadVersion2.ts"
import * as LocalServer from "../../src/LocalServer.ts"
import * as localHttp from "./localHttp.ts"
import { type Event, makeRuntime, type Runtime } from "./localServer.ts"

export interface Request {
  readonly method?: string | undefined
  /** As it goes on the wire. */
  readonly path: string
  readonly headers?: Http.OutgoingHttpHeaders | undefined
  readonly body?: string | Uint8Array | undefined
}

/** A request whose reply is read while it comes. */
export const open = Effect.fnUntraced(function*({ body, headers, method = "GET", path }: Request) {
  const { address } = yield* LocalServer.LocalServer
  const exchange = yield* localHttp.open({ address, method, path, headers })
  exchange.request.end(body)
  return exchange
})

/** A whole request, and the whole reply to it. */
export const send = (request: Request) =>
  Effect.scoped(Effect.gen(function*() {
    const { headers, rawHeaders, rest, status } = yield* (yield* open(request)).reply
    return { status, headers, rawHeaders, text: yield* rest }
  }))

/** What a browser does. */
export const browse = Effect.fnUntraced(function*(path: string, init?: RequestInit) {
  const { address } = yield* LocalServer.LocalServer
  return yield* Effect.promise(() => fetch(`http://${address}${path}`, init))
})

/** The event that a runtime gets for a call, and what the caller gets for its answer. */
export const exchange = Effect.fnUntraced(function*<A, E, R>(
  runtime: Runtime,
  call: Effect.Effect<A, E, R>,
  answer: string | Uint8Array = "{}",
  headers?: Http.OutgoingHttpHeaders
) {
  const caller = yield* Effect.forkChild(call, { startImmediately: true })
  const event: Event = yield* runtime.next
  yield* runtime.respond(event.requestId, answer, headers)
  return { event, reply: yield* Fiber.join(caller) }
})

/** The error trailers of a streamed answer. */
export const errorTrailers = (error: { readonly errorType: string; readonly errorMessage: string }) => ({
  "Lambda-Runtime-Function-Error-Type": error.errorType,
  "Lambda-Runtime-Function-Error-Body": Buffer.from(JSON.stringify(error)).toString("base64")
})

/** What a streamed HTTP response starts with. */
export const prelude = (head: unknown): string => JSON.stringify(head) + "\0".repeat(8)

export const httpIntegration = { "content-type": "application/vnd.awslambda.http-integration-response" }

/** The text of the event of a request. */
export const eventOf = Effect.fnUntraced(function*(request: Request) {
  const { event } = yield* exchange(yield* makeRuntime(), send(request), "{\"statusCode\":200}")
  return event.text
})

/** The reply to a request, when the function gives this answer. */
export const replyTo = Effect.fnUntraced(function*(request: Request, answer: unknown) {
  const text = typeof answer === "string" ? answer : JSON.stringify(answer)
  return (yield* exchange(yield* makeRuntime(), send(request), text)).reply
})

export const version1 = (text: string): PayloadVersion1 => JSON.parse(text)

export const version2 = (text: string): PayloadVersion2 => JSON.parse(text)

/** Answers that are meant to be HTTP responses and that nobody can send. */
export const malformedResponses: ReadonlyArray<unknown> = [
  { statusCode: 200.5 },
  { statusCode: 0 },
  { statusCode: 1000 },
  { statusCode: "OK" },
  { statusCode: 200, body: { not: "text" } },
  { statusCode: 200, headers: "none" },
  { statusCode: 200, headers: { "bad name": "x" } }
]

/** The replies to a request whose function fails and to one whose function is late. */
export const failing = Effect.fnUntraced(function*(request: Request) {
  const runtime = yield* makeRuntime()
  const failed = yield* Effect.forkChild(send(request), { startImmediately: true })
  const { requestId } = yield* runtime.next
  yield* runtime.fail(requestId, "{\"errorType\":\"Oops\",\"errorMessage\":\"secret\"}")
  const late = yield* Effect.forkChild(send(request), { startImmediately: true })
  yield* runtime.next
  yield* TestClock.adjust("3 seconds")
  return [yield* Fiber.join(failed), yield* Fiber.join(late)]
})

export const assertBadGateway = (reply: { readonly status: number; readonly text: string }) => {
  assert.strictEqual(reply.status, 502)
  assert.strictEqual(reply.text, "Internal Server Error")
}
