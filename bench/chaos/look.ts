/**
 * What a function process holds while it waits for events.
 */
import type { Census } from "./chaosEvent.ts"

export interface Look {
  readonly invocations: number
  /** Of the thread that serves, in bytes; where several do, of the main thread, which lives for as long as the process. */
  readonly heap: number
  /** The largest of a thread that serves, where several do: those that have died took theirs with them. */
  readonly threadHeap: number | undefined
  /** Of all threads. */
  readonly buffers: number
  readonly resident: number
  /** Of all threads: what keeps the process alive, connections included. */
  readonly handles: number
  readonly connectionHandles: number
  readonly openScopes: number
  readonly backgroundWork: number
  /** Connections to Lambda, from Lambda's side. */
  readonly connections: number
  /** Open files and sockets, where the system tells. */
  readonly descriptors: number | undefined
  /** CPU so far, in microseconds, where the system tells and the process is the first. */
  readonly cpu: number | undefined
}

/** One census of each thread that serves. */
export const makeLook = (
  censuses: ReadonlyArray<Census>,
  rest: Pick<Look, "invocations" | "connections" | "descriptors" | "cpu">
): Look => {
  const main = censuses[0]?.main
  const heaps = censuses.map(({ heap }) => heap)
  const holdings = main === undefined ? censuses : [...censuses, main]
  const sum = (of: (census: Census) => number) => censuses.reduce((total, census) => total + of(census), 0)
  const handlesOf = (isCounted: (kind: string) => boolean) =>
    holdings.flatMap(({ handles }) => Object.entries(handles)).reduce(
      (total, [kind, count]) => isCounted(kind) ? total + count : total,
      0
    )
  return {
    ...rest,
    heap: main?.heap ?? Math.max(...heaps),
    threadHeap: main === undefined ? undefined : Math.max(...heaps),
    buffers: holdings.reduce((total, { buffers }) => total + buffers, 0),
    resident: Math.max(...censuses.map(({ resident }) => resident)),
    handles: handlesOf(() => true),
    connectionHandles: handlesOf((kind) => kind.startsWith("TCP")),
    openScopes: sum(({ openScopes }) => openScopes),
    backgroundWork: sum(({ backgroundWork }) => backgroundWork)
  }
}
