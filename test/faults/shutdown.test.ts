import { describe } from "@effect/vitest"
import { exits, provedElsewhere } from "../support/faultRows.ts"

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

  provedElsewhere("test/shutdown.test.ts", [
    {
      fault: "SIGTERM, and the handler cannot be interrupted",
      sees: ["next"],
      logs: [],
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
      fault: "SIGTERM, and background work or a finalizer of the handler does not end",
      sees: ["next", "a/response tea"],
      logs: [],
      next: exits(0),
      title: "whose %s does not end"
    },
    {
      fault: "SIGTERM, and a stream goes on",
      sees: ["next", `a/response one, then ${interrupted}`],
      logs,
      next: exits(0),
      title: "in the middle of a stream, whose end says why"
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
