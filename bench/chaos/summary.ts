/**
 * A run of chaos as text for people.
 */
import { behaviours } from "./chaosEvent.ts"
import { type Flatness, flatnessOf, handleCount } from "./flatness.ts"
import { excuses, type Violation } from "./ledger.ts"
import type { ChaosOptions, EnvironmentReport, Look } from "./run.ts"
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

const columns = ["invocations", "heap MB", "buffers MB", "resident MB", "handles", "descriptors", "CPU µs each"]

const cells = (texts: ReadonlyArray<string>): string =>
  texts.map((text, column) => text.padStart(columns[column]?.length ?? 0)).join("  ")

export const lookHeader = cells(columns)

export const renderLook = (look: Look, before: Look | undefined): string =>
  cells([
    whole(look.invocations),
    megabytes(look.heap),
    megabytes(look.buffers),
    megabytes(look.resident),
    String(handleCount(look)),
    look.descriptors === undefined ? "-" : String(look.descriptors),
    look.cpu === undefined
      ? "-"
      : ((look.cpu - (before?.cpu ?? 0)) / (look.invocations - (before?.invocations ?? 0))).toFixed(0)
  ])

const renderFlatness = ({ allowed, first, isFlat, last, unit, what }: Flatness): string => {
  const value = (amount: number) => unit === "MB" ? `${megabytes(amount)} MB` : String(amount)
  const growth = last - first
  return line(
    `${isFlat ? "✔" : "✘"} ${what}`,
    `${value(first)} then, ${value(last)} now: ${growth < 0 ? "" : "+"}${value(growth)} of ${value(allowed)} allowed`
  )
}

const renderEnvironment = (report: EnvironmentReport): ReadonlyArray<string> => {
  const { elapsed, environment: { name, workers }, invocations, looks, processes } = report
  const rate = `${whole(invocations)} invocations in ${whole(elapsed / 1_000)} s, ${
    whole(invocations / elapsed * 1_000)
  } a second, ${whole(processes)} ${processes === 1 ? "process" : "processes"}`
  return [title(name, rate), ...workers > 1 ? flatnessOf(looks).map(renderFlatness) : []]
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
    )
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

export const isSteady = (reports: ReadonlyArray<EnvironmentReport>): boolean =>
  reports.every(({ environment, looks, violations }) =>
    violations.length === 0 && (environment.workers === 1 || flatnessOf(looks).every(({ isFlat }) => isFlat))
  )

export const replayCommand = ({ invocations, seed }: Pick<ChaosOptions, "invocations" | "seed">): string =>
  `npm run soak -- --chaos --invocations ${invocations} --seed ${seed}`
