/**
 * A PostgreSQL of a test's own, from the packages of Debian: `apt-get install postgresql`.
 */
import * as Effect from "effect/Effect"
import { execFileSync, spawn } from "node:child_process"
import { once } from "node:events"
import * as fs from "node:fs"
import * as net from "node:net"
import * as os from "node:os"
import * as path from "node:path"
import { createInterface } from "node:readline"

const versions = "/usr/lib/postgresql"

const programs = fs.existsSync(versions)
  ? fs.readdirSync(versions).map((version) => path.join(versions, version, "bin")).find((folder) =>
    fs.existsSync(path.join(folder, "initdb"))
  )
  : undefined

/** Root may not run a server, so that it is run as whom the packages have made for it. */
const user = process.getuid?.() === 0 && programs !== undefined
  ? { uid: idOf("-u"), gid: idOf("-g") }
  : {}

function idOf(option: string): number {
  return Number(execFileSync("id", [option, "postgres"], { encoding: "utf8" }))
}

/** Whether one can be started here. */
export const isInstalled = programs !== undefined

const freePort = Effect.promise(async () => {
  const server = net.createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  const port = address !== null && typeof address === "object" ? address.port : 0
  server.close()
  await once(server, "close")
  return port
})

/** An empty database, and what it says. It is gone when the scope closes. */
export const start = Effect.gen(function*() {
  const bin = programs ?? ""
  const folder = yield* Effect.acquireRelease(
    Effect.sync(() => {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), "postgres-"))
      if (user.uid !== undefined) fs.chownSync(folder, user.uid, user.gid)
      return folder
    }),
    (folder) => Effect.sync(() => fs.rmSync(folder, { recursive: true, force: true }))
  )
  const data = path.join(folder, "data")
  execFileSync(path.join(bin, "initdb"), ["--no-sync", "-A", "trust", "-U", "app", "-D", data], {
    ...user,
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"]
  })
  const port = yield* freePort
  const settings = { listen_addresses: "127.0.0.1", log_connections: "on", log_disconnections: "on", fsync: "off" }
  const lines: Array<string> = []
  const watchers = new Set<() => void>()
  yield* Effect.acquireRelease(
    Effect.sync(() => {
      const child = spawn(path.join(bin, "postgres"), [
        "-D",
        data,
        "-k",
        folder,
        "-p",
        String(port),
        ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])
      ], { ...user, cwd: folder, stdio: ["ignore", "ignore", "pipe"] })
      createInterface(child.stderr).on("line", (line) => {
        lines.push(line)
        for (const watch of watchers) watch()
      })
      return child
    }),
    (child) =>
      Effect.promise(async () => {
        if (child.exitCode !== null) return
        const exited = once(child, "exit")
        // At once: nobody waits for clients here.
        child.kill("SIGQUIT")
        await exited
      })
  )
  /** The first line of its log that matches, as soon as it is there. */
  const logged = (pattern: RegExp) =>
    Effect.callback<string>((resume) => {
      const watch = () => {
        const line = lines.find((line) => pattern.test(line))
        if (line !== undefined) resume(Effect.succeed(line))
      }
      watchers.add(watch)
      watch()
      return Effect.sync(() => watchers.delete(watch))
    })
  yield* logged(/ready to accept connections/)
  return { url: `postgres://app@127.0.0.1:${port}/postgres`, lines, logged }
})
