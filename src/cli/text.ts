/**
 * Text for terminals.
 */
import { displayWidth } from "effect/cli/CliOutput"

/** As in `61.5 KB`: 1 KB is 1,000 bytes. */
export const bytes = (count: number): string => {
  if (count < 1000) return `${count} bytes`
  return count < 1_000_000 ? `${threeDigits(count / 1000)} KB` : `${threeDigits(count / 1_000_000)} MB`
}

const threeDigits = (value: number): string =>
  value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0)

/** Columns of equal width; those named in `right` are aligned to the right. */
export const table = (
  rows: ReadonlyArray<ReadonlyArray<string>>,
  { indent = "", right = [] }: { readonly indent?: string; readonly right?: ReadonlyArray<number> } = {}
): string => {
  const widths: Array<number> = []
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, displayWidth(cell))
  }
  return rows
    .map((row) =>
      indent + row.map((cell, column) => {
        const space = " ".repeat((widths[column] ?? 0) - displayWidth(cell))
        return right.includes(column) ? space + cell : cell + space
      }).join("  ").trimEnd()
    )
    .join("\n")
}
