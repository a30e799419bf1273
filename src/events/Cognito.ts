/**
 * Lambda triggers of an Amazon Cognito user pool.
 *
 * A trigger answers the event that it was given, with the `response` filled in: the same schema is `event` and
 * `result`, and {@link respond} fills it in. What this version does not know of an event goes back as it came.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
 * @since 0.1.0
 */
import { dual } from "effect/Function"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { preserving } from "../internal/events/preserving.ts"
import { StringMap } from "../internal/events/stringMaps.ts"
import * as userPoolSamples from "../internal/events/userPoolSamples.ts"
import { clientMetadata, triggerFields, triggerSource, userPoolEvent } from "../internal/events/userPoolTrigger.ts"

/**
 * The event with its response filled in; fields of the response that are not given stay as they are.
 *
 * **Example** (Confirm everyone of the company)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Cognito from "effect-lambda-runtime/events/Cognito"
 * import * as Effect from "effect/Effect"
 *
 * const signUp = Handler.make({ event: Cognito.PreSignUpEvent, result: Cognito.PreSignUpEvent }, (event) =>
 *   Effect.succeed(Cognito.respond(event, {
 *     autoConfirmUser: event.request.userAttributes?.["email"]?.endsWith("@example.com") === true
 *   })))
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const respond: {
  <Event extends { readonly response: object }>(response: Partial<Event["response"]>): (event: Event) => Event
  <Event extends { readonly response: object }>(event: Event, response: Partial<Event["response"]>): Event
} = dual(
  2,
  <Event extends { readonly response: object }>(event: Event, response: Partial<Event["response"]>): Event => ({
    ...event,
    response: { ...event.response, ...response }
  })
)

/**
 * Before a user signs up, or is made by an administrator or for an external provider. Fails to refuse.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-sign-up.html
 * @category schemas
 * @since 0.1.0
 */
export const PreSignUpEvent = userPoolEvent(triggerFields(
  triggerSource("PreSignUp", ["PreSignUp_SignUp", "PreSignUp_AdminCreateUser", "PreSignUp_ExternalProvider"]),
  {
    userAttributes: nullish(StringMap),
    /** What the program passed to be checked, and not to be kept. */
    validationData: nullish(StringMap),
    clientMetadata
  },
  {
    autoConfirmUser: nullish(Schema.Boolean),
    /** Needs the attribute `email`. */
    autoVerifyEmail: nullish(Schema.Boolean),
    /** Needs the attribute `phone_number`. */
    autoVerifyPhone: nullish(Schema.Boolean)
  }
))

/**
 * A decoded {@link PreSignUpEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface PreSignUpEvent extends Schema.Schema.Type<typeof PreSignUpEvent> {}

const userAttributes = nullish(StringMap)

/** Where the pool does not tell the program that there is no such user. */
const userNotFound = nullish(Schema.Boolean)

/**
 * After a user has confirmed to be there, or has set a new password that was forgotten.
 *
 * Its response is empty.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html
 * @category schemas
 * @since 0.1.0
 */
export const PostConfirmationEvent = userPoolEvent(triggerFields(
  triggerSource("PostConfirmation", ["PostConfirmation_ConfirmSignUp", "PostConfirmation_ConfirmForgotPassword"]),
  { userAttributes, clientMetadata },
  {}
))

/**
 * A decoded {@link PostConfirmationEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface PostConfirmationEvent extends Schema.Schema.Type<typeof PostConfirmationEvent> {}

/**
 * Before a user signs in. Fails to refuse; its response is empty.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-authentication.html
 * @category schemas
 * @since 0.1.0
 */
export const PreAuthenticationEvent = userPoolEvent(triggerFields(
  triggerSource("PreAuthentication", ["PreAuthentication_Authentication"]),
  {
    userAttributes,
    /** What the program passed, under the name of client metadata. */
    validationData: nullish(StringMap),
    userNotFound
  },
  {}
))

/**
 * A decoded {@link PreAuthenticationEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface PreAuthenticationEvent extends Schema.Schema.Type<typeof PreAuthenticationEvent> {}

/**
 * After a user has signed in. Its response is empty.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-authentication.html
 * @category schemas
 * @since 0.1.0
 */
export const PostAuthenticationEvent = userPoolEvent(triggerFields(
  triggerSource("PostAuthentication", ["PostAuthentication_Authentication"]),
  {
    userAttributes,
    /** Where the pool remembers devices. */
    newDeviceUsed: nullish(Schema.Boolean),
    clientMetadata
  },
  {}
))

