import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Redactable from "effect/Redactable"
import * as Redacted from "effect/Redacted"
import * as References from "effect/References"
import * as TestClock from "effect/testing/TestClock"
import * as ErrorReport from "../src/ErrorReport.ts"
import * as jsonRecord from "../src/internal/logger/jsonRecord.ts"
import * as output from "../src/internal/logger/output.ts"
import * as textRecord from "../src/internal/logger/textRecord.ts"
import * as Invocation from "../src/Invocation.ts"
import * as LambdaLogger from "../src/LambdaLogger.ts"

/** The lines that a formatter makes of what a program logs. */
const linesOf = (formatter: Logger.Logger<unknown, string>, program: Effect.Effect<unknown>) =>
  Effect.suspend(() => {
    const lines: Array<string> = []
    const logger = Logger.map(formatter, (line) => void lines.push(line))
    return Effect.as(Effect.provide(program, Logger.layer([logger])), lines)
  })

const textOf = (program: Effect.Effect<unknown>) =>
  Effect.map(linesOf(LambdaLogger.formatText, program), ([line = ""]) => line)

const recordOf = (program: Effect.Effect<unknown>) =>
  Effect.map(linesOf(LambdaLogger.formatJson, program), ([line = ""]): Record<string, unknown> => JSON.parse(line))

class OutOfStock extends Data.TaggedError("OutOfStock")<{ readonly message: string; readonly sku: string }> {}

class Named extends Error {}

class Timeout extends Data.TaggedError("Timeout")<{ readonly message: string; readonly millis: number }> {}

class QueryError extends Data.TaggedError("QueryError")<{ readonly reason: Timeout }> {
  override get message() {
    return this.reason.message
  }
}

const cycle: Record<string, unknown> = { name: "a cycle", list: [1n] }
cycle["self"] = { again: cycle }

const unreadable = {
  fine: 1,
  get broken(): never {
    throw new Error("broken")
  },
  nested: {
    toJSON: (): never => {
      throw new Error("also broken")
    },
    fine: 2
  }
}

const hostile = new Proxy({}, {
  get: () => {
    throw new Error("get")
  },
  has: () => {
    throw new Error("has")
  },
  ownKeys: () => {
    throw new Error("ownKeys")
  },
  getPrototypeOf: () => {
    throw new Error("getPrototypeOf")
  }
})

const confidential = { password: "hunter2", [Redactable.symbolRedactable]: () => ({ password: "<hidden>" }) }

const leaky = { ...confidential, toJSON: () => "hunter2" }

/** As the errors of some HTTP clients, which hold sockets, agents and credentials. */
class ResponseError extends Error {
  readonly status = 503
  readonly request = { agent: cycle, password: "hunter2" }
  toJSON() {
    return { message: this.message, name: this.name, stack: this.stack, status: this.status }
  }
}

class LoginFailed extends Data.TaggedError("LoginFailed")<{ readonly user: string; readonly password: string }> {
  [Redactable.symbolRedactable]() {
    return { user: this.user, password: "<hidden>" }
  }
}

const deep = (levels: number): unknown => levels === 0 ? "the end" : { inside: deep(levels - 1) }

