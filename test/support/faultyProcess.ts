/**
 * A function in a process of its own, which does to it what its event says, and its Lambda played by a script.
 */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import type { FaultRow } from "./faultRows.ts"
import { served } from "./faultRows.ts"
import * as Program from "./program.ts"
import * as ScriptedPeer from "./scriptedPeer.ts"
import { describeBody, isPoll, nameOf, onNewConnection } from "./seenRequest.ts"

export interface Stage {
  readonly program: Program.Program
  /** The next request, whole, but for those of the internal extension. */
  readonly take: Effect.Effect<ScriptedPeer.PeerRequest, ScriptedPeer.RequestCut | Program.ProgramExit>
  /** The next poll, answered with the event that makes the fault; it has this many milliseconds. */
  readonly give: (time?: number) => Effect.Effect<void, ScriptedPeer.RequestCut | Program.ProgramExit>
}

export interface ProcessFault extends Omit<FaultRow, "next" | "provedBy"> {
  /** What test/fixtures/programs/faults.ts is told to do. */
  readonly event: string
  readonly path?: string | undefined
  readonly variables?: Readonly<Record<string, string>> | undefined
  /** Gives the event, unless something else is said here. */
  readonly script?:
    | ((stage: Stage) => Effect.Effect<unknown, ScriptedPeer.RequestCut | Program.ProgramExit, Scope.Scope>)
    | undefined
  /** How the process ends; without it, it serves another event. */
  readonly ends?: Pick<Program.ProgramExit, "code" | "signal"> | undefined
}

/** Defines a test of a fault, which carries the row that it proves. */
export const processFault = (definition: ProcessFault): void => {
  const { ends, event, fault, logs, path, script, sees, variables } = definition
  const faultRow: FaultRow = {
    fault,
    sees,
    logs,
    next: ends === undefined ? served : ends.signal === null ? `exit code ${ends.code}` : `ended by ${ends.signal}`
  }
  it.live(
    fault,
    Effect.fnUntraced(function*() {
      const peer = yield* ScriptedPeer.make
      const program = yield* Program.start(path ?? "test/fixtures/programs/faults.ts", {
        ...variables,
        AWS_LAMBDA_RUNTIME_API: peer.address
      })
      const { seen, take } = yield* runtimeOf(peer, program)
      const give: Stage["give"] = (time) =>
        Effect.flatMap(take, (poll) => {
          const deadline = time === undefined ? {} : { "Lambda-Runtime-Deadline-Ms": String(Date.now() + time) }
          return poll.respond({ headers: ScriptedPeer.eventHeaders("a", deadline), body: JSON.stringify(event) })
        })
      yield* script === undefined ? give() : script({ program, take, give })
      if (ends === undefined) {
        const poll = yield* take
        assert.isTrue(isPoll(poll), poll.target)
        yield* poll.respond(ScriptedPeer.event("another", "\"another\""))
        assert.strictEqual(nameOf(yield* take), "another/response")
        seen.pop()
        yield* program.kill("SIGTERM")
      }
      const { code, signal, stderr, stdout } = yield* program.exit
      assert.deepStrictEqual({ sees: seen, code, signal }, { sees, ...ends ?? { code: 0, signal: null } }, stderr)
      const printed = stdout + stderr
      for (const line of logs) assert.include(printed, line)
      if (logs.length === 0) assert.strictEqual(printed.replace("released\n", ""), "")
      // A process that ends by itself releases nothing.
      if (ends !== undefined) assert.notInclude(printed, "released")
    }),
    { meta: { faultRow } }
  )
}

/** What the runtime sends, told from what its internal extension sends, and written down. */
const runtimeOf = Effect.fnUntraced(function*(peer: ScriptedPeer.ScriptedPeer, program: Program.Program) {
  const seen: Array<string> = []
  const requests = yield* Queue.unbounded<ScriptedPeer.PeerRequest>()
  yield* peer.serve((request) => {
    if (request.target.endsWith("/extension/register")) {
      return request.respond({ headers: { "Lambda-Extension-Identifier": "id" } })
    }
    if (!request.target.endsWith("/extension/event/next")) Queue.offerUnsafe(requests, request)
    return Effect.void
  })
  let connection: number | undefined
  const next = Effect.raceFirst(Queue.take(requests), Effect.flatMap(program.exit, Effect.fail))
  const take: Stage["take"] = Effect.tap(next, (request) =>
    Effect.map(request.whole, (body) => {
      const isNew = connection !== undefined && connection !== request.connection.number
      connection = request.connection.number
      seen.push(`${isNew ? onNewConnection : ""}${nameOf(request)} ${describeBody(request, body)}`.trim())
    }))
  return { seen, take }
})
