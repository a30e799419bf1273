import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as PubSub from "effect/PubSub"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import type * as Http from "node:http"
import type { Assignment } from "../src/internal/local/function/invocation.ts"
import * as Extensions from "../src/internal/local/runtime/extensions.ts"
import * as LocalServer from "../src/LocalServer.ts"
import * as localHttp from "./support/localHttp.ts"
import { errorType, invoke, makeRuntime, until } from "./support/localServer.ts"

const fork = Effect.forkChild({ startImmediately: true })

const connect = () => ({ destroyed: false })

const assignment = (requestId: string): Assignment => ({
  requestId,
  invocationId: "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
  deadline: 3000,
  event: {
    payload: new Uint8Array(),
    contentType: "application/json",
    functionArn: "arn:aws:lambda:us-east-1:123456789012:function:function:live",
    traceId: "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1",
    tenantId: undefined,
    clientContext: undefined,
    identity: undefined
  }
})

/** Extensions of invocations that the test plays itself. */
const make = Effect.fnUntraced(function*(settings: Partial<Extensions.Settings> = {}) {
  const invocations = yield* PubSub.unbounded<Assignment>()
  const closed = yield* Deferred.make<void>()
  yield* Effect.addFinalizer(() => Deferred.succeed(closed, undefined))
  let hasPolled = false
  return {
    ...Extensions.make({ maxConcurrency: 1, maxEnvironments: 1, ...settings }, {
      subscribe: PubSub.subscribe(invocations),
      hasPolled: () => hasPolled,
      closed: Deferred.await(closed)
    }),
    invoke: (requestId: string) => PubSub.publish(invocations, assignment(requestId)),
    setPolled: (polled: boolean) => {
      hasPolled = polled
    },
    close: Deferred.succeed(closed, undefined)
  }
})

/** The request id of an event, or what it is instead. */
const requestIdOf = (event: Extensions.ExtensionEvent) =>
  event.eventType === "INVOKE" ? event.requestId : event.eventType

const refusal = <A>(effect: Effect.Effect<A, Extensions.ExtensionRefused | Extensions.ShuttingDown>) =>
  Effect.map(Effect.flip(effect), (error) => error._tag === "ExtensionRefused" ? error.errorType : error._tag)

