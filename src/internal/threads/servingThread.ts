/**
 * The program of a thread that serves invocations: it builds the layers of the function, and serves what the main thread
 * gives it until it is told to end.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { constUndefined } from "effect/Function"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import * as Runtime from "effect/Runtime"
import * as Concurrency from "../../Concurrency.ts"
import * as Lambda from "../../Lambda.ts"
import * as LambdaEnvironment from "../../LambdaEnvironment.ts"
import * as RuntimeApi from "../../RuntimeApi.ts"
import type { RuntimeApiError } from "../../RuntimeApiError.ts"
import * as ending from "../ending.ts"
import * as invokeStore from "../invokeStore.ts"
import { CurrentOutput } from "../logger/output.ts"
import * as logTail from "../logger/tail.ts"
import * as uncaughtFailure from "../uncaughtFailure.ts"
import * as assignedInvocations from "./assignedInvocations.ts"
import * as output from "./output.ts"
import { type Assignment, type Command, describeError, type Notice } from "./protocol.ts"

/** Serves in this thread. The answers go to `runtimeApi`. */
export const runMain = <E>(
  layer: Layer.Layer<never, E, Lambda.Server | RuntimeApi.RuntimeApi | LambdaEnvironment.LambdaEnvironment>,
  runtimeApi: Layer.Layer<RuntimeApi.RuntimeApi, RuntimeApiError, LambdaEnvironment.LambdaEnvironment>,
  logger: Layer.Layer<never>,
  { localAddress, maxConcurrency, port }: Assignment
): void => {
  const say = (notice: Notice) => port.postMessage(notice)
  output.relay(port)

  /** The first exception that nobody has caught, and that is in the log of this thread. */
  let logged: () => unknown = constUndefined
  const fail = (error: unknown) =>
    say({ _tag: "Failed", error: describeError(error), isLogged: logged() !== undefined })
  const serving = Effect.scoped(ending.beforeRelease(Effect.gen(function*() {
    // Layers may use the AWS SDK, which keeps the first store that it finds.
    yield* invokeStore.install(true)
    // The main thread tells of a failed start, of several only once.
    const loop = yield* Lambda.build(layer).pipe(uncaughtFailure.interruptOnFirst((failure) =>
      Effect.sync(() => {
        failure.isLogged = true
      })
    ))
    const { first, firstSoFar } = yield* uncaughtFailure.UncaughtFailures
    yield* Effect.forkScoped(Effect.map(first, () => say({ _tag: "Ending" })))
    say({ _tag: "Built" })
    logged = firstSoFar
    return yield* loop
  }))).pipe(
    Effect.provide(
      Layer.mergeAll(
        Layer.provide(layerAssigned(port, say), runtimeApi),
        Layer.succeed(Concurrency.MaxConcurrency, maxConcurrency),
        localAddress === undefined ? Layer.empty : layerLocalLogger(say)
      )
    ),
    uncaughtFailure.supervise
  )
  const main = ending.watch(
    () => serving,
    (line, cause) => {
      fail(cause === undefined ? new Error(line) : Cause.squash(cause))
      process.exit(1)
    },
    (budget) => say({ _tag: "Allowed", budget })
  ).pipe(
    Effect.provide(Layer.provideMerge(
      LambdaEnvironment.layer,
      Layer.provide(logger, Layer.succeed(CurrentOutput, output.records(port)))
    )),
    Effect.onError((cause) =>
      Effect.sync(() => {
        if (!Cause.hasInterruptsOnly(cause)) fail(Cause.squash(cause))
      })
    )
  )

  Runtime.makeRunMain(({ fiber, teardown }) => {
    port.on("message", (command: Command) => {
      if (command._tag !== "Stop") return
      say({ _tag: "Stopping" })
      fiber.interruptUnsafe(fiber.id)
    })
    // In a worker thread this ends the thread.
    fiber.addObserver((exit) => teardown(exit, process.exit))
    say({ _tag: "Started" })
  })(main, { disableErrorReporting: true, teardown })
}

const teardown: Runtime.Teardown = (exit, onExit) =>
  onExit(Exit.isFailure(exit) && !Cause.hasInterruptsOnly(exit.cause) ? 1 : 0)

/** The invocations that the main thread gives this one, with the Runtime API for their answers. */
const layerAssigned = (port: Assignment["port"], say: (notice: Notice) => void) =>
  Layer.effect(
    RuntimeApi.RuntimeApi,
    Effect.map(RuntimeApi.RuntimeApi, (api) => {
      const invocations = assignedInvocations.make(api, (id) => say({ _tag: "Over", id }))
      port.on("message", (command: Command) => {
        if (command._tag === "Serve") invocations.assign(command.id, command.invocation)
      })
      process.once("exit", () => {
        say({ _tag: "Ending" })
        say({ _tag: "Ended", taken: invocations.end() })
      })
      return invocations.api
    })
  )

/** As the loggers of the local server, which is in the main thread. */
const layerLocalLogger = (say: (notice: Notice) => void) =>
  Layer.effect(
    References.CurrentLoggers,
    Effect.gen(function*() {
      const present = Array.from(
        yield* References.CurrentLoggers,
        (logger) => logger === Logger.defaultLogger ? Logger.consolePretty({ mode: "tty" }) : logger
      )
      const tail = yield* logTail.logger((requestId, line) => say({ _tag: "LoggedFor", requestId, line }))
      return new Set([...present, tail])
    })
  )
