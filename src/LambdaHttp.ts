/**
 * Effect HTTP applications as Lambda functions: the same `HttpRouter`, `HttpApi` or effect that a server on Node serves.
 *
 * @since 0.1.0
 */
import type * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import type { HttpServerResponse } from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as NetAddress from "effect/net/NetAddress"
import type * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import type { EventError } from "./EventError.ts"
import type * as Alb from "./events/Alb.ts"
import type * as ApiGatewayV1 from "./events/ApiGatewayV1.ts"
import type * as ApiGatewayV2 from "./events/ApiGatewayV2.ts"
import type * as FunctionUrl from "./events/FunctionUrl.ts"
import type * as VpcLattice from "./events/VpcLattice.ts"
import type { Handler } from "./Handler.ts"
import * as application from "./internal/http/application.ts"
import * as currentEvent from "./internal/http/currentEvent.ts"
import type { Invocation } from "./Invocation.ts"
import * as Lambda from "./Lambda.ts"

/**
 * The event of a request, by the front door that has sent it.
 *
 * - `ApiGatewayV1`: a REST API, or an HTTP API in the payload format 1.0.
 * - `ApiGatewayV2`: an HTTP API in the payload format 2.0.
 * - `FunctionUrl`: the URL of a function.
 * - `Alb`: an Application Load Balancer.
 * - `VpcLatticeV1`, `VpcLatticeV2`: VPC Lattice, in either version of its event structure.
 *
 * @category models
 * @since 0.1.0
 */
export type HttpEvent =
  | { readonly _tag: "ApiGatewayV1"; readonly event: ApiGatewayV1.Event }
  | { readonly _tag: "ApiGatewayV2"; readonly event: ApiGatewayV2.Event }
  | { readonly _tag: "FunctionUrl"; readonly event: FunctionUrl.Event }
  | { readonly _tag: "Alb"; readonly event: Alb.Event }
  | { readonly _tag: "VpcLatticeV1"; readonly event: VpcLattice.EventV1 }
  | { readonly _tag: "VpcLatticeV2"; readonly event: VpcLattice.EventV2 }

/**
 * How responses are sent.
 *
 * - `buffered`: when they are whole. The front door is in buffered mode, which it is by default.
 * - `streamed`: while they are made. The function URL has `InvokeMode: RESPONSE_STREAM`, the REST API
 *   `responseTransferMode: STREAM`; what comes from front doors that cannot stream is buffered all the same.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
 * @category models
 * @since 0.1.0
 */
export type ResponseMode = "buffered" | "streamed"

/**
 * Settings of {@link handler}, {@link serve} and {@link layerOptions}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** `buffered` unless set otherwise. An event does not say in which mode its front door is. */
  readonly responseMode?: ResponseMode | undefined
  /**
   * What the path starts with before the application's own: `/v1`, which a custom domain name maps to an API. A path
   * without it is left as it is. The stage of an HTTP API is taken away without a setting.
   */
  readonly basePath?: string | undefined
  /**
   * How long before its deadline an invocation that has no response yet is answered with 504, and a body that is being
   * streamed is cut off. A quarter of a second unless set otherwise; never more than half of the time that there is.
   */
  readonly timeoutMargin?: Duration.Input | undefined
}

/**
 * The event of the request that is being answered; none where the application does not run on Lambda.
 *
 * **When to use**
 *
 * For what HTTP does not say: the authorizer's data, path parameters and variables of a stage, the certificate of the
 * client.
 *
 * **Details**
 *
 * It needs no service, so that an endpoint that looks at it runs on any server. `Effect.serviceOption(Invocation)` is
 * the invocation in the same way.
 *
 * **Example** (Who calls)
 *
 * ```ts
 * import * as LambdaHttp from "effect-lambda-runtime/LambdaHttp"
 * import * as Effect from "effect/Effect"
 * import * as Option from "effect/Option"
 *
 * const subject = Effect.map(LambdaHttp.CurrentEvent, Option.flatMapNullishOr((request) =>
 *   request._tag === "ApiGatewayV2" ? request.event.requestContext.authorizer?.jwt?.claims["sub"] : undefined))
 *
 * Effect.runSync(subject) // => Option.none()
 * ```
 *
 * @category references
 * @since 0.1.0
 */
export const CurrentEvent: Context.Reference<Option.Option<HttpEvent>> = currentEvent.CurrentEvent

