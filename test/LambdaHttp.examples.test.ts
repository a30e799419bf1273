import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as fs from "node:fs"
import * as path from "node:path"
import { projectFolder } from "./doctest/docstrings.ts"
import * as Program from "./support/program.ts"

const read = (name: string) => fs.readFileSync(path.join(projectFolder, `examples/${name}/README.md`), "utf8")

/** The calls of a README, and what it says of their answers. */
const callsOf = (readme: string) =>
  Array.from(
    readme.matchAll(/^curl (.*?)http:\/\/127\.0\.0\.1:7000(\/\S*)\n```\n[^`]*```\w*\n(.*?)\n```$/gms),
    ([_, options = "", target = "", answer = ""]) => ({
      body: /-d '([^']*)'/.exec(options)?.[1],
      header: /-H '([^:]*): ([^']*)'/.exec(options),
      target,
      answer
    })
  )

/** Starts an example on the local server and gives its address. */
const start = Effect.fnUntraced(function*(name: string) {
  const program = yield* Program.start(`examples/${name}/main.ts`, { LOCAL_LAMBDA_PORT: "0" })
  const [, url = ""] = yield* program.printed(/listens on (http:\/\/\S+)\. /)
  return new URL(url).origin
})

describe("the README of an example", () => {
  it.live.each([["http-router", 4], ["http-api", 1], ["sse", 1]] as const)(
    "says what %s answers",
    ([name, count]) =>
      Effect.gen(function*() {
        const calls = callsOf(read(name))
        assert.strictEqual(calls.length, count)
        const origin = yield* start(name)
        for (const { answer, body, header, target } of calls) {
          const text = yield* Effect.promise(async () => {
            const response = await fetch(origin + target, {
              method: body === undefined ? "GET" : "POST",
              headers: header === null ? {} : { [header[1] ?? ""]: header[2] ?? "" },
              ...body === undefined ? {} : { body }
            })
            return response.text()
          })
          assert.strictEqual(text.trim(), answer.trim())
        }
      })
  )

  it.live("says what the typed client of http-api finds", () =>
    Effect.gen(function*() {
      const origin = yield* start("http-api")
      const client = yield* Program.start("examples/http-api/client.ts", { SHOP_URL: `${origin}/lambda-url/function` })
      const { code, stdout } = yield* client.exit
      assert.strictEqual(code, 0)
      assert.include(read("http-api"), stdout.trim())
      assert.notStrictEqual(stdout.trim(), "")
      const document = yield* Effect.promise(async () => {
        const response = await fetch(`${origin}/lambda-url/function/openapi.json`)
        const json: unknown = await response.json()
        return json
      })
      assert.deepNestedInclude(document, { "info.title": "Shop" })
    }))
})
