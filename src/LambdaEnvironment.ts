/**
 * What Lambda tells a function process through its environment variables, read once and typed.
 *
 * Everything else in the library asks this service and never reads `process.env`, so a test or a
 * program can replace the environment with `ConfigProvider.layer`.
 *
 * @since 0.1.0
 */
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { environmentVariable } from "./internal/environmentVariable.ts"

/**
 * The environment of this function process.
 *
 * **When to use**
 *
 * Inside layers that depend on where the process runs. Handlers ask `Invocation` for what belongs to one
 * invocation.
 *
 * **Example** (A table for every function)
 *
 * ```ts
 * import * as LambdaEnvironment from "effect-lambda-runtime/LambdaEnvironment"
 * import * as Effect from "effect/Effect"
 *
 * const tableName = Effect.map(LambdaEnvironment.LambdaEnvironment, ({ functionName }) => `${functionName}-table`)
 *
 * Effect.runSync(Effect.provide(tableName, LambdaEnvironment.layer)) // => "function-table"
 * ```
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 * @category services
 * @since 0.1.0
 */
export class LambdaEnvironment extends Context.Service<LambdaEnvironment, {
  /** Address of the Runtime API, usually `host:port`; none when the process does not run on Lambda. */
  readonly runtimeApi: Option.Option<string>
  readonly functionName: string
  readonly functionVersion: string
  /** Configured memory in MiB. */
  readonly memorySize: number
  /** None under SnapStart and outside Lambda. */
  readonly logGroupName: Option.Option<string>
  /** None under SnapStart and outside Lambda. */
  readonly logStreamName: Option.Option<string>
  readonly region: Option.Option<string>
  /** The handler setting of the function; this runtime does not use it. */
  readonly handler: Option.Option<string>
  /** Folder of the function's code, `/var/task` on Lambda. */
  readonly taskRoot: string
  /** `on-demand`, `provisioned-concurrency`, `snap-start` or `lambda-managed-instances`. */
  readonly initializationType: Option.Option<string>
  /** Invocations that this process may serve at once: 1, or more on Managed Instances. */
  readonly maxConcurrency: number
}>()("effect-lambda-runtime/LambdaEnvironment") {}

const variable = (name: string): Effect.Effect<string | undefined, Config.ConfigError> =>
  Effect.mapError(environmentVariable(name), (error) => new Config.ConfigError(error))

const optional = (name: string) => Effect.map(variable(name), Option.fromUndefinedOr)

const withDefault = (name: string, value: string) => Effect.map(variable(name), (found) => found ?? value)

/** A value the platform should never send is worth a warning, not a dead function. */
const wholeNumber = (name: string, instead: number, consequence: string) =>
  Effect.flatMap(variable(name), (text) => {
    if (text === undefined) return Effect.succeed(instead)
    const number = Number(text)
    return Number.isInteger(number) && number >= 1
      ? Effect.succeed(number)
      : Effect.as(
        Effect.logWarning(`${name} is "${text}", not a whole number from 1: ${consequence}`),
        instead
      )
  })

const make = Effect.all({
  runtimeApi: optional("AWS_LAMBDA_RUNTIME_API"),
  functionName: withDefault("AWS_LAMBDA_FUNCTION_NAME", "function"),
  functionVersion: withDefault("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
  memorySize: wholeNumber("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", 128, "taking it for 128"),
  logGroupName: optional("AWS_LAMBDA_LOG_GROUP_NAME"),
  logStreamName: optional("AWS_LAMBDA_LOG_STREAM_NAME"),
  region: optional("AWS_REGION"),
  handler: optional("_HANDLER"),
  taskRoot: withDefault("LAMBDA_TASK_ROOT", "/var/task"),
  initializationType: optional("AWS_LAMBDA_INITIALIZATION_TYPE"),
  maxConcurrency: wholeNumber("AWS_LAMBDA_MAX_CONCURRENCY", 1, "serving one invocation at a time")
})

/**
 * Reads the environment through the current `ConfigProvider`.
 *
 * Fails with a `ConfigError` when the provider does. A number that is none costs a warning, and counts as unset.
 *
 * **Example** (A function with 64 slots)
 *
 * ```ts
 * import * as ConfigProvider from "effect/ConfigProvider"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 * import * as LambdaEnvironment from "effect-lambda-runtime/LambdaEnvironment"
 *
 * const managed = LambdaEnvironment.layer.pipe(
 *   Layer.provide(ConfigProvider.layer(ConfigProvider.fromEnvRecord({ AWS_LAMBDA_MAX_CONCURRENCY: "64" })))
 * )
 *
 * Effect.runSync(Effect.provide(LambdaEnvironment.LambdaEnvironment, managed)).maxConcurrency // => 64
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<LambdaEnvironment, Config.ConfigError> = Layer.effect(LambdaEnvironment, make)
