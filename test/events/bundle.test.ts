import { assert, describe, it } from "@effect/vitest"
import * as esbuild from "esbuild"
import * as fs from "node:fs"
import * as path from "node:path"
import { afterAll, beforeAll } from "vitest"
import { projectFolder } from "../doctest/docstrings.ts"
import type { Shape } from "./shape.ts"

/** How much a function grows, minified, by the events of one source. */
const budget = 15_500

const folder = path.join(projectFolder, `build/bundle/events-${process.pid}`)

const program = (event: string, imports = "") => `
import * as Handler from "effect-lambda-runtime/Handler"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
${imports}
const greet = Handler.make({
  event: ${event},
  result: Schema.Struct({ greeting: Schema.String })
}, (event) => Effect.succeed({ greeting: JSON.stringify(event) }))

NodeLambda.runMain(Lambda.serve(greet))
`

const bundle = async (name: string, source: string) => {
  const entry = path.join(folder, `${name}.ts`)
  fs.writeFileSync(entry, source)
  const { metafile, outputFiles } = await esbuild.build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    write: false,
    metafile: true,
    logLevel: "silent",
    absWorkingDir: projectFolder
  })
  const [output] = Object.values(metafile.outputs)
  return {
    size: Buffer.byteLength(outputFiles[0]?.text ?? ""),
    files: Object.entries(output?.inputs ?? {}).filter(([_, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) =>
      file
    )
  }
}

/** The first shape of every module: its event. */
const events = await Promise.all(
  fs.readdirSync(path.join(import.meta.dirname, "shapes")).filter((file) => file.endsWith(".ts")).map(async (file) => {
    const { shapes: [first] }: { readonly shapes: ReadonlyArray<Shape> } = await import(
      path.join(import.meta.dirname, "shapes", file)
    )
    return { module: path.basename(file, ".ts"), event: first?.name ?? "" }
  })
)

describe("a function that decodes events", () => {
  let hello = 0

  beforeAll(async () => {
    fs.mkdirSync(folder, { recursive: true })
    hello = (await bundle("hello", program("Schema.Struct({ name: Schema.String, age: Schema.Int })"))).size
  })

  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

  it.each(events)(`grows by less than ${budget / 1000} KB with $event`, async ({ event, module }) => {
    const { files, size } = await bundle(
      module,
      program(event, `import * as ${module} from "effect-lambda-runtime/events/${module}"`)
    )
    console.log(`${event}: +${((size - hello) / 1000).toFixed(1)} KB`)
    assert.isBelow(size - hello, budget)
    assert.include(files, `src/events/${module}.ts`)
  })

  it("contains nothing of other sources", async () => {
    const { files, size } = await bundle(
      "Sqs",
      program("Sqs.Event", "import * as Sqs from \"effect-lambda-runtime/events/Sqs\"")
    )
    assert.deepStrictEqual(files.filter((file) => file.startsWith("src/events/")).toSorted(), [
      "src/events/Sqs.ts",
      "src/events/Timestamp.ts"
    ])
    assert.isBelow(size - hello, 15_000)
  })

  it("contains nothing of other sources when it processes a batch", async () => {
    const { files, size } = await bundle(
      "Batch",
      `
import * as Batch from "effect-lambda-runtime/Batch"
import * as Sqs from "effect-lambda-runtime/events/Sqs"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const Order = Schema.Struct({ id: Schema.String })

NodeLambda.runMain(Lambda.serve(Batch.sqs({ record: Sqs.recordOf(Order) }, ({ body }) => Effect.log(body.id))))
`
    )
    console.log(`Batch.sqs: +${((size - hello) / 1000).toFixed(1)} KB`)
    assert.isBelow(size - hello, budget + 5_000)
    assert.deepStrictEqual(files.filter((file) => /^src\/(events|internal\/batch)\//.test(file)).toSorted(), [
      "src/events/Sqs.ts",
      "src/events/Timestamp.ts",
      "src/internal/batch/processing.ts",
      "src/internal/batch/schedule.ts",
      "src/internal/batch/sqs.ts"
    ])
  })
})
