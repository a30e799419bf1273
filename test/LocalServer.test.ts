import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Scope from "effect/Scope"
import * as Inspector from "node:inspector"
import * as LocalServer from "../src/LocalServer.ts"
import * as localHttp from "./support/localHttp.ts"
import { errorType, invoke, makeRuntime, until } from "./support/localServer.ts"

const fork = Effect.forkChild({ startImmediately: true })

/** Waits for an event and answers it with what `f` makes of it. */
const serveOne = Effect.fnUntraced(function*(f: (text: string) => string) {
  const runtime = yield* makeRuntime()
  const event = yield* runtime.next
  yield* runtime.respond(event.requestId, f(event.text))
})

describe("LocalServer", () => {
  describe("callers", () => {
    it.effect("get the answer with its content type and the id of the request", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        const call = yield* fork(invoke("{\"name\":\"World\"}", { "content-type": "application/json" }))
        const event = yield* runtime.next
        assert.strictEqual(event.text, "{\"name\":\"World\"}")
        assert.strictEqual(event.headers["content-type"], "application/json")

        const accepted = yield* runtime.respond(event.requestId, "<p>Hello</p>", { "content-type": "text/html" })
        assert.strictEqual(accepted.status, 202)
        assert.strictEqual(accepted.text, "{\"status\":\"OK\"}")
        const reply = yield* Fiber.join(call)
        assert.strictEqual(reply.status, 200)
        assert.strictEqual(reply.text, "<p>Hello</p>")
        assert.strictEqual(reply.headers["content-type"], "text/html")
        assert.strictEqual(reply.headers["x-amzn-requestid"], event.requestId)
        assert.isUndefined(reply.headers["x-amz-function-error"])
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("get a function error as 500 with the error as JSON", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        const call = yield* fork(invoke("{}"))
        const event = yield* runtime.next
        const body = JSON.stringify({ errorType: "OutOfStock", errorMessage: "no more teapots", stackTrace: [] })
        const accepted = yield* runtime.fail(event.requestId, body, {
          "content-type": "application/vnd.aws.lambda.error+json"
        })
        assert.strictEqual(accepted.status, 202)
        assert.strictEqual(accepted.text, "{\"status\":\"OK\"}")
        const reply = yield* Fiber.join(call)
        assert.strictEqual(reply.status, 500)
        assert.strictEqual(reply.text, body)
        assert.strictEqual(reply.headers["content-type"], "application/json")
        assert.strictEqual(reply.headers["x-amz-function-error"], "Unhandled")
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("get the type of a function error that has no body", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        const call = yield* fork(invoke("{}"))
        const { requestId } = yield* runtime.next
        yield* runtime.fail(requestId, "", { "lambda-runtime-function-error-type": "Runtime.Oops" })
        assert.strictEqual(errorType((yield* Fiber.join(call)).text), "Runtime.Oops")
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("are served first in, first out", () =>
      Effect.gen(function*() {
        const calls: Array<Fiber.Fiber<localHttp.Reply, unknown>> = []
        for (let index = 0; index < 5; index++) {
          calls.push(yield* fork(invoke(`"${index}"`)))
          yield* until({ queued: index + 1 })
        }
        const runtime = yield* makeRuntime()
        for (let index = 0; index < 5; index++) {
          const event = yield* runtime.next
          assert.strictEqual(event.text, `"${index}"`)
          yield* runtime.respond(event.requestId, `answer ${index}`)
        }
        const replies = yield* Effect.forEach(calls, Fiber.join)
        assert.deepStrictEqual(replies.map(({ text }) => text), [0, 1, 2, 3, 4].map((index) => `answer ${index}`))
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("each get their own answer, ten at a time", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        yield* fork(Effect.forever(Effect.gen(function*() {
          const event = yield* runtime.next
          yield* runtime.respond(event.requestId, `Hello ${event.text}`)
        })))
        const names = Array.from({ length: 10 }, (_, index) => `World${index}`)
        const replies = yield* Effect.forEach(names, (name) => invoke(name), { concurrency: "unbounded" })
        assert.deepStrictEqual(
          replies.map(({ status, text }) => [status, text]),
          names.map((name) => [200, `Hello ${name}`])
        )
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("that leave while they wait take their event with them", () =>
      Effect.gen(function*() {
        const leaver = yield* fork(invoke("\"leaves\""))
        yield* until({ queued: 1 })
        const stayer = yield* fork(invoke("\"stays\""))
        yield* until({ queued: 2 })
        yield* Fiber.interrupt(leaver)
        yield* until({ queued: 1 })
        yield* serveOne((text) => text)
        assert.strictEqual((yield* Fiber.join(stayer)).text, "\"stays\"")
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("that leave while they are served lose their own answer only", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime()
        const leaver = yield* fork(invoke("\"leaves\""))
        const first = yield* runtime.next
        const stayer = yield* fork(invoke("\"stays\""))
        yield* until({ queued: 1, running: 1 })
        yield* Fiber.interrupt(leaver)
        assert.strictEqual((yield* runtime.respond(first.requestId, "too late")).status, 202)
        const second = yield* runtime.next
        assert.strictEqual(second.text, "\"stays\"")
        yield* runtime.respond(second.requestId, "in time")
        assert.strictEqual((yield* Fiber.join(stayer)).text, "in time")
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("may send an event of 6 MB and get an answer of 6 MB", () =>
      Effect.gen(function*() {
        const event = "e".repeat(6_291_456)
        const answer = "a".repeat(6_291_556)
        const call = yield* fork(invoke(event))
        yield* serveOne((text) => {
          assert.strictEqual(text.length, event.length)
          assert.isTrue(text === event)
          return answer
        })
        assert.isTrue((yield* Fiber.join(call)).text === answer)
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("may send their event in chunks", () =>
      Effect.gen(function*() {
        const { url } = yield* LocalServer.LocalServer
        const exchange = yield* localHttp.open({ address: new URL(url).host, path: "/invoke" })
        yield* exchange.write("one ")
        yield* exchange.write("two")
        yield* exchange.end()
        yield* serveOne((text) => text)
        assert.strictEqual(yield* (yield* exchange.reply).rest, "one two")
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("may wait for 100 Continue before they send their event", () =>
      Effect.gen(function*() {
        const { url } = yield* LocalServer.LocalServer
        const exchange = yield* localHttp.open({
          address: new URL(url).host,
          path: "/invoke",
          headers: { "expect": "100-continue", "content-length": 4 }
        })
        yield* exchange.proceed
        exchange.request.end("true")
        yield* serveOne((text) => text)
        assert.strictEqual(yield* (yield* exchange.reply).rest, "true")
      }).pipe(Effect.provide(LocalServer.layerTest)))
  })

  describe("refuses", () => {
    it.effect("a call without a body with 400", () =>
      Effect.gen(function*() {
        const reply = yield* invoke("")
        assert.strictEqual(reply.status, 400)
        assert.include(reply.text, "Send the event as the body")
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("an event of more than 6 MB with 413", () =>
      Effect.gen(function*() {
        const reply = yield* invoke("e".repeat(6_291_457))
        assert.strictEqual(reply.status, 413)
        assert.include(reply.text, "6291456")
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect.each(["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])(
      "a call with %s with 405",
      (method) =>
        Effect.gen(function*() {
          const { url } = yield* LocalServer.LocalServer
          const reply = yield* localHttp.send({ address: new URL(url).host, path: "/invoke", method })
          assert.strictEqual(reply.status, 405)
          assert.strictEqual(reply.headers["allow"], "POST")
        }).pipe(Effect.provide(LocalServer.layerTest))
    )

    it.effect.each([
      ["GET", "/"],
      ["POST", "/Invoke"],
      ["POST", "/invoke/more"],
      ["POST", "/2018-06-01/runtime/invocation"]
    ])("what it does not know with 404: %j", ([method, path]) =>
      Effect.gen(function*() {
        const { address } = yield* LocalServer.LocalServer
        const reply = yield* localHttp.send({ address, path: path ?? "", method })
        assert.strictEqual(reply.status, 404)
        assert.include(reply.text, "POST /invoke")
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect("a client context that is no JSON object in base64", () =>
      Effect.gen(function*() {
        for (const value of ["eyJ", "bm8=", Buffer.from("[1]").toString("base64"), ""]) {
          const reply = yield* invoke("{}", { "x-amz-client-context": value })
          assert.strictEqual(reply.status, 400, value)
          assert.include(reply.text, "X-Amz-Client-Context")
        }
      }).pipe(Effect.provide(LocalServer.layerTest)))

    it.effect.each(["evil.example", "evil.example:7000", "127.0.0.1.evil.example", "localhost.evil.example"])(
      "a request to the host name %s while it listens on this machine only",
      (host) =>
        Effect.gen(function*() {
          const { address } = yield* LocalServer.LocalServer
          const called = yield* localHttp.send({ address, path: "/invoke", body: "{}", headers: { host } })
          assert.strictEqual(called.status, 403)
          assert.include(called.text, "LOCAL_LAMBDA_HOST")
          const polled = yield* localHttp.send({
            address,
            method: "GET",
            path: "/2018-06-01/runtime/invocation/next",
            headers: { host }
          })
          assert.strictEqual(polled.status, 403)
        }).pipe(Effect.provide(LocalServer.layerTest))
    )
  })

  it.effect.each(["localhost:7000", "LOCALHOST", "api.localhost", "127.0.0.1:1", "[::1]:7000", "host.docker.internal"])(
    "answers to the host name %s",
    (host) =>
      Effect.gen(function*() {
        const reply = yield* invoke("", { host })
        assert.strictEqual(reply.status, 400)
      }).pipe(Effect.provide(LocalServer.layerTest))
  )

  it.effect("answers to every host name when it listens on every address", () =>
    Effect.gen(function*() {
      const { address } = yield* LocalServer.LocalServer
      assert.match(address, /^127\.0\.0\.1:\d+$/)
      const reply = yield* invoke("", { host: "laptop.example" })
      assert.strictEqual(reply.status, 400)
    }).pipe(Effect.provide(LocalServer.layerOptions({ host: "0.0.0.0", port: 0 }))))

  describe("settings", () => {
    const environment = (variables: Record<string, string>) =>
      LocalServer.layer.pipe(Layer.provide(ConfigProvider.layer(ConfigProvider.fromEnvRecord(variables))))

    it.effect("come from LOCAL_LAMBDA_PORT, LOCAL_LAMBDA_HOST and LOCAL_LAMBDA_INVOCATION_ENDPOINT", () =>
      Effect.gen(function*() {
        const { address, url } = yield* LocalServer.LocalServer
        assert.match(address, /^localhost:\d+$/)
        assert.strictEqual(url, `http://${address}/functions/my:function/events`)
        const call = yield* fork(invoke("true"))
        yield* serveOne((text) => text)
        assert.strictEqual((yield* Fiber.join(call)).status, 200)
        const { status } = yield* localHttp.send({ address, path: "/functions/myxfunction/events" })
        assert.strictEqual(status, 404)
      }).pipe(Effect.provide(environment({
        LOCAL_LAMBDA_HOST: "localhost",
        LOCAL_LAMBDA_PORT: "0",
        LOCAL_LAMBDA_INVOCATION_ENDPOINT: "/functions/my:function/events"
      }))))

    it.effect.each([
      ["LOCAL_LAMBDA_PORT", "seven"],
      ["LOCAL_LAMBDA_PORT", "65536"],
      ["LOCAL_LAMBDA_PORT", "-1"],
      ["LOCAL_LAMBDA_PORT", "70.5"],
      ["LOCAL_LAMBDA_PORT", "0x50"],
      ["LOCAL_LAMBDA_INVOCATION_ENDPOINT", "invoke"],
      ["LOCAL_LAMBDA_INVOCATION_ENDPOINT", "/a*"],
      ["LOCAL_LAMBDA_INVOCATION_ENDPOINT", "/a?b"],
      ["LOCAL_LAMBDA_INVOCATION_ENDPOINT", "/2018-06-01/runtime/invocation/next"],
      ["LOCAL_LAMBDA_INVOCATION_ENDPOINT", "/2015-03-31/functions/function/invocations"],
      ["LOCAL_LAMBDA_INVOCATION_ENDPOINT", "/lambda-url"],
      ["AWS_LAMBDA_FUNCTION_TIMEOUT", "0"],
      ["AWS_LAMBDA_FUNCTION_TIMEOUT", "901"],
      ["AWS_LAMBDA_FUNCTION_TIMEOUT", "3s"],
      ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "lots"]
    ])("that make no sense are named: %j", ([name = "", value = ""]) =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(Layer.build(environment({ LOCAL_LAMBDA_PORT: "0", [name]: value })))
        assert.strictEqual(error._tag, "LocalServerError")
        assert.isTrue(error.message.startsWith(`${name} is "${value}": it must be `), error.message)
      }))

    it.effect.each(
      [
        [{ port: Number.NaN }, "LOCAL_LAMBDA_PORT"],
        [{ maxConcurrency: 0 }, "maxConcurrency"],
        [{ timeout: "forever" as "1 second" }, "timeout"],
        [{ timeout: "16 minutes" }, "timeout (AWS_LAMBDA_FUNCTION_TIMEOUT)"],
        [{ timeout: 0 }, "a duration like 3 seconds, above 0 and at most 15 minutes"],
        [{ timeout: "-1 second" }, "above 0"],
        [{ timeout: Number.NaN }, "above 0"],
        [{ timeout: "Infinity" }, "above 0"],
        [{ maxEnvironments: 1.5 }, "maxEnvironments"],
        [{ maxQueued: 0 }, "maxQueued"],
        [
          { memorySize: 64 },
          "memorySize (AWS_LAMBDA_FUNCTION_MEMORY_SIZE) is \"64\": it must be a whole number from 128"
        ],
        [
          { maxConcurrency: -1 },
          "maxConcurrency (AWS_LAMBDA_MAX_CONCURRENCY) is \"-1\": it must be a whole number from 1"
        ],
        [{ maximumRetryAttempts: 3 }, "maximumRetryAttempts"],
        [{ maximumEventAge: "7 hours" }, "a duration like 6 hours, from 1 minute to 6 hours"],
        [{ maximumEventAge: "59 seconds" }, "maximumEventAge is \"59 seconds\""],
        [{ maximumEventAge: "-1 hour" }, "maximumEventAge"],
        [{ retryDelayScale: -1 }, "retryDelayScale"],
        [{ functionName: "a/b" }, "functionName (AWS_LAMBDA_FUNCTION_NAME)"],
        [{ functionName: "lambda-url" }, "functionName"],
        [{ functions: [{ functionName: "" }] }, "functionName is"],
        [{ functions: [{ functionName: "other", timeout: 0 }] }, "timeout is"],
        [{ allowedHosts: ["example.com:80"] }, "allowedHosts"],
        [{ allowedOrigins: ["example.com"] }, "allowedOrigins"]
      ] as const
    )("of the program are checked too: %j", ([options, name]) =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(Layer.build(LocalServer.layerOptions({ port: 0, ...options })))
        assert.include(error.message, name)
      }))

    it.effect("give a debugger all the time that Lambda ever gives", () =>
      Effect.gen(function*() {
        yield* Effect.acquireRelease(
          Effect.sync(() => Inspector.open(0, "127.0.0.1")),
          () => Effect.sync(() => Inspector.close())
        )
        const server = yield* Layer.build(environment({ LOCAL_LAMBDA_PORT: "0" }))
        yield* Effect.gen(function*() {
          const runtime = yield* makeRuntime()
          yield* fork(invoke("{}"))
          const { headers } = yield* runtime.next
          assert.strictEqual(headers["lambda-runtime-deadline-ms"], String(15 * 60_000))
        }).pipe(Effect.provide(server))
      }))

    it.effect("that are empty count as unset", () =>
      Effect.gen(function*() {
        const { url } = yield* LocalServer.LocalServer
        assert.isTrue(url.startsWith("http://127.0.0.1:"))
        assert.isTrue(url.endsWith("/invoke"))
      }).pipe(Effect.provide(environment({
        LOCAL_LAMBDA_HOST: "",
        LOCAL_LAMBDA_PORT: "0",
        LOCAL_LAMBDA_INVOCATION_ENDPOINT: " "
      }))))

    it.effect("of the program may have an empty host, which counts as unset", () =>
      Effect.gen(function*() {
        const { address } = yield* LocalServer.LocalServer
        assert.match(address, /^127\.0\.0\.1:/)
        // Nothing else could tell it from all addresses of the machine.
        const refused = yield* localHttp.send({ address, path: "/invoke", headers: { host: "evil.example" } })
        assert.strictEqual(refused.status, 403)
      }).pipe(Effect.provide(LocalServer.layerOptions({ host: "", port: 0 }))))

    it.effect("may be at the ends of their ranges", () =>
      Effect.gen(function*() {
        for (
          const options of [
            { timeout: "1 milli", maximumEventAge: "1 minute", memorySize: 128 },
            { timeout: "15 minutes", maximumEventAge: "6 hours", memorySize: 32_768 }
          ] as const
        ) {
          yield* Effect.scoped(Layer.build(LocalServer.layerOptions({ port: 0, ...options })))
        }
      }))

    it.effect("let as many events run as AWS_LAMBDA_MAX_CONCURRENCY says", () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime(2)
        yield* fork(runtime.next)
        yield* fork(runtime.next)
        yield* until({ polls: 2 })
      }).pipe(Effect.provide(environment({ LOCAL_LAMBDA_PORT: "0", AWS_LAMBDA_MAX_CONCURRENCY: "2" }))))
  })

  it.effect("says in one line what to do when its port is in use", () =>
    Effect.gen(function*() {
      const { address } = yield* LocalServer.LocalServer
      const port = Number(address.split(":")[1])
      const error = yield* Effect.flip(Layer.build(LocalServer.layerOptions({ port })))
      assert.strictEqual(error.reason._tag, "PortInUse")
      assert.strictEqual(
        error.message,
        `port ${port} of 127.0.0.1 is in use: stop the program that uses it, or set LOCAL_LAMBDA_PORT to another port`
      )
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("says what to do when it cannot listen on its address", () =>
    Effect.gen(function*() {
      // An address for documentation, which no machine has.
      const error = yield* Effect.flip(Layer.build(LocalServer.layerOptions({ host: "192.0.2.1", port: 0 })))
      assert.strictEqual(error.reason._tag, "CannotListen")
      assert.include(error.message, "LOCAL_LAMBDA_HOST")
    }))

  it.effect("logs where it listens, with a line to paste", () =>
    Effect.gen(function*() {
      const lines: Array<string> = []
      const logger = Logger.make<unknown, void>(({ message }) => {
        lines.push(String(message))
      })
      const { url } = yield* LocalServer.LocalServer.pipe(
        Effect.provide(LocalServer.layerOptions({ port: 0 }).pipe(Layer.provide(Logger.layer([logger]))))
      )
      assert.strictEqual(lines.length, 1)
      assert.include(lines[0], `curl -d '{}' ${url}\n`)
    }))

  describe("shutdown", () => {
    const start = Effect.gen(function*() {
      const scope = yield* Scope.make()
      const context = yield* Layer.buildWithScope(LocalServer.layerTest, scope)
      return { context, close: Scope.close(scope, Exit.void) }
    })

    it.effect("wakes a runtime that polls and frees the port", () =>
      Effect.gen(function*() {
        const { close, context } = yield* start
        yield* Effect.gen(function*() {
          const { address } = yield* LocalServer.LocalServer
          const runtime = yield* makeRuntime()
          const poll = yield* fork(runtime.next)
          yield* until({ polls: 1 })
          yield* close
          const event = yield* Fiber.join(poll)
          assert.strictEqual(event.status, 500)
          assert.strictEqual(errorType(event.text), "InternalServerError")
          const port = Number(address.split(":")[1])
          yield* Effect.scoped(Layer.build(LocalServer.layerOptions({ port })))
        }).pipe(Effect.provideContext(context))
      }))

    it.effect("answers callers that wait, queued or running, with 503", () =>
      Effect.gen(function*() {
        const { close, context } = yield* start
        yield* Effect.gen(function*() {
          const runtime = yield* makeRuntime()
          const running = yield* fork(invoke("1"))
          yield* runtime.next
          const queued = yield* Effect.forEach(Array.from({ length: 50 }), () => fork(invoke("2")))
          yield* until({ queued: 50, running: 1 })
          yield* close
          for (const call of [running, ...queued]) {
            const reply = yield* Fiber.join(call)
            assert.strictEqual(reply.status, 503)
            assert.include(reply.text, "shutting down")
          }
        }).pipe(Effect.provideContext(context))
      }))

    it.effect("does not wait for connections that are idle or in the middle of a request", () =>
      Effect.gen(function*() {
        const { close, context } = yield* start
        yield* Effect.gen(function*() {
          const { address } = yield* LocalServer.LocalServer
          const exchange = yield* localHttp.open({ address, path: "/invoke" })
          yield* exchange.write("half of an event")
          yield* invoke("")
          yield* close
          const exit = yield* Effect.exit(exchange.reply)
          assert.isTrue(Exit.isFailure(exit) && !Cause.hasInterruptsOnly(exit.cause))
        }).pipe(Effect.provideContext(context))
      }))

    it.effect("cuts a stream off", () =>
      Effect.gen(function*() {
        const { close, context } = yield* start
        yield* Effect.gen(function*() {
          const { address } = yield* LocalServer.LocalServer
          const runtime = yield* makeRuntime()
          const caller = yield* localHttp.open({ address, path: "/invoke" })
          yield* caller.write("{}")
          yield* caller.end()
          const { requestId } = yield* runtime.next
          const answer = yield* runtime.stream(requestId)
          yield* answer.write("first")
          const reply = yield* caller.reply
          assert.strictEqual(yield* reply.read, "first")
          yield* close
          assert.isTrue(Exit.isFailure(yield* Effect.exit(reply.read)))
          assert.isTrue(Exit.isFailure(yield* Effect.exit(answer.reply)))
        }).pipe(Effect.provideContext(context))
      }))
  })
})
