/**
 * The other end of the wire, played by a test: a TCP server that takes HTTP requests apart while they arrive and
 * answers with exactly the bytes it is told, when it is told.
 *
 * ```ts
 * const peer = yield* ScriptedPeer.make
 * const call = yield* Effect.forkChild(client(peer.address))
 * const request = yield* peer.request
 * yield* request.respond({ status: 202 })
 * yield* Fiber.join(call)
 * ```
 */
import * as Cause from "effect/Cause"
import * as Data from "effect/Data"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import { Buffer } from "node:buffer"
import * as Net from "node:net"
import { type Headers, headerValue, makeRequestParser, type RequestHead } from "./requestParser.ts"

export interface ScriptedPeer {
  /** `host:port`, as `AWS_LAMBDA_RUNTIME_API` holds it. */
  readonly address: string
  readonly port: number
  /** The next connection that was opened. */
  readonly connection: Effect.Effect<PeerConnection>
  /** The next request whose head has arrived, on whichever connection. */
  readonly request: Effect.Effect<PeerRequest>
  /** Connections so far. */
  readonly connectionCount: () => number
  /** Requests so far, whether taken or not. */
  readonly requestCount: () => number
  /** Takes every request from now on, one after the other, until the test ends. */
  readonly serve: (
    answer: (request: PeerRequest) => Effect.Effect<unknown, RequestCut>
  ) => Effect.Effect<void, never, Scope.Scope>
}

export interface PeerConnection {
  /** 1 for the first connection of the peer. */
  readonly number: number
  /** Sends bytes as they are. Whether they arrive is up to the client. */
  readonly write: (bytes: Uint8Array | string) => Effect.Effect<void>
  /** Sends bytes in packets of their own, cut at the offsets. */
  readonly writeSplit: (bytes: Uint8Array | string, offsets: ReadonlyArray<number>) => Effect.Effect<void>
  /** Sends a whole response. */
  readonly respond: (response: ResponseOptions) => Effect.Effect<void>
  /** Stops reading, so that the client's writes fill the buffers in between. */
  readonly pause: Effect.Effect<void>
  readonly resume: Effect.Effect<void>
  /** Says that nothing more will be sent. */
  readonly end: Effect.Effect<void>
  /** Drops the connection the hard way. */
  readonly reset: Effect.Effect<void>
  /** Waits until the connection is gone. */
  readonly closed: Effect.Effect<void>
}

export interface PeerRequest extends RequestHead {
  readonly connection: PeerConnection
  readonly header: (name: string) => string | undefined
  /** The next chunk of a chunked body, as soon as it has arrived. */
  readonly chunk: Effect.Effect<Buffer, RequestCut>
  /** The rest of the body, once it is complete. */
  readonly whole: Effect.Effect<RequestBody, RequestCut>
  readonly respond: PeerConnection["respond"]
}

export interface RequestBody {
  /** A sized body is one chunk. */
  readonly chunks: ReadonlyArray<Buffer>
  readonly bytes: Buffer
  readonly text: string
  readonly trailers: Headers
  readonly trailer: (name: string) => string | undefined
}

/** The connection was lost before the request was complete. */
export class RequestCut extends Data.TaggedError("RequestCut")<{
  /** What had arrived and nobody had taken. */
  readonly chunks: ReadonlyArray<Buffer>
}> {}

export interface ResponseOptions {
  readonly status?: number | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Sent with its length, and so is no body at all. */
  readonly body?: Uint8Array | string | undefined
}

