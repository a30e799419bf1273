/**
 * What threads print and log.
 *
 * Node hands what a worker thread prints to the main thread too, but a second piece only after the first was taken: what
 * a thread prints before it runs out of memory, or while it computes, would be lost or late. Here each piece is on its
 * way at once. The main thread writes one after the other, so that lines of several threads do not mix.
 */
import { Buffer } from "node:buffer"
import type { MessagePort } from "node:worker_threads"
import { type Output, writeAll } from "../logger/output.ts"
import type { Notice } from "./protocol.ts"

/** In a thread: sends what is written to standard output and standard error to the main thread. */
export const relay = (port: MessagePort): void => {
  for (const output of ["stdout", "stderr"] as const) {
    process[output]._writev = (written, callback) => {
      const bytes = Buffer.concat(written.map(({ chunk, encoding }) => Buffer.from(chunk, encoding)))
      port.postMessage({ _tag: "Printed", output, bytes } satisfies Notice)
      callback()
    }
  }
}

/** In a thread: sends records to the main thread, which knows where they go. */
export const records = (port: MessagePort): Output => ({
  write: (...record) => port.postMessage({ _tag: "Logged", record } satisfies Notice)
})

/** In the main thread: writes what a thread has printed, before it goes on. */
export const print = (output: "stdout" | "stderr", bytes: Uint8Array): void =>
  writeAll(output === "stdout" ? 1 : 2, bytes)
