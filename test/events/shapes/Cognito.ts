import * as Cognito from "../../../src/events/Cognito.ts"
import type { Shape } from "../shape.ts"

const preSignUp = Cognito.samplePreSignUpEvent()

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
  }
]
