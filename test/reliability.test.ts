import { assert, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import * as path from "node:path"
import { projectFolder } from "./doctest/docstrings.ts"

describe("docs/reliability.md", () => {
  it("is what the tests in test/faults say", () => {
    // Apart, because a runner of tests that runs in a test would take this one's settings for its own.
    const { status, stderr } = spawnSync(process.execPath, [path.join("scripts", "reliability.ts"), "--check"], {
      cwd: projectFolder,
      env: { PATH: process.env.PATH },
      encoding: "utf8"
    })
    assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
  })
})
