/**
 * The client connect handler of an AWS Client VPN endpoint.
 *
 * @see https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/connection-authorization.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"

/**
 * A device that wants to connect.
 *
 * **Gotchas**
 *
 * What the service does not know is empty text.
 *
 * **Example** (No connections from Linux)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as ClientVpn from "effect-lambda-runtime/events/ClientVpn"
 * import * as Effect from "effect/Effect"
 *
 * const authorize = Handler.make({ event: ClientVpn.Event, result: ClientVpn.Result }, ({ platform }) =>
 *   Effect.succeed({
 *     allow: platform !== "linux",
 *     "error-msg-on-denied-connection": "Not from Linux",
 *     "posture-compliance-statuses": [],
 *     "schema-version": "v3" as const
 *   }))
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = Schema.Struct({
  "connection-id": Schema.String,
  "endpoint-id": Schema.String,
  /** Of the certificate. */
  "common-name": nullish(Schema.String),
  username: nullish(Schema.String),
  platform: nullish(Schema.String),
  "platform-version": nullish(Schema.String),
  "public-ip": nullish(Schema.String),
  "client-openvpn-version": nullish(Schema.String),
  "aws-client-version": nullish(Schema.String),
  /** Of Active Directory, or of the identity provider. */
  groups: nullish(Schema.Union([Schema.String, Schema.Array(Schema.String)])),
  "schema-version": openEnum(["v1", "v2", "v3"])
}).annotate({ title: "a Client VPN event" })

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Event extends Schema.Schema.Type<typeof Event> {}

const resultFields = {
  allow: Schema.Boolean,
  /** What the log of connections says of the device. */
  "posture-compliance-statuses": Schema.Array(Schema.String)
}

/**
 * Whether a device may connect.
 *
 * **Gotchas**
 *
 * The text for a user who is denied has another name in version `v1`: `error-msg-on-failed-posture-compliance`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Result = Schema.Union([
  Schema.Struct({
    ...resultFields,
    /** Up to 255 characters; empty text where the device may connect. */
    "error-msg-on-denied-connection": Schema.String,
    "schema-version": Schema.Literals(["v2", "v3"])
  }),
  Schema.Struct({
    ...resultFields,
    /** Up to 255 characters; empty text where the device may connect. */
    "error-msg-on-failed-posture-compliance": Schema.String,
    "schema-version": Schema.Literal("v1")
  })
])

/**
 * A {@link Result} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export type Result = typeof Result.Type

/**
 * An event as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as ClientVpn from "effect-lambda-runtime/events/ClientVpn"
 *
 * ClientVpn.sample()["schema-version"] // => "v3"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (): typeof Event.Encoded => ({
  "connection-id": "cvpn-connection-04e7e1b2f0daf9460",
  "endpoint-id": "cvpn-endpoint-0f13eab7f860433cc",
  "common-name": "client1.example.com",
  username: "jane",
  platform: "win",
  "platform-version": "10",
  "public-ip": "192.0.2.13",
  "client-openvpn-version": "2.5.1",
  "aws-client-version": "3.9.0",
  groups: "developers",
  "schema-version": "v3"
})
