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
      fault: "one of them goes on past its deadline, and cannot be interrupted",
      sees: ["late/error Function.DeadlineExceeded: …"],
      logs: ["ERROR the invocation failed …", "WARN the handler has ended 2000 ms after it was interrupted"],
      next: "the next event is served when it has ended, and the others go on",
      title: "is kept also by a handler that cannot be interrupted, whose worker waits for it"
    },
    {
      fault: "one of them streams its answer past its deadline",
      sees: ["late/response first, then Function.DeadlineExceeded: …"],
      logs: ["ERROR the invocation failed …"],
      next: `${served}, and the others go on`,
      title: "is what the end of a stream says that it cuts off"
    },
    {
      fault: "the background work of one goes on past its deadline",
      sees: ["late/response tea"],
      logs: ["WARN the background work of the invocation was interrupted at its deadline"],
      next: `${served}, and the others go on`,
      title: "is kept by background work too, and the worker goes on"
    },
    {
      fault: "the connection of a poll is lost",
      sees: ["next", "↻ next"],
      logs: ["WARN … Asking again in 100 ms"],
      next: `${served}, and the others go on`,
      title: "is over with the next poll, and the others do not notice"
    },
    {
      fault: "an event does not say which one it is",
      sees: ["next", "next"],
      logs: [
        "WARN the Runtime API sent an event whose header Lambda-Runtime-Aws-Request-Id is missing. Asking again in 100 ms"
      ],
      next: `${served}, and the others go on`,
      title: "is over with the next poll when an event does not say which one it is"
    },
    {
      fault: "every poll gets 500, for a quarter of an hour",
      sees: ["next, 20 times on every connection"],
      logs: ["WARN … Asking again in … ms", "ERROR … This worker has asked 20 times, and asks no more"],
      next: exits(1, ""),
      title: "waits twice as long before each further poll, and 19 polls later gives up with all others"
    },
    {
      fault: "the connection is lost in the middle of a streamed answer",
      sees: ["one/response 1", "↻ next"],
      logs: ["ERROR no connection to the Runtime API at HOST for /response: … The invocation is over"],
      next: `${served}, and the others go on`,
      title: "costs the stream whose connection is lost, and nothing else"
    },
    {
      fault: "an answer gets 500",
      sees: ["one/response 1", "next"],
      logs: ["ERROR the Runtime API answered 500 to /response. The invocation is over"],
      next: `${served}, and the others go on`,
      title: "costs the answer that could not be left, and nothing else"
    }
  ])

  provedElsewhere("test/uncaughtFailure.test.ts", [
    {
      fault: "one of them leaves a timer that throws",
      sees: ["guilty/error Error: thrown by a timer", "innocent/response \"tea\""],
      logs: ["ERROR nobody caught an exception Error: thrown by a timer"],
      next: exits(1, "thrown by a timer"),
      title: "fails its own invocation at once where there are several, and lets the others end"
    },
    {
      fault: "a timer throws that belongs to none of them, and they do not end within the grace period",
      sees: ["a/error Error: broken", "b/error Error: broken"],
      logs: [
        "ERROR nobody caught an exception Error: broken",
        "ERROR the invocation is cut off: an exception that nobody caught ends the process"
      ],
      next: exits(1, "broken"),
      title: "is what those are told that do not end within the grace period"
    },
    {
      fault: "a timer throws that belongs to none of them, and they stream for longer than the grace period",
      sees: ["a/response one, then Error: broken", "b/response one, then Error: broken"],
      logs: [
        "ERROR nobody caught an exception Error: broken",
        "ERROR the invocation is cut off: an exception that nobody caught ends the process"
      ],
      next: exits(1, "broken"),
      title: "cuts off the streams of several, and their ends say why"
    }
  ])
})
