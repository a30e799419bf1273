/**
 * How an invocation can fail: the report of a runtime, or what Lambda says when the runtime says nothing useful.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
import * as Data from "effect/Data"
import { MaxResponseSize } from "../../../RuntimeApi.ts"
import * as platformLog from "./platformLog.ts"

export class FunctionError extends Data.TaggedError("FunctionError")<{
  readonly errorType: string
  /** JSON, as the caller gets it. */
  readonly body: Uint8Array
}> {}

const make = (errorType: string, errorMessage: string): FunctionError =>
  new FunctionError({ errorType, body: new TextEncoder().encode(JSON.stringify({ errorType, errorMessage })) })

const present = (value: string | undefined) => value === "" ? undefined : value

/** What a runtime reported; a report without a body gets one, so that the caller has something to read. */
export const reported = (errorType: string | undefined, body: Uint8Array): FunctionError =>
  body.length === 0
    ? make(present(errorType) ?? "Runtime.Unknown", "The runtime reported an error without a description.")
    : new FunctionError({ errorType: present(errorType) ?? "Runtime.Unknown", body })

export const responseTooLarge = (size: number): FunctionError =>
  make(
    "Function.ResponseSizeTooLarge",
    `Response payload size (${size} bytes) exceeded maximum allowed payload size (${MaxResponseSize} bytes).`
  )

export const invalidResponseMode: FunctionError = make(
  "Runtime.InvalidResponseModeHeader",
  "The runtime answered with an unknown Lambda-Runtime-Function-Response-Mode."
)

export const truncatedResponse: FunctionError = make(
  "Runtime.TruncatedResponse",
  "The connection to the runtime was lost before its answer was complete."
)

export const runtimeExited = (requestId: string): FunctionError =>
  make("Runtime.ExitError", `RequestId: ${requestId} Error: Runtime exited without providing a reason`)

/** In the words of Lambda: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html */
export const timedOut = (requestId: string, timeoutMillis: number): FunctionError =>
  make(
    "Sandbox.Timedout",
    `RequestId: ${requestId} Error: ${platformLog.timedOutMessage(timeoutMillis)}`
  )
