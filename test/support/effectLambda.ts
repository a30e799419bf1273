/**
 * The command line as a person runs it: in a process of its own.
 */
import { spawn } from "node:child_process"
import * as path from "node:path"
import { text } from "node:stream/consumers"
import { projectFolder } from "../doctest/docstrings.ts"

export interface Told {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** In the project's folder. */
export const effectLambda = async (...args: ReadonlyArray<string>): Promise<Told> => {
  const child = spawn(process.execPath, [path.join(projectFolder, "src/cli/main.ts"), ...args], {
    cwd: projectFolder,
    stdio: ["ignore", "pipe", "pipe"]
  })
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve))
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exited])
  return { exitCode, stdout, stderr }
}
