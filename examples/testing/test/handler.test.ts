import { assert, layer } from "@effect/vitest"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as LambdaTest from "effect-lambda-runtime/LambdaTest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Ref from "effect/Ref"
import event from "../event.json" with { type: "json" }
import { Archive, handler } from "../handler.ts"

const kept = Ref.makeUnsafe<ReadonlyArray<string>>([])

/** In place of the archive there is, which the function does not notice. */
const archive = Layer.succeed(Archive, {
  keep: (text, at) => Ref.update(kept, (all) => [...all, `${text} at ${at}`])
})

layer(LambdaTest.layer(Lambda.serve(handler).pipe(Layer.provide(archive))))("the function", (it) => {
  it.effect("answers the event of API Gateway, and keeps the text", () =>
    Effect.gen(function*() {
      const { invoke } = yield* LambdaTest.LambdaTest
      assert.deepInclude(yield* invoke(event), { statusCode: 200, body: "Hello world of lambda!" })
      // Time stands still in a test.
      assert.deepStrictEqual(yield* Ref.get(kept), ["Hello world of lambda! at 0"])
    }))

  it.effect("refuses what is no request", () =>
    Effect.gen(function*() {
      const { invoke } = yield* LambdaTest.LambdaTest
      const { errorType } = yield* Effect.flip(invoke({ body: "hello" }))
      assert.strictEqual(errorType, "EventError")
    }))
})
