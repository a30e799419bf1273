import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as ControlTower from "../../src/events/ControlTower.ts"
import { decode } from "./codec.ts"

const event = ControlTower.sampleLifecycleEvent()

const status = (serviceEventDetails: object) =>
  Effect.map(
    decode(ControlTower.LifecycleEvent)({ ...event, detail: { ...event.detail, serviceEventDetails } }),
    ({ detail }) => detail.serviceEventDetails
  )

const guardrail = {
  state: "SUCCEEDED",
  message: "",
  organizationalUnits: [],
  guardrails: [],
  requestTimestamp: "2019-11-12T09:01:07+0000",
  completedTimestamp: "2019-11-12T09:01:54+0000"
}

describe("ControlTower", () => {
  it.effect("reads the one status that there is, and no other", () =>
    Effect.gen(function*() {
      const { detail } = yield* decode(ControlTower.LifecycleEvent)(event)
      assert.deepStrictEqual(Object.keys(detail.serviceEventDetails), ["createManagedAccountStatus"])
      assert.strictEqual(detail.serviceEventDetails.createManagedAccountStatus?.account.accountId, "624281831893")
    }))

  it.effect("reads requestTimestamp of a guardrail, which is requestedTimestamp elsewhere, with an offset", () =>
    Effect.gen(function*() {
      const { disableGuardrailStatus } = yield* status({ disableGuardrailStatus: guardrail })
      assert.strictEqual(disableGuardrailStatus?.requestTimestamp.epochMilliseconds, Date.UTC(2019, 10, 12, 9, 1, 7))
      const { detail } = yield* decode(ControlTower.LifecycleEvent)(event)
      const requested = detail.serviceEventDetails.createManagedAccountStatus?.requestedTimestamp
      assert.strictEqual(requested?.epochMilliseconds, Date.UTC(2019, 10, 15, 11, 45, 18))
    }))
})
