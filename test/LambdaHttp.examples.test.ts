import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as exampleReadme from "./support/exampleReadme.ts"
import * as Program from "./support/program.ts"

describe("the README of an example", () => {
  it.live("says what the typed client of http-api finds", () =>
    Effect.gen(function*() {
      const program = yield* Program.start("examples/http-api/main.ts", { LOCAL_LAMBDA_PORT: "0" })
      const [, url = ""] = yield* program.printed(/listens on (http:\/\/\S+)\. /)
      const { origin } = new URL(url)
      const client = yield* Program.start("examples/http-api/client.ts", { SHOP_URL: `${origin}/lambda-url/function` })
      const { code, stdout } = yield* client.exit
      assert.strictEqual(code, 0)
      assert.include(exampleReadme.read("http-api"), stdout.trim())
      assert.notStrictEqual(stdout.trim(), "")
      const document = yield* Effect.promise(async () => {
        const response = await fetch(`${origin}/lambda-url/function/openapi.json`)
        const json: unknown = await response.json()
        return json
      })
      assert.deepNestedInclude(document, { "info.title": "Shop" })
    }))
})
