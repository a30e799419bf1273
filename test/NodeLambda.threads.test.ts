import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as esbuild from "esbuild"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { afterAll, beforeAll } from "vitest"
import { projectFolder } from "./doctest/docstrings.ts"
import { onLambda } from "./support/lambdaProcess.ts"
import * as Program from "./support/program.ts"
import * as ScriptedPeer from "./support/scriptedPeer.ts"

const programs = "test/fixtures/programs"

/** One file, as it is deployed: several threads load it in a fraction of the time that they need for the sources. */
const folder = path.join("build", `threads-${process.pid}`)

const bundled = (name: string) => path.join(folder, `${name}.js`)

beforeAll(() =>
  esbuild.build({
    absWorkingDir: projectFolder,
    entryPoints: ["threads", "threadsGate", "threadsGuarded", "threadsOfUser"].map((name) => `${programs}/${name}.ts`),
    bundle: true,
    platform: "node",
    format: "esm",
    outdir: folder,
    logLevel: "silent"
  })
)

afterAll(() => fs.rmSync(path.join(projectFolder, folder), { recursive: true, force: true }))

interface Answer {
  readonly threadId: number
  readonly event: string
  /** Whether the asynchronous context and the store of the AWS SDK were its own, and the trace id in the environment. */
  readonly seen: string
}

/** A function in threads whose Lambda accepts every answer. */
const start = Effect.fnUntraced(function*(
  count: number | undefined,
  maxConcurrency: number,
  variables: Readonly<Record<string, string>> = {},
  file = bundled("threads")
) {
  const { peer, program } = yield* onLambda(file, {
    ...count === undefined ? {} : { THREADS: String(count) },
    AWS_LAMBDA_MAX_CONCURRENCY: String(maxConcurrency),
    ...variables
  })
  const polls = yield* Queue.unbounded<ScriptedPeer.PeerRequest>()
  const gates = yield* Queue.unbounded<ScriptedPeer.PeerRequest>()
  const others = yield* Queue.unbounded<{ readonly name: string; readonly body: string }>()
  yield* Effect.forkScoped(Effect.forever(Effect.gen(function*() {
    const request = yield* peer.request
    if (request.target.endsWith("/next")) return void Queue.offerUnsafe(polls, request)
    if (request.target === "/gate") return void Queue.offerUnsafe(gates, request)
    const { text } = yield* request.whole
    yield* request.respond(ScriptedPeer.accepted)
    const name = request.target.replace(/^\/2018-06-01\/runtime\/(invocation\/)?/, "")
    Queue.offerUnsafe(others, { name, body: text })
  })))
  /** Nothing comes any more when the program has ended. */
  const take = <A>(queue: Queue.Queue<A>) =>
    Effect.raceFirst(Queue.take(queue), Effect.flatMap(program.exit, Effect.fail))
  const give = Effect.fnUntraced(function*(requestId: string, event: string, headers: Record<string, string> = {}) {
    const poll = yield* take(polls)
    yield* poll.respond({ headers: ScriptedPeer.eventHeaders(requestId, headers), body: JSON.stringify(event) })
  })
  const next = take(others)
  const answer = Effect.map(
    next,
    ({ body, name }): Answer & { readonly name: string } => ({ ...JSON.parse(body), name })
  )
  /** So many polls are waiting for an event. */
  const waiting = Effect.fnUntraced(function*(expected: number) {
    const taken = yield* Effect.replicateEffect(take(polls), expected)
    yield* ScriptedPeer.settle
    assert.strictEqual(yield* Queue.size(polls), 0)
    for (const poll of taken) Queue.offerUnsafe(polls, poll)
  })
  return { program, poll: take(polls), gate: take(gates), give, next, answer, waiting }
})

/** A process that is ended by SIGTERM, as Lambda wants it to. */
const endBySignal = Effect.fnUntraced(function*(program: Program.Program) {
  yield* program.kill("SIGTERM")
  const exit = yield* program.exit
  assert.deepStrictEqual([exit.code, exit.signal, exit.stderr], [0, null, ""])
  return exit
})

