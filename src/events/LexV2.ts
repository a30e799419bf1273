/**
 * The code hooks of an Amazon Lex V2 bot.
 *
 * @see https://docs.aws.amazon.com/lexv2/latest/dg/lambda.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { givenBack, nullish, omittable } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { StringMap } from "../internal/events/stringMaps.ts"

/**
 * What Lex took from the words of the user for a slot: one value, several (`values`), or parts (`subSlots`).
 *
 * @category models
 * @since 0.1.0
 */
export interface Slot {
  readonly shape?: "Scalar" | "List" | "Composite" | (string & {}) | null
  readonly value?: {
    readonly originalValue?: string | null
    /** What Lex decided for. */
    readonly interpretedValue?: string | null
    readonly resolvedValues?: ReadonlyArray<string> | null
  } | null
  readonly values?: ReadonlyArray<Slot> | null
  readonly subSlots?: Slots | null
}

/**
 * The slots of an intent by name: `null` for one that is not filled.
 *
 * @category models
 * @since 0.1.0
 */
export interface Slots {
  readonly [name: string]: Slot | null
}

/**
 * The schema of the slots of an intent.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Slots: Schema.Codec<Slots> = Schema.Record(
  Schema.String,
  Schema.NullOr(Schema.suspend((): Schema.Codec<Slot> => Slot))
)

/**
 * The schema of a slot.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Slot: Schema.Codec<Slot> = Schema.Struct({
  shape: nullish(openEnum(["Scalar", "List", "Composite"])),
  value: nullish(Schema.Struct({
    originalValue: nullish(Schema.String),
    interpretedValue: nullish(Schema.String),
    resolvedValues: nullish(Schema.Array(Schema.String))
  })),
  values: nullish(Schema.Array(Schema.suspend((): Schema.Codec<Slot> => Slot))),
  subSlots: nullish(Slots)
})

/**
 * What the user wants.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Intent = Schema.Struct({
  name: Schema.String,
  slots: nullish(Slots),
  state: nullish(
    openEnum(["Failed", "Fulfilled", "FulfillmentInProgress", "InProgress", "ReadyForFulfillment", "Waiting"])
  ),
  confirmationState: nullish(openEnum(["Confirmed", "Denied", "None"])),
  /** Of the intent `AMAZON.KendraSearchIntent`. */
  kendraResponse: nullish(Schema.Json)
})

/**
 * A decoded {@link Intent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Intent extends Schema.Schema.Type<typeof Intent> {}

/** A number to functions, and `{ score }` in the runtime API and in older samples. */
const Confidence = Schema.Union([
  Schema.Finite,
  Schema.Struct({ score: Schema.Finite }).pipe(Schema.decodeTo(
    Schema.Finite,
    SchemaTransformation.transform({ decode: ({ score }) => score, encode: (score) => ({ score }) })
  ))
])

/**
 * An intent that Lex took the words of the user for.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Interpretation = Schema.Struct({
  intent: Intent,
  /** From 0 to 1; the fallback intent has none. */
  nluConfidence: nullish(Confidence),
  interpretationSource: nullish(openEnum(["Bedrock", "Lex"])),
  /** Where the bot is set to analyse it. */
  sentimentResponse: nullish(Schema.Struct({
    sentiment: openEnum(["MIXED", "NEGATIVE", "NEUTRAL", "POSITIVE"]),
    sentimentScore: nullish(Schema.Struct({
      mixed: Schema.Finite,
      negative: Schema.Finite,
      neutral: Schema.Finite,
      positive: Schema.Finite
    }))
  }))
})

/**
 * A decoded {@link Interpretation}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Interpretation extends Schema.Schema.Type<typeof Interpretation> {}

const ActiveContext = Schema.Struct({
  name: Schema.String,
  contextAttributes: StringMap,
  timeToLive: Schema.Struct({ timeToLiveInSeconds: Schema.Finite, turnsToLive: Schema.Finite })
})

const dialogAction = Schema.Struct({
  type: openEnum(["Close", "ConfirmIntent", "Delegate", "ElicitIntent", "ElicitSlot"]),
  slotToElicit: nullish(Schema.String),
  /** The part of a composite slot. */
  subSlotToElicit: nullish(Schema.Struct({ name: Schema.String })),
  slotElicitationStyle: nullish(openEnum(["Default", "SpellByLetter", "SpellByWord"]))
})

