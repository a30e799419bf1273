import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Schema from "effect/Schema"
import * as Cognito from "../../src/events/Cognito.ts"
import * as Handler from "../../src/Handler.ts"
import * as Lambda from "../../src/Lambda.ts"
import * as LambdaTest from "../../src/LambdaTest.ts"
import { decode, encode, misfits } from "./codec.ts"

const signUp = Handler.make(
  { event: Cognito.PreSignUpEvent, result: Cognito.PreSignUpEvent },
  (event) => Effect.succeed(Cognito.respond(event, { autoConfirmUser: true }))
)

describe("Cognito", () => {
  it.effect("answers the event with the response filled in, and with what it does not know of it", () =>
    Effect.gen(function*() {
      const { invoke } = yield* LambdaTest.LambdaTest
      const event = Cognito.samplePreSignUpEvent()
      const unknown = {
        ...event,
        riskScore: 3,
        callerContext: { ...event.callerContext, tenant: null },
        request: { ...event.request, device: { trusted: [true] } },
        response: { ...event.response, quarantine: "no" }
      }
      assert.deepStrictEqual(yield* invoke(unknown), {
        ...unknown,
        response: { ...unknown.response, autoConfirmUser: true }
      })
    }).pipe(Effect.provide(LambdaTest.layer(Lambda.serve(signUp)))))

  it.effect.each(["PreSignUp_SignUp", "PreSignUp_AdminCreateUser", "PreSignUp_ExternalProvider", "PreSignUp_New"])(
    "reads the source %s",
    (triggerSource) =>
      Effect.gen(function*() {
        const event = yield* decode(Cognito.PreSignUpEvent)({ ...Cognito.samplePreSignUpEvent(), triggerSource })
        assert.strictEqual(event.triggerSource, triggerSource)
      })
  )

  it.effect.each(["PostConfirmation_ConfirmSignUp", "PostConfirmation_ConfirmForgotPassword"])(
    "reads the source %s",
    (triggerSource) =>
      Effect.gen(function*() {
        const json = { ...Cognito.samplePostConfirmationEvent(), triggerSource }
        assert.strictEqual((yield* decode(Cognito.PostConfirmationEvent)(json)).triggerSource, triggerSource)
      })
  )

  it.effect.each([
    "CustomEmailSender_SignUp",
    "CustomEmailSender_Authentication",
    "CustomEmailSender_ResendCode",
    "CustomEmailSender_ForgotPassword",
    "CustomEmailSender_UpdateUserAttribute",
    "CustomEmailSender_VerifyUserAttribute",
    "CustomEmailSender_AdminCreateUser",
    "CustomEmailSender_AccountTakeOverNotification"
  ])("reads the source %s, with a code or none", (triggerSource) =>
    Effect.gen(function*() {
      const json = { ...Cognito.sampleCustomEmailSenderEvent(), triggerSource }
      assert.strictEqual((yield* decode(Cognito.CustomEmailSenderEvent)(json)).triggerSource, triggerSource)
      const { request } = yield* decode(Cognito.CustomEmailSenderEvent)({
        ...json,
        request: { ...json.request, code: null }
      })
      assert.isNull(request.code)
    }))

  it.effect.each([
    "CustomSMSSender_SignUp",
    "CustomSMSSender_Authentication",
    "CustomSMSSender_ResendCode",
    "CustomSMSSender_ForgotPassword",
    "CustomSMSSender_UpdateUserAttribute",
    "CustomSMSSender_VerifyUserAttribute",
    "CustomSMSSender_AdminCreateUser"
  ])("reads the source %s", (triggerSource) =>
    Effect.gen(function*() {
      const json = { ...Cognito.sampleCustomSmsSenderEvent(), triggerSource }
      assert.strictEqual((yield* decode(Cognito.CustomSmsSenderEvent)(json)).triggerSource, triggerSource)
    }))

  it.effect("reads what the program passed to be checked as null, and gives null back", () =>
    Effect.gen(function*() {
      for (
        const { json, schema } of [
          { schema: Cognito.PreSignUpEvent, json: Cognito.samplePreSignUpEvent() },
          { schema: Cognito.PreAuthenticationEvent, json: Cognito.samplePreAuthenticationEvent() }
        ]
      ) {
        const empty = { ...json, request: { ...json.request, validationData: null, clientMetadata: null } }
        const event: unknown = yield* decode<Schema.Codec<unknown, unknown>>(schema)(empty)
        assert.deepStrictEqual(yield* encode<Schema.Codec<unknown, unknown>>(schema)(event), empty)
      }
    }))

  it.effect.each([
    { groupConfiguration: null },
    { groupConfiguration: { groupsToOverride: null, iamRolesToOverride: null, preferredRole: null } },
    { groupConfiguration: { groupsToOverride: [], iamRolesToOverride: [], preferredRole: null } },
    {}
  ])(
    "reads the groups %j of a user who has none, and a response that nobody has filled in",
    (groups) =>
      Effect.gen(function*() {
        for (
          const { json, schema } of [
            {
              schema: Cognito.PreTokenGenerationEvent,
              json: { ...Cognito.samplePreTokenGenerationEvent(), response: { claimsOverrideDetails: null } }
            },
            {
              schema: Cognito.PreTokenGenerationV2Event,
              json: { ...Cognito.samplePreTokenGenerationV2Event(), response: { claimsAndScopeOverrideDetails: null } }
            }
          ]
        ) {
          const empty = { ...json, request: { userAttributes: {}, ...groups } }
          const event: unknown = yield* decode<Schema.Codec<unknown, unknown>>(schema)(empty)
          assert.deepStrictEqual(yield* encode<Schema.Codec<unknown, unknown>>(schema)(event), empty)
        }
      })
  )

  it.effect("refuses the event of another trigger", () =>
    Effect.gen(function*() {
      const event = { ...Cognito.samplePreSignUpEvent(), triggerSource: "PostConfirmation_ConfirmSignUp" }
      assert.deepStrictEqual(yield* misfits(Cognito.PreSignUpEvent)(event), ["triggerSource"])
    }))

  it.effect("hides the password of a user who is to be migrated, and gives it back", () =>
    Effect.gen(function*() {
      const json = Cognito.sampleUserMigrationEvent()
      const event = yield* decode(Cognito.UserMigrationEvent)(json)
      const { password } = event.request
      assert.strictEqual(password == null ? "" : Redacted.value(password), "correct horse")
      assert.notInclude(JSON.stringify(event), "correct horse")
      const response = { userAttributes: { username: "jane" }, finalUserStatus: "CONFIRMED" }
      assert.deepStrictEqual(yield* encode(Cognito.UserMigrationEvent)(Cognito.respond(event, response)), {
        ...json,
        response: { ...json.response, ...response }
      })
    }))

  it.effect("adds claims that are no text to the tokens of a machine", () =>
    Effect.gen(function*() {
      const json = {
        ...Cognito.samplePreTokenGenerationV2Event(),
        version: "3",
        triggerSource: "TokenGeneration_ClientCredentials",
        request: { userAttributes: {}, scopes: ["orders/read"], groupConfiguration: null }
      }
      const event = yield* decode(Cognito.PreTokenGenerationV2Event)(json)
      const response = {
        claimsAndScopeOverrideDetails: {
          accessTokenGeneration: {
            claimsToAddOrOverride: { roles: ["a", { level: 1 }] },
            scopesToAdd: ["orders/write"]
          }
        }
      }
      assert.deepStrictEqual(yield* encode(Cognito.PreTokenGenerationV2Event)(Cognito.respond(event, response)), {
        ...json,
        response
      })
    }))

  it.effect("reads a session that is empty, and one whose challenges have more than is known", () =>
    Effect.gen(function*() {
      const json = Cognito.sampleDefineAuthChallengeEvent()
      const session = [{ challengeName: "SRP_A", challengeResult: true, challengeMetadata: null, risk: "LOW" }]
      const first = yield* decode(Cognito.DefineAuthChallengeEvent)(json)
      assert.deepStrictEqual(first.request.session, [])
      const second = { ...json, request: { ...json.request, session } }
      const event = yield* decode(Cognito.DefineAuthChallengeEvent)(second)
      assert.deepStrictEqual(yield* encode(Cognito.DefineAuthChallengeEvent)(event), second)
    }))

  it.effect("reads the answer for a user who is not there", () =>
    Effect.gen(function*() {
      const { request } = yield* decode(Cognito.VerifyAuthChallengeEvent)({
        ...Cognito.sampleVerifyAuthChallengeEvent(),
        request: { userAttributes: {}, privateChallengeParameters: null, challengeAnswer: "5", userNotFound: true },
        response: {}
      })
      assert.isTrue(request.userNotFound)
      assert.isNull(request.privateChallengeParameters)
    }))

  it.effect("reads attributes of a message as text, also where a sample has truth values", () =>
    Effect.gen(function*() {
      const { request } = yield* decode(Cognito.CustomMessageEvent)({
        ...Cognito.sampleCustomMessageEvent(),
        request: { userAttributes: { email_verified: true, name: "Jane" }, linkParameter: null }
      })
      assert.deepStrictEqual(request.userAttributes, { email_verified: "true", name: "Jane" })
    }))

  it("fills in a response from either side", () => {
    const event = { response: { a: 1, b: 2 } }
    assert.deepStrictEqual(Cognito.respond(event, { b: 3 }), { response: { a: 1, b: 3 } })
    assert.deepStrictEqual(Cognito.respond<typeof event>({ b: 3 })(event), { response: { a: 1, b: 3 } })
  })
})
