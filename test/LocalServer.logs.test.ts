import { assert, describe, it } from "@effect/vitest"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Queue from "effect/Queue"
import * as TestClock from "effect/testing/TestClock"
import * as LocalServer from "../src/LocalServer.ts"
import { invoke, invokeStreaming, makeRuntime } from "./support/localServer.ts"

const fork = Effect.forkChild({ startImmediately: true })

/** What the local server prints, line by line. */
const printed = Effect.fnUntraced(function*(options: LocalServer.Options) {
  const lines = yield* Queue.unbounded<string>()
  const log = (line: string) => Queue.offerUnsafe(lines, line)
  const layer = LocalServer.layerOptions({ port: 0, ...options }).pipe(
    Layer.provide(Layer.succeed(Console.Console, { ...globalThis.console, log })),
    Layer.provide(Logger.layer([]))
  )
  return [layer, Queue.take(lines)] as const
})

/** In the test process, which is the runtime too, the memory is known on Linux only. */
const memory = process.platform === "linux" ? "\tMax Memory Used: \\d+ MB" : ""

describe("the log of a local function", () => {
  it.effect("has the lines of Lambda, with the true duration", () =>
    Effect.gen(function*() {
      const [layer, line] = yield* printed({ memorySize: 256 })
      yield* Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        const call = yield* fork(invoke("{}"))
        const { requestId } = yield* runtime.next
        assert.strictEqual(yield* line, `START RequestId: ${requestId} Version: $LATEST`)
        yield* TestClock.adjust("1234 millis")
        yield* runtime.respond(requestId, "answer")
        yield* Fiber.join(call)
        assert.strictEqual(yield* line, `END RequestId: ${requestId}`)
        assert.match(
          yield* line,
          new RegExp(
            `^REPORT RequestId: ${requestId}\tDuration: 1234.00 ms\tBilled Duration: 1234 ms\tMemory Size: 256 MB${memory}\t$`
          )
        )
      }).pipe(Effect.provide(layer))
    }))

  it.effect("says that an invocation timed out", () =>
    Effect.gen(function*() {
      const [layer, line] = yield* printed({})
      yield* Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        yield* fork(invoke("{}"))
        const { requestId } = yield* runtime.next
        yield* line
        yield* TestClock.adjust("3 seconds")
        assert.strictEqual(yield* line, `END RequestId: ${requestId}`)
        assert.match(yield* line, /\tDuration: 3000.00 ms\t.*\tStatus: timeout$/)
        assert.strictEqual(yield* line, `1970-01-01T00:00:03.000Z ${requestId} Task timed out after 3.00 seconds\n`)
      }).pipe(Effect.provide(layer))
    }))

  it.effect("says which error an invocation ended with", () =>
    Effect.gen(function*() {
      const [layer, line] = yield* printed({})
      yield* Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        yield* fork(invoke("{}"))
        const { requestId } = yield* runtime.next
        yield* runtime.fail(requestId, "{}", { "lambda-runtime-function-error-type": "Function.Broken" })
        yield* line
        yield* line
        assert.match(yield* line, /\tStatus: error\tError Type: Function.Broken$/)
      }).pipe(Effect.provide(layer))
    }))

  it.effect("has the end of an invocation before the start of the next one", () =>
    Effect.gen(function*() {
      const [layer, line] = yield* printed({})
      yield* Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        for (const body of ["1", "2", "3"]) yield* fork(invoke(body))
        for (let call = 0; call < 3; call++) yield* runtime.respond((yield* runtime.next).requestId, "answer")
        const lines = yield* Effect.forEach(Array.from({ length: 9 }), () => line)
        assert.deepStrictEqual(
          lines.map((text) => text.split(" ", 1)[0]),
          ["START", "END", "REPORT", "START", "END", "REPORT", "START", "END", "REPORT"]
        )
      }).pipe(Effect.provide(layer))
    }))

  it.effect("ends when a streamed answer has been sent", () =>
    Effect.gen(function*() {
      const [layer, line] = yield* printed({})
      yield* Effect.gen(function*() {
        const runtime = yield* makeRuntime(2)
        const exchange = yield* invokeStreaming("{}")
        const { requestId } = yield* runtime.next
        yield* line
        const answer = yield* runtime.stream(requestId)
        yield* answer.write("first")
        const reply = yield* exchange.reply
        yield* reply.read
        yield* TestClock.adjust("2 seconds")
        yield* answer.end()
        yield* reply.rest
        assert.strictEqual(yield* line, `END RequestId: ${requestId}`)
        assert.include(yield* line, "\tDuration: 2000.00 ms\t")
      }).pipe(Effect.provide(layer))
    }))
})