describe("the extensions of a local function", () => {
  describe("that register for INVOKE", () => {
    it.effect("hear of each invocation, in order, and of those that started while they were busy", () =>
      Effect.gen(function*() {
        const extensions = yield* make()
        const connection = connect()
        const identifier = yield* extensions.register(connection, "listener", ["INVOKE"])
        const waiting = yield* fork(extensions.next(connection, identifier))
        yield* extensions.invoke("1")
        assert.deepStrictEqual(yield* Fiber.join(waiting), {
          eventType: "INVOKE",
          deadlineMs: 3000,
          requestId: "1",
          invokedFunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:function:live",
          tracing: { type: "X-Amzn-Trace-Id", value: "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1" }
        })
        yield* extensions.invoke("2")
        yield* extensions.invoke("3")
        const events = [
          yield* extensions.next(connection, identifier),
          yield* extensions.next(connection, identifier)
        ]
        assert.deepStrictEqual(events.map(requestIdOf), ["2", "3"])
      }))

    it.effect("each hear of every invocation, and the others of none", () =>
      Effect.gen(function*() {
        const extensions = yield* make()
        const connection = connect()
        const [one, two, shutdown] = yield* Effect.forEach(
          [["INVOKE"], ["INVOKE", "SHUTDOWN"], ["SHUTDOWN"]],
          (events, index) => extensions.register(connection, `extension ${index}`, events)
        )
        const waiting = yield* fork(extensions.next(connection, shutdown!))
        yield* extensions.invoke("1")
        for (const identifier of [one!, two!]) {
          assert.strictEqual(requestIdOf(yield* extensions.next(connection, identifier)), "1")
        }
        assert.isUndefined(waiting.pollUnsafe())
        yield* extensions.close
        assert.strictEqual(requestIdOf(yield* Fiber.join(waiting)), "SHUTDOWN")
      }))

    it.effect("and never ask again keep the newest 1,000 events", () =>
      Effect.gen(function*() {
        const extensions = yield* make()
        const connection = connect()
        const identifier = yield* extensions.register(connection, "slow", ["INVOKE"])
        for (let index = 0; index <= 1_000; index++) yield* extensions.invoke(String(index))
        yield* Effect.yieldNow
        for (let index = 1; index <= 1_000; index++) {
          assert.strictEqual(requestIdOf(yield* extensions.next(connection, identifier)), String(index))
        }
        assert.isUndefined((yield* fork(extensions.next(connection, identifier))).pollUnsafe())
      }))

    it.effect("keep their event when the connection that waited for it is gone", () =>
      Effect.gen(function*() {
        const extensions = yield* make()
        const gone = { destroyed: false }
        const identifier = yield* extensions.register(connect(), "listener", ["INVOKE"])
        const lost = yield* fork(extensions.next(gone, identifier))
        gone.destroyed = true
        yield* extensions.invoke("1")
        assert.strictEqual(requestIdOf(yield* extensions.next(connect(), identifier)), "1")
        assert.isUndefined(lost.pollUnsafe())
      }))
  })

  describe("when the server shuts down", () => {
    it.effect("are told so when they registered for it, with two seconds to go", () =>
      Effect.gen(function*() {
        const extensions = yield* make()
        yield* TestClock.adjust("1 minute")
        const connection = connect()
        const identifier = yield* extensions.register(connection, "listener", ["SHUTDOWN"])
        const waiting = yield* fork(extensions.next(connection, identifier))
        yield* extensions.close
        assert.deepStrictEqual(yield* Fiber.join(waiting), {
          eventType: "SHUTDOWN",
          shutdownReason: "spindown",
          deadlineMs: 62_000
        })
      }))

    it.effect("are woken without an event when they did not", () =>
      Effect.gen(function*() {
        const extensions = yield* make()
        const connection = connect()
        const identifier = yield* extensions.register(connection, "internal", ["INVOKE"])
        const waiting = yield* fork(refusal(extensions.next(connection, identifier)))
        yield* extensions.close
        assert.strictEqual(yield* Fiber.join(waiting), "ShuttingDown")
      }))
  })

  describe("are refused", () => {
    it.effect.each([["invoke"], ["INVOKE", "OTHER"], [""]])("with the events %j", (events) =>
      Effect.gen(function*() {
        const extensions = yield* make()
        const error = yield* Effect.flip(extensions.register(connect(), "listener", [events].flat()))
        assert.strictEqual(error.errorType, "Extension.InvalidEventType")
        assert.match(error.errorMessage, /^(invoke|OTHER|): ErrorInvalidEventType$/)
        // Nothing has been registered.
        yield* extensions.register(connect(), "listener", ["INVOKE"])
      }))

    it.effect("with INVOKE on Managed Instances, where SHUTDOWN and nothing are fine", () =>
      Effect.gen(function*() {
        const extensions = yield* make({ maxConcurrency: 2 })
        assert.strictEqual(
          yield* refusal(extensions.register(connect(), "one", ["SHUTDOWN", "INVOKE"])),
          "Extension.InvalidEventType"
        )
        yield* extensions.register(connect(), "two", ["SHUTDOWN"])
        yield* extensions.register(connect(), "three", [])
      }))

    it.effect("while a runtime has polled, and are welcome to its successor", () =>
      Effect.gen(function*() {
        const extensions = yield* make()
        extensions.setPolled(true)
        assert.strictEqual(
          yield* refusal(extensions.register(connect(), "late", [])),
          "Extension.RegistrationClosed"
        )
        extensions.setPolled(false)
        yield* extensions.register(connect(), "late", [])
      }))

    it.effect("by a name that is taken, until its connections are gone", () =>
      Effect.gen(function*() {
        const extensions = yield* make()
        const first = { destroyed: false }
        const second = { destroyed: false }
        const identifier = yield* extensions.register(first, "same", ["INVOKE"])
        const again = extensions.register(connect(), "same", ["INVOKE"])
        assert.strictEqual(yield* refusal(again), "Extension.AlreadyRegistered")
        yield* fork(Effect.exit(extensions.next(second, identifier)))
        first.destroyed = true
        assert.strictEqual(yield* refusal(again), "Extension.AlreadyRegistered")
        second.destroyed = true
        assert.notStrictEqual(yield* again, identifier)
        assert.strictEqual(
          yield* refusal(extensions.next(connect(), identifier)),
          "Extension.UnknownExtensionIdentifier"
        )
      }))

    it.effect("when there are ten, until the connections of one are gone", () =>
      Effect.gen(function*() {
        const extensions = yield* make()
        const connections = Array.from({ length: 10 }, () => ({ destroyed: false }))
        yield* Effect.forEach(connections, (connection, index) => extensions.register(connection, String(index), []))
        const eleventh = extensions.register(connect(), "eleventh", [])
        assert.strictEqual(yield* refusal(eleventh), "Extension.TooManyExtensions")
        connections[5]!.destroyed = true
        yield* eleventh
        assert.strictEqual(
          yield* refusal(extensions.register(connect(), "twelfth", [])),
          "Extension.TooManyExtensions"
        )
      }))

    it.effect("an event while they wait for one", () =>
      Effect.gen(function*() {
        const extensions = yield* make()
        const connection = connect()
        const identifier = yield* extensions.register(connection, "listener", ["INVOKE"])
        const waiting = yield* fork(extensions.next(connection, identifier))
        const error = yield* Effect.flip(extensions.next(connect(), identifier))
        assert.deepInclude(error, {
          errorType: "Extension.InvalidExtensionState",
          errorMessage: `State transition from Ready to Ready failed for extension ${identifier}. ` +
            "Error: State transition is not allowed"
        })
        yield* extensions.invoke("1")
        assert.strictEqual(requestIdOf(yield* Fiber.join(waiting)), "1")
      }))
  })

  it.effect("keep their identifier between connections", () =>
    Effect.gen(function*() {
      const extensions = yield* make()
      const identifier = yield* extensions.register({ destroyed: true }, "script", ["INVOKE"])
      yield* extensions.invoke("1")
      assert.strictEqual(requestIdOf(yield* extensions.next(connect(), identifier)), "1")
    }))

  it.effect("without a connection are forgotten, the oldest first, when there are more than ten", () =>
    Effect.gen(function*() {
      const extensions = yield* make()
      const identifiers: Array<string> = []
      for (let index = 0; index < 11; index++) {
        identifiers.push(yield* extensions.register({ destroyed: true }, `script ${index}`, ["INVOKE"]))
      }
      yield* extensions.invoke("1")
      const [oldest, ...others] = identifiers
      assert.strictEqual(yield* refusal(extensions.next(connect(), oldest!)), "Extension.UnknownExtensionIdentifier")
      for (const identifier of others) {
        assert.strictEqual(requestIdOf(yield* extensions.next(connect(), identifier)), "1")
      }
    }))

  it.effect("may ask again when they have given up waiting", () =>
    Effect.gen(function*() {
      const extensions = yield* make()
      const connection = connect()
      const identifier = yield* extensions.register(connection, "listener", ["INVOKE"])
      yield* Fiber.interrupt(yield* fork(extensions.next(connection, identifier)))
      const waiting = yield* fork(extensions.next(connection, identifier))
      yield* extensions.invoke("1")
      assert.strictEqual(requestIdOf(yield* Fiber.join(waiting)), "1")
    }))

  it.effect("of several environments may share a name, and register at any time", () =>
    Effect.gen(function*() {
      const extensions = yield* make({ maxEnvironments: 2 })
      yield* extensions.register(connect(), "same", [])
      extensions.setPolled(true)
      const script = yield* extensions.register({ destroyed: true }, "same", ["INVOKE"])
      // The place of the one without a connection.
      yield* extensions.register(connect(), "same", [])
      assert.strictEqual(yield* refusal(extensions.next(connect(), script)), "Extension.UnknownExtensionIdentifier")
      assert.strictEqual(
        yield* refusal(extensions.register(connect(), "same", [])),
        "Extension.AlreadyRegistered"
      )
    }))

  describe("that report a failure", () => {
    it.effect("of their start do so before they ask for an event", () =>
      Effect.gen(function*() {
        const extensions = yield* make()
        const connection = connect()
        const identifier = yield* extensions.register(connection, "broken", ["INVOKE"])
        assert.strictEqual(yield* extensions.fail(connection, identifier, "InitError"), "broken")
        assert.strictEqual(yield* extensions.fail(connection, identifier, "InitError"), "broken")
        for (
          const later of [
            extensions.next(connection, identifier),
            extensions.fail(connection, identifier, "ExitError")
          ]
        ) assert.strictEqual(yield* refusal<unknown>(later), "Extension.InvalidExtensionState")
        // The place is free for another try.
        const next = yield* extensions.register(connection, "broken", ["INVOKE"])
        yield* fork(extensions.next(connection, next))
        assert.strictEqual(
          yield* refusal(extensions.fail(connection, next, "InitError")),
          "Extension.InvalidExtensionState"
        )
      }))

    it.effect("that ends them do so at any time", () =>
      Effect.gen(function*() {
        const extensions = yield* make()
        const connection = connect()
        const identifiers = yield* Effect.forEach(["1", "2", "3"], (name) =>
          extensions.register(connection, name, ["INVOKE"]))
        yield* fork(extensions.next(connection, identifiers[1]!))
        yield* extensions.invoke("1")
        yield* fork(extensions.next(connection, identifiers[1]!))
        for (const identifier of identifiers) {
          yield* extensions.fail(connection, identifier, "ExitError")
          assert.strictEqual(
            yield* refusal(extensions.next(connection, identifier)),
            "Extension.InvalidExtensionState"
          )
        }
      }))
  })
})

