import { describe } from "@effect/vitest"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { Buffer } from "node:buffer"
import * as Invocation from "../../src/Invocation.ts"
import * as LambdaResponse from "../../src/LambdaResponse.ts"
import { fault, type Meanwhile, type Stage } from "../support/faultyFunction.ts"
import * as ScriptedPeer from "../support/scriptedPeer.ts"

class OutOfTea extends Data.TaggedError("OutOfTea")<{ readonly message: string }> {}

const losses = ["end", "reset"] as const

type Loss = (typeof losses)[number]

/** Nothing that has happened to the connection is known before the event loop turns again. */
const lose = ({ connection }: Meanwhile, loss: Loss) => Effect.flatMap(connection, (connection) => connection[loss])

describe("Connections closed behind a busy process", () => {
  fault({
    fault: "the connection is reset while the handler blocks the event loop, and the answer is streamed",
    answer: (meanwhile) => Effect.as(lose(meanwhile, "reset"), LambdaResponse.stream(Stream.make("one", "two"))),
    script: ({ accept, give }: Stage) => Effect.andThen(give("a"), accept),
    sees: ["next", "↻ a/response one + two", "next"],
    logs: []
  })

  fault({
    fault: "Lambda closes its side while the handler blocks the event loop, and the answer is streamed",
    answer: (meanwhile) => Effect.as(lose(meanwhile, "end"), LambdaResponse.stream(Stream.make("one", "two"))),
    script: ({ accept, give }: Stage) => Effect.andThen(give("a"), accept),
    sees: ["next", "↻ a/response one + two", "next"],
    logs: []
  })

  fault({
    fault: "the connection is reset together with what Lambda says to an answer, before the next poll is read",
    script: Effect.fnUntraced(function*({ give, take }: Stage) {
      yield* give("a")
      const { connection } = yield* take
      yield* Effect.all([connection.respond(ScriptedPeer.accepted), connection.reset], { concurrency: "unbounded" })
    }),
    sees: ["next", "a/response tea", "↻ next"],
    logs: []
  })

  fault({
    fault: "Lambda closes its side together with what it says to an answer: it still reads, but cannot say anything",
    script: Effect.fnUntraced(function*({ give, take }: Stage) {
      yield* give("a")
      const { connection } = yield* take
      yield* Effect.all([connection.respond(ScriptedPeer.accepted), connection.end], { concurrency: "unbounded" })
      yield* take
    }),
    sees: ["next", "a/response tea", "next", "↻ next"],
    logs: []
  })

  fault({
    fault: "the connection is reset while background work blocks the event loop",
    answer: (meanwhile) => Effect.as(Invocation.background(lose(meanwhile, "reset")), LambdaResponse.text("tea")),
    script: ({ accept, give }: Stage) => Effect.andThen(give("a"), accept),
    sees: ["next", "a/response tea", "↻ next"],
    logs: []
  })

  fault({
    fault: "something follows an event that is no HTTP response, with the event",
    each: ["\r\n", "garbage"],
    script: Effect.fnUntraced(function*({ accept, take }: Stage, bytes: string) {
      const { connection } = yield* take
      yield* connection.write(
        Buffer.concat([ScriptedPeer.encodeResponse(ScriptedPeer.event("a", "\"fault\"")), Buffer.from(bytes)])
      )
      yield* accept
    }),
    sees: ["next", "↻ a/response tea", "next"],
    logs: []
  })

  fault({
    fault: "something follows what Lambda says to an answer that is no HTTP response",
    script: Effect.fnUntraced(function*({ give, take }: Stage) {
      yield* give("a")
      const { connection } = yield* take
      yield* connection.write(
        Buffer.concat([ScriptedPeer.encodeResponse(ScriptedPeer.accepted), Buffer.from("garbage")])
      )
    }),
    sees: ["next", "a/response tea", "↻ next"],
    logs: []
  })

  fault({
    fault: "SIGTERM, and Lambda says nothing to the answer",
    script: Effect.fnUntraced(function*({ give, interrupt, take }: Stage) {
      yield* give("a")
      yield* take
      yield* interrupt
      yield* TestClock.adjust("400 millis")
    }),
    sees: ["next", "a/response tea"],
    logs: [],
    ends: ""
  })

  fault({
    fault: "Lambda says nothing to the report of a failed start within a second",
    layer: Layer.effectDiscard(Effect.fail(new OutOfTea({ message: "none left" }))),
    script: Effect.fnUntraced(function*({ take }: Stage) {
      yield* take
      yield* TestClock.adjust("1 second")
    }),
    sees: ["init/error OutOfTea: none left"],
    logs: [
      "ERROR the function could not start OutOfTea: none left",
      "WARN the failed start could not be reported: the Runtime API did not answer within 1 second"
    ],
    ends: "none left"
  })
})
