/**
 * The Runtime API over Effect's `HttpClient`.
 */
import * as Arr from "effect/Array"
import * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Pull from "effect/Pull"
import * as Semaphore from "effect/Semaphore"
import * as Stream from "effect/Stream"
import type { ErrorReport } from "../ErrorReport.ts"
import { LambdaEnvironment } from "../LambdaEnvironment.ts"
import type { RuntimeApi } from "../RuntimeApi.ts"
import { ConnectionError, type Operation, ProtocolError, RuntimeApiError } from "../RuntimeApiError.ts"
import * as connectionFailure from "./connectionFailure.ts"
import { toFieldValue } from "./http1/requestEncoder.ts"
import * as runtimeApi from "./runtimeApi.ts"
import * as runtimeApiAddress from "./runtimeApiAddress.ts"
import type { HeaderList, StreamedBody, Transport, TransportResponse } from "./transport.ts"
import { userAgent } from "./userAgent.ts"

export const make: Effect.Effect<
  RuntimeApi["Service"],
  RuntimeApiError,
  HttpClient.HttpClient | LambdaEnvironment
> = Effect.gen(function*() {
  const environment = yield* LambdaEnvironment
  const client = yield* HttpClient.HttpClient
  const address = yield* Effect.fromResult(runtimeApiAddress.parseOption(environment.runtimeApi))
  return runtimeApi.make(makeTransport(client, address), environment)
})

const makeTransport = (client: HttpClient.HttpClient, address: runtimeApiAddress.RuntimeApiAddress): Transport => {
  const baseUrl = `http://${address.authority}${address.prefix}/2018-06-01`

  const failure = (operation: Operation) => (error: HttpClientError.HttpClientError) => {
    const { description, kind } = describe(error)
    const fields = { operation, address: address.authority, description }
    return new RuntimeApiError({
      reason: kind === "protocol" ? new ProtocolError(fields) : new ConnectionError(fields)
    })
  }

  const exchange = (
    operation: Operation,
    request: HttpClientRequest.HttpClientRequest
  ): Effect.Effect<TransportResponse, RuntimeApiError> =>
    client.execute(request).pipe(
      Effect.flatMap((response) =>
        Effect.map(response.arrayBuffer, (body) => ({
          status: response.status,
          headers: response.headers,
          body: new Uint8Array(body)
        }))
      ),
      Effect.mapError(failure(operation)),
      // A poll lasts until there is an event, which may be hours: no span should be open for that long.
      Effect.provideService(HttpClient.TracerDisabledWhen, everyRequest)
    )

  const postRequest = (
    path: string,
    headers: HeaderList,
    body: (contentType: string | undefined) => HttpBody.HttpBody
  ) => {
    const fields = Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), toFieldValue(value)]))
    return HttpClientRequest.post(`${baseUrl}${path}`, {
      headers: { ...fields, "user-agent": userAgent },
      body: body(fields["content-type"])
    })
  }

  return {
    pipelining: false,
    poll: (operation, path, read) =>
      Effect.flatMap(
        exchange(operation, HttpClientRequest.get(`${baseUrl}${path}`, { headers: { "user-agent": userAgent } })),
        read
      ),
    // The connections are the client's affair; this header is what can be said about the one that it takes.
    pollOnce: (operation, path, read) =>
      Effect.flatMap(
        exchange(
          operation,
          HttpClientRequest.get(`${baseUrl}${path}`, { headers: { "user-agent": userAgent, "connection": "close" } })
        ),
        read
      ),
    post: (operation, path, headers, body, _pollAhead, read) => {
      const request = postRequest(
        path,
        headers,
        (contentType) =>
          typeof body === "string" ? HttpBody.text(body, contentType) : HttpBody.uint8Array(body, contentType)
      )
      // A kept connection may turn out to be dead only when it is used. Saying an answer twice is safe: the Runtime API
      // takes the first and refuses the second.
      const answer = Effect.retry(exchange(operation, request), {
        times: 1,
        while: ({ reason }) => reason._tag === "ConnectionError"
      })
      return Effect.flatMap(answer, read)
    },
    postStream: (operation, path, headers, body) =>
      Effect.contextWith((context: Context.Context<never>) => {
        const { pull, stop } = stoppable(body, context)
        const request = postRequest(
          path,
          headers,
          (contentType) => HttpBody.stream(Stream.fromPull(Effect.succeed(pull)), contentType)
        )
        return exchange(operation, request).pipe(
          Effect.onExit(() => stop),
          // No answer can come to a body that was cut off on purpose.
          Effect.catch((error) => body.failure() === undefined ? Effect.fail(error) : Effect.succeed(cutOff))
        )
      })
  }
}

const everyRequest = () => true

const cutOff: TransportResponse = { status: 202, headers: {}, body: new Uint8Array() }

/**
 * A body that nobody pulls any more once the call is over. Clients upload in a fiber of their own, which may outlive
 * the call: after an early answer, say.
 */
const stoppable = (body: StreamedBody, context: Context.Context<never>) => {
  const over = Deferred.makeUnsafe<never>()
  const pulling = Semaphore.makeUnsafe(1)
  // What is set for the call, such as no tracing, is not meant for requests that the producer makes.
  const produce = Effect.updateContext(body.pull, (_: Context.Context<never>) => context)

  const pull: Pull.Pull<Arr.NonEmptyReadonlyArray<Uint8Array>, ErrorReport> = Pull.matchEffect(produce, {
    onSuccess: (elements) => {
      const chunks = elements.map(encode).filter(isNotEmpty)
      return Arr.isArrayNonEmpty(chunks) ? Effect.succeed(chunks) : pull
    },
    onDone: (): Pull.Pull<never, ErrorReport> => {
      const report = body.failure()
      // What was written leaves with the next turn of the event loop, and is lost if the connection is cut before.
      return report === undefined ? Cause.done() : Effect.andThen(Effect.yieldNow, Effect.fail(report))
    },
    onFailure: Effect.failCause
  })

  return {
    pull: pulling.withPermit(Effect.raceFirst(Deferred.await(over), pull)),
    /** Completes when the producer has stopped. */
    stop: Effect.andThen(Deferred.interrupt(over), pulling.withPermit(Effect.void))
  }
}

const encoder = new TextEncoder()

const encode = (element: Uint8Array | string): Uint8Array =>
  typeof element === "string" ? encoder.encode(element) : element

/** A chunk of length zero would end the body. */
const isNotEmpty = (chunk: Uint8Array): boolean => chunk.length > 0

/** Clients wrap the error of the system differently; it is the innermost cause. */
const describe = (
  { reason }: HttpClientError.HttpClientError
): { readonly kind: "connection" | "protocol"; readonly description: string } => {
  let cause: unknown = reason
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause
  if (!(cause instanceof Error)) return { kind: "connection", description: reason.message }
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : undefined
  return cause.name === "HTTPParserError" || code !== undefined && malformed.test(code)
    ? { kind: "protocol", description: cause.message }
    : {
      kind: "connection",
      description: connectionFailure.describe({ code, message: cause.message, name: cause.name })
    }
}

/**
 * A response that ends too early is a lost connection.
 *
 * https://github.com/nodejs/llhttp/blob/main/src/llhttp/constants.ts
 * https://github.com/nodejs/undici/blob/main/docs/docs/api/Errors.md
 */
const malformed = /^(HPE_(?!INVALID_EOF_STATE)|UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES_)/
