import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as OtlpExporter from "effect/observability/OtlpExporter"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import * as Concurrency from "../src/Concurrency.ts"
import * as Flush from "../src/Flush.ts"
import * as Handler from "../src/Handler.ts"
import * as Invocation from "../src/Invocation.ts"
import * as Lambda from "../src/Lambda.ts"
import * as LambdaMetrics from "../src/LambdaMetrics.ts"
import * as LambdaResponse from "../src/LambdaResponse.ts"
import * as LambdaTest from "../src/LambdaTest.ts"
import { MaxResponseSize } from "../src/RuntimeApi.ts"
import * as EmbeddedMetrics from "./support/embeddedMetrics.ts"
import { environment } from "./support/lambdaMetrics.ts"

/** A measured function on Lambda, and what was written after each invocation: the values by the name of their metric. */
const start = Effect.fnUntraced(function*<E>(
  handler: Handler.Handler<E, Invocation.Invocation | Scope.Scope>,
  variables: Readonly<Record<string, string>> = {},
  concurrency = 1,
  others: Layer.Layer<OtlpExporter.Flusher> = OtlpExporter.layerFlusher
) {
  const output = yield* EmbeddedMetrics.make()
  const { invoke, invokeStream } = yield* Layer.build(
    LambdaTest.layer(
      Lambda.serve(LambdaMetrics.measure(handler)).pipe(
        Layer.provide([LambdaMetrics.layer({ namespace: "Shop" }), others]),
        Layer.provide(environment({
          AWS_LAMBDA_RUNTIME_API: "127.0.0.1:9001",
          AWS_LAMBDA_FUNCTION_NAME: "orders",
          AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
          ...variables
        }))
      )
    ).pipe(Layer.provide(Layer.merge(output.layer, Layer.succeed(Concurrency.MaxConcurrency, concurrency))))
  ).pipe(
    Effect.flatMap((context) => Effect.provideContext(LambdaTest.LambdaTest, context))
  )
  const measured = Effect.map(output.written, () => {
    const values: Record<string, ReadonlyArray<number>> = {}
    for (const { dimensions, name, namespace, values: more } of output.take()) {
      assert.deepStrictEqual([namespace, dimensions], ["Shop", { FunctionName: "orders" }])
      values[name] = [...values[name] ?? [], ...more]
    }
    return values
  })
  return { invoke, invokeStream, measured, output }
})

const empty = Effect.succeed(LambdaResponse.empty)

const afterwards = { Duration: [0], Errors: [0], Concurrency: [1] }

