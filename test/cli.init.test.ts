import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { spawn, spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import { afterAll } from "vitest"
import manifest from "../package.json" with { type: "json" }
import * as Template from "../src/cli/init/template.ts"
import { projectFolder } from "./doctest/docstrings.ts"
import * as builtFunction from "./support/builtFunction.ts"
import { run } from "./support/effectLambda.ts"

/** Below the project, so that what is in it finds the project's dependencies. */
const folder = builtFunction.temporaryFolder("cli-init")
fs.mkdirSync(path.join(folder, "node_modules"))
fs.symlinkSync(projectFolder, path.join(folder, "node_modules", manifest.name))
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

/** A development dependency of this project, run in another one. */
const tool = (name: string, project: string, ...args: ReadonlyArray<string>) => {
  const { status, stderr, stdout } = spawnSync(process.execPath, [
    path.join(projectFolder, "node_modules", name),
    ...args
  ], {
    cwd: project,
    encoding: "utf8"
  })
  assert.strictEqual(status, 0, `${stdout}\n${stderr}`)
  return stdout
}

describe("effect-lambda init", () => {
  for (const template of Template.names) {
    it.live(
      `makes a project of ${template} that has no type errors, passes its tests, and can be built`,
      () =>
        Effect.gen(function*() {
          const { exitCode, stderr, stdout } = yield* run(["init", template, "--template", template], { folder })
          assert.strictEqual(exitCode, 0, stderr)
          assert.include(stderr, `Next: cd ${template} && npm install && npm test && npm run dev`)
          const project = path.join(folder, template)
          for (const line of stdout.trimEnd().split("\n")) assert.isTrue(fs.existsSync(path.join(folder, line)), line)
          for (const file of fs.readdirSync(project, { recursive: true, encoding: "utf8" })) {
            if (!fs.statSync(path.join(project, file)).isFile()) continue
            assert.notMatch(fs.readFileSync(path.join(project, file), "utf8"), /\{\{/, file)
          }
          tool("typescript/bin/tsc", project, "--noEmit")
          tool("vitest/vitest.mjs", project, "run")
          const built = yield* run(["build", "src/main.ts", "--event", "events/event.json", "--json"], {
            folder: project
          })
          assert.strictEqual(built.exitCode, 0, built.stdout)
          // The function has served its event: nothing is to be noticed.
          assert.notProperty(JSON.parse(built.stdout), "notices", built.stdout)
          assert.isTrue(fs.existsSync(path.join(project, `dist/${template}.zip`)))
          assert.include(fs.readFileSync(path.join(project, "template.yaml"), "utf8"), `dist/${template}.zip`)
        }),
      60_000
    )
  }

  it.live("overwrites nothing that it is not told to", () =>
    Effect.gen(function*() {
      const project = path.join(folder, "taken")
      fs.mkdirSync(path.join(project, "src"), { recursive: true })
      fs.writeFileSync(path.join(project, "src/main.ts"), "mine")
      const refused = yield* run(["init", "taken"], { folder })
      assert.strictEqual(refused.exitCode, 1)
      assert.strictEqual(refused.stderr, "✘ taken has src/main.ts already: --force overwrites them\n")
      assert.deepStrictEqual(fs.readdirSync(project), ["src"])
      const forced = yield* run(["init", "taken", "--force", "--json"], { folder })
      assert.deepInclude(JSON.parse(forced.stdout).result, { name: "taken", template: "hello" })
      assert.include(fs.readFileSync(path.join(project, "src/main.ts"), "utf8"), "NodeLambda.runMain")
    }))

  it.live("refuses a name that no function can have", () =>
    Effect.gen(function*() {
      const { exitCode, stderr } = yield* run(["init", "My Function"], { folder })
      assert.strictEqual(exitCode, 1)
      assert.match(stderr, /^✘ a function cannot be called "My Function": choose a folder/)
      assert.isFalse(fs.existsSync(path.join(folder, "My Function")))
    }))

  it("makes nothing, and says so, when the question is not answered", async () => {
    const command = [process.execPath, path.join(projectFolder, "src/cli/main.ts"), "init", "unasked"]
    // Of util-linux: runs a command on a terminal of its own.
    const child = spawn("script", ["-qefc", command.join(" "), "/dev/null"], { cwd: folder })
    let said = ""
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (!said.includes("managed-instances") && text.includes("managed-instances")) child.stdin.write("\u0003")
      said += text
    })
    const exitCode = await new Promise((resolve) => child.once("close", resolve))
    assert.strictEqual(exitCode, 130, said)
    assert.match(said, /✘\S* cancelled\r?\n/)
    assert.isFalse(fs.existsSync(path.join(folder, "unasked")))
  })

  it("depends on what this project is developed with", () => {
    const template = JSON.parse(
      fs.readFileSync(path.join(projectFolder, "src/cli/templates/common/package.json"), "utf8")
    )
    const here: Readonly<Record<string, string>> = manifest.devDependencies
    const ranges: Readonly<Record<string, string>> = { ...template.dependencies, ...template.devDependencies }
    for (const [name, range] of Object.entries(ranges)) {
      if (name === manifest.name) continue
      const major = (version: string) => version.replace(/^\^/, "").split(".")[0]
      assert.strictEqual(major(range), major(here[name] ?? ""), name)
    }
  })
})
