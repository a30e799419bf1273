/**
 * Whether a process that has served for long holds no more than it did after its first thousands of invocations.
 */
import type { Look } from "./run.ts"

export interface Flatness {
  readonly what: string
  readonly first: number
  readonly last: number
  readonly allowed: number
  readonly unit: "MB" | ""
  readonly isFlat: boolean
}

const megabyte = 1_000_000

const allowed = {
  /** Code that is compiled late, and caches that fill: no more than that after ten thousand invocations. */
  heap: 2 * megabyte,
  buffers: 2 * megabyte,
  /** What the allocator keeps of answers of several megabytes at a time; most of it is there after the first look. */
  resident: 100 * megabyte
}

/** Compares the last look with the first. Handles may be fewer, as when the connection of the extension is lost. */
export const flatnessOf = (looks: ReadonlyArray<Look>): ReadonlyArray<Flatness> => {
  const [first] = looks
  const last = looks.at(-1)
  if (first === undefined || last === undefined) return []
  const compare = (what: string, of: (look: Look) => number, allowed: number, unit: Flatness["unit"]): Flatness => ({
    what,
    first: of(first),
    last: of(last),
    allowed,
    unit,
    isFlat: of(last) - of(first) <= allowed
  })
  return [
    compare("heap", ({ heap }) => heap, allowed.heap, "MB"),
    compare("buffers", ({ buffers }) => buffers, allowed.buffers, "MB"),
    compare("resident memory", ({ resident }) => resident, allowed.resident, "MB"),
    compare("open handles", handleCount, 0, ""),
    compare("open files and sockets", ({ descriptors = 0 }) => descriptors, 0, ""),
    compare("open scopes", ({ openScopes }) => openScopes, 0, ""),
    compare("background work", ({ backgroundWork }) => backgroundWork, 0, "")
  ]
}

export const handleCount = ({ handles }: Look): number => Object.values(handles).reduce((sum, count) => sum + count, 0)
