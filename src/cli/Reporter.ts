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
import * as Layer from "effect/Layer"
import { isPlatformError } from "effect/PlatformError"
import type * as Schema from "effect/Schema"
import { isQuitError } from "effect/Terminal"
import { styleText } from "node:util"
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

const writeError = (text: string) => Effect.sync(() => void process.stderr.write(text))

const toPerson: Reporter["Service"] = {
  step: Effect.fnUntraced(function*(title, work) {
    const startedAt = yield* Clock.currentTimeMillis
    const { isTTY } = process.stderr
    if (isTTY) yield* writeError(styled("dim", `… ${title}`))
    const end = (mark: string) =>
      Effect.flatMap(
        Clock.currentTimeMillis,
        (now) =>
          writeError(`${isTTY ? "\r\u001b[2K" : ""}${mark} ${title} ${styled("dim", seconds(now - startedAt))}\n`)
      )
    return yield* Effect.onExit(
      work,
      (exit) => end(exit._tag === "Success" ? styled("green", "✔") : styled("red", "✘"))
    )
  }),
  news: ({ isTrouble, text }) => writeError(`${isTrouble ? styled("yellow", "!") : styled("green", "✔")} ${text}\n`),
  notice: (text) => writeError(`${styled("yellow", "!")} ${text}\n`),
  result: ({ next, text }) =>
    Effect.andThen(
      Console.log(text),
      next === undefined ? Effect.void : writeError(`\n${styled("dim", "Next:")} ${next}\n`)
    ),
  failure: (cause) => writeError(`${styled("red", "✘")} ${messageOf(cause)}\n`)
}

const makeToProgram = (): Reporter["Service"] => {
  const notices: Array<string> = []
  let isPrinted = false
  // A result can say by itself what failed: there is one document at most.
  const print = (document: { readonly [key: string]: Schema.Json }) => {
    if (isPrinted) return Effect.void
    isPrinted = true
    return Console.log(JSON.stringify(notices.length === 0 ? document : { ...document, notices }, undefined, 2))
  }
  return {
    step: (_, work) => work,
    news: ({ json }) => Console.log(JSON.stringify(json)),
    notice: (text) => Effect.sync(() => void notices.push(text)),
    result: ({ json }) => print({ result: json }),
    failure: (cause) => {
      const error = Cause.squash(cause)
      const type = typeof error === "object" && error !== null && "_tag" in error ? String(error._tag) : "Error"
      return print({ error: { type, message: messageOf(cause) } })
    }
  }
}

/** An expected failure is told by its message; of anything else the whole is of use. */
const messageOf = (cause: Cause.Cause<unknown>): string => {
  if (Cause.hasInterruptsOnly(cause)) return "interrupted"
  const error = Cause.squash(cause)
  if (isQuitError(error)) return "cancelled"
  if (isPlatformError(error)) return platformProblem.describe(error)
  return Cause.hasDies(cause) || !(error instanceof Error) ? Cause.pretty(cause) : error.message
}

export const layer: Layer.Layer<Reporter, never, GlobalFlag.Setting.Identifier<"json">> = Layer.effect(
  Reporter,
  Effect.map(Json, (json) => json ? makeToProgram() : toPerson)
)

/** The handler of a command: its failure is told, once, and ends the process with exit code 1. */
export const reported = <Args extends ReadonlyArray<unknown>, E, R>(
  handler: (...args: Args) => Effect.Effect<void, E, R>
) =>
(...args: Args): Effect.Effect<void, E, Exclude<R, Reporter> | GlobalFlag.Setting.Identifier<"json">> =>
  Effect.provide(
    Effect.flatMap(Reporter, ({ failure }) => Effect.tapCause(handler(...args), failure)),
    layer
  )
