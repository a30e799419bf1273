import * as LexV1 from "../../../src/events/LexV1.ts"
import type { Shape } from "../shape.ts"

const sample = LexV1.sample()

const dialogAction = {
  type: "ElicitSlot",
  intentName: "OrderFlowers",
  slots: { FlowerType: "roses", PickupDate: null },
  slotToElicit: "PickupDate",
  message: { contentType: "PlainText", content: "When?" },
  responseCard: {
    version: 1,
    contentType: "application/vnd.amazonaws.card.generic",
    genericAttachments: [{
      title: "When?",
      subTitle: "Choose",
      imageUrl: "https://example.com/a.png",
      attachmentLinkUrl: "https://example.com",
      buttons: [{ text: "Today", value: "today" }]
    }]
  }
}

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "LexV1.Event",
    kind: "request",
    schema: LexV1.Event,
    samples: [
      sample,
      {
        messageVersion: "1.0",
        invocationSource: "FulfillmentCodeHook",
        userId: "u",
        outputDialogMode: "Voice",
        bot: { name: "OrderFlowers" },
        currentIntent: { name: "OrderFlowers", slotDetails: { FlowerType: {} } }
      },
      {
        ...sample,
        sessionAttributes: null,
        currentIntent: { name: "Fallback", slots: {}, confirmationStatus: "None" },
        alternativeIntents: [{ name: "Other", nluIntentConfidenceScore: 0.1, slots: {} }],
        sentimentResponse: { sentimentLabel: "NEUTRAL" },
        recentIntentSummaryView: [{ intentName: "Other" }],
        activeContexts: [{ name: "a" }]
      }
    ],
    fixtures: ["lex-v1"],
    refused: [[{ ...sample, currentIntent: { ...sample.currentIntent, slots: { a: 1 } } }, "currentIntent.slots.a"]]
  },
  {
    name: "LexV1.Result",
    kind: "response",
    schema: LexV1.Result,
    samples: [
      { sessionAttributes: { a: "b" }, dialogAction },
      { dialogAction: { type: "Close", fulfillmentState: "Failed" } },
      { dialogAction: { type: "Delegate", slots: {} } }
    ],
    fixtures: ["lex-v1-response"],
    refused: [[{ sessionAttributes: {} }, "dialogAction"]]
  }
]
