/**
 * What has to be done so that AWS has a function as it was built: found out by reading, and done only when it is run.
 */
import type { FunctionConfiguration } from "@aws-sdk/client-lambda"
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import * as Hex from "effect/encoding/Hex"
import * as Result from "effect/Result"
import * as Aws from "./Aws.ts"
import * as builtFunction from "./builtFunction.ts"
import { DeployError, ImageBuilt, ImageDeployed, TooLarge, VariablesUnreadable } from "./DeployError.ts"
import * as functionUrl from "./functionUrl.ts"
import * as role from "./role.ts"
import * as settlement from "./settlement.ts"

export interface Wanted {
  readonly built: builtFunction.BuiltFunction
  /** An ARN; without it, a new function gets a role of its own. */
  readonly role: string | undefined
  /** MB. */
  readonly memorySize: number | undefined
  /** Seconds. */
  readonly timeout: number | undefined
  /** Added to what the function has, or in place of it. */
  readonly environment: Readonly<Record<string, string>>
  /** Variables that the function is not to have. */
  readonly withoutEnvironment: ReadonlyArray<string>
  readonly url: functionUrl.Authorization | undefined
}

/** One request, or some that belong together. */
export interface Step {
  /** As in `create the function orders`. */
  readonly title: string
  readonly run: Effect.Effect<void, DeployError, Aws.Aws>
}

export interface Plan {
  /** In the order in which they have to be done; none when all is as it should be. */
  readonly steps: ReadonlyArray<Step>
  readonly region: string
  /** What there will be in the end. */
  readonly outcome: Effect.Effect<Outcome, DeployError, Aws.Aws>
}