const count = (text: string, part: string) => text.split(part).length - 1

const failure = (body: string): { readonly errorType: string; readonly errorMessage: string } => JSON.parse(body)

describe("several threads", () => {
  it.live("ask for as many events as the process serves at the same time", () =>
    Effect.gen(function*() {
      const { program, waiting } = yield* start(3, 8)
      yield* waiting(8)
      const { stdout } = yield* endBySignal(program)
      assert.deepStrictEqual([count(stdout, "built"), count(stdout, "released")], [3, 3])
    }))

  it.live("serve 64 invocations at the same time, and none sees anything of another", () =>
    Effect.gen(function*() {
      const { answer, give, program } = yield* start(4, 64)
      // All 16 of a thread are in the middle of their work before one goes on.
      const events = Array.from({ length: 64 }, (_, index) => `meet 16 ${index}`)
      for (const [index, event] of events.entries()) {
        yield* give(`id-${index}`, event, { "Lambda-Runtime-Trace-Id": `Root=${index}` })
      }
      const answers = yield* Effect.replicateEffect(answer, 64)
      const byId = new Map(answers.map((answer) => [answer.name, answer]))
      for (const [index, event] of events.entries()) {
        const { event: seenEvent, seen } = byId.get(`id-${index}/response`)!
        assert.deepStrictEqual([seenEvent, seen], [event, "true,true,"])
      }
      const perThread = Map.groupBy(answers, ({ threadId }) => threadId)
      assert.deepStrictEqual(Array.from(perThread.values(), (served) => served.length), [16, 16, 16, 16])
      yield* endBySignal(program)
    }))

  it.live("compute at the same time", () =>
    Effect.gen(function*() {
      const meeting = fs.mkdtempSync(path.join(os.tmpdir(), "threads-"))
      yield* Effect.addFinalizer(() => Effect.sync(() => fs.rmSync(meeting, { recursive: true })))
      const { answer, give, program, waiting } = yield* start(2, 8, { FOLDER: meeting })
      yield* waiting(8)
      // Neither lets its thread do anything else before the other has started too.
      yield* give("one", "compute together")
      yield* give("two", "compute together")
      const answers = [yield* answer, yield* answer]
      assert.strictEqual(new Set(answers.map(({ threadId }) => threadId)).size, 2)
      yield* endBySignal(program)
    }))

  it.live("get each event where the fewest are served", () =>
    Effect.gen(function*() {
      const { answer, give, program, waiting } = yield* start(2, 8)
      const serve = Effect.fnUntraced(function*(free: number) {
        yield* give("quick", "quick")
        const { threadId } = yield* answer
        // It is over when its poll is there again.
        yield* waiting(free)
        return threadId
      })
      // One after the other where nobody serves anything.
      assert.deepStrictEqual(yield* Effect.replicateEffect(serve(8), 4), [1, 2, 1, 2])
      yield* give("hanging", "hang")
      yield* program.printed(/hanging/)
      assert.deepStrictEqual(yield* Effect.replicateEffect(serve(7), 4), [2, 2, 2, 2])
      yield* program.kill("SIGTERM")
      assert.strictEqual((yield* answer).name, "hanging/error")
      assert.strictEqual((yield* program.exit).code, 0)
    }))

  it.live("follow the rules for several invocations where each thread serves one", () =>
    Effect.gen(function*() {
      const { give, next, program, waiting } = yield* start(2, 2)
      yield* waiting(2)
      const deadline = { "Lambda-Runtime-Deadline-Ms": String(Date.now() + 3_000), "Lambda-Runtime-Trace-Id": "Root=1" }
      yield* give("late", "hang", deadline)
      yield* give("quick", "quick", deadline)
      const quick = yield* next
      assert.deepInclude(JSON.parse(quick.body), { event: "quick", seen: "true,true," })
      const late = yield* next
      assert.deepStrictEqual([late.name, failure(late.body).errorType], ["late/error", "Function.DeadlineExceeded"])
      yield* endBySignal(program)
    }))

  it.live("get the next event when what was left for after the answer is done", () =>
    Effect.gen(function*() {
      const { answer, gate, give, program, waiting } = yield* start(2, 2)
      yield* give("background", "answer, then ask")
      yield* answer
      const { respond } = yield* gate
      yield* waiting(1)
      yield* respond({ body: "done" })
      yield* waiting(2)
      yield* endBySignal(program)
    }))

  it.live("get events of any size", () =>
    Effect.gen(function*() {
      const { answer, give, program } = yield* start(2, 2)
      for (const event of ["", "é".repeat(40_000), "x".repeat(5_000_000), "y".repeat(100)]) {
        yield* give("sized", event)
        assert.isTrue((yield* answer).event === event)
      }
      yield* endBySignal(program)
    }))

  it.live("share the heap that the process may have", () =>
    Effect.gen(function*() {
      const { answer, give, program } = yield* start(4, 4, { NODE_OPTIONS: "--max-old-space-size=1000" })
      yield* give("heap", "heap")
      yield* answer
      const { stdout } = yield* endBySignal(program)
      // A quarter of 1000, and what V8 adds for young objects.
      const heap = Number(/heap of (\d+) MiB/.exec(stdout)?.[1])
      assert.isAtLeast(heap, 250)
      assert.isBelow(heap, 600)
    }))

  it.live("register one extension", () =>
    Effect.gen(function*() {
      const peer = yield* ScriptedPeer.make
      const program = yield* Program.start(bundled("threads"), {
        AWS_LAMBDA_RUNTIME_API: peer.address,
        AWS_LAMBDA_MAX_CONCURRENCY: "2",
        THREADS: "2"
      })
      const targets: Array<string> = []
      while (targets.length < 4) {
        const request = yield* peer.request
        targets.push(request.target)
        if (!request.target.endsWith("/next")) {
          yield* request.respond({ headers: { "Lambda-Extension-Identifier": "id" } })
        }
      }
      yield* ScriptedPeer.settle
      assert.strictEqual(peer.requestCount(), 4)
      assert.deepStrictEqual(targets.toSorted(), [
        "/2018-06-01/runtime/invocation/next",
        "/2018-06-01/runtime/invocation/next",
        "/2020-01-01/extension/event/next",
        "/2020-01-01/extension/register"
      ])
      yield* endBySignal(program)
    }))
})