describe("measure", () => {
  it.effect("tells of the cold start once, and of duration, errors and concurrency every time", () =>
    Effect.gen(function*() {
      const { invoke, measured } = yield* start(Handler.raw(() => empty))
      yield* invoke(null)
      assert.deepStrictEqual(yield* measured, { ColdStart: [1], ...afterwards })
      yield* invoke(null)
      assert.deepStrictEqual(yield* measured, afterwards)
    }))

  it.effect.each(["provisioned-concurrency", "snap-start", "lambda-managed-instances"])(
    "knows no cold start with %s",
    (initializationType) =>
      Effect.gen(function*() {
        const { invoke, measured } = yield* start(Handler.raw(() => empty), {
          AWS_LAMBDA_INITIALIZATION_TYPE: initializationType
        })
        yield* invoke(null)
        assert.deepStrictEqual(yield* measured, afterwards)
      })
  )

  it.effect("takes the time until the answer, without the background work and the finalizers", () =>
    Effect.gen(function*() {
      const later = Metric.update(Metric.counter("Later"), 1)
      const { invoke, output } = yield* start(Handler.raw(() =>
        Effect.gen(function*() {
          yield* Invocation.background(Effect.andThen(Effect.sleep("1 minute"), later))
          yield* Effect.addFinalizer(() => Effect.andThen(Effect.sleep("1 minute"), later))
          yield* Effect.sleep("1500 millis")
          return LambdaResponse.empty
        })
      ))
      const invocation = yield* Effect.forkChild(invoke(null), { startImmediately: true })
      yield* TestClock.adjust("1500 millis")
      yield* Fiber.join(invocation)
      assert.lengthOf(output.lines, 0)
      yield* TestClock.adjust("2 minutes")
      yield* output.written
      const values = EmbeddedMetrics.byName(output.take())
      assert.deepStrictEqual(values["Duration{FunctionName=orders}"], [1500])
      assert.deepStrictEqual(values["Later"], [2])
    }))

  it.effect("takes the time until the end of a stream, without the background work", () =>
    Effect.gen(function*() {
      const body = Stream.make("a", "b").pipe(Stream.tap(() => Effect.sleep("2 seconds")))
      const { invokeStream, measured } = yield* start(
        Handler.raw(() => Effect.as(Invocation.background(Effect.sleep("1 minute")), LambdaResponse.stream(body)))
      )
      const answer = yield* Effect.forkChild(
        Effect.flatMap(invokeStream(null), ({ body }) => Stream.runDrain(body)),
        { startImmediately: true }
      )
      yield* TestClock.adjust("4 seconds")
      yield* Fiber.join(answer)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(yield* measured, { ColdStart: [1], Duration: [4000], Errors: [0], Concurrency: [1] })
    }))

  const failures: Readonly<Record<string, Effect.Effect<LambdaResponse.LambdaResponse<string>, string>>> = {
    "a failure": Effect.fail("no"),
    "a defect": Effect.die(new Error("no")),
    "an interruption": Effect.interrupt,
    "a stream that fails before its first element": Effect.succeed(LambdaResponse.stream(Stream.fail("no"))),
    "an answer that is too large": Effect.succeed(LambdaResponse.text("x".repeat(MaxResponseSize + 1)))
  }
  it.effect.each(Object.keys(failures))("counts %s as an error", (name) =>
    Effect.gen(function*() {
      const { invoke, measured } = yield* start(Handler.raw(() => failures[name] ?? empty))
      yield* Effect.flip(invoke(null))
      assert.deepStrictEqual(yield* measured, { ColdStart: [1], Duration: [0], Errors: [1], Concurrency: [1] })
    }))

  it.effect("counts a stream that fails half-way as an error", () =>
    Effect.gen(function*() {
      const { invokeStream, measured } = yield* start(
        Handler.raw(() => Effect.succeed(LambdaResponse.stream(Stream.concat(Stream.make("a"), Stream.fail("no")))))
      )
      const { body } = yield* invokeStream(null)
      yield* Effect.flip(Stream.runDrain(body))
      assert.deepStrictEqual(yield* measured, { ColdStart: [1], Duration: [0], Errors: [1], Concurrency: [1] })
    }))

  it.effect("counts no error that the handler has dealt with, and goes on after one that it has not", () =>
    Effect.gen(function*() {
      const { invoke, measured } = yield* start(
        Handler.raw((payload) =>
          Effect.flatMap(Effect.ignore(Effect.fail("expected")), () => payload.length > 4 ? Effect.fail("no") : empty)
        )
      )
      yield* Effect.flip(invoke("too long"))
      assert.deepStrictEqual(yield* measured, { ColdStart: [1], Duration: [0], Errors: [1], Concurrency: [1] })
      yield* invoke(null)
      assert.deepStrictEqual(yield* measured, afterwards)
    }))

  it.effect("leaves what else is registered to be flushed", () =>
    Effect.gen(function*() {
      const flushed = yield* Deferred.make<void>()
      const { invoke, measured } = yield* start(
        Handler.raw(() => empty),
        {},
        1,
        Flush.layer(Deferred.succeed(flushed, undefined))
      )
      yield* invoke(null)
      yield* Deferred.await(flushed)
      assert.deepStrictEqual(yield* measured, { ColdStart: [1], ...afterwards })
    }))

  it.effect("counts the invocations that run at the same time", () =>
    Effect.gen(function*() {
      const gate = yield* Deferred.make<void>()
      const orders = Metric.counter("Orders")
      const { invoke, output } = yield* start(
        Handler.raw(() => Effect.andThen(Effect.andThen(Metric.update(orders, 1), Deferred.await(gate)), empty)),
        {},
        8
      )
      const invocations = yield* Effect.forEach(
        Array.from({ length: 8 }),
        () => Effect.forkChild(invoke(null), { startImmediately: true })
      )
      yield* TestClock.adjust("1 second")
      yield* Deferred.succeed(gate, undefined)
      yield* Effect.forEach(invocations, Fiber.join)
      yield* invoke(null)
      const data: Array<EmbeddedMetrics.Datum> = []
      const valuesOf = (name: string) => data.flatMap((datum) => datum.name === name ? datum.values : [])
      while (valuesOf("Duration").length < 9) {
        yield* output.written
        data.push(...output.take())
      }
      assert.deepStrictEqual(valuesOf("Concurrency"), [1, 2, 3, 4, 5, 6, 7, 8, 1])
      assert.deepStrictEqual(valuesOf("Errors"), Array(9).fill(0))
      assert.strictEqual(valuesOf("Orders").reduce((total, value) => total + value, 0), 9)
    }))
})
