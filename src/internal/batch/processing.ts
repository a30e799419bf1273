/** Runs an effect for every record of a batch, and ends in time to say which of them have failed. */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as ErrorReporter from "effect/ErrorReporter"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { Invocation } from "../../Invocation.ts"
import { logFailure } from "../logFailure.ts"
import { Schedule, type Scheduled } from "./schedule.ts"
import type { BatchRecord } from "./source.ts"

export interface Outcome<Identifier> {
  /** The records that have failed, or have not been begun, in the order of the event. */
  readonly failed: ReadonlyArray<BatchRecord<Identifier>>
  /** Why the first that has ended did not succeed. */
  readonly firstFailure: Cause.Cause<unknown> | undefined
}

/** Never fails: a record that does is among the `failed`. Interrupted, it interrupts what it runs, and waits for that. */
export const run = Effect.fnUntraced(function*<Identifier, R>(
  records: ReadonlyArray<BatchRecord<Identifier>>,
  process: (record: BatchRecord<Identifier>) => Effect.Effect<unknown, unknown, R>,
  options: {
    readonly concurrency: number
    /** How long before the deadline everything is interrupted, in milliseconds. */
    readonly deadlineMargin: number
  }
): Effect.fn.Return<Outcome<Identifier>, never, R | Invocation> {
  const schedule = new Schedule(records)
  const running = new Map<Scheduled<Identifier>, Fiber.Fiber<unknown, unknown>>()
  let firstFailure: Cause.Cause<unknown> | undefined
  let isOver = false

  const end = (scheduled: Scheduled<Identifier>, exit: Exit.Exit<unknown, unknown>): Effect.Effect<void> => {
    running.delete(scheduled)
    // It has been told of before, and nobody asks how it ended.
    if (isOver) return Effect.void
    schedule.end(scheduled, Exit.isSuccess(exit))
    if (Exit.isSuccess(exit)) return Effect.void
    firstFailure ??= exit.cause
    const isLate = schedule.isClosed && Cause.hasInterrupts(exit.cause)
    return tellFailure(isLate ? "a record was interrupted: the time is over" : "a record failed", exit.cause)
  }

  /** In a fiber of its own, so that whatever interrupts a record interrupts nothing else. */
  const processOne = (scheduled: Scheduled<Identifier>) =>
    Effect.flatMap(Effect.forkChild(process(scheduled.record), { startImmediately: true }), (fiber) => {
      running.set(scheduled, fiber)
      return Effect.flatMap(Fiber.await(fiber), (exit) => end(scheduled, exit))
    }).pipe(Effect.annotateLogs(scheduled.record.annotations))

  /** One record after another; as many of these run as records may be processed at the same time. */
  const work: Effect.Effect<void, never, R> = Effect.suspend(() => {
    const scheduled = schedule.begin()
    return scheduled === undefined ? Effect.void : Effect.andThen(processOne(scheduled), work)
  })

  const workers = Array.from({ length: Math.min(options.concurrency, schedule.width) }, () => work)
  const all = Effect.forEach(workers, (work) => work, { concurrency: "unbounded", discard: true })

  const interruptRecords = Effect.sync(() => {
    schedule.close()
    for (const fiber of Array.from(running.values())) fiber.interruptUnsafe()
  })

  const { deadline } = yield* Invocation
  const left = deadline - (yield* Clock.currentTimeMillis)
  const margin = Math.min(options.deadlineMargin, left / 2)
  yield* left <= 0 || left === Infinity ? all : inTime(all, left - margin, interruptRecords, margin / 2)

  isOver = true
  for (const { record } of running.keys()) {
    yield* Effect.logError("a record was interrupted, and goes on all the same: the time is over").pipe(
      Effect.annotateLogs(record.annotations)
    )
  }
  const { failed, notBegun } = schedule
  if (notBegun > 0) {
    yield* Effect.logWarning(`${notBegun} of ${records.length} records were not begun, and are to be delivered again`)
  }
  return { failed, firstFailure }
})

/**
 * Runs the effect for so many milliseconds, then does `interrupt`, and gives the effect `patience` to end. If it does not,
 * it goes on behind the answer.
 */
const inTime = <R>(
  effect: Effect.Effect<void, never, R>,
  time: number,
  interrupt: Effect.Effect<void>,
  patience: number
): Effect.Effect<unknown, never, R> =>
  Effect.acquireUseRelease(
    Effect.forkDetach(effect, { startImmediately: true }),
    (fiber) =>
      Effect.raceFirst(
        Fiber.join(fiber),
        Effect.sleep(time).pipe(
          Effect.andThen(interrupt),
          Effect.andThen(Effect.timeoutOption(Fiber.join(fiber), patience))
        )
      ),
    (fiber, exit) => Exit.isSuccess(exit) ? Effect.void : Fiber.interrupt(fiber)
  )

const tellFailure = (message: string, cause: Cause.Cause<unknown>): Effect.Effect<void> =>
  Effect.andThen(logFailure(message, cause), Effect.ignoreCause(ErrorReporter.report(cause)))
