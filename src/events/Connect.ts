/**
 * Functions that Amazon Connect invokes: from a flow, and from an outbound campaign.
 *
 * @see https://docs.aws.amazon.com/connect/latest/adminguide/connect-lambda-functions.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { jsonString } from "../internal/events/jsonString.ts"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { StringMap } from "../internal/events/stringMaps.ts"
import * as Timestamp from "./Timestamp.ts"

const title = "an Amazon Connect event"

/**
 * The address of a customer or of the contact center.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Endpoint = Schema.Struct({
  Address: nullish(Schema.String),
  Type: nullish(openEnum(["TELEPHONE_NUMBER", "EMAIL_ADDRESS", "VOIP", "CONTACT_FLOW"])),
  DisplayName: nullish(Schema.String)
})

/**
 * A decoded {@link Endpoint}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Endpoint extends Schema.Schema.Type<typeof Endpoint> {}

/**
 * What Connect knows of a contact.
 *
 * **Gotchas**
 *
 * What a contact does not have is `null`: a chat has no addresses, and a contact that waits for none has no queue.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ContactData = Schema.Struct({
  ContactId: Schema.String,
  /** The first of the contacts that this one goes back to. */
  InitialContactId: nullish(Schema.String),
  PreviousContactId: nullish(Schema.String),
  RelatedContactId: nullish(Schema.String),
  Channel: openEnum(["VOICE", "CHAT", "TASK", "EMAIL"]),
  InitiationMethod: nullish(
    openEnum([
      "INBOUND",
      "OUTBOUND",
      "TRANSFER",
      "QUEUE_TRANSFER",
      "CALLBACK",
      "API",
      "DISCONNECT",
      "MONITOR",
      "EXTERNAL_OUTBOUND",
      "WEBRTC_API",
      "AGENT_REPLY",
      "FLOW"
    ])
  ),
  InstanceARN: nullish(Schema.String),
  Name: nullish(Schema.String),
  Description: nullish(Schema.String),
  CustomerId: nullish(Schema.String),
  LanguageCode: nullish(Schema.String),
  /** What the flow has set so far. */
  Attributes: nullish(StringMap),
  SegmentAttributes: nullish(Schema.Record(Schema.String, Schema.Json)),
  Tags: nullish(StringMap),
  CustomerEndpoint: nullish(Endpoint),
  SystemEndpoint: nullish(Endpoint),
  Queue: nullish(Schema.Struct({
    ARN: nullish(Schema.String),
    Name: nullish(Schema.String),
    OutboundCallerId: nullish(Endpoint)
  })),
  References: nullish(
    Schema.Record(Schema.String, Schema.Struct({ Type: nullish(Schema.String), Value: nullish(Schema.String) }))
  ),
  MediaStreams: nullish(Schema.Struct({
    Customer: nullish(Schema.Struct({
      /** `null` until streaming is started. */
      Audio: nullish(Schema.Struct({
        StreamARN: nullish(Schema.String),
        StartTimestamp: nullish(Timestamp.EpochMillisText),
        StopTimestamp: nullish(Timestamp.EpochMillisText),
        StartFragmentNumber: nullish(Schema.String),
        StopFragmentNumber: nullish(Schema.String)
      }))
    }))
  }))
})

/**
 * A decoded {@link ContactData}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ContactData extends Schema.Schema.Type<typeof ContactData> {}

const eventWith = <Parameters extends Schema.Constraint>(parameters: Parameters) =>
  Schema.Struct({
    Name: openEnum(["ContactFlowEvent"]),
    Details: Schema.Struct({
      ContactData,
      /** What the block of the flow sends. */
      Parameters: parameters
    })
  }).annotate({ title })

/**
 * A contact has come to the block of a flow that invokes the function, with its parameters as JSON. {@link eventOf}
 * decodes the parameters.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = eventWith(nullish(Schema.Record(Schema.String, Schema.Json)))

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Event extends Schema.Schema.Type<typeof Event> {}

const makeEventOf = <Parameters extends Schema.Constraint>(parameters: Parameters) =>
  eventWith(Schema.toCodecJson(parameters))

/**
 * The schema of {@link eventOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface eventOf<Parameters extends Schema.Constraint> extends ReturnType<typeof makeEventOf<Parameters>> {}

/**
 * An {@link Event} whose parameters have the given shape.
 *
 * **Example** (The state of an order)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Connect from "effect-lambda-runtime/events/Connect"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const lookUp = Handler.make({
 *   event: Connect.eventOf(Schema.Struct({ orderId: Schema.String })),
 *   result: Connect.Result
 * }, ({ Details }) => Effect.succeed({ orderId: Details.Parameters.orderId, state: "shipped" }))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const eventOf: <Parameters extends Schema.Constraint>(parameters: Parameters) => eventOf<Parameters> =
  makeEventOf

/**
 * What the flow gets: text by name, below 32 KB.
 *
 * **Gotchas**
 *
 * Nothing else than text passes for it, and nothing nested. A block that validates its response as JSON takes any JSON:
 * give `Handler.make` a schema of your own.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Result = StringMap

/**
 * A {@link Result} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export type Result = StringMap

const campaignEventWith = <CustomerData extends Schema.Constraint>(customerData: CustomerData) =>
  Schema.Struct({
    InvocationMetadata: Schema.Struct({
      CampaignContext: Schema.Struct({
        CampaignId: Schema.String,
        RunId: Schema.String,
        ActionId: Schema.String,
        CampaignName: Schema.String
      })
    }),
    Items: Schema.Struct({
      CustomerProfiles: Schema.Array(Schema.Struct({
        ProfileId: Schema.String,
        /** Text of JSON. */
        CustomerData: customerData,
        IdempotencyToken: Schema.String
      }))
    })
  }).annotate({ title })

