/**
 * A run of chaos as text for people.
 */
import { behaviours } from "./chaosEvent.ts"
import { invocationsOf } from "./environments.ts"
import { type Flatness, flatnessOf } from "./flatness.ts"
import { excuses, type Violation } from "./ledger.ts"
import type { Look } from "./look.ts"
import type { ChaosOptions, EnvironmentReport } from "./run.ts"
import { Tally } from "./tally.ts"

const width = 104

const whole = (value: number): string => Math.round(value).toLocaleString("en")

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(2)

const line = (what: string, value: string): string => `  ${what.padEnd(width - 2 - value.length)}${value}`

const title = (what: string, value: string = ""): string => `\n${what.padEnd(width - value.length)}${value}`

const counted = (what: string, tally: Tally, describe: (name: string) => string = (name) => name): Array<string> => [
  title(what, whole(tally.total)),
  ...tally.entries().map(([name, count]) => line(describe(name), whole(count)))
]

const columns = [
  "invocations",
  "heap MB",
  "a thread's MB",
  "buffers MB",
  "resident MB",
  "handles",
  "descriptors",
  "CPU µs each"
]

const cells = (texts: ReadonlyArray<string>): string =>
  texts.map((text, column) => text.padStart(columns[column]?.length ?? 0)).join("  ")

export const lookHeader = cells(columns)

export const renderLook = (look: Look, before: Look | undefined): string =>
  cells([
    whole(look.invocations),
    megabytes(look.heap),
    look.threadHeap === undefined ? "-" : megabytes(look.threadHeap),
    megabytes(look.buffers),
    megabytes(look.resident),
    String(look.handles),
    look.descriptors === undefined ? "-" : String(look.descriptors),
    look.cpu === undefined
      ? "-"
      : ((look.cpu - (before?.cpu ?? 0)) / (look.invocations - (before?.invocations ?? 0))).toFixed(0)
  ])

const marks = { flat: "✔", grown: "✘", notJudged: "–" } as const

export const renderFlatness = ({ allowed, first, last, reason, unit, verdict, what }: Flatness): string => {
  const value = (amount: number) => unit === "bytes" ? `${megabytes(amount)} MB` : String(amount)
  const growth = last - first
  return line(
    `${marks[verdict]} ${what}`,
    reason === undefined
      ? `${value(first)} then, ${value(last)} now: ${growth < 0 ? "" : "+"}${value(growth)} of ${
        value(allowed)
      } allowed`
      : `not judged: ${reason}`
  )
}

/** So that nobody takes what is not judged for good. */
export const renderNotJudged = (flatness: ReadonlyArray<Flatness>): ReadonlyArray<string> => {
  const notJudged = flatness.filter(({ verdict }) => verdict === "notJudged")
  return notJudged.length === 0
    ? []
    : [`– not judged: ${notJudged.length} of ${flatness.length} measures of what is held, for the reasons above`]
}

/** What will be done. */
export const renderPlan = ({ environments, invocations }: Pick<ChaosOptions, "environments" | "invocations">): string =>
  environments.map((environment) => line(environment.name, whole(invocationsOf(environment, invocations)))).join("\n")

const renderEnvironment = (report: EnvironmentReport): ReadonlyArray<string> => {
  const { elapsed, environment, invocations, looks, processes } = report
  const rate = `${whole(invocations)} invocations in ${whole(elapsed / 1_000)} s, ${
    whole(invocations / elapsed * 1_000)
  } a second, ${whole(processes)} ${processes === 1 ? "process" : "processes"}`
  return [title(environment.name, rate), ...flatnessOf(environment, looks).map(renderFlatness)]
}

const excuseTexts: Readonly<Record<string, string>> = excuses
const behaviourTexts: Readonly<Record<string, string>> = behaviours

export const renderSummary = (reports: ReadonlyArray<EnvironmentReport>): string => {
  const faults = new Tally()
  const handlers = new Tally()
  const answers = new Tally()
  const unanswered = new Tally()
  let settled = 0
  let repeated = 0
  for (const report of reports) {
    faults.addAll(report.faults)
    handlers.addAll(report.behaviours)
    answers.addAll(report.answers)
    unanswered.addAll(report.unanswered)
    settled += report.settled
    repeated += report.repeated
  }
  const violations = reports.flatMap(({ violations }) => violations)
  return [
    ...counted("What went wrong, or was unusual", faults),
    ...counted("What handlers were told to do", handlers, (name) => `the handler ${behaviourTexts[name] ?? name}`),
    ...counted("Events with exactly one answer or error", answers),
    ...counted("Events without an answer, each by a rule", unanswered, (name) => excuseTexts[name] ?? name),
    title("Answers said again, because Lambda's word on the first was lost", whole(repeated)),
    ...reports.flatMap(renderEnvironment),
    title(
      violations.length === 0
        ? `✔ ${whole(settled)} events are accounted for, none with two answers, none with another's`
        : `✘ ${whole(violations.length)} violations`
    ),
    ...renderNotJudged(reports.flatMap(({ environment, looks }) => flatnessOf(environment, looks)))
  ].join("\n")
}

export const renderViolation = ({ excuses, history, log, plan, what }: Violation): string =>
  [
    `✘ ${what}`,
    ...plan === undefined
      ? []
      : [`the plan of event ${plan.n}: ${JSON.stringify({ ...plan, event: { ...plan.event, text: "…" } }, null, 2)}`],
    ...excuses.length === 0 ? [] : [`it may stay without an answer: ${excuses.join(", ")}`],
    "on its connections:",
    ...history.map((note) => `  ${note}`),
    "in the log of the function:",
    ...log.map((line) => `  ${line.replaceAll("\r", "\n    ")}`)
  ].join("\n")

/** Whether there is no violation, and nothing is known to have grown. */
export const isSteady = (reports: ReadonlyArray<EnvironmentReport>): boolean =>
  reports.every(({ environment, looks, violations }) =>
    violations.length === 0 && flatnessOf(environment, looks).every(({ verdict }) => verdict !== "grown")
  )

/** The same as data. */
export const summarize = (reports: ReadonlyArray<EnvironmentReport>) =>
  reports.map(({ answers, behaviours, environment, faults, looks, unanswered, ...rest }) => ({
    ...rest,
    environment: environment.name,
    looks,
    flatness: flatnessOf(environment, looks),
    answers: Object.fromEntries(answers.entries()),
    unanswered: Object.fromEntries(unanswered.entries()),
    behaviours: Object.fromEntries(behaviours.entries()),
    faults: Object.fromEntries(faults.entries())
  }))

export const replayCommand = ({ invocations, seed }: Pick<ChaosOptions, "invocations" | "seed">): string =>
  `npm run soak -- --chaos --invocations ${invocations} --seed ${seed}`
