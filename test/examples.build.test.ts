import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as fs from "node:fs"
import * as path from "node:path"
import { afterAll, beforeAll } from "vitest"
import * as LocalServer from "../src/LocalServer.ts"
import * as builtFunction from "./support/builtFunction.ts"
import * as exampleReadme from "./support/exampleReadme.ts"
import * as s3Stub from "./support/s3Stub.ts"

/** The one whose package is as `effect-lambda build` makes it by default: a code cache costs seconds. */
const withCodeCache = "examples/hello-json/main.ts"

/** What answers only with another program beside it, which tests of their own start. */
const needsAnotherProgram: ReadonlySet<string> = new Set(["postgres", "websocket"])

const examples = exampleReadme.names.filter((name) => !needsAnotherProgram.has(name)).map((name) => ({
  name,
  functions: exampleReadme.functionsOf(name)
}))
const functions = examples.flatMap(({ functions }) => functions)

const output = builtFunction.temporaryFolder("examples")
afterAll(() => fs.rmSync(output, { recursive: true, force: true }))

/** Where the package of an entry lies, unzipped, with a Node of its own. */
const packageOf = (entry: string) => path.join(output, entry.replaceAll("/", "-"))

const build = Effect.fnUntraced(function*(entry: string) {
  const codeCache = entry === withCodeCache
  const { zip } = yield* builtFunction.build({
    entry,
    output: path.join(output, "dist", path.dirname(entry)),
    ...flagsOf(entry),
    codeCache,
    trial: codeCache
  })
  const folder = packageOf(entry)
  builtFunction.unzip(zip, folder)
  fs.symlinkSync(process.execPath, path.join(folder, "node"))
})

/** What the README's command for the build of an entry says. */
const flagsOf = (entry: string) => {
  const [, example = ""] = /^examples\/([^/]+)\//.exec(entry) ?? []
  const readme = fs.readFileSync(path.join(exampleReadme.folder, example, "README.md"), "utf8")
  const [, flags = ""] = /^npx effect-lambda build (.*)/m.exec(readme) ?? []
  return {
    resources: Array.from(flags.matchAll(/--resource (\S+)/g), ([_, resource = ""]) => resource),
    ...flags.includes("--target image") && { target: "image" as const }
  }
}

/** Starts a package as Lambda does, and compares what it answers with the README. */
const answersAsTheReadmeSays = (
  { calls, entry, variables }: exampleReadme.ExampleFunction,
  command: ReadonlyArray<string>
) =>
  Effect.gen(function*() {
    const environment = { ...yield* s3Stub.make, ...variables }
    const child = yield* builtFunction.start({ folder: packageOf(entry), arguments: command, environment })
    const output = yield* Effect.forkScoped(Stream.mkString(Stream.decodeText(child.stderr)))
    const { url } = yield* LocalServer.LocalServer
    yield* Effect.raceFirst(
      Effect.forEach(calls, (call) => exampleReadme.answersAsItSays(call, url), { discard: true }),
      Effect.flatMap(Fiber.join(output), (stderr) => Effect.die(new Error(`it ended without an answer: ${stderr}`)))
    )
  }).pipe(Effect.scoped, Effect.provide(LocalServer.layerTest))

describe("an example", () => {
  beforeAll(
    () =>
      Effect.runPromise(
        Effect.forEach(exampleReadme.names.flatMap(exampleReadme.entriesOf), build, { concurrency: 4 })
      ),
    120_000
  )

  it.each(examples)("$name has a README that calls all its functions, and says what they answer", (example) => {
    const { functions, name } = example
    assert.sameMembers(functions.map(({ entry }) => entry), [...exampleReadme.entriesOf(name)])
    for (const { calls, entry } of functions) assert.isNotEmpty(calls, entry)
  })

  it.live.each(functions)(
    "built from $entry answers as its README says, as wrapper and as entry",
    (example) =>
      Effect.all([
        answersAsTheReadmeSays(example, builtFunction.managedCommand),
        answersAsTheReadmeSays(example, [])
      ], { concurrency: 2, discard: true })
  )
})
