import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TransferFamily from "../../src/events/TransferFamily.ts"
import { decode, encode } from "./codec.ts"

describe("TransferFamily", () => {
  it.effect("does not show a password", () =>
    Effect.gen(function*() {
      const { password } = yield* decode(TransferFamily.IdentityProviderEvent)(
        TransferFamily.sampleIdentityProviderEvent("sesame")
      )
      assert.strictEqual(JSON.stringify({ password }), "{\"password\":\"<redacted>\"}")
      assert.strictEqual(Redacted.isRedacted(password) && Redacted.value(password), "sesame")
    }))

  it.effect("reads a user who signs in with a key, and has no password", () =>
    Effect.gen(function*() {
      const { password: _, ...event } = TransferFamily.sampleIdentityProviderEvent()
      assert.isUndefined((yield* decode(TransferFamily.IdentityProviderEvent)(event)).password)
    }))

  it.effect("reads an address of IPv6", () =>
    Effect.gen(function*() {
      const event = { ...TransferFamily.sampleIdentityProviderEvent(), sourceIp: "2001:db8::1" }
      assert.strictEqual((yield* decode(TransferFamily.IdentityProviderEvent)(event)).sourceIp, "2001:db8::1")
    }))

  it.effect("sends directories as text of JSON, as the service wants them", () =>
    Effect.gen(function*() {
      const result = yield* encode(TransferFamily.IdentityProviderResult)({
        Role: "arn",
        HomeDirectoryType: "LOGICAL",
        HomeDirectoryDetails: [{ Entry: "/", Target: "/bucket/jane" }],
        Policy: undefined
      })
      assert.deepStrictEqual(result, {
        Role: "arn",
        HomeDirectoryType: "LOGICAL",
        HomeDirectoryDetails: "[{\"Entry\":\"/\",\"Target\":\"/bucket/jane\"}]"
      })
    }))

  it.effect("refuses a user with an empty result", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* encode(TransferFamily.IdentityProviderResult)({}), {})
    }))

  it.effect("tells files in S3 from those in EFS", () =>
    Effect.gen(function*() {
      const event = TransferFamily.sampleWorkflowStepEvent("in/orders.csv")
      const { fileLocation } = yield* decode(TransferFamily.WorkflowStepEvent)(event)
      assert.strictEqual(fileLocation.domain === "S3" && fileLocation.key, "in/orders.csv")
      assert.isNull(fileLocation.domain === "S3" && fileLocation.versionId)
    }))
})
