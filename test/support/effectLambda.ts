/**
 * The command line as a person runs it: in a process of its own.
 */
import * as Effect from "effect/Effect"
import { spawn } from "node:child_process"
import * as path from "node:path"
import { text } from "node:stream/consumers"
import { projectFolder } from "../doctest/docstrings.ts"

export interface Told {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Surroundings {
  /** The working folder. Default: the project's. */
  readonly folder?: string | undefined
  readonly input?: string | Uint8Array | undefined
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined
}

/** As if a package were not installed. */
export const without = (name: string) => ({
  NODE_OPTIONS: `--import=data:text/javascript,${
    encodeURIComponent(`
      import { registerHooks } from "node:module"
      registerHooks({
        resolve(specifier, context, next) {
          if (specifier === ${JSON.stringify(name)}) throw new Error("not installed")
          return next(specifier, context)
        }
      })`)
  }`
})

export const withoutRolldown = without("rolldown")

export const runIn = async (surroundings: Surroundings, args: ReadonlyArray<string>): Promise<Told> => {
  const child = spawn(process.execPath, [path.join(projectFolder, "src/cli/main.ts"), ...args], {
    cwd: surroundings.folder ?? projectFolder,
    // As from a shell, whoever runs the tests.
    env: { ...process.env, npm_config_user_agent: undefined, ...surroundings.environment },
    stdio: ["pipe", "pipe", "pipe"]
  })
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve))
  // What does not read its input may have closed it.
  child.stdin.on("error", () => {}).end(surroundings.input)
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exited])
  return { exitCode, stdout, stderr }
}

export const effectLambda = (...args: ReadonlyArray<string>): Promise<Told> => runIn({}, args)

export const run = (args: ReadonlyArray<string>, surroundings: Surroundings = {}): Effect.Effect<Told> =>
  Effect.promise(() => runIn(surroundings, args))
