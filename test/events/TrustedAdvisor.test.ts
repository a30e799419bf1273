import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TrustedAdvisor from "../../src/events/TrustedAdvisor.ts"
import { decode } from "./codec.ts"

describe("TrustedAdvisor", () => {
  it.effect("reads columns of any title, with and without a value", () =>
    Effect.gen(function*() {
      const json = TrustedAdvisor.sampleCheckItemRefreshNotification()
      const { detail } = yield* decode(TrustedAdvisor.CheckItemRefreshNotification)(json)
      assert.strictEqual(detail["check-item-detail"]["Estimated Monthly Savings"], "$9.22")
      assert.isNull(detail["check-item-detail"]["Instance Name"])
    }))
})
