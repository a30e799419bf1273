import { describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { processFault, type Stage } from "../support/faultyProcess.ts"
import * as ScriptedPeer from "../support/scriptedPeer.ts"

describe("Processes", () => {
  processFault({
    fault: "the handler leaves a timer that throws, before it has answered",
    event: "throw from a timer",
    sees: ["next"],
    logs: ["Error: thrown by a timer"],
    ends: { code: 1, signal: null }
  })

  processFault({
    fault: "the handler leaves a timer that throws, after it has answered",
    event: "answer, then throw from a timer",
    script: Effect.fnUntraced(function*({ give, take }: Stage) {
      yield* give()
      yield* (yield* take).respond(ScriptedPeer.accepted)
    }),
    sees: ["next", "a/response \"tea\""],
    logs: ["Error: thrown by a timer"],
    ends: { code: 1, signal: null }
  })

  processFault({
    fault: "the handler leaves a promise that is rejected, and nobody handles it",
    event: "reject a promise",
    sees: ["next"],
    logs: ["Error: nobody handles this"],
    ends: { code: 1, signal: null }
  })

  processFault({
    fault: "the handler calls `process.exit(3)`",
    event: "exit with 3",
    sees: ["next"],
    logs: [],
    ends: { code: 3, signal: null }
  })

  processFault({
    fault: "the handler calls `process.exit(0)`",
    event: "exit with 0",
    sees: ["next"],
    logs: [],
    ends: { code: 0, signal: null }
  })

  processFault({
    fault: "the handler blocks the event loop past its deadline, and Lambda refuses the late answer",
    event: "block past the deadline",
    script: Effect.fnUntraced(function*({ give, take }: Stage) {
      yield* give(50)
      yield* (yield* take).respond(ScriptedPeer.refusal(410, "InvokeTimeout", "Invoke timeout"))
    }),
    sees: ["next", "a/response \"tea\"", "next"],
    logs: [
      "the Runtime API answered 410 to /response: InvokeTimeout: Invoke timeout. The invocation is over; the next one is " +
      "served"
    ]
  })

  processFault({
    fault: "the handler blocks the event loop for ever: SIGTERM does nothing",
    event: "block for ever",
    script: Effect.fnUntraced(function*({ give, program }: Stage) {
      yield* give()
      yield* program.printed(/blocking/)
      yield* program.kill("SIGTERM")
      yield* program.kill("SIGKILL")
    }),
    sees: ["next"],
    logs: ["blocking"],
    ends: { code: null, signal: "SIGKILL" }
  })

  processFault({
    fault: "the handler uses all memory",
    event: "use all memory",
    variables: { NODE_OPTIONS: "--max-old-space-size=40" },
    sees: ["next"],
    logs: ["JavaScript heap out of memory"],
    ends: { code: null, signal: "SIGABRT" }
  })

  const closedOutput = "test/fixtures/programs/closedOutput.ts"
  processFault({
    fault: "the handler logs to a standard output that is closed",
    event: "log",
    path: closedOutput,
    variables: { PROGRAM: "faults.ts" },
    script: Effect.fnUntraced(function*({ give, take }: Stage) {
      yield* give()
      yield* (yield* take).respond(ScriptedPeer.accepted)
    }),
    sees: ["next", "a/response \"tea\"", "next"],
    logs: []
  })

  processFault({
    fault: "the handler writes to a standard output that is closed",
    event: "write to standard output",
    path: closedOutput,
    variables: { PROGRAM: "faults.ts" },
    sees: ["next"],
    logs: ["write EPIPE"],
    ends: { code: 1, signal: null }
  })
})
