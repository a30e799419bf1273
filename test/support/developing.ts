/**
 * `effect-lambda dev` in a folder of its own, as a person runs it.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import { spawn } from "node:child_process"
import * as fs from "node:fs"
import * as http from "node:http"
import * as path from "node:path"
import { projectFolder } from "../doctest/docstrings.ts"
import * as builtFunction from "./builtFunction.ts"

export interface Developing {
  readonly folder: string
  readonly write: (file: string, content: string) => void
  /** Waits for the next match in what the command says, behind the last one that was waited for. */
  readonly says: (pattern: RegExp) => Effect.Effect<RegExpExecArray>
  /** All that standard output has had. */
  readonly printed: () => string
  /** All that standard output and standard error have had. */
  readonly said: () => string
  readonly address: string
  readonly invoke: (
    functionName: string,
    event: unknown
  ) => Effect.Effect<{ readonly status: number; readonly body: unknown }>
  readonly type: (keys: string) => Effect.Effect<void>
  readonly kill: (signal: NodeJS.Signals) => Effect.Effect<void>
  readonly exit: Effect.Effect<number | null>
}

export const folder = Effect.acquireRelease(
  Effect.sync(() => builtFunction.temporaryFolder("cli-dev")),
  (folder) => Effect.sync(() => fs.rmSync(folder, { recursive: true, force: true }))
)

const entry = path.join(projectFolder, "src/cli/main.ts")

export interface Options {
  readonly files: Readonly<Record<string, string>>
  readonly args?: ReadonlyArray<string>
  readonly environment?: Readonly<Record<string, string>>
  /** On a terminal. */
  readonly terminal?: boolean
}

export const start = Effect.fnUntraced(function*({ args = [], environment, files, terminal = false }: Options) {
  const folderPath = yield* folder
  const write = (file: string, content: string) => {
    fs.mkdirSync(path.dirname(path.join(folderPath, file)), { recursive: true })
    fs.writeFileSync(path.join(folderPath, file), content)
  }
  for (const [file, content] of Object.entries(files)) write(file, content)
  const command = [process.execPath, entry, "dev", "--port", "0", ...args]
  const exited = Deferred.makeUnsafe<number | null>()
  const child = yield* Effect.acquireRelease(
    Effect.sync(() => {
      const options = { cwd: folderPath, env: { ...process.env, ...environment } }
      return terminal
        // Of util-linux: runs a command on a terminal of its own.
        ? spawn("script", ["-qefc", command.join(" "), "/dev/null"], options)
        : spawn(command[0]!, command.slice(1), options)
    }),
    // One that is killed leaves its functions behind.
    (child) =>
      Effect.sync(() => void child.kill("SIGTERM")).pipe(
        Effect.andThen(Deferred.await(exited)),
        Effect.timeoutOrElse({ duration: "20 seconds", orElse: () => Effect.sync(() => void child.kill("SIGKILL")) })
      )
  )
  child.on("close", (code) => Deferred.doneUnsafe(exited, Effect.succeed(code)))
  let said = ""
  let printed = ""
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text
  })
  const watchers = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text
      for (const watch of watchers) watch()
    })
  }
  let heard = 0
  const says = (pattern: RegExp) =>
    Effect.raceFirst(
      Effect.callback<RegExpExecArray>((resume) => {
        const watch = () => {
          const match = pattern.exec(said.slice(heard))
          if (match === null) return
          heard += match.index + match[0].length
          watchers.delete(watch)
          resume(Effect.succeed(match))
        }
        watchers.add(watch)
        watch()
        return Effect.sync(() => watchers.delete(watch))
      }),
      Effect.flatMap(Deferred.await(exited), (code) => Effect.die(new Error(`dev ended with ${code}:\n${said}`)))
    )
  const [, address = ""] = yield* says(/listens on http:\/\/([\d.:]+)\/invoke/)
  const developing: Developing = {
    folder: folderPath,
    write,
    says,
    printed: () => printed,
    said: () => said,
    address,
    invoke: (functionName, event) =>
      Effect.promise(async () => {
        const url = `http://${address}/2015-03-31/functions/${functionName}/invocations`
        const response = await fetch(url, { method: "POST", body: JSON.stringify(event) })
        return {
          status: response.headers.has("x-amz-function-error") ? 500 : response.status,
          body: await response.json()
        }
      }),
    type: (keys) => Effect.sync(() => void child.stdin.write(keys)),
    kill: (signal) => Effect.sync(() => void child.kill(signal)),
    exit: Deferred.await(exited)
  }
  return developing
})

/** A server that functions ask, and that answers when the test lets it. */
export const gate = Effect.gen(function*() {
  const waiting: Array<() => void> = []
  const watchers = new Set<() => void>()
  const server = http.createServer((_, response) => {
    waiting.push(() => response.end())
    for (const watch of watchers) watch()
  })
  yield* Effect.acquireRelease(
    Effect.callback<void>((resume) => void server.listen(0, "127.0.0.1", () => resume(Effect.void))),
    () => Effect.sync(() => server.close().closeAllConnections())
  )
  const address = server.address()
  return {
    url: `http://127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}`,
    /** Returns when so many wait. */
    wait: (count: number) =>
      Effect.callback<void>((resume) => {
        const watch = () => {
          if (waiting.length < count) return
          watchers.delete(watch)
          resume(Effect.void)
        }
        watchers.add(watch)
        watch()
      }),
    open: Effect.sync(() => {
      for (const release of waiting.splice(0)) release()
    })
  }
})
