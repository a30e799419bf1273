import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { onLambda } from "./support/lambdaProcess.ts"
import * as Program from "./support/program.ts"
import * as ScriptedPeer from "./support/scriptedPeer.ts"

const fixture = "test/fixtures/programs/snapStart.ts"

const snapStart = { AWS_LAMBDA_INITIALIZATION_TYPE: "snap-start" }

const restored: ScriptedPeer.ResponseOptions = { status: 200 }

/** A function process that waits to be restored. */
const waiting = Effect.fnUntraced(function*(variables: Readonly<Record<string, string>> = {}) {
  const { peer, program } = yield* onLambda(fixture, { ...snapStart, ...variables })
  const wait = yield* peer.request
  assert.deepStrictEqual([wait.method, wait.target], ["GET", "/2018-06-01/runtime/restore/next"])
  return { peer, program, wait }
})

const Answer = Schema.fromJsonString(Schema.Struct({
  connection: Schema.Number,
  random: Schema.Array(Schema.Number),
  millis: Schema.Number,
  nanos: Schema.Number
}))

/** Answers the poll that comes next with an event, and gives the function's answer. */
const serve = Effect.fnUntraced(function*(requests: { readonly request: Effect.Effect<ScriptedPeer.PeerRequest> }) {
  const poll = yield* requests.request
  assert.strictEqual(poll.target, "/2018-06-01/runtime/invocation/next")
  yield* poll.respond(ScriptedPeer.event("id-1"))
  const answer = yield* requests.request
  assert.strictEqual(answer.target, "/2018-06-01/runtime/invocation/id-1/response")
  const { text } = yield* answer.whole
  yield* answer.respond(ScriptedPeer.accepted)
  return { ...(yield* Schema.decodeEffect(Answer)(text)), poll }
})

/** What the hooks and the layer have printed. */
const steps = ({ stdout }: Program.ProgramExit) =>
  stdout.split("\n").filter((line) => /^(connect|disconnect|before|after|released)/.test(line))

