import { assert, layer } from "@effect/vitest"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as LambdaTest from "effect-lambda-runtime/LambdaTest"
import * as Effect from "effect/Effect"
import event from "../events/event.json" with { type: "json" }
import { handler } from "../src/handler.ts"

layer(LambdaTest.layer(Lambda.serve(handler)))("the function", (it) => {
  it.effect("greets", () =>
    Effect.gen(function*() {
      const { invoke } = yield* LambdaTest.LambdaTest
      assert.deepStrictEqual(yield* invoke(event), { greeting: "Hello Ada" })
    }))

  it.effect("refuses an event without a name", () =>
    Effect.gen(function*() {
      const { invoke } = yield* LambdaTest.LambdaTest
      const error = yield* Effect.flip(invoke({}))
      assert.strictEqual(error.errorType, "EventError")
    }))
})