/**
 * A decoded {@link PostAuthenticationEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface PostAuthenticationEvent extends Schema.Schema.Type<typeof PostAuthenticationEvent> {}

const groups = preserving({
  groupsToOverride: nullish(Schema.Array(Schema.String)),
  iamRolesToOverride: nullish(Schema.Array(Schema.String)),
  preferredRole: nullish(Schema.String)
})

const tokenGeneration = triggerSource("TokenGeneration", [
  "TokenGeneration_HostedAuth",
  "TokenGeneration_Authentication",
  "TokenGeneration_NewPasswordChallenge",
  "TokenGeneration_AuthenticateDevice",
  "TokenGeneration_RefreshTokens",
  "TokenGeneration_ClientCredentials"
])

/**
 * Before an identity token is made, for a pool with version 1 of this trigger.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
 * @category schemas
 * @since 0.1.0
 */
export const PreTokenGenerationEvent = userPoolEvent(triggerFields(
  tokenGeneration,
  { userAttributes, groupConfiguration: nullish(groups), clientMetadata },
  {
    claimsOverrideDetails: nullish(preserving({
      claimsToAddOrOverride: nullish(StringMap),
      claimsToSuppress: nullish(Schema.Array(Schema.String)),
      groupOverrideDetails: nullish(groups)
    }))
  }
))

/**
 * A decoded {@link PreTokenGenerationEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface PreTokenGenerationEvent extends Schema.Schema.Type<typeof PreTokenGenerationEvent> {}

const claims = {
  /** Any JSON: lists and objects as well. */
  claimsToAddOrOverride: nullish(Schema.JsonObject),
  claimsToSuppress: nullish(Schema.Array(Schema.String))
}

/**
 * Before an identity and an access token are made, for a pool with version 2 or 3 of this trigger.
 *
 * **Details**
 *
 * Version 3 is also there for machines: `TokenGeneration_ClientCredentials`, for which there is no user.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
 * @category schemas
 * @since 0.1.0
 */
export const PreTokenGenerationV2Event = userPoolEvent(triggerFields(
  tokenGeneration,
  {
    userAttributes,
    scopes: nullish(Schema.Array(Schema.String)),
    groupConfiguration: nullish(groups),
    clientMetadata
  },
  {
    claimsAndScopeOverrideDetails: nullish(preserving({
      idTokenGeneration: nullish(preserving(claims)),
      accessTokenGeneration: nullish(preserving({
        ...claims,
        scopesToAdd: nullish(Schema.Array(Schema.String)),
        scopesToSuppress: nullish(Schema.Array(Schema.String))
      })),
      groupOverrideDetails: nullish(groups)
    }))
  }
))

/**
 * A decoded {@link PreTokenGenerationV2Event}.
 *
 * @category models
 * @since 0.1.0
 */
export interface PreTokenGenerationV2Event extends Schema.Schema.Type<typeof PreTokenGenerationV2Event> {}

/**
 * When a user signs in, or has forgotten the password, whom the pool does not have: an older directory may.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-migrate-user.html
 * @category schemas
 * @since 0.1.0
 */
export const UserMigrationEvent = userPoolEvent(triggerFields(
  triggerSource("UserMigration", ["UserMigration_Authentication", "UserMigration_ForgotPassword"]),
  {
    /** As the user typed it; none where it was forgotten. */
    password: nullish(Schema.RedactedFromValue(Schema.String)),
    validationData: nullish(StringMap),
    clientMetadata
  },
  {
    /** Has to be filled in: `username` is the name in the pool, and those that are not given get lost. */
    userAttributes,
    finalUserStatus: nullish(openEnum(["CONFIRMED", "RESET_REQUIRED"])),
    messageAction: nullish(openEnum(["RESEND", "SUPPRESS"])),
    desiredDeliveryMediums: nullish(Schema.Array(openEnum(["SMS", "EMAIL"]))),
    forceAliasCreation: nullish(Schema.Boolean),
    enableSMSMFA: nullish(Schema.Boolean)
  }
))

/**
 * A decoded {@link UserMigrationEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface UserMigrationEvent extends Schema.Schema.Type<typeof UserMigrationEvent> {}

/** Attributes are text; the sample in the documentation of this trigger has truth values. */
const attributeText = Schema.Union([
  Schema.String,
  Schema.Boolean.pipe(Schema.decodeTo(
    Schema.String,
    SchemaTransformation.transform({ decode: String, encode: (text) => text === "true" })
  ))
])

