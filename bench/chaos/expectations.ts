/**
 * What Lambda must hear of an event.
 */
import { Buffer } from "node:buffer"
import { type ChaosEvent, type Deadly, isStreamed, pattern, requestIdOf, streamElements } from "./chaosEvent.ts"
import type { Plan } from "./plan.ts"
import { invocationIdOf } from "./responses.ts"

/** What arrived: an answer or the report of an error, whole. */
export interface Posted {
  readonly kind: "response" | "error"
  readonly body: Buffer
  readonly isChunked: boolean
  /** Of a stream that was ended by a failure, in its trailers. */
  readonly trailers: { readonly errorType: string | undefined; readonly errorBody: string | undefined }
  readonly errorType: string | undefined
  readonly invocationId: string | undefined
  readonly responseMode: string | undefined
}

type Expectation =
  | { readonly ending: "answer"; readonly body: Buffer }
  | {
    readonly ending: "stream"
    readonly body: Buffer
    readonly failure: string | undefined
    /** Whether fewer elements do. */
    readonly mayBeShort: boolean
  }
  | { readonly ending: "error"; readonly errorType: string }

const error = (errorType: string): Expectation => ({ ending: "error", errorType })

const answer = (body: string): Expectation => ({ ending: "answer", body: Buffer.from(body) })

const stream = (event: ChaosEvent, failure?: string, mayBeShort: boolean = false): Expectation => ({
  ending: "stream",
  body: Buffer.from(event.behaviour === "streamEmpty" ? "" : prelude(event) + streamElements(event).join("")),
  failure,
  mayBeShort
})

const prelude = ({ behaviour, n }: ChaosEvent): string =>
  behaviour === "streamHttp"
    ? `${JSON.stringify({ statusCode: 201, headers: { "x-n": String(n) } })}${"\0".repeat(8)}`
    : ""

const reply = ({ n, text }: ChaosEvent): Expectation =>
  answer(JSON.stringify({ n, requestId: requestIdOf(n), store: requestIdOf(n), text }))

const deadlineExceeded = error("Function.DeadlineExceeded")

/** What can come over an event from outside: the end of its process, or the death of its thread. */
export type Fate = "end" | Exclude<Deadly, "hang">

const failed = (event: ChaosEvent, errorType: string): ReadonlyArray<Expectation> =>
  isStreamed(event.behaviour) ? [error(errorType), stream(event, errorType, true)] : [error(errorType)]

/** What the main thread reports of a thread that has not done so itself. */
const died = error("Runtime.ExitError")

/** What it can make of the event. */
const outcomesOf = (fate: Fate, event: ChaosEvent): ReadonlyArray<Expectation> => {
  switch (fate) {
    // A thread that computes does not hear that it is to end.
    case "end":
      return [...failed(event, "Runtime.Interrupted"), died]
    case "exit":
      return [died]
    // The other invocations of the thread may go on for a while, and then fail for the same reason.
    case "crash":
      return [...failed(event, "ChaosFailure"), died]
    case "outOfMemory":
      return [error("Runtime.OutOfMemory")]
  }
}

/** Whether the main thread reports that the thread of the invocation has died. */
export const isDeathReport = (errorType: string | undefined): boolean =>
  errorType === "Runtime.ExitError" || errorType === "Runtime.OutOfMemory"

