import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Health from "../../src/events/Health.ts"
import { decode } from "./codec.ts"

const event = Health.sample()

const withDetail = (detail: object) => ({ ...event, detail: { ...event.detail, ...detail } })

describe("Health", () => {
  it.effect("reads HTTP dates, with a day of one digit and with the wrong day of the week as well", () =>
    Effect.gen(function*() {
      const times = ["Thu, 27 Aug 2026 13:19:03 GMT", "Fri, 3 Jun 2022 05:01:10 GMT", "Sat, 05 Jun 2023 15:00:00 GMT"]
      const events = yield* Effect.forEach(times, (startTime) => decode(Health.Event)(withDetail({ startTime })))
      assert.deepStrictEqual(
        events.map(({ detail }) => detail.startTime && DateTime.formatIso(detail.startTime)),
        ["2026-08-27T13:19:03.000Z", "2022-06-03T05:01:10.000Z", "2023-06-05T15:00:00.000Z"]
      )
    }))

  it.effect("reads an end that is not known, as empty text and as nothing", () =>
    Effect.gen(function*() {
      const { detail: empty } = yield* decode(Health.Event)(withDetail({ endTime: "" }))
      const { detail: absent } = yield* decode(Health.Event)(event)
      assert.deepStrictEqual([empty.endTime, absent.endTime], ["", undefined])
    }))

  it.effect("reads pages and the flag of a backup, which are text, and events without resources", () =>
    Effect.gen(function*() {
      const { resources: _, ...json } = event
      const { detail, resources } = yield* decode(Health.Event)(json)
      assert.deepStrictEqual([detail.page, detail.totalPages, detail.backupEvent], [1, 1, false])
      assert.isUndefined(resources)
    }))
})
