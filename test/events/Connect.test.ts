import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Connect from "../../src/events/Connect.ts"
import { decode, misfits } from "./codec.ts"

const sample = Connect.sample()

const withContact = (contact: object) => ({
  ...sample,
  Details: { ...sample.Details, ContactData: { ...sample.Details.ContactData, ...contact } }
})

describe("Connect", () => {
  it.effect("reads a chat, which has no addresses, no queue and no stream", () =>
    Effect.gen(function*() {
      const { Details } = yield* decode(Connect.Event)(withContact({
        Channel: "CHAT",
        Queue: null,
        CustomerEndpoint: null,
        SystemEndpoint: null,
        MediaStreams: { Customer: { Audio: null } }
      }))
      assert.isNull(Details.ContactData.Queue)
      assert.isNull(Details.ContactData.CustomerEndpoint)
      assert.isNull(Details.ContactData.SystemEndpoint)
      assert.isNull(Details.ContactData.MediaStreams?.Customer?.Audio)
    }))

  it.effect("reads channels that are younger than this version", () =>
    Effect.gen(function*() {
      for (const Channel of ["TASK", "EMAIL", "HOLOGRAM"]) {
        assert.strictEqual(
          (yield* decode(Connect.Event)(withContact({ Channel }))).Details.ContactData.Channel,
          Channel
        )
      }
    }))

  it.effect("reads when a stream started, and keeps the number of its fragment, which no number holds", () =>
    Effect.gen(function*() {
      const { Details } = yield* decode(Connect.Event)(sample)
      const audio = Details.ContactData.MediaStreams?.Customer?.Audio
      assert.strictEqual(audio?.StartTimestamp && DateTime.toEpochMillis(audio.StartTimestamp), 1571360125131)
      assert.strictEqual(audio?.StartFragmentNumber, "91343852333182942679529990807405457211657215740")
    }))

  it.effect("reads parameters of a known shape", () =>
    Effect.gen(function*() {
      const { Details } = yield* decode(Connect.eventOf(Schema.Struct({ count: Schema.FiniteFromString })))(
        Connect.sample({ count: "5" })
      )
      assert.strictEqual(Details.Parameters.count, 5)
    }))

  it.effect("refuses a result that the flow would not take", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* misfits(Connect.Result)({ id: "o-1", count: 5, lines: [] }), ["count", "lines"])
    }))

  it.effect("reads the customers of a campaign from the text that has them", () =>
    Effect.gen(function*() {
      const event = Connect.sampleCampaignEvent({ firstName: "Jane" }, { firstName: "John" })
      const Customer = Schema.Struct({ firstName: Schema.String })
      const { Items } = yield* decode(Connect.campaignEventOf(Customer))(event)
      assert.deepStrictEqual(Items.CustomerProfiles.map(({ CustomerData }) => CustomerData.firstName), ["Jane", "John"])
      assert.strictEqual(
        (yield* decode(Connect.CampaignEvent)(event)).Items.CustomerProfiles[0]?.CustomerData,
        "{\"firstName\":\"Jane\"}"
      )
    }))
})
