/**
 * Preloaded into a runtime under test: says over the process channel, when asked, how much heap is in use once
 * everything that can be freed is.
 */
export interface HeapReport {
  /** Bytes. */
  readonly heapUsed: number
  /** Bytes of buffers outside the heap. */
  readonly external: number
}

process.on("message", () => {
  // Finalizers of the first collection can free more in the second.
  globalThis.gc?.()
  setImmediate(() => {
    globalThis.gc?.()
    const { external, heapUsed } = process.memoryUsage()
    process.send?.({ heapUsed, external } satisfies HeapReport)
  })
})
// The channel alone must not keep a runtime alive that has ended.
process.channel?.unref()
