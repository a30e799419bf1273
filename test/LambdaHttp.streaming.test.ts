import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Cookies from "effect/http/Cookies"
import * as HttpRouter from "effect/http/HttpRouter"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Queue from "effect/Queue"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import * as Alb from "../src/events/Alb.ts"
import * as ApiGatewayV1 from "../src/events/ApiGatewayV1.ts"
import * as ApiGatewayV2 from "../src/events/ApiGatewayV2.ts"
import * as FunctionUrl from "../src/events/FunctionUrl.ts"
import * as VpcLattice from "../src/events/VpcLattice.ts"
import { Invocation, make as makeInvocation } from "../src/Invocation.ts"
import * as LambdaHttp from "../src/LambdaHttp.ts"
import * as LambdaResponse from "../src/LambdaResponse.ts"
import * as LambdaTest from "../src/LambdaTest.ts"
import * as LocalServer from "../src/LocalServer.ts"
import { serveLocally } from "./support/httpFrontDoors.ts"
import { type Application, capture, layer, type Line } from "./support/httpFunction.ts"
import * as localHttp from "./support/localHttp.ts"
import * as ScriptedPeer from "./support/scriptedPeer.ts"

const streamed: LambdaHttp.Options = { responseMode: "streamed" }

const encode = (text: string) => new TextEncoder().encode(text)

const fine = HttpServerResponse.text("fine")

const text = (body: Stream.Stream<Uint8Array, LambdaTest.FunctionError>) => Stream.mkString(Stream.decodeText(body))

const fork = Effect.forkChild({ startImmediately: true })

/** The body of a handler's answer, as the loop gets it, and the scope of its invocation. */
const respond = Effect.fnUntraced(function*<E>(application: Application<E>, event: unknown = FunctionUrl.sample()) {
  const services = Context.make(Scope.Scope, yield* Scope.make()).pipe(
    Context.add(
      Invocation,
      makeInvocation({ requestId: "1", payload: encode(JSON.stringify(event)), deadline: 60_000 })
    )
  )
  const response = yield* Effect.provideContext(LambdaHttp.handler(application, streamed), services)
  if (response._tag !== "Streamed") return yield* Effect.die("the answer is not streamed")
  const body = Stream.map(
    Stream.provideContext(response.body, services),
    (chunk) => typeof chunk === "string" ? encode(chunk) : chunk
  )
  return { body, end: Scope.close(Context.get(services, Scope.Scope) as Scope.Closeable, Exit.void) }
})

/** Notes when the scope of a request closes. */
const scoped = (steps: Array<string>) =>
  Effect.acquireRelease(
    Effect.sync(() => void steps.push("open")),
    (_, exit) => Effect.sync(() => void steps.push(exit._tag === "Success" ? "closed" : "failed"))
  )