/**
 * Before the pool sends a message: with a code, an invitation, a link.
 *
 * **Gotchas**
 *
 * A message has to contain the `codeParameter` of the request, in whose place the pool puts the code.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html
 * @category schemas
 * @since 0.1.0
 */
export const CustomMessageEvent = userPoolEvent(triggerFields(
  triggerSource("CustomMessage", [
    "CustomMessage_SignUp",
    "CustomMessage_AdminCreateUser",
    "CustomMessage_ResendCode",
    "CustomMessage_ForgotPassword",
    "CustomMessage_UpdateUserAttribute",
    "CustomMessage_VerifyUserAttribute",
    "CustomMessage_Authentication"
  ]),
  {
    userAttributes: nullish(Schema.Record(Schema.String, attributeText)),
    /** Stands for the code: `{####}`. */
    codeParameter: nullish(Schema.String),
    /** Stands for the link, where the pool confirms by links. */
    linkParameter: nullish(Schema.String),
    /** Stands for the user name, in invitations. */
    usernameParameter: nullish(Schema.String),
    clientMetadata
  },
  {
    smsMessage: nullish(Schema.String),
    emailMessage: nullish(Schema.String),
    emailSubject: nullish(Schema.String)
  }
))

/**
 * A decoded {@link CustomMessageEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface CustomMessageEvent extends Schema.Schema.Type<typeof CustomMessageEvent> {}

const session = nullish(Schema.Array(preserving({
  challengeName: openEnum([
    "CUSTOM_CHALLENGE",
    "SRP_A",
    "PASSWORD_VERIFIER",
    "SMS_MFA",
    "DEVICE_SRP_AUTH",
    "DEVICE_PASSWORD_VERIFIER",
    "ADMIN_NO_SRP_AUTH"
  ]),
  challengeResult: Schema.Boolean,
  challengeMetadata: nullish(Schema.String)
})))

/**
 * To say what comes next when a user signs in by challenges of your own: one of them, tokens, or a failure.
 *
 * **Gotchas**
 *
 * The `session` is empty at the first call.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-define-auth-challenge.html
 * @category schemas
 * @since 0.1.0
 */
export const DefineAuthChallengeEvent = userPoolEvent(triggerFields(
  triggerSource("DefineAuthChallenge", ["DefineAuthChallenge_Authentication"]),
  {
    userAttributes,
    /** The challenges so far, in their order. */
    session,
    userNotFound,
    clientMetadata
  },
  {
    challengeName: nullish(Schema.String),
    issueTokens: nullish(Schema.Boolean),
    failAuthentication: nullish(Schema.Boolean)
  }
))

/**
 * A decoded {@link DefineAuthChallengeEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface DefineAuthChallengeEvent extends Schema.Schema.Type<typeof DefineAuthChallengeEvent> {}

/**
 * To make a challenge, after {@link DefineAuthChallengeEvent} has named `CUSTOM_CHALLENGE`.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-create-auth-challenge.html
 * @category schemas
 * @since 0.1.0
 */
export const CreateAuthChallengeEvent = userPoolEvent(triggerFields(
  triggerSource("CreateAuthChallenge", ["CreateAuthChallenge_Authentication"]),
  { userAttributes, challengeName: nullish(Schema.String), session, userNotFound, clientMetadata },
  {
    /** What the program gets to see. */
    publicChallengeParameters: nullish(StringMap),
    /** What {@link VerifyAuthChallengeEvent} has, to check the answer by. */
    privateChallengeParameters: nullish(StringMap),
    /** A name for the challenge, that the `session` has then. */
    challengeMetadata: nullish(Schema.String)
  }
))

/**
 * A decoded {@link CreateAuthChallengeEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface CreateAuthChallengeEvent extends Schema.Schema.Type<typeof CreateAuthChallengeEvent> {}

/**
 * To check the answer to a challenge.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-verify-auth-challenge-response.html
 * @category schemas
 * @since 0.1.0
 */
export const VerifyAuthChallengeEvent = userPoolEvent(triggerFields(
  triggerSource("VerifyAuthChallengeResponse", ["VerifyAuthChallengeResponse_Authentication"]),
  {
    userAttributes,
    /** What {@link CreateAuthChallengeEvent} answered; null where there is no such user. */
    privateChallengeParameters: nullish(StringMap),
    challengeAnswer: nullish(Schema.String),
    userNotFound,
    clientMetadata
  },
  { answerCorrect: nullish(Schema.Boolean) }
))