const path = "/2020-01-01/extension"

const register = Effect.fnUntraced(function*(
  name: string,
  body: string = "{\"events\":[\"INVOKE\",\"SHUTDOWN\"]}",
  headers: Http.OutgoingHttpHeaders = {}
) {
  const { address } = yield* LocalServer.LocalServer
  const reply = yield* localHttp.send({
    address,
    path: `${path}/register`,
    body,
    headers: { "lambda-extension-name": name, ...headers }
  })
  return { ...reply, identifier: String(reply.headers["lambda-extension-identifier"]) }
})

const nextEvent = Effect.fnUntraced(function*(headers: Http.OutgoingHttpHeaders, method: string = "GET") {
  const { address } = yield* LocalServer.LocalServer
  return yield* localHttp.send({ address, method, path: `${path}/event/next`, headers })
})

/** Asks twice, so that the refusal of the one says that the server has the other. */
const waitForEvent = Effect.fnUntraced(function*(identifier: string) {
  const ask = fork(nextEvent({ "lambda-extension-identifier": identifier }))
  const [one, two] = [yield* ask, yield* ask]
  const refused = yield* Effect.raceFirst(Fiber.join(one), Fiber.join(two))
  return { refused, waiting: one.pollUnsafe() === undefined ? one : two }
})

