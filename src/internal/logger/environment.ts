/**
 * What the environment says about the log of this process.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
 */
import * as Effect from "effect/Effect"
import type { Severity } from "effect/LogLevel"
import { env } from "node:process"
import { environmentVariable } from "../environmentVariable.ts"
import { CurrentOutput, fileSystem, type Format, frames, type Output } from "./output.ts"

const variable = (name: string): Effect.Effect<string | undefined> =>
  Effect.orElseSucceed(environmentVariable(name), () => undefined)

/** Nothing where the program does not run on Lambda, and nobody has asked for a format. */
export const format: Effect.Effect<Format | undefined> = Effect.gen(function*() {
  // Managed Instances take nothing but JSON.
  if ((yield* variable("AWS_LAMBDA_INITIALIZATION_TYPE")) === "lambda-managed-instances") return "JSON"
  const asked = yield* variable("AWS_LAMBDA_LOG_FORMAT")
  if (asked === undefined && (yield* variable("AWS_LAMBDA_RUNTIME_API")) === undefined) return undefined
  return asked?.toUpperCase() === "JSON" ? "JSON" : "Text"
})

export interface Threshold {
  /** Nothing where the environment does not say. */
  readonly level: Severity | undefined
  /** What the environment says instead of a level. */
  readonly unrecognized: string | undefined
}

/** Lambda's own variable comes first where Lambda filters too, which it does for JSON only; else that of the program. */
export const threshold: (format: Format) => Effect.Effect<Threshold> = Effect.fnUntraced(function*(format) {
  const ofLambda = yield* variable("AWS_LAMBDA_LOG_LEVEL")
  const ofProgram = yield* variable("LOG_LEVEL")
  const word = format === "JSON" ? ofLambda ?? ofProgram : ofProgram ?? ofLambda
  const level = word === undefined ? undefined : severities.get(word.toUpperCase())
  return { level, unrecognized: level === undefined ? word : undefined }
})

const severities: ReadonlyMap<string, Severity> = new Map([
  ["TRACE", "Trace"],
  ["DEBUG", "Debug"],
  ["INFO", "Info"],
  ["NOTICE", "Info"],
  ["WARN", "Warn"],
  ["WARNING", "Warn"],
  ["ERROR", "Error"],
  ["FATAL", "Fatal"],
  ["CRITICAL", "Fatal"]
])

/** Takes the descriptor out of the environment, because processes that this one starts do not have it. */
export const output: Effect.Effect<Output> = Effect.gen(function*() {
  const descriptor = Number(yield* variable("_LAMBDA_TELEMETRY_LOG_FD"))
  delete env["_LAMBDA_TELEMETRY_LOG_FD"]
  return isOpen(descriptor) ? frames(descriptor) : yield* CurrentOutput
})

const isOpen = (descriptor: number): boolean => {
  try {
    return Number.isInteger(descriptor) && fileSystem.fstatSync(descriptor) !== undefined
  } catch {
    return false
  }
}
