/** The results as a table for people. */
import { contenderNames } from "./experiments.ts"
import type { ComparisonResult, RowResult } from "./results.ts"
import type { Unit } from "./rows.ts"

const widths = [10, 45, 10, 30, 11]

export const renderTable = (results: ReadonlyArray<RowResult>): string =>
  [
    line(["ours", "peer", "", "ours / peer (lowest, highest)", "bar", ""]),
    ...results.flatMap((row) => ["", row.title, ...row.comparisons.map(renderComparison)])
  ].join("\n")

/** The second cell is text and starts at the left; numbers end at the right. */
const line = (cells: ReadonlyArray<string>): string =>
  cells.map((cell, column) => column === 1 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))
    .join("  ").trimEnd()

const renderComparison = (result: ComparisonResult): string =>
  line([
    amount(result.ours, result.unit),
    result.peer === undefined
      ? result.metric
      : `${contenderNames[result.peer]}${result.contender === "oursBuilt" ? ", ours as built" : ""}`,
    result.theirs === undefined ? "" : amount(result.theirs, result.unit),
    `${outcome(result, result.result)} (${outcome(result, result.lowest)}, ${outcome(result, result.highest)})`,
    result.bar === undefined
      ? ""
      : `${result.bar.direction === "atMost" ? "<=" : ">="} ${outcome(result, result.bar.limit)}`,
    result.met === undefined ? "" : result.met ? "✔" : "✘"
  ])

/** A ratio as `0.60x`, all else in its unit. */
const outcome = ({ kind, unit }: ComparisonResult, value: number): string =>
  kind === "ratio"
    ? `${value.toFixed(2)}x`
    : kind === "difference"
    ? `${value < 0 ? "" : "+"}${amount(value, unit)}`
    : amount(value, unit)

const amount = (value: number, unit: Unit): string =>
  `${Math.abs(value) < 10 ? value.toFixed(2) : Math.abs(value) < 100 ? value.toFixed(1) : Math.round(value)} ${unit}`
