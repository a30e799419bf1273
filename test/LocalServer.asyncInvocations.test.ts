import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as TestClock from "effect/testing/TestClock"
import * as functionError from "../src/internal/local/function/functionError.ts"
import type { Assignment, Event, Reply } from "../src/internal/local/function/invocation.ts"
import * as LocalFunction from "../src/internal/local/function/localFunction.ts"
import { functionSettings } from "./support/functionSettings.ts"

const fork = Effect.forkChild({ startImmediately: true })

const arn = "arn:aws:lambda:us-east-1:123456789012:function:orders"

const event = (payload: string, functionArn: string = arn): Event => ({
  payload: Buffer.from(payload),
  functionArn,
  contentType: "application/json",
  traceId: "Root=1-5759e988-bd862e3fe1be46a994272793",
  tenantId: undefined,
  clientContext: undefined,
  identity: undefined
})

const textOf = ({ event }: Assignment) => Buffer.from(event.payload).toString()

const outOfStock = JSON.stringify({ errorType: "OutOfStock", errorMessage: "no more teapots" })

/** A function with an asynchronous queue, and the runtime that serves it, which polls when the test says so. */
const make = Effect.fnUntraced(function*(settings: Partial<LocalFunction.FunctionSettings> = {}) {
  const local = yield* LocalFunction.make({ ...functionSettings, ...settings }, undefined)
  const { invocations } = local
  let connection = { destroyed: false }
  const restart = () => {
    connection.destroyed = true
    connection = { destroyed: false }
  }
  const answer = ({ requestId }: Assignment, use: (reply: Reply) => Effect.Effect<void, unknown>) =>
    Effect.orDie(
      invocations.answer({ requestId, invocationId: undefined }, "InvocationResponse", (reply) =>
        Effect.orDie(use(reply)))
    )
  const next = Effect.suspend(() => Effect.orDie(invocations.next(connection)))
  /** What there is for a runtime that does not wait. */
  const poll = Effect.gen(function*() {
    const polling = yield* fork(next)
    yield* TestClock.adjust(0)
    const exit = polling.pollUnsafe()
    if (exit !== undefined) return Option.some(yield* exit)
    restart()
    yield* Fiber.interrupt(polling)
    return Option.none<Assignment>()
  })
  const initError = Effect.suspend(() =>
    Effect.orDie(
      invocations.initError(
        connection,
        functionError.reported("Runtime.ImportModuleError", Buffer.from("{\"errorType\":\"SyntaxError\"}"))
      )
    )
  )
  const succeed = (assignment: Assignment) =>
    answer(assignment, (reply) => reply.succeed("application/json", Buffer.from("null")))
  const fail = (assignment: Assignment, body: string = outOfStock) =>
    answer(assignment, (reply) => reply.fail(functionError.reported(undefined, Buffer.from(body))))
  return {
    ...local.asyncInvocations,
    invocations,
    restart,
    next,
    poll,
    initError,
    answer,
    succeed,
    fail
  }
})

