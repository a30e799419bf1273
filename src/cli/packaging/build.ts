/**
 * From the sources of a function to what is deployed: a folder, a zip file of it, and a manifest.
 */
import type * as Config from "effect/Config"
import type * as Digest from "effect/crypto/Digest"
import * as Effect from "effect/Effect"
import type * as Zip from "effect/encoding/Zip"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import { isPlatformError, type PlatformError } from "effect/PlatformError"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import type { LocalServerError } from "../../LocalServerError.ts"
import * as platformProblem from "../platformProblem.ts"
import { BuildError, NeverPolled, OutputTaken, PlatformFailure, TooLarge } from "./BuildError.ts"
import type { BundledModule, Bundler } from "./Bundler.ts"
import * as codeCache from "./codeCache.ts"
import * as image from "./image.ts"
import * as limits from "./limits.ts"
import * as manifest from "./manifest.ts"
import * as nodeBinary from "./nodeBinary.ts"
import * as packageFile from "./packageFile.ts"
import * as program from "./program.ts"
import * as resources from "./resources.ts"
import * as settings from "./settings.ts"
import * as trial from "./trial.ts"

export interface Built {
  /** What is in the zip file. */
  readonly folder: string
  readonly zip: string
  readonly manifestFile: string
  readonly manifest: manifest.Manifest
  /** What makes an image of the folder. */
  readonly dockerfile: string | undefined
  /** What is in the bundle, the largest module first. */
  readonly modules: ReadonlyArray<BundledModule>
  /** What is not as it was asked for. */
  readonly notices: ReadonlyArray<string>
}

/**
 * Builds a function. Equal sources give an equal zip file, whatever the clock, the time zone, the umask or the user says.
 *
 * A build that fails leaves what an earlier one has made.
 */
export const build = (
  options: settings.BuildOptions
): Effect.Effect<
  Built,
  BuildError,
  Bundler | ChildProcessSpawner | Digest.Digest | FileSystem.FileSystem | Path.Path
> =>
  Effect.scoped(make(options)).pipe(
    Effect.catchTags({ PlatformError: fail, LocalServerError: fail, ConfigError: fail, ZipError: fail })
  )

const fail = (cause: PlatformError | LocalServerError | Config.ConfigError | Zip.ZipError) => {
  const description = isPlatformError(cause) ? platformProblem.describe(cause) : cause.message
  return Effect.fail(new BuildError({ reason: new PlatformFailure({ description, cause }) }))
}

const make = Effect.fnUntraced(function*(options: settings.BuildOptions) {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const decoded = yield* settings.decode(options)
  const { architecture, entryFile, maxSize, name, node, nodeMajor, output, target } = decoded
  const folder = path.join(output, name)
  yield* checkReplaceable(folder, entryFile)

  const nodeFiles = decoded.withNode ? [yield* nodeBinary.read(decoded)] : []
  const imageFiles = target === "image" ? image.files(nodeMajor) : []
  const taken = [...nodeFiles, ...imageFiles].map(({ path }) => path)
  const resourceFiles = yield* resources.read(path.dirname(entryFile), decoded.resources, taken)
  const bundled = yield* program.bundle(decoded)
  const files = [...bundled.files, ...nodeFiles, ...resourceFiles]
  const staging = path.join(output, `.${name}.building`)
  const removeStaging = fileSystem.remove(staging, { recursive: true, force: true })
  yield* Effect.acquireRelease(removeStaging, () => Effect.ignore(removeStaging))
  const stagedFolder = path.join(staging, name)
  yield* packageFile.write(stagedFolder, [...files, ...imageFiles])

  const { file: cacheFile, notices } = yield* start(decoded, bundled, stagedFolder)
  if (cacheFile !== undefined) {
    files.push(cacheFile)
    yield* packageFile.write(stagedFolder, [cacheFile])
  }
  const zip = yield* packageFile.zip(files)
  if (zip.length > maxSize) {
    const code = new Set(bundled.files)
    const largest = [
      ...bundled.modules.map(({ file, size }) => ({ file: path.relative("", file), size })),
      ...files.filter((file) => !code.has(file)).map(({ bytes, path }) => ({ file: path, size: bytes.length }))
    ].toSorted((a, b) => b.size - a.size).slice(0, 10)
    return yield* new BuildError({ reason: new TooLarge({ size: zip.length, limit: maxSize, largest }) })
  }
  const manifestFile = `${folder}.manifest.json`
  const entryFromOutput = path.relative(output, entryFile).replaceAll(path.sep, "/")
  const built: Built = {
    folder,
    zip: `${folder}.zip`,
    manifestFile,
    manifest: yield* manifest.make(
      {
        name,
        entry: entryFromOutput,
        target,
        node: nodeMajor,
        architecture,
        codeCache: cacheFile === undefined ? null : { node: node.version, size: cacheFile.bytes.length }
      },
      files,
      zip
    ),
    dockerfile: target === "image" ? path.join(folder, "Dockerfile") : undefined,
    modules: bundled.modules,
    notices: [
      ...bundled.notices,
      ...notices,
      ...limits.describe(target, files, zip),
      ...yield* describeReplaced(manifestFile, entryFromOutput)
    ]
  }
  const stagedZip = `${stagedFolder}.zip`
  const stagedManifest = `${stagedFolder}.manifest.json`
  yield* fileSystem.writeFile(stagedZip, zip)
  yield* fileSystem.writeFileString(stagedManifest, manifest.encode(built.manifest))
  // All of them are of one build, whoever ends this process when.
  yield* Effect.uninterruptible(Effect.gen(function*() {
    yield* fileSystem.remove(folder, { recursive: true, force: true })
    yield* fileSystem.rename(stagedFolder, folder)
    yield* fileSystem.rename(stagedZip, built.zip)
    yield* fileSystem.rename(stagedManifest, built.manifestFile)
  }))
  return built
})

