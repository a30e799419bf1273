/**
 * The main program of a function on Node: on Lambda it polls the Runtime API, anywhere else it starts the local server.
 *
 * @since 0.1.0
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Runtime from "effect/Runtime"
import * as Schema from "effect/Schema"
import * as Concurrency from "./Concurrency.ts"
import * as Extension from "./Extension.ts"
import * as Lambda from "./Lambda.ts"
import * as LambdaEnvironment from "./LambdaEnvironment.ts"
import * as RuntimeApi from "./RuntimeApi.ts"
import type { RuntimeApiError } from "./RuntimeApiError.ts"

/**
 * The program runs outside Lambda, and the local server cannot be loaded.
 *
 * @category errors
 * @since 0.1.0
 */
export class LocalServerMissing
  extends Schema.TaggedError<LocalServerMissing>("effect-lambda-runtime/NodeLambda/LocalServerMissing")(
    "LocalServerMissing",
    { cause: Schema.Defect() }
  )
{
  override get message(): string {
    return "AWS_LAMBDA_RUNTIME_API is not set, so this is not Lambda, and the local server cannot be loaded. Run the " +
      "program where effect-lambda-runtime and @effect/platform-node are installed, or set AWS_LAMBDA_RUNTIME_API"
  }
}

/**
 * What a program may need of its surroundings.
 *
 * @category models
 * @since 0.1.0
 */
export type Surroundings = Lambda.Server | RuntimeApi.RuntimeApi | LambdaEnvironment.LambdaEnvironment

/**
 * Settings of {@link runMain}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** The Runtime API to use on Lambda. Default: `RuntimeApi.layer`. */
  readonly runtimeApi?:
    | Layer.Layer<RuntimeApi.RuntimeApi, RuntimeApiError, LambdaEnvironment.LambdaEnvironment>
    | undefined
}

/**
 * Runs a function as the main program of a Node process.
 *
 * **When to use**
 *
 * Once, as the last statement of the function's entry file. On a laptop the same file starts the local server on
 * `127.0.0.1:7000`, because `AWS_LAMBDA_RUNTIME_API` is not set there.
 *
 * **Details**
 *
 * SIGTERM and SIGINT end the process with exit code 0, after the invocation that is being served and all finalizers.
 * Whatever keeps the function from starting or going on ends it with exit code 1 and one line on standard error.
 *
 * **Example** (A whole function)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Lambda from "effect-lambda-runtime/Lambda"
 * import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const hello = Handler.make({ event: Schema.String, result: Schema.String }, (name) => Effect.succeed(`Hello ${name}`))
 *
 * NodeLambda.runMain(Lambda.serve(hello))
 * ```
 *
 * @category running
 * @since 0.1.0
 */
export const runMain = <E>(layer: Layer.Layer<never, E, Surroundings>, options?: Options | undefined): void =>
  NodeRuntime.runMain(main(layer, options), {
    disableErrorReporting: true,
    teardown: (exit, onExit) =>
      exit._tag === "Failure" && !Cause.hasInterruptsOnly(exit.cause)
        ? onExit(Runtime.getErrorExitCode(Cause.squash(exit.cause)))
        : onExit(0)
  })

const main = <E>(layer: Layer.Layer<never, E, Surroundings>, options: Options | undefined) =>
  Lambda.launch(Layer.merge(Extension.layer, layer)).pipe(
    Effect.provide(Layer.provideMerge(
      Layer.merge(layerRuntimeApi(options), Concurrency.layer),
      LambdaEnvironment.layer
    )),
    Effect.onError((cause) =>
      Cause.hasInterruptsOnly(cause) ? Effect.void : Console.error(`effect-lambda-runtime: ${describe(cause)}`)
    )
  )

const layerRuntimeApi = (options: Options | undefined) =>
  Layer.unwrap(
    Effect.map(LambdaEnvironment.LambdaEnvironment, ({ runtimeApi }) =>
      Option.isSome(runtimeApi) ? options?.runtimeApi ?? RuntimeApi.layer : layerLocal)
  )

/** Put together at run time, because a bundler follows a name that it can read. */
const localServerModule = ["effect-lambda-runtime", "LocalServer"].join("/")

const importLocalServer = Effect.tryPromise({
  try: (): Promise<typeof import("./LocalServer.ts")> =>
    import(/* webpackIgnore: true */ /* @vite-ignore */ localServerModule),
  catch: (cause) => new LocalServerMissing({ cause })
})

const layerLocal = Layer.unwrap(
  Effect.map(
    importLocalServer,
    (LocalServer) =>
      Layer.unwrap(Effect.map(LocalServer.LocalServer, ({ address }) => RuntimeApi.layerOptions({ address }))).pipe(
        Layer.provideMerge(LocalServer.layerLogger),
        // Nobody ends this process at a deadline, so that a handler which goes on would keep all others waiting.
        Layer.merge(Layer.succeed(Lambda.DeadlineMargin, 0)),
        Layer.provide(LocalServer.layer)
      )
  )
)

const describe = (cause: Cause.Cause<unknown>): string => {
  const error = Cause.squash(cause)
  return error instanceof Error ? error.message === "" ? error.name : error.message : String(error)
}
