import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as EventBridge from "../../src/events/EventBridge.ts"
import * as Scheduler from "../../src/events/Scheduler.ts"
import * as Timestamp from "../../src/events/Timestamp.ts"
import { decode, encode, misfits } from "./codec.ts"

describe("Scheduler", () => {
  it.effect("reads a detail that is the text {}, and gives it back", () =>
    Effect.gen(function*() {
      const json = Scheduler.sample()
      const event = yield* decode(Scheduler.Event)(json)
      assert.strictEqual(event.detail, "{}")
      assert.deepStrictEqual(yield* encode(Scheduler.Event)(event), json)
      assert.deepStrictEqual(yield* misfits(EventBridge.ScheduledEvent)(json), ["detail"])
    }))

  it.effect("reads what local emulators deliver, whose detail is an object, and the scheduled event of a rule", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual((yield* decode(Scheduler.Event)({ ...Scheduler.sample(), detail: {} })).detail, {})
      const rule = yield* decode(Scheduler.Event)(EventBridge.sampleScheduledEvent())
      assert.strictEqual(rule.source, "aws.events")
    }))

  it.effect("leaves an input of one's own to a schema of one's own", () =>
    Effect.gen(function*() {
      const Input = Schema.Struct({ at: Timestamp.IsoSeconds, attempt: Schema.FiniteFromString })
      const input = yield* decode(Input)({ at: "2024-06-13T12:30:00Z", attempt: "1" })
      assert.strictEqual(input.at.epochMilliseconds, Date.UTC(2024, 5, 13, 12, 30))
      assert.strictEqual(input.attempt, 1)
    }))
})
