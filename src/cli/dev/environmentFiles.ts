/**
 * The variables of a function in `.env`, `.env.local` and `.env.<function>`: a later file is stronger, and what the shell
 * has set is stronger than all.
 */
import type * as Config from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import * as Stream from "effect/Stream"
import { parseEnv } from "node:util"

const names = (functionName: string): ReadonlyArray<string> => [".env", ".env.local", `.env.${functionName}`]

export const read = Effect.fnUntraced(function*(
  folder: string,
  functionName: string
): Effect.fn.Return<
  Readonly<Record<string, string>>,
  PlatformError | ConfigProvider.SourceError | Config.ConfigError,
  FileSystem.FileSystem | Path.Path
> {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  // What the shell has set to nothing is set.
  const shell = ConfigProvider.fromEnv({ preserveEmptyStrings: true })
  const variables: Record<string, string> = {}
  for (const name of names(functionName)) {
    const file = path.join(folder, name)
    // A folder of this name is something else, as of Python.
    if (!(yield* fileSystem.exists(file)) || (yield* fileSystem.stat(file)).type === "Directory") continue
    for (const [key, value = ""] of Object.entries(parseEnv(yield* fileSystem.readFileString(file)))) {
      if ((yield* shell.load([key])) === undefined) variables[key] = value
    }
  }
  return variables
})

/** Says when one of them may have changed. Where nothing can be watched, it never does. */
export const changes = (
  folder: string,
  functionName: string
): Stream.Stream<void, never, FileSystem.FileSystem | Path.Path> =>
  Stream.unwrap(Effect.gen(function*() {
    const fileSystem = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const watched = new Set(names(functionName))
    return fileSystem.watch(folder).pipe(
      Stream.filter((event) => watched.has(path.basename(event.path))),
      // To save a file is more than one event.
      Stream.debounce("50 millis"),
      Stream.map(() => undefined),
      Stream.catch(() => Stream.empty)
    )
  }))