describe("a process with SnapStart", () => {
  it.live("runs its hooks around the wait for the restore, which comes before all events", () =>
    Effect.gen(function*() {
      const { peer, program, wait } = yield* waiting()
      yield* program.printed(/before first/)
      yield* ScriptedPeer.settle
      assert.strictEqual(peer.requestCount(), 1, "it goes on before it is restored")
      yield* wait.respond(restored)
      const { connection, poll } = yield* serve(peer)
      assert.strictEqual(connection, 2)
      assert.notStrictEqual(poll.connection.number, wait.connection.number)
      yield* wait.connection.closed
      yield* peer.request

      yield* program.kill("SIGTERM")
      const exit = yield* program.exit
      assert.deepStrictEqual([exit.code, exit.stderr], [0, ""])
      assert.deepStrictEqual(steps(exit), [
        "connect 1",
        "before second",
        "disconnect 1",
        "before first",
        "after first",
        "connect 2",
        "after second",
        "disconnect 2",
        "released"
      ])
    }))

  it.live("goes on when everything that was connected has been closed in the meantime", () =>
    Effect.gen(function*() {
      const peer = yield* ScriptedPeer.make
      const program = yield* Program.start(fixture, { ...snapStart, AWS_LAMBDA_RUNTIME_API: peer.address })
      const registration = yield* peer.request
      assert.strictEqual(registration.target, "/2020-01-01/extension/register")
      yield* registration.respond({ headers: { "Lambda-Extension-Identifier": "id" } })
      const requests = [yield* peer.request, yield* peer.request]
      const wait = requests.find(({ target }) => target === "/2018-06-01/runtime/restore/next")
      const extension = requests.find(({ target }) => target === "/2020-01-01/extension/event/next")
      assert.isDefined(wait)
      assert.isDefined(extension)
      yield* extension.connection.reset
      yield* wait.respond(restored)
      yield* wait.connection.end

      const { connection } = yield* serve(peer)
      assert.strictEqual(connection, 2)
      yield* peer.request
      yield* program.kill("SIGTERM")
      const { code, stderr } = yield* program.exit
      assert.deepStrictEqual([code, stderr], [0, ""])
    }))

  it.live("is one of many clones, which differ in what they draw", () =>
    Effect.gen(function*() {
      const clone = Effect.gen(function*() {
        const { peer, program, wait } = yield* waiting()
        const [drew] = yield* program.printed(/drew .*/)
        yield* wait.respond(restored)
        const { random } = yield* serve(peer)
        return { drew, random }
      })
      const [one, other] = yield* Effect.all([clone, clone], { concurrency: 2 })
      assert.strictEqual(one.drew, other.drew, "they do not begin with the same state")
      assert.lengthOf(one.random, 2)
      assert.deepStrictEqual(one.random.filter((value) => other.random.includes(value)), [])
    }))

  it.live("has the time of day, however long it was away", () =>
    Effect.gen(function*() {
      const fortnight = 14 * 24 * 60 * 60 * 1000
      const { peer, wait } = yield* waiting({ SLEEP: String(fortnight) })
      const before = Date.now()
      yield* wait.respond(restored)
      const { millis, nanos } = yield* serve(peer)
      assert.isAtLeast(millis, before + fortnight)
      assert.closeTo(nanos / 1e6, millis, 1000)
    }))

  describe.each(
    [
      [
        "before",
        "/2018-06-01/runtime/init/error",
        "Runtime.BeforeSnapshotError",
        ["connect 1", "before second", "disconnect 1", "released"]
      ],
      [
        "after",
        "/2018-06-01/runtime/restore/error",
        "Runtime.AfterRestoreError",
        ["connect 1", "before second", "disconnect 1", "before first", "released"]
      ]
    ] as const
  )("whose hook %s fails", (hook, target, errorType, printed) => {
    it.live("tells Lambda, and ends", () =>
      Effect.gen(function*() {
        const { peer, program } = yield* onLambda(fixture, { ...snapStart, HOOK: `${hook} first` })
        if (hook === "after") yield* (yield* peer.request).respond(restored)
        const report = yield* peer.request
        assert.deepStrictEqual([report.method, report.target], ["POST", target])
        assert.strictEqual(report.header("Lambda-Runtime-Function-Error-Type"), errorType)
        const body: unknown = JSON.parse((yield* report.whole).text)
        assert.deepInclude(body, { errorType, errorMessage: `${hook} first has no database` })
        yield* report.respond(ScriptedPeer.accepted)
        const exit = yield* program.exit
        assert.strictEqual(exit.code, 1)
        assert.strictEqual(
          exit.stderr,
          `effect-lambda-runtime: a hook ${
            hook === "before" ? "before the snapshot" : "after the restore"
          } has failed: ${hook} first has no database\n`
        )
        assert.deepStrictEqual(steps(exit), [...printed])
        assert.include(exit.stdout, `DatabaseError: ${hook} first has no database`)
        assert.strictEqual(peer.requestCount(), hook === "before" ? 1 : 2)
      }))
  })

  it.live.each(
    [
      ["before", "/2018-06-01/runtime/init/error"],
      ["after", "/2018-06-01/runtime/restore/error"]
    ] as const
  )(
    "whose hook %s leaves an exception that nobody catches tells Lambda once, and ends",
    ([hook, target]) =>
      Effect.gen(function*() {
        const { peer, program } = yield* onLambda(fixture, { ...snapStart, HOOK: `${hook} first, from a timer` })
        if (hook === "after") yield* (yield* peer.request).respond(restored)
        const report = yield* peer.request
        assert.deepStrictEqual([report.method, report.target], ["POST", target])
        assert.deepInclude(JSON.parse((yield* report.whole).text), {
          errorType: "DatabaseError",
          errorMessage: `${hook} first has no database`
        })
        yield* report.respond(ScriptedPeer.accepted)
        const exit = yield* program.exit
        assert.deepStrictEqual(
          [exit.code, exit.stderr],
          [1, `effect-lambda-runtime: ${hook} first has no database\n`]
        )
        assert.strictEqual(exit.stdout.match(/\tERROR\t/g)?.length, 1)
        assert.include(exit.stdout, "the function could not start")
        assert.strictEqual(steps(exit).at(-1), "released")
        assert.strictEqual(peer.requestCount(), hook === "before" ? 1 : 2)
      })
  )

  it.live.each([403, 404, 500, 503])("ends when it is refused a restore (%i)", (status) =>
    Effect.gen(function*() {
      const { peer, program, wait } = yield* waiting()
      yield* wait.respond(ScriptedPeer.refusal(status, "InvalidStateTransition", "no"))
      const exit = yield* program.exit
      assert.strictEqual(exit.code, 1)
      assert.strictEqual(
        exit.stderr,
        `effect-lambda-runtime: the Runtime API answered ${status} to /restore/next: InvalidStateTransition: no\n`
      )
      assert.deepStrictEqual(steps(exit).slice(-2), ["before first", "released"])
      assert.strictEqual(peer.requestCount(), 1)
    }))

  it.live("ends when it loses the connection on which it waits", () =>
    Effect.gen(function*() {
      const { peer, program, wait } = yield* waiting()
      yield* wait.connection.reset
      const { code, stderr } = yield* program.exit
      assert.strictEqual(code, 1)
      assert.match(
        stderr,
        /^effect-lambda-runtime: no connection to the Runtime API at [\d.:]+ for \/restore\/next: .*ECONNRESET\)\n$/
      )
      assert.strictEqual(peer.requestCount(), 1)
    }))

  it.live("ends on SIGTERM while it waits", () =>
    Effect.gen(function*() {
      const { peer, program, wait } = yield* waiting()
      yield* program.kill("SIGTERM")
      yield* wait.connection.closed
      const exit = yield* program.exit
      assert.deepStrictEqual([exit.code, exit.signal, exit.stderr], [0, null, ""])
      assert.deepStrictEqual(steps(exit).slice(-2), ["before first", "released"])
      assert.strictEqual(peer.requestCount(), 1)
    }))
})

describe("a process without SnapStart", () => {
  it.live.each([{}, { AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand" }])(
    "asks for events at once (%j)",
    (variables) =>
      Effect.gen(function*() {
        const { peer, program } = yield* onLambda(fixture, variables)
        const { connection } = yield* serve(peer)
        assert.strictEqual(connection, 1)
        yield* peer.request
        yield* program.kill("SIGTERM")
        const exit = yield* program.exit
        assert.strictEqual(exit.code, 0)
        assert.deepStrictEqual(steps(exit), ["connect 1", "disconnect 1", "released"])
      })
  )

  it.live("draws what V8 draws, which would be the same in every clone", () =>
    Effect.gen(function*() {
      const process = Effect.gen(function*() {
        const { peer } = yield* onLambda(fixture)
        const { random } = yield* serve(peer)
        return random
      })
      const [one, other] = yield* Effect.all([process, process], { concurrency: 2 })
      assert.deepStrictEqual(one, other)
    }))
})
