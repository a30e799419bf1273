/**
 * The Lambda API, as far as it lists and invokes functions, and where to read what became of those that no one waited for.
 *
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import type { HttpServerError } from "effect/http/HttpServerError"
import { HttpServerRequest, type ParsedSearchParams } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type * as Scope from "effect/Scope"
import { version } from "../function/functionArn.ts"
import type { ShuttingDown, TooManyRequests } from "../function/invocation.ts"
import type { LocalFunctions } from "../function/localFunction.ts"
import * as boundedBody from "../http/boundedBody.ts"
import * as nodeRequest from "../http/nodeRequest.ts"
import * as bufferedInvocation from "./bufferedInvocation.ts"
import * as functionName from "./functionName.ts"
import * as invokeRequest from "./invokeRequest.ts"
import type { ServiceError } from "./serviceError.ts"
import * as serviceError from "./serviceError.ts"
import * as streamedInvocation from "./streamedInvocation.ts"

type Requirements = HttpServerRequest | HttpRouter.RouteContext | ParsedSearchParams | Scope.Scope

type Routes = ReadonlyArray<HttpRouter.Route<never, Requirements>>

type Failure = ServiceError | HttpServerError | ShuttingDown | TooManyRequests

type Handler = (request: HttpServerRequest, requestId: string) => Effect.Effect<
  HttpServerResponse.HttpServerResponse,
  Failure,
  Exclude<Requirements, HttpServerRequest>
>

export const routes = (functions: LocalFunctions): Routes => {
  const invoke: Handler = Effect.fnUntraced(function*(request, requestId) {
    const invocation = yield* invokeRequest.read(request, functions, requestId, invokeRequest.invocationTypes)
    const { event, invocationType, local } = invocation
    yield* nodeRequest.addHeaders(request, [["X-Amzn-Trace-Id", event.traceId]])
    if (invocationType === "DryRun") return dryRun
    if (invocationType === "RequestResponse") return yield* bufferedInvocation.respond(request, invocation)
    yield* local.asyncInvocations.offer(event)
    return accepted
  })

  const invokeWithResponseStream: Handler = Effect.fnUntraced(function*(request, requestId) {
    const invocation = yield* invokeRequest.read(request, functions, requestId, ["RequestResponse", "DryRun"])
    yield* nodeRequest.addHeaders(request, [["X-Amzn-Trace-Id", invocation.event.traceId]])
    return invocation.invocationType === "DryRun" ? dryRun : yield* streamedInvocation.respond(request, invocation)
  })

  const deadLetters: Handler = Effect.fnUntraced(function*() {
    const { local } = yield* invokeRequest.resolve(functions)
    const letters = yield* local.asyncInvocations.deadLetters
    return HttpServerResponse.text(JSON.stringify(letters), { contentType: "application/json" })
  })

  const listFunctions: Handler = () =>
    Effect.succeed(HttpServerResponse.text(
      JSON.stringify({
        Functions: functions.all.map(({ arn, settings: { memorySize, name, timeout } }) => ({
          FunctionName: name,
          FunctionArn: arn,
          Version: version,
          Timeout: timeout / 1000,
          MemorySize: memorySize
        }))
      }),
      { contentType: "application/json" }
    ))

  return [
    // https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html
    route("GET", "/2015-03-31/functions", listFunctions),
    route("POST", "/2015-03-31/functions/:FunctionName/invocations", invoke),
    route("POST", "/2021-11-15/functions/:FunctionName/response-streaming-invocations", invokeWithResponseStream),
    route("GET", "/_local/functions/:FunctionName/dead-letters", deadLetters)
  ]
}

/**
 * Refuses requests for functions whose names the router cannot read: with broken percent-encoding, or longer than it
 * takes. Everything else is left to `otherwise`.
 */
export const refuseUnreadable = <E, R>(
  otherwise: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>
): Effect.Effect<HttpServerResponse.HttpServerResponse, E, R | HttpServerRequest> =>
  Effect.flatMap(HttpServerRequest, (request) => {
    const [, name] = namedPath.exec(request.url) ?? []
    const refused = name === undefined ? undefined : functionName.refuseUnreadable(name)
    if (refused === undefined) return otherwise
    // Read to its end, so that the caller can go on with the connection.
    return answer(request, () => Effect.andThen(boundedBody.read(request, 0), Effect.fail(refused)))
  })

const namedPath =
  /^\/(?:2015-03-31|2021-11-15|_local)\/functions\/([^/?;#]+)\/(?:(?:response-streaming-)?invocations|dead-letters)(?:$|[?;#])/

const dryRun = HttpServerResponse.empty({ status: 204 })

const accepted = HttpServerResponse.empty({ status: 202 })

const route = (method: "GET" | "POST", path: `/${string}`, handler: Handler) =>
  HttpRouter.route(
    "*",
    path,
    Effect.flatMap(HttpServerRequest, (request) =>
      answer(request, (requestId) =>
        request.method === method
          ? handler(request, requestId)
          : Effect.fail(serviceError.methodNotAllowed(request.method, method))))
  )

/** Every response has the id of its request, and what is refused is refused as Lambda does. */
const answer = <R>(
  request: HttpServerRequest,
  handle: (requestId: string) => Effect.Effect<HttpServerResponse.HttpServerResponse, Failure, R>
): Effect.Effect<HttpServerResponse.HttpServerResponse, never, R> => {
  const requestId = crypto.randomUUID()
  const refuse = (error: ServiceError) => serviceError.respond(request, error)
  return Effect.andThen(nodeRequest.addHeaders(request, [["x-amzn-RequestId", requestId]]), handle(requestId)).pipe(
    Effect.catchTags({
      ServiceError: refuse,
      TooManyRequests: () => refuse(serviceError.tooManyRequests),
      ShuttingDown: () => refuse(serviceError.shuttingDown),
      // The caller has gone in the middle of its request, so nobody reads this.
      HttpServerError: () => refuse(serviceError.invalidRequestContent("The request was cut off"))
    }),
    Effect.catchDefect((defect) =>
      Effect.andThen(Effect.logError("The local server failed", defect), refuse(serviceError.internal))
    )
  )
}
