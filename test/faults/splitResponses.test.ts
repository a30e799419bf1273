import { describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { fault, type Stage } from "../support/faultyFunction.ts"
import * as ScriptedPeer from "../support/scriptedPeer.ts"

const event = ScriptedPeer.encodeResponse(ScriptedPeer.event("a", "\"fault\""))

const accepted = ScriptedPeer.encodeResponse(ScriptedPeer.accepted)

/** Where bytes can be cut in two. */
const cutsOf = (bytes: Uint8Array) => Array.from(bytes.keys()).slice(1)

const withLosses = (cuts: ReadonlyArray<number>) =>
  (["end", "reset"] as const).flatMap((loss) => cuts.map((cut) => ({ cut, loss })))

describe("Responses in pieces", () => {
  fault({
    fault: "an event comes in two packets, cut at every byte",
    each: cutsOf(event),
    script: ({ accept, take }, cut) =>
      Effect.flatMap(take, ({ connection }) => Effect.andThen(connection.writeSplit(event, [cut]), accept)),
    sees: ["next", "a/response tea", "next"],
    logs: []
  })

  fault({
    fault: "what Lambda says to an answer comes in two packets, cut at every byte",
    each: cutsOf(accepted),
    script: ({ give, take }, cut) =>
      Effect.flatMap(Effect.andThen(give("a"), take), ({ connection }) => connection.writeSplit(accepted, [cut])),
    sees: ["next", "a/response tea", "next"],
    logs: []
  })

  fault({
    fault: "everything comes byte by byte",
    script: Effect.fnUntraced(function*({ take }: Stage) {
      yield* (yield* take).connection.writeSplit(event, cutsOf(event))
      yield* (yield* take).connection.writeSplit(accepted, cutsOf(accepted))
    }),
    sees: ["next", "a/response tea", "next"],
    logs: []
  })

  fault({
    fault: "the connection is closed or reset within an event, after every byte of it",
    each: withLosses(cutsOf(event)),
    script: Effect.fnUntraced(function*({ take }, { cut, loss }) {
      const { connection } = yield* take
      yield* connection.write(event.subarray(0, cut))
      yield* ScriptedPeer.settle
      yield* connection[loss]
    }),
    sees: ["next"],
    logs: [],
    ends: ({ loss }) =>
      `no connection to the Runtime API at HOST for /next: ${
        loss === "end"
          ? "the connection was closed in the middle of a response"
          : "the connection was reset (ECONNRESET)"
      }`
  })

  fault({
    fault: "the connection is closed or reset within what Lambda says to an answer, after every byte of it",
    each: withLosses(cutsOf(accepted)),
    script: Effect.fnUntraced(function*({ accept, give, take }, { cut, loss }) {
      yield* give("a")
      const { connection } = yield* take
      yield* connection.write(accepted.subarray(0, cut))
      yield* ScriptedPeer.settle
      yield* connection[loss]
      yield* accept
    }),
    sees: ["next", "a/response tea", "↻ a/response tea", "next"],
    logs: []
  })

  fault({
    fault: "the second answer is refused after the connection was lost within what Lambda said to the first",
    each: withLosses([20]),
    script: Effect.fnUntraced(function*({ give, take }, { cut, loss }) {
      yield* give("a")
      const { connection } = yield* take
      yield* connection.write(accepted.subarray(0, cut))
      yield* ScriptedPeer.settle
      yield* connection[loss]
      yield* (yield* take).respond(ScriptedPeer.refusal(400, "InvalidRequestID", "Invalid request ID"))
    }),
    sees: ["next", "a/response tea", "↻ a/response tea", "next"],
    logs: [
      "WARN the Runtime API answered 400 to /response: InvalidRequestID: Invalid request ID. The invocation is over; the " +
      "next one is served"
    ]
  })
})
