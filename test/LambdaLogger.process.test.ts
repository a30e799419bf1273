/**
 * What a function process writes, read from its real standard output.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { onLambda } from "./support/lambdaProcess.ts"
import * as Program from "./support/program.ts"
import * as ScriptedPeer from "./support/scriptedPeer.ts"
import { readFrames } from "./support/telemetryFrames.ts"

const program = "test/fixtures/programs/logging.ts"

const traceId = "Root=1-5e1b4151-43a0913a12345678901234567;Parent=53995c3f42cd8ad8;Sampled=1"

type Variables = Readonly<Record<string, string>>

const json = { AWS_LAMBDA_LOG_FORMAT: "JSON" }

const give = (request: ScriptedPeer.PeerRequest, id: string, act: string, headers: Variables = {}) =>
  request.respond({ headers: ScriptedPeer.eventHeaders(id, headers), body: JSON.stringify(act) })

/** The lines of a process that is given an event for each act, one after the other, and then told to end. */
const linesOf = Effect.fnUntraced(function*(acts: ReadonlyArray<string>, variables: Variables, headers?: Variables) {
  const { peer, program: running } = yield* onLambda(program, variables)
  for (const [index, act] of acts.entries()) {
    yield* give(yield* peer.request, `id-${index}`, act, headers)
    const answer = yield* peer.request
    yield* answer.whole
    yield* answer.respond(ScriptedPeer.accepted)
  }
  yield* peer.request
  yield* running.kill("SIGTERM")
  const { code, stderr, stdout } = yield* running.exit
  assert.deepStrictEqual({ code, stderr }, { code: 0, stderr: "" })
  assert.isTrue(stdout.endsWith("\n"))
  // A machine that has no time for the script lets the extension warn that nobody answers it.
  return stdout.slice(0, -1).split("\n").filter((line) => !line.includes("no internal extension"))
})

/** As {@link linesOf}, where Lambda gives the process a descriptor for its log. */
const telemetryOf = Effect.fnUntraced(function*(act: string, variables: Variables) {
  const peer = yield* ScriptedPeer.make
  const ended = yield* Deferred.make<{ readonly frames: Buffer; readonly stdout: string }>()
  const child = yield* Effect.acquireRelease(
    Effect.sync(() => {
      const child = spawn(process.execPath, [fileURLToPath(new URL(`../${program}`, import.meta.url))], {
        env: { ...variables, AWS_LAMBDA_RUNTIME_API: peer.address, _LAMBDA_TELEMETRY_LOG_FD: "3" },
        stdio: ["ignore", "pipe", "inherit", "pipe"]
      })
      const chunks: Array<Buffer> = []
      let stdout = ""
      child.stdio[3]?.on("data", (chunk: Buffer) => void chunks.push(chunk))
      child.stdout?.on("data", (chunk: Buffer) => {
        stdout += chunk.toString()
      })
      child.on("close", () => Deferred.doneUnsafe(ended, Effect.succeed({ frames: Buffer.concat(chunks), stdout })))
      return child
    }),
    (child) => Effect.sync(() => child.kill("SIGKILL"))
  )
  const answered = yield* Deferred.make<void>()
  let polls = 0
  yield* peer.serve((request) => {
    if (request.target.endsWith("/extension/register")) {
      return request.respond({ headers: { "Lambda-Extension-Identifier": "id" } })
    }
    if (request.target.endsWith("/response")) return request.respond(ScriptedPeer.accepted)
    if (!request.target.endsWith("/invocation/next")) return Effect.void
    return ++polls === 1 ? give(request, "id", act) : Deferred.succeed(answered, undefined)
  })
  yield* Deferred.await(answered)
  child.kill("SIGTERM")
  const { frames, stdout } = yield* Deferred.await(ended)
  return { frames: readFrames(frames), stdout }
})

/** The fields of every line, which must be JSON. */
const recordsOf = (acts: ReadonlyArray<string>, variables: Variables, headers?: Variables) =>
  Effect.map(
    linesOf(acts, variables, headers),
    (lines) => lines.map((line): Record<string, unknown> => JSON.parse(line))
  )

const isoMillis = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

const without = (record: Record<string, unknown> | undefined, ...names: ReadonlyArray<string>) =>
  Object.fromEntries(Object.entries(record ?? {}).filter(([name]) => !names.includes(name)))

