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

const batch = `
import * as Batch from "effect-lambda-runtime/Batch"
import * as Sqs from "effect-lambda-runtime/events/Sqs"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const Order = Schema.Struct({ id: Schema.String })

NodeLambda.runMain(Lambda.serve(Batch.sqs({ record: Sqs.recordOf(Order) }, ({ body }) => Effect.log(body.id))))
`

interface Bundle {
  readonly size: number
  /** What is left in it of which file. */
  readonly files: ReadonlyArray<string>
}

/** Each program by itself, in one run that parses what they share once. */
const bundleAll = async (sources: Readonly<Record<string, string>>): Promise<ReadonlyMap<string, Bundle>> => {
  const entryPoints = Object.entries(sources).map(([name, source]) => {
    const entry = path.join(folder, `${name}.ts`)
    fs.writeFileSync(entry, source)
    return entry
  })
  const { metafile, outputFiles } = await esbuild.build({
    entryPoints,
    outdir: folder,
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    write: false,
    metafile: true,
    logLevel: "silent",
    absWorkingDir: projectFolder
  })
  return new Map(
    outputFiles.map((output) => [path.basename(output.path, ".js"), {
      size: output.contents.length,
      files: Object.entries(metafile.outputs[path.relative(projectFolder, output.path)]?.inputs ?? {})
        .filter(([_, { bytesInOutput }]) => bytesInOutput > 0)
        .map(([file]) => file)
    }])
  )
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
  let bundles: ReadonlyMap<string, Bundle> = new Map()

  const bundleOf = (name: string): Bundle => {
    const found = bundles.get(name)
    assert.isDefined(found)
    return found
  }

  const growth = (name: string): number => bundleOf(name).size - bundleOf("hello").size

  beforeAll(async () => {
    fs.mkdirSync(folder, { recursive: true })
    bundles = await bundleAll({
      hello: program("Schema.Struct({ name: Schema.String, age: Schema.Int })"),
      ...Object.fromEntries(events.map(({ event, module }) => [
        module,
        program(event, `import * as ${module} from "effect-lambda-runtime/events/${module}"`)
      ])),
      batch
    })
  }, 60_000)

  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

  it.each(events)(`grows by less than ${budget / 1000} KB with $event`, ({ event, module }) => {
    console.log(`${event}: +${(growth(module) / 1000).toFixed(1)} KB`)
    assert.isBelow(growth(module), budget)
    assert.include(bundleOf(module).files, `src/events/${module}.ts`)
  })

  it("contains nothing of other sources", () => {
    assert.deepStrictEqual(bundleOf("Sqs").files.filter((file) => file.startsWith("src/events/")).toSorted(), [
      "src/events/Sqs.ts",
      "src/events/Timestamp.ts"
    ])
    assert.isBelow(growth("Sqs"), 15_000)
  })

  it("contains nothing of other sources when it processes a batch", () => {
    console.log(`Batch.sqs: +${(growth("batch") / 1000).toFixed(1)} KB`)
    assert.isBelow(growth("batch"), budget + 5_000)
    const files = bundleOf("batch").files.filter((file) => /^src\/(events|internal\/batch)\//.test(file))
    assert.deepStrictEqual(files.toSorted(), [
      "src/events/Sqs.ts",
      "src/events/Timestamp.ts",
      "src/internal/batch/processing.ts",
      "src/internal/batch/schedule.ts",
      "src/internal/batch/sqs.ts"
    ])
  })
})
