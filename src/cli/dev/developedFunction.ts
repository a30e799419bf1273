/**
 * A function while it is developed: built again after every change, and replaced by what is built when that is ready.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FiberSet from "effect/FiberSet"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import type { LocalFunction } from "../../LocalServer.ts"
import * as functionVariables from "../functionVariables.ts"
import type { BuildError } from "../packaging/BuildError.ts"
import { Bundler } from "../packaging/Bundler.ts"
import * as environmentFiles from "./environmentFiles.ts"
import * as Generation from "./generation.ts"

export interface Options {
  readonly local: LocalFunction
  /** Absolute. */
  readonly entry: string
  readonly folder: string
  /** Where the `.env` files are. */
  readonly projectFolder: string
  /** Where the bundle goes. */
  readonly file: string
  readonly nodeFlags: ReadonlyArray<string>
  readonly external: ReadonlyArray<string>
  readonly variables: Readonly<Record<string, string>>
  readonly output: Generation.Options["output"]
  readonly tell: (news: News) => Effect.Effect<void>
}

export type News =
  | { readonly _tag: "Ready"; readonly isFirst: boolean; readonly buildTime: number; readonly startTime: number }
  | { readonly _tag: "NotBuilt"; readonly problem: string; readonly isServing: boolean }
  | { readonly _tag: "NotStarted"; readonly exitCode: number; readonly isServing: boolean }
  | { readonly _tag: "Ended"; readonly exitCode: number; readonly isStartedAgain: boolean }
  | { readonly _tag: "Failed"; readonly problem: string }

type Trigger =
  | { readonly _tag: "Built"; readonly duration: number }
  | { readonly _tag: "NotBuilt"; readonly error: BuildError }
  | { readonly _tag: "Restart" }
  | { readonly _tag: "Ended"; readonly generation: Generation.Generation; readonly exitCode: number }

export interface DevelopedFunction {
  readonly restart: Effect.Effect<void>
  /** Fails when nothing can be built, whatever changes. */
  readonly failure: Effect.Effect<never, BuildError>
}

/** What ends sooner would end again: it is started when something has changed. In milliseconds. */
const shortestLife = 1_000

/** Goes on in the background until the scope is closed. */
export const make = Effect.fnUntraced(function*(options: Options) {
  const { entry, external, file, folder, local, nodeFlags, output, projectFolder, tell } = options
  const { watch } = yield* Bundler
  const triggers = yield* Queue.unbounded<Trigger>()
  const retiring = yield* FiberSet.make<void>()
  let current: Generation.Generation | undefined
  let isBuilt = false
  let isFirst = true
  let readyAt = 0

  const replace = Effect.fnUntraced(function*(buildTime: number) {
    const variables = {
      ...(yield* environmentFiles.read(projectFolder, local.name)),
      ...options.variables,
      ...functionVariables.make({ name: local.name, folder }, local.runtimeApi)
    }
    const started = yield* Generation.start({ local, file, folder, nodeFlags, variables, output })
    if (!("retire" in started)) {
      return yield* tell({ _tag: "NotStarted", exitCode: started.exitCode, isServing: current !== undefined })
    }
    const old = current
    current = started
    readyAt = yield* Clock.currentTimeMillis
    yield* FiberSet.run(
      retiring,
      Effect.flatMap(
        started.exitCode,
        (exitCode) => Effect.asVoid(Queue.offer(triggers, { _tag: "Ended", generation: started, exitCode }))
      )
    )
    yield* tell({ _tag: "Ready", isFirst, buildTime, startTime: started.startTime })
    isFirst = false
    if (old !== undefined) yield* FiberSet.run(retiring, old.retire)
  })

  const handle = Effect.fnUntraced(function*(trigger: Trigger) {
    switch (trigger._tag) {
      case "Built":
        isBuilt = true
        return yield* replace(trigger.duration)
      case "NotBuilt":
        return yield* tell({ _tag: "NotBuilt", problem: trigger.error.message, isServing: current !== undefined })
      case "Restart":
        return isBuilt ? yield* replace(0) : undefined
      case "Ended": {
        if (trigger.generation !== current) return
        current = undefined
        const isStartedAgain = (yield* Clock.currentTimeMillis) - readyAt >= shortestLife
        yield* tell({ _tag: "Ended", exitCode: trigger.exitCode, isStartedAgain })
        return isStartedAgain ? yield* replace(0) : undefined
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
  const handleNext = Effect.catch(
    Effect.flatMap(Queue.take(triggers), handle),
    ({ message }) => tell({ _tag: "Failed", problem: message })
  )
  yield* Effect.forkScoped(Effect.forever(handleNext))
  const developed: DevelopedFunction = {
    restart: Effect.asVoid(Queue.offer(triggers, { _tag: "Restart" })),
    failure: Effect.andThen(Fiber.join(watching), Effect.never)
  }
  return developed
})
