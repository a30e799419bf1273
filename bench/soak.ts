/**
 * `npm run soak`: a million invocations through a real socket with nothing wrong, and a million with faults. What a
 * runtime keeps of each invocation, however little, shows here before it shows on Lambda, and so does an answer that is
 * lost once in a hundred thousand times.
 */
import { randomInt } from "node:crypto"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { countDescriptors } from "./chaos/functionProcess.ts"
import { environments, type Look, runChaos } from "./chaos/run.ts"
import { isSteady, lookHeader, renderLook, renderSummary, renderViolation, replayCommand } from "./chaos/summary.ts"
import { bundle, bundlePath, type Program } from "./harness/bundle.ts"
import type { HeapReport } from "./harness/heapReporter.ts"
import { run } from "./harness/run.ts"

const usage = `Usage: npm run soak -- [options]

  --steady            only the part in which nothing goes wrong
  --chaos             only the part with faults
  --invocations <n>   of each part; 1000000 unless given
  --seed <text>       of the faults; another one each time unless given
  --pipelining        the steady part with answers and polls in one write; the chaos has both
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
        steady: { type: "boolean", default: false },
        chaos: { type: "boolean", default: false },
        invocations: { type: "string", default: "1000000" },
        seed: { type: "string", default: randomInt(2 ** 32).toString(16) },
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
const { chaos, seed, steady } = options

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(2).padStart(8)

const soakSteady = async (): Promise<boolean> => {
  const checkpoints = [firstLook]
  for (let look = laterLooks; look < invocations; look += laterLooks) checkpoints.push(look)
  checkpoints.push(invocations)

  const program: Program = options.pipelining ? "helloPipelining" : "hello"
  await bundle([program])

  console.log("invocations   heap MB  buffers MB  resident MB  descriptors  CPU µs/invocation")
  const heaps: Array<number> = []
  const descriptors: Array<number> = []
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
      const open = countDescriptors(runtime.pid ?? 0) ?? 0
      descriptors.push(open)
      const cpu = (usage.cpu - before.cpu) / (completed - before.completed)
      before = { cpu: usage.cpu, completed }
      console.log(
        `${String(completed).padStart(11)}  ${megabytes(heapUsed)}  ${megabytes(external).padStart(10)}  `
          + `${megabytes(usage.resident).padStart(11)}  ${String(open).padStart(11)}  ${cpu.toFixed(1).padStart(17)}`
      )
    }
  })

  const growth = (heaps.at(-1) ?? 0) - (heaps[0] ?? 0)
  const opened = (descriptors.at(-1) ?? 0) - (descriptors[0] ?? 0)
  const isFlat = growth <= allowedGrowth && opened <= 0
  console.log(
    `${isFlat ? "✔ pass" : "✘ fail"}: after ${invocations} invocations the heap is ${(growth / 1e6).toFixed(2)} MB `
      + `${growth < 0 ? "under" : "over"} that after ${firstLook}, where ${allowedGrowth / 1e6} MB are allowed, and `
      + `${opened} more files and sockets are open`
  )
  return isFlat
}

const soakChaos = async (): Promise<boolean> => {
  console.log(`seed ${seed}, to have it again: ${replayCommand({ invocations, seed })}`)
  let shown: string | undefined
  let before: Look | undefined
  const reports = await runChaos({
    seed,
    invocations,
    environments,
    firstLook,
    laterLooks,
    onLook: ({ name }, look) => {
      if (name !== shown) {
        console.log(`\n${name}\n${lookHeader}`)
        shown = name
        before = undefined
      }
      console.log(renderLook(look, before))
      before = look
    }
  })
  console.log(renderSummary(reports))
  for (const violation of reports.flatMap(({ violations }) => violations).slice(0, 3)) {
    log(`\n${renderViolation(violation)}`)
  }
  const passed = isSteady(reports)
  if (!passed) log(`\nseed ${seed}, to have it again: ${replayCommand({ invocations, seed })}`)
  return passed
}

let passed = true
if (steady || !chaos) passed = await soakSteady()
if (chaos || !steady) passed = await soakChaos() && passed
process.exitCode = passed ? 0 : 1
