/**
 * Skills of Amazon Alexa.
 *
 * @see https://developer.amazon.com/en-US/docs/alexa/custom-skills/request-and-response-json-reference.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { givenBack, nullish, omittable } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import * as Timestamp from "./Timestamp.ts"

const secret = Schema.RedactedFromValue(Schema.String)

const json = Schema.Record(Schema.String, Schema.Json)

const confirmationStatus = nullish(openEnum(["NONE", "CONFIRMED", "DENIED"]))

const resolutions = nullish(Schema.Struct({
  resolutionsPerAuthority: nullish(Schema.Array(Schema.Struct({
    authority: nullish(Schema.String),
    status: Schema.Struct({
      code: openEnum([
        "ER_SUCCESS_MATCH",
        "ER_SUCCESS_NO_MATCH",
        "ER_ERROR_TIMEOUT",
        "ER_ERROR_EXCEPTION"
      ])
    }),
    values: nullish(Schema.Array(Schema.Struct({
      value: Schema.Struct({ name: Schema.String, id: nullish(Schema.String) })
    })))
  })))
}))

/**
 * What the user has said for a slot: one value, or a list of them.
 *
 * @category models
 * @since 0.1.0
 */
export interface SlotValue {
  readonly type: "Simple" | "List" | (string & {})
  readonly value?: string | null
  readonly resolutions?: (typeof resolutions)["Type"]
  readonly values?: ReadonlyArray<SlotValue> | null
}

/**
 * The schema of {@link SlotValue}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const SlotValue: Schema.Codec<SlotValue> = Schema.Struct({
  type: openEnum(["Simple", "List"]),
  value: nullish(Schema.String),
  resolutions,
  values: nullish(Schema.Array(Schema.suspend((): Schema.Codec<SlotValue> => SlotValue)))
})

/**
 * A slot of an {@link Intent}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Slot = Schema.Struct({
  name: Schema.String,
  /** None until the slot is filled, and of a slot with several values. */
  value: nullish(Schema.String),
  confirmationStatus,
  source: nullish(Schema.String),
  resolutions,
  slotValue: nullish(SlotValue)
})

/**
 * A decoded {@link Slot}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Slot extends Schema.Schema.Type<typeof Slot> {}

/**
 * What the user wants.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Intent = Schema.Struct({
  name: Schema.String,
  confirmationStatus,
  slots: nullish(Schema.Record(Schema.String, Slot))
})

/**
 * A decoded {@link Intent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Intent extends Schema.Schema.Type<typeof Intent> {}

const requestFields = {
  requestId: Schema.String,
  timestamp: Timestamp.IsoSeconds,
  /** `en-US`. */
  locale: nullish(Schema.String)
}

/** `AudioPlayer.PlaybackStarted`. The point keeps it apart from the types that have no interface. */
const InterfaceType = Schema.String.pipe(
  Schema.refine((type): type is `${string}.${string}` => type.includes("."))
)

/**
 * What the user does with the skill: `type` tells.
 *
 * **Details**
 *
 * Requests of interfaces, such as `AudioPlayer.PlaybackStarted`, have these fields and others: give their schema to
 * {@link eventOf}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Request = Schema.Union([
  Schema.Struct({ type: Schema.Literal("LaunchRequest"), ...requestFields, task: nullish(Schema.Json) }),
  Schema.Struct({
    type: Schema.Literals(["IntentRequest", "CanFulfillIntentRequest"]),
    ...requestFields,
    dialogState: nullish(openEnum(["STARTED", "IN_PROGRESS", "COMPLETED"])),
    intent: Intent
  }),
  Schema.Struct({
    type: Schema.Literal("SessionEndedRequest"),
    ...requestFields,
    reason: openEnum(["USER_INITIATED", "ERROR", "EXCEEDED_MAX_REPROMPTS"]),
    error: nullish(Schema.Struct({ type: nullish(Schema.String), message: nullish(Schema.String) }))
  }),
  Schema.Struct({ type: Schema.Literal("SessionResumedRequest"), ...requestFields, cause: nullish(Schema.Json) }),
  Schema.Struct({ type: InterfaceType, ...requestFields })
])

/**
 * A decoded {@link Request}.
 *
 * @category models
 * @since 0.1.0
 */
