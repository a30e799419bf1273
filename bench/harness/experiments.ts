/** What is run: which programs, for how long, and the numbers that one run of each gives. */
import { fileURLToPath } from "node:url"
import { bootstrapPath, bundle, bundlePath, bundleSize, deployable, type Program } from "./bundle.ts"
import { measureDecoding } from "./decoding.ts"
import { measureLogs } from "./logs.ts"
import { ricEntry } from "./peers.ts"
import { measureRouting } from "./routing.ts"
import { type Checkpoint, run, type RunOptions, type Subject } from "./run.ts"
import { measureTools } from "./tools.ts"

/** A program under test. */
export type Contender =
  | "ours"
  | "oursThreads"
  | "oursPipelining"
  | "oursBuilt"
  | "oursText"
  | "oursConsole"
  | "oursFrames"
  | "oursConsoleFrames"
  | "ric"
  | "ricText"
  | "ricFrames"
  | "pino"
  | "bare"
  | "barePipelining"
  | "jsonParse"
  | "powertools"
  | "hono"
  | "powertoolsRouter"

export const contenderNames: Readonly<Record<Contender, string>> = {
  ours: "effect-lambda-runtime",
  oursThreads: "effect-lambda-runtime, 2 threads",
  oursPipelining: "effect-lambda-runtime, pipelining",
  oursBuilt: "effect-lambda-runtime, as built",
  oursText: "effect-lambda-runtime, text",
  oursConsole: "effect-lambda-runtime, console",
  oursFrames: "effect-lambda-runtime, descriptor",
  oursConsoleFrames: "effect-lambda-runtime, console, descriptor",
  ric: "aws-lambda-ric 4.0.2",
  ricText: "aws-lambda-ric 4.0.2, text",
  ricFrames: "aws-lambda-ric 4.0.2, descriptor",
  pino: "pino 10.4.0",
  bare: "bare node:net loop",
  barePipelining: "bare node:net loop, pipelining",
  jsonParse: "JSON.parse",
  powertools: "@aws-lambda-powertools/parser 2.35.0",
  hono: "hono 4.13.19",
  powertoolsRouter: "@aws-lambda-powertools/event-handler 2.35.0"
}

export type ExperimentName =
  | "hello"
  | "start"
  | "concurrent"
  | "threads"
  | "computing"
  | "stream"
  | "echo"
  | "logs"
  | "events"
  | "routes"
  | "tools"

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

/** What a managed runtime gives to the exec wrapper of a function that has the memory for no limits. */
const managedCommand = [process.execPath, "/var/runtime/index.mjs"]

/** Builds what is started as it is deployed. */
const deploy = (scenario: Program) => async (contenders: ReadonlyArray<Contender>) => {
  if (contenders.includes("oursBuilt")) await deployable(scenario)
}

const subject = (contender: Contender, scenario: RunOptions["scenario"]): Subject => {
  const name = `${contenderNames[contender]} (${scenario})`
  const bundled = (program: Program, ...rest: ReadonlyArray<string>) => ({
    name,
    arguments: [bundlePath(program), ...rest]
  })
  switch (contender) {
    case "ours":
      return bundled(scenario)
    case "oursThreads":
      return bundled(scenario === "compute" ? "computeThreads" : "waitThreads")
    case "oursPipelining":
      return bundled("helloPipelining")
    case "oursBuilt":
      return { name, command: bootstrapPath(scenario), arguments: managedCommand }
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
    default:
      throw new Error(`${name} is no runtime`)
  }
}

/** As on Lambda Managed Instances with one vCPU, and a handler that waits for something. */
const concurrency = 64
const waitSeconds = 0.05

/** With as many threads as the runtime starts by itself, unless they are given. */
const managed = (original: Subject, threads?: number | undefined): Subject => ({
  ...original,
  environment: {
    ...original.environment,
    AWS_LAMBDA_INITIALIZATION_TYPE: "lambda-managed-instances",
    AWS_LAMBDA_MAX_CONCURRENCY: String(concurrency),
    ...threads === undefined ? {} : { AWS_LAMBDA_NODEJS_WORKER_COUNT: String(threads) }
  }
})

