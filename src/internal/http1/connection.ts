/**
 * One keep-alive HTTP/1.1 connection over `node:net`: requests out, responses in the same order back.
 *
 * Written for the one exchange that a function makes thousands of times a second: one write, one read, no queue, no
 * stream, no allocation that is not needed.
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { Buffer } from "node:buffer"
import { createConnection, type Socket } from "node:net"
import * as connectionFailure from "../connectionFailure.ts"
import { type Response, ResponseParser } from "./responseParser.ts"

export class Http1Error extends Data.TaggedError("Http1Error")<{
  /** `connection` when bytes could not travel, `protocol` when they made no sense. */
  readonly kind: "connection" | "protocol"
  readonly description: string
}> {}

/** In milliseconds. No peer on the same host takes this long; without it a filtered port would hang for minutes. */
const connectTimeout = 10_000

/** One read of the kernel's buffer at a time; bodies are copied out of it. */
const readBufferSize = 65_536

/**
 * Opens a connection, and says when it is closed. Fails with an `Http1Error` of kind `connection`.
 */
export const connect = (
  host: string,
  port: number,
  onClose: (connection: Connection) => void
): Effect.Effect<Connection, Http1Error> =>
  Effect.callback<Connection, Http1Error>((resume) => {
    const connection = new Connection(host, port, resume, onClose)
    return Effect.sync(() => connection.destroy())
  })

type Resume<A> = (effect: Effect.Effect<A, Http1Error>) => void

export class Connection {
  /** {@link receive} as an effect, for a request whose body is still being sent. */
  readonly response: Effect.Effect<Response, Http1Error> = Effect.callback((resume) =>
    this.receive((response) => resume(Effect.succeed(response)), (error) => resume(Effect.fail(error)))
  )
  /** For who does not want to wait any longer. */
  readonly giveUp: Effect.Effect<void> = Effect.sync(() => this.destroy())
  private readonly socket: Socket
  private readonly parser = new ResponseParser()
  private readonly arrived: Array<Response> = []
  private readonly emit = (response: Response): void => {
    if (!response.keepAlive) this.peerKeepsAlive = false
    this.arrived.push(response)
  }
  private onResponse: ((response: Response) => void) | undefined
  private onFailure: ((error: Http1Error) => void) | undefined
  private readonly drain: Effect.Effect<void, Http1Error>
  private drained: Resume<void> | undefined
  private failure: Http1Error | undefined
  /** Requests that have no response yet. */
  private outstanding = 0
  private peerKeepsAlive = true

  constructor(host: string, port: number, onConnect: Resume<Connection>, onClose: (connection: Connection) => void) {
    this.drain = Effect.callback((resume) => {
      if (this.failure !== undefined) return resume(Effect.fail(this.failure))
      if (!this.socket.writableNeedDrain) return resume(Effect.void)
      this.drained = resume
    })
    const buffer = Buffer.allocUnsafeSlow(readBufferSize)
    this.socket = createConnection({
      host,
      port,
      noDelay: true,
      onread: {
        buffer,
        callback: (length) => {
          this.onData(buffer.subarray(0, length))
          return true
        }
      }
    })
    this.socket.setTimeout(
      connectTimeout,
      () => this.socket.destroy(new Error(`no answer within ${connectTimeout} ms`))
    )
    this.socket.on("connect", () => {
      // From here on a poll may take for ever.
      this.socket.setTimeout(0)
      onConnect(Effect.succeed(this))
    })
    this.socket.on("drain", () => this.settleDrained(Effect.void))
    this.socket.on("end", () => this.onEnd())
    this.socket.on("error", (error) => {
      this.fail("connection", connectionFailure.describe(error))
      onConnect(Effect.fail(this.failure!))
    })
    this.socket.on("close", () => {
      this.fail("connection", "the connection was closed")
      onClose(this)
    })
  }

  /** Whether another request may be sent: nothing is outstanding and the peer keeps the connection open. */
  get isReusable(): boolean {
    return this.failure === undefined && this.peerKeepsAlive && this.outstanding === 0 && this.arrived.length === 0 &&
      !this.parser.isInside
  }

  /** Whether a response to a request that was already sent can still come. */
  get isOpen(): boolean {
    return this.failure === undefined && this.peerKeepsAlive
  }

  /** Whether a response has begun and is not complete. */
  get isInsideResponse(): boolean {
    return this.parser.isInside
  }

