/**
 * What all parts of Lambda know of a run.
 */
import { dresses, manners } from "./faults.ts"
import type { Generation } from "./generation.ts"
import type { Ledger } from "./ledger.ts"
import type { Delivery } from "./plan.ts"
import type { Tally } from "./tally.ts"

export interface ChaosRun {
  readonly seed: string
  /** Invocations at a time. */
  readonly workers: number
  readonly pipelining: boolean
  readonly ledger: Ledger
  readonly faults: Tally
  /** The process of the function that runs now. */
  generation: Generation
}

export const countDelivery = ({ faults }: ChaosRun, what: string, { dress, manner }: Delivery): void => {
  if (dress !== "plain") faults.add(`${what}: ${dresses[dress]}`)
  if (manner !== "whole") faults.add(`${what}: ${manners[manner]}`)
}
