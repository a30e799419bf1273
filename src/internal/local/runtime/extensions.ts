/**
 * The extensions of one local function: who is registered, and the events that each of them waits for. HTTP has no part
 * in it.
 *
 * What is different from Lambda, because the local server sees connections where Lambda sees processes:
 *
 * - A registration without an open connection belongs to a process that may have ended. It keeps its identifier, but
 *   another extension may register by its name, and it gives way when there are too many. So does one that has reported
 *   that it cannot go on. A runtime that is started again finds registration open as soon as its predecessor has gone.
 * - Internal and external extensions look the same, so each may register the events of both. On Managed Instances that
 *   is `SHUTDOWN`, which only external ones get there, and never `INVOKE`.
 * - Execution environments look the same too. Where there may be several, each name and the limit count once for each
 *   of them, registration is never closed, and an extension is told of the invocations of all of them.
 * - No invocation waits for an extension to be done with the one before it. Its events wait for it, the newest 1,000.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
 */
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as PubSub from "effect/PubSub"
import type { Connection } from "../function/environments.ts"
import type { Assignment } from "../function/invocation.ts"
import type { Invocations } from "../function/invocations.ts"

export interface InvokeEvent {
  readonly eventType: "INVOKE"
  readonly deadlineMs: number
  readonly requestId: string
  readonly invokedFunctionArn: string
  readonly tracing: { readonly type: "X-Amzn-Trace-Id"; readonly value: string }
}

export interface ShutdownEvent {
  readonly eventType: "SHUTDOWN"
  readonly shutdownReason: "spindown"
  readonly deadlineMs: number
}

export type ExtensionEvent = InvokeEvent | ShutdownEvent

/** A call of an extension that Lambda refuses, in the words of its error body. */
export class ExtensionRefused extends Data.TaggedError("ExtensionRefused")<{
  readonly errorType:
    | "Extension.InvalidExtensionName"
    | "Extension.InvalidEventType"
    | "Extension.RegistrationClosed"
    | "Extension.TooManyExtensions"
    | "Extension.AlreadyRegistered"
    | "Extension.MissingExtensionIdentifier"
    | "Extension.InvalidExtensionIdentifier"
    | "Extension.UnknownExtensionIdentifier"
    | "Extension.InvalidExtensionState"
    | "Extension.MissingHeader"
    | "InvalidRequestFormat"
  readonly errorMessage: string
}> {}

/** The local server ends, and the extension has not registered to be told. */
export class ShuttingDown extends Data.TaggedError("ShuttingDown") {}

export interface Extensions {
  /** Gives the new extension its identifier. */
  readonly register: (
    connection: Connection,
    name: string,
    events: ReadonlyArray<string>
  ) => Effect.Effect<string, ExtensionRefused>
  /** The next event that the extension has registered for. */
  readonly next: (
    connection: Connection,
    identifier: string
  ) => Effect.Effect<ExtensionEvent, ExtensionRefused | ShuttingDown>
  /** The extension, by its name, could not start or cannot go on. */
  readonly fail: (
    connection: Connection,
    identifier: string,
    to: FailedState
  ) => Effect.Effect<string, ExtensionRefused>
}

export interface Settings {
  readonly maxConcurrency: number
  readonly maxEnvironments: number
}

/** As Lambda names it in its error messages. */
type StateName = "Registered" | "Ready" | "Running" | FailedState

export type FailedState = "InitError" | "ExitError"

/** The call of an extension that waits for its next event. */
interface Waiting {
  readonly connection: Connection
  readonly event: Deferred.Deferred<ExtensionEvent>
}

interface Extension {
  readonly identifier: string
  readonly name: string
  readonly events: ReadonlySet<string>
  readonly pending: Array<InvokeEvent>
  connections: ReadonlyArray<Connection>
  state: StateName
  waiting: Waiting | undefined
}

/** In one execution environment. */
const maxExtensions = 10

const maxPending = 1_000

/** What Lambda leaves an environment with external extensions for its shutdown, in milliseconds. */
const shutdownPhase = 2_000

