/**
 * Lambda's end of one connection: sends bytes in the pieces that it is told, one response after the other.
 */
import type { Buffer } from "node:buffer"
import type * as Net from "node:net"
import type { Manner } from "./faults.ts"
import type { Delivery } from "./plan.ts"

export const asItIs: Delivery = { dress: "plain", manner: "whole", cuts: [], end: 0, pause: 0, variant: 0 }

/** What follows the last byte. */
export type Ending = "none" | "reset" | "end"

interface Sending {
  readonly pieces: ReadonlyArray<Buffer>
  readonly pause: number | undefined
  readonly ending: Ending
  readonly onSent: () => void
}

/** Of what has happened on a connection. */
const keptNotes = 60

/** How long after something malformed a connection is closed, in milliseconds. */
const poisonedFor = 20

/** A piece is worth a packet; of more than this many there would be nothing to learn. */
const maxBytewise = 1_500

export class Wire {
  readonly number: number
  /** Requests whose head has arrived. */
  requests = 0
  bytesRead = 0
  /** Nothing that arrives is read any more. */
  isDeaf = false
  isSending = false
  /** Nothing more can be said. */
  isMute = false
  /** It was said that no other request is answered here. */
  isLast = false
  /** Something was said here that is no HTTP, or that nobody asked for. */
  isPoisoned = false
  /** The last that has happened here. */
  readonly notes: Array<string> = []
  /** When something was last sent in pieces, of which the kernel may still hold some, in milliseconds. */
  sentPiecesAt = Number.NEGATIVE_INFINITY
  /** Called when the connection is reset: what was sent last may not have been read. */
  onReset: (() => void) | undefined
  private readonly socket: Net.Socket
  private readonly sendings: Array<Sending> = []

  constructor(number: number, socket: Net.Socket) {
    this.number = number
    this.socket = socket
  }

  get isOpen(): boolean {
    return !this.socket.destroyed
  }

  /** Sends after what is being sent. */
  send(bytes: Buffer, { cuts, manner, pause }: Delivery, ending: Ending, onSent: () => void = () => {}): void {
    if (ending !== "none") this.isLast = true
    const pieces = cut(bytes, manner, cuts)
    this.sendings.push({ pieces, pause: manner === "slow" ? pause : undefined, ending, onSent })
    if (!this.isSending) this.sendNext()
  }

  /** Sends only the beginning. */
  sendCut(bytes: Buffer, delivery: Delivery, ending: Ending): void {
    this.send(bytes.subarray(0, Math.floor(delivery.end * bytes.length)), delivery, ending)
  }

  note(text: string): void {
    if (this.notes.length === keptNotes) this.notes.shift()
    this.notes.push(`${performance.now().toFixed(1)} ms  connection ${this.number}: ${text}`)
  }

  /** Several writes of one turn leave in one packet. */
  coalesce(): void {
    this.socket.cork()
    process.nextTick(() => this.socket.uncork())
  }

  /** After what was said has left. */
  reset(): void {
    this.isDeaf = true
    this.isMute = true
    this.note("is reset")
    this.onReset?.()
    // Node cannot reset what it has begun to close.
    if (this.socket.writableEnded) this.socket.destroy()
    else if (this.socket.writableLength === 0) this.socket.resetAndDestroy()
    else this.socket.write("", () => this.socket.resetAndDestroy())
  }

  /** Nothing more will be said, but what comes is read. */
  end(): void {
    this.isMute = true
    this.note("is closed on this side")
    this.socket.end()
  }

  destroy(): void {
    this.isDeaf = true
    this.isMute = true
    this.socket.destroy()
  }

  /** Nothing that is said here can be understood any more. What comes is still read. */
  poison(): void {
    this.isMute = true
    this.isPoisoned = true
    setTimeout(() => this.end(), poisonedFor)
  }

  readSlowly(pause: number): void {
    this.socket.pause()
    setTimeout(() => this.socket.resume(), pause)
  }

  private sendNext(): void {
    const sending = this.sendings.shift()
    this.isSending = sending !== undefined
    if (sending !== undefined) this.sendPieces(sending, 0)
  }

  private sendPieces(sending: Sending, index: number): void {
    if (this.isMute) {
      this.sendings.length = 0
      this.isSending = false
      return
    }
    const { ending, onSent, pause, pieces } = sending
    const piece = pieces[index]
    if (piece !== undefined && index < pieces.length - 1) {
      this.socket.write(piece)
      this.sentPiecesAt = performance.now()
      const next = () => this.sendPieces(sending, index + 1)
      if (pause === undefined) setImmediate(() => setImmediate(next))
      else setTimeout(next, pause)
      return
    }
    if (ending === "none") {
      if (piece !== undefined) this.socket.write(piece)
      onSent()
      return this.sendNext()
    }
    const finish = () => {
      if (ending === "reset") this.reset()
      else this.end()
    }
    // A reset throws away what has not left yet.
    if (piece === undefined || piece.length === 0) finish()
    else this.socket.write(piece, finish)
    onSent()
  }
}

const cut = (bytes: Buffer, manner: Manner, cuts: ReadonlyArray<number>): ReadonlyArray<Buffer> => {
  if (manner === "whole") return [bytes]
  if (manner === "byteByByte" && bytes.length <= maxBytewise) {
    return Array.from(bytes, (_, index) => bytes.subarray(index, index + 1))
  }
  const offsets = cuts.map((share) => Math.floor(share * bytes.length)).toSorted((a, b) => a - b)
  const starts = [0, ...offsets]
  return starts.map((start, index) => bytes.subarray(start, starts[index + 1])).filter((piece) => piece.length > 0)
}