describe("how many threads there are", () => {
  it.live("is never more than invocations at the same time", () =>
    Effect.gen(function*() {
      const { program, waiting } = yield* start(8, 2)
      yield* waiting(2)
      assert.strictEqual(count((yield* endBySignal(program)).stdout, "built"), 2)
    }))

  it.live("is one where one invocation is served at a time, in the main thread", () =>
    Effect.gen(function*() {
      const { answer, give, program } = yield* start(8, 1)
      yield* give("one", "quick", { "Lambda-Runtime-Trace-Id": "Root=1" })
      assert.deepInclude(yield* answer, { threadId: 0, seen: "true,true,Root=1" })
      yield* endBySignal(program)
    }))

  it.live("is what AWS_LAMBDA_NODEJS_WORKER_COUNT says", () =>
    Effect.gen(function*() {
      const { program, waiting } = yield* start(undefined, 8, { AWS_LAMBDA_NODEJS_WORKER_COUNT: "3" })
      yield* waiting(8)
      assert.strictEqual(count((yield* endBySignal(program)).stdout, "built"), 3)
    }))

  it.live.each(["0", "2.5", "many"])(
    "is that of the processors, with a warning, where the variable is %j",
    (value) =>
      Effect.gen(function*() {
        const { program, waiting } = yield* start(undefined, 64, { AWS_LAMBDA_NODEJS_WORKER_COUNT: value })
        yield* waiting(64)
        const { stdout } = yield* endBySignal(program)
        assert.strictEqual(count(stdout, `AWS_LAMBDA_NODEJS_WORKER_COUNT is "${value}", not a whole number from 1`), 1)
        assert.strictEqual(count(stdout, "built"), os.availableParallelism())
      })
  )

  it.live("must make sense where the program says it", () =>
    Effect.gen(function*() {
      const { next, program } = yield* start(0, 2)
      assert.strictEqual((yield* next).name, "init/error")
      assert.include((yield* program.exit).stderr, "threads is 0, not a whole number from 1")
    }))

  it.live("is one in a thread that the program has started itself", () =>
    Effect.gen(function*() {
      const { answer, give } = yield* start(
        2,
        4,
        { ENTRY: path.join(projectFolder, bundled("threads")) },
        bundled("threadsOfUser")
      )
      for (const requestId of ["one", "two", "three", "four"]) yield* give(requestId, "meet 4")
      const answers = yield* Effect.replicateEffect(answer, 4)
      assert.deepStrictEqual(new Set(answers.map(({ threadId }) => threadId)), new Set([1]))
    }))
})

