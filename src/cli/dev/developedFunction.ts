/**
 * A function while it is developed: built again after every change, and replaced by what is built when that is ready.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FiberSet from "effect/FiberSet"
import { isPlatformError } from "effect/PlatformError"
import * as Queue from "effect/Queue"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { LocalFunction } from "../../LocalServer.ts"
import type { BuildError } from "../packaging/BuildError.ts"
import { Bundler } from "../packaging/Bundler.ts"
import * as platformProblem from "../platformProblem.ts"
import type { DebuggerDoor } from "./debuggerDoor.ts"
import * as environmentFiles from "./environmentFiles.ts"
import * as Generation from "./generation.ts"
import * as variables from "./variables.ts"

export interface Options {
  readonly local: LocalFunction
  /** Absolute. */
  readonly entry: string
  readonly folder: string
  /** Where the `.env` files are. */
  readonly projectFolder: string
  /** Where the bundle goes. */
  readonly file: string
  readonly door: DebuggerDoor | undefined
  readonly external: ReadonlyArray<string>
  /** From the command line. */
  readonly environment: Readonly<Record<string, string>>
  /** How many invocations it serves at a time as on Managed Instances, if it is to be as there. */
  readonly managed: number | undefined
  readonly output: Generation.Options["output"]
  readonly tell: (news: News) => Effect.Effect<void>
}

export type News =
  | { readonly _tag: "Ready"; readonly isFirst: boolean; readonly buildTime: number; readonly startTime: number }
  | { readonly _tag: "NotBuilt"; readonly problem: string; readonly isServing: boolean }
  | { readonly _tag: "Late"; readonly isServing: boolean }
  | { readonly _tag: "NotStarted"; readonly isServing: boolean } & Generation.Ending
  | { readonly _tag: "Ended"; readonly isStartedAgain: boolean } & Generation.Ending
  | { readonly _tag: "Failed"; readonly problem: string }

type Trigger =
  | { readonly _tag: "Built"; readonly duration: number }
  | { readonly _tag: "NotBuilt"; readonly error: BuildError }
  | { readonly _tag: "Restart" }
  | { readonly _tag: "EnvironmentChanged" }
  | { readonly _tag: "Ended"; readonly generation: Generation.Generation; readonly ending: Generation.Ending }

export interface DevelopedFunction {
  readonly restart: Effect.Effect<void>
  /** Fails when nothing can be built, whatever changes. */
  readonly failure: Effect.Effect<never, BuildError>
}

/** What ends sooner would end again: it is started when something has changed. In milliseconds. */
const shortestLife = 1_000

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib */
const initLimit = "10 seconds"

/** Goes on in the background until the scope is closed. */
export const make = Effect.fnUntraced(function*(options: Options) {
  const { door, entry, external, file, folder, local, output, projectFolder, tell } = options
  const { watch } = yield* Bundler
  // Closed last: nobody is to be told of processes that end because all does.
  const generations = yield* Scope.fork(yield* Effect.scope)
  const triggers = yield* Queue.unbounded<Trigger>()
  const fibers = yield* FiberSet.make<void>()
  let current: Generation.Generation | undefined
  let starting: Fiber.Fiber<void> | undefined
  let inFiles: Readonly<Record<string, string>> = {}
  let isBuilt = false
  let isFirst = true
  let readyAt = 0

  const promote = Effect.fnUntraced(function*(started: Generation.Generation, buildTime: number) {
    const old = current
    current = started
    readyAt = yield* Clock.currentTimeMillis
    yield* FiberSet.run(
      fibers,
      Effect.flatMap(
        started.ending,
        (ending) => Effect.asVoid(Queue.offer(triggers, { _tag: "Ended", generation: started, ending }))
      )
    )
    yield* tell({ _tag: "Ready", isFirst, buildTime, startTime: started.startTime })
    isFirst = false
    if (old !== undefined) yield* FiberSet.run(fibers, old.retire)
  })

  const start = Effect.gen(function*() {
    inFiles = yield* environmentFiles.read(projectFolder, local.name)
    const { environment, managed } = options
    return yield* Generation.start({
      local,
      file,
      folder,
      door,
      output,
      variables: variables.make({
        name: local.name,
        folder,
        runtimeApi: local.runtimeApi,
        inFiles,
        environment,
        managed
      })
    })
  })

  const late = Effect.delay(Effect.suspend(() => tell({ _tag: "Late", isServing: current !== undefined })), initLimit)

  // What has started is not lost to an interruption.
  const replace = (buildTime: number) =>
    Effect.uninterruptibleMask((restore) =>
      Effect.gen(function*() {
        const waiting = yield* Effect.forkChild(late)
        const started = yield* Effect.ensuring(restore(start), Fiber.interrupt(waiting))
        if (!("stillborn" in started)) return yield* promote(started, buildTime)
        yield* tell({ _tag: "NotStarted", ...started.stillborn, isServing: current !== undefined })
      })
    ).pipe(
      Scope.provide(generations),
      Effect.catch((error) =>
        tell({ _tag: "Failed", problem: isPlatformError(error) ? platformProblem.describe(error) : error.message })
      )
    )

  /** What is not ready yet is out of date, and may never get ready. */
  const begin = Effect.fnUntraced(function*(buildTime: number) {
    starting?.interruptUnsafe()
    starting = yield* FiberSet.run(fibers, replace(buildTime))
  })

  const handle = Effect.fnUntraced(function*(trigger: Trigger) {
    switch (trigger._tag) {
      case "Built":
        isBuilt = true
        return yield* begin(trigger.duration)
      case "NotBuilt":
        return yield* tell({ _tag: "NotBuilt", problem: trigger.error.message, isServing: current !== undefined })
      case "Restart":
        return isBuilt ? yield* begin(0) : undefined
      case "EnvironmentChanged": {
        // What cannot be read is told by the start.
        const found = yield* Effect.option(environmentFiles.read(projectFolder, local.name))
        const isSame = found._tag === "Some" && JSON.stringify(found.value) === JSON.stringify(inFiles)
        return isBuilt && !isSame ? yield* begin(0) : undefined
      }
      case "Ended": {
        if (trigger.generation !== current) return
        current = undefined
        const isStarting = starting?.pollUnsafe() === undefined
        const isStartedAgain = isStarting || (yield* Clock.currentTimeMillis) - readyAt >= shortestLife
        yield* tell({ _tag: "Ended", ...trigger.ending, isStartedAgain })
        return isStartedAgain && !isStarting ? yield* begin(0) : undefined
      }
    }
  })

  const watching = yield* watch({ entry, file, folder, external }).pipe(
    Stream.runForEach((built) =>
      Queue.offer(
        triggers,
        built._tag === "Success"
          ? { _tag: "Built" as const, duration: built.success.duration }
          : { _tag: "NotBuilt" as const, error: built.failure }
      )
    ),
    Effect.forkScoped
  )
  yield* environmentFiles.changes(projectFolder, local.name).pipe(
    Stream.runForEach(() => Queue.offer(triggers, { _tag: "EnvironmentChanged" })),
    Effect.forkScoped
  )
  yield* Effect.forkScoped(Effect.forever(Effect.flatMap(Queue.take(triggers), handle)))
  const developed: DevelopedFunction = {
    restart: Effect.asVoid(Queue.offer(triggers, { _tag: "Restart" })),
    failure: Effect.andThen(Fiber.join(watching), Effect.never)
  }
  return developed
})
