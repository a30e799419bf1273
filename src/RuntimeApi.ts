/**
 * The Lambda Runtime API: where a function gets its events and leaves its answers.
 *
 * {@link layer} speaks HTTP/1.1 itself over one keep-alive connection per worker; {@link layerHttpClient} does
 * the same over any Effect `HttpClient`.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 * @since 0.1.0
 */
import type * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import type { ErrorReport } from "./ErrorReport.ts"
import * as httpClientTransport from "./internal/httpClientTransport.ts"
import * as socketTransport from "./internal/socketTransport.ts"
import type { Invocation } from "./Invocation.ts"
import type { LambdaEnvironment } from "./LambdaEnvironment.ts"
import type { LambdaResponse } from "./LambdaResponse.ts"
import type { RuntimeApiError } from "./RuntimeApiError.ts"

/**
 * The largest buffered response in bytes: 6 MiB and 100 bytes.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 * @category constants
 * @since 0.1.0
 */
export const MaxResponseSize = 6_291_556

/**
 * What became of an answer.
 *
 * **Details**
 *
 * - `Accepted`: Lambda has the whole answer.
 * - `NotStarted`: the stream failed before its first element, and nothing was sent. The invocation is still
 *   open: report the cause with `fail`.
 * - `Aborted`: the stream failed after its first element. The caller has been told; the invocation is over.
 *
 * @category models
 * @since 0.1.0
 */
export type Delivery<E> =
  | { readonly _tag: "Accepted" }
  | { readonly _tag: "NotStarted"; readonly cause: Cause.Cause<E> }
  | { readonly _tag: "Aborted"; readonly cause: Cause.Cause<E> }

/**
 * The Runtime API of this function process.
 *
 * **When to use**
 *
 * `Lambda.launch` uses it for you. Use it directly to write another loop, or provide your own to run functions
 * on another host.
 *
 * **Example** (One invocation by hand)
 *
 * ```ts
 * import * as LambdaResponse from "effect-lambda-runtime/LambdaResponse"
 * import * as LambdaTest from "effect-lambda-runtime/LambdaTest"
 * import * as RuntimeApi from "effect-lambda-runtime/RuntimeApi"
 * import * as Effect from "effect/Effect"
 *
 * const once = RuntimeApi.RuntimeApi.use((api) =>
 *   Effect.flatMap(api.next, (invocation) => api.respond(invocation, LambdaResponse.text("done"))))
 *
 * const answer = LambdaTest.LambdaTest.use(({ invoke }) => Effect.all([invoke({}), once], { concurrency: 2 }))
 *
 * const [text] = await Effect.runPromise(Effect.provide(answer, LambdaTest.layerRuntimeApi))
 * text // => "done"
 * ```
 *
 * @category services
 * @since 0.1.0
 */
export class RuntimeApi extends Context.Service<RuntimeApi, {
  /**
   * Waits, without a timeout, for the next invocation. One that has begun to arrive when the wait is interrupted is
   * reported as failed.
   *
   * Fails with `InvalidInvocation` when the event lacks a required header, with `ConnectionError`,
   * `ProtocolError` or `StatusError` otherwise.
   */
  readonly next: Effect.Effect<Invocation["Service"], RuntimeApiError>
  /**
   * Answers an invocation, once.
   *
   * A streamed body is opened with its first element and pulled as fast as the platform reads. With `polledAhead`,
   * a `RuntimeApi` whose `pipelining` is on sends the next poll together with a buffered answer; the caller
   * promises to have nothing left to do for this invocation, and to call `next` afterwards.
   */
  readonly respond: <E = never, R = never>(
    invocation: InvocationReference,
    response: LambdaResponse<E, R>,
    options?: RespondOptions | undefined
  ) => Effect.Effect<Delivery<E>, RuntimeApiError, R>
  /** Reports that an invocation failed. */
  readonly fail: (invocation: InvocationReference, report: ErrorReport) => Effect.Effect<void, RuntimeApiError>
  /** Reports that the function could not start. */
  readonly initError: (report: ErrorReport) => Effect.Effect<void, RuntimeApiError>
  /**
   * Says that the function may be snapshotted, and waits, without a timeout, until it has been restored. For functions
   * with SnapStart only, once, before the first `next`. No connection is kept from before the snapshot.
   */
  readonly restoreNext: Effect.Effect<void, RuntimeApiError>
  /** Reports that the function could not go on after it was restored. */
  readonly restoreError: (report: ErrorReport) => Effect.Effect<void, RuntimeApiError>
  /** Whether `respond` heeds `polledAhead`. */
  readonly pipelining: boolean
}>()("effect-lambda-runtime/RuntimeApi") {}

