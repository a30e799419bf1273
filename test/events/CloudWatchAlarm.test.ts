import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import * as CloudWatchAlarm from "../../src/events/CloudWatchAlarm.ts"
import * as Sns from "../../src/events/Sns.ts"
import { decode, encode } from "./codec.ts"

const reasonOf = SchemaParser.decodeUnknownEffect(CloudWatchAlarm.ReasonData)

describe("CloudWatchAlarm", () => {
  it.effect("reads times with an offset that has no colon, and encodes them so", () =>
    Effect.gen(function*() {
      const sample = CloudWatchAlarm.sample()
      const event = yield* decode(CloudWatchAlarm.Event)(sample)
      assert.strictEqual(DateTime.formatIso(event.time), "2023-08-04T12:36:15.490Z")
      assert.strictEqual((yield* encode(CloudWatchAlarm.Event)(event)).time, "2023-08-04T12:36:15.490+0000")
    }))

  it.effect("reads why a metric alarm has its state from the text that has it", () =>
    Effect.gen(function*() {
      const { alarmData } = yield* decode(CloudWatchAlarm.Event)(CloudWatchAlarm.sample())
      const reason = yield* reasonOf(alarmData.state.reasonData)
      assert.strictEqual(reason.threshold, 5)
      assert.deepStrictEqual(reason.evaluatedDatapoints?.map(({ value }) => value), [7])
    }))

  it.effect("reads what has triggered a composite alarm", () =>
    Effect.gen(function*() {
      const { alarmData } = yield* decode(CloudWatchAlarm.Event)(CloudWatchAlarm.sampleComposite())
      const reason = yield* reasonOf(alarmData.state.reasonData)
      assert.deepStrictEqual(reason.triggeringAlarms?.map(({ state }) => state.value), ["ALARM"])
      assert.strictEqual(alarmData.previousState?.actionsSuppressedBy, "WaitPeriod")
      assert.isUndefined(alarmData.configuration?.metrics)
    }))

  it.effect("reads an event whose reason is not of CloudWatch", () =>
    Effect.gen(function*() {
      const sample = CloudWatchAlarm.sample()
      const { alarmData } = yield* decode(CloudWatchAlarm.Event)({
        ...sample,
        alarmData: { ...sample.alarmData, state: { value: "ALARM", reasonData: "a test" } }
      })
      assert.strictEqual(alarmData.state.reasonData, "a test")
    }))

  it.effect("reads a metric, or an expression in its place", () =>
    Effect.gen(function*() {
      const sample = CloudWatchAlarm.sample()
      const { alarmData } = yield* decode(CloudWatchAlarm.Event)({
        ...sample,
        alarmData: {
          ...sample.alarmData,
          configuration: {
            metrics: [
              { id: "e1", expression: "m1 * 2", label: "Twice", returnData: true },
              ...sample.alarmData.configuration?.metrics ?? []
            ]
          }
        }
      })
      const [expression, metric] = alarmData.configuration?.metrics ?? []
      assert.strictEqual(expression?.expression, "m1 * 2")
      assert.isUndefined(expression?.metricStat)
      assert.strictEqual(metric?.metricStat?.metric.dimensions?.["FunctionName"], "orders")
    }))

  it.effect("reads what a topic is told, with the names of dimensions in lower case", () =>
    Effect.gen(function*() {
      const { Records } = yield* decode(Sns.eventOf(CloudWatchAlarm.Notification))(
        Sns.sample(CloudWatchAlarm.sampleNotification())
      )
      const message = Records[0]?.Sns.Message
      assert.strictEqual(message?.Trigger?.Threshold, 5)
      assert.strictEqual(message?.Trigger?.EvaluateLowSampleCountPercentile, "")
      assert.deepStrictEqual(message?.Trigger?.Dimensions, [{ name: "FunctionName", value: "orders" }])
      assert.strictEqual(message && DateTime.formatIso(message.StateChangeTime), "2023-08-04T12:36:15.490Z")
    }))

  it.effect("reads a notification on an expression, which has metrics and no name of one", () =>
    Effect.gen(function*() {
      const { Trigger } = yield* decode(CloudWatchAlarm.Notification)({
        ...CloudWatchAlarm.sampleNotification(),
        Trigger: { Metrics: [{ Id: "e1", Expression: "m1 * 2", ReturnData: true }], Threshold: 0 }
      })
      assert.isUndefined(Trigger?.MetricName)
      assert.strictEqual(Trigger?.Metrics?.[0]?.Expression, "m1 * 2")
    }))

  it("is decoded by a schema of its own that knows no services", () => {
    assert.strictEqual(
      Schema.decodeUnknownSync(CloudWatchAlarm.AlarmData)(CloudWatchAlarm.sample().alarmData).alarmName,
      "orders-errors"
    )
  })
})
