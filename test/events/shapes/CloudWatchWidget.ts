import * as Schema from "effect/Schema"
import * as CloudWatchWidget from "../../../src/events/CloudWatchWidget.ts"
import type { Shape } from "../shape.ts"

const sample = CloudWatchWidget.sample()

const { widgetContext } = sample

const describe = { describe: true }

const sparse = {
  widgetContext: {
    dashboardName: "d",
    widgetId: "w",
    title: null,
    forms: {},
    timeRange: { mode: "absolute", start: 1, end: 2 }
  }
}

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "CloudWatchWidget.Event",
    kind: "request",
    schema: CloudWatchWidget.Event,
    samples: [sample, describe, { ...describe, widgetContext }, sparse],
    refused: [[{}, "widgetContext"], [{ widgetContext: { ...widgetContext, period: "300" } }, "widgetContext.period"]]
  },
  {
    name: "CloudWatchWidget.eventOf",
    kind: "request",
    schema: CloudWatchWidget.eventOf({ limit: Schema.Finite, since: Schema.Date }),
    samples: [CloudWatchWidget.sample({ limit: 5, since: "2026-01-02T03:04:05.678Z" }), describe],
    refused: [[CloudWatchWidget.sample({ since: "2026-01-02T03:04:05.678Z" }), "limit"]]
  },
  {
    name: "CloudWatchWidget.Result",
    kind: "response",
    schema: CloudWatchWidget.Result,
    samples: ["<h1>Hello</h1>", { markdown: "# Hello" }, { orders: [1, 2] }]
  }
]
