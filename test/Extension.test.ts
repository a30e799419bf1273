import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import * as Extension from "../src/Extension.ts"
import * as Handler from "../src/Handler.ts"
import { userAgent } from "../src/internal/userAgent.ts"
import * as Lambda from "../src/Lambda.ts"
import * as LocalServer from "../src/LocalServer.ts"
import * as RuntimeApi from "../src/RuntimeApi.ts"
import { invoke, until } from "./support/localServer.ts"
import { environment, headersOf } from "./support/runtimeApiLayers.ts"
import * as ScriptedPeer from "./support/scriptedPeer.ts"

const fork = Effect.forkChild({ startImmediately: true })

const onLambda = (address: string) => Layer.orDie(environment({ AWS_LAMBDA_RUNTIME_API: address }))

/** Starts to build a layer, in a scope that the test may close. `warnings` fills with what is logged. */
const start = Effect.fnUntraced(function*<E>(layer: Layer.Layer<never, E>) {
  const warnings: Array<string> = []
  const scope = yield* Effect.acquireRelease(Scope.make(), (scope) => Scope.close(scope, Exit.void))
  const logger = Logger.layer([
    Logger.make(({ logLevel, message }) => void warnings.push(`${logLevel}: ${String(message)}`))
  ])
  const building = yield* fork(Effect.provide(Layer.buildWithScope(Layer.fresh(layer), scope), logger))
  return { built: Fiber.join(building), building, scope, warnings, close: Scope.close(scope, Exit.void) }
})

const startAt = (address: string) => start(Layer.provide(Extension.layer, onLambda(address)))

/** An extension whose registration waits for its answer. */
const registering = Effect.fnUntraced(function*(prefix = "") {
  const peer = yield* ScriptedPeer.make
  const extension = yield* startAt(`${peer.address}${prefix}`)
  return { ...extension, peer, registration: yield* peer.request }
})

/** An extension that waits for an event. */
const waiting = Effect.fnUntraced(function*(response: ScriptedPeer.ResponseOptions = registered) {
  const extension = yield* registering()
  yield* extension.registration.respond(response)
  yield* extension.built
  return { ...extension, wait: yield* extension.peer.request }
})

const registered: ScriptedPeer.ResponseOptions = {
  headers: { "Lambda-Extension-Identifier": "b0a1-42", "Content-Type": "application/json" },
  body: "{\"functionName\":\"teapot\",\"functionVersion\":\"$LATEST\",\"handler\":\"main\"}"
}

const warning = (description: string) =>
  `Warn: no internal extension: ${description}. Lambda will not send SIGTERM, so finalizers do not run when it stops ` +
  "this process"

