import * as Schema from "effect/Schema"
import * as Connect from "../../../src/events/Connect.ts"
import type { Shape } from "../shape.ts"

const sample = Connect.sample()

const withContact = (contact: object) => ({
  ...sample,
  Details: { ...sample.Details, ContactData: { ...sample.Details.ContactData, ...contact } }
})

const chat = withContact({
  Channel: "CHAT",
  InitiationMethod: "API",
  CustomerEndpoint: null,
  SystemEndpoint: null,
  Queue: null,
  MediaStreams: { Customer: { Audio: null } },
  References: {},
  Attributes: {},
  SegmentAttributes: null,
  Tags: null
})

/** What every event has. */
const sparse = { Name: "ContactFlowEvent", Details: { ContactData: { ContactId: "c-1", Channel: "TASK" } } }

const customer = { firstName: "Jane", since: "2026-01-02T03:04:05.678Z" }

const campaign = Connect.sampleCampaignEvent(customer, customer)

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "Connect.Event",
    kind: "request",
    schema: Connect.Event,
    samples: [
      sample,
      chat,
      sparse,
      Connect.sample({}),
      Connect.sample({ order: { lines: [1, true, null] } }),
      withContact({ MediaStreams: { Customer: { Audio: {} } }, Channel: "EMAIL" }),
      withContact({ MediaStreams: { Customer: {} }, Queue: {}, CustomerEndpoint: {}, References: { a: {} } }),
      withContact({ MediaStreams: {} })
    ],
    fixtures: ["connect-contact-flow"],
    refused: [
      [withContact({ Attributes: { count: 1 } }), "Details.ContactData.Attributes.count"],
      [
        withContact({ MediaStreams: { Customer: { Audio: { StartTimestamp: "now" } } } }),
        "Details.ContactData.MediaStreams.Customer.Audio.StartTimestamp"
      ]
    ]
  },
  {
    name: "Connect.eventOf",
    kind: "request",
    schema: Connect.eventOf(Schema.Struct({ at: Schema.Date, count: Schema.FiniteFromString })),
    samples: [Connect.sample({ at: "2026-01-02T03:04:05.678Z", count: "5" })],
    refused: [[Connect.sample({ at: "2026-01-02T03:04:05.678Z", count: "many" }), "Details.Parameters.count"]]
  },
  {
    name: "Connect.Result",
    kind: "response",
    schema: Connect.Result,
    samples: [{ state: "shipped", count: "5" }, {}],
    refused: [[{ count: 5 }, "count"], [{ order: {} }, "order"]]
  },
  {
    name: "Connect.CampaignEvent",
    kind: "request",
    schema: Connect.CampaignEvent,
    samples: [campaign, Connect.sampleCampaignEvent()],
    fixtures: ["connect-outbound-campaigns"],
    refused: [[{ ...campaign, Items: [] }, "Items"]]
  },
  {
    name: "Connect.campaignEventOf",
    kind: "request",
    schema: Connect.campaignEventOf(Schema.Struct({ firstName: Schema.String, since: Schema.Date })),
    samples: [campaign],
    refused: [[Connect.sampleCampaignEvent(customer, {}), "Items.CustomerProfiles[1].CustomerData.firstName"]]
  }
]
