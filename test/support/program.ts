/**
 * A TypeScript program in a process of its own, as a user starts it.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"

export interface Program {
  /** The first match in what the program has printed on standard output, as soon as it is there. */
  readonly printed: (pattern: RegExp) => Effect.Effect<RegExpExecArray, ProgramExit>
  readonly kill: (signal: NodeJS.Signals) => Effect.Effect<void>
  /** Waits until the program has ended and everything it printed has arrived. */
  readonly exit: Effect.Effect<ProgramExit>
}

export interface ProgramExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Starts a program; `path` is relative to the project's folder. Nothing of this process's Lambda variables is passed on. */
export const start = (
  path: string,
  variables: Readonly<Record<string, string>> = {}
): Effect.Effect<Program, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => {
        const child = spawn(process.execPath, [fileURLToPath(new URL(`../../${path}`, import.meta.url))], {
          env: { PATH: process.env.PATH, ...variables },
          stdio: ["ignore", "pipe", "pipe"]
        })
        const exit = Deferred.makeUnsafe<ProgramExit>()
        const watchers = new Set<() => void>()
        let stdout = ""
        let stderr = ""
        child.stdout.setEncoding("utf8").on("data", (text: string) => {
          stdout += text
          for (const watch of watchers) watch()
        })
        child.stderr.setEncoding("utf8").on("data", (text: string) => {
          stderr += text
        })
        child.on("close", (code, signal) => {
          Deferred.doneUnsafe(exit, Effect.succeed({ code, signal, stdout, stderr }))
        })
        const printed = (pattern: RegExp) =>
          Effect.raceFirst(
            Effect.callback<RegExpExecArray>((resume) => {
              const watch = () => {
                const match = pattern.exec(stdout)
                if (match !== null) resume(Effect.succeed(match))
              }
              watchers.add(watch)
              watch()
              return Effect.sync(() => watchers.delete(watch))
            }),
            Effect.flatMap(Deferred.await(exit), Effect.fail)
          )
        return { child, exit: Deferred.await(exit), printed }
      }),
      ({ child, exit }) => Effect.suspend(() => child.kill("SIGKILL") ? exit : Effect.void)
    ),
    ({ child, exit, printed }) => ({
      printed,
      exit,
      kill: (signal) => Effect.sync(() => void child.kill(signal))
    })
  )