export type Request = typeof Request.Type

const Application = Schema.Struct({ applicationId: Schema.String })

const User = Schema.Struct({
  userId: Schema.String,
  /** Of the account that the user has linked. */
  accessToken: nullish(secret),
  permissions: nullish(Schema.Struct({ consentToken: nullish(secret), scopes: nullish(json) }))
})

const envelope = <Request extends Schema.Constraint>(request: Request) =>
  Schema.Struct({
    version: Schema.String,
    /** Requests of some interfaces have none. */
    session: nullish(Schema.Struct({
      new: Schema.Boolean,
      sessionId: Schema.String,
      application: Application,
      /** Those of the last response. */
      attributes: nullish(json),
      user: User
    })),
    context: nullish(Schema.Struct({
      System: Schema.Struct({
        application: Application,
        user: nullish(User),
        /** Who Alexa recognizes by the voice. */
        person: nullish(Schema.Struct({ personId: Schema.String, accessToken: nullish(secret) })),
        device: nullish(Schema.Struct({ deviceId: nullish(Schema.String), supportedInterfaces: nullish(json) })),
        unit: nullish(json),
        apiEndpoint: nullish(Schema.String),
        apiAccessToken: nullish(secret)
      }),
      AudioPlayer: nullish(Schema.Struct({
        playerActivity: nullish(Schema.String),
        token: nullish(Schema.String),
        offsetInMilliseconds: nullish(Schema.Finite)
      })),
      Viewport: nullish(Schema.Json),
      Viewports: nullish(Schema.Json)
    })),
    request
  }).annotate({ title: "an Alexa event" })

/**
 * A request to a skill.
 *
 * **Example** (A skill that says hello)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Alexa from "effect-lambda-runtime/events/Alexa"
 * import * as Effect from "effect/Effect"
 *
 * const hello = Handler.make({ event: Alexa.Event, result: Alexa.Result }, ({ request }) =>
 *   Effect.succeed({
 *     version: "1.0",
 *     response: {
 *       outputSpeech: {
 *         type: "PlainText" as const,
 *         text: request.type === "IntentRequest" ? `You want ${request.intent.name}` : "Hello"
 *       },
 *       shouldEndSession: request.type !== "LaunchRequest"
 *     }
 *   }))
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = envelope(Request)

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Event extends Schema.Schema.Type<typeof Event> {}

const makeEventOf = <Request extends Schema.Constraint>(request: Request) => envelope(Schema.toCodecJson(request))

/**
 * The schema of {@link eventOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface eventOf<Request extends Schema.Constraint> extends ReturnType<typeof makeEventOf<Request>> {}

/**
 * An {@link Event} whose request has the given shape.
 *
 * **Example** (The audio player)
 *
 * ```ts
 * import * as Alexa from "effect-lambda-runtime/events/Alexa"
 * import * as Schema from "effect/Schema"
 *
 * const Playback = Alexa.eventOf(Schema.Struct({
 *   type: Schema.Literal("AudioPlayer.PlaybackStarted"),
 *   token: Schema.String
 * }))
 * const event = { ...Alexa.sample(), request: { type: "AudioPlayer.PlaybackStarted", token: "song-1" } }
 * Schema.decodeUnknownSync(Playback)(event).request.token // => "song-1"
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const eventOf: <Request extends Schema.Constraint>(request: Request) => eventOf<Request> = makeEventOf

const playBehavior = omittable(Schema.Literals(["ENQUEUE", "REPLACE_ALL", "REPLACE_ENQUEUED"]))

const outputSpeech = omittable(Schema.Union([
  Schema.Struct({ type: Schema.Literal("PlainText"), text: Schema.String, playBehavior }),
  Schema.Struct({ type: Schema.Literal("SSML"), ssml: Schema.String, playBehavior })
]))

/** Each with its `type`. */
const directives = omittable(Schema.Array(json))

