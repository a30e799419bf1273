import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as AutoScaling from "../../src/events/AutoScaling.ts"
import { decode } from "./codec.ts"

describe("AutoScaling", () => {
  it.effect("reads the keys with spaces, and the times of an activity", () =>
    Effect.gen(function*() {
      const { detail } = yield* decode(AutoScaling.ScalingActivity)(AutoScaling.sampleScalingActivity())
      assert.strictEqual(detail.Details?.["Availability Zone"], "us-east-1b")
      assert.strictEqual(detail.Details?.["Subnet ID"], "subnet-12345678")
      assert.strictEqual(detail.StartTime && DateTime.formatIso(detail.StartTime), "2021-11-11T23:59:31.000Z")
    }))

  it.effect("reads lifecycle actions with a warm pool and without", () =>
    Effect.gen(function*() {
      const json = AutoScaling.sampleLifecycleAction()
      const { Destination: _, NotificationMetadata: __, Origin: ___, ...detail } = json.detail
      const warm = yield* decode(AutoScaling.LifecycleAction)(json)
      const cold = yield* decode(AutoScaling.LifecycleAction)({ ...json, detail })
      assert.deepStrictEqual([warm.detail.Destination, cold.detail.Destination], ["WarmPool", undefined])
    }))

  it.effect("reads the numbers of a checkpoint, which are text", () =>
    Effect.gen(function*() {
      const { detail } = yield* decode(AutoScaling.InstanceRefresh)(AutoScaling.sampleInstanceRefresh())
      assert.deepStrictEqual([detail.CheckpointPercentage, detail.CheckpointDelay], [50, 300])
    }))
})
