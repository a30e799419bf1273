/**
 * `npm run soak`: a million invocations through a real socket with nothing wrong, and a million with faults. What a
 * runtime keeps of each invocation, however little, shows here before it shows on Lambda, and so does an answer that is
 * lost once in a hundred thousand times.
 */
import { randomInt } from "node:crypto"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { environments } from "./chaos/environments.ts"
import { allowed, compare, type Flatness, leastBetween, memoryNotJudged, warmAfter } from "./chaos/flatness.ts"
import { countDescriptors } from "./chaos/functionProcess.ts"
import type { Look } from "./chaos/look.ts"
import { runChaos } from "./chaos/run.ts"
import {
  isSteady,
  lookHeader,
  renderFlatness,
  renderLook,
  renderNotJudged,
  renderPlan,
  renderSummary,
  renderViolation,
  replayCommand,
  summarize
} from "./chaos/summary.ts"
import { bundle, bundlePath, type Program } from "./harness/bundle.ts"
import type { HeapReport } from "./harness/heapReporter.ts"
import { run } from "./harness/run.ts"

const usage = `Usage: npm run soak -- [options]

  --steady            only the part in which nothing goes wrong
  --chaos             only the part with faults
  --invocations <n>   of each part; 1000000 unless given
  --seed <text>       of the faults; another one each time unless given
  --pipelining        the steady part with answers and polls in one write; the chaos has both
  --json              every number as JSON on stdout, and the text on stderr
  --help              this text

The invocations with faults are shared out like this, of each 1000000:

${renderPlan({ environments, invocations: 1_000_000 })}

Memory is not judged where fewer than ${leastBetween} invocations lie between the first look and the last. Where threads
die, it is that of the main thread, and the largest heap of those that serve then. Where processes end, nothing is judged.`

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
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false }
      }
    }).values
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : error}\n\n${usage}`)
  }
}

const firstLook = warmAfter
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
const print = options.json ? log : (text: string) => console.log(text)

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(2).padStart(8)

interface SteadyLook {
  readonly invocations: number
  readonly heap: number
  readonly descriptors: number
}

const soakSteady = async () => {
  const checkpoints = [firstLook]
  for (let look = laterLooks; look < invocations; look += laterLooks) checkpoints.push(look)
  checkpoints.push(invocations)

  const program: Program = options.pipelining ? "helloPipelining" : "hello"
  await bundle([program])

  print("invocations   heap MB  buffers MB  resident MB  descriptors  CPU µs/invocation")
  const looks: Array<SteadyLook> = []
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
      const descriptors = countDescriptors(runtime.pid ?? 0) ?? 0
      looks.push({ invocations: completed, heap: heapUsed, descriptors })
      const cpu = (usage.cpu - before.cpu) / (completed - before.completed)
      before = { cpu: usage.cpu, completed }
      print(
        `${String(completed).padStart(11)}  ${megabytes(heapUsed)}  ${megabytes(external).padStart(10)}  `
          + `${megabytes(usage.resident).padStart(11)}  ${String(descriptors).padStart(11)}  ${
            cpu.toFixed(1).padStart(17)
          }`
      )
    }
  })

  const [first, last] = [looks[0], looks.at(-1)]
  const flatness: ReadonlyArray<Flatness> = [
    compare("heap", first?.heap, last?.heap, allowed.heap, "bytes", memoryNotJudged(firstLook, invocations)),
    compare("open files and sockets", first?.descriptors, last?.descriptors, 0, "", undefined)
  ]
  print(`\nnothing goes wrong: the look after ${firstLook} invocations, and that after ${invocations}`)
  for (const text of [...flatness.map(renderFlatness), ...renderNotJudged(flatness)]) print(text)
  return { looks, flatness, passed: flatness.every(({ verdict }) => verdict !== "grown") }
}

const soakChaos = async () => {
  print(`\nseed ${seed}, to have it again: ${replayCommand({ invocations, seed })}`)
  print(renderPlan({ environments, invocations }))
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
        print(`\n${name}\n${lookHeader}`)
        shown = name
        before = undefined
      }
      print(renderLook(look, before))
      before = look
    }
  })
  print(renderSummary(reports))
  for (const violation of reports.flatMap(({ violations }) => violations).slice(0, 3)) {
    log(`\n${renderViolation(violation)}`)
  }
  const passed = isSteady(reports)
  if (!passed) log(`\nseed ${seed}, to have it again: ${replayCommand({ invocations, seed })}`)
  return { seed, environments: summarize(reports), passed }
}

const withoutFaults = steady || !chaos ? await soakSteady() : undefined
const withFaults = chaos || !steady ? await soakChaos() : undefined
const passed = withoutFaults?.passed !== false && withFaults?.passed !== false
if (options.json) {
  console.log(JSON.stringify({ invocations, passed, steady: withoutFaults, chaos: withFaults }, undefined, 2))
}
process.exitCode = passed ? 0 : 1
