/**
 * Functions of AWS IoT: authorizers, the hook of fleet provisioning, rule actions, and buttons.
 *
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/custom-auth-lambda.html
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/pre-provisioning-hook.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-iot.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { nullish, omittable } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { StringMap } from "../internal/events/stringMaps.ts"

const authorizerTitle = "an IoT authorizer event"

const secret = nullish(Schema.RedactedFromValue(Schema.String))

const secretBytes = nullish(Schema.RedactedFromValue(Schema.Uint8ArrayFromBase64))

const http = nullish(Schema.Struct({ headers: nullish(StringMap), queryString: nullish(Schema.String) }))

const mqtt = nullish(Schema.Struct({
  username: nullish(Schema.String),
  password: secretBytes,
  clientId: nullish(Schema.String)
}))

/**
 * A device that wants to connect or to publish.
 *
 * **Details**
 *
 * Only what the device has sent is there. The password of MQTT is bytes.
 *
 * **Example** (Devices with a password)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Iot from "effect-lambda-runtime/events/Iot"
 * import * as Effect from "effect/Effect"
 *
 * const authorize = Handler.make({
 *   event: Iot.CustomAuthorizerEvent,
 *   result: Iot.CustomAuthorizerResult
 * }, ({ protocolData }) =>
 *   Effect.succeed({
 *     isAuthenticated: protocolData.mqtt?.password != null,
 *     principalId: "device1",
 *     disconnectAfterInSeconds: 86400,
 *     refreshAfterInSeconds: 300,
 *     policyDocuments: [{
 *       Version: "2012-10-17",
 *       Statement: [{ Action: "iot:Connect", Effect: "Allow" as const, Resource: "*" }]
 *     }]
 *   }))
 * ```
 *
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/custom-auth-lambda.html
 * @category schemas
 * @since 0.1.0
 */
export const CustomAuthorizerEvent = Schema.Struct({
  /** Of an authorizer that has tokens signed. */
  token: secret,
  /** The signature of the token was checked, and is right. */
  signatureVerified: nullish(Schema.Boolean),
  protocols: Schema.Array(openEnum(["tls", "http", "mqtt"])),
  protocolData: Schema.Struct({
    tls: nullish(Schema.Struct({
      serverName: nullish(Schema.String),
      /** Of a device that has shown a certificate. */
      x509CertificatePem: nullish(Schema.String),
      /** Of the certificate. */
      principalId: nullish(Schema.String)
    })),
    http,
    mqtt
  }),
  connectionMetadata: nullish(Schema.Struct({
    /** To be logged. */
    id: nullish(Schema.String)
  }))
}).annotate({ title: authorizerTitle })

/**
 * A decoded {@link CustomAuthorizerEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface CustomAuthorizerEvent extends Schema.Schema.Type<typeof CustomAuthorizerEvent> {}

const oneOrMany = Schema.Union([Schema.String, Schema.Array(Schema.String)])

/**
 * What a device may do.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PolicyDocument = Schema.Struct({
  Version: Schema.String,
  Statement: Schema.Array(Schema.Struct({
    Sid: omittable(Schema.String),
    Effect: Schema.Literals(["Allow", "Deny"]),
    Action: oneOrMany,
    Resource: oneOrMany,
    Condition: omittable(Schema.Record(Schema.String, Schema.Record(Schema.String, Schema.Json)))
  }))
})

/**
 * A {@link PolicyDocument} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export interface PolicyDocument extends Schema.Schema.Type<typeof PolicyDocument> {}

/**
 * Whether a device may connect, and what it may do.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CustomAuthorizerResult = Schema.Struct({
  isAuthenticated: Schema.Boolean,
  /** Up to 128 letters and digits. */
  principalId: Schema.String,
  /** 300 to 86400. */
  disconnectAfterInSeconds: Schema.Finite,
  /** When the function is asked again: 300 to 86400. */
  refreshAfterInSeconds: Schema.Finite,
  /** Up to 10, of up to 2048 characters each; text of JSON will do. */
  policyDocuments: Schema.Array(Schema.Union([PolicyDocument, Schema.String]))
})

