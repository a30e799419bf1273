import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { constVoid } from "effect/Function"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Queue from "effect/Queue"
import * as References from "effect/References"
import { TestClock } from "effect/testing"
import * as esbuild from "esbuild"
import * as fs from "node:fs"
import * as path from "node:path"
import { afterAll, beforeAll } from "vitest"
import * as supervisor from "../src/internal/threads/supervisor.ts"
import * as Lambda from "../src/Lambda.ts"
import * as LambdaEnvironment from "../src/LambdaEnvironment.ts"
import * as RuntimeApi from "../src/RuntimeApi.ts"
import { projectFolder } from "./doctest/docstrings.ts"
import * as ScriptedPeer from "./support/scriptedPeer.ts"

const entry = path.join(projectFolder, `build/supervisor-${process.pid}.mjs`)

beforeAll(() =>
  esbuild.build({
    entryPoints: [path.join(projectFolder, "test/fixtures/programs/threadsQuiet.ts")],
    bundle: true,
    platform: "node",
    format: "esm",
    outfile: entry,
    logLevel: "silent"
  })
)

afterAll(() => fs.rmSync(entry, { force: true }))

/** The main thread, in the time of the test. The threads and the connections are real. */
const launch = Effect.fnUntraced(function*(threads: number, maxConcurrency: number) {
  const peer = yield* ScriptedPeer.make
  const lines = yield* Queue.unbounded<string>()
  const requestIds: Array<unknown> = []
  const logger = Logger.make(({ fiber, message }) => {
    const line = String(message)
    // The clock of the test complains when threads and connections take a second of real time.
    if (line.startsWith("A test is using time")) return
    requestIds.push(fiber.getRef(References.CurrentLogAnnotations)["requestId"])
    Queue.offerUnsafe(lines, line)
  })
  const running = yield* Lambda.launch(supervisor.layer({
    entry,
    threads,
    maxConcurrency,
    heapSize: undefined,
    localAddress: peer.address,
    log: constVoid
  })).pipe(
    Effect.provide(Layer.mergeAll(
      Layer.provide(RuntimeApi.layerOptions({ address: peer.address }), LambdaEnvironment.layer),
      Logger.layer([logger])
    )),
    Effect.forkChild({ startImmediately: true })
  )
  /** The next request, which is answered as Lambda answers it unless it is a poll. */
  const request = Effect.tap(peer.request, (request) =>
    request.target.endsWith("/next")
      ? Effect.void
      : Effect.andThen(request.whole, request.respond(ScriptedPeer.accepted)))
  const name = Effect.map(request, ({ target }) => target.replace("/2018-06-01/runtime/", ""))
  const give = (requestId: string, event: string) =>
    Effect.flatMap(request, (poll) => {
      assert.include(poll.target, "/next")
      return poll.respond(ScriptedPeer.event(requestId, JSON.stringify(event)))
    })
  return { peer, running, line: Queue.take(lines), requestIds, request, name, give }
})

/** An event that ends the thread, and what follows until Lambda knows of it. */
const kill = Effect.fnUntraced(function*({ give, line, name }: Effect.Success<ReturnType<typeof launch>>) {
  yield* give("dying", "exit")
  const told = yield* line
  assert.strictEqual(yield* name, "invocation/dying/error")
  assert.include(yield* line, "the invocation failed")
  return told
})

describe("a thread that has died", () => {
  it.effect(
    "is replaced after a time that doubles, and the tenth time in a row ends the process",
    () =>
      Effect.gen(function*() {
        const main = yield* launch(1, 1)
        for (let death = 1; death < 10; death++) {
          const delay = 100 * 2 ** (death - 1)
          assert.strictEqual(
            yield* kill(main),
            `thread 1 of 1 has died: it exited with code 3. Another takes its place in ${delay} ms`
          )
          yield* TestClock.adjust(delay)
        }
        assert.strictEqual(yield* kill(main), "thread 1 of 1 has died: it exited with code 3")
        const error = yield* Effect.flip(Effect.catchDefect(Fiber.join(main.running), Effect.fail))
        assert.strictEqual(
          error instanceof Error ? error.message : error,
          "thread 1 of 1 has died 10 times in a row: it exited with code 3"
        )
      }),
    60_000
  )

  it.effect("has its row begin anew when it has lived for a minute", () =>
    Effect.gen(function*() {
      const main = yield* launch(1, 1)
      assert.include(yield* kill(main), "in 100 ms")
      yield* TestClock.adjust("100 millis")
      assert.include(yield* kill(main), "in 200 ms")
      yield* TestClock.adjust("200 millis")
      yield* main.give("quick", "quick")
      assert.strictEqual(yield* main.name, "invocation/quick/response")
      yield* TestClock.adjust("1 minute")
      assert.include(yield* kill(main), "in 100 ms")
    }))

  it.effect("leaves an event to the next one, where there is no other", () =>
    Effect.gen(function*() {
      const main = yield* launch(1, 2)
      const second = yield* main.request
      yield* kill(main)
      yield* second.respond(ScriptedPeer.event("waiting", "\"waiting\""))
      assert.include((yield* main.request).target, "/next")
      yield* ScriptedPeer.settle
      yield* TestClock.adjust("100 millis")
      assert.strictEqual(yield* main.name, "invocation/waiting/response")
    }))
})

