/**
 * Chat bots of Amazon Chime, which is retired.
 *
 * @see https://docs.aws.amazon.com/chime/latest/dg/event-types.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"

/**
 * A bot was invited to a room, mentioned there, or removed from it.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = Schema.Struct({
  Sender: Schema.Struct({ SenderId: Schema.String, SenderIdType: openEnum(["EmailId"]) }),
  Discussion: Schema.Struct({ DiscussionId: Schema.String, DiscussionType: openEnum(["Room"]) }),
  EventType: openEnum(["Invite", "Mention", "Remove"]),
  /** Where the bot writes to the room: none once it was removed. Who has the URL can do so. */
  InboundHttpsEndpoint: nullish(Schema.Struct({
    EndpointType: openEnum(["Persistent", "ShortLived"]),
    Url: Schema.RedactedFromValue(Schema.String)
  })),
  EventTimestamp: Schema.DateTimeUtcFromString,
  /** Of a mention, which is part of it: `@bot help`. */
  Message: nullish(Schema.String)
}).annotate({ title: "an Amazon Chime event" })

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Event extends Schema.Schema.Type<typeof Event> {}

/**
 * An event as Lambda delivers it: a bot is mentioned in the given message.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as ChimeBot from "effect-lambda-runtime/events/ChimeBot"
 *
 * ChimeBot.sample("@bot help").Message // => "@bot help"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (message: string = "@botDisplayName@example.com Hello Chatbot"): typeof Event.Encoded => ({
  Sender: { SenderId: "user@example.com", SenderIdType: "EmailId" },
  Discussion: { DiscussionId: "abcdef12-a34b-56c7-d8ef-ab9cdef012ab", DiscussionType: "Room" },
  EventType: "Mention",
  InboundHttpsEndpoint: {
    EndpointType: "ShortLived",
    Url: "https://hooks.a.chime.aws/incomingwebhooks/a1b2c34d-5678-90e1-f23a-b45c67d8901e?token=secret"
  },
  EventTimestamp: "2019-04-04T21:30:43.181Z",
  Message: message
})
