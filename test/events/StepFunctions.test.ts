import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as StepFunctions from "../../src/events/StepFunctions.ts"
import { decode } from "./codec.ts"

describe("StepFunctions", () => {
  it.effect("gives the token, and does not show it", () =>
    Effect.gen(function*() {
      const event = StepFunctions.sample({ at: "2026-01-02T03:04:05.678Z" })
      const { input, taskToken } = yield* decode(StepFunctions.eventOf(Schema.Struct({ at: Schema.Date })))(event)
      assert.strictEqual(input.at.getTime(), Date.parse("2026-01-02T03:04:05.678Z"))
      assert.strictEqual(Redacted.value(taskToken), event.taskToken)
      assert.notInclude(`${String(taskToken)} ${JSON.stringify({ taskToken })}`, event.taskToken)
    }))
})
