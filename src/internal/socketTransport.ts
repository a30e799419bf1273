/**
 * The Runtime API over our own HTTP/1.1 connections: one for every call that is under way, kept for the next.
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Pull from "effect/Pull"
import * as Scope from "effect/Scope"
import { Buffer } from "node:buffer"
import * as ErrorReport from "../ErrorReport.ts"
import { LambdaEnvironment } from "../LambdaEnvironment.ts"
import type { Options, RuntimeApi } from "../RuntimeApi.ts"
import { ConnectionError, type Operation, ProtocolError, RuntimeApiError } from "../RuntimeApiError.ts"
import { connect, type Connection, Http1Error } from "./http1/connection.ts"
import * as RequestEncoder from "./http1/requestEncoder.ts"
import * as runtimeApi from "./runtimeApi.ts"
import * as runtimeApiAddress from "./runtimeApiAddress.ts"
import { type HeaderList, IsOnlyAhead, type Reader, type Transport } from "./transport.ts"
import { turnOfEventLoop } from "./turnOfEventLoop.ts"
import { userAgent } from "./userAgent.ts"

/**
 * In milliseconds. A kept connection that is lost so soon after a poll was sent on it, without a byte of a response, was
 * closed before the server read the poll, which is then sent again. Later the server has taken the poll, and Lambda would
 * give the next event to it, not to a second one.
 */
const closingPatience = 100

export const make = Effect.fnUntraced(function*(
  options: Options
): Effect.fn.Return<RuntimeApi["Service"], RuntimeApiError, LambdaEnvironment | Scope.Scope> {
  const environment = yield* LambdaEnvironment
  const address = options.address === undefined ? environment.runtimeApi : Option.some(options.address)
  const transport = makeTransport(
    yield* Effect.fromResult(runtimeApiAddress.parseOption(address)),
    options.pipelining === true
  )
  yield* Scope.addFinalizer(yield* Effect.scope, Effect.sync(transport.close))
  return runtimeApi.make(transport, environment)
})

