/**
 * Measures a deployed function by what Lambda itself says in its REPORT lines. A change of the configuration makes
 * Lambda start it anew; in the end it has its own configuration again.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
import type { FunctionConfiguration } from "@aws-sdk/client-lambda"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Aws } from "../deploy/Aws.ts"
import * as settlement from "../deploy/settlement.ts"
import * as functionError from "../packaging/functionError.ts"
import { Reporter } from "../Reporter.ts"
import { fail, type Measurement } from "./Measurement.ts"

export interface Options {
  readonly name: string
  readonly event: Uint8Array
  readonly coldStarts: number
  readonly invocations: number
}

export interface Report {
  /** Milliseconds. */
  readonly duration: number
  /** Milliseconds; only of a cold start. */
  readonly initDuration: number | undefined
}

/** https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html#platform-report */
const PlatformReport = Schema.fromJsonString(Schema.Struct({
  type: Schema.Literal("platform.report"),
  record: Schema.Struct({
    metrics: Schema.Struct({ durationMs: Schema.Finite, initDurationMs: Schema.optionalKey(Schema.Finite) })
  })
}))

const decodePlatformReport = Schema.decodeUnknownOption(PlatformReport)

/** Reads `REPORT RequestId: … Duration: 8.51 ms … Init Duration: 120.00 ms`, or the `platform.report` of a log in JSON. */
export const readReport = (log: string): Report | undefined => {
  for (const line of log.split("\n").toReversed()) {
    const report = line.startsWith("{") ? readJson(line) : readText(line)
    if (report !== undefined) return report
  }
  return undefined
}

const readText = (line: string): Report | undefined => {
  const field = (name: string) => {
    const value = new RegExp(`\\t${name}: ([\\d.]+) ms`).exec(line)?.[1]
    return value === undefined ? undefined : Number(value)
  }
  const duration = line.startsWith("REPORT RequestId: ") ? field("Duration") : undefined
  return duration === undefined ? undefined : { duration, initDuration: field("Init Duration") }
}

const readJson = (line: string): Report | undefined =>
  Option.match(decodePlatformReport(line), {
    onNone: () => undefined,
    onSome: ({ record: { metrics } }) => ({ duration: metrics.durationMs, initDuration: metrics.initDurationMs })
  })

const marker = "EFFECT_LAMBDA_BENCH"

/** Whether a cold start can be forced, and the configuration be put back. */
const check = (name: string, { CapacityProviderConfig, Environment, Version = "$LATEST" }: FunctionConfiguration) => {
  if (Version !== "$LATEST") {
    return fail(
      `${name} is version ${Version}, which nothing can change to force a cold start: name the function alone`
    )
  }
  if (CapacityProviderConfig !== undefined) {
    return fail(
      `${name} runs on Managed Instances, which start before there is an event: there is no cold start to force`
    )
  }
  const unreadable = Environment?.Error
  if (unreadable !== undefined) {
    const problem = unreadable.Message ?? unreadable.ErrorCode ?? "AWS does not say why"
    return fail(`the variables of ${name} cannot be read, and would be lost: ${problem}`)
  }
  return Effect.succeed(Environment?.Variables ?? {})
}

export const measure = Effect.fnUntraced(function*({ coldStarts, event, invocations, name }: Options) {
  const aws = yield* Aws
  const { notice } = yield* Reporter
  const variables = Effect.flatMap(
    aws.lambda((client, sdk) => client.send(new sdk.GetFunctionConfigurationCommand({ FunctionName: name }))),
    (found) => check(name, found)
  )
  // Whoever interrupts it in the middle would not know whether Lambda has taken it.
  const configure = (Variables: Readonly<Record<string, string>>) =>
    settlement.whenFree(
      Effect.uninterruptible(aws.lambda((client, sdk) =>
        client.send(new sdk.UpdateFunctionConfigurationCommand({ FunctionName: name, Environment: { Variables } }))
      ))
    )
  const invoke = Effect.gen(function*() {
    const { FunctionError, LogResult, Payload } = yield* aws.lambda((client, sdk) =>
      client.send(new sdk.InvokeCommand({ FunctionName: name, Payload: event, LogType: "Tail" }))
    )
    if (FunctionError !== undefined) {
      const answer = new TextDecoder().decode(Payload)
      return yield* fail(`the function failed on the event: ${functionError.describe(answer)}`)
    }
    const report = readReport(Buffer.from(LogResult ?? "", "base64").toString())
    return report ??
      (yield* fail("Lambda gave no REPORT line: where its log is JSON, the system log level has to be INFO or below"))
  })
  // Others may have changed the configuration meanwhile: only what was added is taken away.
  const restore = Effect.gen(function*() {
    const { [marker]: added, ...others } = yield* variables
    if (added === undefined) return
    yield* configure(others)
    yield* settlement.settled(name)
  }).pipe(
    Effect.catch(({ message }) =>
      notice(`${name} has a variable ${marker} left, because it could not be taken away: ${message}`)
    )
  )

  const cold: Array<Report> = []
  const warm: Array<number> = []
  const own = yield* variables
  // An interrupted bench may have left the same number.
  const startedAt = yield* Clock.currentTimeMillis
  yield* Effect.gen(function*() {
    for (let run = 0; run < coldStarts; run++) {
      yield* configure({ ...own, [marker]: `${startedAt}-${run}` })
      yield* settlement.settled(name)
      cold.push(yield* invoke)
    }
    for (let run = 0; run < invocations; run++) {
      const { duration, initDuration } = yield* invoke
      // Lambda may start another environment at any time.
      if (initDuration === undefined) warm.push(duration)
    }
  }).pipe(Effect.ensuring(restore))
  const started = cold.flatMap(({ duration, initDuration }) =>
    initDuration === undefined ? [] : [{ duration, initDuration }]
  )
  return [
    { what: "init duration", samples: started.map(({ initDuration }) => initDuration) },
    { what: "duration after a cold start", samples: started.map(({ duration }) => duration) },
    { what: "duration, warm", samples: warm }
  ] satisfies ReadonlyArray<Measurement>
})
