/**
 * The execution role of a new function: it may write logs.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
 */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Aws from "./Aws.ts"
import type { DeployError } from "./DeployError.ts"
import type { Step } from "./plan.ts"

const nameOf = (functionName: string) => `${functionName}-role`

const policy = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"

const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }]
})

const find = Effect.fnUntraced(function*(functionName: string) {
  const aws = yield* Aws.Aws
  const found = yield* Aws.orUndefined(
    aws.iam((client, sdk) => client.send(new sdk.GetRoleCommand({ RoleName: nameOf(functionName) })))
  )
  return found?.Role
})

export const plan = Effect.fnUntraced(function*(
  functionName: string
): Effect.fn.Return<{ readonly steps: ReadonlyArray<Step> }, DeployError, Aws.Aws> {
  if ((yield* find(functionName)) !== undefined) return { steps: [] }
  const RoleName = nameOf(functionName)
  const run = Effect.gen(function*() {
    const aws = yield* Aws.Aws
    yield* aws.iam((client, sdk) =>
      client.send(
        new sdk.CreateRoleCommand({
          RoleName,
          AssumeRolePolicyDocument: trust,
          Description: `Execution role of the Lambda function ${functionName}`
        })
      )
    )
    yield* aws.iam((client, sdk) => client.send(new sdk.AttachRolePolicyCommand({ RoleName, PolicyArn: policy })))
  })
  return { steps: [{ title: `create the role ${RoleName}, which may write logs`, run }] }
})

export const arn = Effect.fnUntraced(function*(functionName: string): Effect.fn.Return<string, DeployError, Aws.Aws> {
  return (yield* find(functionName))?.Arn ?? nameOf(functionName)
})

/** A role is there for Lambda some seconds after it has been created. */
export const whenItCanBeAssumed = <A>(request: Effect.Effect<A, DeployError>): Effect.Effect<A, DeployError> =>
  Effect.retry(request, {
    while: ({ reason }) =>
      reason._tag === "AwsFailure" && reason.type === "InvalidParameterValueException" &&
      reason.description.includes("cannot be assumed"),
    schedule: Schedule.spaced("2 seconds"),
    times: 15
  })
