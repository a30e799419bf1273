/**
 * Who installs what a new project depends on.
 */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"

export type Name = "npm" | "pnpm" | "yarn" | "bun"

const lockFiles: ReadonlyArray<readonly [file: string, Name]> = [
  ["package-lock.json", "npm"],
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"]
]

/**
 * Whose lock file is the nearest, in the folder of the project or above it, as far as its repository goes; else who runs
 * this command.
 */
export const find = Effect.fnUntraced(function*(projectFolder: string): Effect.fn.Return<
  Name,
  never,
  FileSystem.FileSystem | Path.Path
> {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const isThere = (...segments: ReadonlyArray<string>) =>
    Effect.orElseSucceed(fileSystem.exists(path.join(...segments)), () => false)
  for (let folder = projectFolder;; folder = path.dirname(folder)) {
    for (const [file, name] of lockFiles) if (yield* isThere(folder, file)) return name
    if (folder === path.dirname(folder) || (yield* isThere(folder, ".git"))) return yield* caller
  }
})

/** As in `pnpm/10.4.1 npm/? node/v24.1.0 linux x64`. */
const caller = Config.String("npm_config_user_agent").pipe(
  Effect.map((agent): Name => {
    const [name] = agent.split("/", 1)
    return name === "pnpm" || name === "yarn" || name === "bun" ? name : "npm"
  }),
  Effect.orElseSucceed((): Name => "npm")
)
