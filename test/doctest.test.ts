import { assert, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import { beforeAll } from "vitest"
import { assertExample } from "./doctest/assertExample.ts"
import { checkDocstrings, projectFolder, publicModules } from "./doctest/docstrings.ts"
import {
  type Example,
  examplesFolder,
  readExamples,
  readMarkdownExamples,
  readModuleExamples,
  toModule,
  writeModules
} from "./doctest/examples.ts"

/** Where the example says so, else where the run time does. */
const explain = (example: Example, error: unknown): Error => {
  if (!(error instanceof Error)) return new Error(`${example.source}:${example.line}: ${String(error)}`)
  if (error.message.startsWith(`${example.source}:`)) return error
  const line = error.stack?.split(`${example.module}:`)[1]?.split(":")[0] ?? example.line
  return new Error(`${example.source}:${line}: ${error.message}`, { cause: error })
}

/** What the compiler says of all examples, by their modules. */
const typeCheck = (): ReadonlyMap<string, Array<string>> => {
  const { output, status, stdout } = spawnSync("tsc", ["-p", examplesFolder, "--pretty", "false"], {
    cwd: projectFolder,
    encoding: "utf8",
    env: { ...process.env, PATH: `${path.join(projectFolder, "node_modules/.bin")}:${process.env["PATH"]}` }
  })
  const errors = new Map<string, Array<string>>()
  for (const [line, module] of stdout.matchAll(/^([^\s(]+)\(\d+,\d+\): error .*(?:\n .*)*/gm)) {
    if (module !== undefined) errors.set(module, [...errors.get(module) ?? [], line])
  }
  if (status !== 0 && errors.size === 0) throw new Error(`the compiler did not run: ${output?.join("\n")}`)
  return errors
}

describe("examples", () => {
  const examples = readExamples()
  const typeErrors = new Map<string, Array<string>>()

  beforeAll(() => {
    const modules = new Map<string, string>()
    for (const example of examples) {
      try {
        modules.set(example.module, toModule(example))
      } catch (error) {
        typeErrors.set(example.module, [String(error)])
      }
    }
    writeModules(modules)
    for (const [module, errors] of typeCheck()) typeErrors.set(module, errors)
  }, 120_000)

  for (const example of examples) {
    const name = `${path.basename(example.source, path.extname(example.source))}: ${example.title}`
    it(name, async () => {
      const errors = typeErrors.get(example.module) ?? []
      if (errors.length > 0) throw new Error(errors.join("\n").replaceAll(example.module, example.source))
      if (!example.runs) return
      try {
        await import(/* @vite-ignore */ path.join(projectFolder, example.module))
      } catch (error) {
        throw explain(example, error)
      }
    })
  }
})

describe("docstrings", () => {
  it.each(publicModules())("%s documents every export", (file) => {
    const offences = checkDocstrings(file, fs.readFileSync(path.join(projectFolder, file), "utf8"))
    assert.strictEqual(offences.join("\n"), "")
  })

  it("are missed where they are missing", () => {
    const offences = checkDocstrings(
      "src/Bad.ts",
      `/** A module. @since later */
import * as Effect from "effect/Effect"

export const undocumented = Effect.void

/**
 * Has no example.
 *
 * @category constructors
 * @category models
 * @since 0.1.0
 */
export const noExample = () => 1

/**
 * A plain constant.
 *
 * @category constants
 * @since 0.1.0
 */
export const size = 1
`
    )
    assert.deepStrictEqual(offences, [
      "src/Bad.ts:1 the module needs one @since",
      "src/Bad.ts:4 undocumented has no sentence that says what it is",
      "src/Bad.ts:4 undocumented needs one @category, in lower case",
      "src/Bad.ts:4 undocumented needs one @since",
      "src/Bad.ts:4 undocumented needs an **Example** (with a title) and its ts block",
      "src/Bad.ts:13 noExample needs one @category, in lower case",
      "src/Bad.ts:13 noExample needs an **Example** (with a title) and its ts block"
    ])
  })
})

const fromMarkdown = (...lines: ReadonlyArray<string>) => readMarkdownExamples("page.md", lines.join("\n"))

const moduleLines = (...code: ReadonlyArray<string>) => {
  const [example] = fromMarkdown("# Title", "```ts", ...code, "```")
  return example === undefined ? [] : toModule(example).split("\n")
}

describe("the making of examples", () => {
  it("keeps the lines of a docstring where they are", () => {
    const [example] = readModuleExamples(
      "src/A.ts",
      "const a = 1\n\n/**\n * A.\n *\n * **Example** (One)\n *\n * ```ts\n * const b = 2\n * ```\n */\n"
    )
    assert.strictEqual(example?.title, "One")
    assert.strictEqual(example?.line, 9)
    assert.strictEqual(example === undefined ? "" : toModule(example).split("\n")[8], "const b = 2")
  })

  it("takes the ts blocks of a page and numbers those under one heading", () => {
    const examples = fromMarkdown("# A", "```sh", "# no heading", "```", "```ts", "1", "```", "```ts", "2", "```")
    assert.deepStrictEqual(examples.map(({ code, line, title }) => ({ code, line, title })), [
      { code: "1", line: 6, title: "A" },
      { code: "2", line: 9, title: "A, 2" }
    ])
  })

  it("asserts what stands behind an expression, under it, and over several lines", () => {
    const lines = moduleLines("1 + 1 // => 2", "f(", "  3", ")", "// => {", "//   a: 3", "// }", "const { b } = x")
    assert.strictEqual(lines[2], `await assertExample("page.md:3", (1 + 1), (2)) // => 2`)
    assert.strictEqual(lines[3], `await assertExample("page.md:7", (f(`)
    assert.strictEqual(lines[5], ")), ({    a: 3  }))")
    assert.strictEqual(lines[9], "const { b } = x")
  })

  it("asserts the value of a const", () => {
    assert.strictEqual(
      moduleLines("const a = 1 // => 1")[2],
      `const a = 1; await assertExample("page.md:3", a, (1)) // => 1`
    )
  })

  it.each([
    ["const f = () => {", "  g() // => 1", "}"],
    ["// => 1"],
    ["1", "", "// => 1"],
    ["const { a } = b // => 1"],
    ["1 // => one two"]
  ])("refuses an assertion that it cannot make: %j", (...code) => {
    assert.throws(() => moduleLines(...code), /^page\.md:\d+: /)
  })

  it("names the line of a syntax error", () => {
    assert.throws(() => moduleLines("const a = 1", "const const"), /^page\.md:4: /)
  })

  it("only checks the types of an example that starts a process", () => {
    for (const code of ["NodeLambda.runMain(layer)", "NodeRuntime.runMain(Layer.launch(layer))"]) {
      const [example] = fromMarkdown("```ts", code, "```")
      assert.isFalse(example?.runs, code)
    }
  })

  it("tells a wrong value from a right one, and waits for a promise", async () => {
    await assertExample("page.md:1", Promise.resolve({ a: [1] }), { a: [1] })
    const error: unknown = await assertExample("page.md:1", { a: [1] }, { a: [2] }).catch((error: unknown) => error)
    assert.include(String(error), "page.md:1: the example says { a: [ 2 ] }, but it is { a: [ 1 ] }")
  })
})
