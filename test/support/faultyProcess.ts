/**
 * A function in a process of its own, which does to it what its event says, and its Lambda played by a script.
 */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { exits, type FaultRow, served } from "./faultRows.ts"
import { onLambda } from "./lambdaProcess.ts"
import type * as Program from "./program.ts"
import * as ScriptedPeer from "./scriptedPeer.ts"
import { describeBody, isPoll, nameOf, onNewConnection } from "./seenRequest.ts"

export interface Stage {
  readonly program: Program.Program
  /** The next request, whole, but for those of the internal extension. */
  readonly take: Effect.Effect<ScriptedPeer.PeerRequest, ScriptedPeer.RequestCut | Program.ProgramExit>
  /** The next poll, answered with the event that makes the fault; it has this many milliseconds. */
  readonly give: (time?: number) => Effect.Effect<void, ScriptedPeer.RequestCut | Program.ProgramExit>
  /** Gives the event, and takes what comes next, with Lambda's thanks. */
  readonly giveAndAccept: Effect.Effect<void, ScriptedPeer.RequestCut | Program.ProgramExit>
}

/** How a process ends that does not serve another event. */
export interface End {
  readonly code: number | null
  readonly signal?: NodeJS.Signals | undefined
  /** What it says on standard error, if it says something. */
  readonly line?: string | undefined
  /** Whether its finalizers have run. */
  readonly released: boolean
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
  readonly ends?: End | undefined
}

/** Defines a test of a fault, which carries the row that it proves. */
export const processFault = (definition: ProcessFault): void => {
  const { ends, event, fault, logs, path, script, sees, variables } = definition
  const faultRow: FaultRow = { fault, sees, logs, next: ends === undefined ? served : describeEnd(ends) }
  it.live(
    fault,
    Effect.fnUntraced(function*() {
      const { peer, program } = yield* onLambda(path ?? "test/fixtures/programs/faults.ts", variables)
      const { seen, take } = observe(peer, program)
      const give: Stage["give"] = (time) =>
        Effect.flatMap(take, (poll) => {
          const deadline = time === undefined ? {} : { "Lambda-Runtime-Deadline-Ms": String(Date.now() + time) }
          return poll.respond({ headers: ScriptedPeer.eventHeaders("a", deadline), body: JSON.stringify(event) })
        })
      const giveAndAccept = Effect.andThen(
        give(),
        Effect.flatMap(take, (request) => request.respond(ScriptedPeer.accepted))
      )
      yield* script === undefined ? give() : script({ program, take, give, giveAndAccept })
      if (ends === undefined) {
        const poll = yield* take
        assert.isTrue(isPoll(poll), poll.target)
        yield* poll.respond(ScriptedPeer.event("another", "\"another\""))
        assert.strictEqual(nameOf(yield* take), "another/response")
        seen.pop()
        yield* program.kill("SIGTERM")
      }
      const { code, line, released, signal }: End = ends ?? { code: 0, released: true }
      const exit = yield* program.exit
      const stderr = exit.stderr.replace(/^effect-lambda-runtime: |\n$/g, "")
      assert.deepStrictEqual(
        { sees: seen, code: exit.code, signal: exit.signal },
        { sees, code, signal: signal ?? null },
        exit.stderr
      )
      if (line !== undefined) assert.strictEqual(stderr, line)
      // As the rows of functions in this process say it: without the time and the id of the request.
      const printed = (exit.stdout + exit.stderr).replaceAll(/^[\d:.TZ-]+\t\S+\t(\w+)\t/gm, "$1 ").replaceAll("\r", " ")
      for (const line of logs) assert.include(printed, line)
      if (logs.length === 0 && line === undefined) assert.strictEqual(printed.replace(/^.*released\n/, ""), "")
      if (ends !== undefined) {
        assert.strictEqual(printed.includes("released\n"), released)
        assert.strictEqual(peer.requestCount(), seen.length)
      }
    }),
    { meta: { faultRow } }
  )
}

const describeEnd = ({ code, line, signal }: End): string =>
  code === null ? `ended by ${signal}` : exits(code, line ?? "")

/** What the runtime sends, written down. */
const observe = (
  peer: Pick<ScriptedPeer.ScriptedPeer, "request">,
  program: Program.Program
) => {
  const seen: Array<string> = []
  let connection: number | undefined
  const next = Effect.raceFirst(peer.request, Effect.flatMap(program.exit, Effect.fail))
  const take: Stage["take"] = Effect.tap(next, (request) =>
    Effect.map(request.whole, (body) => {
      const isNew = connection !== undefined && connection !== request.connection.number
      connection = request.connection.number
      seen.push(`${isNew ? onNewConnection : ""}${nameOf(request)} ${describeBody(request, body)}`.trim())
    }))
  return { seen, take }
}
