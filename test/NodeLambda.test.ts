import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Net from "node:net"
import { onLambda } from "./support/lambdaProcess.ts"
import * as Program from "./support/program.ts"
import * as ScriptedPeer from "./support/scriptedPeer.ts"

const hello = "examples/hello-json/main.ts"
const finalizers = "test/fixtures/programs/finalizers.ts"

/** On a laptop, on a port that nobody else uses. */
const onLaptop = Effect.fnUntraced(function*(path: string) {
  const program = yield* Program.start(path, { LOCAL_LAMBDA_PORT: String(yield* freePort) })
  const [, url] = yield* program.printed(/listens on (http:\/\/\S+)\. /)
  return { program, url: url! }
})

const freePort = Effect.callback<number>((resume) => {
  const server = Net.createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address() as Net.AddressInfo
    server.close(() => resume(Effect.succeed(port)))
  })
})

const call = (url: string, body: string) =>
  Effect.promise(async () => {
    const response = await fetch(url, { method: "POST", body })
    return { status: response.status, headers: response.headers, body: await response.text() }
  })

/** What a person sees: the end, one line, and no stack. */
const assertOneLine = ({ code, stderr }: Program.ProgramExit, part: string) => {
  assert.strictEqual(code, 1)
  assert.strictEqual(stderr.trim().split("\n").length, 1, stderr)
  assert.match(stderr, /^effect-lambda-runtime: /)
  assert.include(stderr, part)
}

