import { assert, describe, it } from "@effect/vitest"
import * as fs from "node:fs"
import { afterAll } from "vitest"
import { temporaryFolder } from "./support/builtFunction.ts"
import * as guide from "./support/guide.ts"

const folders: Array<string> = []
afterAll(() => {
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true })
})

describe("a guide", () => {
  // With fewer commands than that the page would not have been read.
  it.each([["docs/quick-start.md", 9], ["docs/tutorial.md", 14]] as const)(
    "%s can be followed",
    async (page, commands) => {
      const folder = temporaryFolder("guide")
      folders.push(folder)
      assert.strictEqual(await guide.follow(page, folder), commands)
    },
    120_000
  )
})