/**
 * A turn of the conversation.
 *
 * **Gotchas**
 *
 * There is no `proposedNextState` where Lex has nothing to propose.
 *
 * **Example** (An order is taken)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as LexV2 from "effect-lambda-runtime/events/LexV2"
 * import * as Effect from "effect/Effect"
 *
 * const order = Handler.make({ event: LexV2.Event, result: LexV2.Result }, ({ sessionState }) => {
 *   const { intent } = sessionState
 *   const flowers = intent?.slots?.["FlowerType"]?.value?.interpretedValue ?? "flowers"
 *   return Effect.succeed({
 *     sessionState: {
 *       dialogAction: { type: "Close" },
 *       intent: intent == null ? undefined : { ...intent, state: "Fulfilled" }
 *     },
 *     messages: [{ contentType: "PlainText", content: `Your ${flowers} are on their way` }]
 *   } as const)
 * })
 * ```
 *
 * @see https://docs.aws.amazon.com/lexv2/latest/dg/lambda-input-format.html
 * @category schemas
 * @since 0.1.0
 */
export const Event = Schema.Struct({
  messageVersion: Schema.String,
  invocationSource: openEnum(["DialogCodeHook", "FulfillmentCodeHook"]),
  inputMode: openEnum(["DTMF", "Speech", "Text"]),
  /** The media type of what the user gets: `text/plain; charset=utf-8`. */
  responseContentType: nullish(Schema.String),
  sessionId: Schema.String,
  /** What the user wrote or said. */
  inputTranscript: nullish(Schema.String),
  /** Names the place in the conversation that calls the function. */
  invocationLabel: nullish(Schema.String),
  bot: Schema.Struct({
    id: Schema.String,
    name: Schema.String,
    aliasId: nullish(Schema.String),
    aliasName: nullish(Schema.String),
    /** `en_US`. */
    localeId: Schema.String,
    version: Schema.String
  }),
  /** The likeliest first. */
  interpretations: Schema.Array(Interpretation),
  /** What Lex would do next. */
  proposedNextState: nullish(Schema.Struct({
    dialogAction: nullish(dialogAction),
    intent: nullish(Intent),
    prompt: nullish(Schema.Struct({ attempt: nullish(Schema.String) }))
  })),
  requestAttributes: nullish(StringMap),
  sessionState: Schema.Struct({
    activeContexts: nullish(Schema.Array(ActiveContext)),
    sessionAttributes: nullish(StringMap),
    runtimeHints: nullish(Schema.Json),
    dialogAction: nullish(dialogAction),
    intent: nullish(Intent),
    originatingRequestId: nullish(Schema.String)
  }),
  /** What Lex may have heard, the likeliest first. */
  transcriptions: nullish(Schema.Array(Schema.Struct({
    transcription: Schema.String,
    transcriptionConfidence: nullish(Schema.Finite),
    resolvedContext: nullish(Schema.Struct({ intent: nullish(Schema.String) })),
    resolvedSlots: nullish(Slots)
  })))
}).annotate({ title: "a Lex V2 event" })

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Event extends Schema.Schema.Type<typeof Event> {}

/**
 * What Lex is to do next.
 *
 * @category schemas
 * @since 0.1.0
 */
export const DialogAction = Schema.Union([
  Schema.Struct({
    type: Schema.Literal("ElicitSlot"),
    slotToElicit: Schema.String,
    /** The part of a composite slot. */
    subSlotToElicit: omittable(Schema.Struct({ name: Schema.String })),
    slotElicitationStyle: omittable(Schema.Literals(["Default", "SpellByLetter", "SpellByWord"]))
  }),
  Schema.Struct({ type: Schema.Literals(["Close", "ConfirmIntent", "Delegate", "ElicitIntent"]) })
])

