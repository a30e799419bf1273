/**
 * A thread that serves invocations, as the main thread sees it.
 */
import * as Arr from "effect/Array"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import { setFlagsFromString } from "node:v8"
import { MessageChannel, Worker } from "node:worker_threads"
import type { Invocation } from "../../Invocation.ts"
import type { Output } from "../logger/output.ts"
import { sleepAwake } from "../sleepAwake.ts"
import * as output from "./output.ts"
import { type Command, describeError, type Notice, threadData, toError } from "./protocol.ts"

export interface Settings {
  /** The file that the thread runs. */
  readonly entry: string | URL
  /** Counted from 1. */
  readonly number: number
  /** Invocations that all threads together serve at the same time. */
  readonly maxConcurrency: number
  /** The most memory for its JavaScript objects, in MiB. Default: that of Node. */
  readonly heapSize: number | undefined
  /** Where the local server of this thread listens; none on Lambda. */
  readonly localAddress: string | undefined
  /** Takes what the function logs. */
  readonly output: Output
  /** Takes how long the end of the thread may take in milliseconds, where that is longer than usual. */
  readonly allow: (budget: number) => void
  /** Takes what the function logs once more where it belongs to an invocation, for a local server. */
  readonly log: (requestId: string, line: string) => void
}

/** An invocation, and whom to tell that it is over. */
export interface Task {
  readonly invocation: Invocation["Service"]
  readonly over: () => void
}

/** How a thread has ended. */
export interface End {
  /** One line, as it follows "the thread has died: ". */
  readonly reason: string
  /** What was thrown, where something was. */
  readonly error: Error | undefined
  /** Whether the thread has logged it. */
  readonly isLogged: boolean
  /** Whether the main thread has ended it. */
  readonly isCutOff: boolean
  /** What it was serving. */
  readonly tasks: ReadonlyArray<Task>
  /** What it was given and has not begun to serve, so that another can. */
  readonly untaken: ReadonlyArray<Task>
}

/** Whether V8 could not allocate more. https://nodejs.org/api/errors.html#err_worker_out_of_memory */
export const isOutOfMemory = ({ error }: End): boolean =>
  Predicate.hasProperty(error, "code") && error.code === "ERR_WORKER_OUT_OF_MEMORY"

export interface Thread {
  readonly number: number
  /** Waits until the entry file has come to the call that serves. */
  readonly started: Effect.Effect<void>
  /** Waits until all layers are built. */
  readonly built: Effect.Effect<void>
  /** Waits until nothing more will come from it. */
  readonly ended: Effect.Effect<End>
  /** Whether it takes no invocation any more. */
  readonly isEnding: () => boolean
  /** How many invocations it is serving. */
  readonly load: () => number
  readonly serve: (task: Task) => void
  /**
   * Ends it, as SIGTERM ends a process. One that does not hear it for too long is cut off, and so is one that has not
   * ended in so many milliseconds.
   */
  readonly stop: (patience: number) => Effect.Effect<End>
}

/** As long as a process has for its invocations and their reports. */
const hearingPatience = "400 millis"

