import { describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { exits, provedElsewhere } from "../support/faultRows.ts"
import { fault, type Stage } from "../support/faultyFunction.ts"
import { processFault, type Stage as ProcessStage } from "../support/faultyProcess.ts"
import * as ScriptedPeer from "../support/scriptedPeer.ts"

const interrupted = "Runtime.Interrupted: the invocation was interrupted"

const logs = ["ERROR the invocation failed InterruptError: All fibers interrupted without error"]

describe("The end of a process", () => {
  provedElsewhere("test/NodeLambda.test.ts", [
    {
      fault: "SIGTERM or SIGINT while an event is waited for",
      sees: ["next"],
      logs: [],
      next: exits(0),
      title: "ends with 0 on %s, releasing the layers in reverse order"
    },
    {
      fault: "SIGTERM, and the handler does not end within the grace period, as when its deadline has passed",
      sees: ["next", `a/error ${interrupted}`],
      logs,
      next: exits(0),
      title: "reports an invocation that does not end within the grace period after SIGTERM"
    }
  ])

  provedElsewhere("test/Lambda.test.ts", [{
    fault: "SIGTERM, and the handler ends within the grace period",
    sees: ["next", "a/response tea"],
    logs: [],
    next: exits(0),
    title: "lets the invocation end that is being served, then releases the layers"
  }])

  fault({
    fault: "SIGTERM comes together with an event",
    script: Effect.fnUntraced(function*({ accept, interrupt, take }: Stage) {
      const poll = yield* take
      // The event is on its way, and the function has not read it.
      yield* Effect.forkChild(poll.respond(ScriptedPeer.event("a", "\"fault\"")), { startImmediately: true })
      yield* interrupt
      yield* accept
    }),
    sees: ["next", "a/response tea"],
    logs: [],
    ends: ""
  })

  fault({
    fault: "SIGTERM comes when an event has begun to arrive",
    script: Effect.fnUntraced(function*({ accept, interrupt, take }: Stage) {
      const poll = yield* take
      const event = ScriptedPeer.encodeResponse(ScriptedPeer.event("a", "\"fault\""))
      yield* poll.connection.write(event.subarray(0, 50))
      yield* ScriptedPeer.settle
      yield* interrupt
      yield* ScriptedPeer.settle
      yield* poll.connection.write(event.subarray(50))
      yield* accept
    }),
    sees: ["next", `a/error ${interrupted}`],
    logs: [],
    ends: ""
  })

  provedElsewhere("test/RuntimeApi.pipelining.test.ts", [{
    fault: "SIGTERM comes together with an event that was asked for with the answer before (`pipelining`)",
    sees: ["next", "a/response", "next", "b/response"],
    logs: [],
    next: exits(0),
    title: "serves the event that comes together with the interruption"
  }])

  fault({
    fault: "SIGTERM, and the deadline of the invocation comes before the end of the grace period",
    answer: () => Effect.never,
    script: Effect.fnUntraced(function*({ accept, interrupt, take }: Stage) {
      const headers = ScriptedPeer.eventHeaders("a", { "Lambda-Runtime-Deadline-Ms": "100" })
      yield* (yield* take).respond({ headers, body: "\"fault\"" })
      yield* ScriptedPeer.settle
      yield* interrupt
      yield* ScriptedPeer.settle
      yield* TestClock.adjust("100 millis")
      yield* accept
    }),
    sees: ["next", `a/error ${interrupted}`],
    logs,
    ends: ""
  })

  fault({
    fault: "SIGTERM after the deadline of the invocation, as Lambda sends it when it has told the caller",
    answer: () => Effect.never,
    script: Effect.fnUntraced(function*({ accept, interrupt, take }: Stage) {
      const headers = ScriptedPeer.eventHeaders("a", { "Lambda-Runtime-Deadline-Ms": "100" })
      yield* (yield* take).respond({ headers, body: "\"fault\"" })
      yield* ScriptedPeer.settle
      yield* TestClock.adjust("101 millis")
      yield* interrupt
      yield* accept
    }),
    sees: ["next", `a/error ${interrupted}`],
    logs,
    ends: ""
  })

  const waiting = Effect.fnUntraced(function*({ give, program }: ProcessStage) {
    yield* give()
    yield* program.printed(/waiting/)
  })

  processFault({
    fault: "SIGTERM, and an exception that nobody catches",
    event: "throw at SIGTERM",
    script: Effect.fnUntraced(function*(stage) {
      yield* waiting(stage)
      yield* stage.program.kill("SIGTERM")
      yield* (yield* stage.take).respond(ScriptedPeer.accepted)
    }),
    sees: ["next", "a/error Error: thrown at SIGTERM"],
    logs: ["ERROR nobody caught an exception Error: thrown at SIGTERM"],
    ends: { code: 1, line: "thrown at SIGTERM", released: true }
  })

  processFault({
    fault: "SIGTERM, and an exception that nobody catches while the layers are released",
    event: "",
    variables: { LAYER: "throws while it is released" },
    script: ({ program, take }: ProcessStage) => Effect.andThen(take, program.kill("SIGTERM")),
    sees: ["next"],
    logs: ["ERROR nobody caught an exception Error: thrown by a finalizer"],
    ends: { code: 1, line: "thrown by a finalizer", released: true }
  })

  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    processFault({
      fault: `SIGTERM, and ${signal} while the handler goes on`,
      event: "wait",
      variables: { GRACE_PERIOD: "long" },
      script: Effect.fnUntraced(function*(stage) {
        yield* waiting(stage)
        yield* stage.program.kill("SIGTERM")
        // As often as it takes: those that follow at once are taken for the first.
        const again = Effect.forever(Effect.andThen(stage.program.kill(signal), Effect.sleep("20 millis")))
        yield* Effect.raceFirst(stage.program.exit, again)
      }),
      sees: ["next"],
      logs: [],
      ends: { code, line: `${signal} again: the process ends at once`, released: false }
    })
  }

  processFault({
    fault: "SIGTERM while a layer is built that cannot be interrupted",
    event: "",
    variables: { LAYER: "starts for ever, and cannot be interrupted" },
    script: ({ program }: ProcessStage) => Effect.andThen(program.printed(/starting/), program.kill("SIGTERM")),
    sees: [],
    logs: ["starting"],
    ends: {
      code: 1,
      line: "the process has not ended within 480 ms: its layers are still being built",
      released: false
    }
  })

  processFault({
    fault: "SIGTERM, and a layer is not released",
    event: "",
    variables: { LAYER: "is not released" },
    script: ({ program, take }: ProcessStage) => Effect.andThen(take, program.kill("SIGTERM")),
    sees: ["next"],
    logs: [],
    ends: {
      code: 1,
      line: "the process has not ended within 480 ms: finalizers are still running",
      released: false
    }
  })

  processFault({
    fault: "SIGTERM, long after the process has begun to end by itself, while its layers are released",
    event: "",
    variables: { LAYER: "is released at a signal", GRACE_PERIOD: "long" },
    script: Effect.fnUntraced(function*({ program, take }: ProcessStage) {
      yield* (yield* take).respond({ status: 403 })
      yield* program.printed(/releasing/)
      // A second signal would count by now.
      yield* Effect.sleep("300 millis")
      yield* program.kill("SIGTERM")
    }),
    sees: ["next"],
    logs: [],
    ends: { code: 1, line: "the Runtime API answered 403 to /next", released: true }
  })

  processFault({
    fault: "SIGTERM and SIGINT at once, as when Ctrl-C also makes npm pass on a signal",
    event: "",
    script: Effect.fnUntraced(function*({ program, take }: ProcessStage) {
      yield* take
      yield* program.kill("SIGTERM")
      yield* program.kill("SIGINT")
    }),
    sees: ["next"],
    logs: [],
    ends: { code: 0, released: true }
  })

  provedElsewhere("test/ending.test.ts", [
    {
      fault: "SIGTERM, and background work of the handler does not end",
      sees: ["next", "a/response tea"],
      logs: ["WARN the process ends before the background work of the invocation"],
      next: exits(0),
      title: "says in one line that it cuts off the %s of an invocation"
    },
    {
      fault: "SIGTERM, and a finalizer of the handler does not end",
      sees: ["next", "a/response tea"],
      logs: ["WARN the process ends before the finalizers of the invocation"],
      next: exits(0),
      title: "says in one line that it cuts off the %s of an invocation"
    }
  ])

  provedElsewhere("test/shutdown.test.ts", [
    {
      fault: "SIGTERM, and the handler cannot be interrupted",
      sees: ["next", `a/error ${interrupted}`],
      logs,
      next: exits(0),
      title: "whose handler cannot be interrupted"
    },
    {
      fault: "SIGTERM, and Lambda says nothing to the report of the handler's interruption",
      sees: ["next", `a/error ${interrupted}`],
      logs,
      next: exits(0),
      title: "whose report nobody takes"
    },
    {
      fault: "SIGTERM, and Lambda says nothing to the answer",
      sees: ["next", "a/response tea"],
      logs: [],
      next: exits(0),
      title: "whose answer nobody takes"
    },
    {
      fault: "SIGTERM, and a stream goes on",
      sees: ["next", `a/response one, then ${interrupted}`],
      logs,
      next: exits(0),
      title: "in the middle of a stream, whose end says why"
    },
    {
      fault: "the connection is lost, and a layer is not released",
      sees: ["next"],
      logs: [],
      next: exits(
        1,
        "no connection to the Runtime API at HOST for /next: the connection was reset (ECONNRESET); the process has not " +
          "ended within 480 ms: finalizers are still running"
      ),
      title: "ends also when a layer is not released"
    },
    {
      fault: "Lambda says nothing to the report of a failed start",
      sees: ["init/error OutOfTea: none left"],
      logs: ["ERROR the function could not start OutOfTea: none left"],
      next: exits(1, "none left"),
      title: "ends also when nobody takes its report"
    }
  ])
})
