/**
 * What Lambda still does after it has answered: a function that is created or updated is not there at once.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
 */
import type { FunctionConfiguration } from "@aws-sdk/client-lambda"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Aws from "./Aws.ts"
import { DeployError, NotSettled } from "./DeployError.ts"

const look = Effect.fnUntraced(function*(FunctionName: string) {
  const aws = yield* Aws.Aws
  return yield* aws.lambda((client, sdk) => client.send(new sdk.GetFunctionConfigurationCommand({ FunctionName })))
})

export const isUnderWay = ({ LastUpdateStatus, State }: FunctionConfiguration) =>
  State === "Pending" || LastUpdateStatus === "InProgress"

const failed = (name: string, problem: string) => new DeployError({ reason: new NotSettled({ name, problem }) })

/** Such a function can only be deleted. */
export const refuseFailed = (
  { State, StateReason, StateReasonCode }: FunctionConfiguration,
  name: string
): Effect.Effect<void, DeployError> =>
  State !== "Failed"
    ? Effect.void
    : Effect.fail(failed(
      name,
      `could not create it: ${StateReason ?? StateReasonCode ?? "it says no more"}: ` +
        `delete it, as with effect-lambda deploy ${name} --delete, and deploy it again`
    ))

/** Until Lambda has created or updated the function. */
export const settled = Effect.fnUntraced(function*(name: string): Effect.fn.Return<void, DeployError, Aws.Aws> {
  const found = yield* Effect.repeat(look(name), { while: isUnderWay, schedule: Schedule.spaced("1 second") }).pipe(
    Effect.timeoutOrElse({
      duration: "5 minutes",
      orElse: () => Effect.fail(failed(name, "is still at it after 5 minutes: the same command waits for it again"))
    })
  )
  yield* refuseFailed(found, name)
  if (found.LastUpdateStatus === "Failed") {
    const { LastUpdateStatusReason, LastUpdateStatusReasonCode } = found
    return yield* failed(
      name,
      `could not update it: ${LastUpdateStatusReason ?? LastUpdateStatusReasonCode ?? "it says no more"}`
    )
  }
})

/** Lambda refuses an update while another is in progress, whoever has asked for that. */
export const whenFree = <A>(request: Effect.Effect<A, DeployError>): Effect.Effect<A, DeployError> =>
  Effect.retry(request, {
    while: ({ reason }) =>
      reason._tag === "AwsFailure" && reason.type === "ResourceConflictException" &&
      reason.description.includes("cannot be performed at this time"),
    schedule: Schedule.spaced("2 seconds"),
    times: 60
  })
