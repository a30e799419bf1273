import { describe } from "@effect/vitest"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import * as Invocation from "../../src/Invocation.ts"
import * as LambdaResponse from "../../src/LambdaResponse.ts"
import { provedElsewhere, served } from "../support/faultRows.ts"
import { fault, type Stage } from "../support/faultyFunction.ts"
import * as ScriptedPeer from "../support/scriptedPeer.ts"

class OutOfTea extends Data.TaggedError("OutOfTea")<{ readonly message: string }> {}

const outOfTea = new OutOfTea({ message: "none left" })

interface Loss {
  readonly how: "end" | "reset"
  readonly why: string
}

const closed: Loss = { how: "end", why: "the connection was closed before the response" }

const reset: Loss = { how: "reset", why: "the connection was reset (ECONNRESET)" }

const losses = [closed, reset]

const lost = (operation: string) => ({ why }: Loss) =>
  `no connection to the Runtime API at HOST for /${operation}: ${why}`

const loseNext = ({ take }: Stage, { how }: Loss) => Effect.flatMap(take, ({ connection }) => connection[how])

describe("Lost connections", () => {
  fault({
    fault: "the connection is reset before the first poll is read",
    script: ({ peer }) => Effect.flatMap(peer.connection, (connection) => connection.reset),
    sees: [],
    logs: [],
    ends: lost("next")(reset)
  })

  fault({
    fault: "the connection is closed or reset while the first event is waited for",
    each: losses,
    script: loseNext,
    sees: ["next"],
    logs: [],
    ends: lost("next")
  })

  fault({
    fault: "the connection is closed or reset while a later event is waited for",
    each: losses,
    script: Effect.fnUntraced(function*(stage, loss) {
      yield* stage.give("a")
      yield* stage.accept
      yield* ScriptedPeer.settle
      yield* TestClock.adjust("1 second")
      yield* loseNext(stage, loss)
    }),
    sees: ["next", "a/response tea", "next"],
    logs: [],
    ends: lost("next")
  })

  /** Lambda's server starts anew: it drops every connection, and takes new ones. */
  const dropWhileHandlerRuns = Effect.fnUntraced(function*({ accept, give, release }: Stage, { how }: Loss) {
    const { connection } = yield* give("a")
    yield* connection[how]
    yield* connection.closed
    yield* ScriptedPeer.settle
    yield* release
    yield* accept
  })

  fault({
    fault: "the connection is closed or reset while the handler runs, as when Lambda's server starts anew",
    each: losses,
    answer: ({ released }) => Effect.as(released, LambdaResponse.text("tea")),
    script: dropWhileHandlerRuns,
    sees: ["next", "↻ a/response tea", "next"],
    logs: []
  })

  fault({
    fault: "the connection is closed or reset while a handler runs that streams its answer then",
    each: losses,
    answer: ({ released }) => Effect.as(released, LambdaResponse.stream(Stream.make("tea", "time"))),
    script: dropWhileHandlerRuns,
    sees: ["next", "↻ a/response tea + time", "next"],
    logs: []
  })

  fault({
    fault: "the connection is closed or reset while a handler runs that fails then",
    each: losses,
    answer: ({ released }) => Effect.andThen(released, Effect.fail(outOfTea)),
    script: dropWhileHandlerRuns,
    sees: ["next", "↻ a/error OutOfTea: none left", "next"],
    logs: ["ERROR the invocation failed OutOfTea: none left"]
  })

  fault({
    fault: "the connection is lost while the handler runs, and nothing listens at the address any more",
    answer: ({ released }) => Effect.as(released, LambdaResponse.text("tea")),
    script: Effect.fnUntraced(function*({ give, leave, release }: Stage) {
      yield* give("a")
      yield* leave
      yield* release
    }),
    sees: ["next"],
    logs: [],
    ends: "no connection to the Runtime API at HOST for /response: nothing listens there (ECONNREFUSED)"
  })

  fault({
    fault:
      "the connection is reset while the handler blocks the event loop, and that is not known when the answer is sent",
    answer: ({ connection }) =>
      Effect.as(Effect.flatMap(connection, (connection) => connection.reset), LambdaResponse.text("tea")),
    script: ({ accept, give }) => Effect.andThen(give("a"), accept),
    sees: ["next", "↻ a/response tea", "next"],
    logs: []
  })

  fault({
    fault: "Lambda closes its side while the handler blocks the event loop: it still reads, but cannot say anything",
    answer: ({ connection }) =>
      Effect.as(Effect.flatMap(connection, (connection) => connection.end), LambdaResponse.text("tea")),
    script: ({ accept, give, take }) => Effect.andThen(give("a"), Effect.andThen(take, accept)),
    sees: ["next", "a/response tea", "↻ a/response tea", "next"],
    logs: []
  })

  fault({
    fault: "the connection is closed or reset while an answer of 6 MB is sent",
    each: losses,
    answer: () => Effect.sync(() => LambdaResponse.bytes(new Uint8Array(6_000_000))),
    script: Effect.fnUntraced(function*({ accept, give, open }, { how }) {
      yield* give("a")
      const { connection } = yield* open
      yield* connection.pause
      yield* ScriptedPeer.settle
      yield* connection[how]
      yield* accept
    }),
    sees: ["next", "a/response", "↻ a/response 6000000 bytes", "next"],
    logs: []
  })

  fault({
    fault: "the connection is closed or reset after the answer, before Lambda has said anything to it",
    each: losses,
    script: Effect.fnUntraced(function*(stage, loss) {
      yield* stage.give("a")
      yield* loseNext(stage, loss)
      yield* stage.accept
    }),
    sees: ["next", "a/response tea", "↻ a/response tea", "next"],
    logs: []
  })

  fault({
    fault: "the connection is closed or reset after the answer, and again after it was sent on a new connection",
    each: losses,
    script: Effect.fnUntraced(function*(stage, loss) {
      yield* stage.give("a")
      yield* loseNext(stage, loss)
      yield* loseNext(stage, loss)
    }),
    sees: ["next", "a/response tea", "↻ a/response tea"],
    logs: [],
    ends: lost("response")
  })

  fault({
    fault: "the connection is closed or reset after the report of a failure, before Lambda has said anything to it",
    each: losses,
    answer: () => Effect.fail(outOfTea),
    script: Effect.fnUntraced(function*(stage, loss) {
      yield* stage.give("a")
      yield* loseNext(stage, loss)
      yield* stage.accept
    }),
    sees: ["next", "a/error OutOfTea: none left", "↻ a/error OutOfTea: none left", "next"],
    logs: ["ERROR the invocation failed OutOfTea: none left"]
  })

  fault({
    fault:
      "the connection is closed or reset after the report of a failure, and again after it was sent on a new connection",
    each: losses,
    answer: () => Effect.fail(outOfTea),
    script: Effect.fnUntraced(function*(stage, loss) {
      yield* stage.give("a")
      yield* loseNext(stage, loss)
      yield* loseNext(stage, loss)
    }),
    sees: ["next", "a/error OutOfTea: none left", "↻ a/error OutOfTea: none left"],
    logs: ["ERROR the invocation failed OutOfTea: none left"],
    ends: lost("error")
  })

  fault({
    fault: "the connection is closed or reset between an answer and the next poll, while background work goes on",
    each: losses,
    answer: ({ released }) => Effect.as(Invocation.background(released), LambdaResponse.text("tea")),
    script: Effect.fnUntraced(function*({ accept, give, release }, { how }) {
      yield* give("a")
      const { connection } = yield* accept
      yield* connection[how]
      yield* connection.closed
      yield* ScriptedPeer.settle
      yield* release
    }),
    sees: ["next", "a/response tea", "↻ next"],
    logs: []
  })

  fault({
    fault: "the connection is closed or reset after an answer that left on a new connection",
    each: losses,
    answer: ({ released }) => Effect.as(released, LambdaResponse.text("tea")),
    script: Effect.fnUntraced(function*(stage, loss) {
      const { connection } = yield* stage.give("a")
      yield* connection[loss.how]
      yield* connection.closed
      yield* ScriptedPeer.settle
      yield* stage.release
      yield* loseNext(stage, loss)
      yield* stage.accept
    }),
    sees: ["next", "↻ a/response tea", "↻ a/response tea", "next"],
    logs: []
  })

  const layer = Layer.effectDiscard(Effect.fail(outOfTea))

  const notReported = (loss: Loss) => [
    "ERROR the function could not start OutOfTea: none left",
    `WARN the failed start could not be reported: ${lost("init/error")(loss)}`
  ]

  fault({
    fault: "the connection is reset before the report of a failed start is read",
    layer,
    script: ({ accept, peer }) =>
      Effect.andThen(Effect.flatMap(peer.connection, (connection) => connection.reset), accept),
    sees: ["init/error OutOfTea: none left"],
    logs: ["ERROR the function could not start OutOfTea: none left"],
    ends: "none left"
  })

  fault({
    fault: "the connection is closed or reset after the report of a failed start",
    each: losses,
    layer,
    script: (stage, loss) => Effect.andThen(loseNext(stage, loss), stage.accept),
    sees: ["init/error OutOfTea: none left", "↻ init/error OutOfTea: none left"],
    logs: ["ERROR the function could not start OutOfTea: none left"],
    ends: "none left"
  })

  for (const loss of losses) {
    fault({
      fault: `the connection is ${loss === closed ? "closed" : "reset"} after the report of a failed start, twice`,
      layer,
      script: (stage) => Effect.andThen(loseNext(stage, loss), loseNext(stage, loss)),
      sees: ["init/error OutOfTea: none left", "↻ init/error OutOfTea: none left"],
      logs: notReported(loss),
      ends: "none left"
    })
  }

  provedElsewhere("test/NodeLambda.test.ts", [{
    fault: "nothing listens at the address",
    sees: [],
    logs: [],
    next: "exit code 1: `no connection to the Runtime API at HOST for /next: nothing listens there (ECONNREFUSED)`",
    title: "ends with one line when nothing listens at the address"
  }])

  provedElsewhere("test/RuntimeApi.connection.test.ts", [{
    fault: "an old connection is reset while a new one is in use",
    sees: ["next", "↻ next"],
    logs: [],
    next: served,
    title: "closing late does not touch the one in use"
  }])

  provedElsewhere("test/RuntimeApi.next.test.ts", [{
    fault: "Lambda says nothing for days",
    sees: ["next"],
    logs: [],
    next: served,
    title: "waits for days"
  }])
})
