/**
 * Metrics of a function, and what is written of them.
 */
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LambdaEnvironment from "../../src/LambdaEnvironment.ts"
import * as LambdaMetrics from "../../src/LambdaMetrics.ts"
import * as EmbeddedMetrics from "./embeddedMetrics.ts"

export const environment = (variables: Readonly<Record<string, string>>) =>
  // Fresh: `LambdaTest.layer` has built the same layer with an environment of its own.
  Layer.fresh(LambdaEnvironment.layer).pipe(
    Layer.provideMerge(ConfigProvider.layer(ConfigProvider.fromEnvRecord(variables)))
  )

/** Metrics on Lambda, what they write, and the warnings. `send` runs an effect and gives what was written of it. */
export const setUp = Effect.fnUntraced(function*(
  options: Partial<LambdaMetrics.Options> = {},
  variables: Readonly<Record<string, string>> = {},
  terminal?: { readonly isTerminal: boolean }
) {
  const output = yield* EmbeddedMetrics.make(terminal)
  const warnings: Array<string> = []
  const logger = Logger.layer([Logger.make(({ message }) => void warnings.push(String(message)))])
  const context = yield* Layer.build(
    LambdaMetrics.layer({ namespace: "Shop", ...options }).pipe(
      Layer.provide(environment({ AWS_LAMBDA_RUNTIME_API: "127.0.0.1:9001", ...variables })),
      Layer.provideMerge(Layer.merge(output.layer, logger))
    )
  )
  const provide = Effect.provideContext(context)
  return {
    ...output,
    warnings,
    context,
    provide,
    flush: provide(LambdaMetrics.flush),
    send: <A, E>(effect: Effect.Effect<A, E>) =>
      Effect.map(provide(Effect.andThen(effect, LambdaMetrics.flush)), () => EmbeddedMetrics.byName(output.take()))
  }
})
