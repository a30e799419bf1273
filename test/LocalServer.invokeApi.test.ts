import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Scope from "effect/Scope"
import { createServer, type OutgoingHttpHeaders } from "node:http"
import * as LocalFunction from "../src/internal/local/function/localFunction.ts"
import * as lambdaApiRoutes from "../src/internal/local/invoke/lambdaApiRoutes.ts"
import * as LocalServer from "../src/LocalServer.ts"
import { functionSettings } from "./support/functionSettings.ts"
import * as localHttp from "./support/localHttp.ts"
import { errorType, makeRuntime, type Runtime, until } from "./support/localServer.ts"

const fork = Effect.forkChild({ startImmediately: true })

const layer = LocalServer.layerOptions({ port: 0, functionName: "orders", timeout: "1 minute" })

const arn = "arn:aws:lambda:us-east-1:123456789012:function:orders"

const buffered = (name = "orders") => `/2015-03-31/functions/${name}/invocations`

const streaming = (name = "orders") => `/2021-11-15/functions/${name}/response-streaming-invocations`

const call = Effect.fnUntraced(function*(
  body: string | Uint8Array = "{}",
  headers: OutgoingHttpHeaders = {},
  path: string = buffered()
) {
  const { address } = yield* LocalServer.LocalServer
  return yield* localHttp.send({ address, path, body, headers })
})

const open = Effect.fnUntraced(function*(body: string, path: string, headers: OutgoingHttpHeaders = {}) {
  const { address } = yield* LocalServer.LocalServer
  const exchange = yield* localHttp.open({ address, path, headers })
  exchange.request.end(body)
  return exchange
})

const message = ({ text }: localHttp.Reply): unknown => {
  const body: { readonly message?: unknown; readonly Message?: unknown } = JSON.parse(text)
  return body.message ?? body.Message
}

/** A reply that the API refuses a request with. */
const assertRefused = (reply: localHttp.Reply, status: number, type: string) => {
  assert.strictEqual(reply.status, status, reply.text)
  assert.strictEqual(reply.headers["x-amzn-errortype"], type)
  assert.strictEqual(reply.headers["content-type"], "application/json")
  assert.match(String(reply.headers["x-amzn-requestid"]), /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/)
  assert.isString(message(reply))
}

/** The runtime is served on as if nothing had happened. */
const assertGoesOn = Effect.fnUntraced(function*(runtime: Runtime) {
  const caller = yield* fork(call("\"and on\""))
  const event = yield* runtime.next
  assert.strictEqual(event.text, "\"and on\"")
  yield* runtime.respond(event.requestId, "\"still here\"")
  assert.strictEqual((yield* Fiber.join(caller)).text, "\"still here\"")
})

const outOfStock = JSON.stringify({ errorType: "OutOfStock", errorMessage: "no more teapots" })

