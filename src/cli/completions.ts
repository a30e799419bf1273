/**
 * `--completions`: those of `effect/cli`, which has no flags in them that every command takes, and these.
 */
import * as CliConfig from "effect/cli/CliConfig"
import * as Command from "effect/cli/Command"
import * as Completions from "effect/cli/Completions"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { Json } from "./Reporter.ts"

const everywhere = Command.make("every", {
  json: Json.flag,
  help: GlobalFlag.Help.flag,
  wizard: GlobalFlag.Wizard.flag,
  logLevel: GlobalFlag.LogLevel.flag
})

const alone = Command.make("alone", {
  version: GlobalFlag.Version.flag,
  completions: GlobalFlag.Completions.flag
})

/** Nobody says `--no-help`. */
const flagsOf = (command: Command.Command.Any): ReadonlyArray<Completions.FlagDescriptor> =>
  Completions.fromCommand(command).flags.map(({ aliases, description, name, type }) => ({
    aliases,
    description,
    name,
    type,
    negation: false
  }))

const withFlags = (
  descriptor: Completions.CommandDescriptor,
  flags: ReadonlyArray<Completions.FlagDescriptor>
): Completions.CommandDescriptor => ({
  ...descriptor,
  flags: [...descriptor.flags, ...flags],
  subcommands: descriptor.subcommands.map((subcommand) => withFlags(subcommand, flags))
})

export const describe = (command: Command.Command.Any): Completions.CommandDescriptor => {
  const whole = withFlags(Completions.fromCommand(command), flagsOf(everywhere))
  return { ...whole, flags: [...whole.flags, ...flagsOf(alone)] }
}

const action = GlobalFlag.Action({
  flag: GlobalFlag.Completions.flag,
  run: (shell, { command }) =>
    Option.match(shell, {
      onNone: () => Effect.void,
      onSome: (shell) => Console.log(Completions.generate(command.name, shell, describe(command)))
    })
})

export const layer: Layer.Layer<never> = CliConfig.layer({
  builtIns: GlobalFlag.BuiltIns.map((flag) => flag === GlobalFlag.Completions ? action : flag)
})