describe("formatJson", () => {
  it.effect.each<readonly [string, unknown, unknown]>([
    ["text", "tea", "tea"],
    ["text with everything in it", "\"\\\n\r\t\u0000\u001b\u2028\u0085é🍵", "\"\\\n\r\t\u0000\u001b\u2028\u0085é🍵"],
    ["half a character", "\ud83c", "\ud83c"],
    ["a number", 1.5, 1.5],
    ["what is no number", Number.NaN, null],
    ["nothing", undefined, null],
    ["null", null, null],
    ["a bigint", 2n ** 70n, "1180591620717411303424"],
    ["a symbol", Symbol("s"), "Symbol(s)"],
    ["a function", function brew() {}, "[Function brew]"],
    ["a date", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["what is no date", new Date(Number.NaN), null],
    ["an object", { a: 1, b: undefined, c: [undefined] }, { a: 1, c: [null] }],
    ["a Map with text keys", new Map([["a", 1n]]), { a: "1" }],
    ["a Map with other keys", new Map([[1, "a"]]), [[1, "a"]]],
    ["a Set", new Set(["a"]), ["a"]],
    ["bytes", new Uint8Array([1, 2, 3]), "AQID"],
    ["a Buffer", { bytes: Buffer.from("tea") }, { bytes: "dGVh" }],
    ["an Option", Option.some(1), { _id: "Option", _tag: "Some", value: 1 }],
    ["a Redacted", { secret: Redacted.make("hunter2"), labelled: Redacted.make("hunter2", { label: "key" }) }, {
      secret: "<redacted>",
      labelled: "<redacted:key>"
    }],
    ["what says how it is redacted", [confidential, { confidential }], [{ password: "<hidden>" }, {
      confidential: { password: "<hidden>" }
    }]],
    ["the same, though it has a toJSON", leaky, { password: "<hidden>" }],
    ["what a toJSON gives that says so", { toJSON: () => confidential }, { password: "<hidden>" }],
    ["what a toJSON gives that JSON has no form for", { a: { toJSON: () => 1n }, b: { toJSON: () => new Set([1]) } }, {
      a: "1",
      b: [1]
    }],
    ["a regular expression", /a"b/g, "/a\"b/g"],
    ["a buffer of bytes", new Uint8Array([1, 2, 3]).buffer, "AQID"],
    ["a cycle", cycle, { name: "a cycle", list: ["1"], self: { again: "[Circular]" } }],
    ["a secret in a cycle", Object.assign([cycle, confidential, Redacted.make("hunter2")]), [
      { name: "a cycle", list: ["1"], self: { again: "[Circular]" } },
      { password: "<hidden>" },
      "<redacted>"
    ]],
    ["what throws when it is read", unreadable, {
      fine: 1,
      broken: "[Unreadable]",
      nested: { toJSON: "[Function toJSON]", fine: 2 }
    }],
    ["what throws whatever is done with it", [hostile], ["[Unreadable]"]],
    ["a toJSON that never ends, in a cycle", [cycle, { toJSON: toJsonAgain }], [
      { name: "a cycle", list: ["1"], self: { again: "[Circular]" } },
      "[Object]"
    ]],
    ["a prototype's name", JSON.parse("{\"__proto__\":{\"a\":1}}"), JSON.parse("{\"__proto__\":{\"a\":1}}")],
    ["what goes on and on, with a cycle", { deep: deep(20), cycle }, {
      deep: nest(8, "[Object]"),
      cycle: { name: "a cycle", list: ["1"], self: { again: "[Circular]" } }
    }]
  ])("has a form for %s", ([_, value, expected]) =>
    Effect.gen(function*() {
      const [line = ""] = yield* linesOf(LambdaLogger.formatJson, Effect.log(value))
      assert.deepStrictEqual(JSON.parse(line).message, expected)
      assert.notMatch(line, /[\p{Cc}\u2028\u2029]/u)
      assert.notInclude(line, "hunter2")
    }))

  it.effect("takes the fields in the order of the official runtime", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(1_795_000_000_123)
      const [line] = yield* linesOf(
        LambdaLogger.formatJson,
        Effect.logWarning("low").pipe(
          Effect.annotateLogs({ sku: "t-1", traceId: "Root=1", tenantId: "blue", requestId: "id" }),
          Effect.withLogSpan("check")
        )
      )
      assert.strictEqual(
        line,
        "{\"timestamp\":\"2026-11-18T11:06:40.123Z\",\"level\":\"WARN\",\"requestId\":\"id\",\"tenantId\":\"blue\"," +
          "\"traceId\":\"Root=1\",\"message\":\"low\",\"annotations\":{\"sku\":\"t-1\"},\"spans\":{\"check\":0}}"
      )
    }))

  it.effect("has the level in Lambda's words", () =>
    Effect.gen(function*() {
      const all = Effect.all([
        Effect.logTrace(""),
        Effect.logDebug(""),
        Effect.logInfo(""),
        Effect.logWarning(""),
        Effect.logError(""),
        Effect.logFatal("")
      ])
      const lines = yield* linesOf(
        LambdaLogger.formatJson,
        Effect.provideService(all, References.MinimumLogLevel, "All")
      )
      assert.deepStrictEqual(
        lines.map((line) => JSON.parse(line).level),
        ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"]
      )
    }))

  it.effect("has several values as an array, and none as no text", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual((yield* recordOf(Effect.log("a", { b: 1 }, 2)))["message"], ["a", { b: 1 }, 2])
      assert.strictEqual((yield* recordOf(Effect.log()))["message"], "")
    }))

  it.effect("has `-` for the request id outside an invocation, and only then", () =>
    Effect.gen(function*() {
      const record = yield* recordOf(Effect.annotateLogs(Effect.log("a"), { traceId: "mine", requestId: 7 }))
      assert.strictEqual(record["requestId"], "-")
      assert.deepStrictEqual(record["annotations"], { traceId: "mine", requestId: 7 })
    }))

  it.effect("has an error in a message with its fields and its cause", () =>
    Effect.gen(function*() {
      const error = Object.assign(new Named("outer", { cause: new TypeError("inner") }), { status: 503 })
      const { message } = yield* recordOf(Effect.log("failed:", { error }))
      const [, { error: encoded }] = Object(message)
      assert.deepStrictEqual(Object.keys(encoded), ["errorType", "errorMessage", "stackTrace", "status", "cause"])
      assert.deepStrictEqual([encoded.errorType, encoded.errorMessage, encoded.status], ["Named", "outer", 503])
      assert.match(encoded.stackTrace[1], /^ {4}at .*LambdaLogger\.test/)
      assert.deepStrictEqual([encoded.cause.errorType, encoded.cause.errorMessage], ["TypeError", "inner"])
    }))

  it.effect("has the errors of an AggregateError", () =>
    Effect.gen(function*() {
      const { message } = yield* recordOf(Effect.log(new AggregateError([new Error("one"), "two"], "both")))
      assert.deepStrictEqual(
        Object(message).errors.map((error: unknown) => typeof error === "string" ? error : Object(error).errorMessage),
        ["one", "two"]
      )
    }))

  it.effect("has what an error tells of itself, where it decides that", () =>
    Effect.gen(function*() {
      const { message } = yield* recordOf(Effect.log(new ResponseError("unavailable")))
      assert.deepStrictEqual(Object.keys(Object(message)), ["errorType", "errorMessage", "stackTrace", "status"])
      const failure = Effect.logError("failed", Cause.fail(new ResponseError("unavailable")))
      assert.deepStrictEqual((yield* recordOf(failure))["cause"], [{ _tag: "Fail", status: 503 }])
      assert.match(yield* textOf(failure), /\{"status":503\}$/)
    }))

  it.effect.each<readonly [string, unknown]>([
    ["an object", confidential],
    ["an object inside", { account: confidential }],
    ["an object that has a toJSON", leaky],
    ["an error", new LoginFailed({ user: "ada", password: "hunter2" })],
    ["an error as the cause", new Error("no entry", { cause: new LoginFailed({ user: "ada", password: "hunter2" }) })],
    ["a Redacted", Redacted.make("hunter2")]
  ])("keeps the secret of what a program fails with: %s", ([_, error]) =>
    Effect.gen(function*() {
      for (const cause of [Cause.fail(error), Cause.die(error), Cause.combine(Cause.fail("a"), Cause.die(error))]) {
        const program = Effect.logError("failed", cause)
        const lines = [...yield* linesOf(LambdaLogger.formatJson, program), yield* textOf(program)]
        for (const line of lines) assert.notInclude(line, "hunter2")
      }
      assert.notInclude(ErrorReport.toJson(ErrorReport.fromError(error)), "hunter2")
    }))

  it.effect("has of an error what can be read", () =>
    Effect.gen(function*() {
      const noConstructor = Object.assign(new Error("a"), { constructor: undefined })
      assert.include(Object((yield* recordOf(Effect.log(noConstructor)))["message"]), {
        errorType: "Error",
        errorMessage: "a"
      })
      const noMessage = Object.defineProperty(Object.assign(new RangeError(), { status: 1 }), "message", {
        get: () => {
          throw new Error("no message")
        }
      })
      assert.include(Object((yield* recordOf(Effect.log(noMessage)))["message"]), {
        errorType: "RangeError",
        errorMessage: "[Unreadable]",
        status: 1
      })
    }))

  it.effect("says no more of a plain failure than the official runtime", () =>
    Effect.gen(function*() {
      const record = yield* recordOf(Effect.logError("failed", Cause.fail(new RangeError("out of range"))))
      assert.deepStrictEqual(Object.keys(record).slice(3), ["message", "errorType", "errorMessage", "stackTrace"])
      assert.deepStrictEqual([record["errorType"], record["errorMessage"]], ["RangeError", "out of range"])
      assert.strictEqual(Object(record["stackTrace"])[0], "RangeError: out of range")
    }))

  it.effect.each<readonly [string, Cause.Cause<unknown>, unknown]>([
    ["a defect", Cause.die(new TypeError("a")), [{ _tag: "Die" }]],
    ["an interruption", Cause.interrupt(3), [{ _tag: "Interrupt", fiberId: 3 }]],
    ["fields", Cause.fail(new OutOfStock({ message: "a", sku: "t" })), [
      { _tag: "Fail", sku: "t" }
    ]],
    ["what is no error", Cause.fail({ _tag: "Odd", sku: "t" }), [
      { _tag: "Fail", sku: "t" }
    ]],
    [
      "two failures",
      Cause.combine(Cause.fail("a"), Cause.fail("b")),
      [
        { _tag: "Fail" },
        { _tag: "Fail", errorType: "string", errorMessage: "b", stackTrace: ["Error: b"] }
      ]
    ]
  ])("lists the reasons of a cause: %s", ([_, cause, expected]) =>
    Effect.gen(function*() {
      const record = yield* recordOf(Effect.logError("failed", cause))
      assert.deepStrictEqual(record["cause"], expected)
      assert.isArray(record["stackTrace"])
    }))

  it.effect("says once what an error has from its reason", () =>
    Effect.gen(function*() {
      const error = new QueryError({ reason: new Timeout({ message: "no answer", millis: 100 }) })
      const cause = Cause.fail(error)
      const record = yield* recordOf(Effect.logError("failed", cause))
      assert.strictEqual(record["errorMessage"], error.message)
      assert.deepStrictEqual(record["cause"], [{ _tag: "Fail", reason: { errorType: "Timeout", millis: 100 } }])
      const text = yield* textOf(Effect.logError("failed", cause))
      assert.strictEqual(text.split(error.message).length, 2)
      assert.notInclude(text, "reason")
    }))

  it.effect("reports a failure whose error cannot be read", () =>
    Effect.gen(function*() {
      const error = Object.defineProperty(new Error("a"), "stack", {
        get: () => {
          throw new Error("no stack")
        }
      })
      const record = yield* recordOf(Effect.logError("failed", Cause.fail(error)))
      assert.deepStrictEqual([record["errorType"], record["errorMessage"]], ["Error", "a"])
      assert.match(yield* textOf(Effect.logError("failed", Cause.fail(error))), /\tfailed\rError: a$/)
    }))
})

