/**
 * One HTTP server: the Runtime API on one side, callers on the other.
 */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import type * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import type { ServeError } from "effect/http/HttpServerError"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type * as Http from "node:http"
import type * as Net from "node:net"
import type { Duplex } from "node:stream"
import type { LocalServer } from "../../LocalServer.ts"
import * as LocalFunctions from "./function/localFunction.ts"
import type { Api } from "./gateway/apiGateway.ts"
import * as frontDoors from "./gateway/frontDoors.ts"
import { nodeHttp } from "./http/nodeHttp.ts"
import * as requestGuard from "./http/requestGuard.ts"
import * as invokeRoutes from "./invoke/invokeRoutes.ts"
import * as lambdaApiRoutes from "./invoke/lambdaApiRoutes.ts"
import * as Environments from "./runtime/environments.ts"
import * as extensionRoutes from "./runtime/extensionRoutes.ts"
import * as runtimeReplies from "./runtime/runtimeReplies.ts"
import * as runtimeRoutes from "./runtime/runtimeRoutes.ts"

export interface Settings {
  readonly host: string
  readonly port: number
  readonly endpoint: `/${string}`
  readonly functions: Arr.NonEmptyReadonlyArray<LocalFunctions.FunctionSettings>
  readonly allowedHosts: ReadonlyArray<string>
  readonly allowedOrigins: ReadonlyArray<string>
  readonly apis: ReadonlyArray<Api>
}

export const make = Effect.fnUntraced(function*(
  settings: Settings,
  /** Takes what Lambda would write into the functions' logs. */
  print?: (line: string) => void
): Effect.fn.Return<LocalServer["Service"], ServeError, Scope.Scope> {
  const functions = LocalFunctions.collect(
    yield* Effect.forEach(settings.functions, (options) => LocalFunctions.make(options, print))
  )
  const { address, close, server } = yield* listen(settings, () => {
    for (const { invocations } of functions.all) invocations.disconnected()
  })

  const router = yield* Effect.provideService(HttpRouter.make, HttpRouter.RouterConfig, {
    caseSensitive: true,
    maxParamLength: 1024
  })
  yield* router.addAll([
    ...runtimeSide(functions),
    ...lambdaApiRoutes.routes(functions),
    ...invokeRoutes.routes(functions.first, settings.endpoint)
  ])

  const notFound = HttpServerResponse.text(endpoints(settings.endpoint, functions.all), { status: 404 })
  // No route fails, so what fails is the search for one.
  const routed = Effect.catch(router.asHttpEffect(), () => Effect.succeed(notFound))
  const environments = Environments.make(address)
  const inside = frontDoors.make(functions, settings.apis)(
    environments.inFrontOf(lambdaApiRoutes.refuseUnreadable(routed))
  )
  yield* server.serve(requestGuard.protect(settings)(inside))
  // Runs before the server is taken down, which waits for every request that is still open.
  yield* Effect.addFinalizer(() =>
    Effect.forEach(functions.all, ({ invocations }) => invocations.shutdown, { discard: true }).pipe(
      // Whoever was woken runs first, and has written its last answer by the time this goes on.
      Effect.andThen(Effect.yieldNow),
      Effect.andThen(close)
    )
  )
  return {
    address,
    url: `http://${address}${settings.endpoint}`,
    activity: functions.first.invocations.activity,
    functions: functions.all.map((local) => {
      const { arn, asyncInvocations, invocations, log, settings: { name } } = local
      return {
        name,
        arn,
        environment: environments.start(local),
        events: Stream.unwrap(Effect.map(invocations.subscribe, Stream.fromSubscription)).pipe(
          Stream.map(({ event }) => event.payload)
        ),
        runtimeApi: `${address}/${name}`,
        url: `http://${address}/lambda-url/${name}/`,
        activity: invocations.activity,
        deadLetters: asyncInvocations.deadLetters,
        log: (requestId: string, line: string) => Effect.sync(() => log(requestId, line))
      }
    })
  }
})

