/**
 * Functions as they are deployed: built, unzipped by somebody else, and started through their `bootstrap`.
 */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Digest from "effect/crypto/Digest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as ChildProcess from "effect/process/ChildProcess"
import * as Stream from "effect/Stream"
import * as fs from "node:fs"
import * as path from "node:path"
import * as zlib from "node:zlib"
import * as Build from "../../src/cli/packaging/build.ts"
import * as Bundler from "../../src/cli/packaging/Bundler.ts"
import type { BuildOptions } from "../../src/cli/packaging/settings.ts"
import * as LocalServer from "../../src/LocalServer.ts"
import { projectFolder } from "../doctest/docstrings.ts"
import * as localServer from "./localServer.ts"

const tools = Layer.mergeAll(NodeServices.layer, Bundler.layer, Digest.layerWebCrypto)

/** Paths are relative to the project. */
export const build = (options: BuildOptions) =>
  Effect.provide(Build.build({ ...options, entry: path.resolve(projectFolder, options.entry) }), tools)

/** A folder below the project, so that what is in it finds the project's dependencies. It is removed in the end. */
export const temporaryFolder = (name: string): string => {
  const parent = path.join(projectFolder, "build")
  fs.mkdirSync(parent, { recursive: true })
  return fs.mkdtempSync(path.join(parent, `${name}-`))
}

/**
 * Unpacks a zip file by its central directory, as Lambda does.
 *
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export const unzip = (archive: string, folder: string): void => {
  const zip = fs.readFileSync(archive)
  const end = zip.lastIndexOf("PK\x05\x06", undefined, "latin1")
  let at = zip.readUInt32LE(end + 16)
  for (let entry = 0; entry < zip.readUInt16LE(end + 10); entry++) {
    const nameLength = zip.readUInt16LE(at + 28)
    const name = zip.toString("utf8", at + 46, at + 46 + nameLength)
    const mode = zip.readUInt32LE(at + 38) >>> 16
    const header = zip.readUInt32LE(at + 42)
    const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28)
    const data = zip.subarray(start, start + zip.readUInt32LE(at + 20))
    const target = path.join(folder, name)
    fs.mkdirSync(path.dirname(target), { recursive: true })
    fs.writeFileSync(target, zip.readUInt16LE(at + 10) === 8 ? zlib.inflateRawSync(data) : data)
    fs.chmodSync(target, mode & 0o777)
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  }
}

export interface Start {
  readonly folder: string
  readonly arguments?: ReadonlyArray<string> | undefined
  readonly environment?: Readonly<Record<string, string>> | undefined
}

/** The command line that Lambda's own runtime would be started with, which its exec wrapper gets. */
export const managedCommand = [
  process.execPath,
  "--expose-gc",
  "--max-semi-space-size=25",
  "--max-old-space-size=460",
  "/var/runtime/index.mjs"
]

/** Starts a package for the local server at hand. */
export const start = Effect.fnUntraced(function*({ arguments: rest = [], environment, folder }: Start) {
  const { address } = yield* LocalServer.LocalServer
  return yield* ChildProcess.make(path.join(folder, "bootstrap"), rest, {
    env: { PATH: path.dirname(process.execPath), AWS_LAMBDA_RUNTIME_API: address, ...environment },
    stdin: "ignore",
    stdout: "ignore",
    killSignal: "SIGTERM",
    forceKillAfter: "5 seconds"
  })
}, Effect.provide(NodeServices.layer))

export interface Answer {
  readonly status: number
  readonly text: string
  /** Everything that the process has written to standard error. */
  readonly stderr: string
}

/** Starts a package, has it answer one event, and ends it. */
export const answer = (options: Start, event: unknown): Effect.Effect<Answer> =>
  Effect.gen(function*() {
    const child = yield* start(options)
    const output = yield* Effect.forkScoped(Stream.mkString(Stream.decodeText(child.stderr)))
    const { status, text } = yield* Effect.raceFirst(
      localServer.invoke(JSON.stringify(event)),
      Effect.flatMap(Fiber.join(output), (stderr) => Effect.die(new Error(`it ended without an answer: ${stderr}`)))
    )
    yield* child.kill()
    return { status, text, stderr: yield* Fiber.join(output) }
  }).pipe(Effect.scoped, Effect.provide(LocalServer.layerTest), Effect.orDie)

/** Starts a package, and ends it with SIGTERM once it has asked for an event. */
export const ended = (options: Start) =>
  Effect.gen(function*() {
    const child = yield* start(options)
    const output = yield* Effect.forkScoped(Stream.mkString(Stream.decodeText(child.stderr)))
    yield* localServer.until({ polls: 1 })
    yield* child.kill()
    return { exitCode: yield* child.exitCode, stderr: yield* Fiber.join(output) }
  }).pipe(Effect.scoped, Effect.provide(LocalServer.layerTest), Effect.orDie)
