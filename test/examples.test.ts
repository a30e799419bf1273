import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as fs from "node:fs"
import * as path from "node:path"
import { projectFolder } from "./doctest/docstrings.ts"
import * as exampleReadme from "./support/exampleReadme.ts"
import * as Program from "./support/program.ts"

/**
 * What has to be run from its sources, because the README shows its log, or because it looks for a file beside itself. The
 * answers of all others are compared by test/examples.build.test.ts, from what they are built into.
 */
const functions = exampleReadme.names.flatMap(exampleReadme.functionsOf).filter(({ entry, printed }) =>
  printed.length > 0 || entry === "examples/resources-packaging/main.ts"
)

/** How many lines of a log the READMEs show, where they do. */
const shownLines = { "cognito-trigger": 2, "eventbridge": 3, "s3-notifier": 2 }

const start = Effect.fnUntraced(function*(entry: string, variables: Readonly<Record<string, string>> = {}) {
  const program = yield* Program.start(entry, { ...variables, LOCAL_LAMBDA_PORT: "0" })
  const [, address = ""] = yield* program.printed(/listens on (http:\/\/\S+)\. /)
  return { address, program }
})

describe("the README of an example", () => {
  it.live.each(functions)(
    "says what $entry answers and logs",
    ({ calls, entry, printed, variables }) =>
      Effect.gen(function*() {
        const { address, program } = yield* start(entry, variables)
        for (const call of calls) yield* exampleReadme.answersAsItSays(call, address)
        yield* program.kill("SIGTERM")
        const { stdout } = yield* program.exit
        for (const line of printed) assert.include(stdout, line)
      })
  )

  it.each(Object.entries(shownLines))("of %s shows %d lines of its log", (name, count) => {
    assert.strictEqual(exampleReadme.functionsOf(name).flatMap(({ printed }) => printed).length, count)
  })

  it.live("says why messages of sqs-batch are delivered again", () =>
    Effect.gen(function*() {
      const { address, program } = yield* start("examples/sqs-batch/main.ts")
      for (const call of exampleReadme.functionsOf("sqs-batch").flatMap(({ calls }) => calls)) {
        yield* exampleReadme.answersAsItSays(call, address)
      }
      const readme = exampleReadme.read("sqs-batch")
      for (const line of ["Records[1].body.quantity: Expected number", "OutOfStock: 200 are more than there are"]) {
        assert.include(readme, line)
        yield* program.printed(new RegExp(line.replace(/[[\].]/g, "\\$&")))
      }
    }))

  it.live("says that multi-source-api tells what else it was sent", () =>
    Effect.gen(function*() {
      const { address } = yield* start("examples/multi-source-api/main.ts")
      const body = fs.readFileSync(path.join(exampleReadme.folder, "multi-source-api/event-s3.json"))
      const answer = yield* Effect.promise(async () => {
        const response = await fetch(new URL("/invoke", address), { method: "POST", body })
        return response.text()
      })
      assert.include(answer, "this looks like an S3 event")
      assert.include(answer, "(handler 3 of 3)")
    }))
})

/** In the order in which they come. */
const sections = [
  "## Code",
  "## Build",
  "## Test locally",
  "## Deploy",
  "### With the command line",
  "### With SAM",
  "## Invoke",
  "## Undeploy",
  "## Security"
]

describe("the README of each example", () => {
  it.each(exampleReadme.names)("of %s has all that one wants to know, in order", (name) => {
    const readme = exampleReadme.read(name)
    const titles = Array.from(readme.matchAll(/^##.*$/gm), ([title]) => title)
    assert.deepStrictEqual(titles.filter((title) => sections.includes(title)), sections)
    for (const [section = ""] of readme.matchAll(/^## (?:(?!^## )[^])*/gm)) assert.match(section, /\n\n\S/, section)
    assert.isAbove((/^## Security\n\n(.*)$/m.exec(readme)?.[1] ?? "").length, 100)
  })

  it.each(exampleReadme.names)("of %s links to what is there, and to each of its programs", (name) => {
    const folder = path.join(exampleReadme.folder, name)
    const links = Array.from(exampleReadme.read(name).matchAll(/\]\((?!https?:)([^)#]+)/g), ([_, link = ""]) => link)
    for (const link of links) assert.isTrue(fs.existsSync(path.join(folder, link)), link)
    const programs = exampleReadme.entriesOf(name).map((entry) => path.relative(`examples/${name}`, entry))
    assert.includeMembers(links, [...programs, "template.yaml", "../../docs/deployment.md"])
  })
})

describe("README.md", () => {
  it("lists each example, once", () => {
    const readme = fs.readFileSync(path.join(projectFolder, "README.md"), "utf8")
    const listed = Array.from(readme.matchAll(/\[([\w-]+)\]\(examples\/([\w-]+)\)/g), ([_, title, name]) => {
      assert.strictEqual(title, name)
      return name
    })
    assert.deepStrictEqual(listed.toSorted(), [...exampleReadme.names].toSorted())
  })
})

describe("examples/tutorial", () => {
  it("is what docs/tutorial.md ends with", () => {
    const guide = fs.readFileSync(path.join(projectFolder, "docs/tutorial.md"), "utf8")
    const files = new Map(Array.from(
      guide.matchAll(/^```\w+ (\S+)\n(.*?)^```$/gms),
      ([_, name = "", content = ""]) => [name, content]
    ))
    assert.isAtLeast(files.size, 5)
    for (const [name, content] of files) {
      assert.strictEqual(fs.readFileSync(path.join(exampleReadme.folder, "tutorial", name), "utf8"), content, name)
    }
  })
})