/** What the runtimes call: each function's below its name, and that of the first one at the root too. */
const runtimeSide = ({ all, first }: LocalFunctions.LocalFunctions) =>
  all.flatMap((local) => {
    const routes = [...runtimeRoutes.routes(local), ...extensionRoutes.routes(local)]
    const named = routes.map(HttpRouter.prefixRoute(`/${local.settings.name}`))
    return local === first ? [...routes, ...named] : named
  })

/**
 * Connections that nobody has accepted yet. Of more than these the kernel drops some, and resets them a minute later; it
 * allows no more than 4,096 anyway: https://docs.kernel.org/networking/ip-sysctl.html (somaxconn)
 */
const backlog = 4_096

const listen = Effect.fnUntraced(function*({ host, port }: Settings, onDisconnect: () => void) {
  const nodeServer = nodeHttp.createServer({
    // A poll lasts until there is an event, and an answer for as long as the function takes.
    requestTimeout: 0,
    headersTimeout: 0,
    keepAliveTimeout: 0,
    // Lambda takes 1 MB of request line and headers.
    maxHeaderSize: 1_048_576
  })
  const sockets = new Set<Net.Socket>()
  nodeServer.on("connection", (socket) => {
    sockets.add(socket)
    socket.once("close", () => {
      sockets.delete(socket)
      onDisconnect()
    })
  })
  const responses = new WeakMap<Duplex, Http.ServerResponse>()
  const remember = ({ socket }: Http.IncomingMessage, response: Http.ServerResponse) => {
    responses.set(socket, response)
  }
  nodeServer.on("request", remember)
  nodeServer.on("checkContinue", remember)
  nodeServer.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const response = responses.get(socket)
    const isAnswering = response !== undefined && response.headersSent && !response.writableFinished
    // Anything sent now would become part of the answer that is on its way.
    if (isAnswering || !socket.writable) socket.destroy()
    else socket.end(brokenRequest(error))
  })
  const server = yield* NodeHttpServer.make(() => nodeServer, { host, port, backlog, disablePreemptiveShutdown: true })
  return {
    server,
    address: formatAddress(host, nodeServer.address()),
    close: Effect.callback<void>((resume) => {
      nodeServer.close(() => resume(Effect.void))
      for (const socket of sockets) socket.destroy()
    })
  }
})

/** An address that this machine can connect to. A name stays a name, because some runtimes cannot read `[::1]:7000`. */
const formatAddress = (host: string, bound: string | Net.AddressInfo | null): string => {
  if (bound === null || typeof bound === "string") return host
  if (/[^\d.]/.test(host) && !host.includes(":")) return `${host}:${bound.port}`
  if (bound.address === "0.0.0.0") return `127.0.0.1:${bound.port}`
  if (bound.address === "::") return `[::1]:${bound.port}`
  return bound.family === "IPv6" ? `[${bound.address}]:${bound.port}` : `${bound.address}:${bound.port}`
}

/** A request that Node cannot read to its end is no longer in the hands of a route. */
const brokenRequest = ({ code }: NodeJS.ErrnoException): string => {
  const status = code === "HPE_HEADER_OVERFLOW" ? "431 Request Header Fields Too Large" : "400 Bad Request"
  const body = code === "HPE_INVALID_EOF_STATE" ? runtimeReplies.truncatedJson : ""
  return `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n` +
    `Connection: close\r\n\r\n${body}`
}

const endpoints = (endpoint: string, functions: ReadonlyArray<LocalFunctions.LocalFunction>) =>
  `There is nothing here. These are local AWS Lambda functions: ${
    functions.map(({ settings: { name } }) => name).join(", ")
  }

  POST ${endpoint}
    calls ${functions[0]?.settings.name}; the body is the event
  GET /2015-03-31/functions
    Lambda's ListFunctions
  POST /2015-03-31/functions/{name}/invocations, POST /2021-11-15/functions/{name}/response-streaming-invocations
    Lambda's Invoke and InvokeWithResponseStream, for the AWS CLI and SDKs
  /lambda-url/{name}/, /execute-api/{api}/
    function URLs and APIs of API Gateway
  GET /_local/functions/{name}/dead-letters
    the asynchronous events that failed for good
  /2018-06-01/runtime/, /2020-01-01/extension/
    the Runtime API and the Extensions API, also below /{name}
`