describe("formatText", () => {
  it.effect("separates columns by tabs", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(1_795_000_000_123)
      const line = yield* textOf(
        Effect.logWarning("low on", { sku: "t-1" }, 3).pipe(
          Effect.annotateLogs({ note: "a b", "a key": "x=y", tenantId: "blue", requestId: "id" }),
          Effect.withLogSpan("check")
        )
      )
      assert.strictEqual(
        line,
        "2026-11-18T11:06:40.123Z\tid\tWARN\tlow on {\"sku\":\"t-1\"} 3\ttenantId=blue note=\"a b\" a_key=\"x=y\" check=0ms"
      )
    }))

  it.effect("is one line, and steers no terminal", () =>
    Effect.gen(function*() {
      const program = Effect.log("a\nb\r\nc\u001b[2J\u0000\u009b\td").pipe(
        Effect.annotateLogs("forged", "\n2026 id INFO")
      )
      assert.match(
        yield* textOf(program),
        /\tINFO\ta\rb\rc\\x1b\[2J\\x00\\x9b\td\tforged="\\n2026 id INFO"$/
      )
    }))

  it.effect("has the stack of an error, its fields and what caused it", () =>
    Effect.gen(function*() {
      const error = Object.assign(new Named("outer", { cause: new TypeError("inner") }), { status: 503 })
      const lines = (yield* textOf(Effect.log("failed:", error))).split("\r")
      assert.match(lines[0] ?? "", /\tfailed: Error: outer$/)
      assert.match(lines[1] ?? "", /^ {4}at /)
      assert.isTrue(lines.some((line) => line.includes("[cause]: TypeError: inner")))
      assert.strictEqual(lines.at(-1), "    {\"status\":503}")
    }))
})

