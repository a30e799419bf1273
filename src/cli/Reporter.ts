/**
 * How a command tells what it does: in text to a person, or with `--json` in one document to a program.
 *
 * What was asked for goes to standard output; how it goes on, and what went wrong, to standard error.
 */
import * as Cause from "effect/Cause"
import * as Flag from "effect/cli/Flag"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import * as Clock from "effect/Clock"
import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as LogLevel from "effect/LogLevel"
import { isPlatformError } from "effect/PlatformError"
import * as References from "effect/References"
import * as Schedule from "effect/Schedule"
import type * as Schema from "effect/Schema"
import { isQuitError } from "effect/Terminal"
import { styleText } from "node:util"
import * as ownCommand from "./ownCommand.ts"
import * as platformProblem from "./platformProblem.ts"

export const Json = GlobalFlag.Setting("json")({
  flag: Flag.Boolean("json").pipe(
    Flag.withDescription("Print one JSON document in place of text"),
    Flag.withoutNegation,
    Flag.withDefault(false)
  )
})

export interface Result {
  /** For programs. */
  readonly json: Schema.Json
  /** For people. */
  readonly text: string
  /** The command, or the deed, that comes next. */
  readonly next?: string | undefined
}

export interface News {
  readonly json: Schema.Json
  readonly text: string
  readonly isTrouble: boolean
}