export const start = (settings: Settings): Thread => {
  const { number } = settings
  const started = Deferred.makeUnsafe<void>()
  const built = Deferred.makeUnsafe<void>()
  const heard = Deferred.makeUnsafe<void>()
  const ended = Deferred.makeUnsafe<End>()
  const tasks = new Map<number, Task>()
  let lastId = 0
  let error: Error | undefined
  let isLogged = false
  let cutOff: string | undefined
  let exitCode: number | undefined
  let closed = false
  let isEnding = false
  let taken: ReadonlySet<number> | undefined

  // For V8 the flag of the process is stronger than the limit of a thread.
  if (settings.heapSize !== undefined) setFlagsFromString("--max-old-space-size=0")
  const { port1: port, port2 } = new MessageChannel()
  const worker = new Worker(settings.entry, {
    name: `lambda-${number}`,
    argv: process.argv.slice(2),
    workerData: threadData({
      port: port2,
      maxConcurrency: settings.maxConcurrency,
      localAddress: settings.localAddress
    }),
    transferList: [port2],
    ...settings.heapSize === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: settings.heapSize } }
  })
  const onEnd = () => {
    // What it said last may come after the news of its end.
    if (exitCode === undefined || !closed) return
    const reason = error?.message ??
      cutOff ?? describeExit(exitCode, Deferred.isDoneUnsafe(started))
    // One that was cut off says nothing, so that it may have begun with all of them.
    const [served, untaken] = Arr.partition(
      tasks,
      ([id, task]) => taken === undefined || taken.has(id) ? Result.succeed(task) : Result.fail(task)
    )
    Deferred.doneUnsafe(
      ended,
      Effect.succeed({ reason, error, isLogged, isCutOff: cutOff !== undefined, tasks: served, untaken })
    )
  }
  worker.on("error", (thrown: unknown) => {
    error = thrown instanceof Error ? thrown : toError(describeError(thrown))
  })
  worker.on("exit", (code) => {
    exitCode = code
    onEnd()
  })
  port.on("close", () => {
    closed = true
    onEnd()
  })
  port.on("message", (notice: Notice) => {
    switch (notice._tag) {
      case "Started":
        return Deferred.doneUnsafe(started, Effect.void)
      case "Built":
        return Deferred.doneUnsafe(built, Effect.void)
      case "Over": {
        const task = tasks.get(notice.id)
        tasks.delete(notice.id)
        return task?.over()
      }
      case "Ending":
        isEnding = true
        return
      case "Ended":
        taken = new Set(notice.taken)
        return
      case "Allowed":
        return settings.allow(notice.budget)
      case "Stopping":
        return Deferred.doneUnsafe(heard, Effect.void)
      case "Failed":
        error = toError(notice.error)
        isLogged = notice.isLogged
        return
      case "Printed":
        return output.print(notice.output, notice.bytes)
      case "Logged":
        return settings.output.write(...notice.record)
      case "LoggedFor":
        return settings.log(notice.requestId, notice.line)
    }
  })

  return {
    number,
    started: Deferred.await(started),
    built: Deferred.await(built),
    ended: Deferred.await(ended),
    isEnding: () => isEnding,
    load: () => tasks.size,
    serve: (task) => {
      const id = ++lastId
      tasks.set(id, task)
      // Copied, because another thread gets it when this one ends before it has taken it.
      port.postMessage({ _tag: "Serve", id, invocation: encode(task.invocation) } satisfies Command)
    },
    stop: Effect.fnUntraced(function*(patience) {
      port.postMessage({ _tag: "Stop" } satisfies Command)
      const isOver = Deferred.await(ended)
      // It has come to nothing yet that would have to be released.
      if (!Deferred.isDoneUnsafe(started)) {
        void worker.terminate()
        return yield* isOver
      }
      const hear = Effect.gen(function*() {
        const isHeard = yield* Effect.timeoutOption(Effect.raceFirst(Deferred.await(heard), isOver), hearingPatience)
        if (Option.isSome(isHeard)) yield* isOver
        else cutOff = `it did not hear within ${hearingPatience} that it is to end`
      })
      const isEnded = yield* Effect.raceFirst(Effect.as(hear, true), Effect.as(sleepAwake(patience), false))
      if (!isEnded) cutOff = `it has not ended within ${patience} ms`
      if (cutOff !== undefined) void worker.terminate()
      return yield* isOver
    })
  }
}

/** Plain data. */
const encode = (invocation: Invocation["Service"]) => ({
  requestId: invocation.requestId,
  invocationId: Option.getOrUndefined(invocation.invocationId),
  deadline: invocation.deadline,
  functionArn: invocation.functionArn,
  traceId: Option.getOrUndefined(invocation.traceId),
  tenantId: Option.getOrUndefined(invocation.tenantId),
  clientContext: Option.getOrUndefined(invocation.clientContext),
  identity: Option.getOrUndefined(invocation.identity),
  contentType: invocation.contentType,
  payload: ownMemory(invocation.payload)
})

/** A message takes all of the memory that an array is a part of. */
const ownMemory = (payload: Uint8Array): Uint8Array<ArrayBuffer> =>
  payload.byteLength === payload.buffer.byteLength && payload.buffer instanceof ArrayBuffer
    ? new Uint8Array(payload.buffer)
    : new Uint8Array(payload)

const describeExit = (code: number, isStarted: boolean): string =>
  isStarted
    ? `it exited with code ${code}`
    : `it exited with code ${code} before it came to NodeLambda.runMainThreads, which the entry file has to call in ` +
      "every thread: isMainThread is false in them"
