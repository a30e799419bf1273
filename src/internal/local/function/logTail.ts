/**
 * The last of what has been logged about one invocation.
 *
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html: the last 4 KB of the log, with `X-Amz-Log-Type: Tail`
 */

/** In bytes. */
export const maxSize = 4_096

export interface LogTail {
  /** Adds a line, without the line break at its end. */
  readonly add: (line: string) => void
  /** UTF-8 that starts with a whole character. */
  readonly bytes: () => Uint8Array
}

export const make = (): LogTail => {
  let tail: Uint8Array = new Uint8Array()
  return {
    add: (line) => {
      tail = lastBytes(Buffer.concat([tail, Buffer.from(`${line}\n`)]))
    },
    bytes: () => tail
  }
}

const lastBytes = (bytes: Uint8Array): Uint8Array => {
  let start = Math.max(0, bytes.length - maxSize)
  while (start > 0 && isContinuation(bytes[start])) start++
  // A copy, which does not hold on to a long line.
  return new Uint8Array(bytes.subarray(start))
}

/** Within a character of UTF-8, after its first byte: https://www.rfc-editor.org/rfc/rfc3629#section-3 */
const isContinuation = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80