/**
 * What Alexa says and shows, up to 120 KB.
 *
 * **Gotchas**
 *
 * Without `shouldEndSession`, some devices keep the session and others end it: say which.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Result = Schema.Struct({
  version: openEnum(["1.0"]),
  /** What the next request of the session has; the ones of this request are gone. */
  sessionAttributes: givenBack(json),
  response: Schema.Struct({
    outputSpeech,
    card: omittable(Schema.Union([
      Schema.Struct({
        type: Schema.Literal("Simple"),
        title: omittable(Schema.String),
        content: omittable(Schema.String)
      }),
      Schema.Struct({
        type: Schema.Literal("Standard"),
        title: omittable(Schema.String),
        text: omittable(Schema.String),
        image: omittable(Schema.Struct({
          smallImageUrl: omittable(Schema.String),
          largeImageUrl: omittable(Schema.String)
        }))
      }),
      Schema.Struct({ type: Schema.Literal("LinkAccount") }),
      Schema.Struct({
        type: Schema.Literal("AskForPermissionsConsent"),
        permissions: Schema.Array(Schema.String)
      })
    ])),
    reprompt: omittable(Schema.Struct({ outputSpeech, directives })),
    directives,
    shouldEndSession: omittable(Schema.Boolean),
    /** To a `CanFulfillIntentRequest`. */
    canFulfillIntent: omittable(Schema.Struct({
      canFulfill: Schema.Literals(["YES", "NO", "MAYBE"]),
      slots: omittable(Schema.Record(
        Schema.String,
        Schema.Struct({
          canUnderstand: Schema.Literals(["YES", "NO", "MAYBE"]),
          canFulfill: Schema.Literals(["YES", "NO"])
        })
      ))
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
 * An event as Lambda delivers it: the user asks for a horoscope.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Alexa from "effect-lambda-runtime/events/Alexa"
 *
 * Alexa.sample().request.type // => "IntentRequest"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (): typeof Event.Encoded => {
  const application = { applicationId: "amzn1.ask.skill.4a573372-1f28-4e26-b97b-1a2b3c4d5e6f" }
  const user = { userId: "amzn1.ask.account.JANE", accessToken: "Atza|AAAAAAAA" }
  return {
    version: "1.0",
    session: {
      new: true,
      sessionId: "amzn1.echo-api.session.4a573372-1f28-4e26-b97b-1a2b3c4d5e6f",
      application,
      attributes: {},
      user
    },
    context: {
      System: {
        application,
        user,
        device: { deviceId: "amzn1.ask.device.KITCHEN", supportedInterfaces: { AudioPlayer: {} } },
        apiEndpoint: "https://api.amazonalexa.com",
        apiAccessToken: "AxThk"
      },
      AudioPlayer: { playerActivity: "IDLE" },
      Viewport: { shape: "ROUND", pixelWidth: 480, pixelHeight: 480 }
    },
    request: {
      type: "IntentRequest",
      requestId: "amzn1.echo-api.request.4a573372-1f28-4e26-b97b-1a2b3c4d5e6f",
      timestamp: "2015-05-13T12:34:56Z",
      locale: "en-US",
      dialogState: "COMPLETED",
      intent: {
        name: "GetZodiacHoroscopeIntent",
        confirmationStatus: "NONE",
        slots: {
          ZodiacSign: {
            name: "ZodiacSign",
            value: "virgo",
            confirmationStatus: "NONE",
            source: "USER",
            resolutions: {
              resolutionsPerAuthority: [{
                authority: "amzn1.er-authority.echo-sdk.ZodiacSign",
                status: { code: "ER_SUCCESS_MATCH" },
                values: [{ value: { name: "Virgo", id: "VIRGO" } }]
              }]
            },
            slotValue: { type: "Simple", value: "virgo" }
          }
        }
      }
    }
  }
}
