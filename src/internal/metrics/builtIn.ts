/**
 * What is measured of every invocation. Single values are kept until they are sent, so that what CloudWatch computes of
 * them is exact.
 */
import type { Change } from "./changes.ts"
import * as Series from "./series.ts"

export interface BuiltIn {
  /** An invocation has begun. */
  readonly begin: () => void
  /** An invocation is over, after so many milliseconds. */
  readonly end: (duration: number, failed: boolean) => void
  readonly take: () => ReadonlyArray<Change>
}

/** `coldStart` says whether the first invocation has to wait for the process to start. */
export const make = (settings: Series.Settings, functionName: string, coldStart: boolean): BuiltIn => {
  const follow = (id: string, unit: string) => {
    const series = Series.make(settings, { id, unit, attributes: { FunctionName: functionName } })
    let values: Array<number> = []
    return {
      add: (value: number) => void values.push(value),
      take: () => {
        const taken = values
        values = []
        return { series, values: taken, counts: undefined, isNews: true }
      }
    }
  }
  const coldStarts = follow("ColdStart", "Count")
  const durations = follow("Duration", "Milliseconds")
  const errors = follow("Errors", "Count")
  const concurrency = follow("Concurrency", "Count")
  let inFlight = 0
  let isCold = coldStart

  return {
    begin: () => {
      inFlight++
      concurrency.add(inFlight)
      if (isCold) coldStarts.add(1)
      isCold = false
    },
    end: (duration, failed) => {
      inFlight--
      durations.add(duration)
      errors.add(failed ? 1 : 0)
    },
    take: () =>
      [coldStarts, durations, errors, concurrency]
        .map(({ take }) => take())
        .filter(({ values }) => values.length > 0)
  }
}
