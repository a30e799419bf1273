/**
 * Whether a process that has served for long holds no more than it did after its first thousands of invocations, as far
 * as enough of them lie between the first look and the last to say so.
 */
import { connectionLimit, type Environment, isLasting } from "./environments.ts"
import type { Look } from "./look.ts"

/** `notJudged` comes with a reason, and is neither good nor bad. */
export type Verdict = "flat" | "grown" | "notJudged"

export interface Flatness {
  readonly what: string
  readonly first: number
  readonly last: number
  /** What it may grow by. */
  readonly allowed: number
  readonly unit: "bytes" | ""
  readonly verdict: Verdict
  /** Why it is not judged. */
  readonly reason: string | undefined
}

const megabyte = 1_000_000

export const allowed = {
  /** Code that is compiled late, and caches that fill: no more than that after ten thousand invocations. */
  heap: 2 * megabyte,
  buffers: 2 * megabyte,
  /** What the allocator keeps of answers of several megabytes at a time; most of it is there after the first look. */
  resident: 100 * megabyte,
  /** The same for the heaps and the malloc arenas of threads, and of those that have died. */
  residentOfThreads: 250 * megabyte
}

/** In bytes. Each connection reads into a buffer of its own, and threads keep more connections or fewer. */
const connectionBuffer = 65_536

/** Before, code is still being compiled and caches fill. */
export const warmAfter = 10_000

/** A leak of 40 bytes for each invocation shows then; in fewer invocations 2 MB say nothing. */
export const leastBetween = 50_000

/** Why nothing can be said of memory from these two looks; nothing, where it can. */
export const memoryNotJudged = (first: number, last: number): string | undefined => {
  if (first < warmAfter) return `first look after ${whole(first)} invocations, not ${whole(warmAfter)}`
  if (last - first >= leastBetween) return undefined
  return `${whole(last - first)} invocations between the looks, not ${whole(leastBetween)}`
}

const whole = (value: number): string => value.toLocaleString("en")

/** Compares the last look with the first. Handles may be fewer, as when the connection of the extension is lost. */
export const flatnessOf = (environment: Environment, looks: ReadonlyArray<Look>): ReadonlyArray<Flatness> => {
  const [first] = looks
  const last = looks.at(-1)
  if (!isLasting(environment)) {
    return [compare("memory, and what is open", 0, 0, 0, "", "its processes end, as they should")]
  }
  if (first === undefined || last === undefined) return []
  const unknown = memoryNotJudged(first.invocations, last.invocations)
  // What is open is open from the start: any two looks tell.
  const once = first === last ? "there was only one look" : undefined
  const memory = (what: string, of: (look: Look) => number | undefined, allowed: number) =>
    compare(what, of(first), of(last), allowed, "bytes", unknown)
  const count = (what: string, of: (look: Look) => number | undefined) =>
    compare(what, of(first), of(last), 0, "", once)
  const isThreaded = environment.threads > 1
  const mostConnections = isThreaded ? connectionLimit(environment) : 0
  return [
    ...isThreaded
      ? [
        memory("heap of the main thread", ({ heap }) => heap, allowed.heap),
        memory("largest heap of a thread that serves", ({ threadHeap }) => threadHeap, allowed.heap)
      ]
      : [memory("heap", ({ heap }) => heap, allowed.heap)],
    memory("buffers", ({ buffers }) => buffers, allowed.buffers + mostConnections * connectionBuffer),
    memory("resident memory", ({ resident }) => resident, isThreaded ? allowed.residentOfThreads : allowed.resident),
    // Threads keep connections for as many answers as they have ever sent at a time, so that these are counted apart.
    ...isThreaded
      ? [
        count("open handles but connections", ({ connectionHandles, handles }) => handles - connectionHandles),
        count(
          "open files and sockets but connections to Lambda",
          ({ connections, descriptors }) => descriptors === undefined ? undefined : descriptors - connections
        )
      ]
      : [
        count("open handles", ({ handles }) => handles),
        count("open files and sockets", ({ descriptors }) => descriptors)
      ],
    count("open scopes", ({ openScopes }) => openScopes),
    count("background work", ({ backgroundWork }) => backgroundWork)
  ]
}

/** `reason` is why it is not judged; nothing, where it is. */
export const compare = (
  what: string,
  first: number | undefined,
  last: number | undefined,
  allowed: number,
  unit: Flatness["unit"],
  reason: string | undefined
): Flatness => {
  const notJudged = first === undefined || last === undefined ? "the system does not tell" : reason
  const growth = (last ?? 0) - (first ?? 0)
  return {
    what,
    first: first ?? 0,
    last: last ?? 0,
    allowed,
    unit,
    verdict: notJudged !== undefined ? "notJudged" : growth <= allowed ? "flat" : "grown",
    reason: notJudged
  }
}
