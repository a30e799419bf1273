/**
 * `application/vnd.amazon.eventstream`: messages of headers and bytes, one after the other, each with its lengths and
 * two checksums around it.
 *
 * https://smithy.io/2.0/aws/amazon-eventstream.html
 */
import * as Result from "effect/Result"
import { crc32 } from "node:zlib"

export const contentType = "application/vnd.amazon.eventstream"

/** The total length, the length of the headers, and the checksum of both. */
const preludeSize = 12

const checksumSize = 4

const stringType = 7

/** A message whose headers are strings: names of at most 255 bytes, values of at most 65,535. */
export const encode = (headers: Readonly<Record<string, string>>, payload: Uint8Array): Uint8Array => {
  const encodedHeaders = Buffer.concat(
    Object.entries(headers).flatMap(([name, value]) => {
      const nameBytes = Buffer.from(name)
      const valueBytes = Buffer.from(value)
      const valueSize = Buffer.alloc(2)
      valueSize.writeUInt16BE(valueBytes.length)
      return [Buffer.of(nameBytes.length), nameBytes, Buffer.of(stringType), valueSize, valueBytes]
    })
  )
  const size = preludeSize + encodedHeaders.length + payload.length + checksumSize
  const message = Buffer.allocUnsafe(size)
  message.writeUInt32BE(size, 0)
  message.writeUInt32BE(encodedHeaders.length, 4)
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8)
  message.set(encodedHeaders, preludeSize)
  message.set(payload, preludeSize + encodedHeaders.length)
  message.writeUInt32BE(crc32(message.subarray(0, size - checksumSize)), size - checksumSize)
  return message
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_InvokeResponseStreamUpdate.html */
export const payloadChunk = (payload: Uint8Array): Uint8Array =>
  encode(
    { ":message-type": "event", ":event-type": "PayloadChunk", ":content-type": "application/octet-stream" },
    payload
  )

/** https://docs.aws.amazon.com/lambda/latest/api/API_InvokeWithResponseStreamCompleteEvent.html */
export interface InvokeComplete {
  readonly ErrorCode?: string | undefined
  readonly ErrorDetails?: string | undefined
  readonly LogResult?: string | undefined
}

/** The last message of a stream. */
export const invokeComplete = (complete: InvokeComplete): Uint8Array =>
  encode(
    { ":message-type": "event", ":event-type": "InvokeComplete", ":content-type": "application/json" },
    Buffer.from(JSON.stringify(complete))
  )

/** A message as it was read. Headers that are no strings are left out: Lambda sends none. */
export interface Message {
  readonly headers: Readonly<Record<string, string>>
  readonly payload: Uint8Array
}

/** Reads messages out of bytes that are cut anywhere. */
export class EventStreamDecoder {
  private pending = Buffer.alloc(0)

  /** The messages that are whole with these bytes, or what is wrong with them. */
  push(bytes: Uint8Array): Result.Result<ReadonlyArray<Message>, string> {
    this.pending = Buffer.concat([this.pending, bytes])
    const messages: Array<Message> = []
    while (this.pending.length >= preludeSize) {
      const size = this.pending.readUInt32BE(0)
      if (this.pending.readUInt32BE(8) !== crc32(this.pending.subarray(0, 8)) || size < preludeSize + checksumSize) {
        return Result.fail("the checksum of a prelude is wrong")
      }
      if (this.pending.length < size) break
      const message = this.pending.subarray(0, size)
      this.pending = this.pending.subarray(size)
      if (message.readUInt32BE(size - checksumSize) !== crc32(message.subarray(0, size - checksumSize))) {
        return Result.fail("the checksum of a message is wrong")
      }
      const headersEnd = preludeSize + message.readUInt32BE(4)
      messages.push({
        headers: decodeHeaders(message.subarray(preludeSize, headersEnd)),
        payload: message.subarray(headersEnd, size - checksumSize)
      })
    }
    return Result.succeed(messages)
  }
}

const decodeHeaders = (bytes: Buffer): Readonly<Record<string, string>> => {
  const headers: Record<string, string> = {}
  for (let at = 0; at < bytes.length;) {
    const nameEnd = at + 1 + bytes.readUInt8(at)
    if (bytes.readUInt8(nameEnd) !== stringType) break
    const valueStart = nameEnd + 3
    const valueEnd = valueStart + bytes.readUInt16BE(nameEnd + 1)
    headers[bytes.toString("utf8", at + 1, nameEnd)] = bytes.toString("utf8", valueStart, valueEnd)
    at = valueEnd
  }
  return headers
}
