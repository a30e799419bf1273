import * as Cognito from "../../../src/events/Cognito.ts"
import type { Shape } from "../shape.ts"

const preSignUp = Cognito.samplePreSignUpEvent()

const preToken = Cognito.samplePreTokenGenerationEvent()

const preTokenV2 = Cognito.samplePreTokenGenerationV2Event()

const migration = Cognito.sampleUserMigrationEvent()

const message = Cognito.sampleCustomMessageEvent()

const define = Cognito.sampleDefineAuthChallengeEvent()

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "Cognito.PreSignUpEvent",
    kind: "request",
    schema: Cognito.PreSignUpEvent,
    samples: [
      preSignUp,
      { ...preSignUp, triggerSource: "PreSignUp_AdminCreateUser", response: {} },
      { ...preSignUp, triggerSource: "PreSignUp_ExternalProvider", request: { userAttributes: {} } },
      // Nothing that AWS adds is lost.
      {
        ...preSignUp,
        triggerSource: "PreSignUp_New",
        riskScore: 3,
        request: { ...preSignUp.request, device: { trusted: true } },
        response: { ...preSignUp.response, quarantine: null },
        callerContext: { ...preSignUp.callerContext, tenant: "a" }
      }
    ],
    fixtures: ["cognito:pre-signup"],
    refused: [[{ ...preSignUp, triggerSource: "PostConfirmation_ConfirmSignUp" }, "triggerSource"]]
  },
  {
    name: "Cognito.PostConfirmationEvent",
    kind: "request",
    schema: Cognito.PostConfirmationEvent,
    samples: [
      Cognito.samplePostConfirmationEvent(),
      { ...Cognito.samplePostConfirmationEvent(), triggerSource: "PostConfirmation_ConfirmForgotPassword" }
    ],
    fixtures: ["cognito:post-confirmation"],
    refused: [[{ ...Cognito.samplePostConfirmationEvent(), triggerSource: "PreSignUp_SignUp" }, "triggerSource"]]
  },
  {
    name: "Cognito.PreAuthenticationEvent",
    kind: "request",
    schema: Cognito.PreAuthenticationEvent,
    samples: [Cognito.samplePreAuthenticationEvent(), {
      ...Cognito.samplePreAuthenticationEvent(),
      request: { userAttributes: {}, validationData: { a: "b" }, userNotFound: true, device: 1 }
    }],
    fixtures: ["cognito:pre-authentication"]
  },
  {
    name: "Cognito.PostAuthenticationEvent",
    kind: "request",
    schema: Cognito.PostAuthenticationEvent,
    samples: [Cognito.samplePostAuthenticationEvent(), {
      ...Cognito.samplePostAuthenticationEvent(),
      request: { userAttributes: {} }
    }],
    fixtures: ["cognito:post-authentication"]
  },
  {
    name: "Cognito.PreTokenGenerationEvent",
    kind: "request",
    schema: Cognito.PreTokenGenerationEvent,
    samples: [
      preToken,
      { ...preToken, request: { userAttributes: {}, groupConfiguration: null } },
      {
        ...preToken,
        response: {
          claimsOverrideDetails: {
            claimsToAddOrOverride: { tenant: "a" },
            claimsToSuppress: ["email"],
            groupOverrideDetails: { groupsToOverride: ["a"], iamRolesToOverride: ["b"], preferredRole: "b" },
            new: true
          }
        }
      }
    ],
    fixtures: ["cognito:pre-token-generation-v1"],
    // Its source is a placeholder: `PreTokenGen`.
    exceptFiles: ["go/cognito-event-userpools-pretokengen.json"]
  },
  {
    name: "Cognito.PreTokenGenerationV2Event",
    kind: "request",
    schema: Cognito.PreTokenGenerationV2Event,
    samples: [
      preTokenV2,
      {
        ...preTokenV2,
        version: "3",
        triggerSource: "TokenGeneration_ClientCredentials",
        request: { userAttributes: {}, scopes: [], groupConfiguration: null }
      },
      {
        ...preTokenV2,
        response: {
          claimsAndScopeOverrideDetails: {
            idTokenGeneration: { claimsToAddOrOverride: { roles: ["a", { b: [1, null] }] }, claimsToSuppress: [] },
            accessTokenGeneration: { scopesToAdd: ["a"], scopesToSuppress: ["b"], new: 1 },
            groupOverrideDetails: null
          }
        }
      }
    ],
    fixtures: ["cognito:pre-token-generation-v2"]
  },
  {
    name: "Cognito.UserMigrationEvent",
    kind: "request",
    schema: Cognito.UserMigrationEvent,
    samples: [
      migration,
      { ...migration, triggerSource: "UserMigration_ForgotPassword", request: { clientMetadata: {} } },
      {
        ...migration,
        response: {
          userAttributes: { username: "jane" },
          finalUserStatus: "CONFIRMED",
          messageAction: "SUPPRESS",
          desiredDeliveryMediums: ["EMAIL"],
          forceAliasCreation: false,
          enableSMSMFA: true
        }
      }
    ],
    fixtures: ["cognito:user-migration"],
    refused: [[{ ...migration, request: { password: 1 } }, "request.password"]]
  },
  {
    name: "Cognito.CustomMessageEvent",
    kind: "request",
    schema: Cognito.CustomMessageEvent,
    samples: [
      message,
      { ...message, request: { userAttributes: { email_verified: true, phone_number_verified: false } } }
    ],
    fixtures: ["cognito:custom-message"],
    normalised: [
      "request.userAttributes.email_verified: false -> \"false\"",
      "request.userAttributes.email_verified: true -> \"true\"",
      "request.userAttributes.phone_number_verified: false -> \"false\"",
      "request.userAttributes.phone_number_verified: true -> \"true\""
    ]
  },
  {
    name: "Cognito.DefineAuthChallengeEvent",
    kind: "request",
    schema: Cognito.DefineAuthChallengeEvent,
    samples: [define, {
      ...define,
      request: { ...define.request, session: [{ challengeName: "SRP_A", challengeResult: true, new: 1 }] },
      response: { challengeName: "CUSTOM_CHALLENGE", issueTokens: false, failAuthentication: false }
    }],
    fixtures: ["cognito:define-auth-challenge"],
    refused: [[
      { ...define, request: { session: [{ challengeName: "SRP_A", challengeResult: "true" }] } },
      "request.session[0].challengeResult"
    ]]
  },
  {
    name: "Cognito.CreateAuthChallengeEvent",
    kind: "request",
    schema: Cognito.CreateAuthChallengeEvent,
    samples: [Cognito.sampleCreateAuthChallengeEvent(), { ...Cognito.sampleCreateAuthChallengeEvent(), response: {} }],
    fixtures: ["cognito:create-auth-challenge"]
  },
  {
    name: "Cognito.VerifyAuthChallengeEvent",
    kind: "request",
    schema: Cognito.VerifyAuthChallengeEvent,
    samples: [Cognito.sampleVerifyAuthChallengeEvent(), {
      ...Cognito.sampleVerifyAuthChallengeEvent(),
      request: { userAttributes: {}, privateChallengeParameters: null, challengeAnswer: "a", userNotFound: true },
      response: {}
    }],
    fixtures: ["cognito:verify-auth-challenge"]
  },
  {
    name: "Cognito.CustomEmailSenderEvent",
    kind: "request",
    schema: Cognito.CustomEmailSenderEvent,
    samples: [
      Cognito.sampleCustomEmailSenderEvent(),
      {
        ...Cognito.sampleCustomEmailSenderEvent(),
        triggerSource: "CustomEmailSender_AccountTakeOverNotification",
        request: { code: null, device: 1 },
        response: {}
      }
    ],
    refused: [[Cognito.sampleCustomSmsSenderEvent(), "triggerSource"]]
  },
  {
    name: "Cognito.CustomSmsSenderEvent",
    kind: "request",
    schema: Cognito.CustomSmsSenderEvent,
    samples: [
      Cognito.sampleCustomSmsSenderEvent(),
      { ...Cognito.sampleCustomSmsSenderEvent(), triggerSource: "CustomSMSSender_ForgotPassword", response: null }
    ],
    refused: [[Cognito.sampleCustomEmailSenderEvent(), "triggerSource"]]
  },
  {
    name: "Cognito.InboundFederationEvent",
    kind: "request",
    schema: Cognito.InboundFederationEvent,
    samples: [
      Cognito.sampleInboundFederationEvent(),
      {
        ...Cognito.sampleInboundFederationEvent(),
        request: { providerType: "SAML", attributes: { samlResponse: { groups: ["a"] }, new: {} } },
        response: {}
      }
    ],
    fixtures: ["cognito:inbound-federation"]
  }
]