describe("Extension", () => {
  it.effect("registers for no events, and then waits for one on the same connection", () =>
    Effect.gen(function*() {
      const { building, built, peer, registration, warnings } = yield* registering()
      assert.deepStrictEqual([registration.method, registration.target], ["POST", "/2020-01-01/extension/register"])
      assert.deepStrictEqual(headersOf(registration), {
        "host": peer.address,
        "user-agent": userAgent,
        "lambda-extension-name": "effect-lambda-runtime",
        "content-type": "application/json",
        "content-length": "13"
      })
      assert.strictEqual((yield* registration.whole).text, "{\"events\":[]}")
      yield* ScriptedPeer.settle
      assert.isUndefined(building.pollUnsafe(), "it is built before it is registered")

      yield* registration.respond(registered)
      yield* built
      const wait = yield* peer.request
      assert.deepStrictEqual([wait.method, wait.target], ["GET", "/2020-01-01/extension/event/next"])
      assert.deepStrictEqual(headersOf(wait), {
        "host": peer.address,
        "user-agent": userAgent,
        "lambda-extension-identifier": "b0a1-42"
      })
      assert.strictEqual(wait.connection.number, 1)
      assert.deepStrictEqual(warnings, [])
    }))

  it.effect("asks below the path that the address has", () =>
    Effect.gen(function*() {
      const { peer, registration } = yield* registering("/lambda/worker-7/")
      assert.strictEqual(registration.target, "/lambda/worker-7/2020-01-01/extension/register")
      yield* registration.respond(registered)
      assert.strictEqual((yield* peer.request).target, "/lambda/worker-7/2020-01-01/extension/event/next")
    }))

  it.effect.each(["HTTP/1.0 200 OK\r\n", "HTTP/1.1 200 OK\r\nConnection: close\r\n"])(
    "waits on another connection when the one that it registered on ends (%j)",
    (head) =>
      Effect.gen(function*() {
        const { built, peer, registration, warnings } = yield* registering()
        yield* registration.connection.write(`${head}Lambda-Extension-Identifier: a\r\nContent-Length: 0\r\n\r\n`)
        yield* built
        const wait = yield* peer.request
        assert.strictEqual(wait.connection.number, 2)
        assert.strictEqual(wait.header("Lambda-Extension-Identifier"), "a")
        assert.deepStrictEqual(warnings, [])
      })
  )

  it.effect("waits for as long as the process lives", () =>
    Effect.gen(function*() {
      const { peer, wait, warnings } = yield* waiting()
      yield* TestClock.adjust("14 days")
      yield* ScriptedPeer.settle
      yield* wait.respond(ScriptedPeer.refusal(500, "InternalServerError", "shutting down"))
      yield* wait.connection.closed
      assert.strictEqual(peer.connectionCount(), 1)
      assert.deepStrictEqual(warnings, [])
    }))

  it.effect("does nothing when this is not Lambda", () =>
    Effect.gen(function*() {
      const { built, warnings } = yield* start(Layer.provide(Extension.layer, Layer.orDie(environment({}))))
      yield* built
      assert.deepStrictEqual(warnings, [])
    }))

  describe("closes its connection with the scope", () => {
    it.effect("while it waits for an event", () =>
      Effect.gen(function*() {
        const { close, wait, warnings } = yield* waiting()
        yield* close
        yield* wait.connection.closed
        assert.deepStrictEqual(warnings, [])
      }))

    it.effect("while it registers", () =>
      Effect.gen(function*() {
        const { building, close, registration, warnings } = yield* registering()
        yield* Fiber.interrupt(building)
        yield* close
        yield* registration.connection.closed
        assert.deepStrictEqual(warnings, [])
      }))

    it.effect("while it connects", () =>
      Effect.gen(function*() {
        const peer = yield* ScriptedPeer.make
        const { building, close, warnings } = yield* startAt(peer.address)
        yield* Fiber.interrupt(building)
        yield* close
        yield* ScriptedPeer.settle
        assert.strictEqual(peer.requestCount(), 0)
        assert.deepStrictEqual(warnings, [])
      }))
  })

  describe("warns in one line, and lets the function start,", () => {
    it.effect("when nothing listens", () =>
      Effect.gen(function*() {
        const { built, warnings } = yield* startAt(ScriptedPeer.deadAddress)
        yield* built
        assert.deepStrictEqual(warnings, [
          warning("no connection to the Extensions API at 127.0.0.1:1: nothing listens there (ECONNREFUSED)")
        ])
      }))

    it.effect("when the address is none", () =>
      Effect.gen(function*() {
        const { built, warnings } = yield* startAt("nowhere")
        yield* built
        assert.deepStrictEqual(warnings, [
          warning("AWS_LAMBDA_RUNTIME_API is \"nowhere\": it has no port. It should look like 127.0.0.1:9001")
        ])
      }))

    const refusals: ReadonlyArray<readonly [string, ScriptedPeer.ResponseOptions, string]> = [
      ["a 404", { status: 404, body: "404 page not found\n" }, "answered 404: 404 page not found"],
      ["a 404 without a body", { status: 404 }, "answered 404"],
      [
        "a 403",
        ScriptedPeer.refusal(403, "Extension.RegistrationClosed", "Extension registration closed already"),
        "answered 403: {\"errorMessage\":\"Extension registration closed already\"," +
        "\"errorType\":\"Extension.RegistrationClosed\"}"
      ],
      ["a refusal with an identifier", { ...registered, status: 500, body: "" }, "answered 500"],
      ["a page", { status: 500, body: "<html>\r\n<h1>sorry</h1>" }, "answered 500: <html>"],
      ["a long line", { status: 302, body: "x".repeat(100_000) }, `answered 302: ${"x".repeat(300)}`],
      ["a 200 without an identifier", { body: "{}" }, "gave no Lambda-Extension-Identifier"],
      [
        "a 200 with an empty identifier",
        { headers: { "Lambda-Extension-Identifier": " " } },
        "gave no Lambda-Extension-Identifier"
      ]
    ]
    it.effect.each(refusals)("when the answer is %s", ([, response, description]) =>
      Effect.gen(function*() {
        const { built, peer, registration, warnings } = yield* registering()
        yield* registration.respond(response)
        yield* built
        yield* registration.connection.closed
        assert.deepStrictEqual(warnings, [warning(`the Extensions API at ${peer.address} ${description}`)])
        assert.strictEqual(peer.requestCount(), 1)
      }))

    it.effect("when the answer makes no sense", () =>
      Effect.gen(function*() {
        const { built, peer, registration, warnings } = yield* registering()
        yield* registration.connection.write("SSH-2.0-OpenSSH_9.9\r\n\r\n")
        yield* built
        yield* registration.connection.closed
        assert.strictEqual(warnings.length, 1)
        assert.include(
          warnings[0],
          `no internal extension: the Extensions API at ${peer.address} sent a malformed answer: `
        )
        assert.notInclude(warnings[0], "\n")
      }))

    it.effect.each(
      [
        ["end", "", "the connection was closed before the response"],
        ["reset", "", "the connection was reset (ECONNRESET)"],
        ["reset", "HTTP/1.1 200 OK\r\nLambda-Extension-Id", "the connection was reset (ECONNRESET)"]
      ] as const
    )("when the connection is lost (%s after %j)", ([loss, bytes, description]) =>
      Effect.gen(function*() {
        const { built, peer, registration, warnings } = yield* registering()
        yield* registration.connection.write(bytes)
        yield* registration.connection[loss]
        yield* built
        assert.deepStrictEqual(warnings, [
          warning(`no connection to the Extensions API at ${peer.address}: ${description}`)
        ])
        assert.strictEqual(peer.connectionCount(), 1)
      }))

    it.effect("when there is no answer within a second", () =>
      Effect.gen(function*() {
        const { building, built, warnings } = yield* registering()
        yield* TestClock.adjust("999 millis")
        assert.isUndefined(building.pollUnsafe())
        yield* TestClock.adjust("1 millis")
        yield* built
        assert.deepStrictEqual(warnings, [warning("the Extensions API did not answer within 1 second")])
      }))
  })

  describe("whose registration is answered late", () => {
    const late = Effect.gen(function*() {
      const extension = yield* registering()
      yield* TestClock.adjust("1 second")
      yield* extension.built
      assert.strictEqual(extension.warnings.length, 1)
      return extension
    })

    it.effect("waits for an event all the same, because Lambda waits for that", () =>
      Effect.gen(function*() {
        const { peer, registration, warnings } = yield* late
        yield* registration.respond(registered)
        assert.strictEqual((yield* peer.request).target, "/2020-01-01/extension/event/next")
        assert.strictEqual(warnings.length, 1)
      }))

    it.effect("says nothing more when it is refused", () =>
      Effect.gen(function*() {
        const { registration, warnings } = yield* late
        yield* registration.respond(ScriptedPeer.refusal(403, "Extension.RegistrationClosed", ""))
        yield* registration.connection.closed
        yield* ScriptedPeer.settle
        assert.strictEqual(warnings.length, 1)
      }))

    it.effect("closes its connection with the scope", () =>
      Effect.gen(function*() {
        const { close, registration } = yield* late
        yield* close
        yield* registration.connection.closed
      }))
  })

  describe("ends without a word when the wait for an event", () => {
    const endings: ReadonlyArray<readonly [string, (wait: ScriptedPeer.PeerRequest) => Effect.Effect<void>]> = [
      ["is answered", (wait) => wait.respond({ body: "{\"eventType\":\"SHUTDOWN\"}" })],
      ["is answered with 204", (wait) => wait.respond({ status: 204 })],
      ["is refused", (wait) => wait.respond(ScriptedPeer.refusal(403, "Extension.InvalidExtensionState", ""))],
      ["is answered with garbage", (wait) => wait.connection.write("garbage\r\n\r\n")],
      ["is lost", (wait) => wait.connection.end],
      ["is reset", (wait) => wait.connection.reset]
    ]
    it.effect.each(endings)("%s", ([, end]) =>
      Effect.gen(function*() {
        const { peer, wait, warnings } = yield* waiting()
        yield* end(wait)
        yield* wait.connection.closed
        yield* ScriptedPeer.settle
        assert.strictEqual(peer.connectionCount(), 1)
        assert.strictEqual(peer.requestCount(), 2)
        assert.deepStrictEqual(warnings, [])
      }))

    it.effect("cannot begin", () =>
      Effect.gen(function*() {
        const peer = yield* ScriptedPeer.make
        const { built, warnings } = yield* startAt(peer.address)
        const registration = yield* peer.request
        yield* registration.connection.writeSplit(ScriptedPeer.encodeResponse(registered), [20, 60])
        yield* registration.connection.reset
        yield* built
        yield* ScriptedPeer.settle
        assert.deepStrictEqual(warnings, [])
      }))
  })
})

