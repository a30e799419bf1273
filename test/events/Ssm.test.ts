import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Ssm from "../../src/events/Ssm.ts"
import { decode } from "./codec.ts"

describe("Ssm", () => {
  it.effect("reads the parameters of a command as lists, which rust's crate wants to be text", () =>
    Effect.gen(function*() {
      const event = Ssm.sample("EC2 Command Status-change Notification")
      const { detail } = yield* decode(Ssm.CommandStatusChange)(event)
      assert.deepStrictEqual(detail.parameters?.["commands"], ["date"])
    }))

  it.effect("reads the severity of a patch, which rust's crate spells otherwise", () =>
    Effect.gen(function*() {
      const event = Ssm.sample("Configuration Compliance State Change")
      const { detail } = yield* decode(Ssm.ConfigurationComplianceStateChange)(event)
      assert.strictEqual(detail.severity, "critical")
    }))

  it.effect("reads the times of an automation in UTC", () =>
    Effect.gen(function*() {
      const event = Ssm.sample("EC2 Automation Step Status-change Notification")
      const { detail } = yield* decode(Ssm.AutomationStepStatusChange)(event)
      assert.strictEqual(detail.StartTime && DateTime.formatIso(detail.StartTime), "2024-11-29T19:43:23.000Z")
    }))

  it.effect("reads the JSON in texts of an association", () =>
    Effect.gen(function*() {
      const event = Ssm.sample("EC2 State Manager Association State Change")
      const { detail } = yield* decode(Ssm.StateManagerAssociationStateChange)(event)
      assert.deepStrictEqual(detail.targets, [{ key: "InstanceIds", values: ["i-12345678"] }])
      assert.deepStrictEqual(detail["association-status-aggregated-count"], { Success: 1 })
      assert.strictEqual(detail["document-version"], "Optional.empty")
    }))

  it("gives a new sample every time", () => {
    assert.notStrictEqual(Ssm.sample("OpsItem Create").detail, Ssm.sample("OpsItem Create").detail)
    assert.strictEqual(Ssm.sample()["detail-type"], "Parameter Store Change")
  })
})
