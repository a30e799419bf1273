import { assert, describe, it } from "@effect/vitest"
import * as esbuild from "esbuild"
import * as fs from "node:fs"
import * as path from "node:path"
import * as zlib from "node:zlib"
import * as rolldown from "rolldown"
import { afterAll, beforeAll } from "vitest"
import { projectFolder } from "./doctest/docstrings.ts"

const folder = path.join(projectFolder, "build/bundle")
const entry = path.join(folder, `hello-${process.pid}.ts`)

const hello = `
import * as Handler from "effect-lambda-runtime/Handler"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const hello = Handler.make({
  event: Schema.Struct({ name: Schema.String, age: Schema.Int }),
  result: Schema.Struct({ greeting: Schema.String })
}, ({ name }) => Effect.succeed({ greeting: \`Hello \${name}\` }))

NodeLambda.runMain(Lambda.serve(hello))
`

interface Bundle {
  readonly code: string
  /** What is left in it of which file, relative to the project. */
  readonly files: ReadonlyArray<string>
  /** What it imports when it runs. */
  readonly imports: ReadonlyArray<string>
}

const bundlers: Readonly<Record<string, () => Promise<Bundle>>> = {
  esbuild: async () => {
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
      code: outputFiles[0]?.text ?? "",
      files: Object.entries(output?.inputs ?? {})
        .filter(([_, { bytesInOutput }]) => bytesInOutput > 0)
        .map(([file]) => file),
      imports: output?.imports.map((imported) => imported.path) ?? []
    }
  },
  rolldown: async () => {
    const { output: [chunk, ...others] } = await rolldown.build({
      input: entry,
      platform: "node",
      logLevel: "silent",
      write: false,
      output: { format: "esm", minify: true }
    })
    assert.isEmpty(others, "one file is all")
    return {
      code: chunk.code,
      files: Object.entries(chunk.modules)
        .filter(([_, { renderedLength }]) => renderedLength > 0)
        .map(([file]) => path.relative(projectFolder, file)),
      imports: [...chunk.imports, ...chunk.dynamicImports]
    }
  }
}

/**
 * The aim is 110 KB, and 40 KB gzipped. A program that does nothing but decode a struct with `effect/Schema`, build a
 * layer and read a `Config` takes 103 KB and 34 KB of that, so for now this only keeps the bundle from growing. Of ours,
 * 60 KB, logs in Lambda's formats take 9, messages that say what an event really is 5, the orderly end of a process 5,
 * SnapStart 3.
 */
const budget = { minified: 178_000, gzipped: 63_000 }

const unneeded =
  /^src\/(LocalServer|LambdaTest|internal\/(local|threads)\/)|\/effect\/dist\/http\/.*(Server|Client)|\/Node(Http|Services)|undici/i

describe.each(Object.keys(bundlers))("hello, bundled by %s", (name) => {
  let bundle: Bundle

  beforeAll(async () => {
    fs.mkdirSync(folder, { recursive: true })
    fs.writeFileSync(entry, hello)
    bundle = await bundlers[name]!()
  })

  afterAll(() => fs.rmSync(entry, { force: true }))

  it(`is at most ${budget.minified / 1000} KB, and ${budget.gzipped / 1000} KB gzipped`, () => {
    const size = Buffer.byteLength(bundle.code)
    const gzipped = zlib.gzipSync(bundle.code, { level: 9 }).length
    console.log(`${name}: ${(size / 1000).toFixed(1)} KB minified, ${(gzipped / 1000).toFixed(1)} KB gzipped`)
    assert.isAtMost(size, budget.minified)
    assert.isAtMost(gzipped, budget.gzipped)
  })

  it("contains nothing that a deployed function does not need", () => {
    assert.isNotEmpty(bundle.files.filter((file) => file === "src/NodeLambda.ts"))
    assert.deepStrictEqual(bundle.files.filter((file) => unneeded.test(file)), [])
    assert.deepStrictEqual(bundle.imports.filter((specifier) => /^(node:)?http|undici|effect/.test(specifier)), [])
  })
})
