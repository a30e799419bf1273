import * as LexV2 from "../../../src/events/LexV2.ts"
import type { Shape } from "../shape.ts"

const sample = LexV2.sample()

const list = {
  shape: "List",
  value: { originalValue: "roses and lilies", interpretedValue: "roses and lilies", resolvedValues: [] },
  values: [LexV2.sampleSlot("roses"), LexV2.sampleSlot("lilies")]
}

const composite = {
  shape: "Composite",
  value: null,
  subSlots: { Street: LexV2.sampleSlot("Main Street"), City: null }
}

const withSlots = (slots: object) => ({
  ...sample,
  sessionState: { ...sample.sessionState, intent: { ...sample.sessionState.intent, slots } }
})

/** What every event has. */
const sparse = {
  messageVersion: "1.0",
  invocationSource: "FulfillmentCodeHook",
  inputMode: "DTMF",
  sessionId: "s-1",
  bot: { id: "BOTID12345", name: "Flowers", localeId: "en_US", version: "1" },
  interpretations: [],
  sessionState: {}
}

const active = {
  name: "flowers",
  contextAttributes: { kind: "roses" },
  timeToLive: { timeToLiveInSeconds: 60, turnsToLive: 3 }
}

const messages = [
  { contentType: "PlainText", content: "hi" },
  { contentType: "SSML", content: "<speak>hi</speak>" },
  { contentType: "CustomPayload", content: "{}" },
  { contentType: "ImageResponseCard", imageResponseCard: { title: "Flowers" } },
  {
    contentType: "ImageResponseCard",
    imageResponseCard: {
      title: "Flowers",
      subtitle: "Which?",
      imageUrl: "https://example.com/roses.png",
      buttons: [{ text: "Roses", value: "roses" }]
    }
  }
]

const result = {
  sessionState: {
    dialogAction: { type: "Close" },
    intent: { name: "OrderFlowers", state: "Fulfilled", slots: {} },
    sessionAttributes: {}
  },
  messages
}

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "LexV2.Event",
    kind: "request",
    schema: LexV2.Event,
    samples: [
      sample,
      sparse,
      withSlots({ Flowers: list, Address: composite, PickupDate: null }),
      withSlots({ FlowerType: { value: { originalValue: "roses", resolvedValues: [] } } }),
      withSlots({ FlowerType: {}, PickupDate: { value: {} }, Name: { shape: null, value: null, values: null } }),
      {
        ...sparse,
        interpretations: [{ intent: { name: "A" }, sentimentResponse: { sentiment: "MIXED" } }],
        proposedNextState: { prompt: {} },
        transcriptions: [{ transcription: "a" }, { transcription: "b", resolvedContext: {} }],
        sessionState: { dialogAction: { type: "ElicitSlot", slotToElicit: "A", slotElicitationStyle: "Default" } }
      },
      { ...sample, proposedNextState: null, interpretations: [{ intent: { name: "FallbackIntent", slots: null } }] },
      { ...sparse, sessionState: { activeContexts: [active], dialogAction: { type: "Delegate" }, runtimeHints: {} } }
    ],
    refused: [
      [
        withSlots({ Flowers: { ...list, values: [{ shape: 1 }] } }),
        "sessionState.intent.slots.Flowers.values[0].shape"
      ],
      [{ ...sample, bot: null }, "bot"]
    ]
  },
  {
    name: "LexV2.Result",
    kind: "response",
    schema: LexV2.Result,
    samples: [
      result,
      { sessionState: { dialogAction: { type: "ElicitSlot", slotToElicit: "PickupDate" } } },
      {
        sessionState: {
          dialogAction: { type: "ElicitSlot", slotToElicit: "Name", slotElicitationStyle: "SpellByLetter" },
          activeContexts: [active],
          runtimeHints: { slotHints: {} },
          intent: sample.sessionState.intent
        },
        requestAttributes: { a: "b" }
      }
    ],
    refused: [
      [{ sessionState: { dialogAction: { type: "ElicitSlot" } } }, "sessionState.dialogAction.slotToElicit"],
      [{ sessionState: { dialogAction: { type: "close" } } }, "sessionState.dialogAction.type"],
      [{ ...result, messages: [{ contentType: "PlainText" }] }, "messages[0].content"]
    ]
  }
]
