/**
 * `npm run soak`: a million invocations through a real socket, watching the heap. What a runtime keeps of each
 * invocation, however little, shows here before it shows on Lambda.
 */
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { bundle, bundlePath, type Program } from "./harness/bundle.ts"
import type { HeapReport } from "./harness/heapReporter.ts"
import { run } from "./harness/run.ts"

const usage = `Usage: npm run soak -- [options]

  --invocations <n>   1000000 unless given
  --pipelining        with answers and polls in one write
  --help              this text`

const log = (line: string) => void process.stderr.write(`${line}\n`)

const fail = (line: string): never => {
  log(line)
  process.exit(2)
}

const readOptions = () => {
  try {
    return parseArgs({
      options: {
        invocations: { type: "string", default: "1000000" },
        pipelining: { type: "boolean", default: false },
        help: { type: "boolean", default: false }
      }
    }).values
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : error}\n\n${usage}`)
  }
}

/** What the heap may have grown by, in bytes, between the first look and the last. */
const allowedGrowth = 2_000_000

/** Late enough for compiled code and caches to be there. */
const firstLook = 10_000
const laterLooks = 100_000

const options = readOptions()
if (options.help) {
  console.log(usage)
  process.exit(0)
}
if (process.platform !== "linux") fail("The soak reads /proc: run it on Linux, or in a Linux container.")
const invocations = /^\d{1,10}$/.test(options.invocations) ? Number(options.invocations) : 0
if (invocations <= firstLook) fail(`--invocations is "${options.invocations}": give a whole number over ${firstLook}`)

const checkpoints = [firstLook]
for (let look = laterLooks; look < invocations; look += laterLooks) checkpoints.push(look)
checkpoints.push(invocations)

const program: Program = options.pipelining ? "helloPipelining" : "hello"
await bundle([program])

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(2).padStart(8)

console.log("invocations   heap MB  buffers MB  resident MB  CPU µs/invocation")
const heaps: Array<number> = []
let before = { cpu: 0, completed: 0 }
await run({ name: "effect-lambda-runtime", arguments: [bundlePath(program)] }, {
  scenario: "hello",
  checkpoints,
  channel: true,
  nodeArguments: ["--expose-gc", "--import", fileURLToPath(new URL("harness/heapReporter.ts", import.meta.url))],
  inspect: async ({ completed, usage }, runtime) => {
    const reported = once(runtime, "message")
    runtime.send("report")
    const [{ external, heapUsed }] = (await reported) as [HeapReport]
    heaps.push(heapUsed)
    const cpu = (usage.cpu - before.cpu) / (completed - before.completed)
    before = { cpu: usage.cpu, completed }
    console.log(
      `${String(completed).padStart(11)}  ${megabytes(heapUsed)}  ${megabytes(external).padStart(10)}  `
        + `${megabytes(usage.resident).padStart(11)}  ${cpu.toFixed(1).padStart(17)}`
    )
  }
})

const growth = (heaps.at(-1) ?? 0) - (heaps[0] ?? 0)
const steady = growth <= allowedGrowth
console.log(
  `${steady ? "✔ pass" : "✘ fail"}: after ${invocations} invocations the heap is ${(growth / 1e6).toFixed(2)} MB `
    + `${growth < 0 ? "under" : "over"} that after ${firstLook}; ${allowedGrowth / 1e6} MB is allowed`
)
process.exitCode = steady ? 0 : 1