describe("withOutput", () => {
  it.effect.each<readonly [string, string, string]>([
    ["indented JSON", "{\n  \"a\": 1\n}", "{\r  \"a\": 1\r}"],
    ["text", "a\nb", "a\nb"]
  ])("writes one record: %s", ([_, record, expected]) =>
    Effect.gen(function*() {
      const written: Array<readonly [string, string]> = []
      const logger = LambdaLogger.withOutput(Logger.make(() => record))
      yield* Effect.log("").pipe(
        Effect.provide(Logger.layer([logger])),
        Effect.provideService(output.CurrentOutput, { write: (record, format) => void written.push([record, format]) })
      )
      assert.deepStrictEqual(written, [[expected, record.startsWith("{") ? "JSON" : "Text"]])
    }))
})

describe("the records of the console", () => {
  it("show what says how it is redacted as it says", () => {
    const head = { date: new Date(0), level: "INFO", requestId: "id", tenantId: undefined, traceId: undefined } as const
    for (const { fromConsole } of [jsonRecord, textRecord]) {
      assert.match(fromConsole(head, ["of", confidential]), /of \{ password: '<hidden>' \}/)
    }
  })
})

describe("the ids of an invocation", () => {
  const invocation = Invocation.make({
    requestId: "id",
    payload: new Uint8Array(),
    traceId: "Root=1",
    tenantId: "blue"
  })
  const inside = <A>(annotations: Record<string, unknown>, program: Effect.Effect<A>) =>
    Effect.annotateLogs(program, annotations).pipe(Effect.provideService(Invocation.Invocation, invocation))

  it.effect("stay in their places when a program has ids of the same names", () =>
    Effect.gen(function*() {
      const own = { requestId: "mine", traceId: "0af7651916cd43dd", tenantId: 7, orderId: "o-1" }
      const { annotations, requestId, tenantId, traceId } = yield* recordOf(inside(own, Effect.log("placed")))
      assert.deepStrictEqual({ requestId, traceId, tenantId }, { requestId: "id", traceId: "Root=1", tenantId: "blue" })
      assert.deepStrictEqual(annotations, {
        orderId: "o-1",
        requestId: "mine",
        tenantId: 7,
        traceId: "0af7651916cd43dd"
      })
      const columns = (yield* textOf(inside({ requestId: "mine" }, Effect.log("placed")))).split("\t")
      assert.deepStrictEqual(columns.slice(1), [
        "id",
        "INFO",
        "placed",
        "tenantId=blue traceId=\"Root=1\" requestId=mine"
      ])
    }))

  it.effect("are not said again among the annotations", () =>
    Effect.gen(function*() {
      const record = yield* recordOf(
        inside({ requestId: "id", traceId: "Root=1", tenantId: "blue" }, Effect.log("placed"))
      )
      assert.isFalse("annotations" in record)
    }))
})

