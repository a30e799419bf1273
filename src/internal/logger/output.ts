/**
 * Where records go: straight to a file descriptor, before the program goes on, so that none waits in the memory of a
 * process that is frozen or ends. `process.stdout` keeps what a full pipe does not take.
 */
import * as Context from "effect/Context"
import { Buffer } from "node:buffer"
import type { Level } from "./record.ts"

export type Format = "Text" | "JSON"

export interface Output {
  readonly write: (record: string, format: Format, level: Level, date: Date) => void
}

/** Standard output: a line for each record. */
export const lines: Output = {
  write: (record, format) => writeLine(format === "JSON" ? record : oneLine(record))
}

export const writeLine = (line: string): void => writeAll(1, Buffer.from(`${line}\n`))

/** A line feed ends a record there; CloudWatch Logs shows a carriage return as the line break that it was. */
export const oneLine = (record: string): string => record.replace(/\n/g, "\r")

/**
 * The descriptor that Lambda gives its managed runtimes, where each record is one event of the log whatever line breaks
 * it has. Before it stands a frame: its type and level, its length, and its time in microseconds, all big-endian.
 *
 * https://github.com/aws/aws-lambda-nodejs-runtime-interface-client
 */
export const frames = (descriptor: number): Output => ({
  write: (record, format, level, date) => {
    const payload = format === "JSON" ? record : `${record}\n`
    const length = Buffer.byteLength(payload)
    const frame = Buffer.allocUnsafe(frameHeaderSize + length)
    frame.writeUInt32BE(frameType[format] + levelMask[level], 0)
    frame.writeInt32BE(length, 4)
    frame.writeBigInt64BE(BigInt(date.getTime()) * 1000n, 8)
    frame.write(payload, frameHeaderSize)
    writeAll(descriptor, frame)
  }
})

/** The output of the outermost layer, which may have taken a descriptor out of the environment. */
export const CurrentOutput: Context.Reference<Output> = Context.Reference("effect-lambda-runtime/internal/LogOutput", {
  defaultValue: () => lines
})

const frameHeaderSize = 16

const frameType: Readonly<Record<Format, number>> = { JSON: 0xa55a0002, Text: 0xa55a0003 }

const levelMask: Readonly<Record<Level, number>> = { TRACE: 4, DEBUG: 8, INFO: 12, WARN: 16, ERROR: 20, FATAL: 24 }

/** `import` would load more of it than is needed at the start. */
export const fileSystem = process.getBuiltinModule("node:fs")

export const writeAll = (descriptor: number, bytes: Uint8Array): void => {
  let written = 0
  while (written < bytes.length) {
    try {
      written += fileSystem.writeSync(descriptor, bytes, written)
    } catch (error) {
      if (!isPassing(error)) return
      waitForReader()
    }
  }
}

/** A full pipe has room again, once somebody reads. Who has nobody to read its log goes on without one. */
const isPassing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "EAGAIN" || error.code === "EINTR")

const waitForReader = (): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
