import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Data from "effect/Data"
import * as Redactable from "effect/Redactable"
import * as Schema from "effect/Schema"
import * as ErrorReport from "../src/ErrorReport.ts"

class OutOfStock extends Data.TaggedError("OutOfStock")<{ readonly message: string }> {}

const report = (errorType: string, errorMessage = "", stackTrace: ReadonlyArray<string> = []) => ({
  errorType,
  errorMessage,
  stackTrace
})

describe("ErrorReport.fromCause", () => {
  it("prefers a failure to a defect, and a defect to an interruption", () => {
    const failure = Cause.fail(new OutOfStock({ message: "none" }))
    const defect = Cause.die(new RangeError("far"))
    const interruption = Cause.interrupt(1)
    assert.strictEqual(ErrorReport.fromCause(Cause.combine(defect, failure)).errorType, "OutOfStock")
    assert.strictEqual(ErrorReport.fromCause(Cause.combine(interruption, defect)).errorType, "RangeError")
    assert.strictEqual(ErrorReport.fromCause(interruption).errorType, "Runtime.Interrupted")
    assert.strictEqual(ErrorReport.fromCause(Cause.empty).errorType, "Runtime.Interrupted")
  })
})

describe("ErrorReport.fromError", () => {
  it.each([
    [new Error("plain"), "Error", "plain"],
    [new OutOfStock({ message: "none" }), "OutOfStock", "none"],
    [{ _tag: "Tagged", message: "no Error" }, "Tagged", "no Error"],
    [{ code: 42 }, "object", "{\"code\":42}"],
    [{ code: 42n }, "object", "{\"code\":\"42\"}"],
    [{ [Redactable.symbolRedactable]: () => "hidden", password: "hunter2" }, "object", "\"hidden\""],
    ["text", "string", "text"],
    [42n, "bigint", "42"],
    [undefined, "undefined", "undefined"],
    [null, "null", "null"],
    [Symbol.for("s"), "symbol", "Symbol(s)"]
  ])("describes %s", (error, errorType, errorMessage) => {
    const { stackTrace: _, ...described } = ErrorReport.fromError(error)
    assert.deepStrictEqual(described, { errorType, errorMessage })
  })

  it("survives what cannot be described", () => {
    const cycle: { self?: unknown } = {}
    cycle.self = cycle
    assert.strictEqual(ErrorReport.fromError(cycle).errorMessage, "[object Object]")
    assert.strictEqual(ErrorReport.fromError(Object.create(null)).errorMessage, "{}")
  })

  it("keeps the frames of the stack apart from a message that looks like one", () => {
    const error = new Error("first\n    at nowhere (message.ts:1:1)")
    const { stackTrace } = ErrorReport.fromError(error)
    assert.isAbove(stackTrace.length, 0)
    assert.isTrue(stackTrace.every((line) => line.startsWith("at ") && !line.includes("message.ts")))
  })
})

describe("ErrorReport.toJson", () => {
  it.prop("is valid JSON whatever the message holds", [Schema.String], ([message]) => {
    assert.deepStrictEqual(JSON.parse(ErrorReport.toJson(report("E", message))), report("E", message))
  })

  it("escapes control characters", () => {
    assert.strictEqual(
      ErrorReport.toJson(report("E", "a\n\t\u0001\"\\")),
      "{\"errorType\":\"E\",\"errorMessage\":\"a\\n\\t\\u0001\\\"\\\\\",\"stackTrace\":[]}"
    )
  })
})

describe("ErrorReport.functionErrorType", () => {
  it.each([
    ["OutOfStock", "Function.OutOfStock"],
    ["out_of-stock2", "Function.OutOfStock"],
    ["Runtime.ExitError", "Runtime.ExitError"],
    ["Function.ResponseSizeTooLarge", "Function.ResponseSizeTooLarge"],
    ["Runtime.bad", "Function.Bad"],
    ["Überlauf", "Function.Berlauf"],
    ["a", "Function.Error"],
    ["", "Function.Error"],
    ["42", "Function.Error"]
  ])("takes %j to Lambda's form", (errorType, expected) => {
    assert.strictEqual(ErrorReport.functionErrorType(report(errorType)), expected)
  })

  it.prop("always has Lambda's form", [Schema.String], ([errorType]) => {
    assert.match(ErrorReport.functionErrorType(report(errorType)), /^(Runtime|Function)\.[A-Z][A-Za-z]+$/)
  })
})

describe("ErrorReport.toXRayCause", () => {
  it("takes the stack apart", () => {
    const cause = JSON.parse(ErrorReport.toXRayCause(
      report("E", "m", ["at f (/var/task/a.js:10:5)", "at async file:///var/task/b.js:7:1", "at <anonymous>"]),
      "/var/task"
    ))
    assert.deepStrictEqual(cause, {
      working_directory: "/var/task",
      exceptions: [{
        type: "E",
        message: "m",
        stack: [
          { path: "/var/task/a.js", line: 10, label: "f" },
          { path: "async file:///var/task/b.js", line: 7, label: "anonymous" },
          { path: "at <anonymous>", line: 0, label: "" }
        ]
      }],
      paths: ["/var/task/a.js", "async file:///var/task/b.js", "at <anonymous>"]
    })
  })

  it.prop("is a header value of at most 64 KiB", [Schema.String, Schema.Array(Schema.String)], ([message, lines]) => {
    for (const times of [1, 20_000]) {
      const cause = ErrorReport.toXRayCause(report(message, message.repeat(times), lines), "/tmp")
      assert.match(cause, /^[\x20-\x7e]*$/)
      assert.isAtMost(cause.length, ErrorReport.MaxXRayCauseSize)
      JSON.parse(cause)
    }
  })

  it("drops the stack when it is too long", () => {
    const cause = ErrorReport.toXRayCause(
      report("E", "😀".repeat(10_000), Array.from({ length: 5_000 }, (_, n) => `at f (/var/task/${n}.js:1:1)`)),
      "/tmp"
    )
    assert.isAtMost(cause.length, ErrorReport.MaxXRayCauseSize)
    assert.isTrue(JSON.parse(cause).exceptions[0].message.startsWith("😀😀"))
  })
})
