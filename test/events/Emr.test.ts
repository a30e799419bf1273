import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Emr from "../../src/events/Emr.ts"
import { decode } from "./codec.ts"

describe("Emr", () => {
  it.effect("reads counts, which are text", () =>
    Effect.gen(function*() {
      const { detail } = yield* decode(Emr.InstanceGroupStateChange)(Emr.sampleInstanceGroupStateChange())
      assert.deepStrictEqual([detail.requestedInstanceCount, detail.runningInstanceCount], [2, 2])
    }))

  it.effect("reads the reason of a change, which is JSON within the detail", () =>
    Effect.gen(function*() {
      const { detail } = yield* decode(Emr.ClusterStateChange)(Emr.sampleClusterStateChange())
      assert.strictEqual(detail.stateChangeReason?.code, "USER_REQUEST")
    }))
})