const hello = Handler.make({ event: Schema.String, result: Schema.String }, (name) => Effect.succeed(`Hello ${name}`))

describe("a function with an Extension", () => {
  const launch = <E>(address: string, program: Layer.Layer<never, E, Lambda.Server>) =>
    Lambda.launch(Layer.merge(Extension.layer, program).pipe(Layer.provide(onLambda(address)))).pipe(
      Effect.provide(Layer.fresh(Layer.orDie(RuntimeApi.layer)).pipe(Layer.provide(onLambda(address))))
    )

  it.effect("asks for its first event once it is registered, on another connection", () =>
    Effect.gen(function*() {
      const peer = yield* ScriptedPeer.make
      const running = yield* fork(launch(peer.address, Lambda.serve(hello)))
      const registration = yield* peer.request
      yield* ScriptedPeer.settle
      assert.strictEqual(peer.requestCount(), 1)
      yield* registration.respond(registered)
      const requests = [yield* peer.request, yield* peer.request]
      const targets = new Map(requests.map(({ connection, target }) => [target, connection.number]))
      assert.deepStrictEqual(
        targets,
        new Map([
          ["/2020-01-01/extension/event/next", 1],
          ["/2018-06-01/runtime/invocation/next", 2]
        ])
      )
      yield* Fiber.interrupt(running)
      yield* Effect.forEach(requests, ({ connection }) => connection.closed)
    }))

  it.effect("registers while its layers are built", () =>
    Effect.gen(function*() {
      const peer = yield* ScriptedPeer.make
      const program = Layer.provide(Lambda.serve(hello), Layer.effectDiscard(Effect.sleep("5 seconds")))
      yield* fork(launch(peer.address, program))
      yield* (yield* peer.request).respond(registered)
      assert.strictEqual((yield* peer.request).target, "/2020-01-01/extension/event/next")
      yield* TestClock.adjust("5 seconds")
      assert.strictEqual((yield* peer.request).target, "/2018-06-01/runtime/invocation/next")
    }))

  it.effect("closes the connection when a layer cannot be built", () =>
    Effect.gen(function*() {
      const peer = yield* ScriptedPeer.make
      const failing = Effect.delay(Effect.fail("no database"), "1 second")
      const running = yield* launch(peer.address, Layer.effectDiscard(failing)).pipe(
        Effect.provide(Logger.layer([])),
        Effect.flip,
        fork
      )
      yield* (yield* peer.request).respond(registered)
      const wait = yield* peer.request
      yield* TestClock.adjust("1 second")
      const report = yield* peer.request
      assert.strictEqual(report.target, "/2018-06-01/runtime/init/error")
      yield* report.respond(ScriptedPeer.accepted)
      assert.strictEqual(yield* Fiber.join(running), "no database")
      yield* wait.connection.closed
    }))

  it.effect("is invoked by the local server, and ends when it is told to", () =>
    Effect.gen(function*() {
      const lines: Array<string> = []
      const { address } = yield* LocalServer.LocalServer
      const running = yield* fork(
        Effect.provide(launch(address, Lambda.serve(hello)), Logger.layer([Logger.make(() => void lines.push("log"))]))
      )
      yield* until({ polls: 1 })
      assert.strictEqual((yield* invoke("\"World\"")).text, "\"Hello World\"")
      yield* Fiber.interrupt(running)
      assert.deepStrictEqual(lines, [])
    }).pipe(Effect.provide(LocalServer.layerTest)))
})