/** The official runtime starts eight for each processor, unless it is told how many. */
const threadsOf = (contender: Contender) => contender === "oursThreads" ? 2 : undefined

/** The work between two checkpoints. */
const between = (checkpoints: ReadonlyArray<Checkpoint>) => {
  const [before, after] = checkpoints
  if (before === undefined || after?.latencies === undefined) throw new Error("a run without a measured part")
  return { before, after, ...after.latencies }
}

/** The program with the routes of an HTTP API. */
const routerOf = (contender: Contender): "http" | "hono" | "powertools" =>
  contender === "hono" ? "hono" : contender === "powertoolsRouter" ? "powertools" : "http"

/** As many invocations at a time as there may be. */
const measureManaged = async (
  original: Subject,
  scenario: RunOptions["scenario"],
  threads: number | undefined,
  nodeArguments: ReadonlyArray<string>
) => {
  const [first, ...others] = await run(managed(original, threads), {
    scenario,
    checkpoints: [0, 20 * concurrency, 120 * concurrency],
    maxInFlight: concurrency,
    nodeArguments
  })
  const { after, before, elapsed, invocations: measured } = between(others)
  return {
    start: (first?.sinceSpawn ?? Number.NaN) * 1e3,
    cpu: (after.usage.cpu - before.usage.cpu) / measured,
    rate: measured / (elapsed / 1e9),
    peak: after.usage.peak
  }
}

export const makeExperiments = (invocations: number): Readonly<Record<ExperimentName, Experiment>> => ({
  hello: {
    contenders: ["ours", "oursBuilt", "oursPipelining", "ric", "bare", "barePipelining"],
    runsPerRound: 1,
    prepare: deploy("hello"),
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
    contenders: ["ours", "oursBuilt", "bare", "ric"],
    runsPerRound: 4,
    prepare: deploy("hello"),
    measure: async (contender, nodeArguments) => {
      const [first] = await run(subject(contender, "hello"), { scenario: "hello", checkpoints: [0], nodeArguments })
      return { time: (first?.sinceSpawn ?? Number.NaN) * 1e3 }
    }
  },
  concurrent: {
    contenders: ["ours", "oursBuilt", "ric"],
    runsPerRound: 1,
    prepare: deploy("wait"),
    measure: async (contender, nodeArguments) => {
      // How many threads the official runtime has must not matter: as many as it starts for one processor.
      const numbers = await measureManaged(subject(contender, "wait"), "wait", 8, nodeArguments)
      return { ...numbers, rate: numbers.rate * waitSeconds / concurrency }
    }
  },
  threads: {
    contenders: ["oursThreads", "ric", "ours"],
    runsPerRound: 1,
    measure: (contender, nodeArguments) =>
      measureManaged(subject(contender, "wait"), "wait", threadsOf(contender), nodeArguments)
  },
  computing: {
    contenders: ["oursThreads", "ric", "ours"],
    runsPerRound: 1,
    measure: (contender, nodeArguments) =>
      measureManaged(subject(contender, "compute"), "compute", threadsOf(contender), nodeArguments)
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
  },
  logs: {
    contenders: [
      "ours",
      "oursText",
      "oursConsole",
      "oursFrames",
      "oursConsoleFrames",
      "ric",
      "ricText",
      "ricFrames",
      "pino"
    ],
    runsPerRound: 1,
    measure: (contender, nodeArguments) => measureLogs(contender, contenderNames[contender], nodeArguments)
  },
  events: { contenders: ["ours", "jsonParse", "powertools"], runsPerRound: 1, measure: measureDecoding },
  tools: { contenders: ["ours"], runsPerRound: 1, measure: measureTools },
  routes: {
    contenders: ["ours", "hono", "powertoolsRouter"],
    runsPerRound: 1,
    prepare: (contenders) => bundle(contenders.map(routerOf)),
    measure: async (contender, nodeArguments) => ({
      ...await measureRouting(contender === "ours" ? undefined : routerOf(contender), nodeArguments),
      ...bundleSize(routerOf(contender))
    })
  }
})