export interface Outcome {
  readonly functionArn: string
  readonly url: string | undefined
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const maxZipSize = 52_428_800

export const make = Effect.fnUntraced(function*(wanted: Wanted): Effect.fn.Return<Plan, DeployError, Aws.Aws> {
  const { built: { manifest: { name, target, zip: { size } }, zipFile } } = wanted
  if (target === "image") return yield* new DeployError({ reason: new ImageBuilt({ name }) })
  if (size > maxZipSize) return yield* new DeployError({ reason: new TooLarge({ zip: zipFile, size }) })
  const aws = yield* Aws.Aws
  const found = yield* Aws.orUndefined(
    aws.lambda((client, sdk) => client.send(new sdk.GetFunctionConfigurationCommand({ FunctionName: name })))
  )
  const region = yield* aws.lambda((client) => client.config.region())
  const steps = found === undefined ? yield* create(wanted) : yield* update(wanted, found)
  const urlSteps = wanted.url === undefined ? [] : yield* functionUrl.plan(name, wanted.url, found !== undefined)
  return { steps: [...steps, ...urlSteps], region, outcome: outcome(name) }
})

const outcome = Effect.fnUntraced(function*(name: string): Effect.fn.Return<Outcome, DeployError, Aws.Aws> {
  const aws = yield* Aws.Aws
  const { FunctionArn = name } = yield* aws.lambda((client, sdk) =>
    client.send(new sdk.GetFunctionConfigurationCommand({ FunctionName: name }))
  )
  return { functionArn: FunctionArn, url: (yield* functionUrl.find(name))?.FunctionUrl }
})

const settings = ({ built: { manifest }, memorySize, timeout }: Wanted) => ({
  FunctionName: manifest.name,
  Runtime: builtFunction.runtime(manifest),
  Handler: builtFunction.handler(manifest),
  ...memorySize !== undefined && { MemorySize: memorySize },
  ...timeout !== undefined && { Timeout: timeout }
})

/** Those of the bootstrap are always there. */
const variablesOf = (
  { built: { manifest }, environment, withoutEnvironment }: Wanted,
  found: Readonly<Record<string, string>>
): Readonly<Record<string, string>> => {
  const kept = Object.entries(builtFunction.withoutForeign(manifest, found))
    .filter(([name]) => !withoutEnvironment.includes(name))
  return { ...Object.fromEntries(kept), ...builtFunction.variables(manifest), ...environment }
}

const create = Effect.fnUntraced(
  function*(wanted: Wanted): Effect.fn.Return<ReadonlyArray<Step>, DeployError, Aws.Aws> {
    const { built: { manifest, zip }, memorySize, timeout } = wanted
    const aws = yield* Aws.Aws
    const ownRole = wanted.role === undefined ? yield* role.plan(manifest.name) : undefined
    const architecture = builtFunction.architecture(manifest)
    const variables = variablesOf(wanted, {})
    const described = [
      builtFunction.runtime(manifest),
      architecture,
      // https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
      `${memorySize ?? 128} MB`,
      `${timeout ?? 3} s`,
      ...changedVariables({}, variables)
    ]
    const request = Effect.flatMap(
      ownRole?.arn ?? Effect.succeed(wanted.role),
      (Role) =>
        role.whenItCanBeAssumed(aws.lambda((client, sdk) =>
          client.send(
            new sdk.CreateFunctionCommand({
              ...settings(wanted),
              Role,
              Architectures: [architecture],
              Environment: { Variables: variables },
              Code: { ZipFile: zip }
            })
          )
        ))
    )
    return [
      ...ownRole?.steps ?? [],
      {
        title: `create the function ${manifest.name}: ${described.join(", ")}`,
        run: Effect.andThen(request, settlement.settled(manifest.name))
      }
    ]
  }
)

const update = Effect.fnUntraced(function*(
  wanted: Wanted,
  found: FunctionConfiguration
): Effect.fn.Return<ReadonlyArray<Step>, DeployError, Aws.Aws> {
  const { built: { manifest, zip } } = wanted
  const { name } = manifest
  yield* settlement.refuseFailed(found, name)
  if (found.PackageType === "Image") return yield* new DeployError({ reason: new ImageDeployed({ name }) })
  if (found.Environment?.Error !== undefined) {
    const { ErrorCode, Message } = found.Environment.Error
    const problem = Message ?? ErrorCode ?? "AWS does not say why"
    return yield* new DeployError({ reason: new VariablesUnreadable({ name, problem }) })
  }
  const aws = yield* Aws.Aws
  const steps: Array<Step> = []
  // A deployment may have been interrupted, and what it had asked for may fail yet.
  if (settlement.isUnderWay(found)) {
    steps.push({ title: `wait for what Lambda does with ${name} already`, run: settlement.settled(name) })
  }
  const architecture = builtFunction.architecture(manifest)
  const sameArchitecture = (found.Architectures ?? ["x86_64"]).includes(architecture)
  const whenUpdated = (request: Effect.Effect<unknown, DeployError>) =>
    Effect.andThen(settlement.whenFree(request), settlement.settled(name))

  const hasFailed = found.LastUpdateStatus === "Failed"
  if (found.CodeSha256 !== base64(manifest.zip.sha256) || !sameArchitecture || hasFailed) {
    steps.push({
      title: `update the code of ${name}${sameArchitecture ? "" : ` to ${architecture}`}`,
      run: whenUpdated(aws.lambda((client, sdk) =>
        client.send(
          new sdk.UpdateFunctionCodeCommand({ FunctionName: name, ZipFile: zip, Architectures: [architecture] })
        )
      ))
    })
  }
  const variables = variablesOf(wanted, found.Environment?.Variables ?? {})
  const variableChanges = changedVariables(found.Environment?.Variables ?? {}, variables)
  const changes = [
    ...changed("runtime", found.Runtime, builtFunction.runtime(manifest)),
    ...changed("handler", found.Handler, builtFunction.handler(manifest)),
    ...changed("memory", found.MemorySize, wanted.memorySize),
    ...changed("timeout", found.Timeout, wanted.timeout),
    ...changed("role", found.Role, wanted.role),
    ...variableChanges
  ]
  if (changes.length > 0) {
    steps.push({
      title: `update the configuration of ${name}: ${changes.join(", ")}`,
      run: whenUpdated(role.whenItCanBeAssumed(aws.lambda((client, sdk) =>
        client.send(
          new sdk.UpdateFunctionConfigurationCommand({
            ...settings(wanted),
            ...wanted.role !== undefined && { Role: wanted.role },
            // All of them are replaced: where none changes, somebody else may be changing one.
            ...variableChanges.length > 0 && { Environment: { Variables: variables } }
          })
        )
      )))
    })
  }
  return steps
})

/** Lambda has the hash of the code in base64. */
const base64 = (hex: string): string => Base64.encode(Result.getOrThrow(Hex.decode(hex)))

const changed = (name: string, from: string | number | undefined, to: string | number | undefined) =>
  to === undefined || from === to ? [] : [`${name} ${from ?? "none"} → ${to}`]

/** Values may be secrets. */
const changedVariables = (from: Readonly<Record<string, string>>, to: Readonly<Record<string, string>>) => {
  const names = Object.keys({ ...from, ...to }).filter((name) => from[name] !== to[name]).toSorted()
  return names.length === 0 ? [] : [`variables ${names.join(" ")}`]
}
