import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as TestClock from "effect/testing/TestClock"
import * as LambdaMetrics from "../src/LambdaMetrics.ts"
import * as EmbeddedMetrics from "./support/embeddedMetrics.ts"
import { environment, setUp } from "./support/lambdaMetrics.ts"

describe("LambdaMetrics sends", () => {
  it.effect("what was added to a counter, in Count", () =>
    Effect.gen(function*() {
      const { flush, provide, send, take } = yield* setUp()
      const orders = Metric.counter("Orders")
      assert.deepStrictEqual(yield* send(Metric.update(orders, 3)), { Orders: [3] })
      yield* provide(Metric.update(orders, 0.1))
      assert.deepStrictEqual(yield* send(Metric.update(orders, 0.2)), { Orders: [0.3] })
      assert.deepStrictEqual(yield* send(Metric.update(orders, -2)), { Orders: [-2] })
      yield* provide(Metric.update(orders, 1))
      yield* flush
      const [datum] = take()
      assert.deepStrictEqual([datum?.namespace, datum?.unit, datum?.resolution], ["Shop", "Count", 60])
    }))

  it.effect("what was added to a counter of bigint, however much it has counted", () =>
    Effect.gen(function*() {
      const { send } = yield* setUp()
      const bytes = Metric.counter("Bytes", { bigint: true })
      yield* send(Metric.update(bytes, 10n ** 30n))
      assert.deepStrictEqual(yield* send(Metric.update(bytes, 7n)), { Bytes: [7] })
    }))

  it.effect("all of a counter that was removed and made again", () =>
    Effect.gen(function*() {
      const { provide, send } = yield* setUp()
      const orders = Metric.counter("Orders")
      yield* send(Metric.update(orders, 5))
      yield* provide(Metric.remove(orders))
      assert.deepStrictEqual(yield* send(Metric.update(orders, 2)), { Orders: [2] })
    }))

  it.effect("what a counter that is kept elsewhere shows, also when it starts again", () =>
    Effect.gen(function*() {
      const { context, send } = yield* setUp()
      let count = 10
      Metric.registerUnsafe(Metric.counter("Requests", { incremental: true }), context, {
        get: () => ({ count, incremental: true }),
        update: () => {},
        modify: () => {}
      })
      assert.deepStrictEqual(yield* send(Effect.void), { Requests: [10] })
      count = 4
      assert.deepStrictEqual(yield* send(Effect.void), { Requests: [4] })
    }))

  it.effect("the value of a gauge, whenever there is something to send", () =>
    Effect.gen(function*() {
      const { send } = yield* setUp()
      const depth = Metric.gauge("Depth")
      assert.deepStrictEqual(yield* send(Metric.update(depth, 3)), { Depth: [3] })
      assert.deepStrictEqual(yield* send(Metric.update(depth, 3)), {})
      assert.deepStrictEqual(yield* send(Metric.update(Metric.counter("Orders"), 1)), { Depth: [3], Orders: [1] })
      assert.deepStrictEqual(yield* send(Metric.update(Metric.gauge("Big", { bigint: true }), 12n)), {
        Depth: [3],
        Big: [12]
      })
    }))

  it.effect("what was observed by a timer, in Milliseconds", () =>
    Effect.gen(function*() {
      const { flush, provide, send, take } = yield* setUp()
      const query = Metric.timer("Query")
      assert.deepStrictEqual(yield* send(Metric.update(query, Duration.millis(12.3))), { Query: [12.3] })
      assert.deepStrictEqual(yield* send(Metric.update(query, Duration.millis(0.7))), { Query: [0.7] })
      assert.deepStrictEqual(yield* send(Effect.void), {})
      yield* provide(Metric.update(query, Duration.seconds(2)))
      yield* flush
      const [datum] = take()
      assert.deepStrictEqual([datum?.values, datum?.unit, datum?.dimensions], [[2000], "Milliseconds", {}])
    }))

  it.effect("count, sum and buckets of a histogram as they are", () =>
    Effect.gen(function*() {
      const { send } = yield* setUp()
      const basket = Metric.histogram("Basket", { boundaries: [10, 20, 30] })
      const observe = (values: ReadonlyArray<number>) =>
        Effect.forEach(values, (value) => Metric.update(basket, value), { discard: true })
      yield* send(observe([1, 12, 100]))

      const observed = [3, 4, 11, 19, 20, 25, 70, 90]
      const { Basket = [] } = yield* send(observe(observed))
      const sum = (values: ReadonlyArray<number>) => values.reduce((total, value) => total + value, 0)
      assert.approximately(sum(Basket), sum(observed), 1e-9)
      const buckets = (values: ReadonlyArray<number>) =>
        values.map((value) => value <= 10 ? 10 : value <= 20 ? 20 : value <= 30 ? 30 : Infinity)
      assert.deepStrictEqual(buckets(Basket), buckets(observed))
    }))

  it.effect("a histogram with more values than an array takes with their counts", () =>
    Effect.gen(function*() {
      const { flush, lines, provide, take } = yield* setUp()
      const basket = Metric.histogram("Basket", { boundaries: [1, 2, 3] })
      const observe = (count: number, value: number) =>
        Effect.repeat(Metric.update(basket, value), { times: count - 1 })
      yield* provide(Effect.andThen(observe(500, 1), observe(250, 3)))
      yield* flush
      assert.include(lines.join(), `"Basket":{"Values":[1,3],"Counts":[500,250]}`)
      const [datum] = take()
      assert.strictEqual(datum?.values.length, 750)
    }))

  it.effect("a histogram with more buckets than an array takes in several lines", () =>
    Effect.gen(function*() {
      const { flush, lines, provide, take } = yield* setUp()
      const values = Array.from({ length: 250 }, (_, index) => index)
      const fine = Metric.histogram("Fine", { boundaries: values })
      yield* provide(Effect.forEach(values, (value) => Metric.update(fine, value)))
      yield* flush
      assert.lengthOf(lines, 3)
      const sent = take().flatMap(({ values }) => values)
      assert.lengthOf(sent, 250)
      assert.approximately(sent.reduce((total, value) => total + value, 0), 250 * 249 / 2, 1e-6)
    }))

  it.effect("each word of a frequency as a dimension", () =>
    Effect.gen(function*() {
      const { provide, send } = yield* setUp()
      const status = Metric.frequency("Status", { preregisteredWords: ["500"] })
      yield* provide(Metric.update(status, "200"))
      assert.deepStrictEqual(yield* send(Effect.andThen(Metric.update(status, "200"), Metric.update(status, "404"))), {
        "Status{key=200}": [2],
        "Status{key=404}": [1]
      })
      assert.deepStrictEqual(yield* send(Metric.update(status, "404")), { "Status{key=404}": [1] })
    }))

  it.effect("count and sum of a summary, and its quantiles as dimensions", () =>
    Effect.gen(function*() {
      const { send } = yield* setUp()
      const latency = Metric.summary("Latency", { maxAge: "1 minute", maxSize: 10, quantiles: [0.5, 0.99] })
      const observe = (values: ReadonlyArray<number>) =>
        Effect.forEach(values, (value) => Metric.update(latency, value), { discard: true })
      assert.deepStrictEqual(yield* send(observe([1, 2, 6])), {
        "Latency": [3, 3, 3],
        "Latency{quantile=0.5}": [2],
        "Latency{quantile=0.99}": [6]
      })
      assert.deepStrictEqual(yield* send(Effect.void), {})
    }))

  it.effect("attributes as dimensions, after those of all metrics", () =>
    Effect.gen(function*() {
      const { send } = yield* setUp({ service: "orders", dimensions: { stage: "test", region: "here" } })
      const orders = Metric.counter("Orders", { attributes: { kind: "gift" } })
      yield* send(Metric.update(Metric.counter("Before"), 1))
      assert.deepStrictEqual(
        yield* send(Effect.andThen(
          Metric.update(orders, 1),
          Metric.update(Metric.withAttributes(orders, { region: "there" }), 2)
        )),
        {
          "Orders{service=orders,stage=test,region=here,kind=gift}": [1],
          "Orders{service=orders,stage=test,region=there,kind=gift}": [2]
        }
      )
    }))

  it.effect("the unit of an attribute", () =>
    Effect.gen(function*() {
      const { flush, provide, take, warnings } = yield* setUp()
      const of = (id: string, attributes: Readonly<Record<string, string>>) =>
        Metric.update(Metric.gauge(id, { attributes }), 1)
      yield* provide(Effect.all([
        of("a", { unit: "Bytes/Second" }),
        of("b", { unit: "milliseconds" }),
        of("c", { unit: "By" }),
        of("d", { time_unit: "seconds" }),
        of("e", { unit: "parsec", time_unit: "s" }),
        of("f", {})
      ]))
      yield* flush
      assert.deepStrictEqual(
        take().map(({ dimensions, name, unit }) => [name, unit, dimensions]),
        [
          ["a", "Bytes/Second", {}],
          ["b", "Milliseconds", {}],
          ["c", "Bytes", {}],
          ["d", "Seconds", {}],
          ["f", undefined, {}],
          ["e", "Seconds", { unit: "parsec" }]
        ]
      )
      assert.lengthOf(warnings, 1)
      assert.include(warnings[0], `the metric "e" has the unit "parsec", which CloudWatch does not know`)
    }))

  it.effect("metrics in high resolution", () =>
    Effect.gen(function*() {
      const { flush, provide, take } = yield* setUp({ highResolution: ["Fast"] })
      yield* provide(Effect.all([Metric.update(Metric.gauge("Fast"), 1), Metric.update(Metric.gauge("Slow"), 1)]))
      yield* flush
      assert.deepStrictEqual(take().map(({ name, resolution }) => [name, resolution]), [["Fast", 1], ["Slow", 60]])
    }))

  it.effect("the time of the clock", () =>
    Effect.gen(function*() {
      const { flush, provide, take } = yield* setUp()
      yield* TestClock.setTime(1_700_000_000_123)
      yield* provide(Metric.update(Metric.counter("Orders"), 1))
      yield* flush
      assert.deepStrictEqual(take().map(({ timestamp }) => timestamp), [1_700_000_000_123])
    }))

  it.effect("nothing of Effect's own fibers, unless it is asked to", () =>
    Effect.gen(function*() {
      const work = Metric.enableRuntimeMetrics(Effect.flatMap(Effect.forkChild(Effect.void), (fiber) =>
        Effect.andThen(
          Effect.yieldNow,
          Effect.sync(() => fiber.pollUnsafe())
        )))
      const { send } = yield* setUp()
      assert.deepStrictEqual(yield* send(work), {})
      const asked = yield* setUp({
        include: () => true
      })
      assert.include(Object.keys(yield* asked.send(work)), "child_fibers_started")
    }))

  it.effect("only what is to be included", () =>
    Effect.gen(function*() {
      const { send } = yield* setUp({
        include: ({ attributes, id, type }) => id !== "a" && type === "Counter" && attributes === undefined
      })
      const update = (id: string, attributes?: Readonly<Record<string, string>>) =>
        Metric.update(Metric.counter(id, { attributes }), 1)
      assert.deepStrictEqual(
        yield* send(
          Effect.all([update("a"), update("b"), update("c", { d: "e" }), Metric.update(Metric.gauge("f"), 1)])
        ),
        { b: [1] }
      )
    }))

  it.effect("nothing when nothing has changed", () =>
    Effect.gen(function*() {
      const { flush, lines, provide } = yield* setUp()
      yield* flush
      yield* provide(Metric.update(Metric.counter("Orders"), 1))
      yield* flush
      yield* flush
      assert.lengthOf(lines, 1)
    }))

  it.effect("what is left when the layer is released", () =>
    Effect.gen(function*() {
      const output = yield* Effect.scoped(Effect.gen(function*() {
        const { flush, provide, ...output } = yield* setUp()
        yield* provide(Metric.update(Metric.counter("Orders"), 1))
        yield* flush
        yield* provide(Metric.update(Metric.counter("Orders"), 2))
        return output
      }))
      assert.deepStrictEqual(EmbeddedMetrics.byName(output.take()), { Orders: [1, 2] })
    }))
})

