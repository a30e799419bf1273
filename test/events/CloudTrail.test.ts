import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as CloudTrail from "../../src/events/CloudTrail.ts"
import { decode } from "./codec.ts"

const call = CloudTrail.sampleApiCall()

const withDetail = (detail: object) => ({ ...call, detail: { ...call.detail, ...detail } })

describe("CloudTrail", () => {
  it.effect("reads whether there was a second factor, which is text", () =>
    Effect.gen(function*() {
      const { detail } = yield* decode(CloudTrail.ApiCall)(call)
      assert.isFalse(detail.userIdentity.sessionContext?.attributes?.mfaAuthenticated)
      assert.isFalse(detail.readOnly)
    }))

  it.effect("reads an identity of AWS itself, which has neither a type nor a principal", () =>
    Effect.gen(function*() {
      const identities = [{ invokedBy: "AWS Internal" }, { type: "AWSService", invokedBy: "ecs.amazonaws.com" }, {}]
      const events = yield* Effect.forEach(identities, (userIdentity) =>
        decode(CloudTrail.ApiCall)(withDetail({ userIdentity })))
      assert.deepStrictEqual(
        events.map(({ detail }) =>
          detail.userIdentity
        ),
        identities
      )
    }))

  it.effect("reads parameters and answers of any shape, null and none", () =>
    Effect.gen(function*() {
      const { detail: any } = yield* decode(CloudTrail.ApiCall)(
        withDetail({ requestParameters: { a: [1, { b: null }] }, responseElements: "text" })
      )
      assert.deepStrictEqual(any.requestParameters, { a: [1, { b: null }] })
      assert.strictEqual(any.responseElements, "text")
      const { requestParameters: _, responseElements: __, ...bare } = call.detail
      const { detail: none } = yield* decode(CloudTrail.ApiCall)({ ...call, detail: bare })
      assert.isFalse(Object.hasOwn(none, "requestParameters"))
      const { detail: nulls } = yield* decode(CloudTrail.ApiCall)(withDetail({ requestParameters: null }))
      assert.isNull(nulls.requestParameters)
    }))

  it.effect("reads a sign-in, without a request id and with MFAUsed as Yes or No", () =>
    Effect.gen(function*() {
      const { detail } = yield* decode(CloudTrail.ConsoleSignIn)(CloudTrail.sampleConsoleSignIn())
      assert.strictEqual(detail.additionalEventData?.MFAUsed, "No")
      assert.strictEqual(detail.responseElements?.ConsoleLogin, "Success")
      assert.isUndefined(detail.requestID)
    }))
})
