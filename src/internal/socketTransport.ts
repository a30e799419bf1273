/**
 * The Runtime API over our own HTTP/1.1 connections: one for every call that is under way, kept for the next.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Pull from "effect/Pull"
import * as Scope from "effect/Scope"
import { Buffer } from "node:buffer"
import * as ErrorReport from "../ErrorReport.ts"
import { LambdaEnvironment } from "../LambdaEnvironment.ts"
import type { Options, RuntimeApi } from "../RuntimeApi.ts"
import { ConnectionError, InvalidAddress, type Operation, ProtocolError, RuntimeApiError } from "../RuntimeApiError.ts"
import { connect, type Connection, type Http1Error } from "./http1/connection.ts"
import * as RequestEncoder from "./http1/requestEncoder.ts"
import type { Response } from "./http1/responseParser.ts"
import * as runtimeApi from "./runtimeApi.ts"
import * as runtimeApiAddress from "./runtimeApiAddress.ts"
import type { Transport } from "./transport.ts"
import { userAgent } from "./userAgent.ts"

export const make = Effect.fnUntraced(function*(
  options: Options
): Effect.fn.Return<RuntimeApi["Service"], RuntimeApiError, LambdaEnvironment | Scope.Scope> {
  const environment = yield* LambdaEnvironment
  const address = options.address ?? Option.getOrUndefined(environment.runtimeApi)
  if (address === undefined) {
    return yield* new RuntimeApiError({
      reason: new InvalidAddress({ address: "", description: "it is not set, so this is not a Lambda environment" })
    })
  }
  const transport = makeTransport(
    yield* Effect.fromResult(runtimeApiAddress.parse(address)),
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

  const receive = (connection: Connection) =>
    Effect.onInterrupt(
      Effect.map(connection.receive, (response) => {
        release(connection)
        return response
      }),
      () => Effect.sync(() => connection.destroy())
    )

  const failure = (operation: Operation) => (error: Http1Error) => {
    const fields = { operation, address: address.authority, description: error.description }
    return new RuntimeApiError({
      reason: error.kind === "protocol" ? new ProtocolError(fields) : new ConnectionError(fields)
    })
  }

  /**
   * One request and its response. A kept connection may turn out to be dead only when it is used; what is safe to
   * say twice is then said again on a new one. An answer is: the Runtime API takes the first and refuses the second.
   */
  const exchange = (
    operation: Operation,
    send: (connection: Connection) => void,
    receiveFrom: (connection: Connection) => Effect.Effect<Response, Http1Error>,
    resend: ((connection: Connection) => void) | undefined
  ): Effect.Effect<Response, RuntimeApiError> => {
    const attempt = Effect.suspend(() => {
      const kept = takeIdle()
      if (kept === undefined) {
        return Effect.flatMap(fresh, (connection) => {
          send(connection)
          return receiveFrom(connection)
        })
      }
      send(kept)
      if (resend === undefined) return receiveFrom(kept)
      return Effect.catch(receiveFrom(kept), (error) => {
        kept.destroy()
        if (error.kind === "protocol") return Effect.fail(error)
        return Effect.flatMap(fresh, (connection) => {
          resend(connection)
          return receive(connection)
        })
      })
    })
    return Effect.mapError(attempt, failure(operation))
  }

  const poll: Transport["poll"] = (operation, path) => {
    const request = encoder.get(path)
    const onFreshPoll = exchange(operation, (connection) => connection.send(request), receive, undefined)
    return Effect.suspend(() => {
      const ahead = polling.shift()
      return ahead === undefined ? onFreshPoll : Effect.mapError(receive(ahead), failure(operation))
    })
  }

  const post: Transport["post"] = (operation, path, headers, body, pollAhead) => {
    const ahead = pollAhead === undefined || !pipelining ? "" : encoder.get(pollAhead)
    const length = typeof body === "string" ? Buffer.byteLength(body) : body.length
    const head = encoder.post(path, headers, length)
    const sendWith = (after: string, requests: number) => (connection: Connection) =>
      typeof body === "string"
        ? connection.send(head + body + after, requests)
        : connection.sendBytes(head, body, after, requests)
    const alone = sendWith("", 1)
    return ahead === ""
      ? exchange(operation, alone, receive, alone)
      : exchange(operation, sendWith(ahead, 2), receiveBeforePoll, alone)
  }

  /** The answer's response; the connection then waits for the event, unless the server has closed it. */
  const receiveBeforePoll = (connection: Connection) =>
    Effect.onInterrupt(
      Effect.map(connection.receive, (response) => {
        if (connection.isOpen || connection.hasArrived) polling.push(connection)
        else connection.destroy()
        return response
      }),
      () => Effect.sync(() => connection.destroy())
    )

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
        Effect.raceFirst(write, connection.receive),
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
        const kept = takeIdle()
        return kept === undefined ? Effect.flatMap(fresh, send) : send(kept)
      }),
      failure(operation)
    )
  }

  return {
    poll,
    post,
    postStream,
    pipelining,
    close: () => {
      for (const connection of open) connection.destroy()
    }
  }
}

const trailerNames = ["Lambda-Runtime-Function-Error-Type", "Lambda-Runtime-Function-Error-Body"]

/** https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html */
const encodeTrailers = (report: ErrorReport.ErrorReport | undefined): string =>
  report === undefined ? "" : RequestEncoder.encodeHeaders([
    ["Lambda-Runtime-Function-Error-Type", ErrorReport.functionErrorType(report)],
    ["Lambda-Runtime-Function-Error-Body", Buffer.from(ErrorReport.toJson(report)).toString("base64")]
  ])
