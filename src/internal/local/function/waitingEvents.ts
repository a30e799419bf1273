/**
 * The events that wait for a runtime, first in, first out, and no more of them than a laptop can bear.
 */

/** Events are up to 6 MB, and a laptop has better uses for its memory. */
const maxBytes = 268_435_456

export interface Waiting {
  readonly event: { readonly payload: Uint8Array }
}

export class WaitingEvents<A extends Waiting> {
  private readonly limit: number
  private readonly entries: Array<A> = []
  private bytes = 0

  constructor(limit: number) {
    this.limit = limit
  }

  get length(): number {
    return this.entries.length
  }

  hasRoomFor({ payload }: Waiting["event"]): boolean {
    return this.entries.length < this.limit && this.bytes + payload.length <= maxBytes
  }

  add(entry: A): void {
    this.entries.push(entry)
    this.bytes += entry.event.payload.length
  }

  take(): A | undefined {
    const entry = this.entries.shift()
    if (entry !== undefined) this.bytes -= entry.event.payload.length
    return entry
  }

  takeAll(): ReadonlyArray<A> {
    this.bytes = 0
    return this.entries.splice(0)
  }

  /** Whether it was there. */
  remove(entry: A): boolean {
    const index = this.entries.indexOf(entry)
    if (index < 0) return false
    this.entries.splice(index, 1)
    this.bytes -= entry.event.payload.length
    return true
  }
}
