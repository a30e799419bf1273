import { describe } from "@effect/vitest"
import { exits, provedElsewhere, served } from "../support/faultRows.ts"

describe("Several invocations at a time", () => {
  provedElsewhere("test/Concurrency.test.ts", [
    {
      fault: "one of them fails, or dies",
      sees: ["a/error …"],
      logs: ["ERROR the invocation failed …"],
      next: `${served}, and the others go on`,
      title: "fail alone"
    },
    {
      fault: "one of them goes on past its deadline",
      sees: ["a/error Function.DeadlineExceeded: …"],
      logs: ["ERROR the invocation failed …"],
      next: `${served}, and the others go on`,
      title: "interrupts it where there are several, and the worker goes on"
    },
    {
      fault: "the connection of a poll is lost",
      sees: ["next", "↻ next"],
      logs: ["WARN … Asking again in 100 ms"],
      next: `${served}, and the others go on`,
      title: "is over with the next poll, and the others do not notice"
    },
    {
      fault: "every poll gets 500, for a quarter of an hour",
      sees: ["next, 20 times on every connection"],
      logs: ["WARN … Asking again in … ms"],
      next: exits(1, ""),
      title: "waits twice as long before each further poll, and 19 polls later gives up with all others"
    },
    {
      fault: "an answer gets 500",
      sees: ["one/response 1", "next"],
      logs: ["ERROR the Runtime API answered 500 to /response. The invocation is over"],
      next: `${served}, and the others go on`,
      title: "costs the answer that could not be left, and nothing else"
    }
  ])
})
