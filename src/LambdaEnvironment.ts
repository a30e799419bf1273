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

/** An empty variable counts as unset, as Lambda itself treats it. */
const optional = (name: string) =>
  Effect.map(Config.option(Config.String(name)), Option.filter((value) => value.trim() !== ""))

/** A value the platform should never send is worth a warning, not a dead function. */
const maxConcurrency = Effect.flatMap(Config.option(Config.String("AWS_LAMBDA_MAX_CONCURRENCY")), (value) => {
  if (value._tag === "None") return Effect.succeed(1)
  const limit = Number(value.value)
  return Number.isInteger(limit) && limit >= 1
    ? Effect.succeed(limit)
    : Effect.as(
      Effect.logWarning(
        `AWS_LAMBDA_MAX_CONCURRENCY is "${value.value}", not a whole number from 1: serving one invocation at a time`
      ),
      1
    )
})

const make = Effect.all({
  runtimeApi: optional("AWS_LAMBDA_RUNTIME_API"),
  functionName: Config.String("AWS_LAMBDA_FUNCTION_NAME").pipe(Config.withDefault("function")),
  functionVersion: Config.String("AWS_LAMBDA_FUNCTION_VERSION").pipe(Config.withDefault("$LATEST")),
  memorySize: Config.Int("AWS_LAMBDA_FUNCTION_MEMORY_SIZE").pipe(Config.withDefault(128)),
  logGroupName: optional("AWS_LAMBDA_LOG_GROUP_NAME"),
  logStreamName: optional("AWS_LAMBDA_LOG_STREAM_NAME"),
  region: optional("AWS_REGION"),
  handler: optional("_HANDLER"),
  taskRoot: Config.String("LAMBDA_TASK_ROOT").pipe(Config.withDefault("/var/task")),
  initializationType: optional("AWS_LAMBDA_INITIALIZATION_TYPE"),
  maxConcurrency
})

/**
 * Reads the environment through the current `ConfigProvider`.
 *
 * Fails with a `ConfigError` that names the variable when a value cannot be read.
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
