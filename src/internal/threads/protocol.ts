/**
 * What the main thread and the threads that serve invocations say to each other, over a channel of their own: the one
 * that Node gives every worker thread belongs to the program of the user.
 */
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Runtime from "effect/Runtime"
import { isMainThread, type MessagePort, workerData } from "node:worker_threads"
import * as ErrorReport from "../../ErrorReport.ts"
import type * as Invocation from "../../Invocation.ts"
import type { Output } from "../logger/output.ts"

/** To a thread. */
export type Command =
  /** Serve this invocation. */
  | { readonly _tag: "Serve"; readonly id: number; readonly invocation: InvocationData }
  /** End, as a process ends that gets SIGTERM. */
  | { readonly _tag: "Stop" }

export type InvocationData = Parameters<typeof Invocation.make>[0]

/** From a thread. */
export type Notice =
  /** The entry file has come to the call that serves. */
  | { readonly _tag: "Started" }
  /** All layers are built. */
  | { readonly _tag: "Built" }
  /** The invocation is answered, and what it left for afterwards is done. */
  | { readonly _tag: "Over"; readonly id: number }
  /** The thread has heard that it is to end. */
  | { readonly _tag: "Stopping" }
  /** The end of the thread may take so many milliseconds. */
  | { readonly _tag: "Allowed"; readonly budget: number }
  /** The thread takes no invocation any more, and will end. */
  | { readonly _tag: "Ending" }
  /** The thread ends now. It has taken these invocations, and not those that are on their way to it. */
  | { readonly _tag: "Ended"; readonly taken: ReadonlyArray<number> }
  /** The thread is about to end, because its layers could not be built or its loop has failed. */
  | { readonly _tag: "Failed"; readonly error: ErrorDescription; readonly isLogged: boolean }
  /** The thread has printed something. */
  | { readonly _tag: "Printed"; readonly output: "stdout" | "stderr"; readonly bytes: Uint8Array }
  /** The thread has logged something. */
  | { readonly _tag: "Logged"; readonly record: Parameters<Output["write"]> }
  /** A line that the function has logged about an invocation, for the log tail of the local server. */
  | { readonly _tag: "LoggedFor"; readonly requestId: string; readonly line: string }

/** What a thread is given when it starts. */
export interface Assignment {
  readonly port: MessagePort
  /** Invocations that all threads together serve at the same time. */
  readonly maxConcurrency: number
  /** Where the local server of the main thread listens; none on Lambda. */
  readonly localAddress: string | undefined
}

const key = "effect-lambda-runtime/threads"

interface ThreadData {
  readonly [key]: Assignment
}

export const threadData = (assignment: Assignment): ThreadData => ({ [key]: assignment })

/** What this thread is to do, where it is one of those that serve. A thread that the user's program started is not. */
export const assignment = (): Assignment | undefined =>
  !isMainThread && isThreadData(workerData) ? workerData[key] : undefined

const isThreadData = (data: unknown): data is ThreadData => Predicate.hasProperty(data, key)

/** An error on its way to another thread, where it has no class and no properties of its own any more. */
export interface ErrorDescription extends ErrorReport.ErrorReport {
  readonly cause: ErrorDescription | undefined
  /** With which a process ends because of it. */
  readonly exitCode: number
}

/** Causes of causes are worth this much. */
const maxDepth = 5

export const describeError = (error: unknown, depth = 0): ErrorDescription => {
  // Reading what was thrown may throw.
  const cause = Result.getOrUndefined(Result.try(() => Predicate.hasProperty(error, "cause") ? error.cause : undefined))
  return {
    ...ErrorReport.fromError(error),
    exitCode: Runtime.getErrorExitCode(error),
    cause: cause === undefined || depth === maxDepth ? undefined : describeError(cause, depth + 1)
  }
}

/** An error that is logged and reported as the one that was described. */
export const toError = ({ cause, errorMessage, errorType, exitCode, stackTrace }: ErrorDescription): Error => {
  const error = new Error(errorMessage, cause === undefined ? undefined : { cause: toError(cause) })
  error.name = errorType
  error.stack = [`${errorType}: ${errorMessage}`, ...stackTrace.map((line) => `    ${line}`)].join("\n")
  return Object.assign(error, { [Runtime.errorExitCode]: exitCode })
}
