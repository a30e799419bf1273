import { assert, layer } from "@effect/vitest"
import * as LambdaHttp from "effect-lambda-runtime/LambdaHttp"
import * as LambdaTest from "effect-lambda-runtime/LambdaTest"
import * as Effect from "effect/Effect"
import event from "../events/event.json" with { type: "json" }
import { routes } from "../src/handler.ts"

layer(LambdaTest.layer(LambdaHttp.serve(routes)))("the application", (it) => {
  it.effect("greets", () =>
    Effect.gen(function*() {
      const { invoke } = yield* LambdaTest.LambdaTest
      assert.deepInclude(yield* invoke(event), { statusCode: 200, body: JSON.stringify({ greeting: "Hello Ada" }) })
    }))

  it.effect("knows no other path", () =>
    Effect.gen(function*() {
      const { invoke } = yield* LambdaTest.LambdaTest
      assert.deepInclude(yield* invoke({ ...event, rawPath: "/elsewhere" }), { statusCode: 404 })
    }))
})