describe("LambdaHttp streams", () => {
  it.effect("a head and then the body to a function URL, and to a REST API", () =>
    Effect.gen(function*() {
      const application = Effect.succeed(
        HttpServerResponse.stream(Stream.make(encode("one "), encode("two")), {
          status: 201,
          contentType: "text/plain",
          headers: { "x-own": "1", "content-length": "7" }
        }).pipe(HttpServerResponse.updateCookies((cookies) =>
          cookies.pipe(
            Cookies.setUnsafe("a", "1", { expires: new Date("2015-10-21T07:28:00Z") }),
            Cookies.setUnsafe("b", "2")
          )
        ))
      )
      const cookies = ["a=1; Expires=Wed, 21 Oct 2015 07:28:00 GMT", "b=2"]
      const head = { statusCode: 201, headers: { "content-type": "text/plain", "x-own": "1" } }
      yield* LambdaTest.LambdaTest.use(Effect.fnUntraced(function*({ invokeStream }) {
        const ofUrl = yield* invokeStream(FunctionUrl.sample())
        assert.strictEqual(ofUrl.contentType, LambdaResponse.HttpIntegrationContentType)
        // nitrojs/nitro#3228: cookies that are lost where a response is streamed.
        assert.deepStrictEqual<unknown>(ofUrl.prelude, { ...head, cookies })
        assert.strictEqual(yield* text(ofUrl.body), "one two")
        const ofApi = yield* invokeStream(ApiGatewayV1.sample())
        assert.deepStrictEqual<unknown>(ofApi.prelude, { ...head, multiValueHeaders: { "set-cookie": cookies } })
        assert.strictEqual(yield* text(ofApi.body), "one two")
      })).pipe(Effect.provide(layer(application, streamed)))
    }))

  it.effect("bodies that are whole, empty, or of bytes, without base64", () =>
    Effect.gen(function*() {
      const rows: ReadonlyArray<readonly [HttpServerResponse.HttpServerResponse, string]> = [
        [HttpServerResponse.text("whole"), "whole"],
        [HttpServerResponse.uint8Array(Uint8Array.of(0, 255)), "\0\ufffd"],
        // aws-lambda-nodejs-runtime-interface-client#95: the head of an empty body that is never sent.
        [HttpServerResponse.empty(), ""],
        [HttpServerResponse.stream(Stream.empty), ""],
        [HttpServerResponse.empty({ status: 304 }), ""]
      ]
      for (const [response, body] of rows) {
        yield* LambdaTest.LambdaTest.use(Effect.fnUntraced(function*({ invokeStream }) {
          const answer = yield* invokeStream(FunctionUrl.sample())
          assert.strictEqual(answer.prelude?.statusCode, response.status)
          assert.strictEqual(yield* text(answer.body), body)
        })).pipe(Effect.provide(layer(Effect.succeed(response), streamed)))
      }
    }))

  it.effect("nothing to front doors that cannot stream", () =>
    Effect.gen(function*() {
      const application = Effect.sync(() => HttpServerResponse.stream(Stream.make(encode("one "), encode("two"))))
      const events = [
        ApiGatewayV2.sample(),
        { ...ApiGatewayV1.sample(), version: "1.0" },
        Alb.sample(),
        VpcLattice.sampleEventV1(),
        VpcLattice.sampleEventV2()
      ]
      yield* LambdaTest.LambdaTest.use(({ invoke }) =>
        Effect.forEach(events, (event) =>
          Effect.map(invoke(event), (answer) => assert.deepNestedInclude(answer, { body: "b25lIHR3bw==" })))
      ).pipe(Effect.provide(layer(application, streamed)))
    }))

  it.effect("no faster than it is read", () =>
    Effect.gen(function*() {
      let made = 0
      const body = Stream.map(Stream.rechunk(Stream.range(1, 1_000), 1), (n) => {
        made = n
        return encode(`${n};`)
      })
      const { body: sent } = yield* respond(Effect.succeed(HttpServerResponse.stream(body)))
      yield* Effect.scoped(Effect.gen(function*() {
        const pull = yield* Stream.toPull(sent)
        yield* pull
        assert.isAtMost(made, 2)
        yield* pull
        assert.isAtMost(made, 3)
      }))
    }))

  it.effect("and closes the scope of a request when its body has been sent", () =>
    Effect.gen(function*() {
      const steps: Array<string> = []
      const application = Effect.gen(function*() {
        yield* scoped(steps)
        return HttpServerResponse.stream(
          Stream.tap(Stream.make(encode("one"), encode("two")), () => Effect.sync(() => void steps.push("chunk")))
        )
      })
      const { body, end } = yield* respond(application)
      assert.deepStrictEqual(steps, ["open"])
      yield* Stream.runDrain(body)
      assert.deepStrictEqual(steps, ["open", "chunk", "chunk", "closed"])
      yield* end
      assert.strictEqual(steps.length, 4)
    }))

  it.effect("and closes the scope of a request whose body nobody has asked for", () =>
    Effect.gen(function*() {
      const steps: Array<string> = []
      const application = Effect.as(scoped(steps), HttpServerResponse.stream(Stream.make(encode("one"))))
      const { end } = yield* respond(application)
      assert.deepStrictEqual(steps, ["open"])
      yield* end
      assert.deepStrictEqual(steps, ["open", "closed"])
    }))

  it.effect("and lets go of a body of Node or of the web that nobody has asked for", () =>
    Effect.gen(function*() {
      const { Readable } = process.getBuiltinModule("node:stream")
      const readable = Readable.from(["one"])
      const canceled: Array<string> = []
      const web = (name: string) => new ReadableStream({ cancel: () => void canceled.push(name) })
      for (const body of [readable, web("stream"), new Response(web("response"))]) {
        const { end } = yield* respond(Effect.succeed(HttpServerResponse.raw(body)))
        assert.isFalse(readable.destroyed && body === readable)
        yield* end
      }
      assert.isTrue(readable.destroyed)
      assert.deepStrictEqual(canceled, ["stream", "response"])
      // One that has been sent ends its invocation as any other.
      const sent = yield* respond(Effect.succeed(HttpServerResponse.raw(new Response("all"))))
      assert.strictEqual(yield* Stream.mkString(Stream.decodeText(sent.body)), "all")
      yield* sent.end
      // And one that nobody waits for.
      const event = FunctionUrl.sample()
      const head = { ...event.requestContext, http: { ...event.requestContext.http, method: "HEAD" } }
      yield* respond(
        Effect.succeed(HttpServerResponse.raw(new Response(web("head")))),
        { ...event, requestContext: head }
      )
      assert.deepStrictEqual(canceled, ["stream", "response", "head"])
    }))

  it.effect("until nobody reads any more: what is interrupted ends its body and its scope", () =>
    Effect.gen(function*() {
      const steps: Array<string> = []
      const started = yield* Deferred.make<void>()
      const application = Effect.gen(function*() {
        yield* scoped(steps)
        return HttpServerResponse.stream(
          Stream.concat(
            Stream.succeed(encode("one")),
            Stream.fromEffect(Effect.andThen(Deferred.succeed(started, undefined), Effect.never)).pipe(
              Stream.onExit((exit) => Effect.sync(() => void steps.push(`body ${exit._tag}`)))
            )
          )
        )
      })
      const { body } = yield* respond(application)
      const sending = yield* fork(Stream.runDrain(body))
      yield* Deferred.await(started)
      yield* Fiber.interrupt(sending)
      assert.deepStrictEqual(steps, ["open", "body Failure", "failed"])
    }))

  it.effect("until shortly before the deadline, and then lets go of what it has opened", () =>
    Effect.gen(function*() {
      const steps: Array<string> = []
      const started = yield* Deferred.make<void>()
      const forever = (first: Stream.Stream<Uint8Array>) =>
        Effect.as(
          scoped(steps),
          HttpServerResponse.stream(
            Stream.concat(
              first,
              Stream.fromEffectDrain(Effect.andThen(Deferred.succeed(started, undefined), Effect.never)).pipe(
                Stream.onExit((exit) =>
                  Effect.andThen(
                    Effect.promise(() => new Promise((resolve) => setImmediate(resolve))),
                    Effect.sync(() => void steps.push(`body ${exit._tag}`))
                  )
                )
              )
            )
          )
        )
      const application = Effect.flatMap(HttpServerRequest, ({ url }) => {
        if (url.startsWith("/silent")) return forever(Stream.empty)
        return url.startsWith("/endless") ? forever(Stream.succeed(encode("one"))) : Effect.succeed(fine)
      })
      const event = FunctionUrl.sample()
      const lines: Array<Line> = []
      yield* LambdaTest.LambdaTest.use(Effect.fnUntraced(function*({ invoke, invokeStream }) {
        const silent = yield* fork(Effect.flip(invoke({ ...event, rawPath: "/silent" })))
        yield* Deferred.await(started)
        yield* TestClock.adjust("2750 millis")
        assert.deepInclude(yield* Fiber.join(silent), {
          errorType: "Function.DeadlineExceeded",
          errorMessage: "the response to POST /silent was not sent 250 ms before the deadline"
        })
        assert.deepStrictEqual(steps.splice(0), ["open", "body Failure", "failed"])
        assert.isTrue(lines.some(({ level }) => level === "Error"))
        const { body } = yield* invokeStream({ ...event, rawPath: "/endless" })
        const endless = yield* fork(Effect.flip(Stream.runDrain(body)))
        yield* TestClock.adjust("2750 millis")
        assert.strictEqual((yield* Fiber.join(endless)).errorType, "Function.DeadlineExceeded")
        assert.deepStrictEqual(steps, ["open", "body Failure", "failed"])
        const next = yield* invokeStream({ ...event, rawPath: "/fine" })
        assert.strictEqual(yield* text(next.body), "fine")
      })).pipe(Effect.scoped, Effect.provide(layer(application, streamed, lines)))
    }))

  it.effect("a body with the services of its request", () =>
    Effect.gen(function*() {
      const application = Effect.succeed(HttpServerResponse.stream(
        Stream.fromEffect(Effect.map(Effect.serviceOption(HttpServerRequest), ({ _tag }) => encode(_tag)))
      ))
      const { body: sent } = yield* respond(application)
      assert.strictEqual(yield* Stream.mkString(Stream.decodeText(sent)), "Some")
    }))

  it.effect("what is answered in place of an application", () =>
    Effect.gen(function*() {
      const lines: Array<Line> = []
      const late = layer(Effect.interruptible(Effect.never), streamed, lines)
      yield* LambdaTest.LambdaTest.use(Effect.fnUntraced(function*({ invokeStream }) {
        const invoked = yield* fork(invokeStream(FunctionUrl.sample()))
        yield* TestClock.adjust("3 seconds")
        const answer = yield* Fiber.join(invoked)
        assert.strictEqual(answer.prelude?.statusCode, 504)
        assert.strictEqual(yield* text(answer.body), "{\"message\":\"Endpoint request timed out\"}")
      })).pipe(Effect.provide(late))
      // The largest head that a front door reads.
      const large = layer(
        Effect.succeed(HttpServerResponse.text("a", { headers: { "x-large": "x".repeat(16_400) } })),
        streamed,
        lines
      )
      yield* LambdaTest.LambdaTest.use(Effect.fnUntraced(function*({ invokeStream }) {
        const answer = yield* invokeStream(FunctionUrl.sample())
        assert.strictEqual(answer.prelude?.statusCode, 502)
      })).pipe(Effect.provide(large))
      assert.deepStrictEqual(lines.map(({ level }) => level), ["Error", "Error"])
      assert.include(lines[1]?.message, "where Lambda takes 16384")
    }))

  it.live("until Lambda hangs up, also where the body waits for something", () =>
    Effect.gen(function*() {
      const peer = yield* ScriptedPeer.make
      const closed = yield* Deferred.make<Exit.Exit<unknown, unknown>>()
      const routes = HttpRouter.add(
        "GET",
        "/",
        Effect.gen(function*() {
          yield* Effect.addFinalizer((exit) => Deferred.succeed(closed, exit))
          return HttpServerResponse.stream(Stream.concat(Stream.succeed(encode("one")), Stream.never))
        })
      )
      yield* serveLocally(
        LambdaHttp.serve(routes, streamed).pipe(Layer.provide(Logger.layer([]))),
        peer.address
      )
      const event = FunctionUrl.sample()
      const { http } = event.requestContext
      yield* (yield* peer.request).respond(ScriptedPeer.event(
        "id-1",
        JSON.stringify({
          ...event,
          rawPath: "/",
          requestContext: { ...event.requestContext, http: { ...http, method: "GET" } }
        })
      ))
      const answer = yield* peer.request
      assert.strictEqual(answer.target.endsWith("/invocation/id-1/response"), true)
      yield* answer.connection.reset
      assert.isTrue(Exit.isFailure(yield* Deferred.await(closed)))
    }))

  describe("over HTTP", () => {
    const served = Effect.fnUntraced(function*(
      routes: Layer.Layer<never, never, HttpRouter.HttpRouter>,
      lines: Array<Line> = []
    ) {
      const local = yield* LocalServer.LocalServer
      const [first] = local.functions
      yield* serveLocally(
        LambdaHttp.serve(Layer.provide(routes, HttpRouter.disableLogger), streamed).pipe(
          Layer.provide(capture(lines))
        ),
        first!.runtimeApi
      )
      return (path: string, method = "GET") =>
        Effect.flatMap(
          localHttp.open({ address: local.address, method, path: `/lambda-url/function${path}` }),
          ({ end, reply }) => Effect.andThen(end(), reply)
        )
    })

    it.live("events as they happen, the head before the first of them", () =>
      Effect.gen(function*() {
        const events = yield* Queue.unbounded<string, Cause.Done>()
        const open = yield* served(HttpRouter.add(
          "GET",
          "/events",
          Effect.succeed(HttpServerResponse.stream(
            Stream.map(Stream.fromQueue(events), (data) => encode(`data: ${data}\n\n`)),
            { contentType: "text/event-stream", headers: { "cache-control": "no-cache" } }
          ))
        ))
        const reply = yield* open("/events")
        assert.strictEqual(reply.status, 200)
        assert.strictEqual(reply.headers["content-type"], "text/event-stream")
        yield* Queue.offer(events, "one")
        assert.strictEqual(yield* reply.read, "data: one\n\n")
        yield* Queue.offer(events, "two")
        assert.strictEqual(yield* reply.read, "data: two\n\n")
        yield* Queue.end(events)
        assert.isUndefined(yield* reply.read)
      }).pipe(Effect.scoped, Effect.provide(LocalServer.layerTestOptions({}))))

    it.live("a failure before the first byte as 502, and one behind it as a body that is cut off", () =>
      Effect.gen(function*() {
        const lines: Array<Line> = []
        const open = yield* served(
          Layer.mergeAll(
            HttpRouter.add(
              "GET",
              "/before",
              Effect.sync(() => HttpServerResponse.stream(Stream.fail(new Error("no bytes"))))
            ),
            HttpRouter.add(
              "GET",
              "/behind",
              Effect.sync(() =>
                HttpServerResponse.stream(Stream.concat(Stream.succeed(encode("one")), Stream.fail(new Error("cut"))))
              )
            ),
            HttpRouter.add("GET", "/fine", HttpServerResponse.text("fine"))
          ),
          lines
        )
        assert.strictEqual((yield* open("/before")).status, 502)
        const behind = yield* open("/behind")
        assert.strictEqual(behind.status, 200)
        assert.instanceOf(yield* Effect.flip(behind.rest), localHttp.ExchangeFailed)
        assert.strictEqual(yield* (yield* open("/fine")).rest, "fine")
        assert.deepStrictEqual(
          lines.filter(({ level }) => level === "Error").map(({ cause }) => String(Cause.squash(cause))),
          ["Error: no bytes", "Error: cut"]
        )
      }).pipe(Effect.scoped, Effect.provide(LocalServer.layerTestOptions({}))))

    it.live("twenty megabytes", () =>
      Effect.gen(function*() {
        const open = yield* served(HttpRouter.add(
          "GET",
          "/large",
          Effect.sync(() =>
            HttpServerResponse.stream(Stream.map(Stream.range(1, 200), (n) => new Uint8Array(100_000).fill(n % 100)))
          )
        ))
        const body = yield* (yield* open("/large")).rest
        assert.strictEqual(body.length, 20_000_000)
        for (let n = 1; n <= 200; n++) {
          if (body.charCodeAt(n * 100_000 - 1) !== n % 100) assert.fail(`chunk ${n}`)
        }
      }).pipe(Effect.scoped, Effect.provide(LocalServer.layerTestOptions({}))))
  })
})
