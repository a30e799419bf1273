/**
 * `application/vnd.amazon.eventstream`: messages of headers and bytes, one after the other, each with its lengths and
 * two checksums around it.
 *
 * https://smithy.io/2.0/aws/amazon-eventstream.html
 */
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
