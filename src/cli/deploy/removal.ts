/**
 * What has to be done so that AWS has a function no more.
 */
import * as Effect from "effect/Effect"
import * as Aws from "./Aws.ts"
import type { DeployError } from "./DeployError.ts"
import type { Step } from "./plan.ts"
import * as role from "./role.ts"

export interface Removal {
  /** In the order in which they have to be done; none when there is nothing. */
  readonly steps: ReadonlyArray<Step>
  readonly region: string
}

/** The URL and the policy go with the function; what it has logged stays. */
export const make = Effect.fnUntraced(function*(
  name: string,
  { withRole }: { readonly withRole: boolean }
): Effect.fn.Return<Removal, DeployError, Aws.Aws> {
  const aws = yield* Aws.Aws
  const region = yield* aws.lambda((client) => client.config.region())
  const found = yield* Aws.orUndefined(
    aws.lambda((client, sdk) => client.send(new sdk.GetFunctionConfigurationCommand({ FunctionName: name })))
  )
  const steps: Array<Step> = []
  if (found !== undefined) {
    steps.push({
      title: `delete the function ${name}`,
      run: Effect.asVoid(
        aws.lambda((client, sdk) => client.send(new sdk.DeleteFunctionCommand({ FunctionName: name })))
      )
    })
  }
  return { steps: [...steps, ...withRole ? yield* role.planRemoval(name) : []], region }
})
