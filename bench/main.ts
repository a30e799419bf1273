/**
 * `npm run bench`: what a function costs on this runtime, side by side with the official one and with a bare loop.
 *
 * Every round runs every contender once, one after the other, so that what disturbs the machine disturbs all of
 * them; ratios are taken within a round, and the median round counts. The bench itself is plain Node, to stay
 * apart from what it measures.
 */
import { parseArgs } from "node:util"
import { bundle, bundleSize } from "./harness/bundle.ts"
import {
  type Contender,
  contenderNames,
  type ExperimentName,
  makeExperiments,
  type Numbers
} from "./harness/experiments.ts"
import { installRic } from "./harness/peers.ts"
import { type AllRuns, rowResult, type Runs } from "./harness/results.ts"
import { type Row, rows } from "./harness/rows.ts"
import { renderTable } from "./harness/table.ts"

const usage = `Usage: npm run bench -- [options]

  --only <row>        only this row; may be given again. Rows: ${rows.map((row) => row.id).join(", ")}
  --rounds <n>        runs of each contender, 5 unless given
  --invocations <n>   measured invocations of each hello run, after as many to warm up; 20000 unless given
  --json              every number as JSON on stdout
  --profile <folder>  a CPU profile of each run of ours, for Chrome's developer tools; not minified, and slower
  --strict            exit with 1 when a bar is missed
  --help              this text`

const log = (line: string) => void process.stderr.write(`${line}\n`)

const fail = (line: string): never => {
  log(line)
  process.exit(2)
}

const readOptions = () => {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: "string", multiple: true, default: [] },
        rounds: { type: "string", default: "5" },
        invocations: { type: "string", default: "20000" },
        json: { type: "boolean", default: false },
        profile: { type: "string" },
        strict: { type: "boolean", default: false },
        help: { type: "boolean", default: false }
      }
    })
    return values
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : error}\n\n${usage}`)
  }
}

const wholeNumber = (option: string, text: string, atLeast: number): number =>
  /^\d{1,9}$/.test(text) && Number(text) >= atLeast
    ? Number(text)
    : fail(`--${option} is "${text}": give a whole number from ${atLeast}`)

const options = readOptions()
if (options.help) {
  console.log(usage)
  process.exit(0)
}
if (process.platform !== "linux") fail("The bench reads /proc: run it on Linux, or in a Linux container.")
const rounds = wholeNumber("rounds", options.rounds, 1)
const invocations = wholeNumber("invocations", options.invocations, 100)
const unknown = options.only.find((id) => !rows.some((row) => row.id === id))
if (unknown !== undefined) fail(`There is no row "${unknown}".\n\n${usage}`)

const selected = rows.filter((row) => options.only.length === 0 || options.only.includes(row.id))
const ricIsThere = selected.every((row) => row.experiment === "bundle") || installRic(log)

/** The contenders that the rows of an experiment name. */
const contendersOf = (experiment: Row["experiment"]): ReadonlyArray<Contender> => {
  const named = new Set<Contender>()
  for (const row of selected) {
    if (row.experiment !== experiment) continue
    named.add(row.contender)
    for (const comparison of row.comparisons) {
      if (comparison.contender !== undefined) named.add(comparison.contender)
      if (comparison.kind !== "value") named.add(comparison.peer)
    }
  }
  if (!ricIsThere) named.delete("ric")
  return [...named]
}

const runExperiment = async (name: ExperimentName): Promise<Runs> => {
  const { measure, prepare, runsPerRound } = makeExperiments(invocations)[name]
  const contenders = contendersOf(name)
  const runs: Partial<Record<Contender, Array<Numbers>>> = {}
  await prepare?.(contenders)
  for (let round = 0; round < rounds * runsPerRound; round++) {
    // Nobody always runs first, or always after the same neighbour's heat.
    for (let turn = 0; turn < contenders.length; turn++) {
      const contender = contenders[(round + turn) % contenders.length]
      if (contender === undefined) continue
      const profiled = options.profile !== undefined && contender.startsWith("ours")
      const numbers = await measure(contender, profiled ? ["--cpu-prof", `--cpu-prof-dir=${options.profile}`] : [])
      ;(runs[contender] ??= []).push(numbers)
      log(`${name} ${round + 1}/${rounds * runsPerRound}  ${contenderNames[contender]}  ${describe(numbers)}`)
    }
  }
  return runs
}

const describe = (numbers: Numbers) =>
  Object.entries(numbers).map(([name, value]) => `${name} ${Math.round(value)}`).join(", ")

// A profile of minified code names nothing.
await bundle(
  ["hello", "helloPipelining", "echo", "stream", "wait", "waitThreads", "compute", "computeThreads", "logs", "bare"],
  { minify: options.profile === undefined }
)

const all: { -readonly [Name in keyof AllRuns]: AllRuns[Name] } = { bundle: { ours: [bundleSize("hello")] } }
for (
  const name of [
    "hello",
    "start",
    "concurrent",
    "threads",
    "computing",
    "stream",
    "echo",
    "logs",
    "events",
    "routes",
    "tools"
  ] as const
) {
  if (selected.some((row) => row.experiment === name)) all[name] = await runExperiment(name)
}

const results = selected.map((row) => rowResult(row, all))
const missed = results.flatMap((row) => row.comparisons).filter((comparison) => comparison.met === false)

if (options.json) {
  const machine = {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    processors: navigator.hardwareConcurrency
  }
  console.log(JSON.stringify({ machine, rounds, invocations, ricIsThere, rows: results, runs: all }, undefined, 2))
} else {
  console.log(`\n${renderTable(results)}\n`)
  console.log(missed.length === 0 ? "Every bar is met." : `${missed.length} of the bars are missed.`)
  if (!ricIsThere) console.log("aws-lambda-ric was not measured: see above.")
}
if (options.strict && missed.length > 0) process.exitCode = 1