describe("the start of several threads", () => {
  const gate = Effect.fnUntraced(function*() {
    const { peer, program } = yield* onLambda(bundled("threadsGate"), {
      AWS_LAMBDA_MAX_CONCURRENCY: "4"
    })
    const gates = [yield* peer.request, yield* peer.request] as const
    assert.deepStrictEqual(gates.map(({ target }) => target), ["/gate", "/gate"])
    return { peer, program, gates }
  })

  it.live("is over when all have built their layers, and no event is asked for before", () =>
    Effect.gen(function*() {
      const { gates: [first, second], peer, program } = yield* gate()
      yield* first.respond({ body: "open" })
      yield* ScriptedPeer.settle
      assert.strictEqual(peer.requestCount(), 2)
      yield* second.respond({ body: "open" })
      for (let poll = 0; poll < 4; poll++) assert.include((yield* peer.request).target, "/next")
      yield* endBySignal(program)
    }))

  it.live.each([1, 2])("fails once where %i of them cannot build theirs", (failing) =>
    Effect.gen(function*() {
      const { gates, peer, program } = yield* gate()
      for (const [index, { respond }] of gates.entries()) {
        yield* respond({ body: index < failing ? "the database is down" : "open" })
      }
      const report = yield* peer.request
      assert.strictEqual(report.target, "/2018-06-01/runtime/init/error")
      const { errorMessage, errorType } = failure((yield* report.whole).text)
      assert.deepStrictEqual([errorType, errorMessage], ["DatabaseError", "the database is down"])
      yield* report.respond(ScriptedPeer.accepted)
      const { code, stderr, stdout } = yield* program.exit
      assert.deepStrictEqual([code, stderr], [42, "effect-lambda-runtime: the database is down\n"])
      assert.strictEqual(count(stdout, "the function could not start"), 1)
      assert.strictEqual(count(stdout, "DatabaseError: the database is down"), 1)
      assert.strictEqual(count(stdout, "connection refused"), 1)
      assert.strictEqual(count(stdout, "released"), 2)
      assert.strictEqual(peer.requestCount(), 3)
    }))

  it.live("fails with one line where the entry file does not call us in them", () =>
    Effect.gen(function*() {
      const { next, program } = yield* start(2, 2, {}, bundled("threadsGuarded"))
      assert.strictEqual((yield* next).name, "init/error")
      const { code, stderr } = yield* program.exit
      assert.strictEqual(code, 1)
      assert.match(stderr, /^effect-lambda-runtime: .* before it came to NodeLambda\.runMainThreads.*\n$/)
    }))
})

