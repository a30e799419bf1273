/**
 * The frames of `_LAMBDA_TELEMETRY_LOG_FD`, taken apart.
 *
 * https://github.com/aws/aws-lambda-nodejs-runtime-interface-client
 */

export interface Frame {
  readonly type: number
  /** Milliseconds. */
  readonly time: number
  readonly payload: string
}

/** Throws where the bytes are not whole frames. */
export const readFrames = (bytes: Buffer): ReadonlyArray<Frame> => {
  const frames: Array<Frame> = []
  for (let offset = 0; offset < bytes.length;) {
    const length = bytes.readInt32BE(offset + 4)
    if (offset + 16 + length > bytes.length) throw new RangeError(`the frame at ${offset} is cut off`)
    frames.push({
      type: bytes.readUInt32BE(offset),
      time: Number(bytes.readBigInt64BE(offset + 8) / 1000n),
      payload: bytes.toString("utf8", offset + 16, offset + 16 + length)
    })
    offset += 16 + length
  }
  return frames
}
