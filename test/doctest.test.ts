import { assert, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import * as path from "node:path"
import { beforeAll } from "vitest"
import { checkDocstrings, projectFolder } from "./doctest/docstrings.ts"
import {
  type Example,
  examplesFolder,
  readExamples,
  readMarkdownExamples,
  readModuleExamples,
  toModule,
  writeModules
} from "./doctest/examples.ts"

const examples = readExamples()

/** Where the example says so, else where the run time does. */
const explain = (example: Example, error: unknown): Error => {
  if (!(error instanceof Error)) return new Error(`${example.source}:${example.line}: ${String(error)}`)
  if (error.message.startsWith(`${example.source}:`)) return error
  const line = error.stack?.split(`${example.module}:`)[1]?.split(":")[0] ?? example.line
  return new Error(`${example.source}:${line}: ${error.message}`, { cause: error })
}

describe("examples", () => {
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
  })

  for (const example of examples) {
    const name = `${path.basename(example.source, path.extname(example.source))}: ${example.title}`
    it(name, async () => {
      const errors = typeErrors.get(example.module) ?? []
      assert.isEmpty(errors, errors.map((error) => error.replace(example.module, example.source)).join("\n"))
      if (!example.runs) return
      try {
        await import(/* @vite-ignore */ path.join(projectFolder, example.module))
      } catch (error) {
        throw explain(example, error)
      }
    })
  }
})

/** What the compiler says of all examples, by their modules. */
const typeCheck = (): ReadonlyMap<string, Array<string>> => {
  const { output, status, stdout } = spawnSync("tsc", ["-p", examplesFolder, "--pretty", "false"], {
    cwd: projectFolder,
    encoding: "utf8",
    env: { ...process.env, PATH: `${path.join(projectFolder, "node_modules/.bin")}:${process.env["PATH"]}` }
  })
  if (status === null) throw new Error(`the compiler did not run: ${output?.join("\n")}`)
  const errors = new Map<string, Array<string>>()
  for (const [line, module] of stdout.matchAll(/^([^\s(]+)\(\d+,\d+\): error .*(?:\n .*)*/gm)) {
    if (module !== undefined) errors.set(module, [...errors.get(module) ?? [], line])
  }
  return errors
}