describe("what CloudWatch would refuse", () => {
  it.effect("is changed as little as need be, with one warning for each metric", () =>
    Effect.gen(function*() {
      const { send, warnings } = yield* setUp({ service: "shop" })
      const update = (id: string, attributes: Readonly<Record<string, string>> = {}) =>
        Metric.update(Metric.counter(id, { attributes }), 1)
      assert.deepStrictEqual(
        yield* send(Effect.all([
          update("city", { ":place": "Zürich\n" }),
          update("city", { ":place": "Bern 🐻" }),
          update("blank", { " ": "a", b: " " }),
          update("größe"),
          update(" "),
          update("_aws"),
          update("service"),
          update("self", { _aws: "1" }),
          update("x".repeat(300)),
          update("long", { ["n".repeat(300)]: "v".repeat(2000) })
        ])),
        {
          "city{service=shop,_place=Z_rich_}": [1],
          "city{service=shop,_place=Bern _}": [1],
          "blank{service=shop}": [1],
          "gr__e{service=shop}": [1],
          "unnamed{service=shop}": [1],
          "_aws_{service=shop}": [1],
          "service_{service=shop}": [1],
          "self{service=shop,_aws_=1}": [1],
          [`${"x".repeat(255)}{service=shop}`]: [1],
          [`long{service=shop,${"n".repeat(250)}=${"v".repeat(1024)}}`]: [1]
        }
      )
      assert.lengthOf(warnings, 10)
      yield* send(Effect.all([update("city", { ":place": "Genève" }), update("größe")]))
      assert.lengthOf(warnings, 10)
    }))

  it.effect("is said once of the dimensions of all metrics", () =>
    Effect.gen(function*() {
      const { send, warnings } = yield* setUp({ service: "größe", dimensions: { blank: "" } })
      yield* send(Effect.all([Metric.update(Metric.counter("a"), 1), Metric.update(Metric.counter("b"), 1)]))
      assert.deepStrictEqual(warnings.map((warning) => warning.split(" is ")[0]), [
        `the dimension "service" of all metrics`,
        `the dimension "blank" of all metrics`
      ])
    }))

  it.effect("is the 31st dimension", () =>
    Effect.gen(function*() {
      const { flush, provide, take, warnings } = yield* setUp({ service: "shop" })
      const attributes = Object.fromEntries(Array.from({ length: 31 }, (_, index) => [`d${index}`, "v"]))
      yield* provide(Metric.update(Metric.counter("Orders", { attributes }), 1))
      yield* flush
      const [datum] = take()
      assert.deepStrictEqual(Object.keys(datum?.dimensions ?? {}), [
        "service",
        ...Array.from({ length: 29 }, (_, index) => `d${index}`)
      ])
      assert.lengthOf(warnings, 2)
    }))

  it.effect("are values that are not numbers, or too large", () =>
    Effect.gen(function*() {
      const { send, warnings } = yield* setUp()
      const update = (id: string, value: number) => Metric.update(Metric.gauge(id), value)
      assert.deepStrictEqual(
        yield* send(Effect.all([
          update("nan", NaN),
          update("infinity", -Infinity),
          update("large", 1e300),
          update("small", 1e-300),
          update("fine", 1e100)
        ])),
        { infinity: [-(2 ** 360)], large: [2 ** 360], small: [0], fine: [1e100] }
      )
      assert.lengthOf(warnings, 2)
    }))

  it.effect.each([NaN, Infinity, -Infinity])(
    "is %s in a histogram, which goes on with the next values",
    (value) =>
      Effect.gen(function*() {
        const { send } = yield* setUp()
        const basket = Metric.histogram("Basket", { boundaries: [10, 20, 30] })
        yield* send(Metric.update(basket, 12))
        yield* send(Metric.update(basket, value))
        // Only their buckets are known from now on.
        for (const [value, expected] of [[5, 10], [15, 20], [40, 30]] as const) {
          const { Basket = [] } = yield* send(Metric.update(basket, value))
          assert.lengthOf(Basket, 1)
          assert.isTrue(Basket[0] === expected || Basket[0] === value, `${Basket[0]} for ${value}`)
        }
      })
  )

  it.effect("is a metric that cannot be read, and only that one", () =>
    Effect.gen(function*() {
      const { context, send, warnings } = yield* setUp()
      Metric.registerUnsafe(Metric.gauge("Broken"), context, {
        get: () => {
          throw new Error("no such file")
        },
        update: () => {},
        modify: () => {}
      })
      assert.deepStrictEqual(yield* send(Metric.update(Metric.counter("Orders"), 1)), { Orders: [1] })
      assert.deepStrictEqual(warnings, [`the metric "Broken" cannot be read: Error: no such file`])
    }))

  it.effect("is a metric that the program fails to choose, and only that one", () =>
    Effect.gen(function*() {
      const { send, warnings } = yield* setUp({
        include: ({ id }) => {
          if (id === "Broken") throw new Error("which?")
          return true
        }
      })
      const update = (id: string) => Metric.update(Metric.counter(id), 1)
      for (const _ of [1, 2]) {
        assert.deepStrictEqual(yield* send(Effect.andThen(update("Broken"), update("Orders"))), { Orders: [1] })
      }
      assert.deepStrictEqual(warnings, [`the metric "Broken" cannot be read: Error: which?`])
    }))

  it.effect.each(["", " ", "AWS/Lambda", ":shop", "größe", "x".repeat(256)])(
    "is the namespace %j",
    (namespace) =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(Layer.build(
          LambdaMetrics.layer({ namespace }).pipe(Layer.provide(environment({})))
        ))
        assert.strictEqual(error._tag, "InvalidNamespace")
        assert.include(error.message, "CloudWatch does not take the namespace")
      })
  )

  it.effect.each(["Shop", "my-shop/orders", "a.b_c#d:e f"])(
    "is not the namespace %j",
    (namespace) =>
      Effect.gen(function*() {
        const { send } = yield* setUp({ namespace })
        assert.deepStrictEqual(yield* send(Metric.update(Metric.counter("Orders"), 1)), { Orders: [1] })
      })
  )
})

