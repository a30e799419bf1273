/**
 * The books: what became of every event, and the rules by which one may stay without an answer.
 */
import { type Behaviour, type Deadly, isStreamed, overstays, requestIdOf } from "./chaosEvent.ts"
import { describePosted, type Fate, isDeathReport, judge, type Posted } from "./expectations.ts"
import type { Plan } from "./plan.ts"
import { Tally } from "./tally.ts"
import type { Wire } from "./wire.ts"

/** Why an event has no answer. Everything else is a violation. */
export const excuses = {
  cut: "the event did not arrive whole (and no answer may come)",
  mayBeCut: "the connection was reset right behind the event, of which the end may not have arrived",
  anonymous: "the event did not say which one it is (and no answer can come)",
  refusedEarly: "Lambda refused the answer before it had read it",
  streamLost: "the connection was lost under a streamed answer, which is not sent twice",
  lostOnNewConnection: "the connection was lost under an answer, and it was a new one",
  lostTwice: "the connection was lost under an answer, and so was the second",
  closedUnseen: "a streamed answer left into a connection that Lambda was closing",
  garbled: "Lambda said something that is no HTTP while the answer was on its way",
  outage: "Lambda's server was away when the answer came",
  processEnded: "the process had ended, as it should: Lambda reports Runtime.ExitError"
} as const

/** The function knows that the answer is lost, and says so. Of the others it knows nothing, or not whose they are. */
const told: ReadonlySet<string> = new Set<Excuse>([
  "refusedEarly",
  "streamLost",
  "lostOnNewConnection",
  "lostTwice",
  "garbled",
  "closedUnseen"
])

export type Excuse = keyof typeof excuses

/** One time that an answer was said. */
export interface Attempt {
  readonly entry: Entry
  /** 0 for the first. The report of a dead thread, which the main thread makes, is counted for itself. */
  readonly index: number
  /** `told`: the function could read what was said to it. `lost`: it could not, or not all of it. */
  outcome: "open" | "told" | "lost"
  isComplete: boolean
}

export interface Entry {
  readonly plan: Plan
  /** The connections on which it and its answers have been. */
  readonly wires: Set<Wire>
  readonly attempts: Array<Attempt>
  /** That its thread has died, from the main thread. */
  readonly deathReports: Array<Attempt>
  readonly excuses: Set<Excuse>
  /** What can have come over it. */
  readonly fates: Set<Fate>
  isAnswered: boolean
}

export interface Violation {
  readonly what: string
  readonly plan: Plan | undefined
  readonly excuses: ReadonlyArray<Excuse>
  /** What has happened on its connections. */
  readonly history: ReadonlyArray<string>
  /** What the function has logged of it. */
  readonly log: ReadonlyArray<string>
}

/** Of what the function has logged. */
const keptLogLines = 30

/**
 * How long after a thread has begun to die it may be given events, in milliseconds: until the main thread, which may have
 * much to do, has heard of it.
 */
const lateNews = 1_000

export class Ledger {
  private readonly readLog: () => string
  readonly answers = new Tally()
  readonly unanswered = new Tally<Excuse>()
  readonly behaviours = new Tally<Behaviour>()
  readonly violations: Array<Violation> = []
  /** Idle connections that were closed: each can swallow one streamed answer, of which nothing is seen. */
  idleConnectionsClosed = 0
  settled = 0
  repeated = 0
  private readonly open = new Map<number, Entry>()
  /** Events without an answer of which the log has to say so, and those of which it has. */
  private readonly unexplained = new Map<number, Entry>()
  private readonly explained = new Set<number>()
  /** Events of which threads may be dying. */
  private readonly dying = new Map<Entry, Fate>()
  /** Events that were reported because their thread had ended itself, and those of which such threads have said so. */
  private readonly reportedDead = new Map<number, Entry>()
  private readonly saidDead = new Set<number>()

  /** `readLog` gives the last that the function has logged. */
  constructor(readLog: () => string) {
    this.readLog = readLog
  }

  get unansweredCount(): number {
    let count = 0
    for (const entry of this.open.values()) if (!entry.isAnswered) count++
    return count
  }

  entry(n: number): Entry | undefined {
    return this.open.get(n)
  }

  /** The event begins to leave. */
  begin(plan: Plan, wire: Wire): Entry {
    const entry: Entry = {
      plan,
      wires: new Set([wire]),
      attempts: [],
      deathReports: [],
      excuses: new Set(),
      fates: new Set(this.dying.values()),
      isAnswered: false
    }
    this.open.set(plan.n, entry)
    return entry
  }

  /** Something comes over everything that is open. */
  threaten(fate: Fate): void {
    for (const entry of this.open.values()) entry.fates.add(fate)
  }

  /** The event kills its thread, and nobody knows which other events that one has: none that come after the report. */
  threatenUntilAnswered(fate: Exclude<Deadly, "hang">, entry: Entry): void {
    this.dying.set(entry, fate)
    this.threaten(fate)
  }

  /** Whether there is a thread that may be dying so. */
  isDying(fate: Fate): boolean {
    return [...this.dying.values()].includes(fate)
  }

