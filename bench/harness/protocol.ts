/**
 * What the bench says to the mock Runtime API, a process of its own, and what it hears back.
 */

/** The event that every invocation of a run gets. */
export type Scenario = "hello" | "echo" | "stream" | "wait" | "compute"

export interface MockOptions {
  readonly scenario: Scenario
  /**
   * Numbers of finished invocations, ascending, at which the mock holds the next poll back and reports. The runtime
   * is idle then: it waits in `/next`.
   */
  readonly checkpoints: ReadonlyArray<number>
  /** Invocations at a time. No limit where there is none: a runtime then gets as many events as it asks for. */
  readonly maxInFlight?: number | undefined
}

/** The invocations since the previous checkpoint. Times are nanoseconds. */
export interface Latencies {
  readonly invocations: number
  /** From the first event written to the last answer read. */
  readonly elapsed: number
  /** From an event written to its answer read. */
  readonly p50: number
  readonly p99: number
}

export type FromMock =
  | { readonly type: "listening"; readonly port: number }
  | {
    readonly type: "checkpoint"
    readonly completed: number
    /** When the held poll arrived, on the monotonic clock that all processes of a machine share. */
    readonly polledAt: string
    readonly latencies: Latencies | undefined
  }
  | { readonly type: "wrongAnswer"; readonly description: string }

export type ToMock = { readonly type: "continue" }
