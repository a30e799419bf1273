/** Which record of a batch is to be begun next, and which of them have been processed. */
import type { BatchRecord } from "./source.ts"

export interface Scheduled<Identifier> {
  readonly record: BatchRecord<Identifier>
  /** In the order of the event. */
  readonly index: number
}

interface Lane<Identifier> {
  readonly records: Array<Scheduled<Identifier>>
  /** How many of them have been begun. */
  begun: number
}

/**
 * Gives out records in the order of the event, save those whose lane is busy, and those behind a failure in their
 * stretch: these would be delivered again anyway.
 */
export class Schedule<Identifier> {
  readonly #records: ReadonlyArray<BatchRecord<Identifier>>
  readonly #lanes: ReadonlyMap<string | number, Lane<Identifier>>
  /** The lanes that are not busy and not over; the one whose next record comes first is the last. */
  readonly #ready: Array<Lane<Identifier>>
  /** The first failure of each stretch. */
  readonly #failures = new Map<string | number, number>()
  readonly #processed = new Set<number>()
  readonly #begun = new Set<number>()
  #isClosed = false

  constructor(records: ReadonlyArray<BatchRecord<Identifier>>) {
    const lanes = new Map<string | number, Lane<Identifier>>()
    for (const [index, record] of records.entries()) {
      const lane = lanes.get(record.lane)
      if (lane === undefined) lanes.set(record.lane, { records: [{ record, index }], begun: 0 })
      else lane.records.push({ record, index })
    }
    this.#records = records
    this.#lanes = lanes
    this.#ready = Array.from(lanes.values()).toReversed()
  }

  /** How many records can be processed at the same time. */
  get width(): number {
    return this.#lanes.size
  }

  /** Nothing is begun any more. */
  close(): void {
    this.#isClosed = true
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** The next record; its lane is busy until {@link end}. `undefined`: there is none for whoever asks. */
  begin(): Scheduled<Identifier> | undefined {
    if (this.#isClosed) return undefined
    for (let lane = this.#ready.pop(); lane !== undefined; lane = this.#ready.pop()) {
      const next = lane.records[lane.begun]
      if (next !== undefined && next.index < this.#firstFailure(next.record)) {
        lane.begun++
        this.#begun.add(next.index)
        return next
      }
    }
    return undefined
  }

  end({ index, record }: Scheduled<Identifier>, succeeded: boolean): void {
    if (succeeded) this.#processed.add(index)
    else this.#failures.set(record.stretch, Math.min(index, this.#firstFailure(record)))
    const lane = this.#lanes.get(record.lane)
    const next = lane?.records[lane.begun]
    if (lane === undefined || next === undefined) return
    let position = this.#ready.length
    while (position > 0 && indexOfNext(this.#ready[position - 1]) < next.index) position--
    this.#ready.splice(position, 0, lane)
  }

  /** The records that have not succeeded, in the order of the event. */
  get failed(): ReadonlyArray<BatchRecord<Identifier>> {
    return this.#records.filter((_, index) => !this.#processed.has(index))
  }

  get notBegun(): number {
    return this.#records.length - this.#begun.size
  }

  #firstFailure({ stretch }: BatchRecord<Identifier>): number {
    return this.#failures.get(stretch) ?? Infinity
  }
}

const indexOfNext = (lane: Lane<unknown> | undefined): number => lane?.records[lane.begun]?.index ?? Infinity