describe("the Invoke API of LocalServer", () => {
  it.effect("answers as Lambda does", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime()
      const trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
      const caller = yield* fork(call("{\"id\":1}", { "x-amzn-trace-id": trace }))
      const event = yield* runtime.next
      assert.strictEqual(event.text, "{\"id\":1}")
      assert.strictEqual(event.headers["lambda-runtime-invoked-function-arn"], arn)
      assert.strictEqual(event.headers["lambda-runtime-trace-id"], trace)
      yield* runtime.respond(event.requestId, "<p>Hello</p>", { "content-type": "text/html" })
      const reply = yield* Fiber.join(caller)
      assert.strictEqual(reply.status, 200)
      assert.strictEqual(reply.text, "<p>Hello</p>")
      assert.strictEqual(reply.headers["content-type"], "text/html")
      const { rawHeaders } = reply
      const header = (name: string) => rawHeaders[rawHeaders.indexOf(name) + 1]
      assert.strictEqual(header("x-amzn-RequestId"), event.requestId)
      assert.strictEqual(header("X-Amz-Executed-Version"), "$LATEST")
      assert.strictEqual(header("X-Amzn-Trace-Id"), trace)
      assert.notInclude(rawHeaders, "X-Amz-Function-Error")
      assert.notInclude(rawHeaders, "X-Amz-Log-Result")
    }).pipe(Effect.provide(layer)))

  it.effect("answers a function error with status 200", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime()
      const caller = yield* fork(call())
      yield* runtime.fail((yield* runtime.next).requestId, outOfStock)
      const reply = yield* Fiber.join(caller)
      assert.strictEqual(reply.status, 200)
      assert.strictEqual(reply.headers["x-amz-function-error"], "Unhandled")
      assert.strictEqual(reply.headers["x-amz-executed-version"], "$LATEST")
      assert.strictEqual(reply.headers["content-type"], "application/json")
      assert.strictEqual(reply.text, outOfStock)
    }).pipe(Effect.provide(layer)))

  it.effect.each([
    [buffered("orders%3Alive"), `${arn}:live`],
    [buffered("orders:live"), `${arn}:live`],
    [`${buffered()}?Qualifier=live`, `${arn}:live`],
    [`${buffered()}?Qualifier=%24LATEST`, `${arn}:$LATEST`],
    [`${buffered()}?Qualifier=`, arn],
    [buffered(encodeURIComponent(`${arn}:live`)), `${arn}:live`],
    [buffered("123456789012%3Afunction%3Aorders"), arn],
    [`${streaming("orders%3Alive")}?Qualifier=live`, `${arn}:live`]
  ])("finds the function at %s", ([path = "", invokedArn]) =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime()
      const caller = yield* fork(call("{}", {}, path))
      const event = yield* runtime.next
      assert.strictEqual(event.headers["lambda-runtime-invoked-function-arn"], invokedArn)
      yield* runtime.respond(event.requestId, "null")
      assert.strictEqual((yield* Fiber.join(caller)).status, 200)
    }).pipe(Effect.provide(layer)))

  it.effect("does not mix functions up", () =>
    Effect.gen(function*() {
      const { address } = yield* LocalServer.LocalServer
      const invoices = yield* fork(call("\"invoices\"", {}, buffered("invoices")))
      const orders = yield* fork(call("\"orders\"", {}, buffered("orders")))
      for (const name of ["orders", "invoices"]) {
        const runtime = `/${name}/2018-06-01/runtime/invocation`
        const event = yield* localHttp.send({ address, method: "GET", path: `${runtime}/next` })
        assert.strictEqual(event.text, JSON.stringify(name))
        const id = String(event.headers["lambda-runtime-aws-request-id"])
        yield* localHttp.send({ address, path: `${runtime}/${id}/response`, body: `"${name} answered"` })
      }
      assert.strictEqual((yield* Fiber.join(orders)).text, "\"orders answered\"")
      assert.strictEqual((yield* Fiber.join(invoices)).text, "\"invoices answered\"")
    }).pipe(
      Effect.provide(LocalServer.layerOptions({
        port: 0,
        functionName: "orders",
        functions: [{ functionName: "invoices" }]
      }))
    ))

  describe("refuses", () => {
    it.effect.each([buffered("nope"), streaming("nope"), "/_local/functions/nope/dead-letters"])(
      "an unknown function at %s",
      (path) =>
        Effect.gen(function*() {
          const { address } = yield* LocalServer.LocalServer
          const method = path.startsWith("/_local") ? "GET" : "POST"
          const reply = yield* localHttp.send({ address, method, path: `${path}?Qualifier=live` })
          assertRefused(reply, 404, "ResourceNotFoundException")
          assert.deepStrictEqual(JSON.parse(reply.text), {
            Type: "User",
            Message: "Function not found: arn:aws:lambda:us-east-1:123456789012:function:nope:live"
          })
        }).pipe(Effect.provide(layer))
    )

    it.effect("a name that cannot be one, however it is encoded", () =>
      Effect.gen(function*() {
        for (const name of ["my%20orders", "orders%2Fmore", "%C3%A9", "orders%3A", "x".repeat(300)]) {
          assertRefused(yield* call("{}", {}, buffered(name)), 400, "ValidationException")
          assertRefused(yield* call("{}", {}, streaming(name)), 400, "ValidationException")
        }
      }).pipe(Effect.provide(layer)))

    it.effect.each(["x".repeat(1_025), "x".repeat(60_000), "%61".repeat(1_025), "%zz", "%E9", "orders%", "orders%2"])(
      "a name that the router cannot read: %#",
      (name) =>
        Effect.gen(function*() {
          const { address } = yield* LocalServer.LocalServer
          for (const path of [buffered(name), streaming(name)]) {
            assertRefused(yield* call("{}", {}, path), 400, "ValidationException")
            assertRefused(yield* call("{}", {}, `${path}?Qualifier=live`), 400, "ValidationException")
          }
          const path = `/_local/functions/${name}/dead-letters`
          assertRefused(yield* localHttp.send({ address, method: "GET", path }), 400, "ValidationException")
          assert.strictEqual((yield* localHttp.send({ address, path: `/elsewhere/${name}/invocations` })).status, 404)
          yield* assertGoesOn(yield* makeRuntime())
        }).pipe(Effect.provide(layer))
    )

    it.effect("no name for its encoding", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        const caller = yield* fork(call("{}", {}, buffered("%6Frder%73")))
        yield* runtime.respond((yield* runtime.next).requestId, "{}")
        assert.strictEqual((yield* Fiber.join(caller)).status, 200)
      }).pipe(Effect.provide(layer)))

    it.effect("two qualifiers", () =>
      Effect.gen(function*() {
        const reply = yield* call("{}", {}, `${buffered("orders:live")}?Qualifier=test`)
        assertRefused(reply, 400, "InvalidParameterValueException")
      }).pipe(Effect.provide(layer)))

    it.effect.each(["GET", "PUT", "DELETE", "PATCH"])("%s", (method) =>
      Effect.gen(function*() {
        const { address } = yield* LocalServer.LocalServer
        for (const path of [buffered(), streaming()]) {
          const reply = yield* localHttp.send({ address, method, path })
          assertRefused(reply, 405, "UnknownOperationException")
          assert.strictEqual(reply.headers["allow"], "POST")
        }
      }).pipe(Effect.provide(layer)))

    it.effect.each([
      "{",
      "{'id': 1}",
      "undefined",
      "\u{feff}{}",
      " ",
      "{}{}",
      Uint8Array.of(0x22, 0xff, 0x22)
    ])("an event that is not JSON: %j", (body) =>
      Effect.gen(function*() {
        for (const path of [buffered(), streaming()]) {
          const reply = yield* call(body, {}, path)
          assertRefused(reply, 400, "InvalidRequestContentException")
          assert.match(String(message(reply)), /^Could not parse request body into json: /)
        }
        yield* assertGoesOn(yield* makeRuntime())
      }).pipe(Effect.provide(layer)))

    it.effect.each([
      ["x-amz-invocation-type", "Later", "[Event, RequestResponse, DryRun]"],
      ["x-amz-log-type", "Head", "[None, Tail]"],
      ["x-amz-tenant-id", "blue,team", "[a-zA-Z0-9\\._:\\/=+\\-@ ]+"],
      ["x-amz-tenant-id", "x".repeat(257), "256"]
    ])("the header %s: %s", ([name = "", value = "", constraint = ""]) =>
      Effect.gen(function*() {
        const reply = yield* call("{}", { [name]: value })
        assertRefused(reply, 400, "ValidationException")
        assert.include(String(message(reply)), `Value '${value}' at '`)
        assert.include(String(message(reply)), constraint)
      }).pipe(Effect.provide(layer)))

    it.effect("to stream to a caller who does not wait", () =>
      Effect.gen(function*() {
        const reply = yield* call("{}", { "x-amz-invocation-type": "Event" }, streaming())
        assertRefused(reply, 400, "ValidationException")
        assert.include(String(message(reply)), "[RequestResponse, DryRun]")
      }).pipe(Effect.provide(layer)))

    it.effect("a durable execution, which there is none of", () =>
      Effect.gen(function*() {
        const reply = yield* call("{}", { "x-amz-durable-execution-name": "order-1" })
        assertRefused(reply, 400, "InvalidParameterValueException")
      }).pipe(Effect.provide(layer)))

    it.effect("a client context that is no JSON object in base64, or too long", () =>
      Effect.gen(function*() {
        const base64 = (text: string) => Buffer.from(text).toString("base64")
        for (const value of ["eyJ", "{}", "e30", "e!0=", base64("[1]"), base64("{"), ""]) {
          const reply = yield* call("{}", { "x-amz-client-context": value })
          assertRefused(reply, 400, "InvalidRequestContentException")
          assert.strictEqual(message(reply), "Client context must be a valid Base64-encoded JSON object.", value)
        }
        const tooLong = base64(JSON.stringify({ custom: "x".repeat(2_700) }))
        const reply = yield* call("{}", { "x-amz-client-context": tooLong })
        assertRefused(reply, 400, "InvalidRequestContentException")
        assert.include(String(message(reply)), "3583 bytes")
      }).pipe(Effect.provide(layer)))

    it.effect("an event of more than 6 MB, and goes on with the connection", () =>
      Effect.gen(function*() {
        const { address } = yield* LocalServer.LocalServer
        const agent = yield* localHttp.keepAlive(1)
        const largest = JSON.stringify("x".repeat(6_291_454))
        for (const path of [buffered(), streaming()]) {
          const reply = yield* localHttp.send({ address, agent, path, body: `${largest} ` })
          assertRefused(reply, 413, "RequestTooLargeException")
          assert.strictEqual(
            message(reply),
            "Request must be smaller than 6291456 bytes for the InvokeFunction operation"
          )
        }
        const runtime = yield* makeRuntime()
        const caller = yield* fork(localHttp.send({ address, agent, path: buffered(), body: largest }))
        const event = yield* runtime.next
        assert.strictEqual(event.text.length, 6_291_456)
        yield* runtime.respond(event.requestId, "null")
        assert.strictEqual((yield* Fiber.join(caller)).status, 200)
      }).pipe(Effect.provide(layer)))

    it.effect("what is too much", () =>
      Effect.gen(function*() {
        yield* fork(call())
        yield* until({ queued: 1 })
        const reply = yield* call()
        assertRefused(reply, 429, "TooManyRequestsException")
        assert.strictEqual(reply.headers["retry-after"], "1")
        assert.deepStrictEqual(JSON.parse(reply.text), {
          Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
          Type: "User",
          message: "Rate Exceeded."
        })
      }).pipe(Effect.provide(LocalServer.layerOptions({ port: 0, functionName: "orders", maxQueued: 1 }))))

    it.effect("those who still wait at the shutdown", () =>
      Effect.gen(function*() {
        const scope = yield* Scope.make()
        const context = yield* Layer.buildWithScope(layer, scope)
        yield* Effect.gen(function*() {
          const callers = [yield* fork(call()), yield* fork(call("{}", {}, streaming()))]
          yield* until({ queued: 2 })
          yield* Scope.close(scope, Exit.void)
          for (const caller of callers) assertRefused(yield* Fiber.join(caller), 503, "ServiceException")
        }).pipe(Effect.provideContext(context))
      }))
  })

  describe("events", () => {
    it.effect("may be missing: the function gets an empty object", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        for (const path of [buffered(), streaming()]) {
          const caller = yield* fork(call("", {}, path))
          const event = yield* runtime.next
          assert.strictEqual(event.text, "{}")
          yield* runtime.respond(event.requestId, "null")
          yield* Fiber.join(caller)
        }
      }).pipe(Effect.provide(layer)))

    it.effect("are JSON to the runtime, whatever content type they are sent with", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        const caller = yield* fork(call("[1]", { "content-type": "application/x-www-form-urlencoded" }))
        const event = yield* runtime.next
        assert.strictEqual(event.headers["content-type"], "application/json")
        assert.strictEqual(event.text, "[1]")
        yield* runtime.respond(event.requestId, "null")
        yield* Fiber.join(caller)
      }).pipe(Effect.provide(layer)))

    it.effect("come with the client context and the tenant of their caller", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        const context = { custom: { "größe": "😀", padding: "x".repeat(2_580) } }
        const base64 = Buffer.from(JSON.stringify(context)).toString("base64")
        const caller = yield* fork(call("{}", { "x-amz-client-context": base64, "x-amz-tenant-id": "a._:/=+-@ 9" }))
        const { headers, requestId } = yield* runtime.next
        assert.deepStrictEqual(JSON.parse(String(headers["lambda-runtime-client-context"])), context)
        assert.strictEqual(headers["lambda-runtime-aws-tenant-id"], "a._:/=+-@ 9")
        yield* runtime.respond(requestId, "null")
        assert.strictEqual((yield* Fiber.join(caller)).status, 200)
      }).pipe(Effect.provide(layer)))

    it.effect("are not delivered when they are only checked", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        for (const path of [buffered(), streaming()]) {
          const reply = yield* call("{}", { "x-amz-invocation-type": "DryRun" }, path)
          assert.strictEqual(reply.status, 204)
          assert.strictEqual(reply.text, "")
          assert.isString(reply.headers["x-amzn-requestid"])
          assertRefused(
            yield* call("{", { "x-amz-invocation-type": "DryRun" }, path),
            400,
            "InvalidRequestContentException"
          )
        }
        yield* assertGoesOn(runtime)
      }).pipe(Effect.provide(layer)))
  })

  describe("a log that the caller asks for", () => {
    it.effect("is there after a success and after a failure", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        for (const answer of ["respond", "fail"] as const) {
          const caller = yield* fork(call("{}", { "x-amz-log-type": "Tail" }))
          const { requestId } = yield* runtime.next
          yield* runtime[answer](requestId, outOfStock)
          const { headers } = yield* Fiber.join(caller)
          const log = Buffer.from(String(headers["x-amz-log-result"]), "base64").toString()
          assert.include(log, `START RequestId: ${requestId}`)
          assert.include(log, `END RequestId: ${requestId}`)
          assert.strictEqual(headers["x-amz-function-error"], answer === "fail" ? "Unhandled" : undefined)
        }
      }).pipe(Effect.provide(layer)))

    it.effect("is there when the runtime could not start", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        yield* runtime.post("/init/error", "{\"errorType\":\"Runtime.ImportModuleError\"}")
        const { headers, text } = yield* call("{}", { "x-amz-log-type": "Tail" })
        assert.strictEqual(headers["x-amz-function-error"], "Unhandled")
        assert.isString(headers["x-amz-log-result"])
        assert.strictEqual(errorType(text), "Runtime.ImportModuleError")
      }).pipe(Effect.provide(layer)))

    it.effect("is not there when the caller says so", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        const caller = yield* fork(call("{}", { "x-amz-log-type": "None" }))
        yield* runtime.respond((yield* runtime.next).requestId, "null")
        assert.isUndefined((yield* Fiber.join(caller)).headers["x-amz-log-result"])
      }).pipe(Effect.provide(layer)))
  })

  describe("a streamed answer", () => {
    const begin = Effect.fnUntraced(function*(path: string, headers: OutgoingHttpHeaders = {}) {
      const runtime = yield* makeRuntime()
      const caller = yield* open("{}", path, headers)
      const { requestId } = yield* runtime.next
      const answer = yield* runtime.stream(requestId, {
        "content-type": "application/vnd.awslambda.http-integration-response"
      })
      return { runtime, caller, answer, requestId }
    })

    it.effect("is put together, its head as it is", () =>
      Effect.gen(function*() {
        const { answer, caller, runtime } = yield* begin(buffered())
        const head = `{"statusCode":201}${"\0".repeat(8)}`
        for (const chunk of [head, "Hello, ", "World"]) yield* answer.write(chunk)
        yield* answer.end()
        const reply = yield* caller.reply
        assert.strictEqual(reply.status, 200)
        assert.strictEqual(reply.headers["content-type"], "application/vnd.awslambda.http-integration-response")
        assert.strictEqual(yield* reply.rest, `${head}Hello, World`)
        yield* assertGoesOn(runtime)
      }).pipe(Effect.provide(layer)))

    it.effect("that breaks off is a function error", () =>
      Effect.gen(function*() {
        const { answer, caller, runtime } = yield* begin(buffered(), { "x-amz-log-type": "Tail" })
        yield* answer.write("half")
        yield* answer.end({
          "Lambda-Runtime-Function-Error-Type": "Function.OutOfStock",
          "Lambda-Runtime-Function-Error-Body": Buffer.from(outOfStock).toString("base64")
        })
        const reply = yield* caller.reply
        assert.strictEqual(reply.status, 200)
        assert.strictEqual(reply.headers["x-amz-function-error"], "Unhandled")
        assert.strictEqual(yield* reply.rest, outOfStock)
        yield* assertGoesOn(runtime)
      }).pipe(Effect.provide(layer)))

    it.effect("of more than 6 MB is a function error, and its runtime goes on", () =>
      Effect.gen(function*() {
        const { answer, caller, runtime } = yield* begin(buffered(), { "x-amz-log-type": "Tail" })
        for (let index = 0; index < 70; index++) yield* answer.write(Buffer.alloc(100_000))
        yield* answer.end()
        assert.strictEqual((yield* answer.reply).status, 202)
        const reply = yield* caller.reply
        assert.strictEqual(reply.status, 200)
        assert.strictEqual(reply.headers["x-amz-function-error"], "Unhandled")
        assert.isString(reply.headers["x-amz-log-result"])
        assert.strictEqual(errorType(yield* reply.rest), "Function.ResponseSizeTooLarge")
        yield* assertGoesOn(runtime)
      }).pipe(Effect.provide(layer)))

    it.effect("of exactly 6 MB and 100 bytes is not too long", () =>
      Effect.gen(function*() {
        const { answer, caller } = yield* begin(buffered())
        yield* answer.write(Buffer.alloc(6_291_556, "x"))
        yield* answer.end()
        const reply = yield* caller.reply
        assert.isUndefined(reply.headers["x-amz-function-error"])
        assert.strictEqual((yield* reply.rest).length, 6_291_556)
      }).pipe(Effect.provide(layer)))

    it.effect("has its head sent ahead of its first chunk", () =>
      Effect.gen(function*() {
        const { answer, caller, requestId } = yield* begin(streaming())
        answer.request.flushHeaders()
        const reply = yield* caller.reply
        assert.strictEqual(reply.status, 200)
        assert.strictEqual(reply.headers["content-type"], "application/vnd.amazon.eventstream")
        assert.strictEqual(reply.headers["x-amz-executed-version"], "$LATEST")
        assert.strictEqual(reply.headers["x-amzn-requestid"], requestId)
        yield* answer.write("first")
        assert.include(yield* reply.read, "first")
        yield* answer.end()
        assert.include(yield* reply.rest, "InvokeComplete")
      }).pipe(Effect.provide(layer)))

    it.effect.each([buffered(), streaming()])(
      "whose caller at %s breaks the connection frees its runtime",
      (path) =>
        Effect.gen(function*() {
          const { answer, caller, runtime } = yield* begin(path)
          yield* answer.write("first")
          if (path === streaming()) assert.include(yield* (yield* caller.reply).read, "first")
          yield* caller.destroy
          // More than all buffers between the two hold.
          for (let index = 0; index < 100; index++) yield* answer.write(Buffer.alloc(1_000_000))
          yield* answer.end()
          assert.strictEqual((yield* answer.reply).status, 202)
          yield* assertGoesOn(runtime)
        }).pipe(Effect.provide(layer))
    )
  })

  it.effect("takes the event of a caller who leaves out of the queue", () =>
    Effect.gen(function*() {
      for (const path of [buffered(), streaming()]) {
        const caller = yield* open("\"leaves\"", path)
        yield* until({ queued: 1 })
        yield* caller.destroy
        yield* until({ queued: 0 })
      }
      yield* assertGoesOn(yield* makeRuntime())
    }).pipe(Effect.provide(layer)))

  it.effect("serves on when a request is broken off", () =>
    Effect.gen(function*() {
      const { address } = yield* LocalServer.LocalServer
      for (const path of [buffered(), streaming()]) {
        const caller = yield* localHttp.open({
          address,
          path,
          headers: { "content-length": 100, expect: "100-continue" }
        })
        yield* caller.proceed
        yield* caller.write("{\"half\":")
        yield* caller.destroy
      }
      yield* assertGoesOn(yield* makeRuntime())
    }).pipe(Effect.provide(layer)))

  it.effect("answers 500 when it fails itself, and says so in its log", () =>
    Effect.gen(function*() {
      const logged: Array<unknown> = []
      const logger = Logger.make<unknown, void>(({ message }) => void logged.push(message))
      const local = yield* LocalFunction.make(functionSettings, undefined)
      const broken = { ...local, invocations: { ...local.invocations, offer: () => Effect.die("a fault of its own") } }
      const routes = lambdaApiRoutes.routes(LocalFunction.collect([broken]))
      const router = yield* HttpRouter.make
      yield* router.addAll(routes)
      const server = yield* NodeHttpServer.make(() => createServer(), { host: "127.0.0.1", port: 0 })
      yield* server.serve(Effect.orDie(router.asHttpEffect())).pipe(Effect.provide(Logger.layer([logger])))
      const address = HttpServer.formatAddress(server.address).replace("http://", "")
      for (const path of [buffered(), streaming()]) {
        assertRefused(yield* localHttp.send({ address, path, body: "{}" }), 500, "ServiceException")
      }
      assert.lengthOf(logged, 2)
      assert.include(JSON.stringify(logged), "a fault of its own")
    }))

  describe("asynchronously", () => {
    const later = { "x-amz-invocation-type": "Event" }

    it.effect("answers at once, and runs the function when there is a runtime", () =>
      Effect.gen(function*() {
        const reply = yield* call("{\"id\":1}", later)
        assert.strictEqual(reply.status, 202)
        assert.strictEqual(reply.text, "")
        assert.isUndefined(reply.headers["x-amz-executed-version"])
        const runtime = yield* makeRuntime()
        const event = yield* runtime.next
        assert.strictEqual(event.text, "{\"id\":1}")
        assert.strictEqual(event.requestId, reply.headers["x-amzn-requestid"])
        yield* runtime.respond(event.requestId, "null")
        yield* assertGoesOn(runtime)
      }).pipe(Effect.provide(layer)))

    it.effect("takes 1 MB", () =>
      Effect.gen(function*() {
        const largest = JSON.stringify("x".repeat(1_048_574))
        assert.strictEqual((yield* call(largest, later)).status, 202)
        const reply = yield* call(`${largest} `, later)
        assertRefused(reply, 413, "RequestTooLargeException")
        assert.include(String(message(reply)), "1048576")
      }).pipe(Effect.provide(layer)))

    it.effect("keeps the client context to itself", () =>
      Effect.gen(function*() {
        yield* call("{}", { ...later, "x-amz-client-context": Buffer.from("{}").toString("base64") })
        const { headers } = yield* (yield* makeRuntime()).next
        assert.isUndefined(headers["lambda-runtime-client-context"])
      }).pipe(Effect.provide(layer)))

    it.effect("tries again, and shows what became of it", () =>
      Effect.gen(function*() {
        const { address } = yield* LocalServer.LocalServer
        const path = "/_local/functions/orders/dead-letters"
        const deadLetters = Effect.map(
          localHttp.send({ address, method: "GET", path }),
          ({ status, text }): unknown => (assert.strictEqual(status, 200), JSON.parse(text))
        )
        assert.deepStrictEqual(yield* deadLetters, [])
        const reply = yield* call("{\"id\":1}", later, `${buffered()}?Qualifier=live`)
        const requestId = reply.headers["x-amzn-requestid"]
        const runtime = yield* makeRuntime()
        for (let attempt = 0; attempt < 3; attempt++) {
          const event = yield* runtime.next
          assert.strictEqual(event.requestId, requestId)
          assert.strictEqual(event.headers["lambda-runtime-invoked-function-arn"], `${arn}:live`)
          yield* runtime.fail(event.requestId, outOfStock)
        }
        assert.deepStrictEqual(yield* deadLetters, [{
          version: "1.0",
          timestamp: "1970-01-01T00:00:00.000Z",
          requestContext: {
            requestId,
            functionArn: `${arn}:live`,
            condition: "RetriesExhausted",
            approximateInvokeCount: 3
          },
          requestPayload: { id: 1 },
          responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
          responsePayload: JSON.parse(outOfStock)
        }])
        const wrongVerb = yield* localHttp.send({ address, path })
        assertRefused(wrongVerb, 405, "UnknownOperationException")
        assert.strictEqual(wrongVerb.headers["allow"], "GET")
      }).pipe(Effect.provide(LocalServer.layerOptions({ port: 0, functionName: "orders", retryDelayScale: 0 }))))
  })
})
