/**
 * Reads lines in CloudWatch's embedded metric format as CloudWatch does, and is as strict.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Schema from "effect/Schema"
import { Output } from "../../src/internal/metrics/output.ts"

export interface Datum {
  readonly namespace: string
  readonly name: string
  readonly dimensions: Readonly<Record<string, string>>
  readonly unit: string | undefined
  readonly resolution: number
  readonly timestamp: number
  /** Every value as often as it was observed. */
  readonly values: ReadonlyArray<number>
}

const units =
  "Seconds|Microseconds|Milliseconds|Bytes|Kilobytes|Megabytes|Gigabytes|Terabytes|Bits|Kilobits|Megabits|" +
  "Gigabits|Terabits|Percent|Count|None"
const rates = "Bytes|Kilobytes|Megabytes|Gigabytes|Terabytes|Bits|Kilobits|Megabits|Gigabits|Terabits|Count"

const text = (maxLength: number) =>
  Schema.String.check(
    Schema.isMinLength(1),
    Schema.isMaxLength(maxLength),
    Schema.isPattern(/^[\x20-\x7e]*[\x21-\x7e][\x20-\x7e]*$/)
  )

/** As in the published JSON schema, and as narrow as the API in what the schema leaves open. */
const Document = Schema.Struct({
  _aws: Schema.Struct({
    Timestamp: Schema.Int,
    CloudWatchMetrics: Schema.Array(Schema.Struct({
      Namespace: text(255),
      Dimensions: Schema.Array(
        Schema.Array(text(250).check(Schema.isPattern(/^[^:]/))).check(Schema.isMaxLength(30), Schema.isUnique())
      ).check(Schema.isMinLength(1)),
      Metrics: Schema.Array(Schema.Struct({
        Name: text(255),
        Unit: Schema.optionalKey(Schema.String.check(Schema.isPattern(new RegExp(`^(${units}|(${rates})/Second)$`)))),
        StorageResolution: Schema.optionalKey(Schema.Literals([1, 60]))
      })).check(Schema.isMinLength(1), Schema.isMaxLength(100))
    })).check(Schema.isMinLength(1), Schema.isMaxLength(100))
  })
})

const Value = Schema.Finite.check(Schema.isBetween({ minimum: -(2 ** 360), maximum: 2 ** 360 }))
const Values = Schema.Array(Value).check(Schema.isMinLength(1), Schema.isMaxLength(100))
const Counts = Schema.Array(Schema.Int.check(Schema.isGreaterThan(0)))
const Target = Schema.Union([Value, Values, Schema.Struct({ Values, Counts })])

const decodeDocument = Schema.decodeUnknownSync(Document, { onExcessProperty: "ignore" })
const decodeTarget = Schema.decodeUnknownSync(Target, { onExcessProperty: "error" })
const decodeDimension = Schema.decodeUnknownSync(text(1024))

/** The metrics of one line. Fails the test when CloudWatch would not take it. */
export const read = (line: string): ReadonlyArray<Datum> => {
  assert.notInclude(line, "\n")
  assert.isAtMost(Buffer.byteLength(line) + 26, 256 * 1024)
  const root: Record<string, unknown> = JSON.parse(line)
  const { _aws: { CloudWatchMetrics, Timestamp } } = decodeDocument(root)
  const targets = CloudWatchMetrics.flatMap(({ Dimensions, Metrics }) => [
    ...new Set(Dimensions.flat()),
    ...Metrics.map(({ Name }) => Name)
  ])
  assert.strictEqual(new Set(targets).size, targets.length, "every member stands for one thing")
  assert.sameMembers(
    [...targets, "_aws"],
    Object.keys(root).filter((key) => targets.includes(key) || !["level", "timestamp"].includes(key))
  )
  return CloudWatchMetrics.flatMap(({ Dimensions, Metrics, Namespace }) =>
    Dimensions.flatMap((names) =>
      Metrics.map(({ Name, StorageResolution, Unit }) => ({
        namespace: Namespace,
        name: Name,
        dimensions: Object.fromEntries(names.map((name) => [name, decodeDimension(root[name])])),
        unit: Unit,
        resolution: StorageResolution ?? 60,
        timestamp: Timestamp,
        values: expand(decodeTarget(root[Name]))
      }))
    )
  )
}

const expand = (target: typeof Target.Type): ReadonlyArray<number> => {
  if (typeof target === "number") return [target]
  if (!("Values" in target)) return target
  assert.strictEqual(target.Values.length, target.Counts.length)
  return target.Values.flatMap((value, index) => Array<number>(target.Counts[index] ?? 0).fill(value))
}

/** An output that keeps its lines, and a registry of its own: metrics of one test are not those of another. */
export const make = (options: { readonly isTerminal: boolean } = { isTerminal: false }) =>
  Effect.sync(() => {
    const lines: Array<string> = []
    const watchers = new Set<() => void>()
    return {
      lines,
      /** What was written since the last time. */
      take: () => lines.splice(0).flatMap(read),
      /** Waits until something is written, with all that is written at the same time. */
      written: Effect.callback<void>((resume) => {
        const watch = () => {
          if (lines.length > 0) resume(Effect.yieldNow)
        }
        watchers.add(watch)
        watch()
        return Effect.sync(() => watchers.delete(watch))
      }),
      layer: Layer.mergeAll(
        Layer.succeed(Metric.MetricRegistry, new Map()),
        Layer.succeed(Output, {
          ...options,
          write: (line) => {
            lines.push(line)
            for (const watch of watchers) watch()
          }
        })
      )
    }
  })

/** The values by the name of their metric and its dimensions, as in `Orders{service=shop}`. */
export const byName = (data: ReadonlyArray<Datum>): Readonly<Record<string, ReadonlyArray<number>>> => {
  const values: Record<string, ReadonlyArray<number>> = {}
  for (const datum of data) {
    const dimensions = Object.entries(datum.dimensions).map(([name, value]) => `${name}=${value}`).join(",")
    const key = dimensions === "" ? datum.name : `${datum.name}{${dimensions}}`
    values[key] = [...values[key] ?? [], ...datum.values]
  }
  return values
}