describe("an asynchronous invocation", () => {
  it.effect("runs once when it succeeds", () =>
    Effect.gen(function*() {
      const { deadLetters, next, offer, poll, succeed } = yield* make()
      const requestId = yield* offer(event("{\"id\":1}"))
      const assignment = yield* next
      assert.strictEqual(textOf(assignment), "{\"id\":1}")
      assert.strictEqual(assignment.requestId, requestId)
      yield* succeed(assignment)
      yield* TestClock.adjust("6 hours")
      assert.isTrue(Option.isNone(yield* poll))
      assert.deepStrictEqual(yield* deadLetters, [])
    }))

  it.effect("is tried again after one minute, and after two more, under the same request id", () =>
    Effect.gen(function*() {
      const { deadLetters, fail, next, offer, poll, succeed } = yield* make()
      const requestId = yield* offer(event("1"))
      yield* fail(yield* next)
      for (const wait of [60_000, 120_000]) {
        yield* TestClock.adjust(wait - 1)
        assert.isTrue(Option.isNone(yield* poll))
        yield* TestClock.adjust(1)
        const retried = Option.getOrThrow(yield* poll)
        assert.strictEqual(retried.requestId, requestId)
        assert.strictEqual(textOf(retried), "1")
        yield* wait === 60_000 ? fail(retried) : succeed(retried)
      }
      yield* TestClock.adjust("6 hours")
      assert.isTrue(Option.isNone(yield* poll))
      assert.deepStrictEqual(yield* deadLetters, [])
    }))

  it.effect("becomes a dead letter in Lambda's form when it has failed three times", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(Date.parse("2026-11-21T10:00:00Z"))
      const { deadLetters, fail, next, offer, poll } = yield* make()
      const requestId = yield* offer(event("{\"id\":1}"))
      yield* fail(yield* next)
      yield* TestClock.adjust("1 minute")
      yield* fail(yield* next, "a report that is not JSON")
      yield* TestClock.adjust("2 minutes")
      assert.deepStrictEqual(yield* deadLetters, [])
      yield* fail(yield* next)
      yield* TestClock.adjust(0)
      assert.deepStrictEqual(yield* deadLetters, [{
        version: "1.0",
        timestamp: "2026-11-21T10:03:00.000Z",
        requestContext: {
          requestId,
          functionArn: `${arn}:$LATEST`,
          condition: "RetriesExhausted",
          approximateInvokeCount: 3
        },
        requestPayload: { id: 1 },
        responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
        responsePayload: { errorType: "OutOfStock", errorMessage: "no more teapots" }
      }])
      yield* TestClock.adjust("6 hours")
      assert.isTrue(Option.isNone(yield* poll))
    }))

  it.effect("names the version that ran, and the qualifier that was asked for", () =>
    Effect.gen(function*() {
      const { deadLetters, fail, next, offer } = yield* make({ maximumRetryAttempts: 0 })
      for (const qualifier of ["live", "7"]) {
        yield* offer(event("1", `${arn}:${qualifier}`))
        const assignment = yield* next
        assert.strictEqual(assignment.event.functionArn, `${arn}:${qualifier}`)
        yield* fail(assignment)
      }
      yield* TestClock.adjust(0)
      assert.deepStrictEqual(
        (yield* deadLetters).map(({ requestContext, responseContext }) => [
          requestContext.functionArn,
          requestContext.approximateInvokeCount,
          responseContext?.executedVersion
        ]),
        [[`${arn}:live`, 1, "$LATEST"], [`${arn}:7`, 1, "7"]]
      )
    }))

  it.effect("keeps what a function reported in other words than JSON", () =>
    Effect.gen(function*() {
      const { deadLetters, fail, next, offer } = yield* make({ maximumRetryAttempts: 0 })
      yield* offer(event("not JSON either"))
      yield* fail(yield* next, "sorry")
      yield* TestClock.adjust(0)
      const [letter] = yield* deadLetters
      assert.strictEqual(letter?.requestPayload, "not JSON either")
      assert.strictEqual(letter?.responsePayload, "sorry")
    }))

  it.effect("fails too when its stream breaks off, and succeeds when it is long", () =>
    Effect.gen(function*() {
      const { answer, deadLetters, next, offer } = yield* make({ maximumRetryAttempts: 0 })
      yield* offer(event("1"))
      yield* answer(yield* next, (reply) =>
        Effect.gen(function*() {
          const { write } = yield* reply.stream("text/plain")
          yield* write(Buffer.from("half"))
          yield* reply.fail(functionError.reported(undefined, Buffer.from(outOfStock)))
        }))
      yield* TestClock.adjust(0)
      assert.strictEqual((yield* deadLetters).length, 1)
      yield* offer(event("2"))
      yield* answer(yield* next, (reply) =>
        Effect.gen(function*() {
          const { end, write } = yield* reply.stream("text/plain")
          for (let index = 0; index < 100; index++) yield* write(Buffer.alloc(100_000))
          yield* end
        }))
      yield* TestClock.adjust(0)
      assert.strictEqual((yield* deadLetters).length, 1)
    }))

  it.effect("is tried again when the runtime could not start", () =>
    Effect.gen(function*() {
      const { deadLetters, initError, offer, poll, restart, succeed } = yield* make()
      yield* offer(event("1"))
      yield* TestClock.adjust(0)
      yield* initError
      restart()
      yield* TestClock.adjust("59 seconds")
      assert.isTrue(Option.isNone(yield* poll))
      yield* TestClock.adjust("1 second")
      yield* succeed(Option.getOrThrow(yield* poll))
      yield* TestClock.adjust("6 hours")
      assert.isTrue(Option.isNone(yield* poll))
      assert.deepStrictEqual(yield* deadLetters, [])
    }))

  it.effect("becomes a dead letter when the runtime can never start", () =>
    Effect.gen(function*() {
      const { deadLetters, initError, offer } = yield* make()
      yield* initError
      yield* offer(event("1"))
      yield* TestClock.adjust("3 minutes")
      const [letter] = yield* deadLetters
      assert.strictEqual(letter?.requestContext.approximateInvokeCount, 3)
      assert.deepStrictEqual(letter?.responsePayload, { errorType: "SyntaxError" })
    }))

  describe("waits", () => {
    it.effect("times a setting", () =>
      Effect.gen(function*() {
        const { fail, next, offer, poll } = yield* make({ retryDelayScale: 0.001 })
        yield* offer(event("1"))
        yield* fail(yield* next)
        yield* TestClock.adjust(59)
        assert.isTrue(Option.isNone(yield* poll))
        yield* TestClock.adjust(1)
        yield* fail(Option.getOrThrow(yield* poll))
        yield* TestClock.adjust(119)
        assert.isTrue(Option.isNone(yield* poll))
        yield* TestClock.adjust(1)
        assert.isTrue(Option.isSome(yield* poll))
      }))

    it.effect("not at all when that is 0", () =>
      Effect.gen(function*() {
        const { deadLetters, fail, next, offer } = yield* make({ retryDelayScale: 0 })
        yield* offer(event("1"))
        for (let attempt = 0; attempt < 3; attempt++) yield* fail(yield* next)
        yield* TestClock.adjust(0)
        assert.strictEqual((yield* deadLetters)[0]?.requestContext.approximateInvokeCount, 3)
      }))
  })

  describe("is dropped", () => {
    it.effect("when no runtime has taken it in time", () =>
      Effect.gen(function*() {
        const { deadLetters, next, offer, succeed } = yield* make({ maximumEventAge: 60_000 })
        const requestId = yield* offer(event("\"old\""))
        yield* TestClock.adjust(30_000)
        yield* offer(event("\"young\""))
        yield* TestClock.adjust(30_000)
        assert.deepStrictEqual(yield* deadLetters, [{
          version: "1.0",
          timestamp: "1970-01-01T00:01:00.000Z",
          requestContext: {
            requestId,
            functionArn: `${arn}:$LATEST`,
            condition: "EventAgeExceeded",
            approximateInvokeCount: 0
          },
          requestPayload: "old"
        }])
        const assignment = yield* next
        assert.strictEqual(textOf(assignment), "\"young\"")
        yield* succeed(assignment)
      }))

    it.effect("when it would be too old for another try", () =>
      Effect.gen(function*() {
        const { deadLetters, fail, next, offer } = yield* make({ maximumEventAge: 90_000 })
        yield* offer(event("1"))
        yield* fail(yield* next)
        yield* TestClock.adjust("1 minute")
        assert.deepStrictEqual(yield* deadLetters, [])
        yield* fail(yield* next)
        yield* TestClock.adjust(0)
        const [letter] = yield* deadLetters
        assert.strictEqual(letter?.requestContext.condition, "EventAgeExceeded")
        assert.strictEqual(letter?.requestContext.approximateInvokeCount, 2)
        assert.deepStrictEqual(letter?.responsePayload, JSON.parse(outOfStock))
      }))

    it.effect("but not while a runtime works on it", () =>
      Effect.gen(function*() {
        const { deadLetters, next, offer, succeed } = yield* make({ maximumEventAge: 60_000 })
        yield* offer(event("1"))
        const assignment = yield* next
        yield* TestClock.adjust("10 minutes")
        yield* succeed(assignment)
        yield* TestClock.adjust(0)
        assert.deepStrictEqual(yield* deadLetters, [])
      }))
  })

  describe("queues", () => {
    it.effect("first in, first out", () =>
      Effect.gen(function*() {
        const { next, offer, succeed } = yield* make()
        const texts = Array.from({ length: 50 }, (_, index) => String(index))
        yield* Effect.forEach(texts, (text) => offer(event(text)))
        for (const text of texts) {
          const assignment = yield* next
          assert.strictEqual(textOf(assignment), text)
          yield* succeed(assignment)
        }
      }))

    it.effect("beside callers that wait, who do not stand behind all of it", () =>
      Effect.gen(function*() {
        const { invocations, next, offer, succeed } = yield* make()
        for (let index = 0; index < 100; index++) yield* offer(event("\"later\""))
        yield* TestClock.adjust(0)
        const call = yield* invocations.offer(event("\"now\""))
        const served: Array<string> = []
        while (!served.includes("\"now\"")) {
          const assignment = yield* next
          served.push(textOf(assignment))
          yield* succeed(assignment)
        }
        assert.deepStrictEqual(served, ["\"later\"", "\"now\""])
        assert.strictEqual((yield* call.answer)._tag, "Buffered")
      }))

    it.effect("as many as there are runtimes at the same time", () =>
      Effect.gen(function*() {
        const { next, offer } = yield* make({ maxConcurrency: 10 })
        const texts = Array.from({ length: 10 }, (_, index) => String(index))
        yield* Effect.forEach(texts, (text) => offer(event(text)))
        const assignments = yield* Effect.forEach(texts, () => next, { concurrency: "unbounded" })
        assert.deepStrictEqual(assignments.map(textOf).toSorted(), texts)
      }))

    it.effect("up to a number, of which those that run are none", () =>
      Effect.gen(function*() {
        const { next, offer } = yield* make({ maxQueued: 2 })
        yield* offer(event("1"))
        yield* offer(event("2"))
        assert.strictEqual((yield* Effect.flip(offer(event("3"))))._tag, "TooManyRequests")
        yield* next
        yield* TestClock.adjust(0)
        yield* offer(event("3"))
        assert.strictEqual((yield* Effect.flip(offer(event("4"))))._tag, "TooManyRequests")
      }))

    it.effect("those that wait for another try too", () =>
      Effect.gen(function*() {
        const { fail, next, offer, succeed } = yield* make({ maxQueued: 1 })
        yield* offer(event("1"))
        yield* fail(yield* next)
        yield* TestClock.adjust(0)
        assert.strictEqual((yield* Effect.flip(offer(event("2"))))._tag, "TooManyRequests")
        yield* TestClock.adjust("1 minute")
        yield* succeed(yield* next)
        yield* TestClock.adjust(0)
        yield* offer(event("2"))
      }))

    it.effect("256 MB at most", () =>
      Effect.gen(function*() {
        const { next, offer, succeed } = yield* make()
        const large = { ...event(""), payload: Buffer.alloc(1_048_576) }
        for (let index = 0; index < 256; index++) yield* offer(large)
        assert.strictEqual((yield* Effect.flip(offer(event("1"))))._tag, "TooManyRequests")
        yield* succeed(yield* next)
        yield* TestClock.adjust(0)
        yield* offer(large)
      }))

    it.effect("until the function has room, when callers that wait have taken it all", () =>
      Effect.gen(function*() {
        const { invocations, next, offer, poll, succeed } = yield* make({ maxQueued: 1 })
        yield* invocations.offer(event("\"now\""))
        yield* offer(event("\"later\""))
        yield* TestClock.adjust("10 seconds")
        yield* succeed(yield* next)
        yield* TestClock.adjust("1 second")
        const assignment = Option.getOrThrow(yield* poll)
        assert.strictEqual(textOf(assignment), "\"later\"")
      }))
  })

  it.effect("does not cost an attempt when it waits for room", () =>
    Effect.gen(function*() {
      const { deadLetters, fail, invocations, next, offer, succeed } = yield* make({
        maxQueued: 1,
        maximumRetryAttempts: 0
      })
      yield* invocations.offer(event("\"now\""))
      yield* offer(event("\"later\""))
      yield* TestClock.adjust("1 minute")
      yield* succeed(yield* next)
      yield* TestClock.adjust("1 second")
      yield* fail(yield* next)
      yield* TestClock.adjust(0)
      assert.strictEqual((yield* deadLetters)[0]?.requestContext.approximateInvokeCount, 1)
    }))

  it.effect("does not hold up the shutdown", () =>
    Effect.gen(function*() {
      yield* Effect.scoped(Effect.gen(function*() {
        const { fail, invocations, next, offer } = yield* make()
        yield* offer(event("\"failed\""))
        yield* offer(event("\"running\""))
        yield* offer(event("\"queued\""))
        yield* fail(yield* next)
        yield* next
        yield* invocations.shutdown
      }))
    }))
})

describe("the dead letters of a function", () => {
  it.effect("are the last 1,000", () =>
    Effect.gen(function*() {
      const { deadLetters, fail, next, offer } = yield* make({ maximumRetryAttempts: 0 })
      for (let index = 0; index < 1_005; index++) {
        yield* offer(event(String(index)))
        yield* fail(yield* next)
      }
      yield* TestClock.adjust(0)
      const payloads = (yield* deadLetters).map(({ requestPayload }) => requestPayload)
      assert.deepStrictEqual(payloads, Array.from({ length: 1_000 }, (_, index) => index + 5))
    }))

  it.effect("are 64 MB of events and errors at most, but never none", () =>
    Effect.gen(function*() {
      const { deadLetters, fail, next, offer } = yield* make({ maximumRetryAttempts: 0 })
      const payload = JSON.stringify("x".repeat(1_048_000))
      const serve = Effect.gen(function*() {
        yield* offer(event(payload))
        yield* fail(yield* next)
        yield* TestClock.adjust(0)
      })
      for (let index = 0; index < 70; index++) yield* serve
      assert.strictEqual((yield* deadLetters).length, 64)
    }))
})
