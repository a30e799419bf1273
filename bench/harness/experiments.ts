/** What is run: which programs, for how long, and the numbers that one run of each gives. */
import { mkdirSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { buildPath, bundlePath, type Program } from "./bundle.ts"
import { ricEntry } from "./peers.ts"
import { type Checkpoint, run, type RunOptions, type Subject } from "./run.ts"

/** A program under test. */
export type Contender = "ours" | "oursPipelining" | "oursCompileCache" | "ric" | "bare" | "barePipelining"

export const contenderNames: Readonly<Record<Contender, string>> = {
  ours: "effect-lambda-runtime",
  oursPipelining: "effect-lambda-runtime, pipelining",
  oursCompileCache: "effect-lambda-runtime, compile cache",
  ric: "aws-lambda-ric 4.0.2",
  bare: "bare node:net loop",
  barePipelining: "bare node:net loop, pipelining"
}

export type ExperimentName = "hello" | "start" | "concurrent" | "stream" | "echo"

/** CPU and times in microseconds, memory in bytes, rates per second. */
export type Numbers = Readonly<Record<string, number>>

export interface Experiment {
  readonly contenders: ReadonlyArray<Contender>
  /** How many runs of each contender a round of the bench is worth. */
  readonly runsPerRound: number
  readonly measure: (contender: Contender, nodeArguments: ReadonlyArray<string>) => Promise<Numbers>
  /** Runs once before the first round. */
  readonly prepare?: ((contenders: ReadonlyArray<Contender>) => Promise<void>) | undefined
}

const compileCache = buildPath("compile-cache")

const subject = (contender: Contender, scenario: RunOptions["scenario"]): Subject => {
  const name = `${contenderNames[contender]} (${scenario})`
  const bundled = (program: Program, ...rest: ReadonlyArray<string>) => ({
    name,
    arguments: [bundlePath(program), ...rest]
  })
  switch (contender) {
    case "ours":
      return bundled(scenario)
    case "oursPipelining":
      return bundled("helloPipelining")
    case "oursCompileCache":
      return { ...bundled(scenario), environment: { NODE_COMPILE_CACHE: compileCache } }
    case "bare":
      return bundled("bare", scenario)
    case "barePipelining":
      return bundled("bare", scenario, "pipelining")
    case "ric":
      return {
        name,
        arguments: [ricEntry],
        environment: {
          LAMBDA_TASK_ROOT: fileURLToPath(new URL("../peers", import.meta.url)),
          _HANDLER: `ric.${scenario}`
        }
      }
  }
}

/** As on Lambda Managed Instances with one vCPU, and a handler that waits for something. */
const concurrency = 64
const waitSeconds = 0.05

/** The official runtime starts eight threads for a vCPU; how many there are here must not matter. */
const managed = (original: Subject): Subject => ({
  ...original,
  environment: {
    ...original.environment,
    AWS_LAMBDA_INITIALIZATION_TYPE: "lambda-managed-instances",
    AWS_LAMBDA_MAX_CONCURRENCY: String(concurrency),
    AWS_LAMBDA_NODEJS_WORKER_COUNT: "8"
  }
})

/** The work between two checkpoints. */
const between = (checkpoints: ReadonlyArray<Checkpoint>) => {
  const [before, after] = checkpoints
  if (before === undefined || after?.latencies === undefined) throw new Error("a run without a measured part")
  return { before, after, ...after.latencies }
}

export const makeExperiments = (invocations: number): Readonly<Record<ExperimentName, Experiment>> => ({
  hello: {
    contenders: ["ours", "oursPipelining", "ric", "bare", "barePipelining"],
    runsPerRound: 1,
    measure: async (contender, nodeArguments) => {
      // Half of them warm up: the compiler takes thousands of calls to settle, and start-up is measured by itself.
      const { after, before, elapsed, invocations: measured, p50, p99 } = between(
        await run(subject(contender, "hello"), {
          scenario: "hello",
          checkpoints: [invocations, 2 * invocations],
          nodeArguments
        })
      )
      return {
        cpu: (after.usage.cpu - before.usage.cpu) / measured,
        p50: p50 / 1e3,
        p99: p99 / 1e3,
        rate: measured / (elapsed / 1e9),
        peak: before.usage.peak
      }
    }
  },
  start: {
    contenders: ["ours", "oursCompileCache", "bare", "ric"],
    runsPerRound: 4,
    measure: async (contender, nodeArguments) => {
      const [first] = await run(subject(contender, "hello"), { scenario: "hello", checkpoints: [0], nodeArguments })
      return { time: (first?.sinceSpawn ?? Number.NaN) * 1e3 }
    },
    prepare: async (contenders) => {
      mkdirSync(compileCache, { recursive: true })
      // Node fills the cache when a process that found it empty ends.
      if (contenders.includes("oursCompileCache")) {
        await run(subject("oursCompileCache", "hello"), { scenario: "hello", checkpoints: [100] })
      }
    }
  },
  concurrent: {
    contenders: ["ours", "ric"],
    runsPerRound: 1,
    measure: async (contender, nodeArguments) => {
      const checkpoints = [0, 20 * concurrency, 120 * concurrency]
      const [first, ...others] = await run(managed(subject(contender, "wait")), {
        scenario: "wait",
        checkpoints,
        maxInFlight: concurrency,
        nodeArguments
      })
      const { after, before, elapsed, invocations: measured } = between(others)
      const ideal = concurrency / waitSeconds
      return {
        start: (first?.sinceSpawn ?? Number.NaN) * 1e3,
        cpu: (after.usage.cpu - before.usage.cpu) / measured,
        rate: measured / (elapsed / 1e9) / ideal,
        peak: after.usage.peak
      }
    }
  },
  stream: {
    contenders: ["ours", "ric", "bare"],
    runsPerRound: 1,
    measure: async (contender, nodeArguments) => {
      const { after, before, elapsed } = between(
        await run(subject(contender, "stream"), { scenario: "stream", checkpoints: [0, 1], nodeArguments })
      )
      return { growth: after.usage.peak - before.usage.resident, rate: 200 * 1024 * 1024 / (elapsed / 1e9) }
    }
  },
  echo: {
    contenders: ["ours", "ric", "bare"],
    runsPerRound: 1,
    measure: async (contender, nodeArguments) => {
      const { after, before, invocations: measured, p50 } = between(
        await run(subject(contender, "echo"), { scenario: "echo", checkpoints: [20, 100], nodeArguments })
      )
      return { cpu: (after.usage.cpu - before.usage.cpu) / measured, p50: p50 / 1e3, peak: after.usage.peak }
    }
  }
})
