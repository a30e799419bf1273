/**
 * `npm run commands`: writes docs/cli, a page for each command, from what the commands say of themselves.
 * `npm run commands -- --check` writes nothing, and fails when a page says something else.
 */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as CliOutput from "effect/cli/CliOutput"
import * as Command from "effect/cli/Command"
import type * as HelpDoc from "effect/cli/HelpDoc"
import * as Digest from "effect/crypto/Digest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as fs from "node:fs"
import * as path from "node:path"
import { effectLambda } from "../src/cli/effectLambda.ts"
import * as Bundler from "../src/cli/packaging/Bundler.ts"

const folder = path.join(import.meta.dirname, "../docs/cli")

/** What `--help` would print. */
const help = Effect.fnUntraced(function*(...args: ReadonlyArray<string>) {
  const docs: Array<HelpDoc.HelpDoc> = []
  const presenter = CliOutput.layerPresenter({
    present: (event) => Effect.sync(() => event._tag === "Help" && docs.push(event.helpDoc))
  })
  yield* Effect.provide(Command.runWith(effectLambda, { version: "" })([...args, "--help"]), presenter)
  const [doc] = docs
  return doc ?? (yield* Effect.die(new Error(`there is no help for ${args.join(" ")}`)))
})

const pages = Effect.gen(function*() {
  const program = yield* help()
  const names = (program.subcommands ?? []).flatMap(({ commands }) => commands.map(({ name }) => name))
  const commands = yield* Effect.forEach(names, (name) => Effect.map(help(name), (doc) => ({ name, doc })))
  return new Map([
    ["README.md", renderIndex(program, commands)],
    ...commands.map(({ doc, name }) => [`${name}.md`, renderCommand(name, doc)] as const)
  ])
})

interface DocumentedCommand {
  readonly name: string
  readonly doc: HelpDoc.HelpDoc
}

const renderIndex = (program: HelpDoc.HelpDoc, commands: ReadonlyArray<DocumentedCommand>): string =>
  sections([
    "# The command line",
    source("src/cli/commands"),
    `${program.description}.`,
    "The program is called `effect-lambda`. It comes with the package: `npx effect-lambda` in a project that has it.",
    table(["Command", ""], commands.map(({ doc, name }) => [`[${name}](${name}.md)`, doc.description])),
    "## Flags of every command",
    flagTable(program.globalFlags ?? []),
    "## What commands print",
    `What was asked for goes to standard output: a list, an answer, a template. How the work goes on, what is not as it was
asked for, and the command that comes next go to standard error, so that output can be redirected.

With \`--json\` a command prints one document instead, and nothing else: \`{"result": …}\`, with \`"notices"\` where there
are any, or \`{"error": {"type": …, "message": …}}\`. \`dev\`, which has no end, prints one document in a line for each
thing that happens.

The exit code is 0 when the command has done what it was asked to do. Otherwise it is 1, after one message that says why,
or 130 where somebody has interrupted it. A fault of the command line itself is told in one line too, and with
\`--log-level debug\` wholly.`
  ])

const renderCommand = (name: string, doc: HelpDoc.HelpDoc): string =>
  sections([
    `# effect-lambda ${name}`,
    source(`src/cli/commands/${name}.ts`),
    `${doc.description}.`,
    shell(doc.usage),
    ...doc.args === undefined
      ? []
      : [
        "## Arguments",
        table(
          ["Argument", ""],
          doc.args.map(({ description, name, variadic }) => [
            code(variadic ? `${name}...` : name),
            Option.getOrElse(description, () => "")
          ])
        )
      ],
    ...doc.flags.length === 0 ? [] : ["## Flags", flagTable(doc.flags)],
    "`--json` and what else [every command](README.md#flags-of-every-command) takes come on top of these.",
    ...doc.examples === undefined
      ? []
      : [
        "## Examples",
        shell(
          doc.examples.map(({ command, description }) =>
            description === undefined ? command : `# ${description}\n${command}`
          )
            .join("\n\n")
        )
      ]
  ])

const flagTable = (flags: ReadonlyArray<HelpDoc.FlagDoc>): string =>
  table(
    ["Flag", "Value", ""],
    flags.map(({ aliases, description, name, type }) => [
      [`--${name}`, ...aliases].map(code).join(", "),
      type === "boolean" ? "" : type.startsWith("<") ? "choice" : type,
      Option.getOrElse(description, () => "")
    ])
  )

const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n")

const source = (file: string): string =>
  `<!-- Written by \`npm run commands\` from what the command line says of itself. Change ${file}, not this page. -->`

const shell = (commands: string): string => `\`\`\`sh\n${commands}\n\`\`\``

const code = (text: string): string => `\`${text}\``

const sections = (parts: ReadonlyArray<string>): string => `${parts.join("\n\n")}\n`

const told = await Effect.runPromise(
  Effect.provide(pages, [NodeServices.layer, Bundler.layer, Digest.layerWebCrypto])
)
fs.mkdirSync(folder, { recursive: true })
const written = new Map(
  fs.readdirSync(folder).map((file) => [file, fs.readFileSync(path.join(folder, file), "utf8")] as const)
)
if (process.argv.includes("--check")) {
  const wrong = [...new Set([...told.keys(), ...written.keys()])].filter((file) => told.get(file) !== written.get(file))
  for (const file of wrong) console.error(`docs/cli/${file} is not what the command line says: npm run commands`)
  if (wrong.length > 0) process.exitCode = 1
} else {
  for (const file of written.keys()) if (!told.has(file)) fs.rmSync(path.join(folder, file))
  for (const [file, text] of told) fs.writeFileSync(path.join(folder, file), text)
}
