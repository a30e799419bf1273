/**
 * The URL of a function.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
 */
import * as Effect from "effect/Effect"
import * as Aws from "./Aws.ts"
import type { DeployError } from "./DeployError.ts"
import type { Step } from "./plan.ts"

export interface Authorization {
  /** `none` lets everybody in. */
  readonly type: "none" | "iam"
  /** Whether the answer is sent as it is made. */
  readonly streaming: boolean
}

export const find = Effect.fnUntraced(function*(FunctionName: string) {
  const aws = yield* Aws.Aws
  return yield* Aws.orUndefined(
    aws.lambda((client, sdk) => client.send(new sdk.GetFunctionUrlConfigCommand({ FunctionName })))
  )
})

export const plan = Effect.fnUntraced(function*(
  FunctionName: string,
  { streaming, type }: Authorization,
  functionExists: boolean
): Effect.fn.Return<ReadonlyArray<Step>, DeployError, Aws.Aws> {
  const found = functionExists ? yield* find(FunctionName) : undefined
  const config = {
    FunctionName,
    AuthType: type === "none" ? "NONE" : "AWS_IAM",
    InvokeMode: streaming ? "RESPONSE_STREAM" : "BUFFERED"
  } as const
  const steps: Array<Step> = []
  const whom = type === "none" ? "for everybody" : "for who may by IAM"
  if (found === undefined) {
    steps.push({
      title: `create a function URL ${whom}`,
      run: Effect.flatMap(
        Aws.Aws,
        (aws) => Effect.asVoid(aws.lambda((client, sdk) => client.send(new sdk.CreateFunctionUrlConfigCommand(config))))
      )
    })
  } else if (found.AuthType !== config.AuthType || (found.InvokeMode ?? "BUFFERED") !== config.InvokeMode) {
    steps.push({
      title: `update the function URL ${whom}, ${config.InvokeMode}`,
      run: Effect.flatMap(
        Aws.Aws,
        (aws) => Effect.asVoid(aws.lambda((client, sdk) => client.send(new sdk.UpdateFunctionUrlConfigCommand(config))))
      )
    })
  }
  if (type === "none" && found?.AuthType !== "NONE") {
    steps.push({ title: "let everybody invoke the function through its URL", run: permitEverybody(FunctionName) })
  }
  return steps
})

/** Both are needed. One that is there already is as it should be. */
const permitEverybody = Effect.fnUntraced(function*(FunctionName: string) {
  const aws = yield* Aws.Aws
  const permissions = [
    { StatementId: "FunctionURLAllowPublicAccess", Action: "lambda:InvokeFunctionUrl", FunctionUrlAuthType: "NONE" },
    { StatementId: "FunctionURLAllowInvokeAction", Action: "lambda:InvokeFunction", InvokedViaFunctionUrl: true }
  ] as const
  yield* Effect.forEach(
    permissions,
    (permission) =>
      aws.lambda((client, sdk) =>
        client.send(new sdk.AddPermissionCommand({ FunctionName, Principal: "*", ...permission }))
      ).pipe(
        Effect.asVoid,
        Effect.catchIf(
          ({ reason }) => reason._tag === "AwsFailure" && reason.type === "ResourceConflictException",
          () => Effect.void
        )
      ),
    { discard: true }
  )
})
