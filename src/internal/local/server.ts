/**
 * One HTTP server: the Runtime API on one side, callers on the other.
 */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import type * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import type { ServeError } from "effect/http/HttpServerError"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type * as Scope from "effect/Scope"
import type * as Http from "node:http"
import type * as Net from "node:net"
import type { Duplex } from "node:stream"
import type { LocalServer } from "../../LocalServer.ts"
import * as LocalFunctions from "./function/localFunction.ts"
import { nodeHttp } from "./http/nodeHttp.ts"
import * as invokeRoutes from "./invoke/invokeRoutes.ts"
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
}

export const make = Effect.fnUntraced(function*(
  settings: Settings
): Effect.fn.Return<LocalServer["Service"], ServeError, Scope.Scope> {
  const functions = LocalFunctions.collect(yield* Effect.forEach(settings.functions, LocalFunctions.make))
  const { address, close, server } = yield* listen(settings, () => {
    for (const { invocations } of functions.all) invocations.disconnected()
  })

  const router = yield* Effect.provideService(HttpRouter.make, HttpRouter.RouterConfig, {
    caseSensitive: true,
    maxParamLength: 1024
  })
  yield* router.addAll([
    ...runtimeSide(functions),
    ...invokeRoutes.routes(functions.first, settings.endpoint)
  ])

  const notFound = HttpServerResponse.text(endpoints(settings.endpoint), { status: 404 })
  // No route fails, so what fails is the search for one.
  const routed = Effect.catch(router.asHttpEffect(), () => Effect.succeed(notFound))
  const isChecked = isLoopback(settings.host)
  yield* server.serve(Effect.flatMap(HttpServerRequest, ({ headers }) => {
    if (isChecked && !isOwnHost(headers["host"])) return Effect.succeed(foreignHost)
    return routed
  }))
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
    activity: functions.first.invocations.activity
  }
})

/** What the runtimes call: that of the first function at the root, and that of every one of them below its name. */
const runtimeSide = ({ all, first }: LocalFunctions.LocalFunctions) => [
  ...runtimeSideOf(first),
  ...all.flatMap((local) => runtimeSideOf(local).map(HttpRouter.prefixRoute(`/${local.settings.name}`)))
]

const runtimeSideOf = (local: LocalFunctions.LocalFunction) => [
  ...runtimeRoutes.routes(local),
  ...extensionRoutes.routes(local)
]

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
  const server = yield* NodeHttpServer.make(() => nodeServer, { host, port, disablePreemptiveShutdown: true })
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

const isLoopback = (host: string) => host === "localhost" || host === "::1" || /^127(\.\d+){3}$/.test(host)

/**
 * A web page can make its own host name point here and then read what this server says, but it cannot make its
 * browser call it by another name. Addresses are safe, and so are names that no one else can own.
 */
const isOwnHost = (host: string | undefined) => {
  if (host === undefined) return true
  const name = host.replace(/:\d+$/, "").toLowerCase()
  return /^\d+(\.\d+){3}$/.test(name) || /^\[[0-9a-f:.]+\]$/.test(name) ||
    /^(.+\.)?localhost$/.test(name) || name === "host.docker.internal"
}

const foreignHost = HttpServerResponse.text(
  "This server answers to localhost and to addresses only. To call it by another name, set LOCAL_LAMBDA_HOST to the " +
    "address it should listen on, for example 0.0.0.0\n",
  { status: 403 }
)

const endpoints = (endpoint: string) =>
  `There is nothing here. This is a local AWS Lambda function:

  POST ${endpoint}
    calls the function; the body is the event
  /2018-06-01/runtime/
    the Runtime API: GET invocation/next, POST invocation/{id}/response, POST invocation/{id}/error, POST init/error
  /2020-01-01/extension/
    the Extensions API: POST register, GET event/next
`
