import { describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { processFault, type Stage } from "../support/faultyProcess.ts"
import * as ScriptedPeer from "../support/scriptedPeer.ts"

const fromTimer = {
  logs: ["ERROR nobody caught an exception Error: thrown by a timer"],
  ends: { code: 1, line: "thrown by a timer", released: true }
}

describe("Processes", () => {
  processFault({
    fault: "the handler leaves a timer that throws, before it has answered",
    event: "throw from a timer",
    script: ({ giveAndAccept }) => giveAndAccept,
    sees: ["next", "a/error Error: thrown by a timer"],
    ...fromTimer
  })

  processFault({
    fault: "the handler leaves a timer that throws, after it has answered",
    event: "answer, then throw from a timer",
    script: ({ giveAndAccept }) => giveAndAccept,
    sees: ["next", "a/response \"tea\""],
    ...fromTimer
  })

  processFault({
    fault: "the handler leaves a timer that throws, and cannot be interrupted",
    event: "throw from a timer, and cannot be interrupted",
    script: ({ giveAndAccept }) => giveAndAccept,
    sees: ["next", "a/error Error: thrown by a timer"],
    ...fromTimer
  })

  processFault({
    fault: "the handler leaves a promise that is rejected, and nobody handles it",
    event: "reject a promise",
    script: ({ giveAndAccept }) => giveAndAccept,
    sees: ["next", "a/error Error: nobody handles this"],
    logs: ["ERROR nobody handled a rejection Error: nobody handles this"],
    ends: { code: 1, line: "nobody handles this", released: true }
  })

  processFault({
    fault: "the handler leaves an emitter that emits an error, and nobody listens",
    event: "emit an error",
    script: ({ giveAndAccept }) => giveAndAccept,
    sees: ["next", "a/error Error: nobody listens"],
    logs: ["ERROR nobody caught an exception Error: nobody listens"],
    ends: { code: 1, line: "nobody listens", released: true }
  })

  processFault({
    fault: "a timer throws, and Lambda says nothing to the report",
    event: "throw from a timer",
    script: ({ give, take }: Stage) => Effect.andThen(give(), take),
    sees: ["next", "a/error Error: thrown by a timer"],
    ...fromTimer
  })

  processFault({
    fault: "a timer throws while a layer is built",
    event: "",
    variables: { LAYER: "throws while it starts" },
    script: ({ take }: Stage) => Effect.flatMap(take, (report) => report.respond(ScriptedPeer.accepted)),
    sees: ["init/error Error: thrown by a timer"],
    logs: ["ERROR the function could not start Error: thrown by a timer"],
    ends: fromTimer.ends
  })

  processFault({
    fault: "a timer throws while a layer is built, and the layer waits for it for ever and cannot be interrupted",
    event: "",
    variables: { LAYER: "throws while it starts, and cannot be interrupted" },
    script: ({ take }: Stage) => Effect.flatMap(take, (report) => report.respond(ScriptedPeer.accepted)),
    sees: ["init/error Error: thrown by a timer"],
    logs: ["ERROR the function could not start Error: thrown by a timer"],
    ends: { code: 1, line: "the process has not ended within 2 seconds", released: false }
  })

  processFault({
    fault: "a layer interrupts itself while it is built",
    event: "",
    variables: { LAYER: "interrupts itself" },
    script: ({ take }: Stage) => Effect.flatMap(take, (report) => report.respond(ScriptedPeer.accepted)),
    sees: [
      "init/error LaunchError: a layer was interrupted while it was built: something in it has interrupted itself"
    ],
    logs: ["ERROR the function could not start"],
    ends: {
      code: 1,
      line: "a layer was interrupted while it was built: something in it has interrupted itself",
      released: true
    }
  })

  processFault({
    fault: "a timer throws, and throws again while the layers are released",
    event: "throw from a timer",
    variables: { LAYER: "throws while it is released" },
    script: ({ giveAndAccept }) => giveAndAccept,
    sees: ["next", "a/error Error: thrown by a timer"],
    ...fromTimer
  })

  processFault({
    fault: "a timer throws, and a layer is not released within two seconds",
    event: "throw from a timer",
    variables: { LAYER: "is not released" },
    script: ({ giveAndAccept }) => giveAndAccept,
    sees: ["next", "a/error Error: thrown by a timer"],
    logs: fromTimer.logs,
    ends: { code: 1, line: "the process has not ended within 2 seconds", released: false }
  })

  processFault({
    fault: "a timer throws, and there is another listener for `uncaughtException`, which is called too",
    event: "throw from a timer",
    variables: { LAYER: "listens too" },
    script: ({ giveAndAccept }) => giveAndAccept,
    sees: ["next", "a/error Error: thrown by a timer"],
    logs: ["another listener: thrown by a timer", ...fromTimer.logs],
    ends: fromTimer.ends
  })

  processFault({
    fault: "the handler calls `process.exit(3)`",
    event: "exit with 3",
    sees: ["next"],
    logs: [],
    ends: { code: 3, released: false }
  })

  processFault({
    fault: "the handler calls `process.exit(0)`",
    event: "exit with 0",
    sees: ["next"],
    logs: [],
    ends: { code: 0, released: false }
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
      "WARN the Runtime API answered 410 to /response: InvokeTimeout: Invoke timeout. The invocation is over; the next one " +
      "is served"
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
    ends: { code: null, signal: "SIGKILL", released: false }
  })

  processFault({
    fault: "the handler uses all memory",
    event: "use all memory",
    variables: { NODE_OPTIONS: "--max-old-space-size=40" },
    sees: ["next"],
    logs: ["JavaScript heap out of memory"],
    ends: { code: null, signal: "SIGABRT", released: false }
  })

  const closedOutput = "test/fixtures/programs/closedOutput.ts"
  for (const [output, name] of [["stdout", "standard output"], ["stderr", "standard error"]] as const) {
    processFault({
      fault: `the handler writes to ${name}, and it is closed`,
      event: `write to ${name}`,
      path: closedOutput,
      variables: { PROGRAM: "faults.ts", OUTPUT: output },
      script: ({ giveAndAccept }) => giveAndAccept,
      sees: ["next", "a/response \"tea\"", "next"],
      logs: []
    })
  }

  processFault({
    fault: "the handler logs, and standard output is closed",
    event: "log",
    path: closedOutput,
    variables: { PROGRAM: "faults.ts", OUTPUT: "stdout" },
    script: ({ giveAndAccept }) => giveAndAccept,
    sees: ["next", "a/response \"tea\"", "next"],
    logs: []
  })
})
