import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as fs from "node:fs"
import * as path from "node:path"
import * as exampleReadme from "./support/exampleReadme.ts"
import * as exampleSurroundings from "./support/exampleSurroundings.ts"
import * as Program from "./support/program.ts"

describe("the README of an example", () => {
  it.live("says what websocket answers, and what it sends", () =>
    Effect.gen(function*() {
      const [{ calls, entry } = assert.fail()] = exampleReadme.functionsOf("websocket")
      assert.strictEqual(calls.length, 8)
      const [, sent = ""] = /^```text\n([^`]*)```$/m.exec(exampleReadme.read("websocket")) ?? []

      const clients = yield* exampleSurroundings.clients
      const chat = yield* Program.start(entry, { ...clients.environment, LOCAL_LAMBDA_PORT: "0" })
      const [, url = ""] = yield* chat.printed(/listens on (http:\/\/\S+)\. /)
      for (const call of calls) yield* exampleReadme.answersAsItSays(call, url)

      const refusal = yield* Effect.promise(async () => {
        const body = fs.readFileSync(path.join(exampleReadme.folder, "websocket/event-say-nothing.json"))
        const response = await fetch(new URL("/invoke", url), { method: "POST", body })
        return response.text()
      })
      assert.include(refusal, `{"statusCode":400,`)
      assert.include(refusal, "body.text: Missing key")

      yield* clients.program.kill("SIGTERM")
      const { stdout } = yield* clients.program.exit
      const lines = sent.trim().split("\n")
      assert.strictEqual(lines.length, 2)
      for (const line of lines) assert.include(stdout, line)
      assert.strictEqual(stdout.match(/ gets /g)?.length, 2)
    }))
})
