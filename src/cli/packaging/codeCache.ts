/**
 * The V8 code cache of a function: what the functions that run at the start compile to.
 *
 * It is taken when the program has asked for its first event, and not, as Node's own compile cache is, before it runs.
 */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as ChildProcess from "effect/process/ChildProcess"
import * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import type { PackageFile } from "./packageFile.ts"
import * as trial from "./trial.ts"

export interface CodeCacheOptions extends Pick<trial.TrialOptions, "name" | "folder" | "environment" | "event"> {
  /** The Node that will run the function. */
  readonly node: string
  /** Whether to run the function until it asks for an event. */
  readonly trial: boolean
  /** The bundled `deployed/codeCache.ts`. */
  readonly recorder: string
}

export interface CodeCache {
  /** Nothing where the deployed function would refuse it. */
  readonly file: PackageFile | undefined
  readonly outcome: trial.Outcome | undefined
}

/**
 * With these the same program has the same cache: strings are ordered by a hash, functions that have not run for a while
 * lose their code, and those that have run often are marked when a thread beside has compiled them.
 */
const reproducible = ["--hash-seed=1", "--no-flush-bytecode", "--no-sparkplug", "--no-concurrent-recompilation"]

const recorderName = "codeCache.cjs"

export const take = Effect.fnUntraced(function*(options: CodeCacheOptions) {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const spawner = yield* ChildProcessSpawner.ChildProcessSpawner
  // It loads the program as the deployed function does, from the same folder.
  const recorder = path.join(options.folder, recorderName)
  const target = path.join(options.folder, "program.cache")
  yield* fileSystem.writeFileString(recorder, options.recorder)
  const recording = (mode: "record" | "compile") => [...reproducible, recorder, mode, target]
  const exitCode = (arguments_: ReadonlyArray<string>) =>
    spawner.exitCode(
      ChildProcess.make(options.node, arguments_, { env: {}, stdin: "ignore", stdout: "ignore", stderr: "ignore" })
    )

  const outcome = options.trial
    ? yield* trial.run({ ...options, command: options.node, arguments: recording("record"), endWith: "SIGUSR2" })
    : undefined
  // A program that was killed has left none.
  if (!(yield* fileSystem.exists(target))) yield* exitCode(recording("compile"))
  const accepted = (yield* exitCode([recorder, "check", target])) === 0
  const file: PackageFile | undefined = accepted
    ? { path: "program.cache", bytes: yield* fileSystem.readFile(target), executable: false }
    : undefined
  yield* fileSystem.remove(recorder)
  if (!accepted) yield* fileSystem.remove(target, { force: true })
  const codeCache: CodeCache = { file, outcome }
  return codeCache
})
