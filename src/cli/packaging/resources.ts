/**
 * Files that a function reads when it runs.
 */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import { BadResource, BuildError } from "./BuildError.ts"
import type { PackageFile } from "./packageFile.ts"

/** What the build itself puts into every package. */
const ownFile = /^(bootstrap|index\.[cm]js|program\.c(js|ache)|codeCache\.cjs)(\.map)?$/

/**
 * The files that the patterns match below a folder, with the same paths in the package.
 *
 * A pattern is a path or a glob of `effect/FileSystem`; a folder stands for everything in it. They cannot have a path
 * that is `taken`.
 */
export const read = Effect.fnUntraced(function*(
  folder: string,
  patterns: ReadonlyArray<string>,
  taken: ReadonlyArray<string>
): Effect.fn.Return<ReadonlyArray<PackageFile>, BuildError | PlatformError, FileSystem.FileSystem | Path.Path> {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const files = new Map<string, PackageFile>()
  const add: (file: string) => Effect.Effect<void, PlatformError> = Effect.fnUntraced(function*(file) {
    const absolute = path.join(folder, file)
    const { mode, type } = yield* fileSystem.stat(absolute)
    if (type === "Directory") {
      yield* Effect.forEach(yield* fileSystem.readDirectory(absolute), (name) => add(`${file}/${name}`))
    } else {
      const bytes = yield* fileSystem.readFile(absolute)
      files.set(file, { path: file, bytes, executable: (mode & 0o100) !== 0 })
    }
  })
  for (const pattern of patterns) {
    const refuse = (problem: BadResource["problem"]) =>
      new BuildError({ reason: new BadResource({ resource: pattern, problem }) })
    if (path.isAbsolute(pattern) || pattern.split(/[\\/]/).includes("..")) return yield* refuse("outside")
    const matches = yield* fileSystem.glob(pattern.replace(/^\.\/|\/$/g, ""), { root: folder })
    if (matches.length === 0) return yield* refuse("missing")
    yield* Effect.forEach(matches, add)
    const isTaken = (file: string) => ownFile.test(file) || taken.includes(file)
    if (Array.from(files.keys()).some(isTaken)) return yield* refuse("taken")
  }
  return [...files.values()]
})
