import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as TestClock from "effect/testing/TestClock"
import * as LocalServer from "../src/LocalServer.ts"
import * as localHttp from "./support/localHttp.ts"
import { errorType, type Event, invoke, makeRuntime, type Runtime, until } from "./support/localServer.ts"
import * as localSocket from "./support/localSocket.ts"

const fork = Effect.forkChild({ startImmediately: true })

const concurrent = LocalServer.layerOptions({ port: 0, maxConcurrency: 2 })

/** The event of a call that nobody waits for any more when the test ends. */
const nextOf = Effect.fnUntraced(function*(runtime: Runtime, body: string = "{}") {
  const call = yield* fork(invoke(body))
  return { call, event: yield* runtime.next }
})

const headerOf = ({ rawHeaders }: Event, name: string) => {
  const index = rawHeaders.indexOf(name)
  return index < 0 ? undefined : rawHeaders[index + 1]
}

/** Reported types, and what Lambda takes them for. */
const types = [
  ["Runtime.ImportModuleError", "Runtime.ImportModuleError"],
  ["Function.OutOfTea", "Function.OutOfTea"],
  ["Function.outOfTea", "Function.Unknown"],
  ["Function.", "Function.Unknown"],
  ["Function.X", "Function.Unknown"],
  ["Runtime.importModuleError", "Runtime.Unknown"],
  ["OutOfTea", "Runtime.Unknown"],
  ["Teapot.OutOfTea", "Runtime.Unknown"],
  ["", "Runtime.Unknown"]
] as const

