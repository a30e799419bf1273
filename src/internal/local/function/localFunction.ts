/**
 * A function that the local server offers, and all of them by name.
 */
import type * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as AsyncInvocations from "./asyncInvocations.ts"
import * as functionArn from "./functionArn.ts"
import * as invocationLogs from "./invocationLogs.ts"
import * as Invocations from "./invocations.ts"

export interface FunctionSettings {
  readonly name: string
  /** From the moment a runtime gets an event to its deadline, in milliseconds. */
  readonly timeout: number
  /** In MB. */
  readonly memorySize: number
  /** Events that one execution environment may serve at the same time. */
  readonly maxConcurrency: number
  /** Execution environments there may be at the same time. */
  readonly maxEnvironments: number
  /** Events that may wait for a runtime. */
  readonly maxQueued: number
  /** How often an asynchronous invocation that failed is tried again. */
  readonly maximumRetryAttempts: number
  /** What the documented waits between those tries are multiplied with. */
  readonly retryDelayScale: number
  /** How old an asynchronous event may get, in milliseconds. */
  readonly maximumEventAge: number
}

export interface LocalFunction {
  readonly settings: FunctionSettings
  /** Without a version or an alias. */
  readonly arn: string
  readonly invocations: Invocations.Invocations
  readonly asyncInvocations: AsyncInvocations.AsyncInvocations
  /** Takes a line that the function has logged about an invocation. */
  readonly log: (requestId: string, line: string) => void
}

export interface LocalFunctions {
  /** The one that requests mean which name none. */
  readonly first: LocalFunction
  readonly all: ReadonlyArray<LocalFunction>
  readonly find: (name: string) => LocalFunction | undefined
}

export const make = Effect.fnUntraced(function*(
  settings: FunctionSettings,
  print: ((line: string) => void) | undefined
): Effect.fn.Return<LocalFunction, never, Scope.Scope> {
  const logs = yield* invocationLogs.make({ ...settings, version: functionArn.version, print })
  const invocations = yield* Invocations.make(settings, logs)
  const arn = functionArn.make(settings.name)
  return {
    settings,
    arn,
    invocations,
    asyncInvocations: yield* AsyncInvocations.make({ arn, invocations, settings }),
    log: logs.add
  }
})

export const collect = (all: Arr.NonEmptyReadonlyArray<LocalFunction>): LocalFunctions => {
  const byName = new Map(all.map((local) => [local.settings.name, local]))
  return { first: all[0], all, find: (name) => byName.get(name) }
}