describe("in the log format JSON", () => {
  const orders = Metric.update(Metric.counter("Orders", { attributes: { level: "gold", timestamp: "now" } }), 1)
  const sent = Effect.fnUntraced(function*(variables: Readonly<Record<string, string>>) {
    const { flush, lines, provide } = yield* setUp({}, variables)
    yield* TestClock.setTime(5)
    yield* provide(orders)
    yield* flush
    assert.lengthOf(lines.flatMap(EmbeddedMetrics.read), 1)
    const { _aws, ...members } = JSON.parse(lines[0] ?? "")
    return members
  })

  it.effect.each(["WARN", "ERROR", "FATAL", "error"])(
    "a line has the level %s where Lambda drops what is below",
    (level) =>
      Effect.gen(function*() {
        assert.deepStrictEqual(yield* sent({ AWS_LAMBDA_LOG_FORMAT: "JSON", AWS_LAMBDA_LOG_LEVEL: level }), {
          level: level.toUpperCase(),
          timestamp: "1970-01-01T00:00:00.005Z",
          level_: "gold",
          timestamp_: "now",
          Orders: 1
        })
      })
  )

  it.effect.each([
    { AWS_LAMBDA_LOG_FORMAT: "JSON", AWS_LAMBDA_LOG_LEVEL: "INFO" },
    { AWS_LAMBDA_LOG_FORMAT: "JSON", LOG_LEVEL: "ERROR" },
    { AWS_LAMBDA_LOG_FORMAT: "Text", AWS_LAMBDA_LOG_LEVEL: "ERROR" }
  ])("a line has nothing but its metrics with %j", (variables) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* sent(variables), { level: "gold", timestamp: "now", Orders: 1 })
    }))
})