const makeTransport = (
  address: runtimeApiAddress.RuntimeApiAddress,
  pipelining: boolean
): Transport & { readonly close: () => void } => {
  const encoder = RequestEncoder.make({
    authority: address.authority,
    userAgent,
    pathPrefix: `${address.prefix}/2018-06-01`
  })
  const open = new Set<Connection>()
  const idle: Array<Connection> = []
  let closed = false
  /** Connections on which a poll has left together with an answer. */
  const polling: Array<Connection> = []

  const onClose = (connection: Connection) => void open.delete(connection)
  const fresh = Effect.map(connect(address.host, address.port, onClose), (connection) => {
    open.add(connection)
    return connection
  })

  const takeIdle = (): Connection | undefined => {
    let connection = idle.pop()
    while (connection !== undefined && !connection.isReusable) {
      connection.destroy()
      connection = idle.pop()
    }
    return connection
  }

  const release = (connection: Connection) => {
    if (connection.isReusable) idle.push(connection)
    else connection.destroy()
  }

  const closeAll = () => {
    for (const connection of open) connection.destroy()
  }

  /** The connection then waits for the event, unless the server has closed it. */
  const keepPolling = (connection: Connection) => {
    if (connection.isOpen || connection.hasArrived) polling.push(connection)
    else connection.destroy()
  }

  const failure = (operation: Operation, { description, kind }: Http1Error) => {
    const fields = { operation, address: address.authority, description }
    return new RuntimeApiError({
      reason: kind === "protocol" ? new ProtocolError(fields) : new ConnectionError(fields)
    })
  }

  const connected = (operation: Operation) => Effect.mapError(fresh, (error) => failure(operation, error))

  const receive = <A>(
    operation: Operation,
    connection: Connection,
    keep: (connection: Connection) => void,
    read: Reader<A>,
    orElse?: ((error: Http1Error) => Effect.Effect<A, RuntimeApiError>) | undefined,
    giveUp: Effect.Effect<void> = connection.giveUp
  ): Effect.Effect<A, RuntimeApiError> =>
    Effect.callback((resume) => {
      connection.receive((response) => {
        keep(connection)
        resume(read(response))
      }, (error) => {
        connection.destroy()
        const isFinal = orElse === undefined || error.kind === "protocol" || closed
        resume(isFinal ? Effect.fail(failure(operation, error)) : orElse(error))
      })
      return giveUp
    })

  const poll: Transport["poll"] = (operation, path, read, orLate) => {
    const request = encoder.get(path)
    const giveUp = (connection: Connection) =>
      Effect.suspend(() =>
        connection.isInsideResponse
          ? Effect.ignore(receive(operation, connection, release, orLate))
          : connection.giveUp
      )
    const send = (connection: Connection) => {
      connection.send(request, "latin1")
      return receive(operation, connection, release, read, undefined, giveUp(connection))
    }
    const onNewConnection = Effect.flatMap(connected(operation), send)
    const onKeptConnection = (connection: Connection, clock: Clock.Clock) => {
      const sentAt = clock.currentTimeMillisUnsafe()
      connection.send(request, "latin1")
      return receive(operation, connection, release, read, (error) => {
        const isTaken = connection.isInsideResponse || clock.currentTimeMillisUnsafe() - sentAt > closingPatience
        return isTaken ? Effect.fail(failure(operation, error)) : onNewConnection
      }, giveUp(connection))
    }
    return Effect.withFiber((fiber) => {
      const ahead = polling.shift()
      if (ahead !== undefined) return receive(operation, ahead, release, read, undefined, giveUp(ahead))
      if (pipelining && fiber.getRef(IsOnlyAhead)) {
        const description = "the connection was closed before the response"
        return Effect.fail(failure(operation, new Http1Error({ kind: "connection", description })))
      }
      const kept = takeIdle()
      return kept === undefined ? onNewConnection : onKeptConnection(kept, fiber.getRef(Clock.Clock))
    })
  }

  const pollOnce: Transport["pollOnce"] = (operation, path, read) =>
    Effect.flatMap(connected(operation), (connection) => {
      connection.send(encoder.get(path), "latin1")
      return receive(operation, connection, closeAll, read)
    })

  const post: Transport["post"] = (operation, path, headers, body, pollAhead, read) =>
    Effect.suspend(() => {
      const ahead = pollAhead === undefined || !pipelining ? "" : encoder.get(pollAhead)
      const write = encodePost(encoder, path, headers, body)
      const keep = ahead === "" ? release : keepPolling
      const requests = ahead === "" ? 1 : 2
      const attempt = (connection: Connection) => {
        write(connection, ahead, requests)
        // Saying an answer again is safe: the Runtime API takes the first and refuses the second. A kept connection may
        // turn out to be dead only when it is used, and a new one be lost with a server that starts anew.
        return receive(operation, connection, keep, read, () =>
          Effect.flatMap(connected(operation), (another) => {
            write(another, "", 1)
            return receive(operation, another, release, read)
          }))
      }
      const kept = takeIdle()
      return kept === undefined ? Effect.flatMap(connected(operation), attempt) : attempt(kept)
    })

  const postStream: Transport["postStream"] = (operation, path, headers, body) => {
    const head = encoder.postChunked(path, headers, trailerNames)
    const send = (connection: Connection) => {
      let ended = false
      const write = Pull.catchDone(
        Effect.forever(Effect.flatMap(body.pull, (chunks) => connection.writeChunks(chunks)), { disableYield: true }),
        () => {
          ended = true
          connection.endChunks(encodeTrailers(body.failure()))
          return Effect.never
        }
      )
      connection.sendHead(head)
      return Effect.onExit(
        // A response that comes early (413, 400) or a lost connection ends the stream wherever it is.
        Effect.raceFirst(write, connection.response),
        (exit) =>
          Effect.sync(() => {
            if (ended && Exit.isSuccess(exit)) return release(connection)
            if (ended || Exit.isSuccess(exit) || !Cause.hasInterruptsOnly(exit.cause)) return connection.destroy()
            connection.abandon(encodeTrailers(ErrorReport.fromCause(exit.cause)))
          })
      )
    }
    return Effect.mapError(
      Effect.suspend(() => {
        if (idle.length === 0) return Effect.flatMap(fresh, send)
        // What a stream has sent it cannot send again, so that a connection that the server has closed while the handler
        // kept the event loop busy must be found out before.
        return Effect.flatMap(turnOfEventLoop, () => {
          const kept = takeIdle()
          return kept === undefined ? Effect.flatMap(fresh, send) : send(kept)
        })
      }),
      (error) => failure(operation, error)
    )
  }

  return {
    poll,
    pollOnce,
    post,
    postStream,
    pipelining,
    close: () => {
      closed = true
      closeAll()
    }
  }
}

/** Encoded once, for a connection that may have to be given up for another. */
const encodePost = (
  encoder: RequestEncoder.RequestEncoder,
  path: string,
  headers: HeaderList,
  body: string | Uint8Array
): (connection: Connection, after: string, requests: number) => void => {
  if (typeof body !== "string") {
    const head = encoder.post(path, headers, body.length)
    return (connection, after, requests) => connection.sendBytes(head, body, after, requests)
  }
  const length = Buffer.byteLength(body)
  const request = encoder.post(path, headers, length) + body
  const encoding = length === body.length ? "latin1" : "utf8"
  return (connection, after, requests) => connection.send(request + after, encoding, requests)
}

const trailerNames = ["Lambda-Runtime-Function-Error-Type", "Lambda-Runtime-Function-Error-Body"]

/** https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html */
const encodeTrailers = (report: ErrorReport.ErrorReport | undefined): string =>
  report === undefined ? "" : RequestEncoder.encodeHeaders([
    ["Lambda-Runtime-Function-Error-Type", ErrorReport.functionErrorType(report)],
    ["Lambda-Runtime-Function-Error-Body", Buffer.from(ErrorReport.toJson(report)).toString("base64")]
  ])
