/**
 * The variables of a function in `.env`, `.env.local` and `.env.<function>`: a later file is stronger, and what the shell
 * has set is stronger than all.
 */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import { parseEnv } from "node:util"

export const read = Effect.fnUntraced(function*(
  folder: string,
  functionName: string
): Effect.fn.Return<
  Readonly<Record<string, string>>,
  PlatformError | Config.ConfigError,
  FileSystem.FileSystem | Path.Path
> {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const variables: Record<string, string> = {}
  for (const name of [".env", ".env.local", `.env.${functionName}`]) {
    const file = path.join(folder, name)
    if (!(yield* fileSystem.exists(file))) continue
    for (const [key, value = ""] of Object.entries(parseEnv(yield* fileSystem.readFileString(file)))) {
      if (Option.isNone(yield* Config.option(Config.String(key)))) variables[key] = value
    }
  }
  return variables
})
