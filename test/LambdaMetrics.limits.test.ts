import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Schema from "effect/Schema"
import type { Change } from "../src/internal/metrics/changes.ts"
import * as EmbeddedMetricFormat from "../src/internal/metrics/embeddedMetricFormat.ts"
import * as Series from "../src/internal/metrics/series.ts"
import * as EmbeddedMetrics from "./support/embeddedMetrics.ts"
import { setUp } from "./support/lambdaMetrics.ts"

const integer = (minimum: number, maximum: number) =>
  Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum, maximum })))

const number = Arbitrary.schema(Schema.Union([Schema.Number, Schema.Int]))

const types = ["counter", "gauge", "histogram", "frequency", "summary"] as const

const update = (
  type: (typeof types)[number],
  id: string,
  attributes: Readonly<Record<string, string>>,
  value: number
): Effect.Effect<void> => {
  switch (type) {
    case "counter":
      return Metric.update(Metric.counter(id, { attributes }), value)
    case "gauge":
      return Metric.update(Metric.gauge(id, { attributes }), value)
    case "histogram":
      return Metric.update(Metric.histogram(id, { attributes, boundaries: [-1, 0, 1, 10, 100] }), value)
    case "frequency":
      return Metric.update(Metric.frequency(id, { attributes }), String(value))
    case "summary":
      return Metric.update(
        Metric.summary(id, { attributes, maxAge: "1 hour", maxSize: 5, quantiles: [0, 0.5, 1] }),
        value
      )
  }
}

/** Without backslashes: `JSON.parse` of Node 24 takes a quote for one, at the end of a name, when it has just seen one there. */
const name = Arbitrary.map(Arbitrary.schema(Schema.String), (name) => name.replaceAll("\\", "/"))

const attributes = Arbitrary.map(
  Arbitrary.array(Arbitrary.all([name, Arbitrary.schema(Schema.String)]), { maxLength: 5 }),
  (entries) => Object.fromEntries(entries)
)

const anyMetric = Arbitrary.all({
  type: Arbitrary.schema(Schema.Literals(types)),
  id: name,
  attributes,
  value: number
})