  /** Whether a response lies here that nobody has asked for. */
  get hasArrived(): boolean {
    return this.arrived.length > 0
  }

  /** Sends `requests` whole requests in one write. Text that is ASCII is said to be Latin-1, which Node writes faster. */
  send(text: string, encoding: "latin1" | "utf8", requests: number = 1): void {
    this.outstanding += requests
    this.socket.write(text, encoding)
  }

  /** Sends one request whose body is bytes. `after` is text that follows in the same write. */
  sendBytes(head: string, body: Uint8Array, after: string = "", requests: number = 1): void {
    this.outstanding += requests
    this.socket.cork()
    this.socket.write(head, "latin1")
    this.socket.write(body)
    if (after !== "") this.socket.write(after, "latin1")
    this.socket.uncork()
  }

  /** Starts a request whose body follows in `writeChunks` and `endChunks`. */
  sendHead(head: string): void {
    this.outstanding++
    // The head leaves together with the first chunk.
    this.socket.cork()
    this.socket.write(head, "latin1")
    process.nextTick(uncork, this.socket)
  }

  /**
   * Writes each element as one chunk, and succeeds when the peer has read enough of them.
   *
   * https://www.rfc-editor.org/rfc/rfc9112#section-7.1
   */
  writeChunks(chunks: ReadonlyArray<Uint8Array | string>): Effect.Effect<void, Http1Error> {
    this.socket.cork()
    for (const chunk of chunks) {
      const length = typeof chunk === "string" ? Buffer.byteLength(chunk) : chunk.length
      // A chunk of length zero would end the body.
      if (length === 0) continue
      this.socket.write(`${length.toString(16)}\r\n`, "latin1")
      this.socket.write(chunk)
      this.socket.write("\r\n", "latin1")
    }
    this.socket.uncork()
    return this.socket.writableNeedDrain ? this.drain : Effect.void
  }

  endChunks(trailers: string): void {
    this.socket.write(`0\r\n${trailers}\r\n`, "latin1")
  }

  /**
   * Receives the next response, of the oldest request that has none yet. Who gives up waiting must destroy the
   * connection, because the response would be taken for that of another request.
   */
  receive(onResponse: (response: Response) => void, onFailure: (error: Http1Error) => void): void {
    const response = this.arrived.length === 0 ? undefined : this.arrived.shift()
    if (response !== undefined) {
      this.outstanding--
      return onResponse(response)
    }
    if (this.failure !== undefined) return onFailure(this.failure)
    this.onResponse = onResponse
    this.onFailure = onFailure
  }

  /** Ends a body that will not be completed, with its trailers, and closes without waiting for a response. */
  abandon(trailers: string): void {
    this.endChunks(trailers)
    this.socket.end()
    this.fail("connection", "the connection was given up")
  }

  destroy(): void {
    this.fail("connection", "the connection was given up")
    this.socket.destroy()
  }

  private onData(bytes: Buffer): void {
    const refused = this.parser.push(bytes, this.emit)
    if (refused !== undefined) {
      // A whole response may have come before it, and who gets that is to send nothing more here.
      this.peerKeepsAlive = false
      this.deliver()
      this.fail("protocol", refused)
      this.socket.destroy()
      return
    }
    this.deliver()
  }

  private onEnd(): void {
    const missing = this.parser.end(this.emit)
    this.deliver()
    this.fail("connection", missing ?? "the connection was closed before the response")
  }

  /** After the parser has taken all bytes, because the receiver's fiber runs from here and may send again. */
  private deliver(): void {
    const { onResponse } = this
    if (onResponse === undefined) return
    // Nearly always there is just one, and taking the last element is cheaper than taking the first.
    const response = this.arrived.length === 1 ? this.arrived.pop() : this.arrived.shift()
    if (response === undefined) return
    this.onResponse = undefined
    this.onFailure = undefined
    this.outstanding--
    onResponse(response)
  }

  private fail(kind: Http1Error["kind"], description: string): void {
    if (this.failure !== undefined) return
    const failure = new Http1Error({ kind, description })
    this.failure = failure
    const { onFailure } = this
    this.onResponse = undefined
    this.onFailure = undefined
    this.settleDrained(Effect.fail(failure))
    onFailure?.(failure)
  }

  private settleDrained(effect: Effect.Effect<void, Http1Error>): void {
    const drained = this.drained
    this.drained = undefined
    drained?.(effect)
  }
}

const uncork = (socket: Socket) => socket.uncork()
