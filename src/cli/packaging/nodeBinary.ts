/**
 * The Node.js that a package for `provided.al2023` may have: Lambda has none there.
 */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type { PlatformError } from "effect/PlatformError"
import { BuildError, NodeUnfit } from "./BuildError.ts"
import type { PackageFile } from "./packageFile.ts"
import * as settings from "./settings.ts"

/** Where the bootstrap looks first. */
export const fileName = "node"

/** Whether a package brings a Node.js, where the bootstrap looks. */
export const isIn = (files: ReadonlyArray<Pick<PackageFile, "path">>): boolean =>
  files.some(({ path }) => path === fileName || path === `bin/${fileName}`)

export const read = Effect.fnUntraced(function*(
  decoded: settings.Settings
): Effect.fn.Return<PackageFile, BuildError | PlatformError, FileSystem.FileSystem> {
  const { architecture, node, nodeMajor } = decoded
  const fits = settings.isOfFunction(decoded)
  if (!fits || !node.selfContained) {
    return yield* new BuildError({
      reason: new NodeUnfit({
        found: `${node.version} for ${node.platform}-${node.architecture}`,
        wanted: `${nodeMajor} for linux-${architecture}`,
        shared: fits
      })
    })
  }
  const fileSystem = yield* FileSystem.FileSystem
  return { path: fileName, bytes: yield* fileSystem.readFile(node.path), executable: true }
})
