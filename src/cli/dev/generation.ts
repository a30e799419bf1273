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
import * as debuggerDoor from "./debuggerDoor.ts"

export interface Options {
  readonly local: LocalFunction
  /** The bundle. */
  readonly file: string
  /** The working folder: that of the entry. */
  readonly folder: string
  /** Where debuggers come in, if they may. */
  readonly door: debuggerDoor.DebuggerDoor | undefined
  /** What is undefined, the process does not have, whatever the shell has. */
  readonly variables: Readonly<Record<string, string | undefined>>
  /** Where standard output has what this command prints for programs, what the function prints goes to standard error. */
  readonly output: "stdout" | "stderr"
}

export interface Generation {
  /** How long it took from the start to the first poll, in milliseconds. */
  readonly startTime: number
  /** How it ends, when it does. */
  readonly ending: Effect.Effect<Ending>
  /** Ends it when it has answered what it had. */
  readonly retire: Effect.Effect<void>
}

/** How a process has ended: one of them is there. */
export interface Ending {
  readonly exitCode: number | null
  /** As in `SIGABRT`. */
  readonly signal: string | null
}

/** It ended before it asked for an event. */
export interface Stillborn {
  readonly stillborn: Ending
}

/** What does not leave by itself is killed. */
const endPatience = "5 seconds"

const writeError = (bytes: Uint8Array) => Effect.sync(() => void process.stderr.write(bytes))

/** Runs until the scope is closed, or it is retired. */
export const start = Effect.fnUntraced(function*(
  { door, file, folder, local, output, variables }: Options
): Effect.fn.Return<Generation | Stillborn, PlatformError, ChildProcessSpawner | Scope.Scope> {
  const scope = yield* Scope.fork(yield* Effect.scope)
  return yield* Effect.gen(function*() {
    const environment: LocalEnvironment = yield* local.environment
    const startedAt = yield* Clock.currentTimeMillis
    const nodeFlags = ["--enable-source-maps", ...door === undefined ? [] : debuggerDoor.nodeFlags]
    const child = yield* ChildProcess.make(process.execPath, [...nodeFlags, file], {
      cwd: folder,
      env: { ...variables, AWS_LAMBDA_RUNTIME_API: environment.runtimeApi },
      extendEnv: true,
      stdin: "ignore",
      stdout: output === "stdout" ? "inherit" : "pipe",
      stderr: "inherit",
      ...door !== undefined && { additionalFds: { fd3: { type: "output" } } },
      forceKillAfter: endPatience
    })
    if (output === "stderr") {
      yield* Effect.forkScoped(Effect.ignore(Stream.runForEach(child.stdout, writeError)))
    }
    if (door !== undefined) {
      yield* Stream.mkString(Stream.decodeText(child.getOutputFd(3))).pipe(
        Effect.flatMap((url) => url === "" ? Effect.void : Scope.provide(door.lead(url), scope)),
        Effect.ignore,
        Effect.forkScoped
      )
    }
    const ending = Effect.match(child.exitCode, {
      onSuccess: (exitCode): Ending => ({ exitCode, signal: null }),
      onFailure: (error): Ending => ({ exitCode: null, signal: signalOf(error) })
    })
    const stillborn = yield* Effect.raceFirst(Effect.as(environment.ready, undefined), ending)
    if (stillborn !== undefined) {
      yield* Scope.close(scope, Exit.void)
      return { stillborn }
    }
    return {
      startTime: (yield* Clock.currentTimeMillis) - startedAt,
      ending,
      // What is open in its scope ends it.
      retire: Effect.andThen(Effect.raceFirst(environment.drain, ending), Scope.close(scope, Exit.void))
    }
  }).pipe(Scope.provide(scope), Effect.onError((cause) => Scope.close(scope, Exit.failCause(cause))))
})

/** The signal is in the words of the error only. */
const signalOf = ({ reason }: PlatformError): string => /SIG[A-Z]+/.exec(String(reason.cause))?.[0] ?? "a signal"
