/**
 * The main thread of a function that runs in several: it asks for events and hands them to the threads, replaces those
 * that die, and ends them with the process. It builds no layers of the user, and serves nothing itself.
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Server } from "../../Lambda.ts"
import { RuntimeApi } from "../../RuntimeApi.ts"
import { CurrentEnding, failureOf, threadPatience } from "../ending.ts"
import { logFailure } from "../logFailure.ts"
import { CurrentOutput } from "../logger/output.ts"
import * as note from "../note.ts"
import { UncaughtFailures } from "../uncaughtFailure.ts"
import * as lostInvocations from "./lostInvocations.ts"
import { poll } from "./polling.ts"
import { Pool } from "./pool.ts"
import * as Thread from "./thread.ts"

export interface Settings extends Omit<Thread.Settings, "number" | "output" | "allow"> {
  readonly threads: number
}

/** A thread that dies so many times in a row, which takes about a minute, ends the process. */
const maxDeaths = 10

/** In milliseconds: from 100 to 25,600. */
const replacementDelay = (deaths: number) => 100 * 2 ** (deaths - 1)

/** In milliseconds. The death of a thread that has lived for so long is the first of a row. */
const steadyAfter = 60_000

const reportPatience = "1 second"

/** What is left when threads were cut off. */
const lastReportPatience = "40 millis"

/** What a program does before it comes to our call takes less, unless it never does. */
const startPatience = "10 seconds"

/**
 * Starts the threads, and registers the loop that gives them events. Fails as the first thread does that cannot build its
 * layers.
 */
export const layer = (settings: Settings): Layer.Layer<never, Error, Server | RuntimeApi> =>
  Layer.effectDiscard(Effect.gen(function*() {
    const api = yield* RuntimeApi
    const output = yield* CurrentOutput
    const { allow, left } = yield* CurrentEnding
    const pool = new Pool()
    const running = new Set<Thread.Thread>()
    const nameOf = (thread: Thread.Thread) => `thread ${thread.number} of ${settings.threads}`

    const start = (number: number) =>
      Effect.try({
        try: () => {
          const thread = Thread.start({ ...settings, output, number, allow })
          running.add(thread)
          return thread
        },
        catch: (error) => error instanceof Error ? error : new Error(String(error))
      })
    /** Gives what has failed while it ended. */
    const stop = Effect.fnUntraced(function*(thread: Thread.Thread) {
      const end = yield* thread.stop(threadPatience(left(yield* Clock.currentTimeMillis)))
      const lost = { ...end, tasks: [...end.tasks, ...end.untaken] }
      if (lost.tasks.length > 0) yield* logEnd(`${nameOf(thread)} has ended before its invocations`, end)
      else if (end.isCutOff) yield* logEnd(`${nameOf(thread)} was cut off`, end)
      yield* lostInvocations.report(api, lost, lastReportPatience)
      // An exception of an invocation ends its thread and not the process, also when that is about to end.
      return end.isCutOff || end.isLogged ? undefined : end.error
    })
    yield* Effect.addFinalizer((exit) => {
      const unserved = {
        reason: "no other has taken its place",
        error: undefined,
        isLogged: false,
        isCutOff: false,
        tasks: pool.empty(),
        untaken: []
      }
      return Effect.gen(function*() {
        const errors = yield* Effect.forEach(running, stop, { concurrency: "unbounded" })
        yield* lostInvocations.report(api, unserved, lastReportPatience)
        const error = errors.find((error) => error !== undefined)
        // It makes the last line and the exit code, as in a process with one thread, unless something else does.
        if (error !== undefined && failureOf(exit) === undefined) return yield* Effect.die(error)
      })
    })
    const threads = yield* Effect.forEach(
      Array.from({ length: settings.threads }, (_, index) => index + 1),
      (number) => Effect.tap(start(number), untilBuilt),
      { concurrency: "unbounded" }
    )

    /** Lets a thread serve, and those that take its place one after the other. */
    const keep = Effect.fnUntraced(function*(first: Thread.Thread): Effect.fn.Return<never> {
      let thread = first
      let deaths = 0
      for (;;) {
        const startedAt = yield* Clock.currentTimeMillis
        const isBuilt = yield* Effect.raceFirst(Effect.as(thread.built, true), Effect.as(thread.ended, false))
        if (isBuilt) pool.add(thread)
        const end = yield* thread.ended
        pool.remove(thread)
        for (const task of end.untaken) pool.serve(task)
        deaths = (yield* Clock.currentTimeMillis) - startedAt < steadyAfter ? deaths + 1 : 1
        const isLast = deaths === maxDeaths
        const delay = replacementDelay(deaths)
        const died = `${nameOf(thread)} ${isBuilt ? "has died" : "could not start"}`
        yield* logEnd(died, end, isLast ? "" : `. Another takes its place in ${delay} ms`)
        yield* Effect.uninterruptible(lostInvocations.report(api, end, reportPatience))
        running.delete(thread)
        if (isLast) return yield* Effect.die(new Error(`${died} ${deaths} times in a row: ${end.reason}`))
        yield* Effect.sleep(delay)
        thread = yield* Effect.orDie(start(first.number))
      }
    })
    const { first } = yield* UncaughtFailures
    const loop = Effect.raceAllFirst([
      poll(api, pool, settings.maxConcurrency),
      Effect.flatMap(Effect.forEach(threads, keep, { concurrency: "unbounded" }), () => Effect.never),
      Effect.flatMap(first, ({ cause }) => Effect.failCause(cause))
    ])
    yield* Effect.flatMap(Server, ({ register }) => register(loop))
  }))

const untilBuilt = (thread: Thread.Thread): Effect.Effect<void, Error> => {
  const warn = Effect.delay(
    note.warning(
      `thread ${thread.number} has not come to NodeLambda.runMainThreads within ${startPatience}. The entry file has to ` +
        "call it in every thread: isMainThread is false in them"
    ),
    startPatience
  )
  return Effect.raceFirst(
    Effect.andThen(Effect.raceFirst(thread.started, Effect.andThen(warn, thread.started)), thread.built),
    Effect.flatMap(thread.ended, ({ error, reason }) => Effect.fail(error ?? new Error(reason)))
  )
}

const logEnd = (what: string, { error, isLogged, reason }: Thread.End, then = "") => {
  const message = `${what}: ${reason}${then}`
  return error === undefined || isLogged ? note.error(message) : logFailure(message, Cause.die(error))
}
