import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as EventBridge from "../../src/events/EventBridge.ts"
import { decode, encode, misfits } from "./codec.ts"

describe("EventBridge", () => {
  it.effect("keeps a time without milliseconds as it came", () =>
    Effect.gen(function*() {
      const json = EventBridge.sample()
      const event = yield* decode(EventBridge.Event)(json)
      assert.strictEqual(DateTime.formatIso(event.time), "2017-12-22T18:43:48.000Z")
      assert.deepStrictEqual(yield* encode(EventBridge.Event)(event), json)
    }))

  it.effect("reads an event without a version, and a detail that is no object", () =>
    Effect.gen(function*() {
      const { version: _, ...json } = EventBridge.sample()
      const event = yield* decode(EventBridge.Event)({ ...json, detail: ["a", 1, null] })
      assert.isUndefined(event.version)
      assert.deepStrictEqual(event.detail, ["a", 1, null])
    }))

  it.effect("says which event was replayed", () =>
    Effect.gen(function*() {
      const event = yield* decode(EventBridge.Event)({ ...EventBridge.sample(), "replay-name": "again" })
      assert.strictEqual(event["replay-name"], "again")
    }))

  it.effect("refuses what a rule with a constant input delivers in place of the event", () =>
    Effect.gen(function*() {
      assert.include(yield* misfits(EventBridge.ScheduledEvent)({ report: "daily" }), "detail")
      assert.include(yield* misfits(EventBridge.ScheduledEvent)("daily"), "the root")
    }))

  it.effect("tells a scheduled event from others", () =>
    Effect.gen(function*() {
      const Either = Schema.Union([EventBridge.ScheduledEvent, EventBridge.Event])
      const scheduled = yield* decode(Either)(EventBridge.sampleScheduledEvent())
      assert.strictEqual(scheduled["detail-type"], "Scheduled Event")
      assert.deepStrictEqual(scheduled.detail, {})
    }))
})