/**
 * A decoded {@link VerifyAuthChallengeEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface VerifyAuthChallengeEvent extends Schema.Schema.Type<typeof VerifyAuthChallengeEvent> {}

const senderRequest = {
  type: nullish(Schema.String),
  /** The code or the password, encrypted by the AWS Encryption SDK with the key of the pool, in base64. */
  code: nullish(Schema.String),
  userAttributes,
  clientMetadata
}

/**
 * To send an email in place of the pool. Nothing has to be answered.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-email-sender.html
 * @category schemas
 * @since 0.1.0
 */
export const CustomEmailSenderEvent = userPoolEvent({
  ...triggerFields(
    triggerSource("CustomEmailSender", [
      "CustomEmailSender_SignUp",
      "CustomEmailSender_Authentication",
      "CustomEmailSender_ResendCode",
      "CustomEmailSender_ForgotPassword",
      "CustomEmailSender_UpdateUserAttribute",
      "CustomEmailSender_VerifyUserAttribute",
      "CustomEmailSender_AdminCreateUser",
      "CustomEmailSender_AccountTakeOverNotification"
    ]),
    senderRequest,
    {}
  ),
  response: nullish(preserving({}))
})

/**
 * A decoded {@link CustomEmailSenderEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface CustomEmailSenderEvent extends Schema.Schema.Type<typeof CustomEmailSenderEvent> {}

/**
 * To send a text message in place of the pool. Nothing has to be answered.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-sms-sender.html
 * @category schemas
 * @since 0.1.0
 */
export const CustomSmsSenderEvent = userPoolEvent({
  ...triggerFields(
    triggerSource("CustomSMSSender", [
      "CustomSMSSender_SignUp",
      "CustomSMSSender_Authentication",
      "CustomSMSSender_ResendCode",
      "CustomSMSSender_ForgotPassword",
      "CustomSMSSender_UpdateUserAttribute",
      "CustomSMSSender_VerifyUserAttribute",
      "CustomSMSSender_AdminCreateUser"
    ]),
    senderRequest,
    {}
  ),
  response: nullish(preserving({}))
})

/**
 * A decoded {@link CustomSmsSenderEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface CustomSmsSenderEvent extends Schema.Schema.Type<typeof CustomSmsSenderEvent> {}

/**
 * Before the attributes of a user of an external provider are written to the pool.
 *
 * **Gotchas**
 *
 * An empty response keeps all attributes; one with attributes drops those that it does not have.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-inbound-federation.html
 * @category schemas
 * @since 0.1.0
 */
export const InboundFederationEvent = userPoolEvent(triggerFields(
  triggerSource("InboundFederation", ["InboundFederation_ExternalProvider"]),
  {
    providerName: nullish(Schema.String),
    providerType: nullish(openEnum(["OIDC", "SAML", "Facebook", "Google", "SignInWithApple", "LoginWithAmazon"])),
    /** What the provider says of the user, by where it says so. */
    attributes: nullish(preserving({
      /** Has the tokens themselves: not for logs. */
      tokenResponse: nullish(Schema.JsonObject),
      idToken: nullish(Schema.JsonObject),
      userInfo: nullish(Schema.JsonObject),
      samlResponse: nullish(Schema.JsonObject)
    }))
  },
  { userAttributesToMap: nullish(StringMap) }
))