/**
 * A {@link CustomAuthorizerResult} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export interface CustomAuthorizerResult extends Schema.Schema.Type<typeof CustomAuthorizerResult> {}

/**
 * A device that wants to be provisioned.
 *
 * **Gotchas**
 *
 * The hook has 5 seconds to answer.
 *
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/pre-provisioning-hook.html
 * @category schemas
 * @since 0.1.0
 */
export const PreProvisioningHookEvent = Schema.Struct({
  claimCertificateId: nullish(Schema.String),
  certificateId: Schema.String,
  certificatePem: nullish(Schema.String),
  templateArn: Schema.String,
  templateName: nullish(Schema.String),
  clientId: nullish(Schema.String),
  /** What the device says of itself. */
  parameters: nullish(StringMap)
}).annotate({ title: "an IoT provisioning event" })

/**
 * A decoded {@link PreProvisioningHookEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface PreProvisioningHookEvent extends Schema.Schema.Type<typeof PreProvisioningHookEvent> {}

/**
 * Whether a device is provisioned.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PreProvisioningHookResult = Schema.Struct({
  allowProvisioning: Schema.Boolean,
  /** In place of parameters of the template. */
  parameterOverrides: omittable(StringMap)
})

/**
 * A {@link PreProvisioningHookResult} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export interface PreProvisioningHookResult extends Schema.Schema.Type<typeof PreProvisioningHookResult> {}

/**
 * What the SQL statement of a rule has selected of a message: any JSON. Give `Handler.make` a schema of your own where
 * you know more.
 *
 * **Gotchas**
 *
 * A message that is not JSON has to be selected as base64: `SELECT encode(*, 'base64') AS data FROM 'topic'`.
 *
 * **Example** (A message of bytes)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const store = Handler.make({
 *   event: Schema.Struct({ data: Schema.Uint8ArrayFromBase64 })
 * }, ({ data }) => Effect.log("bytes:", data.length))
 * ```
 *
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/lambda-rule-action.html
 * @category schemas
 * @since 0.1.0
 */
export const RuleEvent = Schema.Json

/**
 * A decoded {@link RuleEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export type RuleEvent = Schema.Json

const ClickType = openEnum(["SINGLE", "DOUBLE", "LONG"])

/**
 * A click of an AWS IoT button.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ButtonEvent = Schema.Struct({
  serialNumber: Schema.String,
  clickType: ClickType,
  /** With its unit: `2000mV`. */
  batteryVoltage: nullish(Schema.String)
}).annotate({ title: "an IoT button event" })

/**
 * A decoded {@link ButtonEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ButtonEvent extends Schema.Schema.Type<typeof ButtonEvent> {}

/**
 * A click of a device of AWS IoT 1-Click, which has ended.
 *
 * @category schemas
 * @since 0.1.0
 */
export const OneClickEvent = Schema.Struct({
  deviceEvent: Schema.Struct({
    buttonClicked: nullish(Schema.Struct({ clickType: ClickType, reportedTime: Schema.DateTimeUtcFromString }))
  }),
  deviceInfo: Schema.Struct({
    deviceId: Schema.String,
    type: nullish(Schema.String),
    /** In percent. */
    remainingLife: nullish(Schema.Finite),
    attributes: nullish(StringMap)
  }),
  placementInfo: nullish(Schema.Struct({
    projectName: Schema.String,
    placementName: Schema.String,
    attributes: nullish(StringMap),
    devices: nullish(StringMap)
  }))
}).annotate({ title: "an IoT 1-Click event" })

