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
import * as exampleSurroundings from "./support/exampleSurroundings.ts"

/** The one whose package is as `effect-lambda build` makes it by default: a code cache costs seconds. */
const withCodeCache = "examples/hello-json/main.ts"

const examples = exampleReadme.names.map((name) => ({ name, functions: exampleReadme.functionsOf(name) }))

const functions = examples.filter(({ name }) => exampleSurroundings.areThere(name)).flatMap(({ functions, name }) =>
  functions.map((example) => ({ name, ...example }))
)

for (const { name } of examples.filter(({ name }) => !exampleSurroundings.areThere(name))) {
  console.log(`What examples/${name} needs is not installed here, so that it is built and not started`)
}

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
  const [flags = ""] = exampleReadme.commandsOf(example, "npx effect-lambda build")
  return {
    resources: Array.from(flags.matchAll(/--resource (\S+)/g), ([_, resource = ""]) => resource),
    ...flags.includes("--target image") && { target: "image" as const }
  }
}

/** Starts a package as Lambda does, and talks to the local server that it serves. */
const whileServing = (
  { entry, name, variables }: typeof functions[number],
  command: ReadonlyArray<string>,
  talk: (address: string) => Effect.Effect<void>
) =>
  Effect.gen(function*() {
    const environment = { ...variables, ...yield* exampleSurroundings.start(name) }
    const child = yield* builtFunction.start({ folder: packageOf(entry), arguments: command, environment })
    const output = yield* Effect.forkScoped(Stream.mkString(Stream.decodeText(child.stderr)))
    const { url } = yield* LocalServer.LocalServer
    yield* Effect.raceFirst(
      talk(url),
      Effect.flatMap(Fiber.join(output), (stderr) => Effect.die(new Error(`it ended without an answer: ${stderr}`)))
    )
  }).pipe(Effect.scoped, Effect.provide(LocalServer.layerTest))

const answersAsTheReadmeSays = (example: typeof functions[number], command: ReadonlyArray<string>) =>
  whileServing(
    example,
    command,
    (address) =>
      Effect.forEach(example.calls, (call) => exampleReadme.answersAsItSays(call, address), { discard: true })
  )

const url = "/lambda-url/function"

/** What strangers may send, and no example may take amiss, or work at for ever. */
const refused: ReadonlyArray<readonly [string, string, RequestInit, number]> = [
  ["api-gateway-v2", `${url}/orders`, { method: "POST", body: `{"sku":"teapot","quantity":-2}` }, 400],
  ["api-gateway-v2", `${url}/orders`, { method: "POST", body: "two teapots" }, 400],
  ["http-router", `${url}/notes/1.5`, {}, 400],
  ["sse", `${url}/countdown`, { headers: { "last-event-id": "-1000000" } }, 400],
  ["streaming-api-gateway", `${url}/countdown/1e9`, {}, 400],
  ["streaming-function-url", `${url}/orders.csv?rows=1e9`, {}, 400],
  ["streaming-schema", "/invoke", { method: "POST", body: `{"message":"Hello","count":1e9}` }, 500]
]

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

  it.live.each(refused)("%s refuses at %s what cannot be", ([name, target, request, status]) =>
    Effect.gen(function*() {
      const example = functions.find((example) => example.name === name) ?? assert.fail(name)
      yield* whileServing(example, [], (address) =>
        Effect.promise(async () => {
          const response = await fetch(new URL(target, address), request)
          await response.text()
          assert.strictEqual(response.status, status)
        }))
    }))
})
