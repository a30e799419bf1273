import { assert, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import * as path from "node:path"
import { projectFolder } from "../doctest/docstrings.ts"

describe("docs/events.md", () => {
  it("is what src/events says", () => {
    const { status, stderr } = spawnSync(process.execPath, [path.join("scripts", "events.ts"), "--check"], {
      cwd: projectFolder,
      env: { PATH: process.env.PATH },
      encoding: "utf8"
    })
    assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
  })
})
