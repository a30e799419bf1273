import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Config from "../../src/events/Config.ts"
import { decode, misfits } from "./codec.ts"

const item = {
  configurationItemCaptureTime: "2016-02-17T01:36:34.043Z",
  awsAccountId: "123456789012",
  configurationItemStatus: "ResourceDeleted",
  resourceId: "i-0",
  awsRegion: "us-east-2",
  resourceType: "AWS::EC2::Instance"
}

describe("Config", () => {
  it.effect("reads the event that invokes a rule, and its parameters, from the text that has them", () =>
    Effect.gen(function*() {
      const Parameters = Schema.Struct({ instanceType: Schema.String })
      const { invokingEvent, ruleParameters } = yield* decode(Config.eventOf(Parameters))(Config.sample())
      assert.strictEqual(ruleParameters.instanceType, "t2.small")
      assert.strictEqual(invokingEvent.messageType, "ConfigurationItemChangeNotification")
      if (invokingEvent.messageType === "ConfigurationItemChangeNotification") {
        assert.strictEqual(invokingEvent.configurationItem.resourceId, "i-00000000")
        assert.strictEqual(
          DateTime.formatIso(invokingEvent.configurationItem.configurationItemCaptureTime),
          "2016-02-17T01:36:34.043Z"
        )
      }
    }))

  it.effect("tells the three kinds of messages apart", () =>
    Effect.gen(function*() {
      const about = Effect.fnUntraced(function*(message: typeof Config.InvokingEvent.Encoded) {
        const { invokingEvent } = yield* decode(Config.Event)(Config.sample(message))
        switch (invokingEvent.messageType) {
          case "ConfigurationItemChangeNotification":
            return invokingEvent.configurationItem.resourceId
          case "OversizedConfigurationItemChangeNotification":
            return invokingEvent.configurationItemSummary.changeType
          case "ScheduledNotification":
            return invokingEvent.awsAccountId
          case "ConfigurationSnapshotDeliveryCompleted":
            return invokingEvent.s3ObjectKey
        }
      })
      assert.strictEqual(
        yield* about({ messageType: "ConfigurationItemChangeNotification", configurationItem: item }),
        "i-0"
      )
      assert.strictEqual(
        yield* about({
          messageType: "OversizedConfigurationItemChangeNotification",
          configurationItemSummary: { ...item, changeType: "DELETE" }
        }),
        "DELETE"
      )
      assert.strictEqual(yield* about({ messageType: "ScheduledNotification", awsAccountId: "1" }), "1")
      assert.strictEqual(
        yield* about({ messageType: "ConfigurationSnapshotDeliveryCompleted", s3Bucket: "b", s3ObjectKey: "k" }),
        "k"
      )
    }))

  it.effect("names a misfit by its path through the text", () =>
    Effect.gen(function*() {
      const event = Config.sample()
      const { awsRegion: _, ...withoutRegion } = item
      const invokingEvent = JSON.stringify({
        messageType: "ConfigurationItemChangeNotification",
        configurationItem: withoutRegion
      })
      assert.deepStrictEqual(yield* misfits(Config.Event)({ ...event, invokingEvent }), [
        "invokingEvent.configurationItem.awsRegion"
      ])
    }))
})
