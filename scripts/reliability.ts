/**
 * `npm run reliability`: writes docs/reliability.md, which says what happens when something goes wrong, from the tests in
 * test/faults that prove it. `npm run reliability -- --check` writes nothing, and fails when the page says something else.
 */
import * as fs from "node:fs"
import * as path from "node:path"
import { createVitest, type TestModule, type TestSuite } from "vitest/node"
import type { FaultRow } from "../test/support/faultRows.ts"

const projectFolder = path.join(import.meta.dirname, "..")
const page = path.join(projectFolder, "docs/reliability.md")

/** Tests of a kind, in the order in which they are told. Files that are not named here come last. */
const order = [
  "lostConnections",
  "closedConnections",
  "splitResponses",
  "wrongResponses",
  "streams",
  "handlers",
  "unreadableErrors",
  "processes",
  "shutdown",
  "severalInvocations"
]

interface Family {
  readonly title: string
  readonly rows: ReadonlyArray<FaultRow>
}

/** Reads what the tests carry; runs none of them. */
const collect = async (): Promise<ReadonlyArray<Family>> => {
  const vitest = await createVitest({
    root: projectFolder,
    config: path.join(projectFolder, "vitest.config.ts"),
    watch: false,
    reporters: [{}],
    // Nothing happens in these files that others could see.
    isolate: false,
    maxWorkers: 1
  })
  try {
    const { testModules, unhandledErrors } = await vitest.collect(["test/faults/"], { staticParse: false })
    const errors = [...unhandledErrors, ...testModules.flatMap((module) => module.errors())]
    if (errors.length > 0) throw new Error("the tests cannot be read", { cause: errors[0] })
    return testModules.toSorted((left, right) => placeOf(left) - placeOf(right))
      .flatMap((module) => Array.from(module.children.suites()))
      .map(familyOf)
      .filter(({ rows }) => rows.length > 0)
  } finally {
    await vitest.close()
  }
}

const placeOf = ({ moduleId }: TestModule): number => {
  const place = order.indexOf(path.basename(moduleId, ".test.ts"))
  return place < 0 ? order.length : place
}

const familyOf = (suite: TestSuite): Family => ({
  title: suite.name,
  rows: Array.from(suite.children.allTests()).flatMap((test) => test.meta().faultRow ?? [])
})

const render = (families: ReadonlyArray<Family>): string =>
  [introduction, ...families.map(({ rows, title }) => `## ${title}\n\n${renderTable(rows)}`)].join("\n")

const renderTable = (rows: ReadonlyArray<FaultRow>): string =>
  [["Fault", "Lambda sees", "The log says", "Then"], ["---", "---", "---", "---"], ...rows.map(cellsOf)]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`)
    .join("")

const cellsOf = ({ fault, logs, next, provedBy, sees }: FaultRow): ReadonlyArray<string> => [
  provedBy === undefined ? fault : `${fault} ([proved here](../${provedBy[0]}): "${provedBy[1]}")`,
  sees.length === 0 ? "nothing" : sees.map(code).join(", "),
  logs.length === 0 ? "nothing" : logs.map(code).join("<br>"),
  next
]

const code = (text: string): string => `\`${text}\``

const introduction = `# Reliability

<!-- Written by \`npm run reliability\` from the tests in test/faults. Change them, not this page. -->

What happens when something goes wrong, as the tests in [test/faults](../test/faults) prove it: the cells of a row are
what its test asserts, unless the row names a test elsewhere. Lambda is played by a peer that does as it is told, byte by
byte. The runtime serves one invocation at a time, but for the last two tables. What happens when all of this comes at
random, a million times, is told [elsewhere](performance.md#over-a-million-invocations).

- **Lambda sees** the requests of the runtime, in their order and by the ends of their paths: \`next\` asks for an event,
  \`a/response tea\` answers the event \`a\` with \`tea\`, \`a/error OutOfTea: none left\` reports its failure. Chunks of a
  streamed answer have a \`+\` between them, and a failure in its trailers comes after them. \`↻\` goes before a request on
  a new connection.
- **The log says** the first line of each entry; the stack and the causes of a failure follow it.
- **Then** the next event is served, which each of these tests asks for and gets, or the process ends. It ends with one
  line on standard error, the one that is given here (\`HOST\` is the address of the Runtime API). After an exit code other
  than 0, or a signal, Lambda reports \`Runtime.ExitError\` for an invocation that has no answer yet,
  \`Runtime.TruncatedResponse\` for one whose streamed answer is not complete, and starts another process. A process that
  somebody kills, that has no memory left, or that the handler ends itself runs no finalizers. [How a process
  ends](shutdown.md) says what it does otherwise.
`

const written = fs.existsSync(page) ? fs.readFileSync(page, "utf8") : ""
const told = render(await collect())
if (!process.argv.includes("--check")) {
  fs.writeFileSync(page, told)
} else if (written !== told) {
  console.error("docs/reliability.md is not what the tests in test/faults say: npm run reliability")
  process.exitCode = 1
}
