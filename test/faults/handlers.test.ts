import { describe } from "@effect/vitest"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import * as Invocation from "../../src/Invocation.ts"
import * as Lambda from "../../src/Lambda.ts"
import * as LambdaResponse from "../../src/LambdaResponse.ts"
import { provedElsewhere, served } from "../support/faultRows.ts"
import { type Answer, fault, type Meanwhile, type Stage } from "../support/faultyFunction.ts"
import * as ScriptedPeer from "../support/scriptedPeer.ts"

class OutOfTea extends Data.TaggedError("OutOfTea")<{ readonly message: string }> {}

const outOfTea = new OutOfTea({ message: "none left" })

const tea = LambdaResponse.text("tea")

const acceptOne = ({ accept, give }: Stage) => Effect.andThen(give("a"), accept)

/** The handler fails; Lambda is told that it `reported`, and the log that it `logged`. */
const failing = (
  happens: string,
  answer: (meanwhile: Meanwhile) => Answer,
  reported: string,
  logged: string = reported
): void =>
  fault({
    fault: happens,
    answer,
    script: acceptOne,
    sees: ["next", `a/error ${reported}`, "next"],
    logs: [`ERROR the invocation failed ${logged}`]
  })

const cyclic: { name: string; self?: unknown } = { name: "cyclic" }
cyclic.self = cyclic

const causedByItself = new Error("caused by itself")
causedByItself.cause = causedByItself

const tooLarge =
  "Function.ResponseSizeTooLarge: Response payload size (6291557 bytes) exceeded maximum allowed payload " +
  "size (6291556 bytes). Stream larger answers with LambdaResponse.stream"

const exceeded = "Function.DeadlineExceeded: the invocation was interrupted 250 ms before its deadline"

const endless = (): never => endless()

