/**
 * What has happened to Effect's metrics since it was last asked for. Effect adds up for the life of the process, and
 * CloudWatch adds up what it is sent, so only the differences may be sent.
 *
 * Taking them is synchronous: however many invocations run, each difference is taken once.
 */
import type * as Context from "effect/Context"
import type * as Metric from "effect/Metric"
import * as Result from "effect/Result"
import * as CloudWatch from "./cloudWatch.ts"
import { difference, followHistogram } from "./observations.ts"
import * as Series from "./series.ts"

/** Values to be sent, each as often as its count says. */
export interface Change {
  readonly series: Series.Series
  readonly values: ReadonlyArray<number>
  /** As long as `values`; once each when there are none. */
  readonly counts: ReadonlyArray<number> | undefined
  /** Whether something has happened; a gauge that stays as it was is only sent along. */
  readonly isNews: boolean
}

export interface Options {
  readonly settings: Series.Settings
  /** The metrics to follow. */
  readonly include: (metric: Metric.Metric.Metadata<never, unknown>) => boolean
}

type Emit = (change: Change) => void

/** Emits what has changed. */
type Take = () => void

type RegistryEntry = Metric.MetricRegistry extends Map<string, infer Entry> ? Entry : never

/** What CloudWatch takes of a change. */
const legalChange = (change: Change, warn: CloudWatch.Warn): Change | undefined => {
  const { counts, series, values } = change
  const legal = values.map(CloudWatch.metricValue)
  if (legal.every((value, index) => value === values[index])) return change
  if (!values.every(Number.isFinite)) {
    warn(
      `value of ${series.name}`,
      `the metric ${
        CloudWatch.quote(series.name)
      } has a value that CloudWatch does not take: infinity is sent as 2^360, and what is ` +
        "not a number is left out"
    )
  }
  const known = legal.filter((value) => value !== undefined)
  return known.length === 0
    ? undefined
    : { ...change, values: known, counts: counts?.filter((_, index) => legal[index] !== undefined) }
}

/**
 * Follows the metrics of a registry.
 *
 * A metric that is removed and made again is another one, as in the registry itself, and starts from nothing.
 */
export const make = (
  context: Context.Context<never>,
  registry: Metric.MetricRegistry,
  { include, settings }: Options
): { readonly take: () => ReadonlyArray<Change> } => {
  const followed = new WeakMap<object, Take>()
  let changes: Array<Change> = []

  const emit: Emit = (change) => {
    const taken = legalChange(change, settings.warn)
    if (taken !== undefined) changes.push(taken)
  }

  /** A metric may be computed when it is read, and is picked by the program: both may throw. */
  const unlessItThrows = <A>(id: string, read: () => A): A | undefined => {
    const result = Result.try(read)
    if (Result.isSuccess(result)) return result.success
    settings.warn(`read ${id}`, `the metric ${CloudWatch.quote(id)} cannot be read: ${String(result.failure)}`)
    return undefined
  }

  const follow = (metric: RegistryEntry): Take => {
    const { hooks, id, type } = metric
    if (!include(metric)) return () => {}
    const make = (unit?: string, dimension?: readonly [name: string, value: string]) =>
      Series.make(settings, { ...metric, unit, dimension })
    const take = followers[type](() => hooks.get(context), make, emit, settings.warn)
    return () => unlessItThrows(id, take)
  }

  return {
    take: () => {
      for (const metric of registry.values()) {
        let take = followed.get(metric.hooks)
        if (take === undefined) {
          take = unlessItThrows(metric.id, () => follow(metric)) ?? (() => {})
          followed.set(metric.hooks, take)
        }
        take()
      }
      const taken = changes
      changes = []
      return taken
    }
  }
}

type MakeSeries = (unit?: string, dimension?: readonly [name: string, value: string]) => Series.Series

type Followers = {
  readonly [Type in Metric.Metric.Type]: (
    read: () => Extract<Metric.Metric.Snapshot, { readonly type: Type }>["state"],
    makeSeries: MakeSeries,
    emit: Emit,
    warn: CloudWatch.Warn
  ) => Take
}

const followers: Followers = {
  Counter: (read, makeSeries, emit) => {
    const series = makeSeries("Count")
    let before: number | bigint = 0
    return () => {
      const { count, incremental } = read()
      // Only a counter that is kept elsewhere can start again.
      const since = incremental && count < before ? 0 : before
      before = count
      const added = typeof count === "bigint" ? Number(count - BigInt(since)) : difference(count, Number(since))
      if (added !== 0) emit({ series, values: [added], counts: undefined, isNews: true })
    }
  },
  Gauge: (read, makeSeries, emit) => {
    const series = makeSeries()
    let before: number | bigint | undefined
    return () => {
      const { value } = read()
      emit({ series, values: [Number(value)], counts: undefined, isNews: value !== before })
      before = value
    }
  },
  Histogram: (read, makeSeries, emit, warn) => {
    const series = makeSeries()
    const observationsSince = followHistogram()
    let before = 0
    return () => {
      const state = read()
      if (state.count === before) return
      before = state.count
      if (!Number.isFinite(state.sum)) {
        warn(
          `value of ${series.name}`,
          `the histogram ${
            CloudWatch.quote(series.name)
          } was given infinity, or what is not a number. Its sum is lost with that: its ` +
            "values are told by their buckets from now on"
        )
      }
      const { counts, values } = observationsSince(state)
      emit({ series, values, counts, isNews: true })
    }
  },
  Frequency: (read, makeSeries, emit) => {
    const words = new Map<string, { readonly series: Series.Series; count: number }>()
    return () => {
      for (const [word, count] of read().occurrences) {
        const known = words.get(word) ?? { series: makeSeries("Count", ["key", word]), count: 0 }
        words.set(word, known)
        const added = count - known.count
        if (added !== 0) emit({ series: known.series, values: [added], counts: undefined, isNews: true })
        known.count = count
      }
    }
  },
  Summary: (read, makeSeries, emit) => {
    const series = makeSeries()
    const quantileSeries = new Map<number, Series.Series>()
    let before = { count: 0, sum: 0 }
    return () => {
      const { count, quantiles, sum } = read()
      const added = count - before.count
      if (added === 0) return
      // Single values are not known, only how many there were, their sum, and the quantiles of the latest.
      const average = difference(sum, before.sum) / added
      emit({ series, values: [average], counts: [added], isNews: true })
      before = { count, sum }
      for (const [quantile, value] of quantiles) {
        if (value === undefined) continue
        const known = quantileSeries.get(quantile) ?? makeSeries(undefined, ["quantile", String(quantile)])
        quantileSeries.set(quantile, known)
        emit({ series: known, values: [value], counts: undefined, isNews: true })
      }
    }
  }
}
