/** Events of the Lambda triggers of a Cognito user pool, as Lambda delivers them. */

const sampleAttributes = () => ({
  sub: "a36036a8-9061-424d-a737-56d57dae7bc6",
  email: "jane@example.com",
  email_verified: "true"
})

const sampleGroups = () => ({ groupsToOverride: [], iamRolesToOverride: [], preferredRole: null })

const sampleTrigger = () => ({
  version: "1",
  region: "us-east-1",
  userPoolId: "us-east-1_EXAMPLE",
  userName: "jane",
  callerContext: { awsSdkVersion: "aws-sdk-unknown-unknown", clientId: "1example23456789" }
})

export const samplePreSignUpEvent = () => ({
  ...sampleTrigger(),
  triggerSource: "PreSignUp_SignUp",
  request: {
    userAttributes: { email: "jane@example.com" },
    validationData: null,
    clientMetadata: { invitation: "42" }
  },
  response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false }
})

export const samplePostConfirmationEvent = () => ({
  ...sampleTrigger(),
  triggerSource: "PostConfirmation_ConfirmSignUp",
  request: { userAttributes: sampleAttributes() },
  response: {}
})

export const samplePreAuthenticationEvent = () => ({
  ...sampleTrigger(),
  triggerSource: "PreAuthentication_Authentication",
  request: { userAttributes: sampleAttributes(), validationData: null, userNotFound: false },
  response: {}
})

export const samplePostAuthenticationEvent = () => ({
  ...sampleTrigger(),
  triggerSource: "PostAuthentication_Authentication",
  request: { userAttributes: sampleAttributes(), newDeviceUsed: false },
  response: {}
})

export const samplePreTokenGenerationEvent = () => ({
  ...sampleTrigger(),
  triggerSource: "TokenGeneration_HostedAuth",
  request: { userAttributes: sampleAttributes(), groupConfiguration: sampleGroups() },
  response: { claimsOverrideDetails: null }
})

export const samplePreTokenGenerationV2Event = () => ({
  ...sampleTrigger(),
  version: "2",
  triggerSource: "TokenGeneration_Authentication",
  request: {
    userAttributes: sampleAttributes(),
    scopes: ["aws.cognito.signin.user.admin"],
    groupConfiguration: sampleGroups()
  },
  response: { claimsAndScopeOverrideDetails: null }
})

export const sampleUserMigrationEvent = () => ({
  ...sampleTrigger(),
  triggerSource: "UserMigration_Authentication",
  request: { password: "correct horse", validationData: null, clientMetadata: null },
  response: {
    userAttributes: null,
    forceAliasCreation: null,
    enableSMSMFA: null,
    finalUserStatus: null,
    messageAction: null,
    desiredDeliveryMediums: null
  }
})

export const sampleCustomMessageEvent = () => ({
  ...sampleTrigger(),
  triggerSource: "CustomMessage_SignUp",
  request: {
    userAttributes: sampleAttributes(),
    codeParameter: "{####}",
    linkParameter: "{##Click Here##}",
    usernameParameter: null
  },
  response: { smsMessage: null, emailMessage: null, emailSubject: null }
})

export const sampleDefineAuthChallengeEvent = () => ({
  ...sampleTrigger(),
  triggerSource: "DefineAuthChallenge_Authentication",
  request: { userAttributes: sampleAttributes(), session: [] },
  response: { challengeName: null, issueTokens: null, failAuthentication: null }
})

export const sampleCreateAuthChallengeEvent = () => ({
  ...sampleTrigger(),
  triggerSource: "CreateAuthChallenge_Authentication",
  request: {
    userAttributes: sampleAttributes(),
    challengeName: "CUSTOM_CHALLENGE",
    session: [{ challengeName: "SRP_A", challengeResult: true, challengeMetadata: null }]
  },
  response: { publicChallengeParameters: null, privateChallengeParameters: null, challengeMetadata: null }
})

export const sampleVerifyAuthChallengeEvent = () => ({
  ...sampleTrigger(),
  triggerSource: "VerifyAuthChallengeResponse_Authentication",
  request: {
    userAttributes: sampleAttributes(),
    privateChallengeParameters: { answer: "5" },
    challengeAnswer: "5"
  },
  response: { answerCorrect: null }
})

export const sampleCustomEmailSenderEvent = () => ({
  ...sampleTrigger(),
  triggerSource: "CustomEmailSender_SignUp",
  request: {
    type: "customEmailSenderRequestV1",
    code: "AYADeG0zEXAMPLE",
    userAttributes: sampleAttributes(),
    clientMetadata: null
  }
})

export const sampleCustomSmsSenderEvent = () => ({
  ...sampleTrigger(),
  triggerSource: "CustomSMSSender_SignUp",
  request: {
    type: "customSMSSenderRequestV1",
    code: "AYADeG0zEXAMPLE",
    userAttributes: sampleAttributes(),
    clientMetadata: null
  }
})

export const sampleInboundFederationEvent = () => ({
  ...sampleTrigger(),
  triggerSource: "InboundFederation_ExternalProvider",
  request: {
    providerName: "Company",
    providerType: "OIDC",
    attributes: {
      tokenResponse: { token_type: "Bearer", expires_in: 3600 },
      idToken: { sub: "jane", email: "jane@example.com" },
      userInfo: { email: "jane@example.com", email_verified: true }
    }
  },
  response: { userAttributesToMap: {} }
})
