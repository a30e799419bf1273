/**
 * `--wizard`: a command, its flags and its arguments are asked for one by one.
 *
 * The wizard of `effect/cli` takes it for a success when a person cancels it.
 */
import * as Command from "effect/cli/Command"
import * as Prompt from "effect/cli/Prompt"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { reported } from "./Reporter.ts"
import { shellCommand } from "./shellCommand.ts"

/** Nobody can be asked. */
export class NoTerminal extends Schema.TaggedError<NoTerminal>("effect-lambda-runtime/cli/NoTerminal")(
  "NoTerminal",
  {}
) {
  override get message(): string {
    return "--wizard asks questions, and standard input is no terminal"
  }
}

const flag = "--wizard"

export const isWanted = (args: ReadonlyArray<string>): boolean => args.includes(flag)

/** The arguments to run the command with; nothing when the person only wanted to see them. */
export const ask = (root: Command.Command.Any, args: ReadonlyArray<string>) =>
  reported(Effect.fnUntraced(function*() {
    if (!process.stdin.isTTY) return yield* new NoTerminal()
    const given = args.filter((arg) => arg !== flag)
    const command = root.subcommands.flatMap(({ commands }) => commands).find(({ name }) => name === given[0]) ?? root
    const line = yield* Command.wizard(command, { prefix: [root.name, ...given] })
    yield* Console.log(`${shellCommand(line)}\n`)
    const isToRun = yield* Prompt.Toggle({ message: "Run it?", initial: true, active: "yes", inactive: "no" })
    return isToRun ? line.slice(1) : undefined
  }))()