const environment = (variables: Record<string, string>) => ConfigProvider.layer(ConfigProvider.fromEnvRecord(variables))

/** What a program finds under a layer, which is not to touch the console of the tests. */
const under = <A>(layer: Layer.Layer<never>, variables: Record<string, string>, found: Effect.Effect<A>) =>
  found.pipe(
    Effect.provide(layer),
    Effect.provideService(LambdaLogger.PatchConsole, false),
    Effect.provide(environment(variables))
  )

describe("the minimum level", () => {
  const { layer, layerJson, layerText } = LambdaLogger
  const onLambda = { AWS_LAMBDA_RUNTIME_API: "127.0.0.1:9001" }
  it.effect.each<readonly [string, Layer.Layer<never>, Record<string, string>, string]>([
    ["JSON", layerJson, {}, "Info"],
    ["JSON", layerJson, { AWS_LAMBDA_LOG_LEVEL: "ERROR", LOG_LEVEL: "DEBUG" }, "Error"],
    ["JSON", layerJson, { AWS_LAMBDA_LOG_LEVEL: "TRACE" }, "Trace"],
    ["JSON", layerJson, { LOG_LEVEL: "WARN" }, "Warn"],
    ["JSON", layerJson, { AWS_LAMBDA_LOG_LEVEL: " ", LOG_LEVEL: "WARN" }, "Warn"],
    ["text", layerText, {}, "Info"],
    ["text", layerText, { AWS_LAMBDA_LOG_LEVEL: "ERROR", LOG_LEVEL: "DEBUG" }, "Debug"],
    ["text", layerText, { LOG_LEVEL: "ERROR" }, "Error"],
    ["text", layerText, { AWS_LAMBDA_LOG_LEVEL: "TRACE" }, "Trace"],
    ["Lambda", layer, { ...onLambda, LOG_LEVEL: "error" }, "Error"],
    [
      "Lambda",
      layer,
      { ...onLambda, AWS_LAMBDA_LOG_FORMAT: "JSON", LOG_LEVEL: "error", AWS_LAMBDA_LOG_LEVEL: "info" },
      "Info"
    ],
    ["a laptop", layer, { LOG_LEVEL: "error", AWS_LAMBDA_LOG_LEVEL: "info" }, "Error"],
    ...[
      ["TRACE", "Trace"],
      ["debug", "Debug"],
      ["Info", "Info"],
      ["NOTICE", "Info"],
      ["WARN", "Warn"],
      ["warning", "Warn"],
      ["ERROR", "Error"],
      ["FATAL", "Fatal"],
      ["critical", "Fatal"]
    ].map(([word = "", level = ""]) => ["text", layerText, { LOG_LEVEL: word }, level] as const)
  ])("for %s with %j", ([_, layer, variables, expected]) =>
    Effect.gen(function*() {
      assert.strictEqual(yield* under(layer, variables, Effect.service(References.MinimumLogLevel)), expected)
    }))
})

