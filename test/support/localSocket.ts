/**
 * A TCP connection under a test's control, for what an HTTP client would not send.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as Net from "node:net"

export interface RawConnection {
  readonly write: (text: string) => Effect.Effect<void>
  /** Sends FIN and goes on reading. */
  readonly end: Effect.Effect<void>
  /** Reads until the bytes received since the last call contain the text, and returns them. */
  readonly readUntil: (text: string) => Effect.Effect<string>
  /** What has been received since the last call. */
  readonly unread: Effect.Effect<string>
  /** Returns when the other side has closed the connection. */
  readonly closed: Effect.Effect<void>
  readonly destroy: Effect.Effect<void>
}

export const connect = (address: string): Effect.Effect<RawConnection, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.callback<Net.Socket>((resume) => {
        const [host, port] = address.split(":")
        const socket = Net.connect({ host, port: Number(port), allowHalfOpen: true })
        socket.on("error", () => {})
        socket.once("connect", () => resume(Effect.succeed(socket)))
      }),
      (socket) => Effect.sync(() => socket.destroy())
    ),
    (socket) => {
      const received = Effect.runSync(Queue.unbounded<string>())
      const closed = Deferred.makeUnsafe<void>()
      socket.on("data", (data) => Queue.offerUnsafe(received, data.toString()))
      socket.on("end", () => Deferred.doneUnsafe(closed, Effect.void))
      socket.on("close", () => Deferred.doneUnsafe(closed, Effect.void))
      return {
        write: (text) =>
          Effect.sync(() => {
            socket.write(text)
          }),
        end: Effect.sync(() => {
          socket.end()
        }),
        readUntil: Effect.fnUntraced(function*(text) {
          let all = ""
          while (!all.includes(text)) all += yield* Queue.take(received)
          return all
        }),
        unread: Effect.map(Queue.clear(received), (texts) => texts.join("")),
        closed: Deferred.await(closed),
        destroy: Effect.sync(() => {
          socket.destroy()
        })
      }
    }
  )
