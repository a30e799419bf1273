/**
 * A run of chaos: one environment after the other, each with its kind of function, until all events are settled.
 */
import { bundle } from "../harness/bundle.ts"
import { processUsage } from "../harness/procfs.ts"
import type { Behaviour, Census } from "./chaosEvent.ts"
import { countDescriptors, noProcess, startFunction } from "./functionProcess.ts"
import { Generation } from "./generation.ts"
import { Lambda } from "./lambda.ts"
import { type Excuse, Ledger, type Violation } from "./ledger.ts"
import { numberOf } from "./responses.ts"
import { Tally } from "./tally.ts"

export interface Environment {
  readonly name: string
  /** Invocations at a time. With one, what the function cannot survive ends its process, and another is started. */
  readonly workers: number
  readonly pipelining: boolean
  /** Of all invocations. */
  readonly share: number
}

export const environments: ReadonlyArray<Environment> = [
  { name: "16 workers", workers: 16, pipelining: false, share: 0.48 },
  { name: "16 workers, pipelining", workers: 16, pipelining: true, share: 0.48 },
  { name: "1 worker", workers: 1, pipelining: false, share: 0.02 },
  { name: "1 worker, pipelining", workers: 1, pipelining: true, share: 0.02 }
]

/** A look at the function while it waits for events. */
export interface Look extends Census {
  readonly invocations: number
  /** Open files and sockets, where the system tells. */
  readonly descriptors: number | undefined
  /** CPU so far, in microseconds, where the system tells and the process is the first. */
  readonly cpu: number | undefined
}

export interface EnvironmentReport {
  readonly environment: Environment
  readonly invocations: number
  readonly processes: number
  readonly looks: ReadonlyArray<Look>
  readonly answers: Tally
  readonly unanswered: Tally<Excuse>
  readonly behaviours: Tally<Behaviour>
  readonly settled: number
  /** Answers that came again, because what Lambda said to the first was lost. */
  readonly repeated: number
  readonly faults: Tally
  readonly violations: ReadonlyArray<Violation>
  /** Milliseconds. */
  readonly elapsed: number
}

export interface ChaosOptions {
  readonly seed: string
  readonly invocations: number
  readonly environments: ReadonlyArray<Environment>
  /** After how many invocations the first look is taken, and how many lie between the later ones. */
  readonly firstLook: number
  readonly laterLooks: number
  readonly onLook?: ((environment: Environment, look: Look) => void) | undefined
}

/** Events between two moments at which all of them must be settled. */
const roundSize = 5_000

/** How long a process may take to end, in milliseconds. */
const endPatience = 20_000

export const runChaos = async (options: ChaosOptions): Promise<ReadonlyArray<EnvironmentReport>> => {
  await bundle(["chaos"])
  const reports: Array<EnvironmentReport> = []
  for (const environment of options.environments) {
    const report = await runEnvironment(environment, options)
    reports.push(report)
    if (report.violations.length > 0) break
  }
  return reports
}

const runEnvironment = async (environment: Environment, options: ChaosOptions): Promise<EnvironmentReport> => {
  const { pipelining, workers } = environment
  let current = noProcess
  const ledger = new Ledger(() => current.output())
  const faults = new Tally()
  const lambda = new Lambda({
    seed: `${options.seed}/${environment.name}`,
    workers,
    pipelining,
    ledger,
    faults,
    generation: new Generation(0, false, noProcess)
  })
  const port = await lambda.listen()
  const startedAt = performance.now()
  let processes = 0
  let isOver = false
  const keepRunning = async () => {
    while (!isOver && ledger.violations.length === 0) {
      processes++
      current = startFunction({ port, workers, pipelining, onLost: (requestId) => ledger.explain(numberOf(requestId)) })
      lambda.begin(current)
      await lambda.end(await current.ended)
    }
  }
  const running = keepRunning()

  const invocations = Math.round(options.invocations * environment.share)
  const looks: Array<Look> = []
  let done = 0
  let nextLook = Math.min(options.firstLook, invocations)
  while (done < invocations && ledger.violations.length === 0) {
    const count = Math.min(roundSize, nextLook - done)
    await lambda.round(count)
    done += count
    if (done < nextLook || ledger.violations.length > 0) continue
    nextLook = Math.min(Math.floor(done / options.laterLooks + 1) * options.laterLooks, invocations)
    const census = await lambda.census()
    if (census === undefined) break
    const look = {
      ...census,
      invocations: done,
      descriptors: countDescriptors(current.pid),
      // One process after the other starts anew.
      cpu: process.platform === "linux" && workers > 1 ? processUsage(current.pid).cpu : undefined
    }
    looks.push(look)
    options.onLook?.(environment, look)
  }
  isOver = true
  lambda.terminate()
  const late = setTimeout(() => {
    if (ledger.violations.length === 0) ledger.violate("the process does not end")
    current.kill("SIGKILL")
  }, ledger.violations.length === 0 ? endPatience : 0)
  await running
  clearTimeout(late)
  lambda.close()
  // Several go on when one is lost, and only its log says so.
  if (workers > 1) ledger.closeUnexplained()
  const { answers, behaviours, repeated, settled, unanswered, violations } = ledger
  return {
    environment,
    invocations: done,
    processes,
    looks,
    answers,
    unanswered,
    behaviours,
    settled,
    repeated,
    faults,
    violations,
    elapsed: performance.now() - startedAt
  }
}