describe("layer", () => {
  const loggersUnder = (variables: Record<string, string>) =>
    under(LambdaLogger.layer, variables, Effect.service(References.CurrentLoggers))

  it.effect("leaves the loggers as they are on a laptop, unless a format is asked for", () =>
    Effect.gen(function*() {
      const before = yield* References.CurrentLoggers
      assert.strictEqual(yield* loggersUnder({}), before)
      for (const AWS_LAMBDA_LOG_FORMAT of ["JSON", "Text"]) {
        assert.isFalse((yield* loggersUnder({ AWS_LAMBDA_LOG_FORMAT })).has(Logger.defaultLogger))
      }
    }))

  it.effect("makes records events of the current span, as Effect does", () =>
    Effect.gen(function*() {
      const loggers = yield* loggersUnder({ AWS_LAMBDA_RUNTIME_API: "127.0.0.1:9001" })
      assert.isTrue(loggers.has(Logger.tracerLogger))
      assert.isFalse(loggers.has(Logger.defaultLogger))
    }))

  it.effect("puts the console back in its place", () =>
    Effect.gen(function*() {
      const methods = ["trace", "debug", "info", "log", "warn", "error", "fatal"]
      const current = () => methods.map((name): unknown => Reflect.get(console, name))
      const before = current()
      const during = yield* Effect.sync(current).pipe(
        Effect.provide(LambdaLogger.layerText),
        Effect.provide(environment({}))
      )
      assert.deepStrictEqual(during.map((method, index) => method === before[index]), methods.map(() => false))
      assert.deepStrictEqual(current(), before)
      assert.isFalse(Reflect.has(console, "fatal"))
    }))

  it.effect("leaves the console to whoever came later", () =>
    Effect.gen(function*() {
      const { warn } = console
      const later = () => {}
      yield* Effect.sync(() => {
        console.warn = later
      }).pipe(Effect.provide(LambdaLogger.layerText), Effect.provide(environment({})))
      const after = console.warn
      console.warn = warn
      assert.strictEqual(after, later)
    }))
})

function toJsonAgain() {
  return { toJSON: toJsonAgain }
}

function nest(levels: number, value: unknown): unknown {
  return levels === 0 ? value : { inside: nest(levels - 1, value) }
}