export const make = (
  { maxConcurrency, maxEnvironments }: Settings,
  invocations: Pick<Invocations, "subscribe" | "hasPolled" | "closed">
): Extensions => {
  const eventTypes = maxConcurrency > 1 ? ["SHUTDOWN"] : ["INVOKE", "SHUTDOWN"]
  /** By identifier, the oldest first. */
  const extensions = new Map<string, Extension>()
  let isInformed = false

  /** Gives the extension its next event when it waits for one. */
  const deliver = (extension: Extension) => {
    const { pending, waiting } = extension
    const [event] = pending
    if (event === undefined || waiting === undefined || waiting.connection.destroyed) return
    pending.shift()
    extension.waiting = undefined
    extension.state = "Running"
    Deferred.doneUnsafe(waiting.event, Effect.succeed(event))
  }

  const inform = Effect.gen(function*() {
    const subscription = yield* invocations.subscribe
    while (true) {
      const event = invokeEvent(yield* PubSub.take(subscription))
      for (const extension of extensions.values()) {
        if (!extension.events.has("INVOKE") || hasFailed(extension)) continue
        extension.pending.push(event)
        if (extension.pending.length > maxPending) extension.pending.shift()
        deliver(extension)
      }
    }
  }).pipe(Effect.scoped, Effect.raceFirst(invocations.closed))

  /** The refusal, or the extension whose place the new one takes. */
  const admit = (name: string, events: ReadonlyArray<string>): ExtensionRefused | Extension | undefined => {
    const invalid = events.find((event) => !eventTypes.includes(event))
    if (invalid !== undefined) return refused("Extension.InvalidEventType", `${invalid}: ErrorInvalidEventType`)
    if (maxEnvironments === 1 && invocations.hasPolled()) {
      return refused("Extension.RegistrationClosed", "Extension registration closed already")
    }
    const all = [...extensions.values()]
    const limit = maxExtensions * maxEnvironments
    if (all.filter((extension) => !isGone(extension)).length >= limit) {
      return refused("Extension.TooManyExtensions", `Extension limit (${maxExtensions}) reached`)
    }
    const namesakes = all.filter((extension) => extension.name === name)
    if (namesakes.length < maxEnvironments) return all.length < limit ? undefined : all.find(isGone)
    return namesakes.find(isGone) ??
      refused("Extension.AlreadyRegistered", "Extension with this name already registered")
  }

  const find = (connection: Connection, identifier: string) => {
    const extension = extensions.get(identifier)
    if (extension === undefined) {
      return Effect.fail(refused("Extension.UnknownExtensionIdentifier", `Unknown extension ${identifier}`))
    }
    const open = extension.connections.filter(({ destroyed }) => !destroyed)
    extension.connections = open.includes(connection) ? open : [...open, connection]
    return Effect.succeed(extension)
  }

  const wait = Effect.fnUntraced(function*(connection: Connection, extension: Extension) {
    const { identifier, state, waiting } = extension
    // Its latest call may have been on a connection that is gone.
    const isWaiting = waiting !== undefined && !waiting.connection.destroyed
    if (isWaiting || hasFailed(extension)) return yield* invalidTransition(state, "Ready", identifier)
    const own: Waiting = { connection, event: Deferred.makeUnsafe() }
    extension.waiting = own
    extension.state = "Ready"
    deliver(extension)
    return yield* Effect.raceFirst(Deferred.await(own.event), farewell(extension)).pipe(
      Effect.onInterrupt(() =>
        Effect.sync(() => {
          if (extension.waiting === own) extension.waiting = undefined
        })
      )
    )
  })

  /** What an extension is told at the end. */
  const farewell = (extension: Extension) =>
    Effect.andThen(
      invocations.closed,
      extension.events.has("SHUTDOWN") ? shutdownEvent : Effect.fail(new ShuttingDown())
    )

  return {
    register: Effect.fnUntraced(function*(connection, name, events) {
      const replaced = admit(name, events)
      if (replaced instanceof ExtensionRefused) return yield* replaced
      if (replaced !== undefined) extensions.delete(replaced.identifier)
      const identifier = crypto.randomUUID()
      extensions.set(identifier, {
        identifier,
        name,
        events: new Set(events),
        pending: [],
        connections: [connection],
        state: "Registered",
        waiting: undefined
      })
      if (!isInformed && events.includes("INVOKE")) {
        isInformed = true
        yield* Effect.forkDetach(inform, { startImmediately: true })
      }
      return identifier
    }),
    next: (connection, identifier) =>
      Effect.flatMap(find(connection, identifier), (extension) => wait(connection, extension)),
    fail: Effect.fnUntraced(function*(connection, identifier, to) {
      const extension = yield* find(connection, identifier)
      const from = extension.state
      // Only the first report counts; another one of its kind does no harm.
      const isAllowed = to === from || (to === "InitError" ? from === "Registered" : from !== "InitError")
      if (!isAllowed) return yield* invalidTransition(from, to, identifier)
      extension.state = to
      return extension.name
    })
  }
}

const hasFailed = ({ state }: Extension) => state === "InitError" || state === "ExitError"

const isGone = (extension: Extension) =>
  hasFailed(extension) || extension.connections.every(({ destroyed }) => destroyed)

const invokeEvent = ({ deadline, event, requestId }: Assignment): InvokeEvent => ({
  eventType: "INVOKE",
  deadlineMs: deadline,
  requestId,
  invokedFunctionArn: event.functionArn,
  tracing: { type: "X-Amzn-Trace-Id", value: event.traceId }
})

const shutdownEvent = Effect.map(Clock.currentTimeMillis, (now): ShutdownEvent => ({
  eventType: "SHUTDOWN",
  shutdownReason: "spindown",
  deadlineMs: now + shutdownPhase
}))

const refused = (errorType: ExtensionRefused["errorType"], errorMessage: string) =>
  new ExtensionRefused({ errorType, errorMessage })

const invalidTransition = (from: StateName, to: StateName, identifier: string) =>
  refused(
    "Extension.InvalidExtensionState",
    `State transition from ${from} to ${to} failed for extension ${identifier}. ` +
      "Error: State transition is not allowed"
  )
