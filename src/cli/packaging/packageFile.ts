/**
 * The files that are deployed, in memory: they are written to a folder, and into a zip file, from here.
 */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Zip from "effect/encoding/Zip"
import * as FileSystem from "effect/FileSystem"
import * as Order from "effect/Order"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import * as Stream from "effect/Stream"
import { makeFolder } from "../makeFolder.ts"

export interface PackageFile {
  /** Relative to the package, with `/`. */
  readonly path: string
  readonly bytes: Uint8Array
  readonly executable: boolean
}

const encoder = new TextEncoder()

export const text = (path: string, content: string, executable = false): PackageFile => ({
  path,
  bytes: encoder.encode(content),
  executable
})

/** Permissions on Lambda: everybody may read, nobody may write but the owner. */
export const mode = ({ executable }: PackageFile): number => executable ? 0o755 : 0o644

/** In the order of their bytes, whatever the file system or the locale says. */
export const inOrder = (files: ReadonlyArray<PackageFile>): ReadonlyArray<PackageFile> =>
  Arr.sortWith(files, ({ path }) => Buffer.from(path).toString("latin1"), Order.String)

/** Writes them below a folder, with the same permissions under any umask. */
export const write = Effect.fnUntraced(function*(folder: string, files: ReadonlyArray<PackageFile>) {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const folders = new Set<string>()
  const makePackageFolder: (
    name: string
  ) => Effect.Effect<void, PlatformError, FileSystem.FileSystem | Path.Path> = Effect.fnUntraced(function*(name) {
    if (folders.has(name)) return
    folders.add(name)
    if (name !== ".") yield* makePackageFolder(path.dirname(name))
    const target = path.join(folder, name)
    yield* makeFolder(target)
    yield* fileSystem.chmod(target, 0o755)
  })
  for (const file of files) {
    yield* makePackageFolder(path.dirname(file.path))
    const target = path.join(folder, file.path)
    yield* fileSystem.writeFile(target, file.bytes)
    yield* fileSystem.chmod(target, mode(file))
  }
})

/**
 * A zip file of the same bytes for the same files: in a fixed order, dated to the start of 1980 in UTC, with permissions
 * that say nothing of who built it.
 */
export const zip = (files: ReadonlyArray<PackageFile>): Effect.Effect<Uint8Array, Zip.ZipError> =>
  Stream.fromIterable(inOrder(files)).pipe(
    Stream.map((file) => Zip.file(file.path, file.bytes, { mode: mode(file) })),
    Stream.pipeThroughChannel(Zip.encode()),
    Stream.runCollect,
    Effect.map((chunks) => Buffer.concat([...chunks]))
  )
