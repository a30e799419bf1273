/**
 * Measures a deployed function by what Lambda itself says in its REPORT lines. A change of the configuration makes
 * Lambda start it anew; in the end it has its own configuration again.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
import * as Effect from "effect/Effect"
import { Aws } from "../deploy/Aws.ts"
import { Reporter } from "../Reporter.ts"
import { fail, type Measurement } from "./Measurement.ts"

export interface Options {
  readonly name: string
  readonly event: Uint8Array
  readonly coldStarts: number
  readonly invocations: number
}

export interface Report {
  readonly duration: number
  /** Only of a cold start. */
  readonly initDuration: number | undefined
}

/** Reads `REPORT RequestId: … Duration: 8.51 ms … Init Duration: 120.00 ms`. */
export const readReport = (log: string): Report | undefined => {
  const line = /^REPORT RequestId: .*$/m.exec(log)?.[0]
  const field = (name: string) => {
    const value = line === undefined ? undefined : new RegExp(`\\t${name}: ([\\d.]+) ms`).exec(line)?.[1]
    return value === undefined ? undefined : Number(value)
  }
  const duration = field("Duration")
  return duration === undefined ? undefined : { duration, initDuration: field("Init Duration") }
}

const defined = (value: number | undefined) => value === undefined ? [] : [value]

const marker = "EFFECT_LAMBDA_BENCH"

export const measure = Effect.fnUntraced(function*({ coldStarts, event, invocations, name }: Options) {
  const aws = yield* Aws
  const { notice } = yield* Reporter
  const found = yield* aws.lambda((client, sdk) =>
    client.send(new sdk.GetFunctionConfigurationCommand({ FunctionName: name }))
  )
  const variables = found.Environment?.Variables ?? {}
  const configure = (Variables: Readonly<Record<string, string>>) =>
    aws.lambda(async (client, sdk) => {
      await client.send(new sdk.UpdateFunctionConfigurationCommand({ FunctionName: name, Environment: { Variables } }))
      await sdk.waitUntilFunctionUpdatedV2({ client, maxWaitTime: 300, minDelay: 1, maxDelay: 5 }, {
        FunctionName: name
      })
    })
  const invoke = Effect.gen(function*() {
    const { FunctionError, LogResult, Payload } = yield* aws.lambda((client, sdk) =>
      client.send(new sdk.InvokeCommand({ FunctionName: name, Payload: event, LogType: "Tail" }))
    )
    if (FunctionError !== undefined) {
      return yield* fail(`the function failed on the event: ${new TextDecoder().decode(Payload)}`)
    }
    const report = readReport(Buffer.from(LogResult ?? "", "base64").toString())
    return report ?? (yield* fail("Lambda gave no REPORT line: the function must log as text, not as JSON"))
  })

  const cold: Array<Report> = []
  const warm: Array<Report> = []
  yield* Effect.gen(function*() {
    for (let run = 0; run < coldStarts; run++) {
      yield* configure({ ...variables, [marker]: String(run) })
      cold.push(yield* invoke)
    }
    for (let run = 0; run < invocations; run++) warm.push(yield* invoke)
  }).pipe(Effect.ensuring(Effect.catch(
    configure(variables),
    ({ message }) => notice(`${name} has a variable ${marker} left, because it could not be taken away: ${message}`)
  )))
  return [
    { what: "init duration", samples: cold.flatMap(({ initDuration }) => defined(initDuration)) },
    { what: "duration after a cold start", samples: cold.map(({ duration }) => duration) },
    { what: "duration, warm", samples: warm.map(({ duration }) => duration) }
  ] satisfies ReadonlyArray<Measurement>
})