/** More than one where the clock decides: the handler may be done before it is interrupted. */
const expectationsOf = ({ event, eventFault }: Plan): ReadonlyArray<Expectation> => {
  switch (eventFault) {
    case "noDeadline":
    case "badDeadline":
    case "noArn":
    case "badClientContext":
    case "badIdentity":
      return [error("RuntimeApiError")]
    default:
  }
  switch (event.behaviour) {
    case "answerBytes":
    case "answerLarge":
      return [answer(pattern(event.n, event.size))]
    case "stream":
    case "streamHttp":
    case "streamLarge":
    case "streamEmpty":
      return [stream(event)]
    case "streamFailsFirst":
      return [error("ChaosFailure")]
    case "streamFails":
    case "streamDies":
    case "streamFinalizerDies":
      return [stream(event, "ChaosFailure")]
    case "streamStops":
      return [deadlineExceeded, stream(event, "Function.DeadlineExceeded", true), stream(event)]
    case "streamLate":
      return [deadlineExceeded, stream(event)]
    case "fail":
    case "die":
    case "reject":
    case "failFinalizer":
      return [error("ChaosFailure")]
    case "failNull":
    case "throwNull":
      return [error("null")]
    case "overflow":
      return [error("RangeError")]
    case "interrupt":
      return [error("Runtime.Interrupted")]
    case "oversize":
      return [error("Function.ResponseSizeTooLarge")]
    case "deadline":
    case "ignoreDeadline":
      return [deadlineExceeded, reply(event)]
    case "undecodable":
      return [error("EventError")]
    case "crash":
      return [error("ChaosFailure")]
    case "exit":
    case "outOfMemory":
    case "hang":
      return []
    default:
      return [reply(event)]
  }
}

/** What is wrong with it, if anything is. */
export const judge = (plan: Plan, posted: Posted, fates: Iterable<Fate>): string | undefined => {
  const invocationId = plan.eventFault === "none" || posted.invocationId !== undefined
    ? invocationIdOf(plan)
    : posted.invocationId
  if (posted.invocationId !== invocationId) return `it names the attempt ${posted.invocationId} of ${invocationId}`
  const expectations = [...expectationsOf(plan), ...Array.from(fates).flatMap((fate) => outcomesOf(fate, plan.event))]
  const problems = expectations.map((expected) => differs(expected, posted, isStreamed(plan.event.behaviour)))
  if (problems.includes(undefined)) return undefined
  return problems.length === 0 ? "there should be none" : problems.join("; or ")
}

const differs = (expected: Expectation, posted: Posted, isStream: boolean): string | undefined => {
  if (expected.ending === "error") {
    if (posted.kind !== "error") return `an answer in place of ${expected.errorType}: ${describe(posted.body)}`
    const errorType = readErrorType(posted.body)
    if (errorType !== expected.errorType) return `the error ${errorType} in place of ${expected.errorType}`
    if (posted.errorType === undefined || !/^(?:Runtime|Function)\.[A-Z][A-Za-z]+$/.test(posted.errorType)) {
      return `its Lambda-Runtime-Function-Error-Type is ${posted.errorType}`
    }
    return undefined
  }
  if (posted.kind !== "response") return `an error in place of an answer: ${describe(posted.body)}`
  const isShort = expected.ending === "stream" && expected.mayBeShort
  if (!posted.body.equals(isShort ? expected.body.subarray(0, posted.body.length) : expected.body)) {
    return `${posted.body.length} bytes in place of ${expected.body.length}: ${describe(posted.body)}`
  }
  if (posted.isChunked !== isStream) return "it is chunked, or not, where it should be the other way"
  if (expected.ending === "answer") return undefined
  if (posted.responseMode !== "streaming") return `its response mode is ${posted.responseMode}`
  const { errorBody, errorType } = posted.trailers
  if (expected.failure === undefined) return errorType === undefined ? undefined : `a failure: ${errorType}`
  const failure = errorBody === undefined ? undefined : readErrorType(Buffer.from(errorBody, "base64"))
  return failure === expected.failure ? undefined : `the failure ${failure} in place of ${expected.failure}`
}

const readErrorType = (body: Buffer): string => {
  try {
    const { errorType }: { errorType?: unknown } = JSON.parse(body.toString())
    return String(errorType)
  } catch {
    return describe(body)
  }
}

const describe = (body: Buffer): string => JSON.stringify(body.toString("utf8", 0, 300))

/** In the words of the summary. */
export const describePosted = ({ body, errorType, isChunked, kind, trailers }: Posted): string => {
  if (kind === "error") return `error ${errorType === undefined ? "" : readErrorType(body)}`
  if (!isChunked) return "buffered answer"
  return trailers.errorType === undefined ? "streamed answer" : "streamed answer that ended with a failure"
}