  /** A thread has said of these that they die with it. */
  sayDead(numbers: Iterable<number>): void {
    for (const n of numbers) this.saidDead.add(n)
  }

  violate(what: string, entry?: Entry, wires: Iterable<Wire> = entry?.wires ?? []): void {
    const history = [...wires].flatMap(({ notes }) => notes)
    const requestId = entry === undefined ? "" : requestIdOf(entry.plan.n)
    const log = this.readLog().split("\n").filter((line) => line !== "" && line.includes(requestId)).slice(
      -keptLogLines
    )
    this.violations.push({ what, plan: entry?.plan, excuses: [...entry?.excuses ?? []], history, log })
  }

  /** The head of an answer has arrived. Nothing when it is none of an event that is open. */
  beginAttempt(n: number, wire: Wire, errorType?: string): Attempt | undefined {
    const entry = this.open.get(n)
    // What comes where Lambda's side is closed may have been sent before the answer that has settled the event.
    const isLate = wire.isMute
    if (entry === undefined) {
      if (!isLate) {
        this.violate(`an answer to ${requestIdOf(n)}, which was settled before or never handed over`, undefined, [wire])
      }
      return undefined
    }
    const isDead = isDeathReport(errorType)
    const attempts = isDead ? entry.deathReports : entry.attempts
    const attempt: Attempt = { entry, index: attempts.length, outcome: "open", isComplete: false }
    const before = attempts.at(-1)
    attempts.push(attempt)
    entry.wires.add(wire)
    wire.note(`${isDead ? "report" : "answer"} ${attempt.index + 1} to event ${n} begins`)
    if (isDead && entry.fates.size === 0) this.violate("the report of a dead thread, and none has died", entry)
    if (entry.excuses.has("cut") || entry.excuses.has("anonymous")) {
      this.violate("an answer to an event that did not arrive whole", entry)
    }
    if (isLate) return attempt
    if (before?.outcome === "told") this.violate("a second answer, though the first was settled", entry)
    if (before?.outcome === "open") this.violate("a second answer while the first is being said", entry)
    if (attempt.index > 1) this.violate("a third answer", entry)
    return attempt
  }

  /** The answer has arrived whole. Says whether it is the first that has. */
  complete(attempt: Attempt, wire: Wire, posted: Posted): boolean {
    const { entry } = attempt
    attempt.isComplete = true
    wire.note(`answer ${attempt.index + 1} to event ${entry.plan.n} is whole: ${describePosted(posted)}`)
    const problem = judge(entry.plan, posted, entry.fates)
    if (problem !== undefined) this.violate(`a wrong answer: ${problem}`, entry)
    if (entry.isAnswered) {
      this.repeated++
      return false
    }
    this.answers.add(describePosted(posted))
    entry.isAnswered = true
    if (isDeathReport(posted.errorType) && entry.fates.size === 1 && entry.fates.has("exit")) {
      this.reportedDead.set(entry.plan.n, entry)
    }
    if (this.dying.has(entry)) setTimeout(() => this.dying.delete(entry), lateNews)
    return true
  }

  excuse(entry: Entry, excuse: Excuse): void {
    entry.excuses.add(excuse)
  }

  /** Everything that was going on is excused, as when the server goes away. */
  excuseAll(excuse: Excuse): void {
    for (const entry of this.open.values()) if (!entry.isAnswered) this.excuse(entry, excuse)
  }

  /** Nothing can come any more for these. */
  settle(isOver: (entry: Entry) => boolean = () => true): void {
    for (const [n, entry] of this.open) {
      if (!isOver(entry)) continue
      this.open.delete(n)
      if (!entry.isAnswered) this.dying.delete(entry)
      this.settled++
      this.behaviours.add(entry.plan.event.behaviour)
      if (entry.isAnswered) continue
      const excuse = this.excuseOf(entry)
      if (excuse === undefined) this.violate("no answer", entry)
      else {
        this.unanswered.add(excuse)
        // At its deadline the invocation is over, whatever has become of its answer, and a dead thread says nothing.
        const isTold = told.has(excuse) && !overstays.has(entry.plan.event.behaviour) && entry.fates.size === 0
        if (isTold && !this.explained.delete(n)) this.unexplained.set(n, entry)
      }
    }
  }

  /** The log says that the answer to an event is lost. */
  explain(n: number): void {
    if (!this.unexplained.delete(n)) this.explained.add(n)
  }

  /** Nothing more will be logged. */
  closeUnexplained(): void {
    if (this.violations.length > 0) return
    for (const entry of this.unexplained.values()) {
      this.violate("the answer is lost, and the log says nothing of it", entry)
    }
    for (const [n, entry] of this.reportedDead) {
      if (!this.saidDead.has(n)) this.violate("reported as dead, and the thread that died did not have it", entry)
    }
  }

  private excuseOf(entry: Entry): Excuse | undefined {
    const [excuse] = entry.excuses
    if (excuse !== undefined) return excuse
    const { behaviour } = entry.plan.event
    if (isStreamed(behaviour) && entry.attempts.length === 0 && this.idleConnectionsClosed > 0) {
      this.idleConnectionsClosed--
      return "closedUnseen"
    }
    return undefined
  }
}
