/** From the numbers of all rounds to what each row says. */
import type { Contender, ExperimentName, Numbers } from "./experiments.ts"
import type { Comparison, Row, Unit } from "./rows.ts"
import { median } from "./statistics.ts"

/** One entry for each run, in the order of the runs: entry `n` of every contender is of the same round. */
export type Runs = Readonly<Partial<Record<Contender, ReadonlyArray<Numbers>>>>

export type AllRuns = Readonly<Partial<Record<ExperimentName | "bundle", Runs>>>

export interface ComparisonResult {
  readonly kind: Comparison["kind"]
  readonly metric: string
  readonly unit: Unit
  readonly contender: Contender
  readonly peer: Contender | undefined
  /** Medians over all rounds. */
  readonly ours: number
  readonly theirs: number | undefined
  /** The median, lowest and highest of the rounds' own ratios, differences or values. */
  readonly result: number
  readonly lowest: number
  readonly highest: number
  readonly bar: { readonly limit: number; readonly direction: "atMost" | "atLeast" } | undefined
  readonly met: boolean | undefined
}

export interface RowResult {
  readonly id: string
  readonly title: string
  readonly comparisons: ReadonlyArray<ComparisonResult>
}

/** In these units people read the numbers. Runs hold microseconds, bytes and rates per second. */
const scale: Readonly<Record<Unit, number>> = { "%": 0.01, "µs": 1, ms: 1e3, MB: 1e6, "MB/s": 1e6, "/s": 1, KB: 1e3 }

/** Without the comparisons whose peer did not run. */
export const rowResult = (row: Row, all: AllRuns): RowResult => ({
  id: row.id,
  title: row.title,
  comparisons: row.comparisons.flatMap((comparison) =>
    comparisonResult(row, comparison, all[row.experiment] ?? {}) ?? []
  )
})

const comparisonResult = (row: Row, comparison: Comparison, runs: Runs): ComparisonResult | undefined => {
  const metric = comparison.metric?.name ?? row.metric
  const unit = comparison.metric?.unit ?? row.unit
  const contender = comparison.contender ?? row.contender
  const peer = comparison.kind === "value" ? undefined : comparison.peer
  const numbers = (of: Contender) => runs[of]?.map((run) => (run[metric] ?? Number.NaN) / scale[unit])
  const ours = numbers(contender)
  const theirs = peer === undefined ? undefined : numbers(peer)
  if (ours === undefined || (peer !== undefined && theirs === undefined)) return undefined

  const results = ours.map((value, round) => {
    const other = theirs?.[round] ?? Number.NaN
    return comparison.kind === "value" ? value : comparison.kind === "ratio" ? value / other : value - other
  })
  const result = median(results)
  const { bar } = comparison
  return {
    kind: comparison.kind,
    metric,
    unit,
    contender,
    peer,
    ours: median(ours),
    theirs: theirs === undefined ? undefined : median(theirs),
    result,
    lowest: Math.min(...results),
    highest: Math.max(...results),
    bar,
    met: bar === undefined ? undefined : bar.direction === "atMost" ? result <= bar.limit : result >= bar.limit
  }
}
