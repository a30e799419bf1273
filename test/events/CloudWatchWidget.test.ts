import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as CloudWatchWidget from "../../src/events/CloudWatchWidget.ts"
import { decode } from "./codec.ts"

describe("CloudWatchWidget", () => {
  it.effect("reads the probe of the console, which has no parameters", () =>
    Effect.gen(function*() {
      const Echo = CloudWatchWidget.eventOf({ echo: Schema.String })
      const probe = yield* decode(Echo)({ describe: true })
      assert.isTrue("describe" in probe && probe.describe)
      const event = yield* decode(Echo)(CloudWatchWidget.sample({ echo: "hi" }))
      assert.strictEqual("describe" in event ? "" : event.echo, "hi")
    }))

  it.effect("reads the range of a dashboard in milliseconds, and the part that is zoomed", () =>
    Effect.gen(function*() {
      const { widgetContext } = yield* decode(CloudWatchWidget.Event)(CloudWatchWidget.sample())
      const range = widgetContext?.timeRange
      assert.strictEqual(range && DateTime.formatIso(range.start), "2021-07-25T18:03:19.729Z")
      assert.strictEqual(range?.zoom && DateTime.toEpochMillis(range.zoom.end), 1627282956521)
    }))
})
