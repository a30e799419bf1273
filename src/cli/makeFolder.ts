/**
 * A folder with those above it.
 */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"

/** One by one: where there can be none, as below `/proc`, the recursive way of Node.js never ends. */
export const makeFolder: (
  folder: string
) => Effect.Effect<void, PlatformError, FileSystem.FileSystem | Path.Path> = Effect.fnUntraced(function*(folder) {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  if (yield* fileSystem.exists(folder)) return
  yield* makeFolder(path.dirname(folder))
  // Somebody else may have made it meanwhile.
  yield* Effect.catchReason(fileSystem.makeDirectory(folder), "PlatformError", "AlreadyExists", () => Effect.void)
})
