/**
 * The kinds of function processes that chaos comes over.
 */
export interface Environment {
  readonly name: string
  /** Invocations at a time. With one, what the function cannot survive ends its process, and another is started. */
  readonly workers: number
  /** That serve the invocations. With one, `NodeLambda.runMain` does. */
  readonly threads: number
  readonly pipelining: boolean
  /** Of all invocations. */
  readonly share: number
  /** After how many events another one is the death of a thread, out of so many in all; never unless given. */
  readonly deathEvery?: ((invocations: number) => number) | undefined
  /** After how many events of a process in several threads it is told to end; never unless given. */
  readonly endEvery?: number | undefined
}

/** In threads that live for less than a minute; the tenth death in a row would end the process, as it should. */
const deaths = 8

export const environments: ReadonlyArray<Environment> = [
  { name: "16 workers", workers: 16, threads: 1, pipelining: false, share: 0.4 },
  { name: "16 workers, pipelining", workers: 16, threads: 1, pipelining: true, share: 0.4 },
  {
    name: `2 threads, of which ${deaths} die`,
    workers: 16,
    threads: 2,
    pipelining: false,
    share: 0.12,
    deathEvery: (invocations) => Math.ceil(invocations / deaths)
  },
  {
    name: "2 threads that die often, in processes that end",
    workers: 16,
    threads: 2,
    pipelining: false,
    share: 0.04,
    deathEvery: () => 150,
    endEvery: 600
  },
  { name: "1 worker", workers: 1, threads: 1, pipelining: false, share: 0.02 },
  { name: "1 worker, pipelining", workers: 1, threads: 1, pipelining: true, share: 0.02 }
]

/** Of all that are asked for. */
export const invocationsOf = ({ share }: Environment, invocations: number): number => Math.round(invocations * share)

/** Whether one process serves all the time, so that what it holds can be compared. */
export const isLasting = ({ endEvery, workers }: Environment): boolean => workers > 1 && endEvery === undefined

/**
 * Connections to Lambda of a function that waits for events: a poll or a report for each invocation at a time, where there
 * are threads an answer for each in each of them, and that of the extension.
 */
export const connectionLimit = ({ threads, workers }: Pick<Environment, "threads" | "workers">): number =>
  workers * (threads > 1 ? threads + 1 : 1) + 1
