/**
 * One run of the command line: a build of hello, and the time from a change of it to its being served in development.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import * as path from "node:path"
import { createInterface } from "node:readline"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import { buildPath } from "./bundle.ts"

const commandLine = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url))

const hello = fileURLToPath(new URL("../functions/hello.ts", import.meta.url))

/** A change is measured so often, and the median counts. */
const changes = 5

export const measureTools = async (): Promise<Readonly<Record<"build" | "zip" | "zipCached" | "reload", number>>> => {
  const cached = await build()
  const plain = await build("--no-code-cache")
  return { build: cached.time, zip: plain.size, zipCached: cached.size, reload: await reload() }
}

/** Microseconds and bytes. */
const build = async (...flags: ReadonlyArray<string>) => {
  const before = performance.now()
  const child = spawn(process.execPath, [
    commandLine,
    "build",
    hello,
    "--output",
    buildPath("tools"),
    "--json",
    ...flags
  ], { stdio: ["ignore", "pipe", "inherit"] })
  const [output] = await Promise.all([text(child.stdout), once(child, "close")])
  const time = (performance.now() - before) * 1e3
  const { result }: { readonly result: { readonly size: number } } = JSON.parse(output)
  return { time, size: result.size }
}

/** From the change of a file to the first poll of what is built of it, in microseconds. */
const reload = async () => {
  const folder = mkdtempSync(buildPath("develop-"))
  const entry = path.join(folder, "hello.ts")
  for (const name of ["greeting.ts", "hello.ts"]) {
    const source = readFileSync(path.join(path.dirname(hello), name), "utf8")
    // As a user imports it: the folder is elsewhere.
    const imports = source.replaceAll(/"\.\.\/\.\.\/src\/(\w+)\.ts"/g, "\"effect-lambda-runtime/$1\"")
    writeFileSync(path.join(folder, name), imports)
  }
  const child = spawn(process.execPath, [commandLine, "dev", "hello.ts", "--port", "0", "--json"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"]
  })
  try {
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
    const ready = async () => {
      for (;;) {
        const { done, value } = await lines.next()
        if (done === true) throw new Error("effect-lambda dev has ended")
        if (value.includes("\"Ready\"")) return
        if (value.includes("\"Not")) throw new Error(value)
      }
    }
    await ready()
    const times: Array<number> = []
    const source = readFileSync(entry, "utf8")
    for (let change = 0; change < changes; change++) {
      const before = performance.now()
      writeFileSync(entry, `${source}// ${change}\n`)
      await ready()
      times.push((performance.now() - before) * 1e3)
    }
    return times.toSorted((a, b) => a - b)[changes >> 1] ?? Number.NaN
  } finally {
    child.kill("SIGTERM")
    await once(child, "close")
    rmSync(folder, { recursive: true, force: true })
  }
}