/**
 * Settings of one answer.
 *
 * @category models
 * @since 0.1.0
 */
export interface RespondOptions {
  /** Send the next poll together with a buffered answer, when `pipelining` is on. */
  readonly polledAhead?: boolean | undefined
}

/**
 * The part of an invocation that says which one it is.
 *
 * @category models
 * @since 0.1.0
 */
export type InvocationReference = Pick<Invocation["Service"], "requestId" | "invocationId">

/**
 * Settings of {@link layerOptions}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** Where the Runtime API is: `host:port`, optionally with a scheme and a path prefix. Default: `AWS_LAMBDA_RUNTIME_API`. */
  readonly address?: string | undefined
  /**
   * Lets a buffered answer and the next poll leave in one write when nothing has to happen between them.
   *
   * Off by default: it has not been proved on AWS's own server.
   */
  readonly pipelining?: boolean | undefined
}

/**
 * The Runtime API that `AWS_LAMBDA_RUNTIME_API` names, over connections of its own.
 *
 * Fails with `InvalidAddress` when the variable is missing or holds no address. Connections are opened when they
 * are first needed.
 *
 * **Example** (Where the platform says)
 *
 * ```ts
 * import * as LambdaEnvironment from "effect-lambda-runtime/LambdaEnvironment"
 * import * as RuntimeApi from "effect-lambda-runtime/RuntimeApi"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 *
 * const live = RuntimeApi.layer.pipe(Layer.provide(LambdaEnvironment.layer))
 *
 * const error = await Effect.runPromise(Effect.flip(Effect.provide(RuntimeApi.RuntimeApi, live)))
 * error.message.startsWith("AWS_LAMBDA_RUNTIME_API: it is not set") // => true
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<RuntimeApi, RuntimeApiError, LambdaEnvironment> = Layer.effect(
  RuntimeApi,
  socketTransport.make({})
)

/**
 * {@link layer} with settings.
 *
 * **Example** (Another port)
 *
 * ```ts
 * import * as RuntimeApi from "effect-lambda-runtime/RuntimeApi"
 *
 * const layer = RuntimeApi.layerOptions({ address: "127.0.0.1:9001", pipelining: true })
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layerOptions: (options: Options) => Layer.Layer<RuntimeApi, RuntimeApiError, LambdaEnvironment> = (
  options
) => Layer.effect(RuntimeApi, socketTransport.make(options))

/**
 * The same service over Effect's `HttpClient`, for hosts without TCP sockets or with a client of their own.
 *
 * **Details**
 *
 * On Node.js use `NodeHttpClient.layerNodeHttpOptions({ keepAlive: true })`: it waits for an event as long as it
 * takes, keeps its connections and sends every element of a stream at once. `layerUndici` gives up a poll after one
 * hour, `layerFetch` after five minutes, and both hold back elements of a stream.
 *
 * **Gotchas**
 *
 * Two to eight times the CPU of {@link layer}. `HttpClient` cannot send trailers, so a stream that fails half-way is
 * cut off, and Lambda reports `Runtime.TruncatedResponse` in place of the error. `node:http` refuses an event whose
 * headers are larger than 16 KiB (`--max-http-header-size`).
 *
 * **Example** (Over node:http)
 *
 * ```ts
 * import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
 * import * as RuntimeApi from "effect-lambda-runtime/RuntimeApi"
 * import * as Layer from "effect/Layer"
 *
 * const layer = RuntimeApi.layerHttpClient.pipe(
 *   Layer.provide(NodeHttpClient.layerNodeHttpOptions({ keepAlive: true }))
 * )
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layerHttpClient: Layer.Layer<RuntimeApi, RuntimeApiError, HttpClient.HttpClient | LambdaEnvironment> =
  // Marked pure so that a bundle without it is without effect/http too.
  /* @__PURE__ */ Layer.effect(RuntimeApi, httpClientTransport.make)
