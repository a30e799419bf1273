import { assert, layer } from "@effect/vitest"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as LambdaTest from "effect-lambda-runtime/LambdaTest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { handler } from "../src/handler.ts"

const answer = Effect.gen(function*() {
  const { invokeStream } = yield* LambdaTest.LambdaTest
  const { body, prelude } = yield* invokeStream({})
  return { status: prelude?.statusCode, text: yield* Stream.mkString(Stream.decodeText(body)) }
})

layer(LambdaTest.layer(Lambda.serve(handler)))("the function", (it) => {
  it.effect("counts down", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(answer)
      yield* Effect.repeat(TestClock.adjust("500 millis"), { until: () => fiber.pollUnsafe() !== undefined })
      assert.deepStrictEqual(yield* Fiber.join(fiber), { status: 200, text: "3\n2\n1\nlift-off\n" })
    }))
})
