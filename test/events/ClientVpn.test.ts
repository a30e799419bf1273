import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as ClientVpn from "../../src/events/ClientVpn.ts"
import { decode, misfits } from "./codec.ts"

describe("ClientVpn", () => {
  it.effect("reads what it has under names with hyphens, empty where the service does not know", () =>
    Effect.gen(function*() {
      const event = yield* decode(ClientVpn.Event)({ ...ClientVpn.sample(), "platform-version": "" })
      assert.strictEqual(event["platform-version"], "")
      assert.strictEqual(event["client-openvpn-version"], "2.5.1")
    }))

  it.effect("reads groups as the text or the list that they are", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* decode(ClientVpn.Event)(ClientVpn.sample())).groups, "developers")
      const groups = ["developers", "admins"]
      assert.deepStrictEqual((yield* decode(ClientVpn.Event)({ ...ClientVpn.sample(), groups })).groups, groups)
    }))

  it.effect("refuses a result whose text has the name of another version", () =>
    Effect.gen(function*() {
      const result = {
        allow: false,
        "posture-compliance-statuses": [],
        "error-msg-on-failed-posture-compliance": "No",
        "schema-version": "v3"
      }
      assert.deepStrictEqual(yield* misfits(ClientVpn.Result)(result), ["[\"error-msg-on-denied-connection\"]"])
      assert.deepStrictEqual(yield* misfits(ClientVpn.Result)({ ...result, "schema-version": "v1" }), [])
    }))
})