describe("the Runtime API of LocalServer", () => {
  describe("/next", () => {
    it.effect("sends the headers of an event by their names", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        yield* TestClock.adjust("1 minute")
        const { event } = yield* nextOf(runtime)
        assert.strictEqual(event.status, 200)
        assert.match(headerOf(event, "Lambda-Runtime-Aws-Request-Id") ?? "", /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/)
        assert.match(headerOf(event, "Lambda-Runtime-Invocation-Id") ?? "", /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/)
        assert.notStrictEqual(event.invocationId, event.requestId)
        // One minute on the clock, and three seconds to go.
        assert.strictEqual(headerOf(event, "Lambda-Runtime-Deadline-Ms"), "63000")
        assert.strictEqual(
          headerOf(event, "Lambda-Runtime-Invoked-Function-Arn"),
          "arn:aws:lambda:us-east-1:123456789012:function:function"
        )
        assert.match(
          headerOf(event, "Lambda-Runtime-Trace-Id") ?? "",
          /^Root=1-0000003c-[\da-f]{24};Parent=[\da-f]{16};Sampled=0$/
        )
        assert.strictEqual(event.headers["content-type"], "application/json")
        // The connection of a runtime stays open for as long as a handler may take.
        assert.strictEqual(event.headers["connection"], "keep-alive")
        assert.isUndefined(event.headers["keep-alive"])
        for (const name of ["Aws-Tenant-Id", "Client-Context", "Cognito-Identity"]) {
          assert.isUndefined(headerOf(event, `Lambda-Runtime-${name}`))
        }
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("sends the deadline and the ARN that the settings ask for", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        const { event } = yield* nextOf(runtime)
        assert.strictEqual(headerOf(event, "Lambda-Runtime-Deadline-Ms"), "3000")
        assert.strictEqual(
          headerOf(event, "Lambda-Runtime-Invoked-Function-Arn"),
          "arn:aws:lambda:us-east-1:123456789012:function:teapot"
        )
      }).pipe(
        Effect.provide(LocalServer.layerOptions({ port: 0, timeout: "3 seconds", functionName: "teapot" }))
      ))

    it.effect("hands on what the caller said about itself, under the names of the Invoke API", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        const clientContext = JSON.stringify({ custom: { city: "Zürich 🫖" }, unknown: [1] })
        const call = yield* fork(invoke("{}", {
          "content-type": "text/plain",
          "x-amzn-trace-id": "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1",
          "x-amz-tenant-id": "blue",
          "x-amz-client-context": Buffer.from(clientContext).toString("base64")
        }))
        const event = yield* runtime.next
        assert.strictEqual(event.headers["content-type"], "text/plain")
        assert.strictEqual(
          headerOf(event, "Lambda-Runtime-Trace-Id"),
          "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"
        )
        assert.strictEqual(headerOf(event, "Lambda-Runtime-Aws-Tenant-Id"), "blue")
        const received = headerOf(event, "Lambda-Runtime-Client-Context") ?? ""
        assert.match(received, /^[\x20-\x7e]+$/)
        assert.deepStrictEqual(JSON.parse(received), JSON.parse(clientContext))
        yield* Fiber.interrupt(call)
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("hands on what the caller said about itself, under the names of the Runtime API", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        const identity = JSON.stringify({ cognitoIdentityId: "é" })
        // As bytes, because Node sends the headers of a text in the encoding of the text.
        const call = yield* fork(invoke(Buffer.from("{}"), {
          "lambda-runtime-aws-tenant-id": "123",
          "lambda-runtime-client-context": "{\"custom\":{}}",
          "lambda-runtime-cognito-identity": Buffer.from(identity).toString("latin1")
        }))
        const event = yield* runtime.next
        assert.strictEqual(headerOf(event, "Lambda-Runtime-Aws-Tenant-Id"), "123")
        assert.strictEqual(headerOf(event, "Lambda-Runtime-Client-Context"), "{\"custom\":{}}")
        assert.deepStrictEqual(
          JSON.parse(headerOf(event, "Lambda-Runtime-Cognito-Identity") ?? ""),
          JSON.parse(identity)
        )
        yield* Fiber.interrupt(call)
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("keeps the connection of the caller and the other headers to itself", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        yield* fork(invoke("{}", { "connection": "close", "te": "trailers", "x-other": "yes", "cookie": "a=b" }))
        const event = yield* runtime.next
        assert.notStrictEqual(event.headers["connection"], "close")
        assert.isUndefined(event.headers["te"])
        assert.isUndefined(event.headers["x-other"])
        assert.isUndefined(event.headers["cookie"])
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("refuses HEAD, which would swallow an event", () =>
      Effect.gen(function*() {
        const { address } = yield* LocalServer.LocalServer
        const path = "/2018-06-01/runtime/invocation/next"
        const reply = yield* localHttp.send({ address, method: "HEAD", path })
        assert.strictEqual(reply.status, 405)
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect.each(["POST", "PUT", "DELETE"])("refuses %s", (method) =>
      Effect.gen(function*() {
        const { address } = yield* LocalServer.LocalServer
        const reply = yield* localHttp.send({ address, method, path: "/2018-06-01/runtime/invocation/next" })
        assert.strictEqual(reply.status, 405)
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("leaves the event to the next runtime when the one that polled has gone", () =>
      Effect.gen(function*() {
        const gone = yield* makeRuntime()
        const poll = yield* fork(gone.next)
        yield* until({ polls: 1 })
        yield* Fiber.interrupt(poll)
        yield* until({ polls: 0 })
        const runtime = yield* makeRuntime()
        const { event } = yield* nextOf(runtime, "\"kept\"")
        assert.strictEqual(event.text, "\"kept\"")
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("refuses a second poll while one waits", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        yield* fork(runtime.next)
        yield* until({ polls: 1 })
        const second = yield* (yield* makeRuntime()).next
        assert.strictEqual(second.status, 403)
        assert.deepStrictEqual(JSON.parse(second.text), {
          errorMessage:
            "State transition from Ready to Ready failed for runtime. Error: State transition is not allowed",
          errorType: "InvalidStateTransition"
        })
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("refuses a poll before the last event is answered, and the event is still open", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        const { call, event } = yield* nextOf(runtime)
        const second = yield* runtime.next
        assert.strictEqual(second.status, 403)
        assert.include(second.text, "from Running to Ready")
        yield* runtime.respond(event.requestId, "answer")
        assert.strictEqual((yield* Fiber.join(call)).text, "answer")
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("fails the event of a runtime that ended without an answer, and serves its successor", () =>
      Effect.gen(function*() {
        const crashed = yield* makeRuntime()
        const { call } = yield* nextOf(crashed)
        yield* crashed.kill
        const successor = yield* makeRuntime()
        // The end of the connection and the poll reach the server on two sockets, in any order.
        const event = yield* fork(Effect.repeat(successor.next, { until: ({ status }) => status === 200 }))
        const reply = yield* Fiber.join(call)
        assert.strictEqual(reply.status, 500)
        assert.strictEqual(errorType(reply.text), "Runtime.ExitError")
        yield* fork(invoke("\"next\""))
        assert.strictEqual((yield* Fiber.join(event)).text, "\"next\"")
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("gives several polls an event each when the concurrency allows it", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime(3)
        const calls = [yield* fork(invoke("1")), yield* fork(invoke("2")), yield* fork(invoke("3"))]
        yield* until({ queued: 3 })
        const first = yield* runtime.next
        const second = yield* runtime.next
        assert.notStrictEqual(first.requestId, second.requestId)
        // The third event waits for room.
        const third = yield* fork(runtime.next)
        yield* until({ polls: 1, queued: 1, running: 2 })
        yield* runtime.respond(second.requestId, `answer ${second.text}`)
        const last = yield* Fiber.join(third)
        yield* runtime.respond(last.requestId, `answer ${last.text}`)
        yield* runtime.respond(first.requestId, `answer ${first.text}`)
        const replies = yield* Effect.forEach(calls, Fiber.join)
        assert.deepStrictEqual(replies.map(({ text }) => text), ["answer 1", "answer 2", "answer 3"])
      }).pipe(Effect.provide(concurrent)))

    it.effect("makes room for a successor when concurrent runtimes ended without an answer", () =>
      Effect.gen(function*() {
        const crashed = yield* makeRuntime(2)
        const calls = [yield* fork(invoke("1")), yield* fork(invoke("2"))]
        yield* crashed.next
        yield* crashed.next
        yield* crashed.kill
        const successor = yield* makeRuntime()
        const event = yield* fork(successor.next)
        for (const call of calls) assert.strictEqual(errorType((yield* Fiber.join(call)).text), "Runtime.ExitError")
        yield* fork(invoke("3"))
        assert.strictEqual((yield* Fiber.join(event)).text, "3")
      }).pipe(Effect.provide(concurrent)))
  })

  it.effect.each(["GET", "HEAD", "PUT"])("refuses %s where runtimes post", (method) =>
    Effect.gen(function*() {
      const { address } = yield* LocalServer.LocalServer
      const runtime = yield* makeRuntime()
      const { call, event } = yield* nextOf(runtime)
      for (
        const path of [`invocation/${event.requestId}/response`, `invocation/${event.requestId}/error`, "init/error"]
      ) {
        const reply = yield* localHttp.send({ address, method, path: `/2018-06-01/runtime/${path}` })
        assert.strictEqual(reply.status, 405)
      }
      yield* runtime.respond(event.requestId, "answer")
      assert.strictEqual((yield* Fiber.join(call)).text, "answer")
    }).pipe(Effect.provide(LocalServer.layerTest)))

  describe("/error", () => {
    /** What the caller gets for a report without a body: its type alone. */
    const typeFor = Effect.fnUntraced(function*(headers: Record<string, string>) {
      const runtime = yield* makeRuntime()
      const { call, event } = yield* nextOf(runtime)
      yield* runtime.fail(event.requestId, "", headers)
      return errorType((yield* Fiber.join(call)).text)
    })

    it.effect.each(types)("takes the type %j for %s", ([type, expected]) =>
      Effect.gen(function*() {
        assert.strictEqual(yield* typeFor({ "lambda-runtime-function-error-type": type }), expected)
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("takes no type for Runtime.Unknown", () =>
      Effect.gen(function*() {
        assert.strictEqual(yield* typeFor({}), "Runtime.Unknown")
      }).pipe(Effect.provide(LocalServer.layerTest)))

    const withCause = { "content-type": "application/vnd.aws.lambda.error.cause+json" }

    const report = { errorMessage: "no tea", errorType: "OutOfTea", stackTrace: ["kettle.ts:1"] }

    const callerOf = Effect.fnUntraced(function*(body: string, headers: Record<string, string>) {
      const runtime = yield* makeRuntime()
      const { call, event } = yield* nextOf(runtime)
      const { status } = yield* runtime.fail(event.requestId, body, headers)
      assert.strictEqual(status, 202)
      return JSON.parse((yield* Fiber.join(call)).text)
    })

    it.effect("keeps a cause that comes with the error from the caller", () =>
      Effect.gen(function*() {
        const body = JSON.stringify({ ...report, errorCause: { exceptions: [], paths: ["secret"] } })
        assert.deepStrictEqual(yield* callerOf(body, withCause), report)
        assert.deepStrictEqual(yield* callerOf(body, {}), JSON.parse(body))
        assert.strictEqual(yield* callerOf("{", withCause), "Invalid error body")
        assert.strictEqual(yield* callerOf("{\"errorType\":1}", withCause), "Invalid error body")
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("takes 1 MiB and no more with a concurrency above 1, and the invocation stays open", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        const { call, event } = yield* nextOf(runtime)
        const refused = yield* runtime.fail(event.requestId, "x".repeat(1_048_577))
        assert.strictEqual(refused.status, 413)
        assert.deepStrictEqual(JSON.parse(refused.text), {
          errorMessage: "Exceeded maximum allowed payload size (1048576 bytes).",
          errorType: "RequestEntityTooLarge"
        })
        const longest = `"${"x".repeat(1_048_574)}"`
        const accepted = yield* runtime.fail(event.requestId, longest)
        assert.strictEqual(accepted.status, 202)
        const reply = yield* Fiber.join(call)
        assert.strictEqual(reply.status, 500)
        assert.strictEqual(reply.text, longest)
      }).pipe(Effect.provide(concurrent)))

    it.effect("takes 1 MiB and more with one invocation at a time", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        const { call, event } = yield* nextOf(runtime)
        const long = `"${"x".repeat(2_000_000)}"`
        assert.strictEqual((yield* runtime.fail(event.requestId, long)).status, 202)
        assert.strictEqual((yield* Fiber.join(call)).text, long)
      }).pipe(Effect.provide(LocalServer.layerTest)))
  })

  describe("/response and /error", () => {
    it.effect("refuse an id that nobody has asked about", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        for (const post of [runtime.respond, runtime.fail]) {
          const refused = yield* post("8476a536-e9f4-11e8-9739-2dfe598c3fcd", "{}")
          assert.strictEqual(refused.status, 400)
          assert.deepStrictEqual(JSON.parse(refused.text), {
            errorMessage: "Invalid request ID",
            errorType: "InvalidRequestID"
          })
        }
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("refuse a second answer: 403 until the next poll, 400 after it", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime(2)
        const { call, event } = yield* nextOf(runtime)
        yield* runtime.respond(event.requestId, "first")
        for (const post of [runtime.respond, runtime.fail]) {
          const refused = yield* post(event.requestId, "second")
          assert.strictEqual(refused.status, 403)
          assert.strictEqual(errorType(refused.text), "InvalidStateTransition")
        }
        yield* fork(runtime.next)
        yield* until({ polls: 1 })
        const late = yield* runtime.respond(event.requestId, "third")
        assert.strictEqual(late.status, 400)
        assert.strictEqual(errorType(late.text), "InvalidRequestID")
        assert.strictEqual((yield* Fiber.join(call)).text, "first")
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("refuse a second answer with 400 when there is more than one invocation at a time", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        const { event } = yield* nextOf(runtime)
        yield* runtime.respond(event.requestId, "first")
        const refused = yield* runtime.respond(event.requestId, "second")
        assert.strictEqual(refused.status, 400)
        assert.strictEqual(errorType(refused.text), "InvalidRequestID")
      }).pipe(Effect.provide(concurrent)))

    it.effect("refuse the id of another attempt, and take the right one or none", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        const { call, event } = yield* nextOf(runtime)
        for (const post of [runtime.respond, runtime.fail]) {
          const refused = yield* post(event.requestId, "{}", { "lambda-runtime-invocation-id": "another" })
          assert.strictEqual(refused.status, 400)
          assert.strictEqual(errorType(refused.text), "InvalidInvocationId")
        }
        const accepted = yield* runtime.respond(event.requestId, "right", {
          "lambda-runtime-invocation-id": event.invocationId
        })
        assert.strictEqual(accepted.status, 202)
        assert.strictEqual((yield* Fiber.join(call)).text, "right")
        const { event: second } = yield* nextOf(runtime)
        assert.strictEqual((yield* runtime.fail(second.requestId, "{}")).status, 202)
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect.each(["buffered", "Streaming", "streaming, buffered"])(
      "refuse the response mode %j, and the caller gets Runtime.InvalidResponseModeHeader",
      (mode) =>
        Effect.gen(function*() {
          const runtime = yield* makeRuntime()
          const { call, event } = yield* nextOf(runtime)
          const refused = yield* runtime.respond(event.requestId, "{}", {
            "lambda-runtime-function-response-mode": mode
          })
          assert.strictEqual(refused.status, 400)
          assert.deepStrictEqual(JSON.parse(refused.text), {
            errorMessage: "Invalid function response mode",
            errorType: "InvalidFunctionResponseMode"
          })
          const reply = yield* Fiber.join(call)
          assert.strictEqual(reply.status, 500)
          assert.strictEqual(errorType(reply.text), "Runtime.InvalidResponseModeHeader")
          // The invocation is over: the runtime may ask for the next one.
          yield* nextOf(runtime)
        }).pipe(Effect.provide(LocalServer.layerTest))
    )

    it.effect("take an empty response mode for none", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        const { event } = yield* nextOf(runtime)
        const accepted = yield* runtime.respond(event.requestId, "{}", { "lambda-runtime-function-response-mode": "" })
        assert.strictEqual(accepted.status, 202)
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("check the id before the state, the state before the mode, the mode before the size", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        const { event } = yield* nextOf(runtime)
        const body = "x".repeat(6_291_557)
        const mode = { "lambda-runtime-function-response-mode": "other" }
        assert.strictEqual(errorType((yield* runtime.respond("unknown", body, mode)).text), "InvalidRequestID")
        assert.strictEqual(
          errorType((yield* runtime.respond(event.requestId, body, mode)).text),
          "InvalidFunctionResponseMode"
        )
        assert.strictEqual(
          errorType((yield* runtime.respond(event.requestId, body, mode)).text),
          "InvalidStateTransition"
        )
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("refuse a response of more than 6,291,556 bytes, and the caller gets its size", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        const { call, event } = yield* nextOf(runtime)
        const refused = yield* runtime.respond(event.requestId, "x".repeat(6_291_557))
        assert.strictEqual(refused.status, 413)
        assert.strictEqual(
          refused.text,
          JSON.stringify({
            errorMessage: "Exceeded maximum allowed payload size (6291556 bytes).",
            errorType: "RequestEntityTooLarge"
          })
        )
        const reply = yield* Fiber.join(call)
        assert.strictEqual(reply.status, 500)
        assert.strictEqual(reply.headers["x-amz-function-error"], "Unhandled")
        assert.deepStrictEqual(JSON.parse(reply.text), {
          errorType: "Function.ResponseSizeTooLarge",
          errorMessage: "Response payload size (6291557 bytes) exceeded maximum allowed payload size (6291556 bytes)."
        })
        // It counts as the answer, so there is nothing left to fail.
        const late = yield* runtime.fail(event.requestId, "{}")
        assert.strictEqual(late.status, 403)
        yield* nextOf(runtime)
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("take a body in chunks without the streaming mode as one", () =>
      Effect.gen(function*() {
        const { address } = yield* LocalServer.LocalServer
        const runtime = yield* makeRuntime()
        const { call, event } = yield* nextOf(runtime)
        const answer = yield* localHttp.open({
          address,
          path: `/2018-06-01/runtime/invocation/${event.requestId}/response`
        })
        yield* answer.write("one ")
        yield* answer.write("two")
        yield* answer.end()
        assert.strictEqual((yield* answer.reply).status, 202)
        const reply = yield* Fiber.join(call)
        assert.strictEqual(reply.text, "one two")
        assert.strictEqual(reply.headers["content-type"], "application/octet-stream")
        assert.strictEqual(reply.headers["content-length"], "7")
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("take the id in any URL encoding", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        const { event } = yield* nextOf(runtime)
        const accepted = yield* runtime.respond(event.requestId.replaceAll("-", "%2D"), "{}")
        assert.strictEqual(accepted.status, 202)
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("answer a body that ends too early with TruncatedHTTPRequest, and the caller hears of it", () =>
      Effect.gen(function*() {
        const { address } = yield* LocalServer.LocalServer
        const runtime = yield* makeRuntime()
        const { call, event } = yield* nextOf(runtime)
        const connection = yield* localSocket.connect(address)
        yield* connection.write(
          `POST /2018-06-01/runtime/invocation/${event.requestId}/response HTTP/1.1\r\n` +
            `Host: ${address}\r\nContent-Length: 100\r\n\r\nnot all`
        )
        yield* connection.end
        const answer = yield* connection.readUntil("}")
        assert.match(answer, /^HTTP\/1\.1 400 /)
        assert.include(answer, "\"errorType\":\"TruncatedHTTPRequest\"")
        yield* connection.closed
        const reply = yield* Fiber.join(call)
        assert.strictEqual(reply.status, 500)
        assert.strictEqual(errorType(reply.text), "Runtime.TruncatedResponse")
        yield* nextOf(runtime)
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("tell the caller when the connection of the runtime breaks in the middle of a response", () =>
      Effect.gen(function*() {
        const { address } = yield* LocalServer.LocalServer
        const runtime = yield* makeRuntime()
        const { call, event } = yield* nextOf(runtime)
        const answer = yield* localHttp.open({
          address,
          path: `/2018-06-01/runtime/invocation/${event.requestId}/response`,
          headers: { "content-length": 100, "expect": "100-continue" }
        })
        yield* answer.proceed
        yield* answer.write("not all")
        yield* answer.destroy
        assert.strictEqual(errorType((yield* Fiber.join(call)).text), "Runtime.TruncatedResponse")
      }).pipe(Effect.provide(LocalServer.layerTest)))
  })

  describe("/init/error", () => {
    const report = JSON.stringify({ errorType: "Runtime.ImportModuleError", errorMessage: "no such file" })

    it.effect("answers every caller that waits, and those that come, until a runtime polls", () =>
      Effect.gen(function*() {
        const broken = yield* makeRuntime()
        const waiting = [yield* fork(invoke("1")), yield* fork(invoke("2"))]
        yield* until({ queued: 2 })
        const accepted = yield* broken.post("/init/error", report)
        assert.strictEqual(accepted.status, 202)
        assert.strictEqual(accepted.text, "{\"status\":\"OK\"}")
        for (const call of waiting) {
          const reply = yield* Fiber.join(call)
          assert.strictEqual(reply.status, 500)
          assert.strictEqual(reply.text, report)
        }
        assert.strictEqual((yield* invoke("3")).text, report)

        const fixed = yield* makeRuntime()
        const poll = yield* fork(fixed.next)
        yield* until({ polls: 1 })
        const call = yield* fork(invoke("4"))
        const { requestId } = yield* Fiber.join(poll)
        yield* fixed.respond(requestId, "works")
        assert.strictEqual((yield* Fiber.join(call)).text, "works")
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect.each(types)("takes the type %j for %s, in a warning and to the callers", ([type, expected]) => {
      const warnings: Array<string> = []
      const logger = Logger.make<unknown, void>(({ logLevel, message }) => {
        if (logLevel === "Warn") warnings.push(String(message))
      })
      return Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        yield* runtime.post("/init/error", "", { "lambda-runtime-function-error-type": type })
        assert.strictEqual(errorType((yield* invoke("{}")).text), expected)
        assert.strictEqual(warnings.length, 1)
        assert.include(warnings[0], `The runtime of function could not start: ${expected}: `)
      }).pipe(Effect.provide(LocalServer.layerOptions({ port: 0 }).pipe(Layer.provideMerge(Logger.layer([logger])))))
    })

    it.effect("is not logged when it is refused", () => {
      const warnings: Array<string> = []
      const logger = Logger.make<unknown, void>(({ logLevel, message }) => {
        if (logLevel === "Warn") warnings.push(String(message))
      })
      return Effect.gen(function*() {
        const runtime = yield* makeRuntime(2)
        yield* fork(runtime.next)
        yield* until({ polls: 1 })
        assert.strictEqual((yield* runtime.post("/init/error", report)).status, 403)
        assert.deepStrictEqual(warnings, [])
      }).pipe(Effect.provide(LocalServer.layerOptions({ port: 0 }).pipe(Layer.provideMerge(Logger.layer([logger])))))
    })

    it.effect("refuses a poll of the runtime that could not start", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        yield* runtime.post("/init/error", report)
        const refused = yield* runtime.next
        assert.strictEqual(refused.status, 403)
        assert.include(refused.text, "from InitError to Ready")
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect.each([LocalServer.layerTest, concurrent])(
      "is refused once the runtime has polled",
      (layer) =>
        Effect.gen(function*() {
          const runtime = yield* makeRuntime(2)
          yield* fork(runtime.next)
          yield* until({ polls: 1 })
          const refused = yield* runtime.post("/init/error", report)
          assert.strictEqual(refused.status, 403)
          assert.include(refused.text, "from Ready to InitError")
        }).pipe(Effect.provide(layer))
    )

    it.effect("is taken from the successor of a runtime that has gone", () =>
      Effect.gen(function*() {
        const first = yield* makeRuntime()
        const { event } = yield* nextOf(first)
        yield* first.respond(event.requestId, "{}")
        yield* first.kill
        const second = yield* makeRuntime()
        // The end of the connection and the post reach the server on two sockets, in any order.
        yield* Effect.repeat(second.post("/init/error", report), { until: ({ status }) => status === 202 })
        assert.strictEqual((yield* invoke("{}")).text, report)
      }).pipe(Effect.provide(LocalServer.layerTest)))
  })

  describe("one connection", () => {
    it.effect("may carry an answer and the next poll in one write", () =>
      Effect.gen(function*() {
        const { address } = yield* LocalServer.LocalServer
        const connection = yield* localSocket.connect(address)
        const poll = `GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: ${address}\r\n\r\n`
        const requestId = (head: string) => /request-id: (.*)\r/i.exec(head)?.[1] ?? ""
        yield* connection.write(poll)
        const first = yield* fork(invoke("\"first\""))
        let id = requestId(yield* connection.readUntil("\"first\""))
        const second = yield* fork(invoke("\"second\""))
        yield* until({ queued: 1 })
        yield* connection.write(
          `POST /2018-06-01/runtime/invocation/${id}/response HTTP/1.1\r\nHost: ${address}\r\n` +
            `Content-Length: 3\r\n\r\none${poll}`
        )
        const answers = yield* connection.readUntil("\"second\"")
        assert.match(answers, /^HTTP\/1\.1 202 /)
        assert.match(answers, /\{"status":"OK"\}HTTP\/1\.1 200 /)
        assert.strictEqual((yield* Fiber.join(first)).text, "one")
        id = requestId(answers)
        yield* connection.write(
          `POST /2018-06-01/runtime/invocation/${id}/response HTTP/1.1\r\nHost: ${address}\r\n` +
            `Content-Length: 3\r\n\r\ntwo`
        )
        assert.strictEqual((yield* Fiber.join(second)).text, "two")
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("gets 400 for what is not HTTP, and others go on", () =>
      Effect.gen(function*() {
        const { address } = yield* LocalServer.LocalServer
        const connection = yield* localSocket.connect(address)
        yield* connection.write("this is not HTTP\r\n\r\n")
        assert.match(yield* connection.readUntil("\r\n\r\n"), /^HTTP\/1\.1 400 /)
        yield* connection.closed
        assert.strictEqual((yield* invoke("")).status, 400)
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("may carry headers of up to 1 MB", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        const { event } = yield* nextOf(runtime)
        const accepted = yield* runtime.fail(event.requestId, "{}", {
          "lambda-runtime-function-xray-error-cause": "x".repeat(65_536)
        })
        assert.strictEqual(accepted.status, 202)
        const tooMuch = yield* invoke("{}", { "x-much": "x".repeat(1_100_000) })
        assert.strictEqual(tooMuch.status, 431)
      }).pipe(Effect.provide(LocalServer.layerTest)))
  })

  it.effect("answers a ping", () =>
    Effect.gen(function*() {
      const { address } = yield* LocalServer.LocalServer
      const { status, text } = yield* localHttp.send({ address, method: "GET", path: "/2018-06-01/ping" })
      assert.strictEqual(status, 200)
      assert.strictEqual(text, "pong")
    }).pipe(Effect.provide(LocalServer.layerTest)))
})
