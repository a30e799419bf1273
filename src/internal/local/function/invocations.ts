/**
 * The invocations of one local function, from the caller's event to the runtime's answer, and the state of the
 * runtime. HTTP has no part in it.
 *
 * With one invocation at a time the order of a runtime's calls is held to, as Lambda does. With more, each
 * invocation has its own state and any number of polls may wait, as on Lambda Managed Instances.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
import * as Cause from "effect/Cause"
import * as Data from "effect/Data"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as PubSub from "effect/PubSub"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Activity } from "../../../LocalServer.ts"
import { type FunctionError, runtimeExited, truncatedResponse } from "./functionError.ts"

/** What a caller sent. */
export interface Event {
  readonly payload: Uint8Array
  /** With the version or the alias that the caller asked for. */
  readonly functionArn: string
  readonly contentType: string
  readonly traceId: string
  readonly tenantId: string | undefined
  /** JSON, as the caller gave it. */
  readonly clientContext: string | undefined
  /** JSON, as the caller gave it. */
  readonly identity: string | undefined
}

/** An event in the hands of a runtime. */
export interface Assignment {
  readonly requestId: string
  readonly invocationId: string
  readonly event: Event
}

export type Answer =
  | { readonly _tag: "Buffered"; readonly contentType: string; readonly body: Uint8Array }
  | {
    readonly _tag: "Streamed"
    readonly contentType: string
    readonly body: Stream.Stream<Uint8Array, FunctionError>
  }
  | { readonly _tag: "Failed"; readonly error: FunctionError }

export interface Call {
  readonly requestId: string
  readonly answer: Effect.Effect<Answer, ShuttingDown>
  /** The last 4 KB of what the function and Lambda logged about this invocation. Waits until it is over. */
  readonly logTail: Effect.Effect<Uint8Array>
}

/** The connection that a runtime called on. A runtime whose connection is gone has most likely ended. */
export interface Connection {
  readonly destroyed: boolean
}

/** What a runtime answers one invocation with. Only the first `succeed` or `fail` counts. */
export interface Reply {
  readonly succeed: (contentType: string, body: Uint8Array) => Effect.Effect<void>
  /** Fails the invocation, or breaks off the stream that has begun. */
  readonly fail: (error: FunctionError) => Effect.Effect<void>
  readonly stream: (contentType: string) => Effect.Effect<StreamedReply>
}

export interface StreamedReply {
  /** Waits until the caller has taken what came before; a caller that has left takes everything. */
  readonly write: (chunk: Uint8Array) => Effect.Effect<void>
  readonly end: Effect.Effect<void>
}

/** A call of a runtime that Lambda refuses, in the words of its error body. */
export class Refused extends Data.TaggedError("Refused")<{
  readonly errorType: "InvalidRequestID" | "InvalidInvocationId" | "InvalidStateTransition" | "InternalServerError"
  readonly errorMessage: string
}> {}

export class ShuttingDown extends Data.TaggedError("ShuttingDown") {}

/** More events wait than may. */
export class TooManyRequests extends Data.TaggedError("TooManyRequests") {}

export interface Invocations {
  /** Queues an event. The caller is there for as long as the scope is open. */
  readonly offer: (event: Event) => Effect.Effect<Call, ShuttingDown | TooManyRequests, Scope.Scope>
  readonly next: (connection: Connection) => Effect.Effect<Assignment, Refused>
  /** Answers an invocation. One that is still unanswered when `use` ends has been cut off. */
  readonly answer: <A, E, R>(
    reference: { readonly requestId: string; readonly invocationId: string | undefined },
    kind: AnswerKind,
    use: (reply: Reply) => Effect.Effect<A, E, R>
  ) => Effect.Effect<A, E | Refused, R>
  /** Fails whatever waits now, and whatever comes until a runtime polls. */
  readonly initError: (connection: Connection, error: FunctionError) => Effect.Effect<void, Refused>
  /** A connection is gone, which may make room for a runtime that waits. */
  readonly disconnected: () => void
  /** The present activity, and every change of it. */
  readonly activity: Stream.Stream<Activity>
  /** Wakes everyone who waits. */
  readonly shutdown: Effect.Effect<void>
  /** Returns when `shutdown` has been called. */
  readonly closed: Effect.Effect<void>
}

export type AnswerKind = "InvocationResponse" | "InvocationErrorResponse"

/** As Lambda names them in its error messages. */
type StateName = "Started" | "InitError" | "Ready" | "Running" | AnswerKind | "ResponseSent"

interface Entry extends Assignment {
  readonly answer: Deferred.Deferred<Answer, ShuttingDown>
  callerPresent: boolean
  state: "Queued" | "Running" | AnswerKind | "ResponseSent"
  connection: Connection | undefined
  relay: Queue.Queue<Uint8Array, FunctionError | Cause.Done> | undefined
}

