/**
 * What is built, and how.
 */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import * as functionName from "../functionName.ts"
import { BuildError, EntryMissing, InvalidSetting } from "./BuildError.ts"

/** What runs the function: a managed Node.js runtime, a runtime with only an operating system, or a container image. */
export type Target = "node22" | "node24" | "provided.al2023" | "image"

/** A major version of Node.js. */
export type NodeMajor = "22" | "24"

export type Architecture = "x64" | "arm64"

export interface BuildOptions {
  /** The file that calls `NodeLambda.runMain`. */
  readonly entry: string
  /** 1 to 64 letters, digits, hyphens and underscores. Default: of `hello/main.ts` and of `hello.ts` it is `hello`. */
  readonly name?: string | undefined
  /** Where the folder of the function, its zip file and its manifest go. Default: `dist`. */
  readonly output?: string | undefined
  /** Default: `node24`. */
  readonly target?: Target | undefined
  /** The Node that runs the function. Default: that of a managed runtime, else 24. */
  readonly nodeMajor?: NodeMajor | undefined
  /** Whether a package for `provided.al2023` has a Node of its own. Default: false, and a layer has to bring one. */
  readonly withNode?: boolean | undefined
  /** The processor that runs the function. Default: that of this machine. */
  readonly architecture?: Architecture | undefined
  /** Packages to leave out of the bundle, which then have to be in a layer or a resource. */
  readonly external?: ReadonlyArray<string> | undefined
  /** Files, folders and globs below the folder of the entry, which the package has under the same paths. */
  readonly resources?: ReadonlyArray<string> | undefined
  /** Default: true. */
  readonly minify?: boolean | undefined
  /** Whether the package has a source map, and stack traces lead to the sources. Default: false. */
  readonly sourceMap?: boolean | undefined
  /** Whether the package has a V8 code cache, with which it starts much sooner. Default: true. */
  readonly codeCache?: boolean | undefined
  /** Whether the function is started once, up to its first poll, which builds its layers. Default: true. */
  readonly trial?: boolean | undefined
  /**
   * An event for the function to serve in that trial, so that the code cache has what an invocation runs: the first one on
   * Lambda then takes about half as long. Default: none, because whatever the function does it does here too.
   */
  readonly event?: string | undefined
  /** Variables of that trial, which has those of Lambda, and no others of this process. */
  readonly environment?: Readonly<Record<string, string>> | undefined
  /** The Node to make the code cache with: no other version can use it. Default: the one that runs the build. */
  readonly node?: Node | undefined
  /** How many bytes the zip file may have. Default: any number. */
  readonly maxSize?: number | undefined
}

/** A Node on this machine. */
export interface Node {
  readonly path: string
  /** As in `24.21.0`. */
  readonly version: string
  /** As `process.arch` says it. */
  readonly architecture: string
  /** As `process.platform` says it. */
  readonly platform: string
  /** Whether its binary is all of it, as of those from nodejs.org: distributions put parts into shared libraries. */
  readonly selfContained: boolean
}

export interface Settings {
  /** As it was given, for messages. */
  readonly entry: string
  /** Absolute. */
  readonly entryFile: string
  readonly name: string
  /** Absolute. */
  readonly output: string
  readonly target: Target
  readonly nodeMajor: NodeMajor
  readonly withNode: boolean
  readonly architecture: Architecture
  readonly external: ReadonlyArray<string>
  readonly resources: ReadonlyArray<string>
  readonly minify: boolean
  readonly sourceMap: boolean
  readonly codeCache: boolean
  readonly trial: boolean
  readonly event: string | undefined
  readonly environment: Readonly<Record<string, string>>
  readonly node: Node
  readonly maxSize: number
}

export const decode = Effect.fnUntraced(function*(
  options: BuildOptions
): Effect.fn.Return<Settings, BuildError | PlatformError, FileSystem.FileSystem | Path.Path> {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const { entry, node = thisNode } = options
  const entryFile = path.resolve(entry)
  if (!(yield* fileSystem.exists(entryFile)) || (yield* fileSystem.stat(entryFile)).type !== "File") {
    return yield* new BuildError({ reason: new EntryMissing({ entry }) })
  }
  const name = options.name ?? functionName.ofEntry(path, entryFile)
  if (!functionName.isValid(name)) {
    return yield* invalid("name", name, "1 to 64 letters, digits, hyphens or underscores: choose one with --name")
  }
  const architecture = options.architecture ?? node.architecture
  if (architecture !== "x64" && architecture !== "arm64") {
    return yield* invalid("architecture", architecture, "x64 or arm64")
  }
  const target = options.target ?? "node24"
  const managedMajor = target === "node22" ? "22" : target === "node24" ? "24" : undefined
  const nodeMajor = options.nodeMajor ?? managedMajor ?? "24"
  if (managedMajor !== undefined && nodeMajor !== managedMajor) {
    return yield* invalid("node", nodeMajor, `${managedMajor}, or left out, with the target ${target}`)
  }
  const withNode = options.withNode ?? false
  if (withNode && target !== "provided.al2023") {
    return yield* invalid("with-node", "true", `left out with the target ${target}, which brings a Node.js`)
  }
  return {
    entry,
    entryFile,
    name,
    output: path.resolve(options.output ?? "dist"),
    target,
    nodeMajor,
    withNode,
    architecture,
    external: options.external ?? [],
    resources: options.resources ?? [],
    minify: options.minify ?? true,
    sourceMap: options.sourceMap ?? false,
    codeCache: options.codeCache ?? true,
    trial: options.trial ?? true,
    event: options.event,
    environment: options.environment ?? {},
    node,
    maxSize: options.maxSize ?? Number.POSITIVE_INFINITY
  }
})

const invalid = (setting: string, value: string, expected: string) =>
  new BuildError({ reason: new InvalidSetting({ setting, value, expected }) })

const thisNode: Node = {
  path: process.execPath,
  version: process.versions.node,
  architecture: process.arch,
  platform: process.platform,
  selfContained: !Object.entries(process.config.variables)
    .some(([name, value]) => name.startsWith("node_shared") && value === true)
}

/** Whether the Node of this machine could run the function. */
export const isOfFunction = ({ architecture, node, nodeMajor }: Settings): boolean =>
  node.version.split(".", 1)[0] === nodeMajor && node.architecture === architecture && node.platform === "linux"

/** Why this Node cannot make a code cache for the function. */
export const codeCacheObstacle = (settings: Settings): string | undefined => {
  if (isOfFunction(settings)) return undefined
  const { architecture, node, nodeMajor } = settings
  return `the function runs on node${nodeMajor} for linux-${architecture}, and a cache made here would be for ` +
    `node${node.version.split(".", 1)[0]} for ${node.platform}-${node.architecture}`
}
