/**
 * What the command line says of flags and arguments that it does not understand.
 */
import type * as CliError from "effect/cli/CliError"
import * as CliOutput from "effect/cli/CliOutput"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { styleText } from "node:util"
import * as ownCommand from "./ownCommand.ts"

/** The suggestions stand in lines of their own. */
const inOneLine = (message: string): string =>
  message.trim().replace(/[.\s]*\n\s*(?=[A-Z])/g, ". ").replace(/\s+/g, " ")

/** A flag that says by itself what it expects, by its name, says enough. */
const describe = (error: CliError.NonShowHelpErrors): string => {
  if (error._tag !== "InvalidValue") return inOneLine(error.message)
  const { expected, option, value } = error
  if (expected.startsWith("--")) return inOneLine(expected)
  return expected.startsWith("Invalid key=value format")
    ? `--${option} is "${value}": it must be NAME=value, and neither is empty`
    : inOneLine(error.message.replace("a string representing a finite number", "a number"))
}

const styled = (format: Parameters<typeof styleText>[0], text: string) =>
  styleText(format, text, { stream: process.stderr })

/**
 * One line for each error in place of the whole help, which would go to where the result is expected; for programs one
 * document.
 */
export const layer = (args: ReadonlyArray<string>): Layer.Layer<never> =>
  CliOutput.layerPresenter({
    present: (event) => {
      if (event._tag !== "InvalidInvocation") return CliOutput.defaultPresenter.present(event)
      const problems = event.errors.map(describe)
      if (args.includes("--json")) {
        const error = { type: event.errors[0]?._tag ?? "InvalidInvocation", message: problems.join("\n") }
        return Console.log(JSON.stringify({ error }, undefined, 2))
      }
      const lines = problems.map((problem) => `${styled("red", "✘")} ${problem}\n`).join("")
      return Effect.map(ownCommand.typed(`${event.commandPath.join(" ")} --help`), (command) =>
        void process.stderr.write(`${lines}\n${styled("dim", "Next:")} ${command}\n`))
    }
  })