/**
 * A {@link DialogAction} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export type DialogAction = typeof DialogAction.Type

/**
 * What the user is told: text, or a card with buttons.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Message = Schema.Union([
  Schema.Struct({
    contentType: Schema.Literals(["CustomPayload", "PlainText", "SSML"]),
    content: Schema.String
  }),
  Schema.Struct({
    contentType: Schema.Literal("ImageResponseCard"),
    imageResponseCard: Schema.Struct({
      title: Schema.String,
      subtitle: omittable(Schema.String),
      imageUrl: omittable(Schema.String),
      buttons: omittable(Schema.Array(Schema.Struct({ text: Schema.String, value: Schema.String })))
    })
  })
])

/**
 * A {@link Message} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export type Message = typeof Message.Type

/**
 * How the conversation goes on.
 *
 * **Gotchas**
 *
 * `ElicitIntent` needs messages. Every action but `ElicitIntent` and `Delegate` needs the intent: give the one of the
 * event back, with its new state.
 *
 * @see https://docs.aws.amazon.com/lexv2/latest/dg/lambda-response-format.html
 * @category schemas
 * @since 0.1.0
 */
export const Result = Schema.Struct({
  sessionState: Schema.Struct({
    activeContexts: givenBack(Schema.Array(ActiveContext)),
    /** In place of those of the event: give back those that are to be kept. */
    sessionAttributes: givenBack(StringMap),
    runtimeHints: givenBack(Schema.Json),
    dialogAction: DialogAction,
    intent: givenBack(Intent)
  }),
  messages: omittable(Schema.Array(Message)),
  requestAttributes: givenBack(StringMap)
})

/**
 * A {@link Result} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export interface Result extends Schema.Schema.Type<typeof Result> {}

/**
 * An event as Lambda delivers it: the first slot is filled, and the second one is to be asked for.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as LexV2 from "effect-lambda-runtime/events/LexV2"
 *
 * LexV2.sample().sessionState.intent?.slots // => { FlowerType: LexV2.sampleSlot("roses"), PickupDate: null }
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (): typeof Event.Encoded => {
  const intent = {
    name: "OrderFlowers",
    state: "InProgress",
    confirmationState: "None",
    slots: { FlowerType: sampleSlot("roses"), PickupDate: null }
  }
  return {
    messageVersion: "1.0",
    invocationSource: "DialogCodeHook",
    inputMode: "Text",
    responseContentType: "text/plain; charset=utf-8",
    sessionId: "123456789012345",
    inputTranscript: "I would like roses",
    invocationLabel: "FlowerTypeSlot",
    bot: {
      id: "BOTID12345",
      name: "Flowers",
      aliasId: "TSTALIASID",
      aliasName: "TestBotAlias",
      localeId: "en_US",
      version: "DRAFT"
    },
    interpretations: [
      {
        intent,
        interpretationSource: "Lex",
        nluConfidence: 0.92,
        sentimentResponse: {
          sentiment: "NEUTRAL",
          sentimentScore: { mixed: 0.001, negative: 0.1, neutral: 0.8, positive: 0.099 }
        }
      },
      {
        intent: { name: "FallbackIntent", state: "InProgress", confirmationState: "None", slots: {} },
        interpretationSource: "Lex"
      }
    ],
    proposedNextState: {
      dialogAction: { type: "ElicitSlot", slotToElicit: "PickupDate" },
      intent,
      prompt: { attempt: "Initial" }
    },
    requestAttributes: { "x-amz-lex:channels:platform": "Web" },
    sessionState: {
      activeContexts: [],
      sessionAttributes: { customer: "c-1" },
      intent,
      originatingRequestId: "5a9f5f6e-2a1c-4f0e-9a37-6a2a2b1f7c11"
    },
    transcriptions: [{
      transcription: "I would like roses",
      transcriptionConfidence: 1,
      resolvedContext: { intent: "OrderFlowers" },
      resolvedSlots: { FlowerType: sampleSlot("roses") }
    }]
  }
}

/**
 * A slot with one value, as Lex fills it.
 *
 * **Example** (A slot of an event)
 *
 * ```ts
 * import * as LexV2 from "effect-lambda-runtime/events/LexV2"
 *
 * LexV2.sampleSlot("roses").value?.interpretedValue // => "roses"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleSlot = (value: string): Slot => ({
  shape: "Scalar",
  value: { originalValue: value, interpretedValue: value, resolvedValues: [value] }
})
