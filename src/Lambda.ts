/**
 * Runs handlers: builds everything a function needs, then serves invocations until the process is told to end.
 *
 * @since 0.1.0
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Concurrency from "./Concurrency.ts"
import * as ErrorReport from "./ErrorReport.ts"
import type { Handler } from "./Handler.ts"
import { beforeRelease } from "./internal/ending.ts"
import * as failedStart from "./internal/failedStart.ts"
import { make as makeFlush } from "./internal/flush.ts"
import * as invokeStore from "./internal/invokeStore.ts"
import * as snapshot from "./internal/snapshot.ts"
import { CurrentBuildTime } from "./internal/tracing.ts"
import * as uncaughtFailure from "./internal/uncaughtFailure.ts"
import * as workers from "./internal/workers.ts"
import type { Invocation } from "./Invocation.ts"
import { RuntimeApi } from "./RuntimeApi.ts"
import type { RuntimeApiError } from "./RuntimeApiError.ts"
import type { HookError } from "./SnapStart.ts"

/**
 * The function could not be launched.
 *
 * - `AlreadyRunning`: another `launch` of this process has not ended.
 * - `NoHandler`: no layer of the program is a {@link serve}.
 * - `SeveralHandlers`: more than one is.
 * - `Interrupted`: a layer was interrupted while it was built, and not because the process was told to end.
 *
 * @category errors
 * @since 0.1.0
 */
export class LaunchError extends Schema.TaggedError<LaunchError>("effect-lambda-runtime/Lambda/LaunchError")(
  "LaunchError",
  { reason: Schema.Literals(["AlreadyRunning", "NoHandler", "SeveralHandlers", "Interrupted"]) }
) {
  override get message(): string {
    switch (this.reason) {
      case "AlreadyRunning":
        return "a function is already running in this process: call Lambda.launch once"
      case "NoHandler":
        return "there is no handler: pass Lambda.serve(handler) to Lambda.launch"
      case "SeveralHandlers":
        return "there is more than one handler: a function serves one, so combine them or deploy two functions"
      case "Interrupted":
        return "a layer was interrupted while it was built: something in it has interrupted itself"
    }
  }
}

/**
 * Where {@link serve} leaves its handler for {@link launch}, which provides this service.
 *
 * **Example** (A host that only counts handlers)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Lambda from "effect-lambda-runtime/Lambda"
 * import * as LambdaResponse from "effect-lambda-runtime/LambdaResponse"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 *
 * let handlers = 0
 * const counting = Layer.succeed(Lambda.Server, { register: () => Effect.sync(() => void handlers++) })
 * const program = Lambda.serve(Handler.raw(() => Effect.succeed(LambdaResponse.empty)))
 *
 * Effect.runSync(Effect.scoped(Layer.build(Layer.provide(program, counting))))
 * handlers // => 1
 * ```
 *
 * @category services
 * @since 0.1.0
 */
export class Server extends Context.Service<Server, {
  /** Takes the loop that serves a handler; it is run once all layers are built. */
  readonly register: (loop: Effect.Effect<never, RuntimeApiError, RuntimeApi>) => Effect.Effect<void>
}>()("effect-lambda-runtime/Lambda/Server") {}

/**
 * Serves a handler, as a layer: what the handler needs is what the layer needs.
 *
 * **When to use**
 *
 * As the program that `NodeLambda.runMain`, {@link launch} and `LambdaTest.layer` take. Provide the handler's
 * services to it with `Layer.provide`; they are built before the first event is asked for.
 *
 * **Example** (A handler with a dependency)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Lambda from "effect-lambda-runtime/Lambda"
 * import * as Context from "effect/Context"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 * import * as Schema from "effect/Schema"
 *
 * class Greeter extends Context.Service<Greeter, { readonly greet: (name: string) => string }>()("Greeter") {}
 *
 * const hello = Handler.make({ event: Schema.String, result: Schema.String }, (name) =>
 *   Effect.map(Greeter, ({ greet }) => greet(name)))
 *
 * const program = Lambda.serve(hello).pipe(
 *   Layer.provide(Layer.succeed(Greeter, { greet: (name) => `Hello ${name}` }))
 * )
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const serve = <E, R>(
  handler: Handler<E, R>
): Layer.Layer<never, never, Server | Exclude<R, Invocation | Scope.Scope>> =>
  Layer.effectDiscard(
    Effect.contextWith((context: Context.Context<Exclude<R, Invocation | Scope.Scope>>) =>
      Effect.flatMap(Server, ({ register }) => register(Effect.provideContext(run(handler), context)))
    )
  )

/**
 * Serves invocations with a handler until the fiber is interrupted.
 *
 * **When to use**
 *
 * To run the loop yourself, without layers and without the report of a failed start. Most programs use
 * {@link serve} and {@link launch}.
 *
 * **Details**
 *
 * When it is interrupted, no further event is asked for; an invocation that is being served may end within
 * `Shutdown.GracePeriod`, and is then interrupted and reported as failed. Fails with a `RuntimeApiError` when the
 * connection to the Runtime API is lost, or the Runtime API answers with a 5xx status.
 *
 * **Example** (A loop without layers)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Lambda from "effect-lambda-runtime/Lambda"
 * import * as LambdaTest from "effect-lambda-runtime/LambdaTest"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const double = Handler.make({ event: Schema.Int, result: Schema.Int }, (n) => Effect.succeed(n * 2))
 *
 * const answer = LambdaTest.LambdaTest.use(({ invoke }) => Effect.raceFirst(Lambda.run(double), invoke(21)))
 *
 * await Effect.runPromise(Effect.provide(answer, LambdaTest.layerRuntimeApi)) // => 42
 * ```
 *
 * @category running
 * @since 0.1.0
 */
