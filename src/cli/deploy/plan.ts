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
import { DeployError, ImageBuilt, TooLarge } from "./DeployError.ts"
import * as functionUrl from "./functionUrl.ts"
import * as role from "./role.ts"

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
  const steps = found === undefined ? yield* create(wanted) : update(wanted, found)
  const urlSteps = wanted.url === undefined ? [] : yield* functionUrl.plan(name, wanted.url, found !== undefined)
  return { steps: [...steps, ...urlSteps], outcome: outcome(name) }
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

const create = Effect.fnUntraced(
  function*(wanted: Wanted): Effect.fn.Return<ReadonlyArray<Step>, DeployError, Aws.Aws> {
    const { built: { manifest, zip } } = wanted
    const ownRole = wanted.role === undefined ? yield* role.plan(manifest.name) : undefined
    return [
      ...ownRole?.steps ?? [],
      {
        title: `create the function ${manifest.name}`,
        run: Effect.gen(function*() {
          const aws = yield* Aws.Aws
          const Role = wanted.role ?? (yield* role.arn(manifest.name))
          yield* role.whenItCanBeAssumed(aws.lambda((client, sdk) =>
            client.send(
              new sdk.CreateFunctionCommand({
                ...settings(wanted),
                Role,
                Architectures: [builtFunction.architecture(manifest)],
                Environment: { Variables: { ...builtFunction.variables(manifest), ...wanted.environment } },
                Code: { ZipFile: zip }
              })
            )
          ))
          yield* aws.lambda((client, sdk) =>
            sdk.waitUntilFunctionActiveV2({ client, ...patience }, { FunctionName: manifest.name })
          )
        })
      }
    ]
  }
)

/** Seconds. */
const patience = { maxWaitTime: 300, minDelay: 1, maxDelay: 5 }

const update = (wanted: Wanted, found: FunctionConfiguration): ReadonlyArray<Step> => {
  const { built: { manifest, zip } } = wanted
  const { name } = manifest
  const steps: Array<Step> = []
  const architecture = builtFunction.architecture(manifest)
  const sameArchitecture = (found.Architectures ?? ["x86_64"]).includes(architecture)
  const whenUpdated = (request: Effect.Effect<unknown, DeployError>) =>
    Effect.gen(function*() {
      const aws = yield* Aws.Aws
      yield* request
      yield* aws.lambda((client, sdk) =>
        sdk.waitUntilFunctionUpdatedV2({ client, ...patience }, { FunctionName: name })
      )
    })

  if (found.CodeSha256 !== base64(manifest.zip.sha256) || !sameArchitecture) {
    steps.push({
      title: `update the code of ${name}${sameArchitecture ? "" : ` to ${architecture}`}`,
      run: Effect.flatMap(Aws.Aws, (aws) =>
        whenUpdated(aws.lambda((client, sdk) =>
          client.send(
            new sdk.UpdateFunctionCodeCommand({ FunctionName: name, ZipFile: zip, Architectures: [architecture] })
          )
        )))
    })
  }
  const kept = builtFunction.withoutForeign(manifest, found.Environment?.Variables ?? {})
  const variables = { ...kept, ...builtFunction.variables(manifest), ...wanted.environment }
  const changes = [
    ...changed("runtime", found.Runtime, builtFunction.runtime(manifest)),
    ...changed("handler", found.Handler, builtFunction.handler(manifest)),
    ...changed("memory", found.MemorySize, wanted.memorySize),
    ...changed("timeout", found.Timeout, wanted.timeout),
    ...changed("role", found.Role, wanted.role),
    ...changedVariables(found.Environment?.Variables ?? {}, variables)
  ]
  if (changes.length > 0) {
    steps.push({
      title: `update the configuration of ${name}: ${changes.join(", ")}`,
      run: Effect.flatMap(Aws.Aws, (aws) =>
        whenUpdated(aws.lambda((client, sdk) =>
          client.send(
            new sdk.UpdateFunctionConfigurationCommand({
              ...settings(wanted),
              ...wanted.role !== undefined && { Role: wanted.role },
              Environment: { Variables: variables }
            })
          )
        )))
    })
  }
  return steps
}

/** Lambda has the hash of the code in base64. */
const base64 = (hex: string): string => Base64.encode(Result.getOrThrow(Hex.decode(hex)))

const changed = (name: string, from: string | number | undefined, to: string | number | undefined) =>
  to === undefined || from === to ? [] : [`${name} ${from ?? "none"} → ${to}`]

/** Values may be secrets. */
const changedVariables = (from: Readonly<Record<string, string>>, to: Readonly<Record<string, string>>) => {
  const names = Object.keys({ ...from, ...to }).filter((name) => from[name] !== to[name]).toSorted()
  return names.length === 0 ? [] : [`variables ${names.join(" ")}`]
}