/** All that is in the folder goes: it may be what an earlier build has made, and not somebody's sources. */
const checkReplaceable = Effect.fnUntraced(function*(folder: string, entryFile: string) {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  if (!(yield* fileSystem.exists(folder))) return
  const isFolder = (yield* fileSystem.stat(folder)).type === "Directory"
  const files = isFolder ? yield* fileSystem.readDirectory(folder) : []
  const holdsEntry = entryFile.startsWith(folder + path.sep)
  if (isFolder && !holdsEntry && (files.length === 0 || files.includes("bootstrap"))) return
  return yield* new BuildError({ reason: new OutputTaken({ path: path.relative("", folder) || folder }) })
})

/** Two functions of one name would take turns. */
const describeReplaced = Effect.fnUntraced(function*(manifestFile: string, entry: string) {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const earlier = yield* Effect.option(fileSystem.readFileString(manifestFile))
  const replaced = Option.getOrUndefined(Option.flatMap(earlier, manifest.decode))?.entry ?? entry
  if (replaced === entry) return []
  const file = path.relative("", path.resolve(path.dirname(manifestFile), replaced))
  return [`this replaces what was built from ${file}: for both to stay, choose another --name`]
})

/** Starts what lies in the folder, and takes its code cache. */
const start = Effect.fnUntraced(function*(
  decoded: settings.Settings,
  { kind, main, nodeFlags }: program.Program,
  folder: string
) {
  const { entry, environment, event, name, node } = decoded
  const shared = { name, folder, environment, event }
  const { file, outcome } = kind === "script"
    ? yield* codeCache.take({
      ...shared,
      node: node.path,
      trial: decoded.trial,
      recorder: yield* program.bundleDeployed(decoded, "codeCache")
    })
    : {
      file: undefined,
      outcome: decoded.trial
        ? yield* trial.run({ ...shared, command: node.path, arguments: [...nodeFlags, main], endWith: "SIGTERM" })
        : undefined
    }
  if (outcome?._tag === "Ended" && !outcome.isFailure && !outcome.hasPolled) {
    return yield* new BuildError({ reason: new NeverPolled({ entry }) })
  }
  const notices: Array<string> = []
  if (kind === "script" && file === undefined) notices.push(`no code cache: ${node.path} refuses its own`)
  const trouble = outcome === undefined ? undefined : trial.describe(outcome)
  if (trouble !== undefined) {
    notices.push(`${trouble}${file === undefined ? "" : "; the code cache has only what ran until then"}`)
  }
  return { file, notices }
})