describe("NodeLambda.runMain on Lambda", () => {
  it.live("serves events one after the other", () =>
    Effect.gen(function*() {
      const { peer } = yield* onLambda(hello)
      for (const name of ["Ada", "Zoë"]) {
        const poll = yield* peer.request
        yield* poll.respond(ScriptedPeer.event(`id-${name.length}`, JSON.stringify({ name, age: 20 })))
        const answer = yield* peer.request
        assert.strictEqual(answer.target, `/2018-06-01/runtime/invocation/id-${name.length}/response`)
        const { text } = yield* answer.whole
        assert.deepStrictEqual(JSON.parse(text), { greeting: `Hello ${name}. You look older than your age.` })
        yield* answer.respond(ScriptedPeer.accepted)
      }
    }))

  it.live("reports bad input as the error of its invocation, and serves the next one", () =>
    Effect.gen(function*() {
      const { peer } = yield* onLambda(hello)
      const bad: ReadonlyArray<readonly [string, string]> = [
        ["{\"name\":", "the event is not valid JSON"],
        ["{\"name\":\"Ada\"}", "age: Missing key"]
      ]
      for (const [index, [payload, message]] of bad.entries()) {
        const poll = yield* peer.request
        yield* poll.respond(ScriptedPeer.event(`bad-${index}`, payload))
        const report = yield* peer.request
        assert.strictEqual(report.target, `/2018-06-01/runtime/invocation/bad-${index}/error`)
        const { text } = yield* report.whole
        assert.include(JSON.parse(text).errorMessage, message)
        yield* report.respond(ScriptedPeer.accepted)
      }
      yield* (yield* peer.request).respond(ScriptedPeer.event("good", "{\"name\":\"Ada\",\"age\":36}"))
      assert.include((yield* peer.request).target, "/good/response")
    }))

  it.live("reports an event without a deadline for its invocation, and serves the next one", () =>
    Effect.gen(function*() {
      const { peer, program } = yield* onLambda(hello)
      const poll = yield* peer.request
      yield* poll.respond({
        headers: ScriptedPeer.eventHeaders("no-deadline", { "Lambda-Runtime-Deadline-Ms": undefined }),
        body: "{}"
      })
      const report = yield* peer.request
      assert.include(report.target, "/no-deadline/error")
      assert.include((yield* report.whole).text, "Lambda-Runtime-Deadline-Ms is missing")
      yield* report.respond(ScriptedPeer.refusal(400, "InvalidRequestID", "no"))
      assert.include((yield* peer.request).target, "/invocation/next")
      // What is logged of it names it, as in every other line of an invocation.
      for (const message of ["Lambda-Runtime-Deadline-Ms is missing", "the Runtime API answered 400 to /error"]) {
        yield* program.printed(new RegExp(`^[^\\n]*\\tno-deadline\\t[A-Z]+\\t[^\\n]*${message}`, "m"))
      }
    }))

  it.live("ends with one line when an event does not say which one it is", () =>
    Effect.gen(function*() {
      const { peer, program } = yield* onLambda(hello)
      yield* (yield* peer.request).respond({ body: "{}" })
      assertOneLine(yield* program.exit, "Lambda-Runtime-Aws-Request-Id is missing")
    }))

  it.live("reports a layer that fails to build, asks for no event, and ends", () =>
    Effect.gen(function*() {
      const { peer, program } = yield* onLambda("test/fixtures/programs/failingLayer.ts")
      const report = yield* peer.request
      assert.strictEqual(report.target, "/2018-06-01/runtime/init/error")
      const { text } = yield* report.whole
      assert.strictEqual(JSON.parse(text).errorType, "DatabaseError")
      yield* report.respond(ScriptedPeer.accepted)
      const exit = yield* program.exit
      assertOneLine(exit, "the database is down")
      assert.include(exit.stdout, "DatabaseError: the database is down")
      assert.strictEqual(peer.requestCount(), 1)
    }))

  it.live("ends with one line when the error cannot be read", () =>
    Effect.gen(function*() {
      const { peer, program } = yield* onLambda("test/fixtures/programs/unreadableError.ts")
      yield* (yield* peer.request).respond(ScriptedPeer.accepted)
      assertOneLine(yield* program.exit, "[object Object]")
    }))

  it.live.each(["nowhere", "127.0.0.1:", "https://127.0.0.1:9001", "127.0.0.1:99999"])(
    "ends with one line when AWS_LAMBDA_RUNTIME_API is %j",
    (address) =>
      Effect.gen(function*() {
        const program = yield* Program.start(hello, { AWS_LAMBDA_RUNTIME_API: address })
        assertOneLine(yield* program.exit, `AWS_LAMBDA_RUNTIME_API is "${address}": `)
      })
  )

  it.live("ends with one line when nothing listens at the address", () =>
    Effect.gen(function*() {
      const address = ScriptedPeer.deadAddress
      const program = yield* Program.start(hello, { AWS_LAMBDA_RUNTIME_API: address })
      assertOneLine(
        yield* program.exit,
        `no connection to the Runtime API at ${address} for /next: nothing listens there`
      )
    }))

  it.live("ends with one line when the connection is lost while it waits for an event", () =>
    Effect.gen(function*() {
      const { peer, program } = yield* onLambda(hello)
      yield* (yield* peer.request).connection.reset
      assertOneLine(yield* program.exit, "no connection to the Runtime API")
    }))

  it.live("ends with one line when the Runtime API refuses the poll", () =>
    Effect.gen(function*() {
      const { peer, program } = yield* onLambda(hello)
      yield* (yield* peer.request).respond(
        ScriptedPeer.refusal(403, "InvalidStateTransition", "Transition not allowed")
      )
      assertOneLine(
        yield* program.exit,
        "the Runtime API answered 403 to /next: InvalidStateTransition: Transition not allowed"
      )
    }))

  it.live.each(["SIGTERM", "SIGINT"] as const)(
    "ends with 0 on %s, releasing the layers in reverse order",
    (signal) =>
      Effect.gen(function*() {
        const { peer, program } = yield* onLambda(finalizers)
        yield* peer.request
        yield* program.kill(signal)
        const exit = yield* program.exit
        assert.deepStrictEqual([exit.code, exit.signal, exit.stderr], [0, null, ""])
        assert.deepStrictEqual(exit.stdout.trim().split("\n").map((line) => line.split("\t").at(-1)), [
          "open second",
          "open first",
          "close first",
          "close second"
        ])
      })
  )

  it.live("reports an invocation that does not end within the grace period after SIGTERM", () =>
    Effect.gen(function*() {
      const { peer, program } = yield* onLambda(finalizers)
      yield* (yield* peer.request).respond(ScriptedPeer.event("hanging", "\"hang\""))
      yield* program.printed(/handler started/)
      yield* program.kill("SIGTERM")
      const report = yield* peer.request
      assert.include(report.target, "/hanging/error")
      assert.include((yield* report.whole).text, "Runtime.Interrupted")
      yield* report.respond(ScriptedPeer.accepted)
      assert.strictEqual((yield* program.exit).code, 0)
    }))
})