describe("every line is one that CloudWatch takes", () => {
  it.effect.prop(
    "whatever metrics are called and count",
    { updates: Arbitrary.array(anyMetric, { maxLength: 30 }), service: Arbitrary.schema(Schema.String) },
    ({ service, updates }) =>
      Effect.gen(function*() {
        const { flush, lines, provide } = yield* setUp({ service })
        for (const { attributes, id, type, value } of updates) {
          yield* provide(update(type, id, attributes, value))
          yield* flush
        }
        for (const line of lines) EmbeddedMetrics.read(line)
      })
  )

  // Each of these characters takes two bytes.
  const long = (length: number) => "\"\\".repeat(length / 2)

  it.effect.prop(
    "however many metrics and dimensions there are, and however long",
    {
      metrics: integer(0, 350),
      dimensions: integer(0, 40),
      nameLength: integer(0, 400),
      valueLength: integer(0, 1_100),
      buckets: integer(0, 120)
    },
    ({ buckets, dimensions, metrics, nameLength, valueLength }) =>
      Effect.gen(function*() {
        const { flush, lines, provide, take } = yield* setUp()
        const attributes = Object.fromEntries(
          Array.from({ length: dimensions }, (_, index) => [`d${index}${long(nameLength)}`, long(valueLength)])
        )
        const boundaries = Array.from({ length: buckets }, (_, index) => index / 3)
        for (let index = 0; index < metrics; index++) {
          const histogram = Metric.histogram(`m${index}${long(nameLength)}`, { attributes, boundaries })
          for (const value of [...boundaries, 1_000_000_000.123]) yield* provide(Metric.update(histogram, value))
        }
        yield* flush
        assert.isAtLeast(lines.length, Math.ceil(metrics / 100))
        const sent = take()
        assert.strictEqual(sent.flatMap(({ values }) => values).length, metrics * (buckets + 1))
        assert.strictEqual(new Set(sent.map(({ name }) => name)).size, metrics)
      }),
    { arbitrary: { runs: 10 } }
  )

  it.effect("when there is more than 256 KB to say of 100 metrics", () =>
    Effect.gen(function*() {
      const { flush, lines, provide, take } = yield* setUp()
      const boundaries = Array.from({ length: 100 }, (_, index) => index / 7)
      for (let index = 0; index < 100; index++) {
        const histogram = Metric.histogram(`m${index}${long(200)}`, { boundaries })
        for (const value of boundaries) yield* provide(Effect.repeat(Metric.update(histogram, value), { times: 1 }))
      }
      yield* flush
      assert.isAtLeast(lines.length, 2)
      assert.isAtMost(lines.length, 3)
      const sent = take()
      assert.lengthOf(sent, 100)
      for (const { values } of sent) assert.lengthOf(values, 200)
    }))

  it("when it is full to the last byte", () => {
    const none: ReadonlySet<string> = new Set()
    const settings = { dimensions: new Map<string, string>(), highResolution: none, reserved: none, warn: () => {} }
    const change = (id: string, count: number): Change => ({
      series: Series.make(settings, { id }),
      values: Array<number>(count).fill(1.234567890123456e-100),
      counts: Array<number>(count).fill(1_000_000_000_000),
      isNews: true
    })
    const render = (changes: ReadonlyArray<Change>) =>
      EmbeddedMetricFormat.render({ namespace: "Shop", timestamp: 0, level: undefined }, changes)
    /** What is left of the only line. */
    const left = (changes: ReadonlyArray<Change>) => {
      const [line = "", another] = render(changes)
      return another === undefined ? EmbeddedMetricFormat.MaxLineSize - line.length : -1
    }

    const changes: Array<Change> = []
    for (const count of [100, 10, 1]) {
      for (let index = 0; left([...changes, change(`${count}-${index}`, count)]) >= 0; index++) {
        changes.push(change(`${count}-${index}`, count))
      }
    }
    changes.pop()
    // Each further character of a name is in the line twice.
    const name = "_".repeat(1 + Math.floor(left([...changes, change("_", 1)]) / 2))
    for (const line of render([...changes, change(name, 1)])) assert.isAtMost(line.length + 26, 256 * 1024)
    assert.oneOf(left([...changes, change(name, 1)]), [0, 1])
    assert.lengthOf(render([...changes, change(`${name}_`, 1)]), 2)
  })

  it.effect("when metrics of several kinds go by the same name", () =>
    Effect.gen(function*() {
      const { flush, lines, provide, take } = yield* setUp()
      yield* provide(Effect.all([
        Metric.update(Metric.counter("Orders"), 1),
        Metric.update(Metric.gauge("Orders"), 2),
        Metric.update(Metric.counter("Orders", { description: "all orders" }), 3),
        Metric.update(Metric.counter("Other"), 4)
      ]))
      yield* flush
      assert.lengthOf(lines, 3)
      assert.deepStrictEqual(EmbeddedMetrics.byName(take()), { Orders: [1, 2, 3], Other: [4] })
    }))
})

describe("whenever lines are written", () => {
  const step = Arbitrary.all({
    type: Arbitrary.schema(Schema.Literals(types)),
    id: Arbitrary.schema(Schema.Literals(["a", "b", "c"])),
    kind: Arbitrary.schema(Schema.Literals(["x", "y"])),
    value: integer(-20, 120),
    flush: Arbitrary.schema(Schema.Boolean)
  })
  const sum = (values: ReadonlyArray<number>) => values.reduce((total, value) => total + value, 0)

  it.effect.prop(
    "all that was counted has been sent once",
    { steps: Arbitrary.array(step, { maxLength: 100 }) },
    ({ steps }) =>
      Effect.gen(function*() {
        const { flush, provide, take } = yield* setUp()
        for (const { flush: flushes, id, kind, type, value } of steps) {
          yield* provide(update(type, `${type}-${id}`, { kind }, value))
          if (flushes) yield* flush
        }
        yield* flush
        const sent = EmbeddedMetrics.byName(take())
        const expected = Map.groupBy(steps, ({ id, kind, type, value }) =>
          type === "frequency" ? `${type}-${id}{kind=${kind},key=${value}}` : `${type}-${id}{kind=${kind}}`)
        for (const [name, steps] of expected) {
          const values = steps.map(({ value }) =>
            value
          )
          const actual = sent[name] ?? []
          switch (steps[0]?.type) {
            case "gauge":
              assert.strictEqual(actual.at(-1), values.at(-1))
              break
            case "frequency":
              assert.strictEqual(sum(actual), values.length)
              break
            case "counter":
              assert.strictEqual(sum(actual), sum(values))
              break
            default:
              assert.strictEqual(actual.length, values.length)
              assert.approximately(sum(actual), sum(values), 1e-6)
          }
        }
      })
  )
})
