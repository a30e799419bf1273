import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as fs from "node:fs"
import { afterAll } from "vitest"
import * as builtFunction from "./support/builtFunction.ts"

const folder = builtFunction.temporaryFolder("function-variables")
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

describe("a function that a build tries", () => {
  it.live("finds the region and the credentials that every function on Lambda does", () =>
    Effect.gen(function*() {
      // Its connections need both when its layers are built.
      const { notices } = yield* builtFunction.build({
        entry: "examples/websocket/main.ts",
        output: folder,
        codeCache: false
      })
      assert.deepStrictEqual(notices, [])
    }))
})
