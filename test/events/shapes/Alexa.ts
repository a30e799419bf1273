import * as Schema from "effect/Schema"
import * as Alexa from "../../../src/events/Alexa.ts"
import type { Shape } from "../shape.ts"

const sample = Alexa.sample()

const { requestId, timestamp } = sample.request

const withRequest = (request: object) => ({ ...sample, request: { requestId, timestamp, ...request } })

const { session: _, ...withoutSession } = sample

const list = {
  name: "Signs",
  slotValue: { type: "List", values: [{ type: "Simple", value: "virgo", resolutions: null }] }
}

const unmatched = {
  name: "B",
  value: "dragon",
  resolutions: {
    resolutionsPerAuthority: [
      { authority: "a", status: { code: "ER_SUCCESS_NO_MATCH" } },
      { status: { code: "ER_SUCCESS_MATCH" }, values: [{ value: { name: "Virgo" } }] }
    ]
  }
}

const person = { personId: "amzn1.ask.person.JANE", accessToken: "Atza|BBBB" }

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "Alexa.Event",
    kind: "request",
    schema: Alexa.Event,
    samples: [
      sample,
      withRequest({ type: "LaunchRequest", locale: "de-DE" }),
      withRequest({ type: "IntentRequest", intent: { name: "AMAZON.HelpIntent", slots: null } }),
      withRequest({ type: "IntentRequest", intent: { name: "A", slots: { Signs: list } }, dialogState: "STARTED" }),
      withRequest({ type: "CanFulfillIntentRequest", intent: { name: "A", slots: { Sign: { name: "Sign" } } } }),
      withRequest({ type: "SessionEndedRequest", reason: "USER_INITIATED" }),
      withRequest({ type: "SessionEndedRequest", reason: "ERROR", error: { type: "INVALID_RESPONSE", message: "No" } }),
      { version: "1.0", request: { type: "LaunchRequest", requestId, timestamp } },
      {
        ...sample,
        context: { System: { application: { applicationId: "a" }, device: {}, person: { personId: "p" } } }
      },
      {
        ...sample,
        session: { ...sample.session, attributes: null, user: { userId: "u", permissions: {} } },
        context: { ...sample.context, AudioPlayer: {} }
      },
      withRequest({ type: "SessionEndedRequest", reason: "ERROR", error: {} }),
      withRequest({ type: "IntentRequest", intent: { name: "A", slots: { B: unmatched } } }),
      withRequest({ type: "IntentRequest", intent: { name: "A", slots: { B: { name: "B", resolutions: {} } } } }),
      withRequest({ type: "SessionResumedRequest", cause: { type: "ConnectionCompleted", token: "t" } }),
      { ...withoutSession, request: { type: "AlexaSkillEvent.SkillEnabled", requestId, timestamp } },
      { ...sample, context: { System: { application: { applicationId: "a" }, person, unit: { unitId: "u" } } } },
      { ...sample, session: { ...sample.session, user: { userId: "u", permissions: { consentToken: "c" } } } }
    ],
    refused: [
      [withRequest({ type: "IntentRequest" }), "request.intent"],
      [withRequest({ type: "SessionEndedRequest" }), "request.reason"],
      [withRequest({ type: "LaunchRequest", timestamp: "now" }), "request.timestamp"]
    ]
  },
  {
    name: "Alexa.eventOf",
    kind: "request",
    schema: Alexa.eventOf(Schema.Struct({ type: Schema.Literal("AudioPlayer.PlaybackStarted"), at: Schema.Date })),
    samples: [{ ...withoutSession, request: { type: "AudioPlayer.PlaybackStarted", at: "2026-01-02T03:04:05.678Z" } }],
    refused: [[{ ...sample, request: { type: "AudioPlayer.PlaybackStarted" } }, "request.at"]]
  },
  {
    name: "Alexa.Result",
    kind: "response",
    schema: Alexa.Result,
    samples: [
      {
        version: "1.0",
        sessionAttributes: { sign: "virgo" },
        response: {
          outputSpeech: { type: "PlainText", text: "Today", playBehavior: "REPLACE_ENQUEUED" },
          card: { type: "Simple", title: "Horoscope", content: "Today" },
          reprompt: { outputSpeech: { type: "SSML", ssml: "<speak>Well?</speak>" } },
          directives: [{ type: "Dialog.Delegate" }],
          shouldEndSession: true
        }
      },
      { version: "1.0", response: {} },
      { version: "1.0", response: { card: { type: "LinkAccount" } } },
      {
        version: "1.0",
        response: { card: { type: "AskForPermissionsConsent", permissions: ["alexa::profile:email:read"] } }
      },
      {
        version: "1.0",
        response: {
          card: { type: "Standard", title: "T", text: "t", image: { smallImageUrl: "https://example.com/s.png" } }
        }
      },
      {
        version: "1.0",
        response: {
          canFulfillIntent: { canFulfill: "MAYBE", slots: { Sign: { canUnderstand: "YES", canFulfill: "NO" } } }
        }
      }
    ],
    refused: [
      [{ version: "1.0", response: { outputSpeech: { type: "SSML", text: "hi" } } }, "response.outputSpeech.ssml"],
      [{ version: "1.0" }, "response"]
    ]
  }
]
