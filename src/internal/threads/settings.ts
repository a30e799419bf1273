/**
 * How many threads a function runs in, and how much memory each of them may use.
 */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { availableParallelism } from "node:os"
import { getHeapStatistics } from "node:v8"
import { isMainThread } from "node:worker_threads"
import * as Concurrency from "../../Concurrency.ts"
import { LambdaEnvironment } from "../../LambdaEnvironment.ts"

/** Never more than invocations at the same time; then as many as are asked for, else as there are processors. */
export const threadCount = Effect.fnUntraced(function*(threads: number | undefined) {
  if (threads !== undefined && !isCount(threads)) {
    return yield* Effect.die(new RangeError(`threads is ${threads}, not a whole number from 1`))
  }
  const maxConcurrency = yield* Concurrency.MaxConcurrency
  // A thread that the user's program has started serves alone, as it does with `runMain`.
  if (maxConcurrency === 1 || !isMainThread) return 1
  return Math.min(maxConcurrency, threads ?? (yield* workerCount) ?? availableParallelism())
})

/** A value that makes no sense is worth a warning, not a dead function. */
const workerCount = Effect.gen(function*() {
  const variable = yield* Config.option(Config.String("AWS_LAMBDA_NODEJS_WORKER_COUNT"))
  // An empty variable counts as unset.
  const value = Option.getOrUndefined(Option.filter(variable, (text) => text.trim() !== ""))
  if (value === undefined) return undefined
  if (isCount(Number(value))) return Number(value)
  yield* Effect.logWarning(
    `AWS_LAMBDA_NODEJS_WORKER_COUNT is "${value}", not a whole number from 1: running as many threads as there are ` +
      "processors"
  )
  return undefined
})

const isCount = (count: number) => Number.isInteger(count) && count >= 1

/**
 * The most memory for the JavaScript objects of a thread in MiB: its part of what Node lets the process have, so that a
 * thread which wants more dies before Lambda ends the whole process. None outside Lambda, where nobody ends it.
 */
export const heapSize = (threads: number): Effect.Effect<number | undefined, never, LambdaEnvironment> =>
  Effect.map(
    LambdaEnvironment,
    ({ runtimeApi }) =>
      Option.isNone(runtimeApi) ? undefined : Math.floor(getHeapStatistics().heap_size_limit / threads / bytesPerMiB)
  )

const bytesPerMiB = 1_048_576
