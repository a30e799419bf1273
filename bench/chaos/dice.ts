/**
 * Chance that can be had again: whoever throws dice of the same seed gets the same numbers.
 */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"

/** What can come, and how often in proportion to the rest. */
export type Weights<Name extends string> = Readonly<Record<Name, number>>

export class Dice {
  private readonly random: Random.Random

  constructor(seed: string) {
    this.random = Effect.runSync(Random.withSeed(Random.Random, seed))
  }

  /** From 0 to below 1. */
  fraction(): number {
    return this.random.nextDoubleUnsafe()
  }

  chance(probability: number): boolean {
    return this.fraction() < probability
  }

  /** A whole number, both ends included. */
  between(lowest: number, highest: number): number {
    return lowest + Math.floor(this.fraction() * (highest - lowest + 1))
  }

  one<A>(elements: readonly [A, ...ReadonlyArray<A>]): A {
    return elements[this.between(0, elements.length - 1)] ?? elements[0]
  }

  weighted<Name extends string>(weights: Weights<Name>): Name {
    let total = 0
    for (const name in weights) total += weights[name]
    let left = this.fraction() * total
    let last: Name | undefined
    for (const name in weights) {
      last = name
      left -= weights[name]
      if (left < 0) return name
    }
    if (last === undefined) throw new Error("nothing to choose from")
    return last
  }
}
