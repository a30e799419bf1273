/**
 * What a person can do with the keyboard while functions are developed.
 */
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import * as Terminal from "effect/Terminal"
import * as endpointInvoker from "../invoke/endpointInvoker.ts"
import { Invoker } from "../invoke/Invoker.ts"
import { Reporter } from "../Reporter.ts"
import type { Development } from "./development.ts"

const help = "r: start the functions again   i: send the last event again   q: end"

interface Sent {
  readonly functionName: string
  readonly payload: Uint8Array
}

/** Until the person, or a signal, ends it. Without a terminal there are no keys. */
export const listen = Effect.fnUntraced(function*({ address, functions, restart }: Development) {
  const { news } = yield* Reporter
  const say = (text: string, isTrouble = false) => news({ json: { _tag: "Key", text }, text, isTrouble })
  let last: Sent | undefined
  yield* Effect.forkScoped(
    Effect.forEach(
      functions,
      ({ events, name }) =>
        Stream.runForEach(events, (payload) =>
          Effect.sync(() => {
            last = { functionName: name, payload }
          })),
      { concurrency: "unbounded", discard: true }
    )
  )
  if (!process.stdin.isTTY) return yield* Effect.never

  const sendAgain = Effect.suspend(() => {
    if (last === undefined) return say("there was no event yet")
    return Effect.matchEffect(send(address, last), {
      onSuccess: ({ answer, isFailure }) => say(answer, isFailure),
      onFailure: ({ message }) => say(message, true)
    })
  })
  const { readInput } = yield* Terminal.Terminal
  let isEscape = false
  const isOver = (input: Effect.Success<typeof readInput>) =>
    Effect.flatMap(Queue.take(input), ({ key: { ctrl, name } }) => {
      isEscape = name === "escape"
      // Ctrl-C is no key that somebody has to be told of.
      if (ctrl) return Effect.succeed(false)
      if (name === "q") return Effect.succeed(true)
      const done = name === "r" ? restart : name === "i" ? sendAgain : say(help)
      return Effect.as(done, false)
    })
  const read = Effect.scoped(Effect.flatMap(readInput, (input) =>
    // The input ends with Ctrl-C, too.
    Effect.repeat(Effect.orElseSucceed(isOver(input), () => true), { until: (isOver) => isOver })))
  yield* say(help)
  // It also ends with Escape, which is to cancel what a person types, and nothing is typed here.
  yield* Effect.repeat(read, { while: () => isEscape })
})

const send = (address: string, sent: Sent) =>
  Effect.gen(function*() {
    const { invoke } = yield* Invoker
    const { body, outcome } = yield* invoke({
      ...sent,
      mode: "buffered",
      tail: false,
      qualifier: undefined,
      tenantId: undefined,
      clientContext: undefined
    })
    const answer = yield* Stream.mkString(Stream.decodeText(body))
    return { answer, isFailure: (yield* outcome).functionError !== undefined }
  }).pipe(Effect.scoped, Effect.provide(endpointInvoker.layer(`http://${address}`)))
