import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as GuardDuty from "../../src/events/GuardDuty.ts"
import { decode } from "./codec.ts"

describe("GuardDuty", () => {
  it.effect("reads threats, and null where nothing was found", () =>
    Effect.gen(function*() {
      const schema = GuardDuty.MalwareProtectionObjectScanResult
      const { detail: clean } = yield* decode(schema)(GuardDuty.sampleMalwareProtectionObjectScanResult())
      const { detail: infected } = yield* decode(schema)(GuardDuty.sampleMalwareProtectionObjectScanResult("EICAR"))
      assert.isNull(clean.scanResultDetails.threats)
      assert.deepStrictEqual(infected.scanResultDetails.threats, [{ name: "EICAR" }])
    }))
})