describe("the death of a thread", () => {
  interface Death {
    readonly event: string
    readonly reason: string
    readonly report: { readonly errorType: string; readonly errorMessage: string }
    readonly logs: ReadonlyArray<string>
  }
  const died = (reason: string) => `the thread that served the invocation has died: ${reason}`
  const exited = "it exited with code 3"
  const outOfMemory = "Worker terminated due to reaching memory limit: JS heap out of memory"
  const deaths: ReadonlyArray<Death> = [
    {
      event: "exit",
      reason: exited,
      report: { errorType: "Runtime.ExitError", errorMessage: died(exited) },
      logs: ["exiting 100", `\tdying\tERROR\tthe invocation failed: ${died(exited)}`]
    },
    {
      event: "throw",
      reason: "thrown by a timer",
      report: { errorType: "Error", errorMessage: "thrown by a timer" },
      logs: ["throwing 100", "\tdying\tERROR\tnobody caught an exception", "released"]
    },
    {
      event: "use all memory",
      reason: outOfMemory,
      report: { errorType: "Runtime.OutOfMemory", errorMessage: died(outOfMemory) },
      logs: ["using all memory", `\tdying\tERROR\tthe invocation failed: ${died(outOfMemory)}`]
    }
  ]

  it.live.each(deaths)(
    "by $event is told and made good, and others go on",
    ({ event, logs, reason, report }) =>
      Effect.gen(function*() {
        const { answer, give, next, program, waiting } = yield* start(2, 4, { NODE_OPTIONS: "--max-old-space-size=50" })
        yield* give("waiting", "hang")
        yield* program.printed(/hanging/)
        yield* give("dying", event)
        const failed = yield* next
        assert.strictEqual(failed.name, "dying/error")
        assert.deepInclude(failure(failed.body), report)
        yield* waiting(3)
        yield* program.printed(/Another takes its place in 100 ms/)
        yield* program.printed(/built[^]*built[^]*built/)
        // The new one serves, and has a number that no thread had before.
        const served = new Set<number>()
        while (!served.has(3)) {
          yield* give("another", "quick")
          served.add((yield* answer).threadId)
        }
        assert.isFalse(served.has(2))
        yield* program.kill("SIGTERM")
        assert.strictEqual((yield* next).name, "waiting/error")
        const { code, stdout } = yield* program.exit
        assert.strictEqual(code, 0)
        const told = `thread 2 of 2 has died: ${reason}. Another takes its place in 100 ms`
        for (const line of [told, ...logs]) assert.strictEqual(count(stdout, line), line === "released" ? 3 : 1, line)
      })
  )

  it.live("fails all invocations that it served, and no other", () =>
    Effect.gen(function*() {
      const { give, next, program } = yield* start(2, 4)
      yield* give("one", "hang")
      yield* give("two", "hang")
      yield* program.printed(/hanging[^]*hanging/)
      yield* give("dying", "exit")
      const reports = [yield* next, yield* next]
      assert.deepStrictEqual(reports.map(({ name }) => name).toSorted(), ["dying/error", "one/error"])
      for (const { body } of reports) assert.strictEqual(failure(body).errorType, "Runtime.ExitError")
      yield* program.kill("SIGTERM")
      const last = yield* next
      assert.deepStrictEqual([last.name, failure(last.body).errorType], ["two/error", "Runtime.Interrupted"])
      assert.strictEqual((yield* program.exit).code, 0)
    }))
})

