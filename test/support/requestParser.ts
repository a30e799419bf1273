import { Buffer } from "node:buffer"

/** Names as they came, in their order. */
export type Headers = ReadonlyArray<readonly [name: string, value: string]>

export interface RequestHead {
  readonly method: string
  readonly target: string
  readonly headers: Headers
}

/** What a request is made of, in the order in which it arrives. */
export interface RequestListener {
  readonly onHead: (head: RequestHead) => void
  /** One chunk of a chunked body, or the whole of a sized one. */
  readonly onChunk: (bytes: Buffer) => void
  readonly onEnd: (trailers: Headers) => void
}

export class MalformedRequest extends Error {
  override readonly name = "MalformedRequest"
}

/** All values of a header in one, as HTTP allows; `undefined` when there is none. */
export const headerValue = (headers: Headers, name: string): string | undefined => {
  const values = headers.filter(([other]) => other.toLowerCase() === name.toLowerCase()).map(([, value]) => value)
  return values.length === 0 ? undefined : values.join(", ")
}

/**
 * An incremental parser of HTTP/1.1 requests that takes nothing but exact HTTP, so that a test sees what a client
 * really sends. Throws `MalformedRequest`.
 */
export const makeRequestParser = (listener: RequestListener): (bytes: Buffer) => void => {
  let parts: Array<Buffer> = []
  let available = 0
  let needed = 0
  let step = readHead

  /** The first `length` bytes, or nothing when they have not all arrived. */
  function take(length: number): Buffer | undefined {
    // Joining the parts is put off until there are enough of them: a body of 6 MB comes in a hundred.
    needed = length
    if (available < length) return undefined
    needed = 0
    const all = joined()
    needed = 0
    available -= length
    parts = [all.subarray(length)]
    return all.subarray(0, length)
  }

  function joined(): Buffer {
    if (parts.length !== 1) parts = [Buffer.concat(parts)]
    return parts[0]!
  }

  function takeUntil(end: string, limit: number): string | undefined {
    needed = 0
    const index = joined().indexOf(end, 0, "latin1")
    if (index < 0) {
      if (available > limit) throw new MalformedRequest(`no end of line within ${limit} bytes`)
      return undefined
    }
    return take(index + end.length)!.toString("latin1", 0, index)
  }

  function readHead(): boolean {
    const text = takeUntil("\r\n\r\n", 1_048_576)
    if (text === undefined) return false
    const [requestLine = "", ...lines] = text.split("\r\n")
    const [, method, target] = /^([A-Z]+) (\/[\x21-\x7e]*) HTTP\/1\.1$/.exec(requestLine) ??
      refuse(`request line ${JSON.stringify(requestLine)}`)
    const headers = lines.map(readField)
    if (headerValue(headers, "host") === undefined) refuse("no Host")
    listener.onHead({ method: method!, target: target!, headers })

    const length = headerValue(headers, "content-length")
    const encoding = headerValue(headers, "transfer-encoding")
    if (length !== undefined && encoding !== undefined) refuse("both Content-Length and Transfer-Encoding")
    if (encoding !== undefined) {
      if (encoding !== "chunked") refuse(`Transfer-Encoding ${encoding}`)
      step = readChunkSize
    } else if (length !== undefined) {
      if (!/^\d+$/.test(length)) refuse(`Content-Length ${JSON.stringify(length)}`)
      step = readSized(Number(length))
    } else {
      listener.onEnd([])
    }
    return true
  }

  function readSized(length: number): () => boolean {
    return () => {
      const bytes = take(length)
      if (bytes === undefined) return false
      if (length > 0) listener.onChunk(bytes)
      listener.onEnd([])
      step = readHead
      return true
    }
  }

  function readChunkSize(): boolean {
    const line = takeUntil("\r\n", 1_024)
    if (line === undefined) return false
    if (!/^[0-9A-Fa-f]+$/.test(line)) refuse(`chunk size ${JSON.stringify(line)}`)
    const size = Number.parseInt(line, 16)
    step = size === 0 ? readTrailers([]) : readChunk(size)
    return true
  }

  function readChunk(size: number): () => boolean {
    return () => {
      const bytes = take(size + 2)
      if (bytes === undefined) return false
      if (bytes.toString("latin1", size) !== "\r\n") refuse("a chunk without CRLF at its end")
      listener.onChunk(bytes.subarray(0, size))
      step = readChunkSize
      return true
    }
  }

  function readTrailers(trailers: Headers): () => boolean {
    return () => {
      const line = takeUntil("\r\n", 1_048_576)
      if (line === undefined) return false
      if (line !== "") {
        step = readTrailers([...trailers, readField(line)])
        return true
      }
      listener.onEnd(trailers)
      step = readHead
      return true
    }
  }

  return (bytes) => {
    parts.push(bytes)
    available += bytes.length
    while (available >= needed && step()) {}
  }
}

const readField = (line: string): readonly [string, string] => {
  const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+): ?([\t\x20-\x7e]*)$/.exec(line) ??
    refuse(`header line ${JSON.stringify(line)}`)
  return [name!, value!]
}

const refuse = (description: string): never => {
  throw new MalformedRequest(description)
}
