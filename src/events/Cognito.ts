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
import { nullish } from "../internal/events/nullish.ts"
import { preserving } from "../internal/events/preserving.ts"
import { StringMap } from "../internal/events/stringMaps.ts"
import { clientMetadata, triggerFields, triggerSource } from "../internal/events/userPoolTrigger.ts"

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
export const PreSignUpEvent = preserving(triggerFields(
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
export const samplePreSignUpEvent = (): typeof PreSignUpEvent.Encoded => ({
  version: "1",
  region: "us-east-1",
  userPoolId: "us-east-1_EXAMPLE",
  userName: "jane",
  callerContext: { awsSdkVersion: "aws-sdk-unknown-unknown", clientId: "1example23456789" },
  triggerSource: "PreSignUp_SignUp",
  request: {
    userAttributes: { email: "jane@example.com" },
    validationData: null,
    clientMetadata: { invitation: "42" }
  },
  response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false }
})
