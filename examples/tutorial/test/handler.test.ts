import { assert, layer } from "@effect/vitest"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as LambdaTest from "effect-lambda-runtime/LambdaTest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import event from "../events/event.json" with { type: "json" }
import { handler } from "../src/handler.ts"
import { History } from "../src/History.ts"

const palindrome = Lambda.serve(handler).pipe(Layer.provide(History.layerMemory))

layer(LambdaTest.layer(palindrome))("the palindrome checker", (it) => {
  it.effect("looks at letters and digits only, and counts", () =>
    Effect.gen(function*() {
      const { invoke } = yield* LambdaTest.LambdaTest
      assert.deepStrictEqual(yield* invoke(event), { isPalindrome: true, timesAsked: 1 })
      assert.deepStrictEqual(yield* invoke({ text: "wasitacaroracatisaw" }), { isPalindrome: true, timesAsked: 2 })
      assert.deepStrictEqual(yield* invoke({ text: "Not at all" }), { isPalindrome: false, timesAsked: 1 })
    }))

  it.effect("says what it cannot answer", () =>
    Effect.gen(function*() {
      const { invoke } = yield* LambdaTest.LambdaTest
      const withoutText = yield* Effect.flip(invoke({}))
      assert.strictEqual(withoutText.errorType, "EventError")
      const withoutLetters = yield* Effect.flip(invoke({ text: "?!" }))
      assert.strictEqual(withoutLetters.errorType, "NoLetters")
    }))
})
