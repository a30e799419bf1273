/**
 * An incremental HTTP/1.1 response parser: takes bytes split anywhere, gives whole responses, and refuses what is
 * malformed or too large.
 *
 * https://www.rfc-editor.org/rfc/rfc9112
 */
import { Buffer } from "node:buffer"

export interface Response {
  readonly status: number
  /** Names are in lower case; a repeated header is joined with `, `. The record has no prototype. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Uint8Array
  /** Whether the connection may carry another request. */
  readonly keepAlive: boolean
}

/** Lambda's own limit for a request line and its headers; an event's headers come nowhere near it. */
export const maxHeadSize = 1_048_576

/** Events are at most 6 MB; this only keeps a broken length from taking all memory. */
export const maxBodySize = 67_108_864

/** The size of a chunk and its extensions, which nobody needs to be long. */
const maxChunkLineSize = 8_192

type State = "head" | "sized body" | "body until close" | "chunk size" | "chunk data" | "chunk end" | "trailers"

/**
 * Header fields by name. A class, because objects of one class that get the same properties in the same order share a
 * layout; without a prototype, because a header may be called `constructor`.
 */
class Fields {
  [name: string]: string | undefined
}
Reflect.deleteProperty(Fields.prototype, "constructor")
Object.setPrototypeOf(Fields.prototype, null)

export class ResponseParser {
  private state: State = "head"
  /** Bytes of a head or a line that is not complete yet. */
  private readonly incomplete = new GrowingBuffer()
  private status = 0
  private headers: Response["headers"] = new Fields()
  private keepAlive = true
  private body: Buffer = noBytes
  private filled = 0
  private chunks: Array<Buffer> = []
  private chunkRemaining = 0
  private trailersSize = 0

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
      this.body = Buffer.concat(this.chunks)
      this.complete(emit)
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
        if (this.filled === this.body.length) this.complete(emit)
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
    if (!startsLikeHttp(data, offset)) return "it does not start with HTTP/1.1"
    const end = data.indexOf("\r\n\r\n", offset, "latin1")
    if (end < 0 || end - offset > maxHeadSize) {
      return end < 0 && data.length - offset <= maxHeadSize ? -1 : `its head is larger than ${maxHeadSize} bytes`
    }
    const head = data.toString("latin1", offset, end)
    if (!wellFormed.test(head)) return describeMalformedHead(head)
    this.status = Number(head.slice(9, 12))
    const headers = new Fields()
    for (let position = head.indexOf("\r"); position >= 0;) {
      const colon = head.indexOf(":", position)
      const end = head.indexOf("\r", colon)
      const name = lowerCase(head.slice(position + 2, colon))
      const value = trim(end < 0 ? head.slice(colon + 1) : head.slice(colon + 1, end))
      const before = headers[name]
      headers[name] = before === undefined ? value : `${before}, ${value}`
      position = end
    }
    this.headers = headers
    const isCurrent = head.charAt(7) === "1"
    const { connection } = headers
    this.keepAlive = connection === undefined
      ? isCurrent
      : !hasToken(connection, "close") && (isCurrent || hasToken(connection, "keep-alive"))
    return this.beginBody(data, end + 4, emit)
  }

  /** https://www.rfc-editor.org/rfc/rfc9112#section-6.3 */
  private beginBody(data: Buffer, offset: number, emit: (response: Response) => void): number | string {
    const { "content-length": contentLength, "transfer-encoding": transferEncoding } = this.headers
    if (this.status < 200) return this.status === 101 ? "it switches protocols" : offset
    if (this.status === 204 || this.status === 304) {
      this.complete(emit)
      return offset
    }
    if (transferEncoding !== undefined) {
      if (contentLength !== undefined) return "it has both Content-Length and Transfer-Encoding"
      if (transferEncoding.toLowerCase() !== "chunked") return `its Transfer-Encoding is ${transferEncoding}`
      this.state = "chunk size"
      return offset
    }
    if (contentLength === undefined) {
      this.keepAlive = false
      this.state = "body until close"
      return offset
    }
    const length = parseContentLength(contentLength)
    if (length === undefined) return `its Content-Length is ${JSON.stringify(contentLength)}`
    if (length > maxBodySize) return tooLarge
    if (data.length - offset >= length) {
      this.body = length === 0 ? noBytes : Buffer.from(data.subarray(offset, offset + length))
      this.complete(emit)
      return offset + length
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
    this.body = Buffer.concat(this.chunks)
    this.complete(emit)
    return end + 2
  }

  private keepChunk(bytes: Buffer): string | undefined {
    this.filled += bytes.length
    if (this.filled > maxBodySize) return tooLarge
    this.chunks.push(Buffer.from(bytes))
    return undefined
  }

  private complete(emit: (response: Response) => void): void {
    const response: Response = {
      status: this.status,
      headers: this.headers,
      body: this.body,
      keepAlive: this.keepAlive
    }
    this.state = "head"
    this.body = noBytes
    this.filled = 0
    if (this.chunks.length > 0) this.chunks = []
    emit(response)
  }
}

const carriageReturn = 13
const lineFeed = 10
const space = 32
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

/**
 * A whole head in one look, because the engine compiles this to a loop over the bytes.
 *
 * https://www.rfc-editor.org/rfc/rfc9112#section-4, https://www.rfc-editor.org/rfc/rfc9110#section-5.1
 */
const wellFormed =
  /^HTTP\/1\.[01] [1-5]\d\d(?: [\t\x20-\x7e\x80-\xff]*)?(?:\r\n[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*)*$/

const describeMalformedHead = (head: string): string => {
  const [statusLine = "", ...lines] = head.split("\r\n")
  for (const line of lines) {
    const refused = describeMalformedHeader(line)
    if (refused !== undefined) return refused
  }
  return `its status line is ${JSON.stringify(statusLine.slice(0, 80))}`
}

const describeMalformedHeader = (line: string): string | undefined => {
  const colon = line.indexOf(":")
  if (colon < 0) return `a header line is ${JSON.stringify(line.slice(0, 80))}`
  const name = line.slice(0, colon).toLowerCase()
  if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name)) return `a header is named ${JSON.stringify(name.slice(0, 80))}`
  if (/[^\t\x20-\x7e\x80-\xff]/.test(line.slice(colon + 1))) return `the header ${name} holds control characters`
  return undefined
}

/** A server sends the same few names over and over. */
const lowerCaseNames = new Map<string, string>()
const maxLowerCaseNames = 64

const lowerCase = (name: string): string => {
  const known = lowerCaseNames.get(name)
  if (known !== undefined) return known
  const lower = name.toLowerCase()
  if (lowerCaseNames.size < maxLowerCaseNames) lowerCaseNames.set(name, lower)
  return lower
}

/** Nearly every value has one space before it and none after. */
const trim = (value: string): string =>
  value.charCodeAt(0) === space && value.charCodeAt(1) > space && value.charCodeAt(value.length - 1) > space
    ? value.slice(1)
    : value.trim()

const hasToken = (list: string, token: string): boolean =>
  list.split(",").some((item) => item.trim().toLowerCase() === token)

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
