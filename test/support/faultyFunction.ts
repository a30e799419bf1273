/**
 * A function in this process, and its Lambda played by a script that writes down what it sees.
 *
 * ```ts
 * fault({
 *   fault: "Lambda refuses the answer",
 *   script: ({ give, take }) =>
 *     Effect.andThen(give("a"), Effect.flatMap(take, (answer) => answer.respond({ status: 410 }))),
 *   sees: ["next", "a/response tea", "next"],
 *   logs: ["WARN the Runtime API answered 410 to /response. The invocation is over; the next one is served"]
 * })
 * ```
 */
import { assert, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import { Buffer } from "node:buffer"
import { format } from "node:util"
import * as Handler from "../../src/Handler.ts"
import type { Invocation } from "../../src/Invocation.ts"
import * as Lambda from "../../src/Lambda.ts"
import * as LambdaResponse from "../../src/LambdaResponse.ts"
import * as RuntimeApi from "../../src/RuntimeApi.ts"
import { exits, type FaultRow, served } from "./faultRows.ts"
import { environment } from "./runtimeApiLayers.ts"
import * as ScriptedPeer from "./scriptedPeer.ts"
import { describeBody, isPoll, nameOf, onNewConnection } from "./seenRequest.ts"

type Needs = Invocation | Scope.Scope

/** What the handler does with every event but the one that shows that the function still works. */
export type Answer = Effect.Effect<LambdaResponse.LambdaResponse<unknown, Needs>, unknown, Needs>

/** What the handler knows of the script. */
export interface Meanwhile {
  /** Waits until the script says so. */
  readonly released: Effect.Effect<void>
  /** Lambda's end of the connection on which the last request came. */
  readonly connection: Effect.Effect<ScriptedPeer.PeerConnection>
}

export interface Stage {
  readonly peer: ScriptedPeer.ScriptedPeer
  /** The next request, of which nothing but the head need have arrived. */
  readonly open: Effect.Effect<ScriptedPeer.PeerRequest>
  /** The next request, whole. */
  readonly take: Effect.Effect<ScriptedPeer.PeerRequest, ScriptedPeer.RequestCut>
  /** The next request, whole, with Lambda's thanks. */
  readonly accept: Effect.Effect<ScriptedPeer.PeerRequest, ScriptedPeer.RequestCut>
  /** The next poll, answered with an event. */
  readonly give: (requestId: string) => Effect.Effect<ScriptedPeer.PeerRequest, ScriptedPeer.RequestCut>
  /** Adds to what has been seen of the last request. */
  readonly note: (text: string) => Effect.Effect<void>
  readonly release: Effect.Effect<void>
  /** Lambda goes away: its connections are lost, and nothing listens at its address any more. */
  readonly leave: Effect.Effect<void>
  /** Ends the function as SIGTERM does. */
  readonly interrupt: Effect.Effect<void>
}

/** A test, and its row but for what comes next. */
export interface Fault<A> extends Omit<FaultRow, "next" | "provedBy"> {
  /** Text, unless something else is said here. */
  readonly answer?: ((meanwhile: Meanwhile, one: A) => Answer) | undefined
  /** Built before the first event is asked for. */
  readonly layer?: Layer.Layer<never, unknown> | undefined
  /** The fault happens once for each, to a function of its own. */
  readonly each?: ReadonlyArray<A> | undefined
  readonly script: (stage: Stage, one: A) => Effect.Effect<unknown, ScriptedPeer.RequestCut, Scope.Scope>
  /** The line with which the function ends; nothing, when it is told to end. Without one, it serves another event. */
  readonly ends?: string | ((one: A) => string) | undefined
}

/** Defines a test of a fault, which carries the row that it proves. */
export const fault = <A = undefined>(definition: Fault<A>): void => {
  const { each, ends, fault, logs, script, sees } = definition
  const rounds = each ?? [undefined as A]
  const endOf = (one: A) => typeof ends === "function" ? ends(one) : ends ?? ""
  const faultRow: FaultRow = {
    fault,
    sees,
    logs,
    next: ends === undefined ? served : exits(ends === "" ? 0 : 1, ...new Set(rounds.map(endOf)))
  }
  const round = Effect.fnUntraced(function*(one: A) {
    const { end, logged, seen, stage } = yield* launch(definition, one)
    yield* script(stage, one)
    const shown = ends === undefined ? yield* serveAnother(stage) : 0
    const ended = ends === undefined ? "" : yield* end
    yield* ScriptedPeer.settle
    const unseen = stage.peer.requestCount() - seen.length - shown
    assert.deepStrictEqual(
      { one, sees: seen, unseen, logs: logged(), ends: ended },
      { one, sees, unseen: 0, logs, ends: endOf(one) }
    )
  }, Effect.scoped)
  it.effect(fault, () => Effect.forEach(rounds, round, { discard: true }), { meta: { faultRow } })
}

const launch = Effect.fnUntraced(function*<A>({ answer, layer }: Fault<A>, one: A) {
  const scope = yield* Effect.acquireRelease(Scope.make(), (scope) => Scope.close(scope, Exit.void))
  const peer = yield* Scope.provide(ScriptedPeer.make, scope)
  const released = yield* Deferred.make<void>()
  let lastConnection: ScriptedPeer.PeerConnection | undefined
  const meanwhile: Meanwhile = {
    released: Deferred.await(released),
    connection: Effect.orDie(Effect.suspend(() => Effect.fromNullishOr(lastConnection)))
  }
  const handler: Handler.Handler<unknown, Needs> = Handler.raw((payload) => {
    if (Buffer.from(payload).toString() === anotherEvent) return Effect.succeed(LambdaResponse.text("served"))
    return answer === undefined ? Effect.succeed(LambdaResponse.text("tea")) : answer(meanwhile, one)
  })

  const lines: Array<string> = []
  const log = (...parts: ReadonlyArray<unknown>) => void lines.push(format(...parts))
  const api = Layer.provide(RuntimeApi.layerOptions({ address: peer.address }), Layer.orDie(environment({})))
  const main = Lambda.launch(Layer.provide(Lambda.serve(handler), layer ?? Layer.empty)).pipe(
    Effect.provide(api),
    Effect.provideService(Console.Console, { ...globalThis.console, log })
  )
  const running = yield* Effect.acquireRelease(
    Effect.forkDetach(main),
    Effect.fnUntraced(function*(running) {
      const interrupted = yield* Effect.forkChild(Fiber.interrupt(running), { startImmediately: true })
      // What a failed test has left undone is given its grace, and then given up.
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(interrupted)
    })
  )

  const nameless = (text: string) => text.replaceAll(peer.address, "HOST")
  const end = Effect.map(
    Fiber.await(running),
    (exit) =>
      Exit.isFailure(exit) && !Cause.hasInterruptsOnly(exit.cause) ? nameless(messageOf(Cause.squash(exit.cause))) : ""
  )
  const seen: Array<string> = []
  // A function that has ended sends nothing more, and nobody is to wait for it.
  const orEnd = <B>(effect: Effect.Effect<B>) =>
    Effect.raceFirst(
      effect,
      Effect.flatMap(end, (line) => Effect.die(new Error(`the function has ended (${line}) after ${seen.join(", ")}`)))
    )
  const request = orEnd(peer.request)
  const open = Effect.map(request, (request) => {
    const isNew = lastConnection !== undefined && lastConnection.number !== request.connection.number
    lastConnection = request.connection
    seen.push(`${isNew ? onNewConnection : ""}${nameOf(request)}`)
    return request
  })
  const note = (text: string) =>
    Effect.sync(() => {
      if (text !== "") seen.push(`${seen.pop()} ${text}`)
    })
  const take = Effect.tap(open, (request) => Effect.flatMap(request.whole, (body) => note(describeBody(request, body))))
  const stage: Stage = {
    peer: { ...peer, request, connection: orEnd(peer.connection) },
    open,
    take,
    accept: Effect.tap(take, (request) => request.respond(ScriptedPeer.accepted)),
    give: (requestId) => Effect.tap(take, (poll) => poll.respond(ScriptedPeer.event(requestId, "\"fault\""))),
    note,
    release: Effect.asVoid(Deferred.succeed(released, undefined)),
    leave: Scope.close(scope, Exit.void),
    interrupt: Effect.asVoid(Effect.forkDetach(Fiber.interrupt(running), { startImmediately: true }))
  }
  return { stage, seen, end, logged: () => lines.map((line) => nameless(firstLine(line))) }
})

/**
 * An event after the fault is answered, on the connection that it came on, and the one after it is asked for. Returns how
 * many requests that took which are not written down.
 */
const serveAnother = Effect.fnUntraced(function*({ peer, take }: Stage) {
  const poll = yield* take
  assert.isTrue(isPoll(poll), poll.target)
  yield* poll.respond(ScriptedPeer.event("another", anotherEvent))
  const answer = yield* peer.request
  const { text } = yield* answer.whole
  assert.deepStrictEqual([nameOf(answer), text], ["another/response", "served"])
  yield* answer.respond(ScriptedPeer.accepted)
  const next = yield* peer.request
  assert.isTrue(isPoll(next), next.target)
  assert.deepStrictEqual(
    [answer.connection.number, next.connection.number],
    [poll.connection.number, poll.connection.number]
  )
  return 2
})

const anotherEvent = "\"another\""

/** Without its time, its fiber and its annotations. */
const firstLine = (line: string): string =>
  line.replace(/^\[[\d:.]+\] (\w+) \(#\d+\): /, "$1 ")
    .replace(/ \{\s+requestId: [^]*$/, "")
    .split("\n", 1)[0]!
    .replace(/ \{$/, "")

const messageOf = (error: unknown): string => error instanceof Error ? error.message : String(error)
