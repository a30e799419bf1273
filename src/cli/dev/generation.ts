/**
 * One build of a function, running: a process that speaks the Runtime API with the local server.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { PlatformError } from "effect/PlatformError"
import * as ChildProcess from "effect/process/ChildProcess"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { LocalEnvironment, LocalFunction } from "../../LocalServer.ts"

export interface Options {
  readonly local: LocalFunction
  /** The bundle. */
  readonly file: string
  /** The working folder: that of the entry. */
  readonly folder: string
  readonly nodeFlags: ReadonlyArray<string>
  readonly variables: Readonly<Record<string, string>>
  /** Where standard output has what this command prints for programs, what the function prints goes to standard error. */
  readonly output: "stdout" | "stderr"
}

export interface Generation {
  /** How long it took from the start to the first poll, in milliseconds. */
  readonly startTime: number
  /** Its exit code, when it ends. */
  readonly exitCode: Effect.Effect<number>
  /** Ends it when it has answered what it had. */
  readonly retire: Effect.Effect<void>
}

/** It ended before it asked for an event. */
export interface Stillborn {
  readonly exitCode: number
}

/** What does not leave by itself is killed. */
const endPatience = "5 seconds"

const writeError = (bytes: Uint8Array) => Effect.sync(() => void process.stderr.write(bytes))

/** Runs until the scope is closed, or it is retired. */
export const start = Effect.fnUntraced(function*(
  { file, folder, local, nodeFlags, output, variables }: Options
): Effect.fn.Return<Generation | Stillborn, PlatformError, ChildProcessSpawner | Scope.Scope> {
  const scope = yield* Scope.fork(yield* Effect.scope)
  return yield* Effect.gen(function*() {
    const environment: LocalEnvironment = yield* local.environment
    const startedAt = yield* Clock.currentTimeMillis
    const child = yield* ChildProcess.make(process.execPath, ["--enable-source-maps", ...nodeFlags, file], {
      cwd: folder,
      env: { ...variables, AWS_LAMBDA_RUNTIME_API: environment.runtimeApi },
      extendEnv: true,
      stdin: "ignore",
      stdout: output === "stdout" ? "inherit" : "pipe",
      stderr: "inherit",
      forceKillAfter: endPatience
    })
    if (output === "stderr") {
      yield* Effect.forkScoped(Effect.ignore(Stream.runForEach(child.stdout, writeError)))
    }
    const exitCode = Effect.orElseSucceed(child.exitCode, () => -1)
    const died = yield* Effect.raceFirst(Effect.as(environment.ready, undefined), exitCode)
    if (died !== undefined) {
      yield* Scope.close(scope, Exit.void)
      return { exitCode: died }
    }
    return {
      startTime: (yield* Clock.currentTimeMillis) - startedAt,
      exitCode,
      retire: Effect.raceFirst(environment.drain, exitCode).pipe(
        Effect.andThen(Effect.ignore(child.kill({ killSignal: "SIGTERM", forceKillAfter: endPatience }))),
        Effect.andThen(Scope.close(scope, Exit.void))
      )
    }
  }).pipe(Scope.provide(scope), Effect.onError((cause) => Scope.close(scope, Exit.failCause(cause))))
})
