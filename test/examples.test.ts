import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as fs from "node:fs"
import * as path from "node:path"
import { projectFolder } from "./doctest/docstrings.ts"
import * as Program from "./support/program.ts"

interface Call {
  readonly endpoint: string
  readonly body: string | Uint8Array<ArrayBuffer>
  readonly headers: Readonly<Record<string, string>>
  /** What the README says of the answer. */
  readonly answer: string
}

interface LambdaFunction {
  readonly entry: string
  readonly calls: ReadonlyArray<Call>
  /** Lines that the README shows of the function's terminal, if it does not shorten them. */
  readonly printed: ReadonlyArray<string>
}

/** The functions that a README starts, each with what comes before the next one. */
const functionsOf = (readme: string): ReadonlyArray<LambdaFunction> =>
  readme.split(/^npx node (?=examples\/)/m).slice(1).map((section) => ({
    entry: section.slice(0, section.indexOf("\n")),
    calls: callsOf(section),
    printed: Array.from(section.matchAll(/ itself:\n\n```text\n(.*?)\n```$/gms), ([, text = ""]) => text.split("\n"))
      .flat()
  }))

const callsOf = (section: string): ReadonlyArray<Call> =>
  Array.from(
    section.matchAll(/^curl (.*)-d (@\S+|'[^']*') http:\/\/127\.0\.0\.1:7000(\/\S*)\n```\n[^`]*```json\n(.*)\n```$/gm),
    ([_, options = "", data = "", endpoint = "", answer = ""]) => ({
      endpoint,
      body: data.startsWith("@") ? read(data.slice("@".length)) : data.slice(1, -1),
      headers: Object.fromEntries(
        Array.from(options.matchAll(/-H '([^:]*): ([^']*)'/g), ([_, name = "", value = ""]) => [name, value])
      ),
      answer
    })
  )

const read = (file: string) => new Uint8Array(fs.readFileSync(path.join(projectFolder, file)))

const readmeOf = (name: string) => fs.readFileSync(path.join(projectFolder, `examples/${name}/README.md`), "utf8")

const start = Effect.fnUntraced(function*(entry: string) {
  const program = yield* Program.start(entry, { LOCAL_LAMBDA_PORT: "0" })
  const [, url = ""] = yield* program.printed(/listens on (http:\/\/\S+)\. /)
  const call = ({ body, endpoint, headers }: Omit<Call, "answer">) =>
    Effect.promise(async () => {
      const response = await fetch(new URL(endpoint, url), { method: "POST", body, headers })
      return response.text()
    })
  return { call, program }
})

/** The examples whose READMEs call them with events: how often, and how many lines of a log they show. */
const examples = [
  { name: "api-gateway-v1", calls: [2], lines: 0 },
  { name: "api-gateway-v2", calls: [4], lines: 0 },
  { name: "background-tasks", calls: [1], lines: 0 },
  { name: "cognito-trigger", calls: [2], lines: 2 },
  { name: "eventbridge", calls: [3], lines: 3 },
  { name: "hello-json", calls: [1], lines: 0 },
  // Two functions.
  { name: "lambda-authorizer", calls: [2, 2], lines: 0 },
  { name: "multi-source-api", calls: [3], lines: 0 },
  { name: "multi-tenant", calls: [4], lines: 0 },
  { name: "s3-notifier", calls: [1], lines: 2 },
  { name: "sqs-batch", calls: [1], lines: 0 }
]

/** Needs a second program, which test/LambdaWebSocket.examples.test.ts starts. */
const triedElsewhere = new Set(["websocket"])

describe("the README of an example", () => {
  it("is tried where it shows the answer to an event", () => {
    const names = fs.readdirSync(path.join(projectFolder, "examples")).toSorted().filter((name) => {
      const readme = readmeOf(name)
      return !triedElsewhere.has(name) && readme.includes("-d @examples/") &&
        functionsOf(readme).some(({ calls }) => calls.length > 0)
    })
    assert.deepStrictEqual(names, examples.map(({ name }) => name))
  })

  it.live.each(examples)("says what $name answers and logs", ({ calls, lines, name }) =>
    Effect.gen(function*() {
      const functions = functionsOf(readmeOf(name))
      assert.deepStrictEqual(functions.map(({ calls }) => calls.length), calls)
      assert.strictEqual(functions.flatMap(({ printed }) => printed).length, lines)
      for (const { calls, entry, printed } of functions) {
        const { call, program } = yield* start(entry)
        for (const expected of calls) assert.strictEqual(yield* call(expected), expected.answer)
        yield* program.kill("SIGTERM")
        const { stdout } = yield* program.exit
        for (const line of printed) assert.include(stdout, line)
      }
    }))

  it.live("says why messages of sqs-batch are delivered again", () =>
    Effect.gen(function*() {
      const { call, program } = yield* start("examples/sqs-batch/main.ts")
      const [expected] = callsOf(readmeOf("sqs-batch"))
      assert.isDefined(expected)
      yield* call(expected)
      for (const line of ["Records[1].body.quantity: Expected number", "OutOfStock: 200 are more than there are"]) {
        assert.include(readmeOf("sqs-batch"), line)
        yield* program.printed(new RegExp(line.replace(/[[\].]/g, "\\$&")))
      }
    }))

  it.live("says that multi-source-api tells what else it was sent", () =>
    Effect.gen(function*() {
      const { call } = yield* start("examples/multi-source-api/main.ts")
      const body = read("examples/multi-source-api/event-s3.json")
      const answer = yield* call({ endpoint: "/invoke", body, headers: {} })
      assert.include(answer, "this looks like an S3 event")
      assert.include(answer, "(handler 3 of 3)")
    }))
})
