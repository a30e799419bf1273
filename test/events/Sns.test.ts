import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Sns from "../../src/events/Sns.ts"
import * as Sqs from "../../src/events/Sqs.ts"
import { decode } from "./codec.ts"

const [record] = Sns.sample().Records

const withMessage = (message: object) => ({ Records: [{ ...record, Sns: { ...record?.Sns, ...message } }] })

describe("Sns", () => {
  it.effect("reads a message without a subject, which AWS sends as null", () =>
    Effect.gen(function*() {
      const { Records } = yield* decode(Sns.Event)(withMessage({ Subject: null }))
      assert.isNull(Records[0]?.Sns.Subject)
    }))

  it.effect("reads attributes of every type: Number and String.Array as text, Binary as bytes", () =>
    Effect.gen(function*() {
      const { Records } = yield* decode(Sns.Event)(withMessage({
        MessageAttributes: {
          count: { Type: "Number", Value: "12345678901234567890.5" },
          tags: { Type: "String.Array", Value: "[\"a\"]" },
          icon: { Type: "Binary", Value: "iVBO" }
        }
      }))
      const attributes = Records[0]?.Sns.MessageAttributes ?? {}
      assert.strictEqual(attributes["count"]?.Value, "12345678901234567890.5")
      assert.strictEqual(attributes["tags"]?.Value, "[\"a\"]")
      assert.deepStrictEqual(attributes["icon"]?.Value, Uint8Array.of(137, 80, 78))
    }))

  it.effect("reads the URLs in both spellings", () =>
    Effect.gen(function*() {
      const { SigningCertUrl: _, ...message } = record?.Sns ?? {}
      const { Records } = yield* decode(Sns.Event)({
        Records: [{ ...record, Sns: { ...message, SigningCertURL: "https://example.com" } }]
      })
      assert.strictEqual(Records[0]?.Sns.SigningCertURL, "https://example.com")
      assert.isUndefined(Records[0]?.Sns.SigningCertUrl)
    }))

  it.effect("reads a queue whose subscription delivers raw messages, and wrapped ones beside them", () =>
    Effect.gen(function*() {
      const Order = Schema.Struct({ id: Schema.String })
      const Either = Sqs.eventOf(Schema.Union([Sns.notificationOf(Order), Order]))
      const { Records } = yield* decode(Either)(Sqs.sample({ id: "raw" }, Sns.sampleNotification({ id: "wrapped" })))
      assert.deepStrictEqual(
        Records.map(({ body }) => "Message" in body ? body.Message.id : body.id),
        ["raw", "wrapped"]
      )
    }))

  it.effect("refuses bytes that are no base64, and does not take them for text", () =>
    Effect.gen(function*() {
      const event = withMessage({ MessageAttributes: { icon: { Type: "Binary", Value: "?" } } })
      const { message } = yield* Effect.flip(decode(Sns.Event)(event))
      assert.include(message, "Records[0].Sns.MessageAttributes.icon.Value")
      assert.include(message, "Expected the type of a text")
    }))
})
