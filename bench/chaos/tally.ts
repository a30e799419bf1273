/** Counts things by name. */
export class Tally<Name extends string = string> {
  private readonly counts = new Map<Name, number>()

  add(name: Name, count: number = 1): void {
    this.counts.set(name, this.get(name) + count)
  }

  addAll(other: Tally<Name>): void {
    for (const [name, count] of other.counts) this.add(name, count)
  }

  get(name: Name): number {
    return this.counts.get(name) ?? 0
  }

  get total(): number {
    let total = 0
    for (const count of this.counts.values()) total += count
    return total
  }

  /** The most frequent first. */
  entries(): ReadonlyArray<readonly [Name, number]> {
    return [...this.counts].toSorted(([, a], [, b]) => b - a)
  }
}
