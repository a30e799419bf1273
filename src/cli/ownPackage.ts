/**
 * What the package says of itself.
 */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import { createRequire } from "node:module"
import * as nodePath from "node:path"

const packageName = "effect-lambda-runtime"

const require = createRequire(import.meta.url)

const Manifest = Schema.Struct({ name: Schema.String, version: Schema.String })

const manifest = Effect.suspend(() =>
  Effect.orDie(Schema.decodeUnknownEffect(Manifest)(require(`${packageName}/package.json`)))
)

export const version: Effect.Effect<string> = Effect.map(manifest, ({ version }) => version)

/** What npm keeps beside what it has installed, with paths relative to the folder that it installed into. */
const Installed = Schema.fromJsonString(
  Schema.Struct({
    packages: Schema.Record(Schema.String, Schema.Struct({ resolved: Schema.optional(Schema.String) }))
  })
)

/** Of the package as npm has installed it: where from, if that is a file. Other package managers leave no such trace. */
const installedFrom = Effect.fnUntraced(
  function*(modules: string) {
    const fileSystem = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const text = yield* fileSystem.readFileString(path.join(modules, ".package-lock.json"))
    const { packages } = yield* Schema.decodeEffect(Installed)(text)
    const resolved = packages[`node_modules/${packageName}`]?.resolved ?? ""
    return resolved.startsWith("file:") ? path.resolve(modules, "..", resolved.slice("file:".length)) : undefined
  },
  Effect.orElseSucceed(() => undefined)
)

export interface Dependency {
  /** What a project's `package.json` says to get the package that this command line is of. */
  readonly range: string
  /** What is not as people expect it, who have the package from npm's registry. */
  readonly notice: string | undefined
}

/** What a project says to get the package that is in the given folder. */
export const dependencyOn = Effect.fnUntraced(function*(
  folder: string
): Effect.fn.Return<Dependency, never, FileSystem.FileSystem | Path.Path> {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const current = yield* version
  const published = `^${current}`
  const from = (file: string): Dependency => ({
    range: `file:${file}`,
    notice: `the project takes ${packageName} from ${file}, as this command line is not from npm's registry`
  })
  const modules = path.dirname(folder)
  if (path.basename(modules) === "node_modules") {
    const file = yield* installedFrom(modules)
    return file === undefined ? { range: published, notice: undefined } : from(file)
  }
  const packed = path.join(folder, `${packageName}-${current}.tgz`)
  if (yield* Effect.orElseSucceed(fileSystem.exists(packed), () => false)) return from(packed)
  const notice =
    `the project takes ${packageName} ${published} from npm's registry, and this command line runs from its ` +
    `sources: "npm run build && npm pack ./dist" in ${folder} makes a package of them, which init would take`
  return { range: published, notice }
})

export const asDependency = Effect.suspend(() =>
  dependencyOn(nodePath.dirname(require.resolve(`${packageName}/package.json`)))
)
