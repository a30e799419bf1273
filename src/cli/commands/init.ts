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
import * as CommandLine from "effect/process/CommandLine"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as packageLock from "../init/packageLock.ts"
import * as PackageManager from "../init/packageManager.ts"
import * as Template from "../init/template.ts"
import { makeFolder } from "../makeFolder.ts"
import * as ownPackage from "../ownPackage.ts"
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
    ),
    lock: Flag.Boolean("lock").pipe(
      Flag.withDescription(
        "Have npm write package-lock.json, which npm ci needs: --no-lock does not, and needs no network"
      ),
      Flag.withDefault(true)
    )
  },
  reported(Effect.fnUntraced(function*({ directory, force, lock, template }) {
    const fileSystem = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const { notice, result } = yield* Reporter
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
    const manager = yield* PackageManager.find(folder)
    const paths = files.map(({ path }) => path)
    const taken = yield* Effect.filter(
      lock && manager === "npm" ? [...paths, packageLock.fileName] : paths,
      (file) => fileSystem.exists(path.join(folder, file))
    )
    if (taken.length > 0 && !force) {
      const list = taken.join(", ")
      if (!isConversation) {
        return yield* new InitError({ problem: `${directory} has ${list} already: --force overwrites them` })
      }
      if (!(yield* Prompt.Confirm({ message: `Overwrite ${list}?`, initial: false }))) {
        return yield* new InitError({ problem: "nothing has been written" })
      }
    }
    yield* Effect.forEach(files, (file) =>
      Effect.gen(function*() {
        const target = path.join(folder, file.path)
        yield* makeFolder(path.dirname(target))
        yield* fileSystem.writeFileString(target, file.content)
      }), { discard: true })
    const dependency = yield* ownPackage.asDependency
    if (dependency.notice !== undefined) yield* notice(dependency.notice)
    const isLocked = lock && manager === "npm" && (yield* locked(folder))
    const made = isLocked && (yield* fileSystem.exists(path.join(folder, packageLock.fileName)))
      ? [...paths, packageLock.fileName]
      : paths
    const install = isLocked ? "npm ci" : `${manager} install`
    yield* result({
      json: { folder, name, template: chosen, files: made, install },
      text: made.map((file) => path.join(directory, file)).toSorted().join("\n"),
      next: [...enter(path.relative("", folder)), install, ...run(manager)].join(" && ")
    })
  }))
).pipe(
  Command.withDescription("Begin a project: a function with a test, an event, and a SAM template"),
  Command.withExamples([
    { command: "effect-lambda init hello", description: "Choose a template" },
    { command: "effect-lambda init orders --template sqs", description: "Begin with a queue" }
  ])
)

/** Whether there is a lock file now, which a project does without as well. */
const locked = Effect.fnUntraced(function*(folder: string) {
  const { notice, step } = yield* Reporter
  const withoutLock = `the project has no ${packageLock.fileName}`
  return yield* step("npm finds out what to install", packageLock.make(folder)).pipe(
    Effect.as(true),
    Effect.onInterrupt(() => notice(`${withoutLock}, and is complete: npm install makes one`)),
    Effect.catchTag("PackageLockError", ({ message }) => Effect.as(notice(`${withoutLock}: ${message}`), false))
  )
})

const enter = (folder: string): ReadonlyArray<string> =>
  folder === "" ? [] : [`cd ${Result.getOrElse(CommandLine.quote(folder), () => folder)}`]

/** `bun test` is not what the project calls its test. */
const run = (manager: PackageManager.Name): ReadonlyArray<string> =>
  ["test", "run dev"].map((script) => `${manager} ${manager === "bun" && script === "test" ? "run test" : script}`)

const choose = Effect.flatMap(
  Effect.forEach(
    Template.names,
    (value) => Effect.map(Template.describe(value), ({ title }) => ({ title: `${value}: ${title}`, value }))
  ),
  (choices) => Prompt.Select({ message: "What do you want to begin with?", choices })
)
