/**
 * An incremental HTTP/1.1 response parser: takes bytes split anywhere, gives whole responses, and refuses what is
 * malformed or too large.
 *
 * https://www.rfc-editor.org/rfc/rfc9112
 */
import { Buffer } from "node:buffer"
import { describeMalformedHeader, type ResponseHead, ResponseHeadReader, startsWith } from "./responseHead.ts"

export interface Response extends ResponseHead {
  readonly body: Uint8Array
}

/** Lambda's own limit for a request line and its headers; an event's headers come nowhere near it. */
export const maxHeadSize = 1_048_576

/** Events are at most 6 MB; this only keeps a broken length from taking all memory. */
export const maxBodySize = 67_108_864

/** The size of a chunk and its extensions, which nobody needs to be long. */
const maxChunkLineSize = 8_192

/** Longer responses are not kept for a comparison. An event is longer with its headers, and is never the same twice. */
const maxShortSize = 256

type State = "head" | "sized body" | "body until close" | "chunk size" | "chunk data" | "chunk end" | "trailers"

/** What the Runtime API says to an answer is the same every time, but for its date, so that it need not be read again. */
interface ShortResponse {
  readonly bytes: Buffer
  readonly head: ResponseHead
  readonly body: Buffer
}

export class ResponseParser {
  private state: State = "head"
  /** Bytes of a head or a line that is not complete yet. */
  private readonly incomplete = new GrowingBuffer()
  private readonly headReader = new ResponseHeadReader()
  private head: ResponseHead = { status: 0, headers: {}, keepAlive: true }
  private body: Buffer = noBytes
  private filled = 0
  private chunks: Array<Buffer> = []
  private chunkRemaining = 0
  private trailersSize = 0
  private lastShort: ShortResponse | undefined

  /** Whether a response has begun and is not complete. */
  get isInside(): boolean {
    return this.state !== "head" || this.incomplete.length > 0
  }

  /**
   * Takes the next bytes, which may be reused by the caller afterwards. Returns what is wrong with them, after which
   * the parser must not be used any more.
   */
  push(bytes: Buffer, emit: (response: Response) => void): string | undefined {
    let data = bytes
    if (this.incomplete.length > 0) {
      this.incomplete.append(bytes)
      data = this.incomplete.take()
    }
    let offset = 0
    while (offset < data.length) {
      const result = this.step(data, offset, emit)
      if (typeof result === "string") return result
      if (result < 0) {
        this.incomplete.append(data.subarray(offset))
        return undefined
      }
      offset = result
    }
    return undefined
  }

  /** The peer has closed its side. Returns what is missing, if anything is. */
  end(emit: (response: Response) => void): string | undefined {
    if (this.state === "body until close") {
      this.head = { ...this.head, keepAlive: false }
      this.complete(Buffer.concat(this.chunks), emit)
      return undefined
    }
    return this.isInside ? "the connection was closed in the middle of a response" : undefined
  }

  /** Returns the new offset, -1 when more bytes are needed, or what is wrong. */
  private step(data: Buffer, offset: number, emit: (response: Response) => void): number | string {
    switch (this.state) {
      case "head":
        return this.readHead(data, offset, emit)
      case "sized body": {
        const taken = data.copy(this.body, this.filled, offset)
        this.filled += taken
        if (this.filled === this.body.length) this.complete(this.body, emit)
        return offset + taken
      }
      case "body until close":
        return this.keepChunk(data.subarray(offset)) ?? data.length
      case "chunk size":
        return this.readChunkSize(data, offset)
      case "chunk data": {
        const taken = Math.min(this.chunkRemaining, data.length - offset)
        const refused = this.keepChunk(data.subarray(offset, offset + taken))
        if (refused !== undefined) return refused
        this.chunkRemaining -= taken
        if (this.chunkRemaining === 0) this.state = "chunk end"
        return offset + taken
      }
      case "chunk end":
        if (data.length - offset < 2) return data[offset] === carriageReturn ? -1 : "a chunk does not end with CRLF"
        if (data[offset] !== carriageReturn || data[offset + 1] !== lineFeed) return "a chunk does not end with CRLF"
        this.state = "chunk size"
        return offset + 2
      case "trailers":
        return this.readTrailer(data, offset, emit)
    }
  }

  private readHead(data: Buffer, offset: number, emit: (response: Response) => void): number | string {
    const { lastShort } = this
    if (lastShort !== undefined && startsWith(data, offset, lastShort.bytes)) {
      this.head = lastShort.head
      this.complete(Buffer.from(lastShort.body), emit)
      return offset + lastShort.bytes.length
    }
    if (!startsLikeHttp(data, offset)) return "it does not start with HTTP/1.1"
    const end = data.indexOf(endOfHead, offset)
    if (end < 0 || end - offset > maxHeadSize) {
      return end < 0 && data.length - offset <= maxHeadSize ? -1 : `its head is larger than ${maxHeadSize} bytes`
    }
    const head = this.headReader.read(data, offset, end)
    if (typeof head === "string") return head
    this.head = head
    return this.beginBody(data, offset, end + endOfHead.length, emit)
  }

