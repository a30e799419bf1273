/**
 * What a bench has measured of a function.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** Milliseconds, one for each run. */
export interface Measurement {
  /** As in `start to first poll`. */
  readonly what: string
  readonly samples: ReadonlyArray<number>
}

/** The function could not be measured. */
export class BenchError extends Schema.TaggedError<BenchError>("effect-lambda-runtime/cli/bench/BenchError")(
  "BenchError",
  { problem: Schema.String }
) {
  override get message(): string {
    return this.problem
  }
}

export const fail = (problem: string): Effect.Effect<never, BenchError> => Effect.fail(new BenchError({ problem }))

export interface Summary {
  readonly minimum: number
  readonly median: number
  readonly maximum: number
}

/** `undefined` of nothing. */
export const summarize = (samples: ReadonlyArray<number>): Summary | undefined => {
  const sorted = samples.toSorted((a, b) => a - b)
  const [minimum] = sorted
  const maximum = sorted.at(-1)
  const upper = sorted[sorted.length >> 1]
  const lower = sorted[(sorted.length - 1) >> 1]
  if (minimum === undefined || maximum === undefined || upper === undefined || lower === undefined) return undefined
  return { minimum, median: (lower + upper) / 2, maximum }
}
