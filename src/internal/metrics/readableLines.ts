/**
 * Metrics for the eyes of a person at a terminal.
 */
import type { Change } from "./changes.ts"

/** One line for each set of dimensions, as in `MyShop service=orders  OrdersPlaced 3 Count  Basket 12.5, 3.2`. */
export const render = (namespace: string, changes: ReadonlyArray<Change>): ReadonlyArray<string> => {
  const lines = new Map<string, string>()
  for (const { counts, series, values } of changes) {
    const key = series.dimensionMembers
    const start = lines.get(key) ??
      [namespace, ...[...series.dimensions].map(([name, value]) => `${name}=${value}`)].join(" ")
    const each = values.map((value, index) => {
      const count = counts?.[index] ?? 1
      const rounded = Math.round(value * 1_000) / 1_000
      return count === 1 ? String(rounded) : `${rounded} (${count} times)`
    })
    const unit = series.unit === undefined ? "" : ` ${series.unit}`
    lines.set(key, `${start}  ${series.name} ${each.join(", ")}${unit}`)
  }
  return [...lines.values()]
}
