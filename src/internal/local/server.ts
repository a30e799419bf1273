/**
 * One HTTP server: the Runtime API on one side, callers on the other.
 */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import type { ServeError } from "effect/http/HttpServerError"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"
import type * as Http from "node:http"
import type * as Net from "node:net"
import type { Duplex } from "node:stream"
import * as extensionRoutes from "./extensionRoutes.ts"
import * as Invocations from "./invocations.ts"
import * as invokeRoutes from "./invokeRoutes.ts"
import * as runtimeRoutes from "./runtimeRoutes.ts"

/** Loading `node:http` by `import` evaluates all of its lazy exports, which takes ten times as long. */
const { createServer }: typeof Http = process.getBuiltinModule("node:http")

export interface Settings {
  readonly host: string
  readonly port: number
  readonly endpoint: `/${string}`
  /** In milliseconds. */
  readonly timeout: number
  readonly maxConcurrency: number
  readonly functionName: string
}

export interface LocalServer {
  readonly address: string
  readonly url: string
  readonly activity: Stream.Stream<Invocations.Activity>
}

export const make = Effect.fnUntraced(function*(
  settings: Settings
): Effect.fn.Return<LocalServer, ServeError, Scope.Scope> {
  const invocations = yield* Invocations.make(settings)
  const { address, close, server } = yield* listen(settings, invocations.disconnected)

  const router = yield* Effect.provideService(HttpRouter.make, HttpRouter.RouterConfig, {
    caseSensitive: true,
    maxParamLength: 1024
  })
  yield* router.addAll([
    ...runtimeRoutes.routes(invocations, {
      timeout: settings.timeout,
      functionArn: `arn:aws:lambda:us-east-1:123456789012:function:${settings.functionName}`
    }),
    ...extensionRoutes.routes(invocations, settings),
    ...invokeRoutes.routes(invocations, settings.endpoint)
  ])

  const notFound = HttpServerResponse.text(endpoints(settings.endpoint), { status: 404 })
  // No route fails, so what fails is the search for one.
  const routed = Effect.catch(router.asHttpEffect(), () => Effect.succeed(notFound))
  const isChecked = isLoopback(settings.host)
  yield* server.serve(Effect.flatMap(HttpServerRequest, ({ headers, method }) => {
    if (isChecked && !isOwnHost(headers["host"])) return Effect.succeed(foreignHost)
    // The router takes HEAD for GET, and a HEAD of /next would swallow an event.
    return method === "HEAD" ? Effect.succeed(notFound) : routed
  }))
  // Runs before the server is taken down, which waits for every request that is still open.
  yield* Effect.addFinalizer(() =>
    invocations.shutdown.pipe(
      // Whoever was woken runs first, and has written its last answer by the time this goes on.
      Effect.andThen(Effect.yieldNow),
      Effect.andThen(close)
    )
  )
  return { address, url: `http://${address}${settings.endpoint}`, activity: invocations.activity }
})

const listen = Effect.fnUntraced(function*({ host, port }: Settings, onDisconnect: () => void) {
  const nodeServer = createServer({
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
  nodeServer.on("clientError", answerBrokenRequest)
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

/** A request that Node cannot read to its end never reaches a route again, so it is answered here. */
const answerBrokenRequest = (error: NodeJS.ErrnoException, socket: Duplex) => {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const [status, body] = error.code === "HPE_INVALID_EOF_STATE"
    ? ["400 Bad Request", truncated]
    : error.code === "HPE_HEADER_OVERFLOW"
    ? ["431 Request Header Fields Too Large", ""]
    : ["400 Bad Request", ""]
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`
  )
}

const truncated = JSON.stringify({
  errorMessage: "HTTP request detected as truncated",
  errorType: "TruncatedHTTPRequest"
})

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
