/**
 * The AWS SDK, which is an optional dependency and, for deploying, known to this module only.
 */
import type * as Iam from "@aws-sdk/client-iam"
import type * as Lambda from "@aws-sdk/client-lambda"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as awsProblem from "../awsProblem.ts"
import { AwsFailure, DeployError, SdkMissing } from "./DeployError.ts"

/** Where they are not given, they come from where the AWS CLI has them. */
export interface Options {
  readonly region?: string
  readonly profile?: string
}

export class Aws extends Context.Service<Aws, {
  readonly lambda: <A>(
    use: (client: Lambda.LambdaClient, sdk: typeof Lambda) => Promise<A>
  ) => Effect.Effect<A, DeployError>
  readonly iam: <A>(use: (client: Iam.IAMClient, sdk: typeof Iam) => Promise<A>) => Effect.Effect<A, DeployError>
}>()("effect-lambda-runtime/cli/deploy/Aws") {}

/** A client is made when it is first used: whoever has a role needs no IAM. */
const once = <Sdk, Client extends { readonly destroy: () => void }>(
  name: string,
  load: () => Promise<Sdk>,
  makeClient: (sdk: Sdk) => Client
) =>
  Effect.gen(function*() {
    let client: Client | undefined
    yield* Effect.addFinalizer(() => Effect.sync(() => client?.destroy()))
    const sdk = yield* Effect.cached(Effect.tryPromise({
      try: load,
      catch: () => new DeployError({ reason: new SdkMissing({ package: name }) })
    }))
    return <A>(use: (client: Client, sdk: Sdk) => Promise<A>): Effect.Effect<A, DeployError> =>
      Effect.flatMap(sdk, (sdk) =>
        Effect.tryPromise({
          try: () => use(client ??= makeClient(sdk), sdk),
          catch: (error) => new DeployError({ reason: new AwsFailure(awsProblem.describe(error)) })
        }))
  })

export const layer = (options: Options): Layer.Layer<Aws> =>
  Layer.effect(
    Aws,
    Effect.all({
      lambda: once(
        "@aws-sdk/client-lambda",
        () => import("@aws-sdk/client-lambda"),
        (sdk) => new sdk.LambdaClient(options)
      ),
      iam: once("@aws-sdk/client-iam", () => import("@aws-sdk/client-iam"), (sdk) => new sdk.IAMClient(options))
    })
  )

/** What is not there is no failure. */
export const orUndefined = <A>(request: Effect.Effect<A, DeployError>): Effect.Effect<A | undefined, DeployError> =>
  Effect.catchIf(
    request,
    ({ reason }) => reason._tag === "AwsFailure" && missing.has(reason.type),
    () => Effect.undefined
  )

const missing: ReadonlySet<string> = new Set(["ResourceNotFoundException", "NoSuchEntityException"])
