import { assert, layer } from "@effect/vitest"
import * as Sqs from "effect-lambda-runtime/events/Sqs"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as LambdaTest from "effect-lambda-runtime/LambdaTest"
import * as Effect from "effect/Effect"
import { handler } from "../src/handler.ts"

layer(LambdaTest.layer(Lambda.serve(handler)))("the function", (it) => {
  it.effect("has only the messages delivered again that failed", () =>
    Effect.gen(function*() {
      const { invoke } = yield* LambdaTest.LambdaTest
      const event = Sqs.sample({ id: "o-1", quantity: 1 }, { id: "o-2", quantity: 100 }, "no order at all")
      const failed = event.Records.slice(1).map(({ messageId }) => ({ itemIdentifier: messageId }))
      assert.deepStrictEqual(yield* invoke(event), { batchItemFailures: failed })
    }))
})
