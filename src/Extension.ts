/**
 * The internal extension that makes Lambda end a function gracefully.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
 * @since 0.1.0
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as extensionsApi from "./internal/extensionsApi.ts"
import * as note from "./internal/note.ts"
import * as runtimeApiAddress from "./internal/runtimeApiAddress.ts"
import { LambdaEnvironment } from "./LambdaEnvironment.ts"

/** Lambda answers at once, and a function must start also where nobody does. */
const patience = "1 second"

const make = Effect.gen(function*() {
  const { runtimeApi } = yield* LambdaEnvironment
  if (Option.isNone(runtimeApi)) return
  const registered = yield* Deferred.make<void, { readonly message: string }>()
  // Once it is registered, how the extension ends is not worth a word, and the `Deferred` takes none.
  yield* Effect.fromResult(runtimeApiAddress.parseOption(runtimeApi)).pipe(
    Effect.flatMap(extensionsApi.register),
    Effect.tap(() => Deferred.succeed(registered, undefined)),
    Effect.flatten,
    Effect.scoped,
    Effect.catch((error) => Deferred.fail(registered, error)),
    Effect.forkScoped({ startImmediately: true })
  )
  // An extension that is late goes on: once it is registered, Lambda waits for it to ask for events.
  yield* Deferred.await(registered).pipe(
    Effect.timeoutOrElse({
      duration: patience,
      orElse: () => Effect.fail({ message: `the Extensions API did not answer within ${patience}` })
    }),
    Effect.catch(({ message }) =>
      note.warning(
        `no internal extension: ${message}. Lambda will not send SIGTERM, so finalizers do not run when it stops ` +
          "this process"
      )
    )
  )
})

/**
 * Registers an internal extension that asks for no events, and keeps it for as long as the layer lives. Only a function
 * with an extension is told by SIGTERM that its process is about to end; without one it is killed, and its finalizers
 * do not run.
 *
 * **When to use**
 *
 * In a main program of your own, merged with the program that `Lambda.launch` takes: it has to register before the first
 * event is asked for. `NodeLambda.runMain` does so for you.
 *
 * **Details**
 *
 * It has a connection to Lambda of its own. Nothing is registered when `AWS_LAMBDA_RUNTIME_API` is not set. A refused
 * registration, or none after a second, is logged as a warning and does not keep the function from starting.
 *
 * Lambda leaves a function 500 milliseconds from SIGTERM, and 2 seconds when it has external extensions too.
 *
 * **Gotchas**
 *
 * Lambda takes one extension of a name: where several processes run the same program, the first of them is to register.
 *
 * **Example** (A main program)
 *
 * ```ts
 * import * as Extension from "effect-lambda-runtime/Extension"
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Lambda from "effect-lambda-runtime/Lambda"
 * import * as LambdaEnvironment from "effect-lambda-runtime/LambdaEnvironment"
 * import * as RuntimeApi from "effect-lambda-runtime/RuntimeApi"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 * import * as Schema from "effect/Schema"
 *
 * const hello = Handler.make({ event: Schema.String, result: Schema.String }, (name) => Effect.succeed(`Hello ${name}`))
 *
 * const main = Lambda.launch(Layer.merge(Extension.layer, Lambda.serve(hello))).pipe(
 *   Effect.provide(Layer.provideMerge(RuntimeApi.layer, LambdaEnvironment.layer))
 * )
 *
 * // This is not Lambda.
 * const error = await Effect.runPromise(Effect.flip(main))
 * error.message.startsWith("AWS_LAMBDA_RUNTIME_API: it is not set") // => true
 * ```
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<never, never, LambdaEnvironment> = Layer.effectDiscard(make)