/**
 * A decoded {@link OneClickEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface OneClickEvent extends Schema.Schema.Type<typeof OneClickEvent> {}

/**
 * A device that wants to connect, as authorizers were asked before {@link CustomAuthorizerEvent}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const DeprecatedCustomAuthorizerEvent = Schema.Struct({
  token: secret,
  tokenSignature: nullish(Schema.String),
  httpContext: http,
  mqttContext: mqtt,
  tlsContext: nullish(Schema.Struct({ serverName: nullish(Schema.String) }))
}).annotate({ title: authorizerTitle })

/**
 * A decoded {@link DeprecatedCustomAuthorizerEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface DeprecatedCustomAuthorizerEvent extends Schema.Schema.Type<typeof DeprecatedCustomAuthorizerEvent> {}

/**
 * A {@link CustomAuthorizerEvent} as Lambda delivers it, with all that a device can send.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Iot from "effect-lambda-runtime/events/Iot"
 *
 * Iot.sampleCustomAuthorizerEvent("secret").protocolData.mqtt?.password // => "c2VjcmV0"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleCustomAuthorizerEvent = (
  password: string = "myPassword"
): typeof CustomAuthorizerEvent.Encoded => ({
  token: "aToken",
  signatureVerified: true,
  protocols: ["tls", "http", "mqtt"],
  protocolData: {
    tls: { serverName: "example.iot.us-east-2.amazonaws.com" },
    http: { headers: { "X-Request-ID": "abc123" }, queryString: "?foo=bar" },
    mqtt: {
      username: "myUserName",
      password: Schema.encodeSync(Schema.Uint8ArrayFromBase64)(new TextEncoder().encode(password)),
      clientId: "myClientId"
    }
  },
  connectionMetadata: { id: "e56f08c3-c559-490f-aa9f-7e8427d0f57b" }
})

/**
 * A {@link PreProvisioningHookEvent} as Lambda delivers it, of a device with the given parameters.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Iot from "effect-lambda-runtime/events/Iot"
 *
 * Iot.samplePreProvisioningHookEvent({ SerialNumber: "1" }).parameters // => { SerialNumber: "1" }
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const samplePreProvisioningHookEvent = (
  parameters: StringMap = { SerialNumber: "12345" }
): typeof PreProvisioningHookEvent.Encoded => ({
  claimCertificateId: "bc5b6bea248605f9325bd33cd2bbcd0b9cda14a6837a82ca8286e9f95c483dd3",
  certificateId: "d0521cecec902f40626b183bf88c9c68340e89177ce3f0b9fd6cc04b39487fbb",
  certificatePem: "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
  templateArn: "arn:aws:iot:us-east-2:123456789012:provisioningtemplate/MyTemplate",
  clientId: "221a6d10-9c7f-42f1-9153-e52e6fc869c1",
  parameters
})

/**
 * A {@link ButtonEvent} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Iot from "effect-lambda-runtime/events/Iot"
 *
 * Iot.sampleButtonEvent().clickType // => "SINGLE"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleButtonEvent = (): typeof ButtonEvent.Encoded => ({
  serialNumber: "G030JF0000000000",
  clickType: "SINGLE",
  batteryVoltage: "2000mV"
})

/**
 * A {@link OneClickEvent} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Iot from "effect-lambda-runtime/events/Iot"
 *
 * Iot.sampleOneClickEvent().deviceEvent.buttonClicked?.clickType // => "SINGLE"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleOneClickEvent = (): typeof OneClickEvent.Encoded => ({
  deviceEvent: { buttonClicked: { clickType: "SINGLE", reportedTime: "2018-05-04T23:26:33.747Z" } },
  deviceInfo: {
    deviceId: "G030PM0000000000",
    type: "button",
    remainingLife: 99.5,
    attributes: { owner: "shop" }
  },
  placementInfo: {
    projectName: "orders",
    placementName: "counter",
    attributes: { location: "Seattle" },
    devices: { myButton: "G030PM0000000000" }
  }
})

/**
 * A {@link DeprecatedCustomAuthorizerEvent} as Lambda delivered it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Iot from "effect-lambda-runtime/events/Iot"
 *
 * Iot.sampleDeprecatedCustomAuthorizerEvent().mqttContext?.clientId // => "myClientId"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleDeprecatedCustomAuthorizerEvent = (): typeof DeprecatedCustomAuthorizerEvent.Encoded => ({
  token: "aToken",
  tokenSignature: "c2lnbmF0dXJl",
  httpContext: { headers: { "X-Request-ID": "abc123" }, queryString: "?foo=bar" },
  mqttContext: { username: "myUserName", password: "bXlQYXNzd29yZA==", clientId: "myClientId" },
  tlsContext: { serverName: "example.iot.us-east-2.amazonaws.com" }
})
