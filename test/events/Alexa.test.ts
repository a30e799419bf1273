import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Alexa from "../../src/events/Alexa.ts"
import { decode, encode, misfits } from "./codec.ts"

const sample = Alexa.sample()

const { requestId, timestamp } = sample.request

const withRequest = (request: object) => ({ ...sample, request: { requestId, timestamp, ...request } })

describe("Alexa", () => {
  it.effect("does not show tokens", () =>
    Effect.gen(function*() {
      const text = JSON.stringify(yield* decode(Alexa.Event)(sample))
      assert.notInclude(text, "Atza|AAAAAAAA")
      assert.notInclude(text, "AxThk")
    }))

  it.effect("tells requests apart by their types", () =>
    Effect.gen(function*() {
      const { request } = yield* decode(Alexa.Event)(sample)
      assert.strictEqual(DateTime.formatIso(request.timestamp), "2015-05-13T12:34:56.000Z")
      assert.strictEqual(
        request.type === "IntentRequest" && request.intent.slots?.["ZodiacSign"]?.value,
        "virgo"
      )
      const ended = yield* decode(Alexa.Event)(withRequest({ type: "SessionEndedRequest", reason: "USER_INITIATED" }))
      assert.strictEqual(ended.request.type === "SessionEndedRequest" && ended.request.reason, "USER_INITIATED")
    }))

  it.effect("reads a request of a type that it does not know, which has no session", () =>
    Effect.gen(function*() {
      const { session: _, ...event } = withRequest({ type: "AudioPlayer.PlaybackNearlyFinished", token: "song-1" })
      const { request } = yield* decode(Alexa.Event)(event)
      assert.strictEqual(request.type, "AudioPlayer.PlaybackNearlyFinished")
      const Playback = Alexa.eventOf(Schema.Struct({ token: Schema.String }))
      assert.strictEqual((yield* decode(Playback)(event)).request.token, "song-1")
    }))

  it.effect("refuses a malformed request of a type that it knows, rather than take it for another", () =>
    Effect.gen(function*() {
      assert.include(yield* misfits(Alexa.Event)(withRequest({ type: "IntentRequest" })), "request.intent")
    }))

  it.effect("reads a slot with several values", () =>
    Effect.gen(function*() {
      const values = [{ type: "Simple", value: "virgo" }, { type: "Simple", value: "libra" }]
      const { request } = yield* decode(Alexa.Event)(withRequest({
        type: "IntentRequest",
        intent: { name: "A", slots: { Signs: { name: "Signs", slotValue: { type: "List", values } } } }
      }))
      const slot = request.type === "IntentRequest" ? request.intent.slots?.["Signs"] : undefined
      assert.isUndefined(slot?.value)
      assert.deepStrictEqual(slot?.slotValue?.values?.map(({ value }) => value), ["virgo", "libra"])
    }))

  it.effect("leaves shouldEndSession out, which is neither true nor false", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(
        yield* encode(Alexa.Result)({ version: "1.0", response: { shouldEndSession: undefined } }),
        { version: "1.0", response: {} }
      )
    }))
})
