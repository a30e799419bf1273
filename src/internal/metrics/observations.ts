/**
 * What was observed between two states of a metric that only keeps totals.
 */
import type * as Metric from "effect/Metric"

/** Values that were observed, each as often as its count says. */
export interface Observations {
  readonly values: ReadonlyArray<number>
  readonly counts: ReadonlyArray<number>
}

/** `now - before` without the digits that are only rounding errors of the two. */
export const difference = (now: number, before: number): number => {
  const exact = now - before
  if (before === 0 || Number.isInteger(exact) || !Number.isFinite(exact)) return exact
  const decimals = 14 - Math.ceil(Math.log10(Math.max(Math.abs(now), Math.abs(before))))
  return decimals >= 0 && decimals <= 100 ? Number(exact.toFixed(decimals)) : exact
}

/**
 * Follows a histogram, which tells how many values fell into each of its buckets, but not which.
 *
 * Each bucket stands for a value between its bounds, chosen so that the sum is the true one: one observation comes out as
 * it was, count, sum and average of several are right, and percentiles are as good as the buckets.
 */
export const followHistogram = (): (state: Metric.HistogramState) => Observations => {
  const cumulated: Array<number> = []
  let sum = 0
  return (state) => {
    const buckets = takeBuckets(cumulated, state)
    const added = difference(state.sum, sum)
    sum = state.sum

    const [only, another] = buckets
    if (only !== undefined && another === undefined && Number.isFinite(added)) {
      const { count, high, low } = only
      return { counts: [count], values: [Math.min(high, Math.max(low, added / count))] }
    }
    const lowest = buckets.reduce((total, { count, low }) => total + count * low, 0)
    const highest = buckets.reduce((total, { count, high }) => total + count * high, 0)
    const position = highest === lowest ? 0 : Math.min(1, Math.max(0, (added - lowest) / (highest - lowest)))
    return {
      counts: buckets.map(({ count }) => count),
      // The sum is not a number once one of the values was none.
      values: buckets.map(({ high, low }) => Number.isNaN(position) ? high : low + position * (high - low))
    }
  }
}

interface Bucket {
  readonly count: number
  readonly low: number
  readonly high: number
}

/**
 * The buckets that something has been added to. `cumulated` has the counts that were known, of all buckets up to each, as
 * the state has them, and is brought up to date. The last bucket has no upper boundary.
 */
const takeBuckets = (cumulated: Array<number>, state: Metric.HistogramState): ReadonlyArray<Bucket> => {
  const { buckets, count } = state
  const changed: Array<Bucket> = []
  let addedBelow = 0
  for (let index = 0; index <= buckets.length; index++) {
    const known = cumulated[index] ?? 0
    const now = buckets[index]?.[1] ?? count
    cumulated[index] = now
    const added = now - known - addedBelow
    addedBelow += added
    if (added > 0) changed.push({ count: added, ...boundsOf(buckets[index - 1]?.[0], buckets[index]?.[0], state) })
  }
  return changed
}

/** Where a bucket has no bound of its own, there is that of all values, unless it is infinite. */
const boundsOf = (lower: number | undefined, upper: number | undefined, { max, min }: Metric.HistogramState) => {
  const low = clamp(lower ?? min, min, max)
  const high = clamp(upper ?? max, min, max)
  return { low, high: Number.isFinite(high) ? high : low }
}

const clamp = (value: number, min: number, max: number): number => Math.min(max, Math.max(min, value))
