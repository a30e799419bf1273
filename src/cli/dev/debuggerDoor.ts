/**
 * One address for the debuggers of a function, whichever of its processes is the newest: those that come get to it.
 *
 * Every process has an inspector on a port of its own, because two of them run while the old one drains, and a debugger is
 * not told of a new port.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as net from "node:net"
import { DevelopmentError } from "./DevelopmentError.ts"

export interface Options {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
}

export interface DebuggerDoor {
  /** `host:port`. */
  readonly address: string
  /** Leads who comes from now on to an inspector, and away from it when the scope is closed. */
  readonly lead: (inspectorUrl: string) => Effect.Effect<void, never, Scope.Scope>
}

/**
 * The flags of a Node.js that lets debuggers in on any free port, and writes its address to file descriptor 3 in place of
 * telling it to people.
 */
export const nodeFlags: ReadonlyArray<string> = [
  "--inspect=127.0.0.1:0",
  "--inspect-publish-uid=http",
  `--import=data:text/javascript,${
    encodeURIComponent(
      "import { closeSync, writeSync } from \"node:fs\"; import { url } from \"node:inspector\"; writeSync(3, url()); closeSync(3)"
    )
  }`
]

interface Inspector {
  readonly port: number
  readonly sockets: Set<net.Socket>
}

export const make = Effect.fnUntraced(function*({ host, port }: Options) {
  if (port > 65_535) {
    const problem = "--inspect leaves no port for every function: there is none above 65535"
    return yield* new DevelopmentError({ problem })
  }
  // The newest one is the last.
  const inspectors: Array<Inspector> = []
  const server = yield* Effect.acquireRelease(
    listen({ host, port }, (caller) => {
      const inspector = inspectors.at(-1)
      if (inspector === undefined) return void caller.destroy()
      const callee = net.connect(inspector.port, "127.0.0.1")
      for (const [socket, other] of [[caller, callee], [callee, caller]] as const) {
        inspector.sockets.add(socket)
        socket.pipe(other)
        // A connection that is lost is closed, too.
        socket.on("error", () => {})
        socket.on("close", () => {
          inspector.sockets.delete(socket)
          other.destroy()
        })
      }
    }),
    (server) => Effect.sync(() => void server.close())
  )
  const address = server.address()
  const lead: DebuggerDoor["lead"] = (inspectorUrl) =>
    Effect.acquireRelease(
      Effect.sync(() => {
        const inspector: Inspector = { port: Number(new URL(inspectorUrl).port), sockets: new Set() }
        inspectors.push(inspector)
        return inspector
      }),
      // A process that ends waits for its debuggers to leave.
      (inspector) =>
        Effect.sync(() => {
          inspectors.splice(inspectors.indexOf(inspector), 1)
          for (const socket of inspector.sockets) socket.destroy()
        })
    )
  const door: DebuggerDoor = {
    address: `${host}:${address !== null && typeof address === "object" ? address.port : port}`,
    lead
  }
  return door
})

const listen = ({ host, port }: Options, onConnection: (socket: net.Socket) => void) =>
  Effect.callback<net.Server, DevelopmentError>((resume) => {
    const server = net.createServer(onConnection)
    server.once("error", (error: NodeJS.ErrnoException) => {
      const problem = error.code === "EADDRINUSE"
        ? `port ${port} of ${host} is in use: stop the program that uses it, or choose another one with --inspect`
        : `debuggers cannot be let in at ${host}:${port}: ${error.message}`
      resume(Effect.fail(new DevelopmentError({ problem })))
    })
    server.listen(port, host, () => resume(Effect.succeed(server)))
  })