/**
 * An HTTP application as a handler.
 *
 * **When to use**
 *
 * For an effect that answers the `HttpServerRequest`, and where a handler is wanted: to combine it with others, or to
 * add to it. {@link serve} takes a layer of routes.
 *
 * **Details**
 *
 * The event says which front door it comes from, and the response takes the form of that one. What the application
 * needs besides the request, its scope and the `Invocation` the handler needs.
 *
 * A failure becomes a response by the rules of Effect: an error that is `HttpServerRespondable` gives its own, an unknown
 * route is a 404, anything else a 500. What is answered with 500 and above is logged with its cause. A response that no
 * front door would take is replaced with 502, and one that is late with 504; the next event is served in every case.
 *
 * Fails with an `EventError` when the event is no HTTP request, which the front door makes a 502 of.
 *
 * **Gotchas**
 *
 * Effect runs an application that is no router uninterruptibly: put `Effect.interruptible` around what may take long.
 *
 * **Example** (An echo)
 *
 * ```ts
 * import * as FunctionUrl from "effect-lambda-runtime/events/FunctionUrl"
 * import * as Lambda from "effect-lambda-runtime/Lambda"
 * import * as LambdaHttp from "effect-lambda-runtime/LambdaHttp"
 * import * as LambdaTest from "effect-lambda-runtime/LambdaTest"
 * import * as Effect from "effect/Effect"
 * import { HttpServerRequest } from "effect/http/HttpServerRequest"
 * import * as HttpServerResponse from "effect/http/HttpServerResponse"
 *
 * const echo = Effect.gen(function*() {
 *   const request = yield* HttpServerRequest
 *   return HttpServerResponse.text(yield* request.text)
 * })
 *
 * const answer = LambdaTest.LambdaTest.use(({ invoke }) => invoke(FunctionUrl.sample())).pipe(
 *   Effect.provide(LambdaTest.layer(Lambda.serve(LambdaHttp.handler(echo))))
 * )
 *
 * await Effect.runPromise(answer)
 * // => { statusCode: 200, headers: { "content-type": "text/plain" }, body: "Hello from client!", isBase64Encoded: false }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const handler = <E, R>(
  httpApplication: Effect.Effect<HttpServerResponse, E, R>,
  options?: Options | undefined
): Handler<
  EventError,
  Exclude<R, HttpServerRequest | Invocation | Scope.Scope> | Invocation | Scope.Scope
> => application.make(httpApplication, options ?? {})

/**
 * {@link layer} with settings.
 *
 * **Example** (Streaming through a function URL)
 *
 * ```ts
 * import * as LambdaHttp from "effect-lambda-runtime/LambdaHttp"
 *
 * const layer = LambdaHttp.layerOptions({ responseMode: "streamed" })
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layerOptions = (options: Options): Layer.Layer<HttpServer.HttpServer, never, Lambda.Server> =>
  Layer.effect(
    HttpServer.HttpServer,
    Effect.map(Lambda.Server, ({ register }) =>
      HttpServer.make({
        address,
        serve: (httpApplication, middleware) =>
          Effect.contextWith((context: Context.Context<never>) =>
            register(
              Effect.provideContext(Lambda.run(application.make(httpApplication, options, middleware)), context)
            )
          )
      }))
  )

/** A function has no address of its own; this one is for servers that log theirs. */
const address = NetAddress.unixPathAddress("lambda")

/**
 * The `HttpServer` of a function, for an application that is written for one.
 *
 * **When to use**
 *
 * In place of `NodeHttpServer.layer`, with the same `HttpRouter.serve` or `HttpServer.serve`. {@link serve} is
 * both for a layer of routes.
 *
 * **Example** (The same program on Lambda and on Node)
 *
 * ```ts
 * import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
 * import * as LambdaHttp from "effect-lambda-runtime/LambdaHttp"
 * import * as HttpRouter from "effect/http/HttpRouter"
 * import * as HttpServerResponse from "effect/http/HttpServerResponse"
 * import * as Layer from "effect/Layer"
 * import { createServer } from "node:http"
 *
 * const server = HttpRouter.serve(HttpRouter.add("GET", "/hello", HttpServerResponse.text("Hello")))
 *
 * const onLambda = Layer.provide(server, LambdaHttp.layer)
 * const onNode = Layer.provide(server, NodeHttpServer.layer(createServer, { port: 3000 }))
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<HttpServer.HttpServer, never, Lambda.Server> =
  // Marked pure so that a bundle without it is without effect/http too.
  /* @__PURE__ */ layerOptions({})

/**
 * Serves a layer of routes: an `HttpRouter`, or an `HttpApi` that `HttpApiBuilder.layer` has made one of.
 *
 * **When to use**
 *
 * As the program that `NodeLambda.runMain`, `Lambda.launch` and `LambdaTest.layer` take.
 *
 * **Details**
 *
 * The routes are built once, before the first event is asked for. It is `HttpRouter.serve` with {@link layer}, without
 * the line in the log that says where the server listens. `HttpRouter.serve` logs every request; `HttpRouter.disableLogger`
 * does without.
 *
 * **Example** (A route)
 *
 * ```ts
 * import * as ApiGatewayV2 from "effect-lambda-runtime/events/ApiGatewayV2"
 * import * as LambdaHttp from "effect-lambda-runtime/LambdaHttp"
 * import * as LambdaTest from "effect-lambda-runtime/LambdaTest"
 * import * as Effect from "effect/Effect"
 * import * as HttpRouter from "effect/http/HttpRouter"
 * import * as HttpServerResponse from "effect/http/HttpServerResponse"
 * import * as Schema from "effect/Schema"
 *
 * const feed = HttpRouter.add("POST", "/pets/:id", Effect.gen(function*() {
 *   const { id } = yield* HttpRouter.schemaPathParams(Schema.Struct({ id: Schema.FiniteFromString }))
 *   return HttpServerResponse.text(`Pet ${id} is fed`, { status: 202 })
 * }))
 *
 * const answer = LambdaTest.LambdaTest.use(({ invoke }) => invoke(ApiGatewayV2.sample())).pipe(
 *   Effect.provide(LambdaTest.layer(LambdaHttp.serve(feed)))
 * )
 *
 * await Effect.runPromise(answer)
 * // => { statusCode: 202, headers: { "content-type": "text/plain" }, body: "Pet 7 is fed", isBase64Encoded: false }
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const serve = <A, E, R>(
  routes: Layer.Layer<A, E, R>,
  options?: Options | undefined
): Layer.Layer<
  A,
  HttpRouter.Request.Without<E>,
  | Lambda.Server
  | Exclude<
    Exclude<
      | HttpRouter.Request.Without<R>
      | Exclude<
        HttpRouter.Request.Only<"Requires", R> | HttpRouter.Request.Only<"GlobalRequires", R>,
        HttpRouter.GlobalProvided
      >,
      HttpRouter.HttpRouter
    >,
    HttpServer.HttpServer
  >
> =>
  HttpRouter.serve(routes, { disableListenLog: true }).pipe(
    Layer.provide(layerOptions(options ?? {}))
  )
