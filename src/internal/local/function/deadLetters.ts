/**
 * What becomes of asynchronous events that a function could not deal with: the records that Lambda sends to an
 * on-failure destination, kept here to be read back.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
import * as Result from "effect/Result"
import type { DeadLetter } from "../../../LocalServer.ts"
import { executedVersion } from "./executedVersion.ts"
import { version } from "./functionArn.ts"
import type { FunctionError } from "./functionError.ts"
import type { Event } from "./invocation.ts"

export interface Reason {
  readonly condition: DeadLetter["requestContext"]["condition"]
  readonly invokeCount: number
  /** Of the last attempt. */
  readonly error: FunctionError | undefined
}

const maxCount = 1_000

/** Events are up to 1 MB, and reports of errors up to 6 MB. */
const maxBytes = 67_108_864

export interface DeadLetters {
  /** Forgets the oldest ones when there are too many. */
  readonly add: (event: Event & { readonly requestId: string }, reason: Reason, nowMillis: number) => void
  /** The oldest one first. */
  readonly all: () => ReadonlyArray<DeadLetter>
}

/** Those of one function. */
export const make = (functionArn: string): DeadLetters => {
  const records: Array<{ readonly letter: DeadLetter; readonly size: number }> = []
  let bytes = 0
  return {
    add: (event, reason, nowMillis) => {
      const size = event.payload.length + (reason.error?.body.length ?? 0)
      records.push({ letter: describe(functionArn, event, reason, nowMillis), size })
      bytes += size
      while (records.length > maxCount || (bytes > maxBytes && records.length > 1)) bytes -= records.shift()?.size ?? 0
    },
    all: () => records.map(({ letter }) => letter)
  }
}

const describe = (
  functionArn: string,
  event: Event & { readonly requestId: string },
  { condition, error, invokeCount }: Reason,
  nowMillis: number
): DeadLetter => {
  const qualifier = event.functionArn.slice(functionArn.length + 1)
  return {
    version: "1.0",
    timestamp: new Date(nowMillis).toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: `${functionArn}:${qualifier === "" ? version : qualifier}`,
      condition,
      approximateInvokeCount: invokeCount
    },
    requestPayload: parse(event.payload),
    ...(error !== undefined && {
      responseContext: {
        statusCode: 200,
        executedVersion: executedVersion(qualifier),
        functionError: "Unhandled"
      },
      responsePayload: parse(error.body)
    })
  }
}

/** A runtime may report an error in other words than JSON. */
const parse = (bytes: Uint8Array): unknown => {
  const text = new TextDecoder().decode(bytes)
  return Result.getOrElse(Result.try((): unknown => JSON.parse(text)), () => text)
}
