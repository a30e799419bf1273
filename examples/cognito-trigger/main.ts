import * as Cognito from "effect-lambda-runtime/events/Cognito"
import * as Handler from "effect-lambda-runtime/Handler"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

class Company extends Context.Service<Company, {
  readonly employs: (email: string) => boolean
}>()("Company") {
  /** Those with an address of `COMPANY_DOMAIN`. */
  static readonly layer = Layer.effect(
    Company,
    Effect.map(Config.withDefault(Config.String("COMPANY_DOMAIN"), "example.com"), (domain) => ({
      employs: (email) => email.endsWith(`@${domain}`)
    }))
  )
}

const signUp = Handler.make(
  { event: Cognito.PreSignUpEvent, result: Cognito.PreSignUpEvent },
  Effect.fnUntraced(function*(event) {
    const { employs } = yield* Company
    const isEmployee = employs(event.request.userAttributes?.["email"] ?? "")
    yield* Effect.log(`${event.userName} is ${isEmployee ? "one of us" : "to be confirmed"}`)
    return Cognito.respond(event, { autoConfirmUser: isEmployee, autoVerifyEmail: isEmployee })
  })
)

NodeLambda.runMain(Lambda.serve(signUp).pipe(Layer.provide(Company.layer)))
