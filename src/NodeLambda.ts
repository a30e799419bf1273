/**
 * The main program of a function on Node: on Lambda it polls the Runtime API, anywhere else it starts the local server.
 *
 * @since 0.1.0
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Cause from "effect/Cause"
import type * as Config from "effect/Config"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Runtime from "effect/Runtime"
import * as Schema from "effect/Schema"
import * as Concurrency from "./Concurrency.ts"
import * as Extension from "./Extension.ts"
import * as loggers from "./internal/logger/loggers.ts"
import * as mainProcess from "./internal/mainProcess.ts"
import * as protocol from "./internal/threads/protocol.ts"
import * as servingThread from "./internal/threads/servingThread.ts"
import * as threadSettings from "./internal/threads/settings.ts"
import * as supervisor from "./internal/threads/supervisor.ts"
import * as uncaughtFailure from "./internal/uncaughtFailure.ts"
import * as Lambda from "./Lambda.ts"
import * as LambdaEnvironment from "./LambdaEnvironment.ts"
import * as LambdaLogger from "./LambdaLogger.ts"
import * as RuntimeApi from "./RuntimeApi.ts"
import type { RuntimeApiError } from "./RuntimeApiError.ts"
import * as SnapStart from "./SnapStart.ts"

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
  /** What the program logs with, unless it provides loggers to its handler. Default: `LambdaLogger.layer`. */
  readonly logger?: Layer.Layer<never> | undefined
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
 * SIGTERM and SIGINT end the process with exit code 0, after the invocation that is being served and all finalizers; a
 * second one ends it at once. Whatever keeps the function from starting or going on, an exception that nobody catches for
 * example, ends it with exit code 1 and one line on standard error.
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

/**
 * Settings of {@link runMainThreads}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ThreadOptions extends Options {
  /**
   * How many threads serve invocations, never more than invocations at the same time. Default: the whole number in
   * `AWS_LAMBDA_NODEJS_WORKER_COUNT`, else as many as there are processors for this process.
   */
  readonly threads?: number | undefined
  /** The file that every thread runs: an absolute path, or a URL. Default: the entry file of this process. */
  readonly entry?: string | URL | undefined
}

/**
 * Runs a function as the main program of a Node process, in several threads that share its invocations.
 *
 * **When to use**
 *
 * In place of {@link runMain} where Lambda Managed Instances give a function several vCPUs and its handler computes. A
 * handler that waits for others does as well in one thread, with less memory.
 *
 * **Details**
 *
 * Each thread runs the entry file once more, and this call then serves there. The main thread asks for events, as many as
 * `AWS_LAMBDA_MAX_CONCURRENCY` says, and hands each to the thread that serves the fewest; threads send their answers
 * themselves. No event is asked for before all threads have built their layers. Where there is one thread, as on Lambda's
 * default environments, this is {@link runMain}.
 *
 * A thread that dies is replaced, and its invocations are reported as failed. When one dies ten times in a row, each time
 * within a minute of its start, the process ends with exit code 1, and so it does when the layers of a thread cannot be
 * built at the start. SIGTERM and SIGINT end all threads, as they end {@link runMain}.
 *
 * **Gotchas**
 *
 * Threads share nothing: what a layer holds is there once in each. Code outside of layers runs in the main thread too,
 * `isMainThread` of `node:worker_threads` is false where invocations are served, and `process.on("SIGTERM")` does nothing
 * there; a finalizer does. The option `pipelining` of `RuntimeApi.layerOptions` has no effect.
 *
 * **Example** (As many threads as there are processors)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Lambda from "effect-lambda-runtime/Lambda"
 * import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 * import { createHash } from "node:crypto"
 *
 * const digest = Handler.make({ event: Schema.String, result: Schema.String }, (text) =>
 *   Effect.sync(() => createHash("sha256").update(text).digest("hex")))
 *
 * NodeLambda.runMainThreads(Lambda.serve(digest))
 * ```
 *
 * @category running
 * @since 0.1.0
 */
export const runMainThreads = <E>(
  layer: Layer.Layer<never, E, Surroundings>,
  options?: ThreadOptions | undefined
): void => {
  const assignment = protocol.assignment()
  if (assignment === undefined) return runMain(layerThreads(layer, options), options)
  const address = assignment.localAddress
  const runtimeApi = address === undefined
    ? options?.runtimeApi ?? RuntimeApi.layer
    : RuntimeApi.layerOptions({ address })
  servingThread.runMain(layer, runtimeApi, options?.logger ?? LambdaLogger.layer, assignment)
}

const layerThreads = <E>(layer: Layer.Layer<never, E, Surroundings>, options: ThreadOptions | undefined) =>
  Layer.unwrap(Effect.gen(function*(): Effect.fn.Return<
    Layer.Layer<never, E | Error, Surroundings>,
    Config.ConfigError | LocalServerMissing,
    LambdaEnvironment.LambdaEnvironment
  > {
    const threads = yield* threadSettings.threadCount(options?.threads)
    if (threads === 1) return layer
    const local = Option.getOrUndefined(yield* localServer)
    return supervisor.layer({
      threads,
      maxConcurrency: yield* Concurrency.MaxConcurrency,
      entry: options?.entry ?? process.argv[1] ?? "",
      heapSize: yield* threadSettings.heapSize(threads),
      localAddress: local?.address,
      log: (requestId, line) => Effect.runSync(local?.functions[0]?.log(requestId, line) ?? Effect.void)
    })
  }))

const main = <E>(layer: Layer.Layer<never, E, Surroundings>, options: Options | undefined) =>
  Lambda.launch(Layer.merge(Extension.layer, layer)).pipe(
    Effect.provide(Layer.mergeAll(layerRuntimeApi(options), Concurrency.layer, SnapStart.layer)),
    uncaughtFailure.supervise,
    Effect.provide(Layer.provideMerge(LambdaEnvironment.layer, options?.logger ?? LambdaLogger.layer)),
    mainProcess.own,
    Effect.onError((cause) =>
      Cause.hasInterruptsOnly(cause)
        ? Effect.void
        : Effect.flatMap(loggers.lastLine(`effect-lambda-runtime: ${mainProcess.describe(cause)}`), Console.error)
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
        Layer.provideMerge(LocalServer.layer)
      )
  )
)

const localServer = Effect.flatMap(LambdaEnvironment.LambdaEnvironment, ({ runtimeApi }) =>
  Option.isSome(runtimeApi)
    ? Effect.succeedNone
    : Effect.flatMap(importLocalServer, ({ LocalServer }) => Effect.serviceOption(LocalServer)))