const report = Effect.fnUntraced(function*(phase: "init" | "exit", headers: Http.OutgoingHttpHeaders) {
  const { address } = yield* LocalServer.LocalServer
  const body = "{\"errorMessage\":\"no agent\",\"errorType\":\"Extension.NoAgent\"}"
  return yield* localHttp.send({ address, path: `${path}/${phase}/error`, body, headers })
})

describe("the Extensions API of LocalServer", () => {
  it.effect("registers an extension", () =>
    Effect.gen(function*() {
      const registered = yield* register("external")
      assert.strictEqual(registered.status, 200)
      assert.deepStrictEqual(JSON.parse(registered.text), {
        functionName: "function",
        functionVersion: "$LATEST",
        handler: ""
      })
      assert.match(registered.identifier, /^[\da-f-]{36}$/)
      assert.strictEqual(registered.headers["content-type"], "application/json")
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect.each(["{\"events\":[]}", "{\"events\":null}", "{}", "null", "{\"events\":[],\"more\":1}"])(
    "registers an extension without events: %s",
    (body) =>
      Effect.gen(function*() {
        assert.strictEqual((yield* register("internal", body)).status, 200)
      }).pipe(Effect.provide(LocalServer.layerTest))
  )

  it.effect.each(["accountId", "other, accountId,", "accountId,accountId"])(
    "tells the account to an extension that accepts %s",
    (accepted) =>
      Effect.gen(function*() {
        const { text } = yield* register("external", "{}", { "lambda-extension-accept-feature": accepted })
        assert.strictEqual(JSON.parse(text).accountId, "123456789012")
      }).pipe(Effect.provide(LocalServer.layerTest))
  )

  it.effect.each(["", "accountid", "other"])(
    "does not tell the account to an extension that accepts %j",
    (accepted) =>
      Effect.gen(function*() {
        const { text } = yield* register("external", "{}", { "lambda-extension-accept-feature": accepted })
        assert.notProperty(JSON.parse(text), "accountId")
      }).pipe(Effect.provide(LocalServer.layerTest))
  )

  it.effect.each([
    ["", "{}", "Extension.InvalidExtensionName"],
    ["external", "", "InvalidRequestFormat"],
    ["external", "events", "InvalidRequestFormat"],
    ["external", "[]", "InvalidRequestFormat"],
    ["external", "{\"events\":\"INVOKE\"}", "InvalidRequestFormat"],
    ["external", "{\"events\":[1]}", "InvalidRequestFormat"],
    ["external", "{\"events\":[\"INVOKED\"]}", "Extension.InvalidEventType"]
  ])("refuses to register %j with %s", ([name = "", body, type]) =>
    Effect.gen(function*() {
      const refused = yield* register(name, body)
      assert.strictEqual(refused.status, 403)
      assert.strictEqual(errorType(refused.text), type)
      assert.strictEqual((yield* register("external")).status, 200)
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("refuses a registration of more than 6 MB", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* register("external", " ".repeat(6_291_557))).status, 413)
      assert.strictEqual((yield* register("external")).status, 200)
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("sends an event for each invocation, with an identifier of its own", () =>
    Effect.gen(function*() {
      const { identifier } = yield* register("external")
      const headers = { "lambda-extension-identifier": identifier.toUpperCase() }
      const waiting = yield* fork(nextEvent(headers))
      const runtime = yield* makeRuntime()
      const call = yield* fork(invoke("{}", { "x-amzn-trace-id": "Root=1-2-3;Sampled=1" }))
      const { requestId } = yield* runtime.next
      const first = yield* Fiber.join(waiting)
      assert.strictEqual(first.status, 200)
      assert.deepStrictEqual(JSON.parse(first.text), {
        eventType: "INVOKE",
        deadlineMs: 3000,
        requestId,
        invokedFunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:function",
        tracing: { type: "X-Amzn-Trace-Id", value: "Root=1-2-3;Sampled=1" }
      })
      yield* runtime.respond(requestId, "served")
      assert.strictEqual((yield* Fiber.join(call)).text, "served")
      yield* fork(invoke("{}"))
      yield* runtime.next
      const second = yield* nextEvent(headers)
      const eventIdentifiers = [first, second].map(({ headers }) => headers["lambda-extension-event-identifier"])
      for (const identifier of eventIdentifiers) assert.match(String(identifier), /^[\da-f-]{36}$/)
      assert.notStrictEqual(eventIdentifiers[0], eventIdentifiers[1])
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("sends nothing to an extension without events, and its runtime goes on", () =>
    Effect.gen(function*() {
      const { identifier } = yield* register("internal", "{\"events\":[]}")
      const waiting = yield* fork(nextEvent({ "lambda-extension-identifier": identifier }))
      const runtime = yield* makeRuntime()
      const call = yield* fork(invoke("{}"))
      yield* runtime.respond((yield* runtime.next).requestId, "served")
      assert.strictEqual((yield* Fiber.join(call)).text, "served")
      assert.isUndefined(waiting.pollUnsafe())
      yield* Fiber.interrupt(waiting)
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("closes registration with the first poll, and opens it when the runtime has gone", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime()
      const poll = yield* fork(runtime.next)
      yield* until({ polls: 1 })
      const refused = yield* register("late")
      assert.strictEqual(refused.status, 403)
      assert.strictEqual(errorType(refused.text), "Extension.RegistrationClosed")
      yield* Fiber.interrupt(poll)
      yield* runtime.kill
      yield* Effect.repeat(register("late"), { until: ({ status }) => status === 200 })
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("lets a runtime that is started again register its extension", () =>
    Effect.gen(function*() {
      const { address } = yield* LocalServer.LocalServer
      const agent = yield* localHttp.keepAlive(1)
      const first = yield* localHttp.send({
        address,
        agent,
        path: `${path}/register`,
        body: "{\"events\":[]}",
        headers: { "lambda-extension-name": "internal" }
      })
      assert.strictEqual(first.status, 200)
      const refused = yield* register("internal")
      assert.strictEqual(errorType(refused.text), "Extension.AlreadyRegistered")
      agent.destroy()
      yield* Effect.repeat(register("internal"), { until: ({ status }) => status === 200 })
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("refuses what does not say which extension it is", () =>
    Effect.gen(function*() {
      const unknown = "8476a536-e9f4-11e8-9739-2dfe598c3fcd"
      const cases: ReadonlyArray<readonly [Http.OutgoingHttpHeaders, string]> = [
        [{}, "Extension.MissingExtensionIdentifier"],
        [{ "lambda-extension-identifier": "" }, "Extension.MissingExtensionIdentifier"],
        [{ "lambda-extension-identifier": "external" }, "Extension.InvalidExtensionIdentifier"],
        [{ "lambda-extension-identifier": unknown }, "Extension.UnknownExtensionIdentifier"]
      ]
      for (const [headers, type] of cases) {
        const all = { "lambda-extension-function-error-type": "Extension.NoAgent", ...headers }
        for (const refused of [yield* nextEvent(all), yield* report("init", all), yield* report("exit", all)]) {
          assert.strictEqual(refused.status, 403)
          assert.strictEqual(errorType(refused.text), type)
        }
      }
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("refuses a second request for an event while the first one waits", () =>
    Effect.gen(function*() {
      const { refused, waiting } = yield* waitForEvent((yield* register("external")).identifier)
      assert.strictEqual(refused.status, 403)
      assert.strictEqual(errorType(refused.text), "Extension.InvalidExtensionState")
      yield* fork(invoke("{}"))
      yield* (yield* makeRuntime()).next
      assert.strictEqual((yield* Fiber.join(waiting)).status, 200)
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("refuses HEAD, which would swallow an event", () =>
    Effect.gen(function*() {
      const { identifier } = yield* register("external")
      const reply = yield* nextEvent({ "lambda-extension-identifier": identifier }, "HEAD")
      assert.strictEqual(reply.status, 405)
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect.each(["init", "exit"] as const)(
    "accepts a report to %s/error that has a type",
    (phase) =>
      Effect.gen(function*() {
        const { identifier } = yield* register("external")
        const headers = { "lambda-extension-identifier": identifier }
        const refused = yield* report(phase, headers)
        assert.strictEqual(refused.status, 403)
        assert.strictEqual(errorType(refused.text), "Extension.MissingHeader")
        const accepted = yield* report(phase, {
          ...headers,
          "lambda-extension-function-error-type": "Extension.NoAgent"
        })
        assert.strictEqual(accepted.status, 202)
        assert.strictEqual(accepted.text, "{\"status\":\"OK\"}")
        assert.strictEqual(errorType((yield* nextEvent(headers)).text), "Extension.InvalidExtensionState")
      }).pipe(Effect.provide(LocalServer.layerTest))
  )

  it.effect("tells extensions that the server shuts down before it does", () =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const context = yield* Layer.buildWithScope(LocalServer.layerTest, scope)
      yield* Effect.gen(function*() {
        const external = yield* register("external")
        const internal = yield* register("internal", "{\"events\":[\"INVOKE\"]}")
        const { waiting: told } = yield* waitForEvent(external.identifier)
        const { waiting: woken } = yield* waitForEvent(internal.identifier)
        yield* Scope.close(scope, Exit.void)
        const event = yield* Fiber.join(told)
        assert.strictEqual(event.status, 200)
        assert.deepStrictEqual(JSON.parse(event.text), {
          eventType: "SHUTDOWN",
          shutdownReason: "spindown",
          deadlineMs: 2000
        })
        const end = yield* Fiber.join(woken)
        assert.strictEqual(end.status, 500)
        assert.strictEqual(errorType(end.text), "InternalServerError")
      }).pipe(Effect.provideContext(context))
    }))
})
