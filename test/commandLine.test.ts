import { assert, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import { projectFolder } from "./doctest/docstrings.ts"

describe("docs/cli", () => {
  it("is what the command line says of itself", () => {
    const { status, stderr } = spawnSync(process.execPath, [path.join("scripts", "commandLine.ts"), "--check"], {
      cwd: projectFolder,
      env: { PATH: process.env.PATH },
      encoding: "utf8"
    })
    assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
  })

  it("has a page for every command, and links to all of them", () => {
    const folder = path.join(projectFolder, "docs/cli")
    const index = fs.readFileSync(path.join(folder, "README.md"), "utf8")
    const commands = fs.readdirSync(path.join(projectFolder, "src/cli/commands")).map((file) => path.parse(file).name)
    assert.isAbove(commands.length, 5)
    for (const command of commands) {
      assert.include(index, `[${command}](${command}.md)`)
      assert.include(fs.readFileSync(path.join(folder, `${command}.md`), "utf8"), `effect-lambda ${command} `)
    }
  })
})