interface Poll {
  readonly connection: Connection
  readonly assigned: Deferred.Deferred<Assignment, Refused>
}

export const make = Effect.fnUntraced(function*(
  options: { readonly maxConcurrency: number }
): Effect.fn.Return<Invocations> {
  const single = options.maxConcurrency === 1
  const queued: Array<Entry> = []
  const polls: Array<Poll> = []
  /** By request id. With one invocation at a time the last one stays, answered, until the next poll. */
  const taken = new Map<string, Entry>()
  const activity = yield* PubSub.unbounded<Activity>({ replay: 1 })
  const closed = yield* Deferred.make<void>()
  let initFailure: { readonly connection: Connection; readonly error: FunctionError } | undefined

  const running = () => {
    let count = 0
    for (const entry of taken.values()) if (entry.state !== "ResponseSent") count++
    return count
  }

  const changed = () => {
    PubSub.publishUnsafe(activity, { polls: polls.length, queued: queued.length, running: running() })
  }

  /** Gives events to polls for as long as there are both. */
  const match = () => {
    while (queued.length > 0 && running() < options.maxConcurrency) {
      const index = polls.findIndex(({ connection }) => !connection.destroyed)
      const poll = polls[index]
      if (poll === undefined) break
      const entry = queued.shift()!
      polls.splice(index, 1)
      entry.state = "Running"
      entry.connection = poll.connection
      taken.set(entry.requestId, entry)
      Deferred.doneUnsafe(poll.assigned, Effect.succeed(entry))
    }
    changed()
  }

  const settle = (entry: Entry, answer: Answer | undefined) => {
    entry.state = "ResponseSent"
    if (!single) taken.delete(entry.requestId)
    if (answer !== undefined) Deferred.doneUnsafe(entry.answer, Effect.succeed(answer))
    match()
  }

  const failEntry = (entry: Entry, error: FunctionError) => {
    if (entry.relay !== undefined) Queue.failCauseUnsafe(entry.relay, Cause.fail(error))
    settle(entry, { _tag: "Failed", error })
  }

  /** A runtime that has gone without an answer will not give one any more. */
  const failAbandoned = () => {
    for (const entry of taken.values()) {
      if (entry.state === "Running" && entry.connection?.destroyed === true) {
        failEntry(entry, runtimeExited(entry.requestId))
      }
    }
  }

  /** The state of the only runtime, and the connection on which it got there. */
  const runtimeState = (): readonly [state: StateName, connection: Connection | undefined] => {
    const [poll] = polls
    if (poll !== undefined) return ["Ready", poll.connection]
    for (const { connection, state } of taken.values()) if (state !== "Queued") return [state, connection]
    return initFailure === undefined ? ["Started", undefined] : ["InitError", initFailure.connection]
  }

  const refuseTransition = (to: StateName, connection: Connection): Refused | undefined => {
    if (!single) {
      if (to !== "Ready" || running() >= options.maxConcurrency) failAbandoned()
      const busy = to !== "Ready" && (polls.length > 0 || taken.size > 0)
      return busy ? invalidTransition(polls.length > 0 ? "Ready" : "Running", to) : undefined
    }
    failAbandoned()
    const [from, holder] = runtimeState()
    if (from === "Started" || to === "Ready" && from === "ResponseSent") return undefined
    // A runtime is started again and again on a laptop: what its predecessor did is not held against it.
    if (from === "InitError" && holder !== connection) return undefined
    if ((from === "ResponseSent" || from === "Ready") && holder?.destroyed === true) return undefined
    return invalidTransition(from, to)
  }

  const remove = <A>(waiting: Array<A>, one: A) => {
    const index = waiting.indexOf(one)
    if (index < 0) return
    waiting.splice(index, 1)
    changed()
  }

  const leave = (entry: Entry) =>
    Effect.sync(() => {
      entry.callerPresent = false
      if (entry.relay !== undefined) Queue.shutdownUnsafe(entry.relay)
      remove(queued, entry)
    })

  const offer: Invocations["offer"] = (event) =>
    Effect.flatMap(
      Effect.acquireRelease(
        Effect.suspend(() => {
          if (Deferred.isDoneUnsafe(closed)) return Effect.fail(new ShuttingDown())
          const entry: Entry = {
            requestId: crypto.randomUUID(),
            invocationId: crypto.randomUUID(),
            event,
            answer: Deferred.makeUnsafe(),
            callerPresent: true,
            state: "Queued",
            connection: undefined,
            relay: undefined
          }
          if (initFailure === undefined) {
            queued.push(entry)
            match()
          } else {
            settle(entry, { _tag: "Failed", error: initFailure.error })
          }
          return Effect.succeed(entry)
        }),
        leave
      ),
      (entry) =>
        Effect.succeed({
          requestId: entry.requestId,
          answer: Deferred.await(entry.answer),
          logTail: Effect.succeed(new Uint8Array())
        })
    )

  const next: Invocations["next"] = (connection) =>
    Effect.suspend(() => {
      if (Deferred.isDoneUnsafe(closed)) return Effect.fail(closing)
      const refused = refuseTransition("Ready", connection)
      if (refused !== undefined) return Effect.fail(refused)
      initFailure = undefined
      if (single) taken.clear()
      const poll: Poll = { connection, assigned: Deferred.makeUnsafe() }
      polls.push(poll)
      match()
      return Effect.onInterrupt(Deferred.await(poll.assigned), () => Effect.sync(() => remove(polls, poll)))
    })

  const begin = (
    { invocationId, requestId }: { readonly requestId: string; readonly invocationId: string | undefined },
    kind: AnswerKind
  ) =>
    Effect.suspend(() => {
      const entry = taken.get(requestId)
      if (entry === undefined) return Effect.fail(unknownRequestId)
      if (invocationId !== undefined && invocationId !== entry.invocationId) return Effect.fail(wrongInvocationId)
      if (entry.state !== "Running") {
        return Effect.fail(single ? invalidTransition(entry.state, kind) : unknownRequestId)
      }
      entry.state = kind
      return Effect.succeed(entry)
    })

  const makeReply = (entry: Entry): Reply => {
    const unlessSettled = (act: () => void) =>
      Effect.sync(() => {
        if (entry.state !== "ResponseSent") act()
      })
    return {
      succeed: (contentType, body) => unlessSettled(() => settle(entry, { _tag: "Buffered", contentType, body })),
      fail: (error) => unlessSettled(() => failEntry(entry, error)),
      stream: Effect.fnUntraced(function*(contentType) {
        // One chunk: a caller that does not read holds the runtime back.
        const relay = yield* Queue.bounded<Uint8Array, FunctionError | Cause.Done>(1)
        entry.relay = relay
        if (!entry.callerPresent) Queue.shutdownUnsafe(relay)
        const answer: Answer = { _tag: "Streamed", contentType, body: Stream.fromQueue(relay) }
        Deferred.doneUnsafe(entry.answer, Effect.succeed(answer))
        return {
          write: (chunk) => Effect.asVoid(Queue.offer(relay, chunk)),
          end: unlessSettled(() => {
            Queue.endUnsafe(relay)
            settle(entry, undefined)
          })
        }
      })
    }
  }

  return {
    offer,
    next,
    answer: (reference, kind, use) =>
      Effect.acquireUseRelease(
        begin(reference, kind),
        (entry) => use(makeReply(entry)),
        (entry) => makeReply(entry).fail(truncatedResponse)
      ),
    initError: (connection, error) =>
      Effect.suspend(() => {
        const refused = refuseTransition("InitError", connection)
        if (refused !== undefined) return Effect.fail(refused)
        taken.clear()
        initFailure = { connection, error }
        for (const entry of queued.splice(0)) settle(entry, { _tag: "Failed", error })
        changed()
        return Effect.void
      }),
    disconnected: () => {
      if (!single && polls.length > 0 && running() >= options.maxConcurrency) failAbandoned()
    },
    activity: Stream.fromPubSub(activity),
    shutdown: Effect.suspend(() => {
      Deferred.doneUnsafe(closed, Effect.void)
      for (const entry of [...queued, ...taken.values()]) {
        Deferred.doneUnsafe(entry.answer, Effect.fail(new ShuttingDown()))
        if (entry.relay !== undefined) Queue.failCauseUnsafe(entry.relay, Cause.fail(truncatedResponse))
      }
      queued.length = 0
      for (const poll of polls.splice(0)) Deferred.doneUnsafe(poll.assigned, Effect.fail(closing))
      changed()
      return PubSub.shutdown(activity)
    }),
    closed: Deferred.await(closed)
  }
})

const unknownRequestId = new Refused({ errorType: "InvalidRequestID", errorMessage: "Invalid request ID" })

const wrongInvocationId = new Refused({ errorType: "InvalidInvocationId", errorMessage: "Invalid invocation ID" })

const closing = new Refused({ errorType: "InternalServerError", errorMessage: "The local server is shutting down" })

const invalidTransition = (from: string, to: string): Refused =>
  new Refused({
    errorType: "InvalidStateTransition",
    errorMessage: `State transition from ${from} to ${to} failed for runtime. Error: State transition is not allowed`
  })
