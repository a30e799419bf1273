import { describe } from "@effect/vitest"
import { exits, provedElsewhere, served } from "../support/faultRows.ts"

const goesOn = `another thread takes its place, ${served}, and the other threads go on`

describe("Several threads", () => {
  const died = "the thread that served the invocation has died"
  const death = "by $event is told and made good, and others go on"
  provedElsewhere("test/NodeLambda.threads.test.ts", [
    {
      fault: "the layers of one or more of them cannot be built",
      sees: ["init/error DatabaseError: the database is down"],
      logs: ["ERROR the function could not start DatabaseError: the database is down"],
      next: "the exit code of the error, 1 unless it has one: `effect-lambda-runtime: the database is down`",
      title: "fails once where %i of them cannot build theirs"
    },
    {
      fault: "the handler calls `process.exit(3)`",
      sees: [`a/error Runtime.ExitError: ${died}: it exited with code 3`],
      logs: [
        "ERROR thread 2 of 2 has died: it exited with code 3. Another takes its place in 100 ms",
        `ERROR the invocation failed: ${died}: it exited with code 3`
      ],
      next: goesOn,
      title: death
    },
    {
      fault: "the handler leaves a timer that throws, before it has answered",
      sees: ["a/error Error: thrown by a timer"],
      logs: [
        "ERROR nobody caught an exception Error: thrown by a timer",
        "ERROR thread 2 of 2 has died: thrown by a timer. Another takes its place in 100 ms"
      ],
      next: goesOn,
      title: death
    },
    {
      fault: "the handler uses all memory of its thread",
      sees: [
        `a/error Runtime.OutOfMemory: ${died}: Worker terminated due to reaching memory limit: JS heap out of memory`
      ],
      logs: [
        "ERROR thread 2 of 2 has died: Worker terminated due to reaching memory limit: JS heap out of memory. Another takes " +
        "its place in 100 ms"
      ],
      next: goesOn,
      title: death
    },
    {
      fault: "the handler blocks its event loop for ever, and SIGTERM ends the process",
      sees: [`a/error Runtime.ExitError: ${died}: it did not hear within 400 millis that it is to end`],
      logs: [
        "ERROR thread 1 of 2 has ended before its invocations: it did not hear within 400 millis that it is to end"
      ],
      next: exits(0, ""),
      title: "arrives while they compute"
    },
    {
      fault: "the layers of one are not released, and SIGTERM ends the process",
      sees: [],
      logs: ["ERROR thread 1 of 2 was cut off: it has not ended within 430 ms"],
      next: exits(0, ""),
      title: "cut off a thread that has heard of them, and does not end"
    },
    {
      fault: "a finalizer of the layers dies, and SIGTERM ends the process",
      sees: [],
      logs: [],
      next: exits(1, "effect-lambda-runtime: it cannot be closed"),
      title: "end with the failure of a layer that cannot be released, as in one thread"
    },
    {
      fault: "SIGTERM comes when an event has begun to arrive, and it arrives no further",
      sees: ["one/error Runtime.Interrupted: the invocation was interrupted"],
      logs: [],
      next: exits(0, ""),
      title: "end threads also while an event is arriving, which never does"
    },
    {
      fault: "SIGTERM comes before the program of a thread has called `NodeLambda.runMainThreads`",
      sees: [],
      logs: [],
      next: exits(0, ""),
      title: "wait for no thread whose program has not come to our call"
    }
  ])

  provedElsewhere("test/NodeLambda.supervisor.test.ts", [
    {
      fault: "one dies ten times in a row, each time within a minute",
      sees: ["a/error Runtime.ExitError: …, 10 times"],
      logs: ["ERROR thread 1 of 1 has died: it exited with code 3. Another takes its place in 25600 ms"],
      next: exits(1, "effect-lambda-runtime: thread 1 of 1 has died 10 times in a row: it exited with code 3"),
      title: "is replaced after a time that doubles, and the tenth time in a row ends the process"
    },
    {
      fault: "there is none while one is replaced",
      sees: ["a/response …, when there is one again"],
      logs: [],
      next: served,
      title: "leaves an event to the next one, where there is no other"
    },
    {
      fault: "every poll gets 500, for a quarter of an hour",
      sees: ["next, 20 times on every connection"],
      logs: ["WARN … Asking again in … ms", "ERROR … This worker has asked 20 times, and asks no more"],
      next: exits(1, ""),
      title: "ends when no poll is answered for a quarter of an hour"
    }
  ])
})