export class Reporter extends Context.Service<Reporter, {
  /** Work that a person may have to wait for. */
  readonly step: <A, E, R>(title: string, work: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** How something goes on that has no end; for programs, a document of one line. */
  readonly news: (news: News) => Effect.Effect<void>
  /** What is not as it was asked for, and no failure. */
  readonly notice: (text: string) => Effect.Effect<void>
  readonly result: (result: Result) => Effect.Effect<void>
  readonly failure: (cause: Cause.Cause<unknown>) => Effect.Effect<void>
}>()("effect-lambda-runtime/cli/Reporter") {}

type Format = Parameters<typeof styleText>[0]

/** In colour where standard error is a terminal that has any. */
const styled = (format: Format, text: string) => styleText(format, text, { stream: process.stderr })

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 0)} s`

const makeToPerson = (): Reporter["Service"] => {
  const { isTTY } = process.stderr
  // What stands in the last line until something is said.
  let isDrawn = false
  const write = (text: string) =>
    Effect.sync(() => {
      process.stderr.write(isDrawn ? `${clearLine}${text}` : text)
      isDrawn = false
    })
  const draw = (title: string, startedAt: number) =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      const elapsed = now - startedAt < 1000 ? "" : ` ${Math.round((now - startedAt) / 1000)} s`
      process.stderr.write(`${isDrawn ? clearLine : ""}${styled("dim", fitted(`… ${title}`, elapsed))}`)
      isDrawn = true
    })
  return {
    step: Effect.fnUntraced(function*(title, work) {
      const startedAt = yield* Clock.currentTimeMillis
      const drawing = isTTY
        ? yield* Effect.forkChild(
          Effect.repeat(draw(title, startedAt), Schedule.spaced("1 second")),
          { startImmediately: true }
        )
        : undefined
      return yield* Effect.onExit(
        work,
        Effect.fnUntraced(function*(exit) {
          if (drawing !== undefined) yield* Fiber.interrupt(drawing)
          const mark = exit._tag === "Success" ? styled("green", "✔") : styled("red", "✘")
          const now = yield* Clock.currentTimeMillis
          yield* write(`${mark} ${title} ${styled("dim", seconds(now - startedAt))}\n`)
        })
      )
    }),
    news: ({ isTrouble, text }) => write(`${isTrouble ? styled("yellow", "!") : styled("green", "✔")} ${text}\n`),
    notice: (text) => write(`${styled("yellow", "!")} ${text}\n`),
    result: ({ next, text }) =>
      Effect.andThen(Console.log(text), next === undefined ? Effect.void : Effect.flatMap(nextLine(next), write)),
    failure: Effect.fnUntraced(function*(cause) {
      // The person knows.
      if (Cause.hasInterruptsOnly(cause)) return
      const { message, next, stack } = yield* describe(cause)
      yield* write(`${styled("red", "✘")} ${message}\n`)
      if (stack !== undefined) yield* write(`${styled("dim", stack)}\n`)
      if (next !== undefined) yield* write(yield* nextLine(next))
    })
  }
}

const clearLine = "\r\u001b[2K"

const nextLine = (next: string) =>
  Effect.map(ownCommand.typed(next), (command) => `\n${styled("dim", "Next:")} ${command}\n`)

/** In one line of the terminal: a longer one could not be taken back. */
const fitted = (text: string, end: string): string => {
  const width = (process.stderr.columns || 80) - end.length - 1
  return `${text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text}${end}`
}

const makeToProgram = (): Reporter["Service"] => {
  const notices: Array<string> = []
  let isPrinted = false
  let hasNews = false
  // A result can say by itself what failed: there is one document at most, or after news one more in a line.
  const print = (document: { readonly [key: string]: Schema.Json }) => {
    if (isPrinted) return Effect.void
    isPrinted = true
    const whole = notices.length === 0 ? document : { ...document, notices }
    return Console.log(JSON.stringify(whole, undefined, hasNews ? undefined : 2))
  }
  return {
    step: (_, work) => work,
    news: ({ json }) => {
      hasNews = true
      return Console.log(JSON.stringify(json))
    },
    notice: (text) => Effect.sync(() => void notices.push(text)),
    result: ({ json }) => print({ result: json }),
    failure: Effect.fnUntraced(function*(cause) {
      const isInterrupted = Cause.hasInterruptsOnly(cause)
      // What has no end is ended so.
      if (isInterrupted && hasNews) return
      const error = Cause.squash(cause)
      const tag = typeof error === "object" && error !== null && "_tag" in error ? String(error._tag) : "Error"
      const type = isInterrupted ? "Interrupted" : tag
      const { message, stack } = yield* describe(cause)
      yield* print({ error: { type, message, ...stack !== undefined && { stack } } })
    })
  }
}

interface Failure {
  /** One line. */
  readonly message: string
  readonly stack?: string
  readonly next?: string
}

/** An expected failure is told by its message; of anything else the whole is of use, to whoever asks for it. */
const describe = Effect.fnUntraced(function*(cause: Cause.Cause<unknown>): Effect.fn.Return<Failure> {
  if (Cause.hasInterruptsOnly(cause)) return { message: "interrupted" }
  const error = Cause.squash(cause)
  if (isQuitError(error)) return { message: "cancelled" }
  const isAsked = LogLevel.isLessThanOrEqualTo(yield* References.MinimumLogLevel, "Debug")
  const asked = isAsked ? { stack: Cause.pretty(cause) } : {}
  if (isPlatformError(error)) return { message: platformProblem.describe(error), ...asked }
  const message = error instanceof Error ? error.message || error.name : String(error)
  if (!Cause.hasDies(cause)) return { message, ...asked }
  return {
    message: `this is a fault of effect-lambda: ${message.split("\n")[0]}`,
    ...isAsked ? asked : { next: "the same with --log-level debug, which says where it is" }
  }
})

export const layer: Layer.Layer<Reporter, never, GlobalFlag.Setting.Identifier<"json">> = Layer.effect(
  Reporter,
  Effect.map(Json, (json) => json ? makeToProgram() : makeToPerson())
)

/** The handler of a command: its failure is told, once, and ends the process with exit code 1. */
export const reported = <Args extends ReadonlyArray<unknown>, A, E, R>(
  handler: (...args: Args) => Effect.Effect<A, E, R>
) =>
(...args: Args): Effect.Effect<A, E, Exclude<R, Reporter> | GlobalFlag.Setting.Identifier<"json">> =>
  Effect.provide(
    Effect.flatMap(Reporter, ({ failure }) => Effect.onError(handler(...args), failure)),
    layer
  )