describe("what threads print", () => {
  it.live("arrives while they compute", () =>
    Effect.gen(function*() {
      const { give, next, program } = yield* start(2, 2)
      yield* give("blocking", "block")
      yield* program.printed(/blocking 100/)
      // It hears nothing any more, and is cut off.
      yield* program.kill("SIGTERM")
      const report = yield* next
      assert.deepStrictEqual([report.name, failure(report.body).errorType], ["blocking/error", "Runtime.ExitError"])
      const { code, stdout } = yield* program.exit
      assert.strictEqual(code, 0)
      assert.include(stdout, "thread 1 of 2 has ended before its invocations: it did not hear within 400 millis")
      assert.strictEqual(count(stdout, "released"), 1)
    }))

  it.live("goes where the main thread logs", () =>
    Effect.gen(function*() {
      const { program, waiting } = yield* start(2, 2, { _LAMBDA_TELEMETRY_LOG_FD: "2" })
      yield* waiting(2)
      yield* program.kill("SIGTERM")
      const { code, stderr, stdout } = yield* program.exit
      assert.deepStrictEqual([code, stdout], [0, ""])
      assert.deepStrictEqual([count(stderr, "built"), count(stderr, "released")], [2, 2])
    }))

  it.live("comes line by line, however long the lines are", () =>
    Effect.gen(function*() {
      const { answer, give, program } = yield* start(2, 2)
      yield* give("one", "print much")
      yield* give("two", "print much")
      yield* Effect.replicateEffect(answer, 2)
      const { stdout } = yield* endBySignal(program)
      const printed = stdout.split("\n").map((line) => line.split("\t").at(-1) ?? "").filter((text) =>
        text.length > 1_000
      )
      assert.strictEqual(printed.length, 40)
      for (const text of printed) assert.match(text, /^((1:){50000}|(2:){50000})$/)
    }))
})

describe("SIGTERM and SIGINT", () => {
  it.live("cut off a thread that has heard of them, and does not end", () =>
    Effect.gen(function*() {
      const { program, waiting } = yield* start(2, 2, { RELEASE: "never" })
      yield* waiting(2)
      yield* program.kill("SIGTERM")
      const { code, stderr, stdout } = yield* program.exit
      assert.deepStrictEqual([code, stderr], [0, ""])
      for (const thread of [1, 2]) {
        assert.match(stdout, new RegExp(`thread ${thread} of 2 was cut off: it has not ended within 4\\d\\d ms`))
      }
    }))

  it.live("end with the failure of a layer that cannot be released, as in one thread", () =>
    Effect.gen(function*() {
      const { program, waiting } = yield* start(2, 2, { RELEASE: "dies" })
      yield* waiting(2)
      yield* program.kill("SIGTERM")
      const { code, stderr } = yield* program.exit
      assert.deepStrictEqual([code, stderr], [1, "effect-lambda-runtime: it cannot be closed\n"])
    }))

  it.live("end the process well, also while an exception ends one of its threads", () =>
    Effect.gen(function*() {
      const { give, next, program } = yield* start(2, 4, { GRACE_PERIOD: "1000" })
      yield* give("one", "hang")
      yield* give("two", "hang")
      yield* program.printed(/hanging[^]*hanging/)
      yield* give("throwing", "throw")
      const { body, name } = yield* next
      assert.deepStrictEqual([name, failure(body).errorMessage], ["throwing/error", "thrown by a timer"])
      // Its thread waits for the other invocation.
      yield* program.kill("SIGTERM")
      const names = [(yield* next).name, (yield* next).name]
      assert.sameMembers(names, ["one/error", "two/error"])
      const { code, stderr } = yield* program.exit
      assert.deepStrictEqual([code, stderr], [0, ""])
    }))

  it.live("end threads also while an event is arriving, which never does", () =>
    Effect.gen(function*() {
      const { give, next, poll, program } = yield* start(2, 2)
      yield* give("one", "hang")
      yield* program.printed(/hanging/)
      yield* (yield* poll).connection.write("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-")
      yield* ScriptedPeer.settle
      yield* program.kill("SIGTERM")
      const { body, name } = yield* next
      assert.deepStrictEqual([name, failure(body).errorType], ["one/error", "Runtime.Interrupted"])
      const { code, stderr, stdout } = yield* program.exit
      assert.deepStrictEqual([code, stderr], [0, ""])
      assert.strictEqual(count(stdout, "released"), 2)
    }))

  it.live("wait for no thread whose program has not come to our call", () =>
    Effect.gen(function*() {
      const { program } = yield* start(2, 2, { LOAD: "for ever" }, bundled("threadsGuarded"))
      yield* program.printed(/loading/)
      const { stdout } = yield* endBySignal(program)
      assert.notInclude(stdout, "cut off")
    }))

  it.live("leave invocations in threads their grace period, however long it is", () =>
    Effect.gen(function*() {
      const { give, next, program } = yield* start(2, 2, { GRACE_PERIOD: "1000" })
      yield* give("one", "hang")
      yield* program.printed(/hanging/)
      yield* program.kill("SIGTERM")
      const { body, name } = yield* next
      assert.deepStrictEqual([name, failure(body).errorType], ["one/error", "Runtime.Interrupted"])
      const { code, stdout } = yield* program.exit
      assert.strictEqual(code, 0)
      assert.strictEqual(count(stdout, "released"), 2)
    }))

  it.live.each(["SIGTERM", "SIGINT"] as const)(
    "let the invocations of all threads end on %s",
    (signal) =>
      Effect.gen(function*() {
        const { gate, give, next, poll, program } = yield* start(2, 4)
        yield* give("one", "ask")
        yield* give("two", "ask")
        const asking = [yield* gate, yield* gate]
        yield* give("three", "hang")
        yield* program.printed(/hanging/)
        const { connection } = yield* poll
        yield* program.kill(signal)
        yield* connection.closed
        for (const { respond } of asking) yield* respond({ body: "go on" })
        const names = [(yield* next).name, (yield* next).name, (yield* next).name]
        assert.deepStrictEqual(names.toSorted(), ["one/response", "three/error", "two/response"])
        const { code, stderr, stdout } = yield* program.exit
        assert.deepStrictEqual([code, stderr], [0, ""])
        assert.strictEqual(count(stdout, "released"), 2)
        assert.notInclude(stdout, "died")
        assert.notInclude(stdout, "ended before")
      })
  )
})

