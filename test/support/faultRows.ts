/**
 * What is known of one fault, as a row of docs/reliability.md. A test carries its row, and what the row says is what the
 * test asserts.
 */
import { assert, it } from "@effect/vitest"
import * as Fs from "node:fs"

export interface FaultRow {
  readonly fault: string
  /** What arrives at Lambda, request by request. */
  readonly sees: ReadonlyArray<string>
  /** The first line of everything that is logged. */
  readonly logs: ReadonlyArray<string>
  readonly next: string
  /** The test that proves it, where it is not the one that carries the row: the path of a file and a title in it. */
  readonly provedBy?: readonly [path: string, title: string] | undefined
}

declare module "vitest" {
  interface TaskMeta {
    faultRow?: FaultRow
  }
}

export const served = "the next event is served"

/** With one of these lines. Two are enough to show what they look like. */
export const exits = (code: number, ...lines: ReadonlyArray<string>): string => {
  const told = lines.filter((line) => line !== "").slice(0, 2).map((line) => `\`${line}\``)
  const others = lines.length > 2 ? ["…"] : []
  return `exit code ${code}${told.length === 0 ? "" : `: ${[...told, ...others].join(" or ")}`}`
}

/** Rows that tests of another file prove. That these have not been renamed is all that is tested here. */
export const provedElsewhere = (path: string, rows: ReadonlyArray<FaultRow & { readonly title: string }>): void => {
  const source = Fs.readFileSync(new URL(`../../${path}`, import.meta.url), "utf8")
  for (const { title, ...row } of rows) {
    const faultRow: FaultRow = { ...row, provedBy: [path, title] }
    it(row.fault, { meta: { faultRow } }, () => {
      assert.include(source, JSON.stringify(title))
    })
  }
}
