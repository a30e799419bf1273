/**
 * How many invocations a function process serves at the same time.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { LambdaEnvironment } from "./LambdaEnvironment.ts"

/**
 * Invocations that one process serves at the same time, each in a worker fiber with a connection of its own. 1 unless
 * set otherwise, as on Lambda's default environments.
 *
 * **When to use**
 *
 * `NodeLambda.runMain` sets it with {@link layer}. Set it yourself in a main program of your own, or in tests.
 *
 * **Example** (Two at a time)
 *
 * ```ts
 * import * as Concurrency from "effect-lambda-runtime/Concurrency"
 * import * as Layer from "effect/Layer"
 *
 * const layer = Layer.succeed(Concurrency.MaxConcurrency, 2)
 * ```
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-execution-environment.html
 * @category references
 * @since 0.1.0
 */
export const MaxConcurrency: Context.Reference<number> = Context.Reference(
  "effect-lambda-runtime/Concurrency/MaxConcurrency",
  { defaultValue: () => 1 }
)

/**
 * As many invocations as the platform sends: `AWS_LAMBDA_MAX_CONCURRENCY`, which Lambda Managed Instances set.
 *
 * **Example** (What the environment says)
 *
 * ```ts
 * import * as Concurrency from "effect-lambda-runtime/Concurrency"
 * import * as LambdaEnvironment from "effect-lambda-runtime/LambdaEnvironment"
 * import * as ConfigProvider from "effect/ConfigProvider"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 *
 * const managed = Concurrency.layer.pipe(
 *   Layer.provide(LambdaEnvironment.layer),
 *   Layer.provide(ConfigProvider.layer(ConfigProvider.fromEnvRecord({ AWS_LAMBDA_MAX_CONCURRENCY: "64" })))
 * )
 *
 * Effect.runSync(Effect.provide(Concurrency.MaxConcurrency, managed)) // => 64
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<never, never, LambdaEnvironment> = Layer.effect(
  MaxConcurrency,
  Effect.map(LambdaEnvironment, ({ maxConcurrency }) => maxConcurrency)
)
