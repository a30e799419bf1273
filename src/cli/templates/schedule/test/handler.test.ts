import { assert, layer } from "@effect/vitest"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as LambdaTest from "effect-lambda-runtime/LambdaTest"
import * as Effect from "effect/Effect"
import event from "../events/event.json" with { type: "json" }
import { handler } from "../src/handler.ts"

layer(LambdaTest.layer(Lambda.serve(handler)))("the function", (it) => {
  it.effect("makes the report of the day it is invoked for", () =>
    Effect.gen(function*() {
      const { invoke } = yield* LambdaTest.LambdaTest
      assert.deepStrictEqual(yield* invoke(event), { title: "The sales report of 2026-01-31" })
    }))
})
