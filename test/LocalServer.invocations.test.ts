import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { Assignment, Call, Event } from "../src/internal/local/function/invocation.ts"
import * as invocationLogs from "../src/internal/local/function/invocationLogs.ts"
import * as Invocations from "../src/internal/local/function/invocations.ts"

const fork = Effect.forkChild({ startImmediately: true })

const event = (text: string): Event => ({
  payload: Buffer.from(text),
  contentType: "text/plain",
  functionArn: "arn:aws:lambda:us-east-1:123456789012:function:function",
  traceId: "Root=1-5759e988-bd862e3fe1be46a994272793",
  tenantId: undefined,
  clientContext: undefined,
  identity: undefined
})

const make = Effect.fnUntraced(function*(options: Partial<Invocations.Settings>) {
  const settings = { timeout: 3_000, maxConcurrency: 1, maxEnvironments: 1, maxQueued: 1_000, ...options }
  const logs = yield* invocationLogs.make({ ...settings, memorySize: 128, version: "$LATEST", print: undefined })
  return yield* Invocations.make(settings, logs)
})

const textOf = (assignment: Assignment) => Buffer.from(assignment.event.payload).toString()

const connect = () => ({ destroyed: false })

/** The error type that a call failed with. */
const failure = Effect.fnUntraced(function*(call: Call) {
  const answer = yield* call.answer
  return answer._tag === "Failed" ? answer.error.errorType : undefined
})

/** These happen between two turns of the event loop, where no client can be placed. */
describe("the invocations of LocalServer", () => {
  it.effect("do not give an event to a poll whose connection is gone", () =>
    Effect.gen(function*() {
      const invocations = yield* make({ maxConcurrency: 2 })
      const gone = { destroyed: false }
      const lost = yield* fork(invocations.next(gone))
      gone.destroyed = true
      yield* invocations.offer(event("only"))
      assert.strictEqual(textOf(yield* invocations.next(connect())), "only")
      assert.isUndefined(lost.pollUnsafe())
      yield* Fiber.interrupt(lost)
    }))

  it.effect("let a poll take the place of one whose connection is gone", () =>
    Effect.gen(function*() {
      const invocations = yield* make({ maxConcurrency: 1 })
      const gone = { destroyed: false }
      const lost = yield* fork(invocations.next(gone))
      gone.destroyed = true
      yield* fork(invocations.offer(event("only")))
      assert.strictEqual(textOf(yield* invocations.next(connect())), "only")
      yield* Fiber.interrupt(lost)
    }))

  it.effect("make room for a poll that waits as soon as the connections of others are gone", () =>
    Effect.gen(function*() {
      const invocations = yield* make({ maxConcurrency: 2 })
      const crashing = { destroyed: false }
      const calls = [yield* invocations.offer(event("1")), yield* invocations.offer(event("2"))]
      yield* invocations.next(crashing)
      yield* invocations.next(crashing)
      const waiting = yield* fork(invocations.next(connect()))
      yield* invocations.offer(event("3"))
      yield* Effect.yieldNow
      assert.isUndefined(waiting.pollUnsafe())
      crashing.destroyed = true
      invocations.disconnected()
      assert.strictEqual(textOf(yield* Fiber.join(waiting)), "3")
      assert.deepStrictEqual(yield* Effect.forEach(calls, failure), ["Runtime.ExitError", "Runtime.ExitError"])
    }))

  it.effect("keep an event with its runtime when its connection is gone and nobody else polls", () =>
    Effect.gen(function*() {
      const invocations = yield* make({ maxConcurrency: 1 })
      const connection = { destroyed: false }
      const call = yield* invocations.offer(event("slow"))
      const { requestId } = yield* invocations.next(connection)
      connection.destroyed = true
      invocations.disconnected()
      yield* invocations.answer(
        { requestId, invocationId: undefined },
        "InvocationResponse",
        (reply) => reply.succeed("text/plain", Buffer.from("over another connection"))
      )
      assert.strictEqual((yield* call.answer)._tag, "Buffered")
    }))

  it.effect("take only the first of several answers", () =>
    Effect.gen(function*() {
      const invocations = yield* make({ maxConcurrency: 1 })
      const call = yield* invocations.offer(event("once"))
      const { requestId } = yield* invocations.next(connect())
      yield* invocations.answer({ requestId, invocationId: undefined }, "InvocationResponse", (reply) =>
        Effect.andThen(
          reply.succeed("text/plain", Buffer.from("first")),
          reply.succeed("text/plain", Buffer.from("second"))
        ))
      const answer = yield* call.answer
      assert.strictEqual(answer._tag === "Buffered" && Buffer.from(answer.body).toString(), "first")
    }))

  it.effect("refuse everything after their shutdown", () =>
    Effect.gen(function*() {
      const invocations = yield* make({ maxConcurrency: 1 })
      yield* invocations.shutdown
      assert.strictEqual((yield* Effect.flip(invocations.offer(event("late"))))._tag, "ShuttingDown")
      assert.strictEqual((yield* Effect.flip(invocations.next(connect()))).errorType, "InternalServerError")
      yield* invocations.closed
    }))
})
