/**
 * What a person can do with the keyboard while functions are developed.
 */
import * as NodeTerminal from "@effect/platform-node/NodeTerminal"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
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
  // By itself it also ends with Escape, which is to cancel what a person types, and nothing is typed here.
  const { readInput } = yield* NodeTerminal.make(({ key: { ctrl, name } }) => ctrl && (name === "c" || name === "d"))
  const input = yield* readInput
  const isOver = Effect.flatMap(Queue.take(input), ({ key: { ctrl, name } }) => {
    // Ctrl-C is no key that somebody has to be told of.
    if (ctrl) return Effect.succeed(false)
    if (name === "q") return Effect.succeed(true)
    const done = name === "r" ? restart : name === "i" ? sendAgain : say(help)
    return Effect.as(done, false)
  })
  yield* say(help)
  yield* Effect.repeat(Effect.orElseSucceed(isOver, () => true), { until: (isOver) => isOver })
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
