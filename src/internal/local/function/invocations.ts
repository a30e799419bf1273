/**
 * The invocations of one local function, from the caller's event to the runtime's answer. HTTP has no part in it.
 *
 * With one invocation at a time the order of a runtime's calls is held to, as Lambda does. With more, each
 * invocation has its own state and any number of polls may wait, as on Lambda Managed Instances.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as PubSub from "effect/PubSub"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Activity } from "../../../LocalServer.ts"
import {
  type Connection,
  type Environment,
  invalidTransition,
  make as makeEnvironments,
  Refused
} from "./environments.ts"
import { type FunctionError, runtimeExited, timedOut, truncatedResponse } from "./functionError.ts"
import {
  type Answer,
  type AnswerKind,
  type Assignment,
  type Call,
  type Event,
  type Reply,
  ShuttingDown,
  TooManyRequests
} from "./invocation.ts"
import type { InvocationLog, InvocationLogs } from "./invocationLogs.ts"
import { WaitingEvents } from "./waitingEvents.ts"

export interface Invocations {
  /** Queues an event. The caller is there for as long as the scope is open. */
  readonly offer: (event: Event) => Effect.Effect<Call, ShuttingDown | TooManyRequests, Scope.Scope>
  readonly next: (connection: Connection) => Effect.Effect<Assignment, Refused>
  /** The polls of this connection get no event any more, however long they wait. */
  readonly withdraw: (connection: Connection) => void
  /** Answers an invocation. One that is still unanswered when `use` ends has been cut off. */
  readonly answer: <A, E, R>(
    reference: { readonly requestId: string; readonly invocationId: string | undefined },
    kind: AnswerKind,
    use: (reply: Reply) => Effect.Effect<A, E, R>
  ) => Effect.Effect<A, E | Refused, R>
  /** Fails whatever waits now, and whatever comes until a runtime polls. */
  readonly initError: (connection: Connection, error: FunctionError) => Effect.Effect<void, Refused>
  /** Restores a runtime that may be snapshotted, which nobody does here: at once. */
  readonly restore: (connection: Connection) => Effect.Effect<void, Refused>
  /** {@link initError}, of a runtime that has been restored. */
  readonly restoreError: (connection: Connection, error: FunctionError) => Effect.Effect<void, Refused>
  /** A connection is gone, which may make room for a runtime that waits. */
  readonly disconnected: () => void
  /** The present activity, and every change of it. */
  readonly activity: Stream.Stream<Activity>
  /** The invocations that runtimes are given from now on. */
  readonly subscribe: Effect.Effect<PubSub.Subscription<Assignment>, never, Scope.Scope>
  /** Whether a runtime that is still connected has asked for an event. */
  readonly hasPolled: () => boolean
  /** Wakes everyone who waits. */
  readonly shutdown: Effect.Effect<void>
  /** Returns when `shutdown` has been called. */
  readonly closed: Effect.Effect<void>
}

interface Entry {
  readonly requestId: string
  readonly invocationId: string
  readonly event: Event
  readonly started: Deferred.Deferred<void>
  readonly answer: Deferred.Deferred<Answer, ShuttingDown>
  deadline: number
  callerPresent: boolean
  state: "Queued" | "Running" | AnswerKind | "ResponseSent" | "TimedOut"
  connection: Connection | undefined
  environment: Environment | undefined
  relay: Queue.Queue<Uint8Array, FunctionError | Cause.Done> | undefined
  timer: Fiber.Fiber<void> | undefined
  log: InvocationLog
}

interface Poll {
  readonly connection: Connection
  readonly environment: Environment | undefined
  readonly assigned: Deferred.Deferred<Assignment, Refused>
}

export interface Settings {
  /** In milliseconds. */
  readonly timeout: number
  readonly maxConcurrency: number
  readonly maxEnvironments: number
  readonly maxQueued: number
}

/** How long an event waits before a person is told why. */
const patience = "5 seconds"

/** Lambda Managed Instances remember this many invocations that timed out, to tell a late answer from an unknown one. */
const maxTimedOut = 1_000

