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
 * that is `taken`. What begins with `node_modules` is found as Node.js finds it, in the folders above as well.
 */
export const read = Effect.fnUntraced(function*(
  folder: string,
  patterns: ReadonlyArray<string>,
  taken: ReadonlyArray<string>
): Effect.fn.Return<ReadonlyArray<PackageFile>, BuildError | PlatformError, FileSystem.FileSystem | Path.Path> {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const files = new Map<string, PackageFile>()
  const rootOf: (relative: string, root: string) => Effect.Effect<string, PlatformError> = Effect.fnUntraced(
    function*(relative, root) {
      const parent = path.dirname(root)
      if (!/^node_modules[\\/]/.test(relative)) return folder
      if (yield* fileSystem.exists(path.join(root, relative))) return root
      return parent === root ? folder : yield* rootOf(relative, parent)
    }
  )
  const add: (
    root: string,
    file: string,
    above: ReadonlyArray<string>
  ) => Effect.Effect<void, BuildError | PlatformError> = Effect.fnUntraced(function*(root, file, above) {
    const absolute = path.join(root, file)
    const { mode, type } = yield* fileSystem.stat(absolute)
    if (type === "Directory") {
      const place = yield* fileSystem.realPath(absolute)
      if (above.includes(place)) {
        return yield* new BuildError({ reason: new BadResource({ resource: file, problem: "endless" }) })
      }
      const names = yield* fileSystem.readDirectory(absolute)
      yield* Effect.forEach(names, (name) => add(root, file === "." ? name : `${file}/${name}`, [...above, place]))
    } else {
      const bytes = yield* fileSystem.readFile(absolute)
      files.set(file, { path: file, bytes, executable: (mode & 0o100) !== 0 })
    }
  })
  for (const pattern of patterns) {
    const refuse = (problem: BadResource["problem"]) =>
      new BuildError({ reason: new BadResource({ resource: pattern, problem }) })
    if (path.isAbsolute(pattern) || pattern.split(/[\\/]/).includes("..")) return yield* refuse("outside")
    const relative = pattern === "" ? "" : path.normalize(pattern).replace(/[\\/]$/, "")
    const root = yield* rootOf(relative, folder)
    // A name can have what a glob has, as [id].html does.
    const isName = relative !== "" && (yield* fileSystem.exists(path.join(root, relative)))
    const matches = isName ? [relative] : yield* fileSystem.glob(relative, { root })
    if (matches.length === 0) return yield* refuse("missing")
    yield* Effect.forEach(matches, (file) => add(root, file, []))
    const isTaken = (file: string) => ownFile.test(file) || taken.includes(file)
    if (Array.from(files.keys()).some(isTaken)) return yield* refuse("taken")
  }
  return [...files.values()]
})
