/**
 * `effect-lambda init`.
 */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Prompt from "effect/cli/Prompt"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import * as Template from "../init/template.ts"
import { Json, reported, Reporter } from "../Reporter.ts"

/** The project cannot be made there. */
export class InitError extends Schema.TaggedError<InitError>("effect-lambda-runtime/cli/InitError")("InitError", {
  problem: Schema.String
}) {
  override get message(): string {
    return this.problem
  }
}

export const init = Command.make(
  "init",
  {
    directory: Argument.String("folder").pipe(
      Argument.withDescription("Where the project goes, whose name is that of the function; without it, this folder"),
      Argument.withDefault(".")
    ),
    template: Flag.Literals("template", Template.names).pipe(
      Flag.withAlias("t"),
      Flag.withDescription("What to begin with; without it, a terminal is asked, and hello is taken elsewhere"),
      Flag.optional
    ),
    force: Flag.Boolean("force").pipe(
      Flag.withDescription("Overwrite files that are there already"),
      Flag.withoutNegation,
      Flag.withDefault(false)
    )
  },
  reported(Effect.fnUntraced(function*({ directory, force, template }) {
    const fileSystem = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const { result } = yield* Reporter
    const isConversation = process.stdin.isTTY && process.stderr.isTTY && !(yield* Json)
    const folder = path.resolve(directory)
    const name = path.basename(folder)
    // https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html, and what npm calls a package.
    if (!/^[a-z0-9][a-z0-9_-]{0,63}$/.test(name)) {
      return yield* new InitError({
        problem: `a function cannot be called "${name}": choose a folder of at most 64 lower-case letters, digits, ` +
          "hyphens and underscores"
      })
    }
    const chosen = Option.isSome(template) ? template.value : isConversation ? yield* choose : "hello"
    const files = yield* Template.files(chosen, name)
    const taken = yield* Effect.filter(files, (file) => fileSystem.exists(path.join(folder, file.path)))
    if (taken.length > 0 && !force) {
      const list = taken.map(({ path }) => path).join(", ")
      const overwrite = isConversation &&
        (yield* Prompt.Confirm({ message: `Overwrite ${list}?`, initial: false }))
      if (!overwrite) {
        return yield* new InitError({ problem: `${directory} has ${list} already: --force overwrites them` })
      }
    }
    yield* Effect.forEach(files, (file) =>
      Effect.gen(function*() {
        const target = path.join(folder, file.path)
        yield* fileSystem.makeDirectory(path.dirname(target), { recursive: true })
        yield* fileSystem.writeFileString(target, file.content)
      }), { discard: true })
    const enter = path.relative("", folder) === "" ? "" : `cd ${path.relative("", folder)} && `
    yield* result({
      json: { folder, name, template: chosen, files: files.map(({ path }) => path) },
      text: files.map((file) => path.join(directory, file.path)).toSorted().join("\n"),
      next: `${enter}npm install && npm test && npm run dev`
    })
  }))
).pipe(
  Command.withDescription("Begin a project: a function with a test, an event, and a SAM template"),
  Command.withExamples([
    { command: "effect-lambda init hello", description: "Choose a template" },
    { command: "effect-lambda init orders --template sqs", description: "Begin with a queue" }
  ])
)

const choose = Effect.flatMap(
  Effect.forEach(
    Template.names,
    (value) => Effect.map(Template.describe(value), ({ title }) => ({ title: `${value}: ${title}`, value }))
  ),
  (choices) => Prompt.Select({ message: "What do you want to begin with?", choices })
)