describe("several threads on a laptop", () => {
  it.live("serve from the local server, and leave their log to its callers", () =>
    Effect.gen(function*() {
      const program = yield* Program.start(bundled("threads"), {
        AWS_LAMBDA_MAX_CONCURRENCY: "4",
        LOCAL_LAMBDA_PORT: "0",
        THREADS: "2"
      })
      const [, url = ""] = yield* program.printed(/listens on (http:\/\/\S+)\. /)
      yield* program.printed(/built[^]*built/)
      const call = Effect.promise((): Promise<Answer> =>
        fetch(url, { method: "POST", body: "\"meet 2\"" })
          .then((response) => response.text())
          .then((text) => JSON.parse(text))
      )
      const answers = yield* Effect.replicateEffect(call, 4, { concurrency: "unbounded" })
      assert.deepStrictEqual(answers.map(({ threadId }) => threadId).toSorted(), [1, 1, 2, 2])
      const invoke = new URL("/2015-03-31/functions/function/invocations", url)
      const response = yield* Effect.promise(() =>
        fetch(invoke, { method: "POST", body: "\"log\"", headers: { "x-amz-log-type": "Tail" } })
      )
      assert.include(Buffer.from(response.headers.get("x-amz-log-result") ?? "", "base64").toString(), "a line")
      yield* program.kill("SIGINT")
      const { code, stdout } = yield* program.exit
      assert.deepStrictEqual([code, count(stdout, "released")], [0, 2])
    }))
})

describe("sources whose types Node strips", () => {
  it.live("run in several threads too", () =>
    Effect.gen(function*() {
      const { answer, give, program } = yield* start(2, 4, {}, `${programs}/threads.ts`)
      for (const requestId of ["one", "two", "three", "four"]) yield* give(requestId, "meet 2")
      const answers = yield* Effect.replicateEffect(answer, 4)
      assert.deepStrictEqual(answers.map(({ threadId }) => threadId).toSorted(), [1, 1, 2, 2])
      yield* endBySignal(program)
    }))
})