export const run = <E, R>(
  handler: Handler<E, R>
): Effect.Effect<never, RuntimeApiError, RuntimeApi | Exclude<R, Invocation | Scope.Scope>> =>
  Effect.gen(function*() {
    const api = yield* RuntimeApi
    const maxConcurrency = yield* Concurrency.MaxConcurrency
    const several = maxConcurrency > 1
    const flushTimeout = Duration.toMillis(Duration.fromInputUnsafe(yield* FlushTimeout))
    return yield* workers.run(api, handler, maxConcurrency, {
      several,
      deadlineMargin: yield* deadlineMargin(several),
      flush: makeFlush(yield* Effect.context<never>(), flushTimeout)
    })
  })

/**
 * How long before its deadline an invocation is interrupted and reported as failed, so that its finalizers run and its
 * caller gets more than `Task timed out`. Without it Lambda ends the whole process at the deadline.
 *
 * **Details**
 *
 * Where a process serves several invocations at a time, Lambda leaves it running, and an invocation is interrupted at
 * its deadline also without a margin. A deadline that is past when the event arrives is ignored. Background work of the
 * invocation is interrupted too, which the log tells.
 *
 * **Example** (A quarter of a second for the finalizers)
 *
 * ```ts
 * import * as Lambda from "effect-lambda-runtime/Lambda"
 * import * as Layer from "effect/Layer"
 *
 * const layer = Layer.succeed(Lambda.DeadlineMargin, "250 millis")
 * ```
 *
 * @category references
 * @since 0.1.0
 */
export const DeadlineMargin: Context.Reference<Duration.Input | undefined> = Context.Reference(
  "effect-lambda-runtime/Lambda/DeadlineMargin",
  { defaultValue: (): Duration.Input | undefined => undefined }
)

/**
 * How long the next event may have to wait for the telemetry of the last one. One second unless set otherwise, and never
 * longer than is left until the deadline.
 *
 * **When to use**
 *
 * Where exporters of `effect/observability`, or a flush of your own (`Flush`), are slow. What takes longer is sent
 * while the process runs, and is not waited for again.
 *
 * **Example** (Slow exporters)
 *
 * ```ts
 * import * as Lambda from "effect-lambda-runtime/Lambda"
 * import * as Layer from "effect/Layer"
 *
 * const layer = Layer.succeed(Lambda.FlushTimeout, "3 seconds")
 * ```
 *
 * @category references
 * @since 0.1.0
 */
export const FlushTimeout: Context.Reference<Duration.Input> = Context.Reference(
  "effect-lambda-runtime/Lambda/FlushTimeout",
  { defaultValue: (): Duration.Input => "1 second" }
)

/**
 * Builds the layer of a function, and gives the loop that serves its handler.
 *
 * **When to use**
 *
 * For a host that has its own way to report a failed start; {@link launch} is this, the report and the loop.
 *
 * Fails with a `LaunchError` when the layer serves no handler or several, or interrupts itself.
 *
 * **Example** (A program that serves nothing)
 *
 * ```ts
 * import * as Lambda from "effect-lambda-runtime/Lambda"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 *
 * const error = Effect.runSync(Effect.flip(Effect.scoped(Lambda.build(Layer.empty))))
 * error.message // => "there is no handler: pass Lambda.serve(handler) to Lambda.launch"
 * ```
 *
 * @category running
 * @since 0.1.0
 */