describe("a thread that is about to die", () => {
  it.effect("gets no event any more", () =>
    Effect.gen(function*() {
      const main = yield* launch(2, 4)
      yield* main.give("dying", "throw")
      const others: Array<ScriptedPeer.PeerRequest> = []
      for (;;) {
        const request = yield* main.request
        if (!request.target.endsWith("/next")) {
          assert.include(request.target, "invocation/dying/error")
          break
        }
        others.push(request)
      }
      // As busy as the thread that dies, which has its turn then.
      const [hanging, last] = others
      yield* hanging!.respond(ScriptedPeer.event("hanging", "\"hang\""))
      yield* last!.respond(ScriptedPeer.event("last", "\"last\""))
      const isAnswer = ({ target }: ScriptedPeer.PeerRequest) => target.includes("/invocation/last/")
      const answer = yield* Effect.repeat(main.request, { until: isAnswer })
      assert.include(answer.target, "invocation/last/response")
    }))
})

describe("the main thread", () => {
  it.effect("reports an event that no thread has served when it ends", () =>
    Effect.gen(function*() {
      const main = yield* launch(1, 2)
      const second = yield* main.request
      yield* kill(main)
      yield* second.respond(ScriptedPeer.event("waiting", "\"waiting\""))
      assert.include((yield* main.request).target, "/next")
      yield* ScriptedPeer.settle
      const ended = yield* Effect.forkChild(Fiber.interrupt(main.running), { startImmediately: true })
      assert.strictEqual(yield* main.name, "invocation/waiting/error")
      assert.include(yield* main.line, "no other has taken its place")
      yield* Fiber.join(ended)
    }))

  it.effect("hands over an event that comes while it ends", () =>
    Effect.gen(function*() {
      const main = yield* launch(1, 1)
      const poll = yield* main.request
      yield* poll.respond(ScriptedPeer.event("last", "\"last\""))
      const ended = yield* Effect.forkChild(Fiber.interrupt(main.running), { startImmediately: true })
      assert.strictEqual(yield* main.name, "invocation/last/response")
      yield* Fiber.join(ended)
    }))

  it.effect("ends when no poll is answered for a quarter of an hour", () =>
    Effect.gen(function*() {
      const { line, peer, running } = yield* launch(2, 2)
      for (let retry = 0; retry <= 19; retry++) {
        for (const request of [yield* peer.request, yield* peer.request]) {
          yield* request.respond({ status: 500, body: "{}" })
        }
        if (retry === 19) break
        const delay = Math.min(100 * 2 ** retry, 90_000)
        for (let poll = 0; poll < 2; poll++) assert.include(yield* line, `Asking again in ${delay} ms`)
        yield* TestClock.adjust(delay)
      }
      const error = yield* Effect.flip(Fiber.join(running))
      assert.strictEqual(error.message, "the Runtime API answered 500 to /next")
    }))

  it.effect("reports an event that makes no sense, and goes on", () =>
    Effect.gen(function*() {
      const { give, line, name, request, requestIds } = yield* launch(2, 2)
      const poll = yield* request
      yield* poll.respond({
        headers: ScriptedPeer.eventHeaders("senseless", { "Lambda-Runtime-Deadline-Ms": undefined })
      })
      assert.include(yield* line, "Lambda-Runtime-Deadline-Ms is missing")
      assert.deepStrictEqual(requestIds, ["senseless"])
      assert.include(["invocation/senseless/error", "invocation/next"], yield* name)
      assert.include(["invocation/senseless/error", "invocation/next"], yield* name)
      yield* give("quick", "quick")
      assert.include(["invocation/quick/response", "invocation/next"], yield* name)
      assert.include(["invocation/quick/response", "invocation/next"], yield* name)
    }))
})
