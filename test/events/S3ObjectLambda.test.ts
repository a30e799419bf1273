import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as S3ObjectLambda from "../../src/events/S3ObjectLambda.ts"
import { decode, encode } from "./codec.ts"

describe("S3ObjectLambda", () => {
  it.effect("tells the four requests apart, by their contexts", () =>
    Effect.gen(function*() {
      const context = (event: S3ObjectLambda.Event) =>
        "getObjectContext" in event
          ? event.getObjectContext.outputRoute
          : "headObjectContext" in event
          ? "head"
          : "listObjectsContext" in event
          ? "list"
          : event.listObjectsV2Context.inputS3Url.slice(0, 5)
      const contexts = [
        yield* decode(S3ObjectLambda.Event)(S3ObjectLambda.sampleGetObjectEvent()),
        yield* decode(S3ObjectLambda.Event)(S3ObjectLambda.sampleHeadObjectEvent()),
        yield* decode(S3ObjectLambda.Event)(S3ObjectLambda.sampleListObjectsEvent()),
        yield* decode(S3ObjectLambda.Event)(S3ObjectLambda.sampleListObjectsV2Event())
      ].map(context)
      assert.deepStrictEqual(contexts, ["io-use1-001", "head", "list", "https"])
    }))

  it.effect("keeps the output token out of logs", () =>
    Effect.gen(function*() {
      const event = yield* decode(S3ObjectLambda.GetObjectEvent)(S3ObjectLambda.sampleGetObjectEvent())
      assert.strictEqual(Redacted.value(event.getObjectContext.outputToken), "OutputToken")
      assert.notInclude(JSON.stringify(event), "OutputToken")
    }))

  it.effect("reads whether the session had a second factor, which is text", () =>
    Effect.gen(function*() {
      const event = yield* decode(S3ObjectLambda.GetObjectEvent)(S3ObjectLambda.sampleGetObjectEvent())
      assert.isFalse(event.userIdentity.sessionContext?.attributes?.mfaAuthenticated)
    }))

  it.effect("leaves the payload as it is, which is any text", () =>
    Effect.gen(function*() {
      const sample = S3ObjectLambda.sampleHeadObjectEvent()
      const event = { ...sample, configuration: { ...sample.configuration, payload: "" } }
      assert.strictEqual((yield* decode(S3ObjectLambda.HeadObjectEvent)(event)).configuration.payload, "")
    }))

  it.effect("leaves out what a result does not have, also where it is given as undefined", () =>
    Effect.gen(function*() {
      const result = yield* encode(S3ObjectLambda.HeadObjectResult)({ statusCode: 200, errorCode: undefined })
      assert.deepStrictEqual(result, { statusCode: 200 })
    }))
})