/**
 * Customers that have come to the action of an outbound campaign which invokes the function, with what is known of them
 * as text. {@link campaignEventOf} decodes it.
 *
 * @see https://docs.aws.amazon.com/connect/latest/adminguide/how-to-create-campaigns.html
 * @category schemas
 * @since 0.1.0
 */
export const CampaignEvent = campaignEventWith(Schema.String)

/**
 * A decoded {@link CampaignEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface CampaignEvent extends Schema.Schema.Type<typeof CampaignEvent> {}

const makeCampaignEventOf = <Customer extends Schema.Constraint>(customer: Customer) =>
  campaignEventWith(jsonString(customer))

/**
 * The schema of {@link campaignEventOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface campaignEventOf<Customer extends Schema.Constraint>
  extends ReturnType<typeof makeCampaignEventOf<Customer>>
{}

/**
 * A {@link CampaignEvent} whose customers have the given shape.
 *
 * **Example** (Customers)
 *
 * ```ts
 * import * as Connect from "effect-lambda-runtime/events/Connect"
 * import * as Schema from "effect/Schema"
 *
 * const Campaign = Connect.campaignEventOf(Schema.Struct({ firstName: Schema.String }))
 * const { Items } = Schema.decodeUnknownSync(Campaign)(Connect.sampleCampaignEvent({ firstName: "Jane" }))
 * Items.CustomerProfiles[0]?.CustomerData // => { firstName: "Jane" }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const campaignEventOf: <Customer extends Schema.Constraint>(customer: Customer) => campaignEventOf<Customer> =
  makeCampaignEventOf

/**
 * An event as Lambda delivers it, of a call that waits in a queue, with the given parameters.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Connect from "effect-lambda-runtime/events/Connect"
 *
 * Connect.sample({ orderId: "o-1" }).Details.Parameters // => { orderId: "o-1" }
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (
  parameters: { readonly [name: string]: Schema.Json } = { orderId: "o-1" }
): typeof Event.Encoded => {
  const instance = "arn:aws:connect:us-east-2:123456789012:instance/c8c0e68d-2200-4265-82c0-1a2b3c4d5e6f"
  return {
    Name: "ContactFlowEvent",
    Details: {
      ContactData: {
        Attributes: { language: "en" },
        Channel: "VOICE",
        ContactId: "4a573372-1f28-4e26-b97b-1a2b3c4d5e6f",
        CustomerEndpoint: { Address: "+12025550100", Type: "TELEPHONE_NUMBER" },
        CustomerId: null,
        Description: null,
        InitialContactId: "4a573372-1f28-4e26-b97b-1a2b3c4d5e6f",
        InitiationMethod: "INBOUND",
        InstanceARN: instance,
        LanguageCode: "en-US",
        MediaStreams: {
          Customer: {
            Audio: {
              StreamARN: "arn:aws:kinesisvideo:us-east-2:123456789012:stream/connect-contact-4a573372/1571360125131",
              StartTimestamp: "1571360125131",
              StopTimestamp: "1571360126131",
              StartFragmentNumber: "91343852333182942679529990807405457211657215740"
            }
          }
        },
        Name: null,
        PreviousContactId: "4a573372-1f28-4e26-b97b-1a2b3c4d5e6f",
        Queue: {
          ARN: `${instance}/queue/e95345da-9b32-4714-9a91-b3507e4f4fc6`,
          Name: "BasicQueue",
          OutboundCallerId: { Address: "+12025550199", Type: "TELEPHONE_NUMBER" }
        },
        References: { order: { Type: "URL", Value: "https://example.com/orders/o-1" } },
        SegmentAttributes: { "connect:Subtype": { ValueString: "connect:Telephony" } },
        SystemEndpoint: { Address: "+12025550199", Type: "TELEPHONE_NUMBER" },
        Tags: { "aws:connect:instanceId": "c8c0e68d-2200-4265-82c0-1a2b3c4d5e6f" }
      },
      Parameters: parameters
    }
  }
}

/**
 * A {@link CampaignEvent} as Lambda delivers it, with a profile for each of the customers.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Connect from "effect-lambda-runtime/events/Connect"
 *
 * const { Items } = Connect.sampleCampaignEvent({ firstName: "Jane" })
 * Items.CustomerProfiles[0]?.CustomerData // => "{\"firstName\":\"Jane\"}"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleCampaignEvent = (
  ...customers: ReadonlyArray<Schema.Json>
): typeof CampaignEvent.Encoded => ({
  InvocationMetadata: {
    CampaignContext: {
      CampaignId: "a87c62f3-e312-4b6d-9a0a-5b0cc8ef852b",
      RunId: "a87c62f3-e312-4b6d-9a0a-5b0cc8ef852b#2026-01-02T03-04-05Z",
      ActionId: "send-coupon",
      CampaignName: "welcome"
    }
  },
  Items: {
    CustomerProfiles: customers.map((customer, index) => ({
      ProfileId: `b1a19259aff1472fa4e4332b4f2ba44${index}`,
      CustomerData: JSON.stringify(customer),
      IdempotencyToken: `3709179dfad1fa981d2388a8c0fef99d${index}`
    }))
  }
})