export const make = Effect.fnUntraced(function*(
  { maxConcurrency, maxEnvironments, maxQueued, timeout }: Settings,
  logs: InvocationLogs
): Effect.fn.Return<Invocations> {
  const single = maxConcurrency === 1
  const limit = maxConcurrency * maxEnvironments
  const environments = makeEnvironments({ maxEnvironments })
  const queued = new WaitingEvents<Entry>(maxQueued)
  const polls: Array<Poll> = []
  const withdrawn: Array<Poll> = []
  const outOfService = new WeakSet<Connection>()
  /** By request id. With one invocation at a time an answered one stays until its runtime polls again. */
  const taken = new Map<string, Entry>()
  const timedOutIds = new Set<string>()
  const activity = yield* PubSub.unbounded<Activity>({ replay: 1 })
  const assignments = yield* PubSub.unbounded<Assignment>()
  const closed = yield* Deferred.make<void>()
  const context = yield* Effect.context()
  const clock = Context.get(context, Clock.Clock)
  const runFork = Effect.runForkWith(context)
  let lastPoller: Connection | undefined
  let warned = false
  let initFailure: FunctionError | undefined

  const running = () => {
    let count = 0
    for (const entry of taken.values()) if (!isOver(entry)) count++
    return count
  }

  const changed = () => {
    PubSub.publishUnsafe(activity, { polls: polls.length, queued: queued.length, running: running() })
  }

  /** Once for all that wait. */
  const warnOfWait = (entry: Entry): Effect.Effect<void> => {
    if (entry.state !== "Queued" || warned) return Effect.void
    warned = true
    const busy = [...taken.values()].filter((other) => !isOver(other)).map(({ requestId }) => requestId)
    return Effect.logWarning(
      `The event ${entry.requestId} has waited for ${patience}: ` +
        (busy.length === 0
          ? "no runtime asks for events. Start one with AWS_LAMBDA_RUNTIME_API set to the address of this server"
          : `all runtimes are still busy, with ${busy.join(", ")}`)
    )
  }

  const enter = (entry: Entry, state: Exclude<Entry["state"], "Queued">) => {
    entry.state = state
    if (entry.environment !== undefined) entry.environment.state = state
  }

  /** Gives events to polls for as long as there are both. */
  const match = () => {
    while (running() < limit) {
      const index = polls.findIndex(({ connection }) => !connection.destroyed)
      const poll = polls[index]
      const entry = poll === undefined ? undefined : queued.take()
      if (poll === undefined || entry === undefined) break
      polls.splice(index, 1)
      entry.connection = poll.connection
      entry.environment = poll.environment
      entry.timer?.interruptUnsafe()
      entry.deadline = clock.currentTimeMillisUnsafe() + timeout
      entry.timer = runFork(Effect.delay(Effect.sync(() => timeOut(entry)), timeout))
      entry.log.started(entry, poll.connection)
      enter(entry, "Running")
      taken.set(entry.requestId, entry)
      PubSub.publishUnsafe(assignments, entry)
      Deferred.doneUnsafe(entry.started, Effect.void)
      Deferred.doneUnsafe(poll.assigned, Effect.succeed(entry))
    }
    if (queued.length === 0) warned = false
    changed()
  }

  const settle = (entry: Entry, answer: Answer | undefined, state: "ResponseSent" | "TimedOut" = "ResponseSent") => {
    entry.timer?.interruptUnsafe()
    enter(entry, state)
    if (!single || state === "TimedOut") taken.delete(entry.requestId)
    if (answer !== undefined) Deferred.doneUnsafe(entry.answer, Effect.succeed(answer))
    entry.log.ended(answer?._tag === "Failed" ? answer.error : undefined)
    match()
  }

  const failEntry = (entry: Entry, error: FunctionError, state?: "TimedOut") => {
    if (entry.relay !== undefined) Queue.failCauseUnsafe(entry.relay, Cause.fail(error))
    settle(entry, { _tag: "Failed", error }, state)
  }

  /** Lambda then stops the process. The one here goes on, and its answer is refused. */
  const timeOut = (entry: Entry) => {
    if (isOver(entry)) return
    if (!single) remember(timedOutIds, entry.requestId, maxTimedOut)
    // What a caller has not read by now would hold the runtime.
    if (entry.relay !== undefined) Effect.runSync(Queue.clear(entry.relay))
    failEntry(entry, timedOut(entry.requestId, timeout), "TimedOut")
  }

  /** A runtime that has gone without an answer will not give one any more. */
  const failAbandoned = () => {
    for (const entry of taken.values()) {
      if (entry.state === "Running" && entry.connection?.destroyed === true) {
        failEntry(entry, runtimeExited(entry.requestId))
      }
    }
  }

  const remove = <A>(waiting: Array<A>, one: A): boolean => {
    const index = waiting.indexOf(one)
    if (index < 0) return false
    waiting.splice(index, 1)
    changed()
    return true
  }

  const leave = (entry: Entry) =>
    Effect.sync(() => {
      entry.callerPresent = false
      if (entry.relay !== undefined) Queue.shutdownUnsafe(entry.relay)
      if (!queued.remove(entry)) return
      entry.timer?.interruptUnsafe()
      entry.log.ended(undefined)
      changed()
    })

  const enqueue = (event: Event): Effect.Effect<Entry, ShuttingDown | TooManyRequests> => {
    if (Deferred.isDoneUnsafe(closed)) return Effect.fail(new ShuttingDown())
    if (initFailure === undefined && !queued.hasRoomFor(event)) return Effect.fail(new TooManyRequests())
    const requestId = event.requestId ?? crypto.randomUUID()
    const entry: Entry = {
      requestId,
      invocationId: crypto.randomUUID(),
      event,
      started: Deferred.makeUnsafe(),
      answer: Deferred.makeUnsafe(),
      deadline: 0,
      callerPresent: true,
      state: "Queued",
      connection: undefined,
      environment: undefined,
      relay: undefined,
      timer: undefined,
      log: logs.make(requestId)
    }
    if (initFailure !== undefined) {
      settle(entry, { _tag: "Failed", error: initFailure })
      return Effect.succeed(entry)
    }
    queued.add(entry)
    entry.timer = runFork(Effect.delay(Effect.suspend(() => warnOfWait(entry)), patience))
    match()
    return Effect.succeed(entry)
  }

  /** The environment that polls; none when order is not held to. */
  const admitPoll = (connection: Connection): Environment | Refused | undefined => {
    if (!single) {
      if (running() >= limit) failAbandoned()
      return undefined
    }
    let environment = environments.poll(connection)
    if (environment instanceof Refused) {
      // A connection that is gone does not say that its runtime is: some open one for every call.
      failAbandoned()
      environment = environments.poll(connection)
    }
    if (environment instanceof Refused) return environment
    for (const [requestId, entry] of taken) if (entry.environment === environment) taken.delete(requestId)
    // The poll that it sent over a connection that is gone.
    const left = polls.find((poll) => poll.environment === environment)
    if (left !== undefined) remove(polls, left)
    return environment
  }

  const next: Invocations["next"] = (connection) =>
    Effect.suspend(() => {
      if (Deferred.isDoneUnsafe(closed)) return Effect.fail(closing)
      const environment = admitPoll(connection)
      if (environment instanceof Refused) return Effect.fail(environment)
      initFailure = undefined
      lastPoller = connection
      const poll: Poll = { connection, environment, assigned: Deferred.makeUnsafe() }
      const waiting = outOfService.has(connection) ? withdrawn : polls
      waiting.push(poll)
      match()
      return Effect.onInterrupt(
        Deferred.await(poll.assigned),
        () => Effect.sync(() => remove(polls, poll) || remove(withdrawn, poll))
      )
    })

  const withdraw = (connection: Connection) => {
    outOfService.add(connection)
    for (const poll of polls.filter((poll) => poll.connection === connection)) {
      remove(polls, poll)
      withdrawn.push(poll)
    }
  }

  const begin = (
    { invocationId, requestId }: { readonly requestId: string; readonly invocationId: string | undefined },
    kind: AnswerKind
  ) =>
    Effect.suspend(() => {
      const entry = taken.get(requestId)
      if (entry === undefined) return Effect.fail(timedOutIds.delete(requestId) ? late : unknownRequestId)
      if (invocationId !== undefined && invocationId !== entry.invocationId) return Effect.fail(wrongInvocationId)
      // Managed Instances take an error for an answer that has begun and cannot be completed.
      const breaksOff = !single && kind === "InvocationErrorResponse" && entry.state === "InvocationResponse"
      if (entry.state !== "Running" && !breaksOff) {
        return Effect.fail(single ? invalidTransition(entry.state, kind) : unknownRequestId)
      }
      enter(entry, kind)
      return Effect.succeed(entry)
    })

  const makeReply = (entry: Entry): Reply => {
    const unlessOver = (act: () => void) =>
      Effect.suspend(() => {
        if (entry.state === "TimedOut") return Effect.fail(single ? unknownRequestId : late)
        if (entry.state !== "ResponseSent") act()
        return Effect.void
      })
    return {
      succeed: (contentType, body) => unlessOver(() => settle(entry, { _tag: "Buffered", contentType, body })),
      fail: (error) => unlessOver(() => failEntry(entry, error)),
      stream: Effect.fnUntraced(function*(contentType) {
        // One chunk: a caller that does not read holds the runtime back.
        const relay = yield* Queue.bounded<Uint8Array, FunctionError | Cause.Done>(1)
        entry.relay = relay
        if (!entry.callerPresent) Queue.shutdownUnsafe(relay)
        const answer: Answer = { _tag: "Streamed", contentType, body: Stream.fromQueue(relay) }
        Deferred.doneUnsafe(entry.answer, Effect.succeed(answer))
        return {
          write: (chunk) => Effect.asVoid(Queue.offer(relay, chunk)),
          end: unlessOver(() => {
            Queue.endUnsafe(relay)
            settle(entry, undefined)
          })
        }
      })
    }
  }

  const admitInitError = (connection: Connection): Environment | Refused | undefined => {
    failAbandoned()
    if (single) return environments.initError(connection)
    if (polls.length > 0) return invalidTransition("Ready", "InitError")
    return taken.size > 0 ? invalidTransition("Running", "InitError") : undefined
  }

  const failStart = (
    admitted: Environment | Refused | undefined,
    error: FunctionError
  ): Effect.Effect<void, Refused> => {
    if (admitted instanceof Refused) return Effect.fail(admitted)
    // Other environments may be well.
    if (polls.length > 0 || running() > 0) return Effect.void
    initFailure = error
    for (const entry of queued.takeAll()) settle(entry, { _tag: "Failed", error })
    changed()
    return Effect.void
  }

  return {
    offer: (event) =>
      Effect.map(
        Effect.acquireRelease(Effect.suspend(() => enqueue(event)), leave),
        ({ answer, log, requestId, started }) => ({
          requestId,
          started: Deferred.await(started),
          answer: Deferred.await(answer),
          logTail: log.tail
        })
      ),
    next,
    withdraw,
    answer: (reference, kind, use) =>
      Effect.acquireUseRelease(
        begin(reference, kind),
        (entry) => use(makeReply(entry)),
        (entry) => Effect.ignore(makeReply(entry).fail(truncatedResponse))
      ),
    initError: (connection, error) => Effect.suspend(() => failStart(admitInitError(connection), error)),
    restore: (connection) =>
      Effect.suspend(() => {
        failAbandoned()
        const restored = environments.restore(connection)
        return restored instanceof Refused ? Effect.fail(restored) : Effect.void
      }),
    restoreError: (connection, error) => Effect.suspend(() => failStart(environments.restoreError(connection), error)),
    disconnected: () => {
      if (!single && polls.length > 0 && running() >= limit) failAbandoned()
    },
    activity: Stream.fromPubSub(activity),
    subscribe: PubSub.subscribe(assignments),
    hasPolled: () => lastPoller !== undefined && !lastPoller.destroyed,
    shutdown: Effect.suspend(() => {
      Deferred.doneUnsafe(closed, Effect.void)
      for (const entry of [...queued.takeAll(), ...taken.values()]) {
        if (isOver(entry)) continue
        entry.timer?.interruptUnsafe()
        entry.log.ended(truncatedResponse)
        Deferred.doneUnsafe(entry.answer, Effect.fail(new ShuttingDown()))
        if (entry.relay !== undefined) Queue.failCauseUnsafe(entry.relay, Cause.fail(truncatedResponse))
      }
      for (const poll of [...polls.splice(0), ...withdrawn.splice(0)]) {
        Deferred.doneUnsafe(poll.assigned, Effect.fail(closing))
      }
      changed()
      return PubSub.shutdown(activity)
    }),
    closed: Deferred.await(closed)
  }
})

/** Adds to a set that forgets its oldest element when it is full. */
const remember = (ids: Set<string>, id: string, limit: number) => {
  ids.add(id)
  if (ids.size <= limit) return
  const [oldest = id] = ids
  ids.delete(oldest)
}

const isOver = ({ state }: Entry) => state === "ResponseSent" || state === "TimedOut"

const unknownRequestId = new Refused({ errorType: "InvalidRequestID", errorMessage: "Invalid request ID" })

const wrongInvocationId = new Refused({ errorType: "InvalidInvocationId", errorMessage: "Invalid invocation ID" })

const late = new Refused({ errorType: "InvokeTimeout", errorMessage: "Invoke timeout" })

const closing = new Refused({ errorType: "InternalServerError", errorMessage: "The local server is shutting down" })