describe("the format", () => {
  const sent = Effect.fnUntraced(function*(
    options: Partial<LambdaMetrics.Options>,
    variables: Readonly<Record<string, string>> = {},
    isTerminal = false
  ) {
    const { flush, lines, provide } = yield* setUp({ service: "orders", ...options }, variables, { isTerminal })
    yield* provide(Effect.all([
      Metric.update(Metric.counter("Orders"), 3),
      Metric.update(Metric.gauge("Weight", { attributes: { unit: "%" } }), 12.5)
    ]))
    yield* flush
    return lines
  })
  const offLambda = { AWS_LAMBDA_RUNTIME_API: "" }

  it.effect("is a line to be read at a terminal off Lambda, or where it is asked for", () =>
    Effect.gen(function*() {
      const line = "Shop service=orders  Orders 3 Count  Weight 12.5 Percent"
      assert.deepStrictEqual(yield* sent({}, offLambda, true), [line])
      assert.deepStrictEqual(yield* sent({ format: "text" }), [line])
      assert.notDeepEqual(yield* sent({}, {}, true), [line])
    }))

  it.effect("is rounded for a person, and says how often a value was observed", () =>
    Effect.gen(function*() {
      const { flush, lines, provide } = yield* setUp({ format: "text" })
      const weight = Metric.histogram("Weight", { boundaries: [1, 2], attributes: { kind: "gift" } })
      const update = Metric.update(weight, 1.23456)
      yield* provide(Effect.andThen(update, Effect.andThen(update, Metric.update(weight, 0.5))))
      yield* flush
      assert.deepStrictEqual(lines, ["Shop kind=gift  Weight 0.742, 1.114 (2 times)"])
    }))

  it.effect("is nothing off Lambda, where nobody reads", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* sent({}, offLambda), [])
      assert.lengthOf(yield* sent({ format: "emf" }, offLambda), 1)
      assert.deepStrictEqual(yield* sent({ format: "none" }), [])
    }))

  it.effect("is compact", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(5)
      assert.deepStrictEqual(yield* sent({ service: undefined }), [
        `{"_aws":{"Timestamp":5,"CloudWatchMetrics":[{"Namespace":"Shop","Dimensions":[[]],"Metrics":[` +
        `{"Name":"Orders","Unit":"Count"},{"Name":"Weight","Unit":"Percent"}]}]},"Orders":3,"Weight":12.5}`
      ])
    }))
})

it.effect("a metric is sent by the layer of its own registry alone", () =>
  Effect.gen(function*() {
    const one = yield* setUp()
    const other = yield* setUp()
    const orders = Metric.counter("Orders")
    yield* one.provide(Metric.update(orders, 1))
    yield* Effect.all([one.flush, other.flush])
    assert.deepStrictEqual(EmbeddedMetrics.byName(one.take()), { Orders: [1] })
    assert.lengthOf(other.take(), 0)
    assert.strictEqual(Context.get(one.context, Metric.MetricRegistry).size, 1)
  }))