describe("NodeLambda.runMain on a laptop", () => {
  it.live("serves the same file from the local server", () =>
    Effect.gen(function*() {
      const { url } = yield* onLaptop(hello)
      const answer = yield* call(url, "{\"name\":\"Ada\",\"age\":36}")
      assert.strictEqual(answer.status, 200)
      assert.strictEqual(answer.body, "{\"greeting\":\"Hello Ada. You look younger than your age.\"}")
      const failure = yield* call(url, "{}")
      assert.strictEqual(failure.status, 500)
      assert.strictEqual(JSON.parse(failure.body).errorType, "EventError")
    }))

  it.live("ends with 0 on SIGINT", () =>
    Effect.gen(function*() {
      const { program, url } = yield* onLaptop(hello)
      yield* call(url, "{}")
      yield* program.kill("SIGINT")
      const exit = yield* program.exit
      assert.deepStrictEqual([exit.code, exit.stderr], [0, ""])
    }))

  it.live("ends with one line when the port is in use", () =>
    Effect.gen(function*() {
      const { url } = yield* onLaptop(hello)
      const { port } = new URL(url)
      const second = yield* Program.start(hello, { LOCAL_LAMBDA_PORT: port })
      assertOneLine(yield* second.exit, `port ${port} of 127.0.0.1 is in use`)
    }))

  it.live("ends with one line when LOCAL_LAMBDA_PORT is no port", () =>
    Effect.gen(function*() {
      const program = yield* Program.start(hello, { LOCAL_LAMBDA_PORT: "http" })
      assertOneLine(yield* program.exit, "LOCAL_LAMBDA_PORT")
    }))

  it.live("reports a layer that fails to build, and ends", () =>
    Effect.gen(function*() {
      const program = yield* Program.start("test/fixtures/programs/failingLayer.ts", {
        LOCAL_LAMBDA_PORT: String(yield* freePort)
      })
      assertOneLine(yield* program.exit, "the database is down")
    }))
})

describe("a handler that never returns, on a laptop", () => {
  it.live("costs its own call the deadline, and the next one is served", () =>
    Effect.gen(function*() {
      const program = yield* Program.start(finalizers, {
        LOCAL_LAMBDA_PORT: String(yield* freePort),
        AWS_LAMBDA_FUNCTION_TIMEOUT: "0.2"
      })
      const [, url = ""] = yield* program.printed(/listens on (http:\/\/\S+)\. /)
      assert.strictEqual((yield* call(url, "\"hang\"")).status, 500)
      assert.strictEqual((yield* call(url, "\"quick\"")).status, 200)
    }))
})

describe("the examples", () => {
  const exampleAnswers: ReadonlyArray<readonly [string, string, string]> = [
    ["hello-world", "\"World\"", "\"Hello World\""],
    ["hello-json", "{\"name\":\"Ada\",\"age\":36}", "{\"greeting\":\"Hello Ada. You look younger than your age.\"}"],
    ["no-schema", "any bytes at all", "c5547a2d381cf9ebd98f53076e95dfe926697c1fe384fd0679af93118f0d8b08"]
  ]
  it.live.each(exampleAnswers)("%s answers as its README says", ([name, event, answer]) =>
    Effect.gen(function*() {
      const { url } = yield* onLaptop(`examples/${name}/main.ts`)
      assert.strictEqual((yield* call(url, event)).body, answer)
    }))

  it.live("background-tasks answers first and finishes its work afterwards", () =>
    Effect.gen(function*() {
      const { program, url } = yield* onLaptop("examples/background-tasks/main.ts")
      const answer = yield* call(url, "{\"id\":\"o-1\",\"quantity\":2}")
      assert.strictEqual(answer.body, "{\"accepted\":true}")
      yield* program.printed(/receipt sent/)
    }))

  it.live("give a caller who asks for it the end of their log", () =>
    Effect.gen(function*() {
      const { url } = yield* onLaptop("examples/background-tasks/main.ts")
      const invoke = new URL("/2015-03-31/functions/function/invocations", url)
      const response = yield* Effect.promise(() =>
        fetch(invoke, { method: "POST", body: "{\"id\":\"o-1\"}", headers: { "x-amz-log-type": "Tail" } })
      )
      const lines = Buffer.from(response.headers.get("x-amz-log-result") ?? "", "base64").toString().split("\n")
      assert.match(lines[0] ?? "", /^START RequestId: [\da-f-]{36} Version: \$LATEST$/)
      assert.include(lines[1], "\tERROR\tthe invocation failed")
      assert.match(lines.at(-2) ?? "", /^REPORT RequestId: .*\tStatus: error\tError Type: /)
    }))

  it.live("streaming sets status and headers, and sends number by number", () =>
    Effect.gen(function*() {
      const { url } = yield* onLaptop("examples/streaming/main.ts")
      const chunks: Array<string> = []
      const response = yield* Effect.promise(async () => {
        const response = await fetch(url, { method: "POST", body: "{}" })
        for await (const chunk of response.body!) chunks.push(Buffer.from(chunk).toString())
        return response
      })
      assert.strictEqual(response.status, 418)
      assert.strictEqual(response.headers.get("x-my-custom-header"), "streaming-example")
      assert.deepStrictEqual(chunks.slice(0, 2), ["Number: 1\n", "Number: 2\n"])
      assert.strictEqual(chunks.join(""), "Number: 1\nNumber: 2\nNumber: 3\nStreaming complete!\n")
    }))
})
