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
  | "Restoring"
  | "RuntimeRestoreErrorState"
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

  /** Lambda starts a new runtime after a timeout; after an answer or a restore the same one polls. */
  get isFree(): boolean {
    return this.state === "ResponseSent" || this.state === "TimedOut" || this.state === "Restoring"
  }

  /** The process ends after its report. */
  get hasFailed(): boolean {
    return this.state === "InitError" || this.state === "RuntimeRestoreErrorState"
  }

  /** Nothing can come from it any more, so that a successor may take its place. */
  get isGone(): boolean {
    return this.connection.destroyed && (this.isFree || this.state === "Ready" || this.hasFailed)
  }
}

export interface Environments {
  /** The environment that asks for an event, now `Ready`. */
  readonly poll: (connection: Connection) => Environment | Refused
  /** The environment whose runtime could not start, now in `InitError`. */
  readonly initError: (connection: Connection) => Environment | Refused
  /** The environment that has been snapshotted and restored, now `Restoring`. */
  readonly restore: (connection: Connection) => Environment | Refused
  /** The environment that could not go on after it was restored. */
  readonly restoreError: (connection: Connection) => Environment | Refused
}

export const make = (options: { readonly maxEnvironments: number }): Environments => {
  const all: Array<Environment> = []

  const enter = (connection: Connection, to: "Ready" | "InitError" | "Restoring"): Environment | Refused => {
    // Lambda names the state that a restored runtime is to get to.
    const invalid = (from: StateName) => invalidTransition(from, to === "Restoring" ? "Ready" : to)
    const known = all.find((environment) => environment.connection === connection)
    if (known !== undefined) {
      // A runtime that has polled has started.
      return to === "Ready" && known.isFree ? known : invalid(known.state)
    }
    const replaced = all.find((environment) => environment.isGone || environment.hasFailed) ??
      all.find(({ state }) => state === "TimedOut" || to === "Ready" && state === "Restoring")
    if (replaced !== undefined) return replaced
    if (all.length < options.maxEnvironments) {
      const environment = new Environment(connection)
      all.push(environment)
      return environment
    }
    const free = to === "Ready" ? all.find((environment) => environment.isFree) : undefined
    return free ?? invalid(all[0]!.state)
  }

  const become = (to: "Ready" | "InitError" | "Restoring") => (connection: Connection): Environment | Refused => {
    const environment = enter(connection, to)
    if (environment instanceof Refused) return environment
    environment.connection = connection
    environment.state = to
    return environment
  }

  return {
    poll: become("Ready"),
    initError: become("InitError"),
    restore: become("Restoring"),
    restoreError: (connection) => {
      const to = "RuntimeRestoreErrorState"
      const known = all.find((environment) => environment.connection === connection)
      // The connection of before the snapshot may be gone.
      const environment = known ?? all.find(({ state }) => state === "Restoring")
      if (environment?.state !== "Restoring") return invalidTransition((environment ?? all[0])?.state ?? "Started", to)
      environment.connection = connection
      environment.state = to
      return environment
    }
  }
}

export const invalidTransition = (from: string, to: string): Refused =>
  new Refused({
    errorType: "InvalidStateTransition",
    errorMessage: `State transition from ${from} to ${to} failed for runtime. Error: State transition is not allowed`
  })
