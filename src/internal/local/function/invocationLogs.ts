/**
 * What Lambda logs about each invocation, and the end of it that a caller may ask for.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type { Connection } from "./environments.ts"
import type { FunctionError } from "./functionError.ts"
import type { Assignment } from "./invocations.ts"

export interface InvocationLog {
  /** A runtime has been given the event. */
  readonly started: (assignment: Assignment, connection: Connection) => void
  /** The invocation is over; the error is what its caller is told. */
  readonly ended: (error: FunctionError | undefined) => void
  /** The last 4 KB, once the invocation is over. */
  readonly tail: Effect.Effect<Uint8Array>
}

export interface InvocationLogs {
  readonly make: (requestId: string) => InvocationLog
}

export const make = (): InvocationLogs => ({
  make: () => {
    const over = Deferred.makeUnsafe<void>()
    return {
      started: () => {},
      ended: () => {
        Deferred.doneUnsafe(over, Effect.void)
      },
      tail: Effect.as(Deferred.await(over), new Uint8Array())
    }
  }
})