/** The bytes of a response. */
export const encodeResponse = ({ body = "", headers = {}, status = 200 }: ResponseOptions): Buffer => {
  const payload = Buffer.from(body)
  const lines = Object.entries({ ...headers, "Content-Length": String(payload.length) })
    .map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Scripted\r\n${lines.join("")}\r\n`), payload])
}

/** The headers that every event has, with others in addition or, where `undefined`, without them. */
export const eventHeaders = (
  requestId: string,
  others: Readonly<Record<string, string | undefined>> = {}
): Record<string, string> => {
  const headers: Record<string, string | undefined> = {
    "Lambda-Runtime-Aws-Request-Id": requestId,
    "Lambda-Runtime-Deadline-Ms": "1700000000000",
    "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-central-1:123456789012:function:teapot",
    "Content-Type": "application/json",
    ...others
  }
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => value === undefined ? [] : [[name, value]])
  )
}

/** An event, as `/next` answers. */
export const event = (requestId: string, body: Uint8Array | string = "{}"): ResponseOptions => ({
  headers: eventHeaders(requestId),
  body
})

/** What Lambda says to an answer. */
export const accepted: ResponseOptions = {
  status: 202,
  headers: { "Content-Type": "application/json" },
  body: "{\"status\":\"OK\"}\n"
}

/** What Lambda says when it refuses. */
export const refusal = (status: number, errorType: string, errorMessage: string): ResponseOptions => ({
  status,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ errorMessage, errorType })
})

/** Lets everything happen that can happen without anybody doing anything more. */
export const settle: Effect.Effect<void> = Effect.callback((resume) => {
  let turns = 20
  const turn = () => {
    if (--turns === 0) resume(Effect.void)
    else setImmediate(turn)
  }
  setImmediate(turn)
})

/** An address on which nothing listens: the port is one that systems never give to a process that asks for any. */
export const deadAddress = "127.0.0.1:1"

export const make: Effect.Effect<ScriptedPeer, never, Scope.Scope> = Effect.gen(function*() {
  const connections = yield* Queue.unbounded<PeerConnection>()
  const requests = yield* Queue.unbounded<PeerRequest>()
  let connectionCount = 0
  let requestCount = 0

  const { port } = yield* listen((socket) => {
    const connection = makeConnection(++connectionCount, socket)
    let receiving: Receiving | undefined
    const parse = makeRequestParser({
      onHead: (head) => {
        requestCount++
        receiving = makeReceiving(head, connection)
        Queue.offerUnsafe(requests, receiving.request)
      },
      onChunk: (bytes) => receiving?.onChunk(bytes),
      onEnd: (trailers) => {
        receiving?.onEnd(trailers)
        receiving = undefined
      }
    })
    socket.on("data", (bytes: Buffer) => {
      try {
        parse(bytes)
      } catch (error) {
        Queue.failCauseUnsafe(requests, Cause.die(error))
        socket.destroy()
      }
    })
    socket.on("close", () => receiving?.onLost())
    Queue.offerUnsafe(connections, connection)
  })

  return {
    address: `127.0.0.1:${port}`,
    port,
    connection: Queue.take(connections),
    request: Queue.take(requests),
    connectionCount: () => connectionCount,
    requestCount: () => requestCount,
    serve: (answer) =>
      Queue.take(requests).pipe(
        Effect.flatMap(answer),
        Effect.forever,
        Effect.forkScoped({ startImmediately: true }),
        Effect.asVoid
      )
  }
})

const listen = (
  onConnection: (socket: Net.Socket) => void
): Effect.Effect<{ readonly port: number }, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.callback<{ readonly server: Net.Server; readonly sockets: Set<Net.Socket> }>((resume) => {
        const sockets = new Set<Net.Socket>()
        const server = Net.createServer({ noDelay: true }, (socket) => {
          sockets.add(socket)
          // A lost connection is what many tests are about; `close` follows.
          socket.on("error", () => {})
          socket.on("close", () => sockets.delete(socket))
          onConnection(socket)
        })
        server.listen(0, "127.0.0.1", () => resume(Effect.succeed({ server, sockets })))
      }),
      ({ server, sockets }) =>
        Effect.callback<void>((resume) => {
          server.close(() => resume(Effect.void))
          for (const socket of sockets) socket.destroy()
        })
    ),
    ({ server }) => ({ port: (server.address() as Net.AddressInfo).port })
  )

const makeConnection = (number: number, socket: Net.Socket): PeerConnection => {
  const closed = Deferred.makeUnsafe<void>()
  socket.on("close", () => Deferred.doneUnsafe(closed, Effect.void))
  const write = (bytes: Uint8Array | string) =>
    Effect.callback<void>((resume) => {
      socket.write(bytes, () => resume(Effect.void))
    })
  return {
    number,
    write,
    writeSplit: (bytes, offsets) => {
      const whole = Buffer.from(bytes)
      const starts = [0, ...offsets]
      return Effect.forEach(
        starts.map((start, index) => whole.subarray(start, starts[index + 1])),
        // The client reads in its turn of the event loop, before the next piece leaves.
        (piece) => piece.length === 0 ? Effect.void : Effect.andThen(write(piece), turn),
        { discard: true }
      )
    },
    respond: (response) => write(encodeResponse(response)),
    pause: Effect.sync(() => socket.pause()),
    resume: Effect.sync(() => socket.resume()),
    end: Effect.sync(() => socket.end()),
    reset: Effect.sync(() => socket.resetAndDestroy()),
    closed: Deferred.await(closed)
  }
}

const turn: Effect.Effect<void> = Effect.callback((resume) => {
  setImmediate(() => setImmediate(() => resume(Effect.void)))
})

interface Receiving {
  readonly request: PeerRequest
  readonly onChunk: (bytes: Buffer) => void
  readonly onEnd: (trailers: Headers) => void
  readonly onLost: () => void
}

const makeReceiving = (head: RequestHead, connection: PeerConnection): Receiving => {
  const chunks = Effect.runSync(Queue.unbounded<Buffer, Cause.Done>())
  const end = Deferred.makeUnsafe<Headers, RequestCut>()
  const whole = Effect.flatMap(
    Queue.collect(chunks),
    (chunks) =>
      Effect.matchEffect(Deferred.await(end), {
        onFailure: () => Effect.fail(new RequestCut({ chunks })),
        onSuccess: (trailers) => {
          const bytes = Buffer.concat(chunks)
          return Effect.succeed({
            chunks,
            bytes,
            text: bytes.toString(),
            trailers,
            trailer: (name: string) => headerValue(trailers, name)
          })
        }
      })
  )
  return {
    request: {
      ...head,
      connection,
      header: (name) => headerValue(head.headers, name),
      chunk: Effect.catchTag(
        Queue.take(chunks),
        "Done",
        () => Effect.andThen(Deferred.await(end), Effect.die(new Error("the body has no further chunk")))
      ),
      whole,
      respond: connection.respond
    },
    onChunk: (bytes) => {
      Queue.offerUnsafe(chunks, bytes)
    },
    onEnd: (trailers) => {
      Deferred.doneUnsafe(end, Effect.succeed(trailers))
      Queue.endUnsafe(chunks)
    },
    onLost: () => {
      Deferred.doneUnsafe(end, Effect.fail(new RequestCut({ chunks: [] })))
      Queue.endUnsafe(chunks)
    }
  }
}
