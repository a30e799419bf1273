import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as SecretsManager from "../../src/events/SecretsManager.ts"
import { decode } from "./codec.ts"

describe("SecretsManager", () => {
  it.effect("reads the rotation token of a function of another account, and does not show it", () =>
    Effect.gen(function*() {
      const sample = SecretsManager.sample()
      const { RotationToken } = yield* decode(SecretsManager.Event)(sample)
      assert.isTrue(Redacted.isRedacted(RotationToken))
      assert.strictEqual(String(RotationToken), "<redacted>")
      assert.strictEqual(Redacted.isRedacted(RotationToken) && Redacted.value(RotationToken), sample.RotationToken)
    }))

  it.effect("reads an event without a rotation token", () =>
    Effect.gen(function*() {
      const { RotationToken: _, ...event } = SecretsManager.sample("finishSecret")
      const decoded = yield* decode(SecretsManager.Event)(event)
      assert.isUndefined(decoded.RotationToken)
      assert.strictEqual(decoded.Step, "finishSecret")
    }))
})