describe("Handlers", () => {
  failing(
    "the handler throws",
    () =>
      Effect.sync(() => {
        throw new RangeError("too far")
      }),
    "RangeError: too far"
  )
  failing("the handler fails with `null`", () => Effect.fail(null), "null: null", "Error: Unknown error: null")
  failing(
    "the handler fails with `undefined`",
    () => Effect.fail(undefined),
    "undefined: undefined",
    "Error: Unknown error: undefined"
  )
  failing("the handler fails with a string", () => Effect.fail("no tea"), "string: no tea", "Error: no tea")
  failing(
    "the handler fails with an object that contains itself",
    () => Effect.fail(cyclic),
    "cyclic: [object Object]",
    "cyclic: {\"name\":\"cyclic\"}"
  )
  failing(
    "the handler fails with an error that is its own cause",
    () => Effect.fail(causedByItself),
    "Error: caused by itself"
  )
  failing(
    "the handler fails with an object without a prototype",
    () => Effect.fail(Object.create(null)),
    "object: {}",
    "Error: {}"
  )
  failing(
    "the handler calls itself until the stack is full",
    () => Effect.sync(endless),
    "RangeError: Maximum call stack size exceeded"
  )
  failing(
    "the handler rejects its promise",
    () => Effect.promise(() => Promise.reject(new Error("rejected"))),
    "Error: rejected"
  )
  failing(
    "the handler interrupts itself",
    () => Effect.interrupt,
    "Runtime.Interrupted: the invocation was interrupted",
    "InterruptError: All fibers interrupted without error"
  )
  failing(
    "the handler answers with something that is no response, which the compiler would have refused",
    () => Effect.sync(() => JSON.parse("null")),
    "TypeError: Cannot read properties of null (reading '_tag')"
  )

  fault({
    fault: "the handler answers twice: a callback is called again after it has answered",
    answer: () =>
      Effect.callback((resume) => {
        resume(Effect.succeed(tea))
        resume(Effect.succeed(LambdaResponse.text("more tea")))
        resume(Effect.fail(outOfTea))
      }),
    script: acceptOne,
    sees: ["next", "a/response tea", "next"],
    logs: []
  })

  fault({
    fault: "the handler leaves a fiber behind that never ends, and one that dies",
    answer: () =>
      Effect.forkDetach(Effect.never).pipe(
        Effect.andThen(Effect.forkScoped(Effect.never)),
        Effect.andThen(Effect.forkChild(Effect.die(outOfTea))),
        Effect.as(tea)
      ),
    script: acceptOne,
    sees: ["next", "a/response tea", "next"],
    logs: []
  })

  failing(
    "the handler interrupts the fiber that it runs in",
    () =>
      Effect.flatMap(Effect.fiber, (fiber) => Effect.andThen(Effect.forkDetach(Fiber.interrupt(fiber)), Effect.never)),
    "Runtime.Interrupted: the invocation was interrupted",
    "InterruptError: All fibers interrupted without error"
  )

  fault({
    fault: "the handler fails, and its finalizer dies too",
    answer: () => Effect.andThen(Effect.addFinalizer(() => Effect.die("broken")), Effect.fail(outOfTea)),
    script: acceptOne,
    sees: ["next", "a/error OutOfTea: none left", "next"],
    logs: [
      "ERROR the invocation failed OutOfTea: none left",
      "ERROR a finalizer of the invocation failed Error: broken"
    ]
  })

  fault({
    fault: "the handler answers, and its finalizer dies",
    answer: () => Effect.as(Effect.addFinalizer(() => Effect.die(outOfTea)), tea),
    script: acceptOne,
    sees: ["next", "a/response tea", "next"],
    logs: ["ERROR a finalizer of the invocation failed OutOfTea: none left"]
  })

  fault({
    fault: "the handler answers, and its background work fails",
    answer: () => Effect.as(Invocation.background(Effect.die(outOfTea)), tea),
    script: acceptOne,
    sees: ["next", "a/response tea", "next"],
    logs: ["ERROR background work failed OutOfTea: none left"]
  })

  fault({
    fault: "the handler answers more than 6,291,556 bytes",
    answer: () => Effect.sync(() => LambdaResponse.bytes(new Uint8Array(6_291_557))),
    script: acceptOne,
    sees: ["next", `a/error ${tooLarge}`, "next"],
    logs: [`ERROR the invocation failed ${tooLarge}`]
  })

  fault({
    fault: "the handler does not return, and `Lambda.DeadlineMargin` is 250 ms",
    answer: () => Effect.never,
    layer: Layer.succeed(Lambda.DeadlineMargin, "250 millis"),
    script: Effect.fnUntraced(function*({ accept, take }: Stage) {
      yield* (yield* take).respond({
        headers: ScriptedPeer.eventHeaders("a", { "Lambda-Runtime-Deadline-Ms": "3000" }),
        body: "\"fault\""
      })
      yield* ScriptedPeer.settle
      yield* TestClock.adjust("2750 millis")
      yield* accept
    }),
    sees: ["next", `a/error ${exceeded}`, "next"],
    logs: [`ERROR the invocation failed ${exceeded}`]
  })

  provedElsewhere("test/Concurrency.test.ts", [{
    fault: "the handler does not return, and nothing is set: Lambda ends the process at the deadline",
    sees: ["next"],
    logs: [],
    next: "SIGTERM from Lambda, see [the end of a process](#the-end-of-a-process)",
    title: "is left to Lambda where there is one and no margin"
  }, {
    fault: "the streamed answer does not begin, and `Lambda.DeadlineMargin` is 250 ms",
    sees: ["next", "a/error Function.DeadlineExceeded: …", "next"],
    logs: ["ERROR the invocation failed Function.DeadlineExceeded: …"],
    next: served,
    title: "fails a stream that has not begun by then, and the caller is told"
  }])

  provedElsewhere("test/Lambda.test.ts", [{
    fault: "the handler gets an event that is no JSON, or not of its schema",
    sees: ["next", "a/error EventError: …", "next"],
    logs: ["ERROR the invocation failed EventError: …"],
    next: served,
    title: "names every place that does not fit, and never reaches the handler"
  }])
})
