/**
 * How a person calls this command line: whoever has it from a package manager finds it in the project, and not in `PATH`.
 */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

/** All package managers set it for what they run. */
const isRunByPackageManager = Effect.match(Config.option(Config.String("npm_config_user_agent")), {
  onFailure: () => false,
  onSuccess: Option.isSome
})

/** `effect-lambda …` as it can be typed here; anything else as it is. */
export const typed = (command: string): Effect.Effect<string> =>
  Effect.map(
    isRunByPackageManager,
    (isLocal) => isLocal && command.startsWith("effect-lambda ") ? `npx ${command}` : command
  )