/**
 * A decoded {@link InboundFederationEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface InboundFederationEvent extends Schema.Schema.Type<typeof InboundFederationEvent> {}

/**
 * An event as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Cognito from "effect-lambda-runtime/events/Cognito"
 *
 * Cognito.samplePreSignUpEvent().triggerSource // => "PreSignUp_SignUp"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const samplePreSignUpEvent = (): typeof PreSignUpEvent.Encoded => userPoolSamples.samplePreSignUpEvent()

/**
 * {@link PostConfirmationEvent} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Cognito from "effect-lambda-runtime/events/Cognito"
 *
 * Cognito.samplePostConfirmationEvent().triggerSource // => "PostConfirmation_ConfirmSignUp"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const samplePostConfirmationEvent = (): typeof PostConfirmationEvent.Encoded =>
  userPoolSamples.samplePostConfirmationEvent()

/**
 * {@link PreAuthenticationEvent} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Cognito from "effect-lambda-runtime/events/Cognito"
 *
 * Cognito.samplePreAuthenticationEvent().triggerSource // => "PreAuthentication_Authentication"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const samplePreAuthenticationEvent = (): typeof PreAuthenticationEvent.Encoded =>
  userPoolSamples.samplePreAuthenticationEvent()

/**
 * {@link PostAuthenticationEvent} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Cognito from "effect-lambda-runtime/events/Cognito"
 *
 * Cognito.samplePostAuthenticationEvent().triggerSource // => "PostAuthentication_Authentication"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const samplePostAuthenticationEvent = (): typeof PostAuthenticationEvent.Encoded =>
  userPoolSamples.samplePostAuthenticationEvent()

/**
 * {@link PreTokenGenerationEvent} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Cognito from "effect-lambda-runtime/events/Cognito"
 *
 * Cognito.samplePreTokenGenerationEvent().triggerSource // => "TokenGeneration_HostedAuth"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const samplePreTokenGenerationEvent = (): typeof PreTokenGenerationEvent.Encoded =>
  userPoolSamples.samplePreTokenGenerationEvent()

/**
 * {@link PreTokenGenerationV2Event} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Cognito from "effect-lambda-runtime/events/Cognito"
 *
 * Cognito.samplePreTokenGenerationV2Event().triggerSource // => "TokenGeneration_Authentication"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const samplePreTokenGenerationV2Event = (): typeof PreTokenGenerationV2Event.Encoded =>
  userPoolSamples.samplePreTokenGenerationV2Event()

/**
 * {@link UserMigrationEvent} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Cognito from "effect-lambda-runtime/events/Cognito"
 *
 * Cognito.sampleUserMigrationEvent().triggerSource // => "UserMigration_Authentication"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleUserMigrationEvent = (): typeof UserMigrationEvent.Encoded =>
  userPoolSamples.sampleUserMigrationEvent()

/**
 * {@link CustomMessageEvent} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Cognito from "effect-lambda-runtime/events/Cognito"
 *
 * Cognito.sampleCustomMessageEvent().triggerSource // => "CustomMessage_SignUp"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleCustomMessageEvent = (): typeof CustomMessageEvent.Encoded =>
  userPoolSamples.sampleCustomMessageEvent()

/**
 * {@link DefineAuthChallengeEvent} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Cognito from "effect-lambda-runtime/events/Cognito"
 *
 * Cognito.sampleDefineAuthChallengeEvent().triggerSource // => "DefineAuthChallenge_Authentication"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleDefineAuthChallengeEvent = (): typeof DefineAuthChallengeEvent.Encoded =>
  userPoolSamples.sampleDefineAuthChallengeEvent()

/**
 * {@link CreateAuthChallengeEvent} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Cognito from "effect-lambda-runtime/events/Cognito"
 *
 * Cognito.sampleCreateAuthChallengeEvent().triggerSource // => "CreateAuthChallenge_Authentication"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleCreateAuthChallengeEvent = (): typeof CreateAuthChallengeEvent.Encoded =>
  userPoolSamples.sampleCreateAuthChallengeEvent()

/**
 * {@link VerifyAuthChallengeEvent} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Cognito from "effect-lambda-runtime/events/Cognito"
 *
 * Cognito.sampleVerifyAuthChallengeEvent().triggerSource // => "VerifyAuthChallengeResponse_Authentication"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleVerifyAuthChallengeEvent = (): typeof VerifyAuthChallengeEvent.Encoded =>
  userPoolSamples.sampleVerifyAuthChallengeEvent()

/**
 * {@link CustomEmailSenderEvent} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Cognito from "effect-lambda-runtime/events/Cognito"
 *
 * Cognito.sampleCustomEmailSenderEvent().triggerSource // => "CustomEmailSender_SignUp"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleCustomEmailSenderEvent = (): typeof CustomEmailSenderEvent.Encoded =>
  userPoolSamples.sampleCustomEmailSenderEvent()

/**
 * {@link CustomSmsSenderEvent} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Cognito from "effect-lambda-runtime/events/Cognito"
 *
 * Cognito.sampleCustomSmsSenderEvent().triggerSource // => "CustomSMSSender_SignUp"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleCustomSmsSenderEvent = (): typeof CustomSmsSenderEvent.Encoded =>
  userPoolSamples.sampleCustomSmsSenderEvent()

/**
 * {@link InboundFederationEvent} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Cognito from "effect-lambda-runtime/events/Cognito"
 *
 * Cognito.sampleInboundFederationEvent().triggerSource // => "InboundFederation_ExternalProvider"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleInboundFederationEvent = (): typeof InboundFederationEvent.Encoded =>
  userPoolSamples.sampleInboundFederationEvent()