  /** https://www.rfc-editor.org/rfc/rfc9112#section-6.3 */
  private beginBody(
    data: Buffer,
    start: number,
    offset: number,
    emit: (response: Response) => void
  ): number | string {
    const { headers, status } = this.head
    const { "content-length": contentLength, "transfer-encoding": transferEncoding } = headers
    if (status < 200) return status === 101 ? "it switches protocols" : offset
    if (status === 204 || status === 304) {
      this.complete(noBytes, emit)
      return offset
    }
    if (transferEncoding !== undefined) {
      if (contentLength !== undefined) return "it has both Content-Length and Transfer-Encoding"
      if (transferEncoding.toLowerCase() !== "chunked") return `its Transfer-Encoding is ${transferEncoding}`
      this.state = "chunk size"
      return offset
    }
    if (contentLength === undefined) {
      this.state = "body until close"
      return offset
    }
    const length = parseContentLength(contentLength)
    if (length === undefined) return `its Content-Length is ${JSON.stringify(contentLength)}`
    if (length > maxBodySize) return tooLarge
    const end = offset + length
    if (data.length >= end) {
      if (end - start <= maxShortSize) {
        const bytes = Buffer.from(data.subarray(start, end))
        this.lastShort = { bytes, head: this.head, body: bytes.subarray(offset - start) }
      }
      this.complete(length === 0 ? noBytes : Buffer.from(data.subarray(offset, end)), emit)
      return end
    }
    this.body = Buffer.allocUnsafeSlow(length)
    this.filled = data.copy(this.body, 0, offset)
    this.state = "sized body"
    return data.length
  }

  private readChunkSize(data: Buffer, offset: number): number | string {
    const end = data.indexOf("\r\n", offset, "latin1")
    if (end < 0) return data.length - offset > maxChunkLineSize ? "the size of a chunk does not end" : -1
    const line = data.toString("latin1", offset, end)
    const match = /^([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?$/.exec(line)
    if (match === null) return `the size of a chunk is ${JSON.stringify(line.slice(0, 80))}`
    this.chunkRemaining = Number.parseInt(match[1]!, 16)
    this.trailersSize = 0
    this.state = this.chunkRemaining === 0 ? "trailers" : "chunk data"
    return end + 2
  }

  private readTrailer(data: Buffer, offset: number, emit: (response: Response) => void): number | string {
    const end = data.indexOf("\r\n", offset, "latin1")
    this.trailersSize += (end < 0 ? data.length : end) - offset
    if (this.trailersSize > maxHeadSize) return `its trailers are larger than ${maxHeadSize} bytes`
    if (end < 0) {
      // Counted again with the bytes that follow.
      this.trailersSize -= data.length - offset
      return -1
    }
    if (end > offset) {
      // The Runtime API has no trailers to say anything in; what is there must still be HTTP.
      return describeMalformedHeader(data.toString("latin1", offset, end)) ?? end + 2
    }
    this.complete(Buffer.concat(this.chunks), emit)
    return end + 2
  }

  private keepChunk(bytes: Buffer): string | undefined {
    this.filled += bytes.length
    if (this.filled > maxBodySize) return tooLarge
    this.chunks.push(Buffer.from(bytes))
    return undefined
  }

  private complete(body: Buffer, emit: (response: Response) => void): void {
    const { headers, keepAlive, status } = this.head
    const response: Response = { status, headers, body, keepAlive }
    this.state = "head"
    this.body = noBytes
    this.filled = 0
    if (this.chunks.length > 0) this.chunks = []
    emit(response)
  }
}

const carriageReturn = 13
const lineFeed = 10
const endOfHead = Buffer.from("\r\n\r\n")
const noBytes = Buffer.alloc(0)
const tooLarge = `its body is larger than ${maxBodySize} bytes`

/** Says early that something is no HTTP, because a peer that speaks another protocol may never send the end of a head. */
const startsLikeHttp = (data: Buffer, offset: number): boolean => {
  const start = "HTTP/1."
  const length = Math.min(start.length, data.length - offset)
  for (let index = 0; index < length; index++) {
    if (data[offset + index] !== start.charCodeAt(index)) return false
  }
  return true
}

/** A repeated length is fine as long as it says the same. */
const parseContentLength = (value: string): number | undefined => {
  if (/^\d{1,15}$/.test(value)) return Number(value)
  const [first, ...others] = value.split(",").map((item) => item.trim())
  if (first === undefined || !/^\d{1,15}$/.test(first) || others.some((other) => other !== first)) return undefined
  return Number(first)
}

/** Grows by doubling, so that a head that comes byte by byte is not copied for every byte. */
class GrowingBuffer {
  private buffer: Buffer = noBytes
  length = 0

  append(bytes: Buffer): void {
    const needed = this.length + bytes.length
    if (needed > this.buffer.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.buffer.length * 2, 1_024))
      this.buffer.copy(grown, 0, 0, this.length)
      this.buffer = grown
    }
    bytes.copy(this.buffer, this.length)
    this.length = needed
  }

  /** What has been gathered; stays valid until the next `append`, which then starts anew. */
  take(): Buffer {
    const taken = this.buffer.subarray(0, this.length)
    this.length = 0
    return taken
  }
}
