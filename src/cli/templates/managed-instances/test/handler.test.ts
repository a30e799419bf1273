import { assert, layer } from "@effect/vitest"
import * as Concurrency from "effect-lambda-runtime/Concurrency"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as LambdaTest from "effect-lambda-runtime/LambdaTest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import event from "../events/event.json" with { type: "json" }
import { handler, Visits } from "../src/handler.ts"

layer(LambdaTest.layer(Lambda.serve(handler).pipe(Layer.provide(Visits.layer))))("the function", (it) => {
  it.effect("greets, and counts its visits", () =>
    Effect.gen(function*() {
      const { invoke } = yield* LambdaTest.LambdaTest
      const visits = yield* Effect.forkChild(Effect.all([invoke(event), invoke(event)]))
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(yield* Fiber.join(visits), [
        { greeting: "Hello Ada", visit: 1 },
        { greeting: "Hello Ada", visit: 2 }
      ])
    }))
})

/** The first visit waits for the second. */
const layerTogether = Layer.sync(Visits, () => {
  const second = Latch.makeUnsafe()
  let visits = 0
  return {
    count: Effect.suspend(() => {
      visits += 1
      return Effect.as(visits === 1 ? second.await : second.open, visits)
    })
  }
})

const managed = LambdaTest.layer(Lambda.serve(handler).pipe(Layer.provide(layerTogether))).pipe(
  Layer.provide(Layer.succeed(Concurrency.MaxConcurrency, 2))
)

layer(managed, { excludeTestServices: true })("the function, on an instance", (it) => {
  it.effect("serves another event while it waits", () =>
    Effect.gen(function*() {
      const { invoke } = yield* LambdaTest.LambdaTest
      const answers = yield* Effect.all([invoke(event), invoke(event)], { concurrency: "unbounded" })
      assert.sameDeepMembers(answers, [
        { greeting: "Hello Ada", visit: 1 },
        { greeting: "Hello Ada", visit: 2 }
      ])
    }))
})
