import { assert, layer } from "@effect/vitest"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as LambdaTest from "effect-lambda-runtime/LambdaTest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import event from "../events/event.json" with { type: "json" }
import { handler, Visits } from "../src/handler.ts"

const application = Lambda.serve(handler).pipe(Layer.provide(Visits.layer))

layer(LambdaTest.layer(application))("the function", (it) => {
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
