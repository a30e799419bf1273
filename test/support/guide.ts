/**
 * A Markdown page that is to be followed: its files are written and its commands are run, as by a person who pastes them.
 *
 * A fence with a path after its language is a file of the project. `sh` is what is typed into a terminal, `json` what the
 * last command prints, and `text` what it says when it fails. Sections whose title has AWS in it are for another day.
 */
import { assert } from "@effect/vitest"
import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import * as fs from "node:fs"
import * as path from "node:path"
import manifest from "../../package.json" with { type: "json" }
import { projectFolder } from "../doctest/docstrings.ts"

interface Block {
  readonly language: string
  readonly file: string
  readonly content: string
}

const readBlocks = (page: string): ReadonlyArray<Block> => {
  const sections = fs.readFileSync(path.join(projectFolder, page), "utf8").split(/^(?=## )/m)
  const local = sections.filter((section) => !/^## .*\bAWS\b/.test(section)).join("")
  return Array.from(
    local.matchAll(/^```(\w+) ?(\S*)\n([^]*?)^```$/gm),
    ([, language = "", file = "", content = ""]) => ({ language, file, content })
  )
}

/** What `npm ci` would bring about: the package, and its program under both of its names. */
const install = (folder: string): void => {
  const modules = path.join(folder, "node_modules")
  fs.mkdirSync(path.join(modules, ".bin"), { recursive: true })
  fs.symlinkSync(projectFolder, path.join(modules, manifest.name))
  const program = `#!/bin/sh\nexec "${process.execPath}" "${
    path.join(projectFolder, manifest.bin["effect-lambda"])
  }" "$@"\n`
  for (const name of ["effect-lambda", manifest.name]) {
    fs.writeFileSync(path.join(modules, ".bin", name), program, { mode: 0o755 })
  }
}

const environment = {
  ...process.env,
  // The same Node for all.
  PATH: `${path.dirname(process.execPath)}:${process.env["PATH"]}`,
  npm_config_update_notifier: "false",
  npm_config_offline: "true",
  // Nobody: what other tests have left in npm's cache makes no difference.
  npm_config_registry: "http://127.0.0.1:9"
}

interface Server {
  readonly child: ChildProcess
  /** Where a test ends before the server. */
  readonly kill: () => void
  readonly address: string
}

/** Starts the local server on a free port, and waits for the function. */
const serve = async (command: string, folder: string): Promise<Server> => {
  // A process group, because npm does not pass signals on to what it runs.
  const child = spawn("/bin/sh", ["-c", `${command} -- --port 0`], { cwd: folder, env: environment, detached: true })
  const kill = () => process.kill(-child.pid!, "SIGKILL")
  process.once("exit", kill)
  let said = ""
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        said += text
        if (/ is ready: /.test(said)) resolve()
      })
    }
    child.on("exit", () => reject(new Error(`${command} ended:\n${said}`)))
  })
  const address = /listens on (http:\/\/[\d.:]+)\/invoke/.exec(said)?.[1]
  assert.isDefined(address, said)
  return { child, kill, address }
}

const end = async ({ child, kill }: Server): Promise<void> => {
  const closed = once(child, "close")
  process.kill(-child.pid!, "SIGTERM")
  await closed
  process.off("exit", kill)
}

/** Follows a page in an empty folder below the project's `build`; tells how many commands there were. */
export const follow = async (page: string, folder: string): Promise<number> => {
  install(folder)
  let place = folder
  let server: Server | undefined
  let last = { command: "", status: 0, stdout: "", stderr: "" }
  let commands = 0
  const expectSuccess = () => assert.strictEqual(last.status, 0, `${last.command}\n${last.stdout}\n${last.stderr}`)
  try {
    for (const { content, file, language } of readBlocks(page)) {
      if (file !== "") {
        fs.mkdirSync(path.dirname(path.join(place, file)), { recursive: true })
        fs.writeFileSync(path.join(place, file), content)
      } else if (language === "json") {
        assert.include(last.stdout, content.trimEnd(), last.command)
      } else if (language === "text") {
        assert.notStrictEqual(last.status, 0, last.command)
        assert.include(last.stderr, content.trimEnd(), last.command)
        last.status = 0
      } else if (language === "sh") {
        for (const command of content.trimEnd().split("\n")) {
          expectSuccess()
          commands++
          if (command === "npm ci") continue
          if (command.startsWith("cd ")) {
            place = path.join(place, command.slice("cd ".length))
          } else if (command === "npm run dev") {
            server = await serve(command, place)
          } else {
            last = { command, ...run(command, place, server?.address) }
          }
        }
      } else assert.fail(`${page} has a fence of ${language}`)
    }
    expectSuccess()
  } finally {
    if (server !== undefined) await end(server)
  }
  return commands
}

const run = (command: string, folder: string, address: string | undefined) => {
  const endpoint = !/\binvoke\b/.test(command) || address === undefined
    ? ""
    : `${command.startsWith("npm run ") ? " --" : ""} --endpoint ${address}`
  const { status, stderr, stdout } = spawnSync("/bin/sh", ["-c", `${command}${endpoint}`], {
    cwd: folder,
    env: environment,
    encoding: "utf8"
  })
  return { status: status ?? 1, stderr, stdout }
}