describe("the log of a function in JSON", () => {
  it.live("has the fields of the official runtime, with annotations, spans and trace id", () =>
    Effect.gen(function*() {
      const [init, record] = yield* recordsOf(["log"], json, {
        "Lambda-Runtime-Trace-Id": traceId,
        "Lambda-Runtime-Aws-Tenant-Id": "blue"
      })
      assert.deepStrictEqual(without(init, "timestamp"), { level: "INFO", requestId: "-", message: "init" })
      assert.match(String(record?.["timestamp"]), isoMillis)
      assert.deepStrictEqual(Object.keys(record ?? {}), [
        "timestamp",
        "level",
        "requestId",
        "tenantId",
        "traceId",
        "message",
        "annotations",
        "spans"
      ])
      assert.deepStrictEqual(without(record, "timestamp", "spans"), {
        level: "INFO",
        requestId: "id-0",
        tenantId: "blue",
        traceId,
        message: ["from Effect", { secret: "<redacted>", items: "2" }],
        annotations: { orderId: "o-1" }
      })
      assert.deepStrictEqual(Object.keys(Object(record?.["spans"])), ["checkout"])
    }))

  it.live("has a line for each record, whatever is in it", () =>
    Effect.gen(function*() {
      const [, lines, format] = yield* recordsOf(["lines"], json)
      assert.strictEqual(lines?.["message"], "first\nsecond\r\nthird")
      assert.strictEqual(format?.["message"], "escaped \u001b[31m of 3 { a: 1 }")
    }))

  it.live("has a record for everything that the console can print", () =>
    Effect.gen(function*() {
      const [, dir, dirxml, table, group] = yield* recordsOf(["dir"], json)
      assert.deepInclude(dir, { level: "INFO", requestId: "id-0" })
      assert.match(String(dir?.["message"]), /^\{\n {2}a: \{ b: \{ c: \{ d: 'far down' \} \} \},\n/)
      assert.match(String(dirxml?.["message"]), /^\{\n[^]* second$/)
      assert.include(String(table?.["message"]), "sku")
      assert.strictEqual(group?.["message"], "group")
    }))

  it.live("has the fields of errors that are logged, alone or with a text", () =>
    Effect.gen(function*() {
      const [, alone, second] = yield* recordsOf(["errors"], json)
      const message = Object(alone?.["message"])
      assert.strictEqual(alone?.["level"], "ERROR")
      assert.strictEqual(message.stackTrace[0], "OutOfStock: no more")
      assert.deepStrictEqual(without(message, "stackTrace"), {
        errorType: "OutOfStock",
        errorMessage: "no more",
        sku: "t-1"
      })
      assert.deepStrictEqual([second?.["errorType"], second?.["errorMessage"]], ["RangeError", "out of range"])
      assert.match(String(second?.["message"]), /^not placed: RangeError: out of range\n {4}at /)
    }))

  it.live("says at level ERROR why an invocation failed, with every reason", () =>
    Effect.gen(function*() {
      const [, failure] = yield* recordsOf(["fail"], json)
      assert.deepStrictEqual(without(failure, "timestamp", "stackTrace", "cause"), {
        level: "ERROR",
        requestId: "id-0",
        message: "the invocation failed",
        errorType: "OutOfStock",
        errorMessage: "no more\nteapots"
      })
      assert.strictEqual(Object(failure?.["stackTrace"])[0], "OutOfStock: no more")
      const reasons: ReadonlyArray<Record<string, unknown>> = Object(failure?.["cause"])
      assert.deepStrictEqual(reasons.map((reason) => without(reason, "stackTrace")), [
        { _tag: "Fail", sku: "t-1" },
        { _tag: "Die", errorType: "TypeError", errorMessage: "a defect" },
        { _tag: "Interrupt", fiberId: 7 }
      ])
    }))

  it.live("says at level FATAL, on standard error, why the process cannot go on", () =>
    Effect.gen(function*() {
      const { peer, program: running } = yield* onLambda(program, json)
      yield* (yield* peer.request).connection.reset
      const { code, stderr } = yield* running.exit
      const { message, ...others } = without(JSON.parse(stderr), "timestamp")
      assert.deepStrictEqual([code, others], [1, { level: "FATAL", requestId: "-" }])
      assert.match(String(message), /^effect-lambda-runtime: no connection to the Runtime API/)
    }))
})

describe("the log of a function in text", () => {
  it.live("has the columns of the official runtime, and one more", () =>
    Effect.gen(function*() {
      const [init, record] = yield* linesOf(["log"], {}, { "Lambda-Runtime-Trace-Id": traceId })
      const [timestamp = "", ...columns] = record?.split("\t") ?? []
      assert.deepStrictEqual(init?.split("\t").slice(1), ["-", "INFO", "init"])
      assert.match(timestamp, isoMillis)
      assert.deepStrictEqual(columns.slice(0, 3), [
        "id-0",
        "INFO",
        "from Effect {\"secret\":\"<redacted>\",\"items\":\"2\"}"
      ])
      assert.match(columns[3] ?? "", new RegExp(`^traceId=${JSON.stringify(traceId)} orderId=o-1 checkout=\\d+ms$`))
    }))

  it.live("keeps a record on one line", () =>
    Effect.gen(function*() {
      const [, lines, format] = yield* linesOf(["lines"], {})
      assert.strictEqual(lines?.split("\t")[3], "first\rsecond\rthird")
      assert.strictEqual(format?.split("\t")[3], "escaped \\x1b[31m of 3 { a: 1 }")
    }))

  it.live("says at level ERROR why an invocation failed, with every reason", () =>
    Effect.gen(function*() {
      const [, failure = ""] = yield* linesOf(["fail"], {})
      const [, id, level, text = ""] = failure.split("\t")
      assert.deepStrictEqual([id, level], ["id-0", "ERROR"])
      const lines = text.split("\r")
      assert.deepStrictEqual(lines.slice(0, 3), ["the invocation failed", "OutOfStock: no more", "teapots"])
      for (const line of ["    {\"sku\":\"t-1\"}", "TypeError: a defect"]) assert.include(lines, line)
      assert.include(text, "at fiber (#7)")
    }))
})

/** What `levels` prints. */
const messagesOf = (lines: ReadonlyArray<string>) =>
  lines
    .map((line) => line.startsWith("{") ? JSON.parse(line).message : line.split("\t")[3])
    .filter((message) => message !== "init")

const allOfConsole = ["console trace", "console debug", "console info", "console warn", "console error", "console log"]

describe("the minimum level", () => {
  it.live.each<readonly [Variables, ReadonlyArray<string>]>([
    [{}, ["info", "warn", "error", "fatal", ...allOfConsole]],
    [{ LOG_LEVEL: "error" }, ["error", "fatal", "console error"]],
    [{ ...json, AWS_LAMBDA_LOG_LEVEL: "WARN", LOG_LEVEL: "TRACE" }, [
      "warn",
      "error",
      "fatal",
      "console warn",
      "console error"
    ]],
    [{ AWS_LAMBDA_LOG_LEVEL: "TRACE", LOG_LEVEL: "FATAL" }, ["fatal"]]
  ])("of %j holds for Effect and for the console", ([variables, expected]) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(messagesOf(yield* linesOf(["levels"], variables)), [...expected])
    }))

  it.live("of TRACE logs every event before it is decoded", () =>
    Effect.gen(function*() {
      const lines = yield* recordsOf(["nothing"], { ...json, AWS_LAMBDA_LOG_LEVEL: "trace" })
      const event = lines.find(({ level }) => level === "TRACE")
      assert.deepStrictEqual([event?.["requestId"], event?.["message"]], ["id-0", ["event", "\"nothing\""]])
    }))

  it.live("that does not exist is warned of in the right format, and changes nothing", () =>
    Effect.gen(function*() {
      const [warning, , ...others] = yield* recordsOf(["levels"], { ...json, LOG_LEVEL: "LOUD" })
      assert.deepStrictEqual(without(warning, "timestamp"), {
        level: "WARN",
        requestId: "-",
        message: "Unrecognized log level \"LOUD\". Using the default log level. " +
          "Valid values: TRACE, DEBUG, INFO, NOTICE, WARN, ERROR, FATAL"
      })
      assert.strictEqual(others.length, 4 + allOfConsole.length)
    }))
})

