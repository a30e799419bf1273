/**
 * The log of each invocation: what Lambda writes about it, and the end of everything for a caller who asks.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import { constVoid } from "effect/Function"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import type { Connection } from "./environments.ts"
import type { FunctionError } from "./functionError.ts"
import type { Assignment } from "./invocation.ts"
import * as LogTail from "./logTail.ts"
import * as PeakMemory from "./peakMemory.ts"
import * as platformLog from "./platformLog.ts"

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
  /** Adds a line that the function has logged about an invocation which is not over. */
  readonly add: (requestId: string, line: string) => void
}

export interface Settings {
  /** In MB. */
  readonly memorySize: number
  /** In milliseconds. */
  readonly timeout: number
  readonly version: string
  /** Takes Lambda's own lines, where somebody is to see them. */
  readonly print: ((line: string) => void) | undefined
}

interface Run {
  readonly connection: Connection
  readonly traceId: string
  readonly startedAt: bigint
}

export const make = Effect.fnUntraced(function*(
  { memorySize, print, timeout, version }: Settings
): Effect.fn.Return<InvocationLogs, never, Scope.Scope> {
  const clock = yield* Clock.Clock
  const peakMemory = PeakMemory.make()
  const open = new Map<string, LogTail.LogTail>()
  const printInTurn = yield* makePrinter(print)

  const makeLog = (requestId: string): InvocationLog => {
    const tail = LogTail.make()
    const over = Deferred.makeUnsafe<Effect.Effect<ReadonlyArray<string>>>()
    let run: Run | undefined
    open.set(requestId, tail)

    const close = ({ connection, startedAt, traceId }: Run, error: FunctionError | undefined) => {
      const now = clock.currentTimeMillisUnsafe()
      const durationMillis = Number(clock.currentTimeNanosUnsafe() - startedAt) / 1_000_000
      return Effect.map(peakMemory.of(connection), (peak) => {
        const isTimeout = error?.errorType === "Sandbox.Timedout"
        const lines = [platformLog.end({ requestId })]
        lines.push(platformLog.report({
          requestId,
          durationMillis,
          memorySize,
          peakMemory: peak,
          traceId,
          status: error === undefined ? "success" : isTimeout ? "timeout" : "error",
          errorType: error?.errorType
        }))
        if (isTimeout) lines.push(platformLog.timedOut({ now, requestId, timeoutMillis: timeout }))
        for (const line of lines) tail.add(line)
        return lines
      })
    }

    return {
      started: (assignment, connection) => {
        run = { connection, traceId: assignment.event.traceId, startedAt: clock.currentTimeNanosUnsafe() }
        const line = platformLog.start({ requestId, version })
        tail.add(line)
        // The process is found while its connection is open.
        printInTurn(Effect.as(Effect.forkDetach(peakMemory.of(connection)), [line]))
      },
      ended: (error) => {
        open.delete(requestId)
        // The memory is looked up only for somebody who reads it.
        const closed = run === undefined ? noLines : Effect.runSync(Effect.cached(close(run, error)))
        Deferred.doneUnsafe(over, Effect.succeed(closed))
        if (run !== undefined) printInTurn(closed)
      },
      tail: Effect.map(Effect.flatten(Deferred.await(over)), tail.bytes)
    }
  }

  return {
    make: makeLog,
    add: (requestId, line) => open.get(requestId)?.add(line)
  }
})

const noLines: Effect.Effect<ReadonlyArray<string>> = Effect.succeed([])

/** Prints lines in the order in which they were asked for, though some take a moment to be made. */
const makePrinter = Effect.fnUntraced(function*(
  print: Settings["print"]
): Effect.fn.Return<(lines: Effect.Effect<ReadonlyArray<string>>) => void, never, Scope.Scope> {
  if (print === undefined) return constVoid
  const turns = yield* Queue.unbounded<Effect.Effect<ReadonlyArray<string>>>()
  const printNext = Effect.map(Effect.flatten(Queue.take(turns)), (lines) => {
    for (const line of lines) print(line)
  })
  yield* Effect.forkScoped(Effect.forever(printNext, { disableYield: true }))
  return (lines) => void Queue.offerUnsafe(turns, lines)
})
