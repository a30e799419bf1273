import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as fs from "node:fs"
import * as path from "node:path"
import { projectFolder } from "./doctest/docstrings.ts"
import * as Program from "./support/program.ts"

const read = (file: string) => fs.readFileSync(path.join(projectFolder, file), "utf8")

describe("the README of an example", () => {
  it.live("says what websocket answers, and what it sends", () =>
    Effect.gen(function*() {
      const readme = read("examples/websocket/README.md")
      const calls = Array.from(
        readme.matchAll(/^curl -d @(\S+) http:\/\/127\.0\.0\.1:7000\/invoke\n```\n\nanswers\n\n```json\n(.*)\n```$/gm),
        ([_, event = "", answer = ""]) => ({ event, answer })
      )
      assert.strictEqual(calls.length, 8)
      const [, sent = ""] = /^```text\n([^`]*)```$/m.exec(readme) ?? []

      const clients = yield* Program.start("examples/websocket/clients.ts", { PORT: "0" })
      const [, endpoint = ""] = yield* clients.printed(/(http:\/\/[^\s"/]+)/)
      const chat = yield* Program.start("examples/websocket/main.ts", {
        AWS_REGION: "local",
        AWS_ACCESS_KEY_ID: "key",
        AWS_SECRET_ACCESS_KEY: "secret",
        CONNECTIONS_ENDPOINT: endpoint.replace("0.0.0.0", "127.0.0.1"),
        LOCAL_LAMBDA_PORT: "0"
      })
      const [, url = ""] = yield* chat.printed(/listens on (http:\/\/\S+)\. /)
      const invoke = (event: string) =>
        Effect.promise(async () => {
          const response = await fetch(new URL("/invoke", url), { method: "POST", body: read(event) })
          return response.text()
        })
      for (const { answer, event } of calls) assert.strictEqual(yield* invoke(event), answer, event)
      const refusal = yield* invoke("examples/websocket/event-say-nothing.json")
      assert.include(refusal, `{"statusCode":400,`)
      assert.include(refusal, "body.text: Missing key")

      yield* clients.kill("SIGTERM")
      const { stdout } = yield* clients.exit
      const lines = sent.trim().split("\n")
      assert.strictEqual(lines.length, 2)
      for (const line of lines) assert.include(stdout, line)
      assert.strictEqual(stdout.match(/ gets /g)?.length, 2)
    }))
})