const everywhere = [
  "in the handler",
  "in a promise",
  "after a timer",
  "in Effect again",
  "without annotations",
  "in a program of its own",
  "in the background",
  "in a finalizer"
]

describe("the request id", () => {
  it.live("is that of the invocation, wherever in it something is logged", () =>
    Effect.gen(function*() {
      const records = yield* recordsOf(["everywhere", "everywhere"], json)
      const seen = records.slice(1).map(({ message, requestId }) =>
        `${requestId} ${String(message).replace(/^\[.*: /, "")}`
      )
      assert.deepStrictEqual(seen, ["id-0", "id-1"].flatMap((id) => everywhere.map((text) => `${id} ${text}`)))
    }))

  it.live.each<Variables>([{}, { AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA: "true" }])(
    "is that of the invocation, where there are several at a time (%j)",
    (variables) =>
      Effect.gen(function*() {
        const { peer, program: running } = yield* onLambda(program, {
          ...variables,
          AWS_LAMBDA_MAX_CONCURRENCY: "8",
          AWS_LAMBDA_INITIALIZATION_TYPE: "lambda-managed-instances"
        })
        const polls = yield* Effect.all(Array.from({ length: 8 }, () => peer.request))
        for (const [index, poll] of polls.entries()) yield* give(poll, `id-${index}`, "everywhere")
        for (let answers = 0; answers < 8;) {
          const request = yield* peer.request
          if (!request.target.endsWith("/response")) continue
          answers++
          yield* request.whole
          yield* request.respond(ScriptedPeer.accepted)
        }
        yield* Effect.all(Array.from({ length: 8 }, (_, id) => running.printed(new RegExp(`"id-${id}".*a finalizer`))))
        yield* running.kill("SIGTERM")
        const { stdout } = yield* running.exit
        const seen = new Map<string, Array<string>>()
        for (const line of stdout.trim().split("\n").slice(1)) {
          const { message, requestId } = JSON.parse(line)
          const texts = seen.get(requestId) ?? []
          seen.set(requestId, [...texts, message.replace(/^\[.*: /, "")])
        }
        assert.deepStrictEqual([...seen.keys()].toSorted(), Array.from({ length: 8 }, (_, id) => `id-${id}`))
        for (const texts of seen.values()) assert.deepStrictEqual(texts, everywhere)
      })
  )
})

describe("a function on a laptop", () => {
  /** What is printed about one invocation of the example. */
  const printedBy = Effect.fnUntraced(function*(variables: Variables) {
    const example = yield* Program.start("examples/json-logging/main.ts", { ...variables, LOCAL_LAMBDA_PORT: "0" })
    const [, url = ""] = yield* example.printed(/listens on (http:\/\/\S+)\. /)
    const body = "{\"id\":\"o-1\",\"sku\":\"teapot\",\"quantity\":2}"
    yield* Effect.promise(() => fetch(url, { method: "POST", body }))
    yield* example.printed(/^REPORT /m)
    yield* example.kill("SIGTERM")
    const { stdout } = yield* example.exit
    return stdout.trim().split("\n")
  })

  const ofLambda = /^(START|END|REPORT) RequestId: /

  it.live("logs for a person", () =>
    Effect.gen(function*() {
      const lines = yield* printedBy({})
      assert.strictEqual(lines.filter((line) => ofLambda.test(line)).length, 3)
      assert.include(lines, "charging o-1")
      assert.isTrue(lines.some((line) => /^\[\d\d:\d\d:\d\d\.\d{3}\] INFO \(#\d+\) place=\d+ms: placed$/.test(line)))
      assert.include(lines, "  orderId: o-1")
      assert.notInclude(lines.join(), "4111 1111")
    }))

  it.live("logs as on Lambda if it is asked to, but for the lines that are Lambda's own", () =>
    Effect.gen(function*() {
      const lines = yield* printedBy(json)
      assert.strictEqual(lines.filter((line) => ofLambda.test(line)).length, 3)
      const [, charging, placed] = lines.filter((line) => !ofLambda.test(line)).map((line) => JSON.parse(line))
      assert.strictEqual(charging.message, "charging o-1")
      assert.deepStrictEqual([placed.message, placed.annotations], [
        ["placed", { receipt: "r-o-1", card: "<redacted>" }],
        { orderId: "o-1" }
      ])
    }))
})

describe("the loggers of a program", () => {
  it.live("stay in place in JSON", () =>
    Effect.gen(function*() {
      const [, record] = yield* recordsOf(["log"], { ...json, LOGGERS: "Effect's own JSON" })
      assert.deepStrictEqual(Object.keys(record ?? {}).slice(0, 3), ["message", "level", "timestamp"])
      assert.strictEqual(Object(record?.["annotations"]).requestId, "id-0")
    }))

  it.live("may come beside that of Lambda", () =>
    Effect.gen(function*() {
      const lines = yield* linesOf(["log"], { ...json, LOGGERS: "beside" })
      assert.strictEqual(JSON.parse(lines[1] ?? "").requestId, "id-0")
      assert.match(lines[2] ?? "", /^timestamp=\S+ level=INFO .* requestId=id-0 /)
    }))

  it.live("may leave the console alone", () =>
    Effect.gen(function*() {
      const lines = yield* linesOf(["lines"], { ...json, NO_PATCH: "true" })
      assert.deepStrictEqual(lines.slice(0, 4), ["init", "first", "second\r", "third"])
    }))
})

describe("no record is lost", () => {
  it.live("when the process exits at once", () =>
    Effect.gen(function*() {
      const { peer, program: running } = yield* onLambda(program)
      yield* give(yield* peer.request, "id", "many, then exit")
      const { code, stdout } = yield* running.exit
      const records = stdout.split("\n").filter((line) => line.includes("\trecord "))
      assert.strictEqual(code, 3)
      assert.deepStrictEqual(
        records.map((line) => line.split("\t")[3]?.split(" ")[1]),
        Array.from({ length: 20_000 }, (_, i) => String(i))
      )
    }))

  it.live("when a pipe is full and does not block", () =>
    Effect.gen(function*() {
      const lines = yield* linesOf(["many to a pipe that is not blocking"], {})
      const records = lines.flatMap((line) => line.split("\t")[3] ?? [])
      assert.deepStrictEqual(
        records.slice(1, -1),
        Array.from({ length: 2_000 }, (_, i) => `record ${i} ${"x".repeat(1_000)}`)
      )
      assert.strictEqual(records.at(-1), "y".repeat(300_000))
    }))

  it.live("nor cut short, when it is large", () =>
    Effect.gen(function*() {
      const [, record] = yield* recordsOf(["large"], json)
      assert.strictEqual(String(record?.["message"]).length, 1_000_000)
    }))

  it.live("of a thread that ends at once", () =>
    Effect.gen(function*() {
      const lines = yield* linesOf(["in a thread"], {})
      assert.deepStrictEqual(
        lines.slice(1).map((line) => line.split("\t")[3]?.split(" ")[2]),
        Array.from({ length: 500 }, (_, i) => String(i))
      )
    }))
})

describe("the descriptor that Lambda gives", () => {
  const levels: ReadonlyArray<readonly [string, number]> = [
    ["info", 12],
    ["warn", 16],
    ["error", 20],
    ["fatal", 24],
    ["console trace", 4],
    ["console debug", 8],
    ["console info", 12],
    ["console warn", 16],
    ["console error", 20],
    ["console log", 12]
  ]

  it.live("takes records of JSON in frames that tell their levels and times", () =>
    Effect.gen(function*() {
      const { frames, stdout } = yield* telemetryOf("levels", json)
      assert.strictEqual(stdout, "")
      for (const { payload, time } of frames) {
        assert.strictEqual(JSON.parse(payload).timestamp, new Date(time).toISOString())
      }
      assert.deepStrictEqual(
        frames.slice(1).map(({ payload, type }) => [JSON.parse(payload).message, type]),
        levels.map(([message, mask]) => [message, 0xa55a0002 + mask])
      )
    }))

  it.live("takes records of text in frames, with their line breaks", () =>
    Effect.gen(function*() {
      const { frames } = yield* telemetryOf("levels", {})
      assert.deepStrictEqual(
        frames.slice(1).map(({ payload, type }) => [payload.split("\t")[3], type]),
        levels.map(([message, mask]) => [`${message}\n`, 0xa55a0003 + mask])
      )
      const { frames: [, lines] } = yield* telemetryOf("lines", {})
      assert.strictEqual(lines?.payload.split("\t")[3], "first\nsecond\nthird\n")
    }))

  it.live("is not told to other processes, which do not have it", () =>
    Effect.gen(function*() {
      const { frames: [, record] } = yield* telemetryOf("in a process", json)
      assert.strictEqual(JSON.parse(record?.payload ?? "").message, "descriptor: undefined")
    }))

  it.live("is not used when it is not open", () =>
    Effect.gen(function*() {
      const [init] = yield* recordsOf(["nothing"], { ...json, _LAMBDA_TELEMETRY_LOG_FD: "77" })
      assert.strictEqual(init?.["message"], "init")
    }))
})
