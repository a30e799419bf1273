import { assert, describe } from "@effect/vitest"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as LambdaResponse from "../../src/LambdaResponse.ts"
import { provedElsewhere, served } from "../support/faultRows.ts"
import { fault, type Stage } from "../support/faultyFunction.ts"
import * as ScriptedPeer from "../support/scriptedPeer.ts"

class OutOfTea extends Data.TaggedError("OutOfTea")<{ readonly message: string }> {}

const outOfTea = new OutOfTea({ message: "none left" })

const streamed = <E>(stream: Stream.Stream<string, E>) => Effect.succeed(LambdaResponse.stream(stream))

const acceptOne = ({ accept, give }: Stage) => Effect.andThen(give("a"), accept)

const failed = ["ERROR the invocation failed OutOfTea: none left"]

/** Takes so many chunks of a streamed answer, which is then in the middle. */
const openAnswer = Effect.fnUntraced(function*({ give, note, open }: Stage, chunks: number) {
  yield* give("a")
  const answer = yield* open
  const taken: Array<string> = []
  while (taken.length < chunks) taken.push(String(yield* answer.chunk))
  yield* note(taken.join(" + "))
  return answer
})

const losses = [
  { how: "end", why: "the connection was closed before the response" },
  { how: "reset", why: "the connection was reset (ECONNRESET)" }
] as const

const lost = ({ why }: { readonly why: string }) => `no connection to the Runtime API at HOST for /response: ${why}`

const pieces = ["one", "two", "three", "four"]

describe("Streamed answers", () => {
  const ends = [Stream.fail(outOfTea), Stream.die(outOfTea)]

  fault({
    fault: "the stream fails or dies before its first element",
    each: ends,
    answer: (_, end) => streamed(end),
    script: acceptOne,
    sees: ["next", "a/error OutOfTea: none left", "next"],
    logs: failed
  })

  for (const [count] of pieces.entries()) {
    const sent = pieces.slice(0, count + 1)
    fault({
      fault: `the stream fails or dies after ${sent.length} of ${pieces.length} elements`,
      each: ends,
      answer: (_, end) => streamed(Stream.concat(Stream.fromIterable(sent), end)),
      script: acceptOne,
      sees: ["next", `a/response ${sent.join(" + ")}, then OutOfTea: none left`, "next"],
      logs: failed
    })
  }

  fault({
    fault: "the finalizer of a stream that has ended dies",
    answer: () => streamed(Stream.ensuring(Stream.fromIterable(pieces), Effect.die(outOfTea))),
    script: acceptOne,
    sees: ["next", "a/response one + two + three + four, then OutOfTea: none left", "next"],
    logs: failed
  })

  fault({
    fault: "the handler's finalizer dies after the stream was taken",
    answer: () =>
      Effect.andThen(Effect.addFinalizer(() => Effect.die(outOfTea)), streamed(Stream.fromIterable(pieces))),
    script: acceptOne,
    sees: ["next", "a/response one + two + three + four", "next"],
    logs: ["ERROR a finalizer of the invocation failed OutOfTea: none left"]
  })

  fault({
    fault: "the stream is empty",
    answer: () => streamed(Stream.empty),
    script: acceptOne,
    sees: ["next", "a/response", "next"],
    logs: []
  })

  for (const taken of [0, ...pieces.map((_, index) => index + 1)]) {
    let stopped = 0
    fault({
      fault: `the connection is closed or reset after ${taken} of ${pieces.length} chunks of a stream that goes on`,
      each: losses,
      answer: ({ released }) => {
        stopped = 0
        return streamed(
          Stream.fromIterable(pieces.slice(0, Math.max(taken, 1))).pipe(
            Stream.rechunk(1),
            Stream.concat(Stream.fromEffectDrain(released)),
            Stream.concat(Stream.fromIterable(pieces)),
            Stream.ensuring(Effect.sync(() => stopped++))
          )
        )
      },
      script: Effect.fnUntraced(function*(stage, { how }) {
        const { connection } = yield* openAnswer(stage, taken)
        yield* connection[how]
        yield* connection.closed
        yield* ScriptedPeer.settle
        assert.strictEqual(stopped, 1)
      }),
      sees: ["next", `a/response ${pieces.slice(0, taken).join(" + ")}`.trim()],
      logs: [],
      ends: lost
    })
  }

  fault({
    fault: "the connection is closed or reset after a whole stream, before Lambda has said anything to it",
    each: losses,
    answer: () => streamed(Stream.fromIterable(pieces)),
    script: ({ give, take }, { how }) =>
      Effect.flatMap(Effect.andThen(give("a"), take), ({ connection }) => connection[how]),
    sees: ["next", "a/response one + two + three + four"],
    logs: [],
    ends: lost
  })

  for (const status of [400, 413]) {
    fault({
      fault: `Lambda refuses with ${status} a stream that goes on`,
      answer: () => streamed(Stream.concat(Stream.make("one"), Stream.never)),
      script: (stage) =>
        Effect.flatMap(openAnswer(stage, 1), (answer) => answer.respond(ScriptedPeer.refusal(status, "Refused", "no"))),
      sees: ["next", "a/response one", "↻ next"],
      logs: [
        `WARN the Runtime API answered ${status} to /response: Refused: no. The invocation is over; the next one is served`
      ]
    })
  }

  fault({
    fault: "Lambda takes a stream that goes on",
    answer: () => streamed(Stream.concat(Stream.make("one"), Stream.never)),
    script: (stage) => Effect.flatMap(openAnswer(stage, 1), (answer) => answer.respond(ScriptedPeer.accepted)),
    sees: ["next", "a/response one", "↻ next"],
    logs: []
  })

  fault({
    fault: "a whole stream gets 500",
    answer: () => streamed(Stream.fromIterable(pieces)),
    script: ({ give, take }) =>
      Effect.flatMap(
        Effect.andThen(give("a"), take),
        (answer) => answer.respond(ScriptedPeer.refusal(500, "Refused", "no"))
      ),
    sees: ["next", "a/response one + two + three + four"],
    logs: [],
    ends: "the Runtime API answered 500 to /response: Refused: no"
  })

  provedElsewhere("test/RuntimeApi.stream.test.ts", [{
    fault: "Lambda reads slowly, or not at all: the stream is not pulled",
    sees: ["next", "a/response"],
    logs: [],
    next: served,
    title: "pulls no faster than the platform reads"
  }])
})
