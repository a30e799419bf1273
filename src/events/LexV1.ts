/**
 * The code hooks of an Amazon Lex V1 bot. AWS has ended Lex V1; `events/LexV2` has the bots that are left.
 *
 * @see https://docs.aws.amazon.com/lex/latest/dg/lambda-input-response-format.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { givenBack, nullish, omittable } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { StringMap } from "../internal/events/stringMaps.ts"

/** `null` for one that is not filled. */
const Slots = Schema.Record(Schema.String, Schema.NullOr(Schema.String))

/**
 * What the user wants.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Intent = Schema.Struct({
  name: Schema.String,
  nluIntentConfidenceScore: nullish(Schema.Finite),
  slots: nullish(Slots),
  slotDetails: nullish(Schema.Record(
    Schema.String,
    Schema.NullOr(Schema.Struct({
      resolutions: nullish(Schema.Array(StringMap)),
      originalValue: nullish(Schema.String)
    }))
  )),
  confirmationStatus: nullish(openEnum(["None", "Confirmed", "Denied"]))
})

/**
 * A decoded {@link Intent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Intent extends Schema.Schema.Type<typeof Intent> {}

/**
 * A turn of the conversation.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = Schema.Struct({
  messageVersion: Schema.String,
  invocationSource: openEnum(["DialogCodeHook", "FulfillmentCodeHook"]),
  userId: Schema.String,
  inputTranscript: nullish(Schema.String),
  outputDialogMode: openEnum(["Text", "Voice"]),
  bot: Schema.Struct({
    name: Schema.String,
    alias: nullish(Schema.String),
    version: nullish(Schema.String)
  }),
  currentIntent: Intent,
  alternativeIntents: nullish(Schema.Array(Intent)),
  sessionAttributes: nullish(StringMap),
  requestAttributes: nullish(StringMap),
  recentIntentSummaryView: nullish(Schema.Json),
  sentimentResponse: nullish(Schema.Json),
  kendraResponse: nullish(Schema.Json),
  activeContexts: nullish(Schema.Json)
}).annotate({ title: "a Lex V1 event" })

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Event extends Schema.Schema.Type<typeof Event> {}

/**
 * How the conversation goes on.
 *
 * **Example** (An order is taken)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as LexV1 from "effect-lambda-runtime/events/LexV1"
 * import * as Effect from "effect/Effect"
 *
 * const order = Handler.make({ event: LexV1.Event, result: LexV1.Result }, ({ sessionAttributes }) =>
 *   Effect.succeed({
 *     sessionAttributes: sessionAttributes ?? {},
 *     dialogAction: {
 *       type: "Close",
 *       fulfillmentState: "Fulfilled",
 *       message: { contentType: "PlainText", content: "Your flowers are on their way" }
 *     }
 *   }))
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const Result = Schema.Struct({
  sessionAttributes: givenBack(StringMap),
  recentIntentSummaryView: givenBack(Schema.Json),
  activeContexts: givenBack(Schema.Json),
  dialogAction: Schema.Struct({
    type: openEnum(["ElicitIntent", "ElicitSlot", "ConfirmIntent", "Delegate", "Close"]),
    /** Of `Close`. */
    fulfillmentState: omittable(openEnum(["Fulfilled", "Failed"])),
    message: omittable(Schema.Struct({
      contentType: openEnum(["PlainText", "SSML", "CustomPayload"]),
      content: Schema.String
    })),
    intentName: omittable(Schema.String),
    slots: givenBack(Slots),
    /** Of `ElicitSlot`. */
    slotToElicit: omittable(Schema.String),
    responseCard: omittable(Schema.Struct({
      version: omittable(Schema.Finite),
      contentType: openEnum(["application/vnd.amazonaws.card.generic"]),
      genericAttachments: Schema.Array(Schema.Struct({
        title: omittable(Schema.String),
        subTitle: omittable(Schema.String),
        imageUrl: omittable(Schema.String),
        attachmentLinkUrl: omittable(Schema.String),
        buttons: omittable(Schema.Array(Schema.Struct({ text: Schema.String, value: Schema.String })))
      }))
    }))
  })
})

/**
 * A {@link Result} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export interface Result extends Schema.Schema.Type<typeof Result> {}

/**
 * An event as Lambda delivers it: a slot is to be asked for.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as LexV1 from "effect-lambda-runtime/events/LexV1"
 *
 * LexV1.sample().currentIntent.slots // => { FlowerType: "roses", PickupDate: null }
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (): typeof Event.Encoded => ({
  messageVersion: "1.0",
  invocationSource: "DialogCodeHook",
  userId: "John",
  inputTranscript: "I would like roses",
  outputDialogMode: "Text",
  bot: { name: "OrderFlowers", alias: "$LATEST", version: "$LATEST" },
  currentIntent: {
    name: "OrderFlowers",
    nluIntentConfidenceScore: 0.92,
    slots: { FlowerType: "roses", PickupDate: null },
    slotDetails: { FlowerType: { resolutions: [{ value: "roses" }], originalValue: "roses" }, PickupDate: null },
    confirmationStatus: "None"
  },
  sessionAttributes: {},
  requestAttributes: null
})
