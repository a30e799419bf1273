/**
 * What a thread knows of the invocations that it serves.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as assignedInvocations from "../src/internal/threads/assignedInvocations.ts"
import type { InvocationData } from "../src/internal/threads/protocol.ts"
import type { RuntimeApi } from "../src/RuntimeApi.ts"

const accepting: RuntimeApi["Service"] = {
  next: Effect.never,
  respond: () => Effect.succeed({ _tag: "Accepted" }),
  fail: () => Effect.void,
  initError: () => Effect.void,
  restoreNext: Effect.void,
  restoreError: () => Effect.void,
  pipelining: false
}

const attempt = (invocationId: string | undefined): InvocationData => ({
  requestId: "a",
  invocationId,
  payload: new Uint8Array()
})

describe("two attempts of one request in a thread", () => {
  it.effect.each(
    [
      ["with ids of their own", "first", "second"],
      ["without", undefined, undefined]
    ] as const
  )("are both known when the first is over: %s", ([_, first, second]) =>
    Effect.gen(function*() {
      const over: Array<number> = []
      const { api, assign, end } = assignedInvocations.make(accepting, (id) => over.push(id))
      const isOver = yield* Deferred.make<void>()
      const worker = Effect.andThen(Effect.andThen(api.next, Deferred.await(isOver)), api.next)
      const fibers = [
        yield* Effect.forkChild(worker, { startImmediately: true }),
        yield* Effect.forkChild(Effect.andThen(api.next, Effect.never), { startImmediately: true })
      ]
      assign(1, attempt(first))
      assign(2, attempt(second))
      yield* Deferred.succeed(isOver, undefined)
      yield* Effect.yieldNow
      assert.deepStrictEqual(over, [1])
      assert.deepStrictEqual(end(), [2])
      yield* Fiber.interruptAll(fibers)
    }))

  it.effect("are answered one by one", () =>
    Effect.gen(function*() {
      const over: Array<number> = []
      const { api, assign, end } = assignedInvocations.make(accepting, (id) => over.push(id))
      const serving = Effect.andThen(api.next, Effect.never)
      const fibers = [
        yield* Effect.forkChild(serving, { startImmediately: true }),
        yield* Effect.forkChild(serving, { startImmediately: true })
      ]
      assign(1, attempt("first"))
      assign(2, attempt("second"))
      yield* Effect.yieldNow
      yield* api.fail({ requestId: "a", invocationId: Option.some("first") }, {
        errorType: "",
        errorMessage: "",
        stackTrace: []
      })
      assert.deepStrictEqual(end(), [2])
      assert.deepStrictEqual(over, [1])
      yield* Fiber.interruptAll(fibers)
    }))
})