export const build = Effect.fnUntraced(function*<E, R>(
  layer: Layer.Layer<never, E, R>
): Effect.fn.Return<
  Effect.Effect<never, RuntimeApiError, RuntimeApi>,
  E | LaunchError,
  Exclude<R, Server> | Scope.Scope
> {
  const loops: Array<Effect.Effect<never, RuntimeApiError, RuntimeApi>> = []
  const server = Server.of({ register: (loop) => Effect.sync(() => void loops.push(loop)) })
  const start = yield* Clock.currentTimeNanos
  yield* Effect.catchCause(
    Layer.build(Layer.provide(layer, Layer.succeed(Server, server))),
    // Who is interrupted from outside does not come here.
    (cause): Effect.Effect<never, E | LaunchError> =>
      Cause.hasInterruptsOnly(cause)
        ? Effect.fail(new LaunchError({ reason: "Interrupted" }))
        : Effect.failCause(cause)
  )
  const end = yield* Clock.currentTimeNanos
  const [loop, another] = loops
  if (loop === undefined) return yield* new LaunchError({ reason: "NoHandler" })
  if (another !== undefined) return yield* new LaunchError({ reason: "SeveralHandlers" })
  return Effect.provideService(loop, CurrentBuildTime, { start, end })
})

/**
 * Builds the layer of a function, and then serves invocations until the fiber is interrupted.
 *
 * **When to use**
 *
 * In the main program of a host other than Node. On Node `NodeLambda.runMain` calls it.
 *
 * **Details**
 *
 * No event is asked for before all layers are built. When one fails, the cause is logged and reported to Lambda as
 * the function's init error, and the effect fails with it. When the effect is interrupted, the layers are released in
 * reverse order.
 *
 * Where SnapStart is on, the process then waits to be snapshotted and restored, and runs the hooks of `SnapStart`.
 *
 * Fails with a `LaunchError` when the layer serves no handler or several, or when a function already runs in this
 * process, with a `SnapStart.HookError` when a hook does, and as {@link run} does.
 *
 * **Example** (A main program)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Lambda from "effect-lambda-runtime/Lambda"
 * import * as LambdaTest from "effect-lambda-runtime/LambdaTest"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const shout = Handler.make({ event: Schema.String, result: Schema.String }, (text) => Effect.succeed(`${text}!`))
 *
 * const main = Lambda.launch(Lambda.serve(shout))
 *
 * const answer = LambdaTest.LambdaTest.use(({ invoke }) => Effect.raceFirst(main, invoke("hey")))
 *
 * await Effect.runPromise(Effect.provide(answer, LambdaTest.layerRuntimeApi)) // => "hey!"
 * ```
 *
 * @category running
 * @since 0.1.0
 */
export const launch = <E, R>(
  layer: Layer.Layer<never, E, R>
): Effect.Effect<never, E | LaunchError | RuntimeApiError | HookError, RuntimeApi | Exclude<R, Server>> =>
  Effect.scoped(beforeRelease(Effect.gen(function*() {
    yield* takeProcess
    const api = yield* RuntimeApi
    // Layers may use the AWS SDK, which keeps the first store that it finds.
    yield* invokeStore.install((yield* Concurrency.MaxConcurrency) > 1)
    let post = api.initError
    const failed = (cause: Cause.Cause<unknown>) =>
      failedStart.report("the function could not start", cause, post(ErrorReport.fromCause(cause)))
    const loop = yield* build(layer).pipe(
      Effect.tapCause((cause) => Cause.hasInterruptsOnly(cause) ? Effect.void : failed(cause)),
      Effect.tap(() =>
        snapshot.pass(api, () => {
          post = api.restoreError
        })
      ),
      uncaughtFailure.interruptOnFirst((failure) => {
        failure.isLogged = true
        return failed(failure.cause)
      })
    )
    return yield* loop
  })))

const deadlineMargin = (several: boolean) =>
  Effect.map(DeadlineMargin, (margin) => {
    if (margin === undefined) return several ? 0 : undefined
    return Duration.toMillis(Duration.fromInputUnsafe(margin))
  })

/** Two loops would take each other's events: the Runtime API knows one process per environment. */
const RunningProcess = Context.Reference("effect-lambda-runtime/Lambda/RunningProcess", {
  defaultValue: () => ({ taken: false })
})

const takeProcess = Effect.acquireRelease(
  Effect.flatMap(RunningProcess, (process) => {
    if (process.taken) return Effect.fail(new LaunchError({ reason: "AlreadyRunning" }))
    process.taken = true
    return Effect.succeed(process)
  }),
  (process) =>
    Effect.sync(() => {
      process.taken = false
    })
)
