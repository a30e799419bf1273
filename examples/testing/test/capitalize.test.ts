import { assert, describe, it } from "@effect/vitest"
import { capitalize } from "../capitalize.ts"

describe("capitalize", () => {
  it.each([
    ["hELLO wORLD", "Hello world"],
    ["éCOLE", "École"],
    ["123abc", "123abc"],
    ["", ""]
  ])("makes of %j %j", (text, expected) => {
    assert.strictEqual(capitalize(text), expected)
  })
})
