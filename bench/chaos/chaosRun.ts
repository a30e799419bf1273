/**
 * What all parts of Lambda know of a run.
 */
import { dresses, manners } from "./faults.ts"
import type { Generation } from "./generation.ts"
import type { Ledger } from "./ledger.ts"
import type { Delivery, Rhythm } from "./plan.ts"
import type { Tally } from "./tally.ts"

export interface ChaosRun {
  readonly seed: string
  /** Invocations at a time. */
  readonly workers: number
  /** That serve them. */
  readonly threads: number
  readonly pipelining: boolean
  /** Of the plans. */
  readonly rhythm: Rhythm
  readonly ledger: Ledger
  readonly faults: Tally
  /** The process of the function that runs now. */
  generation: Generation
}

/** Tells the process to end. What is open then may be interrupted. */
export const terminate = ({ generation, ledger }: ChaosRun): void => {
  ledger.threaten("end")
  // Such a thread does little but collect garbage, and can be cut off only in between.
  if (ledger.isDying("outOfMemory")) generation.mayEndLate("a thread has used up its memory")
  generation.terminate()
}

export const countDelivery = ({ faults }: ChaosRun, what: string, { dress, manner }: Delivery): void => {
  if (dress !== "plain") faults.add(`${what}: ${dresses[dress]}`)
  if (manner !== "whole") faults.add(`${what}: ${manners[manner]}`)
}
