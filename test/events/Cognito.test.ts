import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Cognito from "../../src/events/Cognito.ts"
import * as Handler from "../../src/Handler.ts"
import * as Lambda from "../../src/Lambda.ts"
import * as LambdaTest from "../../src/LambdaTest.ts"
import { decode, misfits } from "./codec.ts"

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

  it.effect("refuses the event of another trigger", () =>
    Effect.gen(function*() {
      const event = { ...Cognito.samplePreSignUpEvent(), triggerSource: "PostConfirmation_ConfirmSignUp" }
      assert.deepStrictEqual(yield* misfits(Cognito.PreSignUpEvent)(event), ["triggerSource"])
    }))

  it("fills in a response from either side", () => {
    const event = { response: { a: 1, b: 2 } }
    assert.deepStrictEqual(Cognito.respond(event, { b: 3 }), { response: { a: 1, b: 3 } })
    assert.deepStrictEqual(Cognito.respond<typeof event>({ b: 3 })(event), { response: { a: 1, b: 3 } })
  })
})
