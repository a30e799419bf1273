/**
 * The execution role of a new function: it may write logs.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
 */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Aws from "./Aws.ts"
import { DeployError, ForeignRole } from "./DeployError.ts"
import type { Step } from "./plan.ts"

/** A role's name has 64 characters at most, as a function's has. */
const nameOf = (functionName: string) => `${functionName.slice(0, 59)}-role`

const service = "lambda.amazonaws.com"

const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }]
})

/** China and GovCloud have partitions of their own. */
const policyFor = (roleArn: string) =>
  `arn:${roleArn.split(":")[1] ?? "aws"}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole`

/** Of a role that has been made here. */
const descriptionOf = (functionName: string) => `Execution role of the Lambda function ${functionName}`

export interface RolePlan {
  readonly steps: ReadonlyArray<Step>
  /** Once the steps have been run. */
  readonly arn: Effect.Effect<string, DeployError, Aws.Aws>
}

const find = Effect.fnUntraced(function*(RoleName: string) {
  const aws = yield* Aws.Aws
  const found = yield* Aws.orUndefined(
    aws.iam((client, sdk) => client.send(new sdk.GetRoleCommand({ RoleName })))
  )
  return found?.Role
})

export const plan = Effect.fnUntraced(
  function*(functionName: string): Effect.fn.Return<RolePlan, DeployError, Aws.Aws> {
    const RoleName = nameOf(functionName)
    const aws = yield* Aws.Aws
    const found = yield* find(RoleName)
    const arn = found?.Arn
    const trusted = found?.AssumeRolePolicyDocument
    if (trusted !== undefined && !decodeURIComponent(trusted).includes(service)) {
      return yield* new DeployError({ reason: new ForeignRole({ role: RoleName }) })
    }
    // What has just been created may not be found yet: its ARN is in the answer.
    const ensured = yield* Effect.cached(Effect.gen(function*() {
      const Arn = arn ?? (yield* aws.iam((client, sdk) =>
        client.send(
          new sdk.CreateRoleCommand({
            RoleName,
            AssumeRolePolicyDocument: trust,
            Description: descriptionOf(functionName)
          })
        )
      )).Role?.Arn ?? RoleName
      // It is no failure to attach it twice, and a deployment may have ended before it came to this.
      yield* aws.iam((client, sdk) =>
        client.send(new sdk.AttachRolePolicyCommand({ RoleName, PolicyArn: policyFor(Arn) }))
      )
      return Arn
    }))
    const title = arn === undefined
      ? `create the role ${RoleName}, which may write logs`
      : `let the role ${RoleName} write logs`
    return { steps: [{ title, run: Effect.asVoid(ensured) }], arn: ensured }
  }
)

/** Somebody else's role stays. */
export const planRemoval = Effect.fnUntraced(
  function*(functionName: string): Effect.fn.Return<ReadonlyArray<Step>, DeployError, Aws.Aws> {
    const RoleName = nameOf(functionName)
    const aws = yield* Aws.Aws
    const found = yield* find(RoleName)
    if (found?.Description !== descriptionOf(functionName)) return []
    const PolicyArn = policyFor(found.Arn ?? "")
    const run = Effect.andThen(
      Aws.orUndefined(
        aws.iam((client, sdk) => client.send(new sdk.DetachRolePolicyCommand({ RoleName, PolicyArn })))
      ),
      aws.iam((client, sdk) => client.send(new sdk.DeleteRoleCommand({ RoleName })))
    )
    return [{ title: `delete the role ${RoleName}`, run: Effect.asVoid(run) }]
  }
)

/** A role is there for Lambda some seconds after it has been created. */
export const whenItCanBeAssumed = <A>(request: Effect.Effect<A, DeployError>): Effect.Effect<A, DeployError> =>
  Effect.retry(request, {
    while: ({ reason }) =>
      reason._tag === "AwsFailure" && reason.type === "InvalidParameterValueException" &&
      reason.description.includes("cannot be assumed"),
    schedule: Schedule.spaced("2 seconds"),
    times: 15
  })
