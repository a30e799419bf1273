/** The results as a table for people. */
import { contenderNames } from "./experiments.ts"
import type { ComparisonResult, RowResult } from "./results.ts"
import type { Unit } from "./rows.ts"

const columns = [10, 34, 10, 28, 10]

export const renderTable = (results: ReadonlyArray<RowResult>): string =>
  [
    cells("", ["ours", "peer", "", "ours / peer (lowest-highest)", "bar", ""]),
    ...results.flatMap((row) => ["", row.title, ...row.comparisons.map(renderComparison)])
  ].join("\n")

const cells = (indent: string, [ours = "", peer = "", theirs = "", result = "", bar = "", met = ""]: Array<string>) =>
  [
    `${indent}${ours.padStart(columns[0] ?? 0)}  `,
    peer.padEnd(columns[1] ?? 0),
    theirs.padStart(columns[2] ?? 0),
    result.padStart(columns[3] ?? 0),
    bar.padStart(columns[4] ?? 0),
    met
  ].join("  ").trimEnd()

const renderComparison = (result: ComparisonResult): string =>
  cells("", [
    amount(result.ours, result.unit),
    result.peer === undefined
      ? result.metric
      : result.contender === "oursCompileCache"
      ? `${contenderNames[result.peer]}; ours with cache`
      : contenderNames[result.peer],
    result.theirs === undefined ? "" : amount(result.theirs, result.unit),
    `${outcome(result, result.result)} (${outcome(result, result.lowest)}-${outcome(result, result.highest)})`,
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
