/**
 * The Runtime API of a thread: events come from the main thread, answers leave on connections of the thread's own.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Invocation from "../../Invocation.ts"
import type { InvocationReference, RuntimeApi } from "../../RuntimeApi.ts"
import type { InvocationData } from "./protocol.ts"

export interface AssignedInvocations {
  readonly api: RuntimeApi["Service"]
  /** Takes an invocation from the main thread. */
  readonly assign: (id: number, invocation: InvocationData) => void
  /** Says of those that have been answered that they are over, because the thread ends. The others are returned. */
  readonly end: () => ReadonlyArray<number>
}

interface Serving {
  readonly id: number
  readonly key: string
  isAnswered: boolean
}

/** A retry has the request id of the first attempt, which may still go on. */
const keyOf = ({ invocationId, requestId }: InvocationReference) =>
  `${requestId} ${Option.getOrElse(invocationId, () => "")}`

/** `over` is called with its id when the worker that has served an invocation asks for the next one. */
export const make = (api: RuntimeApi["Service"], over: (id: number) => void): AssignedInvocations => {
  const waiting: Array<readonly [id: number, invocation: InvocationData]> = []
  const takers = new Set<() => void>()
  const byKey = new Map<string, Serving>()
  const byWorker = new Map<number, Serving>()

  const take = (fiberId: number) =>
    Effect.callback<Invocation.Invocation["Service"]>((resume) => {
      const taker = () => {
        const assigned = waiting.shift()
        if (assigned === undefined) return
        takers.delete(taker)
        const [id, invocation] = assigned
        const taken = Invocation.make(invocation)
        const serving = { id, key: keyOf(taken), isAnswered: false }
        byWorker.set(fiberId, serving)
        byKey.set(serving.key, serving)
        resume(Effect.succeed(taken))
      }
      takers.add(taker)
      taker()
      return Effect.sync(() => takers.delete(taker))
    })
  const finish = (fiberId: number) => {
    const last = byWorker.get(fiberId)
    if (last === undefined) return
    byWorker.delete(fiberId)
    if (byKey.get(last.key) === last) byKey.delete(last.key)
    over(last.id)
  }
  const answer = (invocation: InvocationReference) => {
    const serving = byKey.get(keyOf(invocation))
    if (serving !== undefined) serving.isAnswered = true
  }

  return {
    api: {
      ...api,
      next: Effect.withFiber(({ id }) => {
        finish(id)
        return take(id)
      }),
      respond: (invocation, response, options) =>
        Effect.onExit(api.respond(invocation, response, options), (exit) =>
          // A stream that failed before its first element is reported in a moment.
          Effect.sync(() => {
            if (!Exit.isSuccess(exit) || exit.value._tag !== "NotStarted") answer(invocation)
          })),
      fail: (invocation, report) =>
        Effect.ensuring(api.fail(invocation, report), Effect.sync(() => answer(invocation))),
      // The next event does not come on the connection on which the answer leaves.
      pipelining: false
    },
    assign: (id, invocation) => {
      waiting.push([id, invocation])
      for (const taker of takers) return taker()
    },
    end: () => {
      const unanswered: Array<number> = []
      for (const { id, isAnswered } of byWorker.values()) {
        if (isAnswered) over(id)
        else unanswered.push(id)
      }
      return unanswered
    }
  }
}
