import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Glue from "../../src/events/Glue.ts"
import { decode, misfits } from "./codec.ts"

describe("Glue", () => {
  it.effect("counts what a crawler has found, which AWS writes as text", () =>
    Effect.gen(function*() {
      const { detail } = yield* decode(Glue.CrawlerStateChange)(Glue.sampleCrawlerStateChange())
      assert.isTrue(detail.state === "Succeeded")
      if (detail.state !== "Succeeded") return
      assert.strictEqual(detail.tablesCreated + detail.partitionsDeleted, 1)
      assert.strictEqual(detail["runningTime (sec)"], 7)
      assert.strictEqual(DateTime.formatIso(detail.completionDate), "2017-11-11T01:25:00.000Z")
    }))

  it.effect("refuses a state of a crawler that it does not know, and names the detail", () =>
    Effect.gen(function*() {
      const event = Glue.sampleCrawlerStateChange()
      const found = yield* misfits(Glue.CrawlerStateChange)({ ...event, detail: { ...event.detail, state: "Paused" } })
      assert.deepStrictEqual(found, ["detail"])
    }))

  it.effect("reads a state of a job that it does not know", () =>
    Effect.gen(function*() {
      const event = Glue.sampleJobStateChange()
      const { detail } = yield* decode(Glue.JobStateChange)({ ...event, detail: { ...event.detail, state: "EXPIRED" } })
      assert.strictEqual(detail.state, "EXPIRED")
    }))

  it.effect("reads the threshold of a delay notification in minutes", () =>
    Effect.gen(function*() {
      const { detail } = yield* decode(Glue.JobRunStatus)(Glue.sampleJobRunStatus())
      assert.strictEqual(detail.notificationCondition.NotifyDelayAfter, 1)
    }))
})
