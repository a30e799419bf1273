/**
 * The execution environments of a function that serves one event at a time, and the order of calls that Lambda holds
 * the runtime in each of them to.
 *
 * A runtime does not say who it is. It is known by its connections; a call on a new one is of a runtime that may make
 * such a call now, or of a new runtime while there may be more.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
import * as Data from "effect/Data"
import type { AcceptedConnection } from "./peakMemory.ts"

/** The connection that a runtime called on. A runtime whose connection is gone has most likely ended. */
export interface Connection extends AcceptedConnection {
  readonly destroyed: boolean
}

/** A call of a runtime that Lambda refuses, in the words of its error body. */
export class Refused extends Data.TaggedError("Refused")<{
  readonly errorType:
    | "InvalidRequestID"
    | "InvalidInvocationId"
    | "InvalidStateTransition"
    | "InvokeTimeout"
    | "InternalServerError"
  readonly errorMessage: string
}> {}

/** As Lambda names them in its error messages; `TimedOut` never gets into one. */
export type StateName =
  | "InitError"
  | "Ready"
  | "Running"
  | "InvocationResponse"
  | "InvocationErrorResponse"
  | "ResponseSent"
  | "TimedOut"

export class Environment {
  state: StateName = "Ready"
  /** Of its latest call. */
  connection: Connection

  constructor(connection: Connection) {
    this.connection = connection
  }

  /** Lambda starts a new runtime after these; after an answer the same one polls again. */
  get isFree(): boolean {
    return this.state === "ResponseSent" || this.state === "TimedOut"
  }

  /** Nothing can come from it any more, so that a successor may take its place. */
  get isGone(): boolean {
    return this.connection.destroyed && (this.isFree || this.state === "Ready" || this.state === "InitError")
  }
}

export interface Environments {
  /** The environment that asks for an event, now `Ready`. */
  readonly poll: (connection: Connection) => Environment | Refused
  /** The environment whose runtime could not start, now in `InitError`. */
  readonly initError: (connection: Connection) => Environment | Refused
}

export const make = (options: { readonly maxEnvironments: number }): Environments => {
  const all: Array<Environment> = []

  const enter = (connection: Connection, to: "Ready" | "InitError"): Environment | Refused => {
    const known = all.find((environment) => environment.connection === connection)
    if (known !== undefined) {
      // A runtime that has polled has started.
      return to === "Ready" && known.isFree ? known : invalidTransition(known.state, to)
    }
    const replaced = all.find((environment) => environment.isGone || environment.state === "InitError") ??
      all.find((environment) => environment.state === "TimedOut")
    if (replaced !== undefined) return replaced
    if (all.length < options.maxEnvironments) {
      const environment = new Environment(connection)
      all.push(environment)
      return environment
    }
    const free = to === "Ready" ? all.find((environment) => environment.isFree) : undefined
    return free ?? invalidTransition(all[0]!.state, to)
  }

  const become = (to: "Ready" | "InitError") => (connection: Connection): Environment | Refused => {
    const environment = enter(connection, to)
    if (environment instanceof Refused) return environment
    environment.connection = connection
    environment.state = to
    return environment
  }

  return { poll: become("Ready"), initError: become("InitError") }
}

export const invalidTransition = (from: string, to: string): Refused =>
  new Refused({
    errorType: "InvalidStateTransition",
    errorMessage: `State transition from ${from} to ${to} failed for runtime. Error: State transition is not allowed`
  })
