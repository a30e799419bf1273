/**
 * A run of chaos: one environment after the other, each with its kind of function, until all events are settled.
 */
import { bundle } from "../harness/bundle.ts"
import { processUsage } from "../harness/procfs.ts"
import { type Behaviour, numberOf } from "./chaosEvent.ts"
import { type Environment, invocationsOf, isLasting } from "./environments.ts"
import { countDescriptors, noProcess, startFunction } from "./functionProcess.ts"
import { Generation } from "./generation.ts"
import { Lambda } from "./lambda.ts"
import { type Excuse, Ledger, type Violation } from "./ledger.ts"
import { type Look, makeLook } from "./look.ts"
import { Tally } from "./tally.ts"

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
  const { endEvery, pipelining, threads, workers } = environment
  const invocations = invocationsOf(environment, options.invocations)
  let current = noProcess
  const ledger = new Ledger(() => current.output())
  const faults = new Tally()
  const lambda = new Lambda({
    seed: `${options.seed}/${environment.name}`,
    workers,
    threads,
    pipelining,
    rhythm: { isAlone: workers === 1, deathEvery: environment.deathEvery?.(invocations), endEvery },
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
      current = startFunction({
        port,
        workers,
        threads,
        pipelining,
        onLost: (requestId) => ledger.explain(numberOf(requestId)),
        onDying: (numbers) => ledger.sayDead(numbers)
      })
      lambda.begin(current)
      await lambda.end(await current.ended)
    }
  }
  const running = keepRunning()

  const looks: Array<Look> = []
  let done = 0
  // Of a short run the first quarter has to do: it says nothing of memory then, but something of what is open.
  let nextLook = Math.min(options.firstLook, Math.ceil(invocations / 4))
  while (done < invocations && ledger.violations.length === 0) {
    const count = Math.min(roundSize, nextLook - done)
    await lambda.round(count)
    done += count
    if (done < nextLook || ledger.violations.length > 0) continue
    nextLook = Math.min(Math.floor(done / options.laterLooks + 1) * options.laterLooks, invocations)
    const censuses = await lambda.censuses()
    if (censuses === undefined) break
    const look = makeLook(censuses, {
      invocations: done,
      connections: lambda.connectionCount,
      descriptors: countDescriptors(current.pid),
      // One process after the other starts anew.
      cpu: process.platform === "linux" && isLasting(environment) ? processUsage(current.pid).cpu : undefined
    })
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
