import { assert, describe, it } from "@effect/vitest"
import * as ByteSize from "effect/ByteSize"
import * as Cause from "effect/Cause"
import * as Data from "effect/Data"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpEffect from "effect/http/HttpEffect"
import { MaxBodySize } from "effect/http/HttpIncomingMessage"
import * as HttpRouter from "effect/http/HttpRouter"
import { HttpServerError, InternalError } from "effect/http/HttpServerError"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import * as Alb from "../src/events/Alb.ts"
import * as ApiGatewayV1 from "../src/events/ApiGatewayV1.ts"
import * as ApiGatewayV2 from "../src/events/ApiGatewayV2.ts"
import * as FunctionUrl from "../src/events/FunctionUrl.ts"
import * as Sqs from "../src/events/Sqs.ts"
import * as WebSocket from "../src/events/WebSocket.ts"
import { Invocation, make as makeInvocation } from "../src/Invocation.ts"
import * as Lambda from "../src/Lambda.ts"
import * as LambdaHttp from "../src/LambdaHttp.ts"
import * as LambdaTest from "../src/LambdaTest.ts"
import { type Answer, type Application, capture, layer, type Line } from "./support/httpFunction.ts"

class NoDatabase extends Data.TaggedError("NoDatabase")<{ readonly message: string }> {}

const get = (path: string) => {
  const event = FunctionUrl.sample()
  const { body: _, ...others } = event
  return {
    ...others,
    rawPath: path,
    rawQueryString: "token=secret",
    requestContext: { ...event.requestContext, http: { ...event.requestContext.http, method: "GET" } }
  }
}

/** A good event after the one in question, and what was logged about that one. */
const outcome = Effect.fnUntraced(function*<E>(
  application: Application<E>,
  event: unknown,
  options?: LambdaHttp.Options
) {
  const lines: Array<Line> = []
  return yield* LambdaTest.LambdaTest.use(Effect.fnUntraced(function*({ invoke }) {
    const result = yield* Effect.result(invoke(event))
    const ofEvent = lines.splice(0)
    return { result, lines: ofEvent, next: yield* invoke(get("/fine")) }
  })).pipe(Effect.provide(layer(application, options, lines)))
})

const answered = Effect.fnUntraced(function*<E>(
  application: Application<E>,
  event: unknown,
  options?: LambdaHttp.Options
) {
  const { lines, next, result } = yield* outcome(application, event, options)
  assert.deepNestedInclude(next, { statusCode: 200 })
  return { lines, answer: yield* Effect.map(Effect.fromResult(result), (answer) => answer as Answer) }
})

const fine = HttpServerResponse.text("fine")

/** Answers everything but `/bad`. */
const unless = <E>(bad: Application<E>): Application<E> =>
  Effect.flatMap(
    HttpServerRequest,
    ({ url }): Application<E> => url.startsWith("/bad") ? bad : Effect.succeed(fine)
  )

const fork = Effect.forkChild({ startImmediately: true })

describe("LambdaHttp", () => {
  describe("goes on after an event that", () => {
    const fineAlways = Effect.succeed(fine)

    it.effect("is no HTTP request", () =>
      Effect.gen(function*() {
        const rows = [
          [Sqs.sample("a"), "an SQS event"],
          [WebSocket.sample(), "WebSocket"],
          [{ ...ApiGatewayV1.sample(), type: "REQUEST", methodArn: "arn" }, "Lambda authorizer"],
          [{ ...ApiGatewayV2.sample(), type: "REQUEST", routeArn: "arn" }, "Lambda authorizer"],
          [{}, ""],
          [null, ""],
          [7, ""]
        ] as const
        for (const [event, name] of rows) {
          const { lines, result } = yield* outcome(fineAlways, event)
          const { errorMessage, errorType } = yield* Effect.flip(Effect.fromResult(result))
          assert.strictEqual(errorType, "EventError")
          assert.include(errorMessage, "a request of API Gateway, a function URL")
          assert.include(errorMessage, name)
          assert.strictEqual(lines.filter(({ level }) => level === "Error").length, 1)
        }
      }))

    it.effect("lacks something", () =>
      Effect.gen(function*() {
        const event = ApiGatewayV2.sample()
        const { result } = yield* outcome(fineAlways, { ...event, rawPath: undefined, headers: { host: 7 } })
        const { errorMessage } = yield* Effect.flip(Effect.fromResult(result))
        assert.include(errorMessage, "rawPath")
        assert.include(errorMessage, "headers.host")
        assert.include(errorMessage, "a request of API Gateway in the payload format 2.0")
      }))

    it.effect("is no JSON", () =>
      Effect.gen(function*() {
        const error = yield* LambdaTest.LambdaTest.use(({ invokePayload }) => Effect.flip(invokePayload("{"))).pipe(
          Effect.provide(layer(fineAlways))
        )
        assert.strictEqual(error.errorType, "EventError")
      }))

    it.effect("has a body that is not the base64 that it says it is", () =>
      Effect.gen(function*() {
        const read = unless(
          Effect.flatMap(HttpServerRequest, ({ text }) => Effect.map(text, HttpServerResponse.text))
        )
        for (const body of ["a", "a===", "ab$=", "Zm9v!Zm9"]) {
          const { answer, lines } = yield* answered(read, { ...get("/bad"), body, isBase64Encoded: true })
          assert.strictEqual(answer.statusCode, 400, body)
          assert.deepStrictEqual(lines, [])
        }
      }))

    it.effect("has a body over the application's own limit", () =>
      Effect.gen(function*() {
        const read = unless(
          Effect.flatMap(HttpServerRequest, ({ text }) => Effect.map(text, HttpServerResponse.text)).pipe(
            Effect.provideService(MaxBodySize, ByteSize.bytes(3))
          )
        )
        for (const body of ["ü ü", "abcd"]) {
          assert.strictEqual((yield* answered(read, { ...get("/bad"), body })).answer.statusCode, 413)
        }
        assert.strictEqual((yield* answered(read, { ...get("/bad"), body: "abc" })).answer.statusCode, 200)
      }))
  })

  describe("goes on after an application that", () => {
    it.effect("fails, and logs it with the ids of the invocation", () =>
      Effect.gen(function*() {
        const cause = new NoDatabase({ message: "connection refused" })
        const { answer, lines } = yield* answered(unless(Effect.fail(cause)), get("/bad"))
        assert.strictEqual(answer.statusCode, 500)
        assert.strictEqual(answer.body, "")
        const line = lines[0]!
        assert.strictEqual(lines.length, 1)
        assert.strictEqual(line.level, "Error")
        assert.strictEqual(line.message, "GET /bad failed; the client gets 500")
        assert.strictEqual(Cause.squash(line.cause), cause)
        assert.match(String(line.annotations["requestId"]), /^[\da-f-]{36}$/)
      }))

    it.effect("dies", () =>
      Effect.gen(function*() {
        const { answer, lines } = yield* answered(unless(Effect.die(new TypeError("bug"))), get("/bad"))
        assert.strictEqual(answer.statusCode, 500)
        assert.strictEqual(lines.length, 1)
        assert.include(Cause.pretty(lines[0]!.cause), "TypeError: bug")
      }))

    it.effect("is interrupted by itself", () =>
      Effect.gen(function*() {
        const { answer, lines } = yield* answered(unless(Effect.interrupt), get("/bad"))
        assert.strictEqual(answer.statusCode, 503)
        assert.deepStrictEqual(lines.map(({ message }) => message), ["GET /bad failed; the client gets 503"])
      }))

    it.effect("releases what it has with a failure, and has answered all the same", () =>
      Effect.gen(function*() {
        const application = unless(Effect.as(Effect.addFinalizer(() => Effect.die(new TypeError("bug"))), fine))
        const { answer, lines } = yield* answered(application, get("/bad"))
        assert.strictEqual(answer.statusCode, 200)
        assert.deepStrictEqual(lines.map(({ level, message }) => [level, message]), [
          ["Error", "a finalizer or a response handler of GET /bad failed"]
        ])
      }))

    it.effect("fails right before its response is sent", () =>
      Effect.gen(function*() {
        const application = unless(
          Effect.gen(function*() {
            const request = yield* HttpServerRequest
            yield* HttpEffect.appendPreResponseHandler(() =>
              Effect.fail(new HttpServerError({ reason: new InternalError({ request }) }))
            )
            return fine
          })
        )
        const { answer, lines } = yield* answered(application, get("/bad"))
        assert.strictEqual(answer.statusCode, 500)
        assert.strictEqual(lines.length, 1)
        assert.include(Cause.pretty(lines[0]!.cause), "InternalError")
      }))

    it.effect("fails behind a prefix, which its line in the log still has", () =>
      Effect.gen(function*() {
        const lines: Array<Line> = []
        const routes = HttpRouter.use((router) => router.prefixed("/api").add("GET", "/bad", Effect.die("bug")))
        yield* LambdaTest.LambdaTest.use(({ invoke }) => invoke(get("/api/bad"))).pipe(
          Effect.provide(
            LambdaTest.layer(LambdaHttp.serve(Layer.provide(routes, HttpRouter.disableLogger))).pipe(
              Layer.provide(capture(lines))
            )
          )
        )
        assert.include(lines.map(({ message }) => message), "GET /api/bad failed; the client gets 500")
      }))

    it.effect("does not know what to answer, by the rules of Effect and without a line in the log", () =>
      Effect.gen(function*() {
        const rows: ReadonlyArray<readonly [Application<unknown>, number]> = [
          [Effect.flatMap(Schema.decodeUnknownEffect(Schema.Int)("x"), () => Effect.succeed(fine)), 400],
          [Effect.fail(new Cause.NoSuchElementError()), 404],
          [Effect.fail(HttpServerResponse.empty({ status: 409 })), 409],
          [Effect.die(HttpServerResponse.empty({ status: 503 })), 503],
          [Effect.flatMap(HttpServerRequest, ({ upgrade }) => Effect.as(upgrade, fine)), 400]
        ]
        for (const [bad, status] of rows) {
          const { answer, lines } = yield* answered(unless(bad), get("/bad"))
          assert.strictEqual(answer.statusCode, status)
          assert.deepStrictEqual(lines, [])
        }
      }))

    it.effect("has no such route", () =>
      Effect.gen(function*() {
        const lines: Array<Line> = []
        const routes = HttpRouter.add("GET", "/fine", fine)
        const program = LambdaHttp.serve(Layer.provide(routes, HttpRouter.disableLogger))
        const answers = yield* LambdaTest.LambdaTest.use(({ invoke }) =>
          Effect.forEach([get("/nowhere"), get("/fine")], (event) => invoke(event))
        ).pipe(Effect.provide(LambdaTest.layer(program).pipe(Layer.provide(capture(lines)))))
        assert.deepStrictEqual(answers.map((answer) => (answer as Answer).statusCode), [404, 200])
        assert.deepStrictEqual(lines.filter(({ level }) => level === "Error"), [])
      }))

    it.effect("gives a header that HTTP cannot carry", () =>
      Effect.gen(function*() {
        const rows: ReadonlyArray<readonly [Record<string, string>, string]> = [
          [{ "bad name": "a" }, "\"bad name\""],
          [{ "": "a" }, "\"\""],
          [{ location: "/a\r\nset-cookie: b=1" }, "\"location\""],
          [{ title: "世界" }, "\"title\""]
        ]
        for (const event of [ApiGatewayV1.sample(), Alb.sample(), get("/bad")]) {
          for (const [headers, name] of rows) {
            const { answer, lines } = yield* answered(
              Effect.map(HttpServerRequest, ({ url }) =>
                url.startsWith("/fine") ? fine : HttpServerResponse.text("a", { headers })),
              event
            )
            assert.strictEqual(answer.statusCode, 502)
            assert.strictEqual(answer.body, "{\"message\":\"Internal Server Error\"}")
            assert.strictEqual(answer.headers?.["content-type"], "application/json")
            assert.include(lines[0]?.message, name)
            assert.strictEqual(lines.length, 1)
          }
        }
      }))

    it.effect("gives a status that is none", () =>
      Effect.gen(function*() {
        for (const status of [0, 100, 600, 200.5, Number.NaN]) {
          const { answer, lines } = yield* answered(
            unless(Effect.succeed(HttpServerResponse.empty({ status }))),
            get("/bad")
          )
          assert.strictEqual(answer.statusCode, 502)
          assert.include(lines[0]?.message, String(status))
        }
      }))

    it.effect("gives a body that is too large for a function", () =>
      Effect.gen(function*() {
        const bodies = [
          HttpServerResponse.text("x".repeat(6_291_556)),
          HttpServerResponse.uint8Array(new Uint8Array(4_718_668)),
          HttpServerResponse.stream(Stream.forever(Stream.succeed(new Uint8Array(100_000))))
        ]
        for (const body of bodies) {
          const { answer, lines } = yield* answered(unless(Effect.succeed(body)), get("/bad"))
          assert.strictEqual(answer.statusCode, 502)
          assert.match(lines[0]?.message ?? "", /GET \/bad has \d+ bytes, and more than 6291556 are not accepted/)
        }
        const largest = HttpServerResponse.uint8Array(new Uint8Array(4_718_000))
        assert.strictEqual((yield* answered(unless(Effect.succeed(largest)), get("/bad"))).answer.statusCode, 200)
      }))

    it.effect("gives a body of more pieces than a call takes arguments, which is none that fails", () =>
      Effect.gen(function*() {
        const rows = Stream.fromArray(Array.from({ length: 200_000 }, () => "row\n"))
        const body = HttpServerResponse.stream(Stream.encodeText(rows), { contentType: "text/csv" })
        const { answer, lines } = yield* answered(unless(Effect.succeed(body)), get("/bad"))
        assert.strictEqual(answer.statusCode, 200)
        assert.strictEqual(answer.body.length, 800_000)
        assert.deepStrictEqual(lines, [])
      }))

    it.effect("gives a body that is too large for a load balancer", () =>
      Effect.gen(function*() {
        const event = { ...Alb.sample(), path: "/bad" }
        const size = (length: number) => Effect.succeed(HttpServerResponse.text("x".repeat(length)))
        assert.strictEqual((yield* answered(unless(size(1_048_500)), event)).answer.statusCode, 502)
        assert.strictEqual((yield* answered(unless(size(1_040_000)), event)).answer.statusCode, 200)
        assert.strictEqual((yield* answered(unless(size(1_048_500)), get("/bad"))).answer.statusCode, 200)
      }))

    it.effect("gives a body that fails", () =>
      Effect.gen(function*() {
        const cause = new NoDatabase({ message: "gone" })
        const body = Stream.concat(Stream.succeed(Uint8Array.of(1)), Stream.fail(cause))
        const { answer, lines } = yield* answered(unless(Effect.succeed(HttpServerResponse.stream(body))), get("/bad"))
        assert.strictEqual(answer.statusCode, 500)
        assert.strictEqual(lines.length, 1)
        assert.strictEqual(Cause.squash(lines[0]!.cause), cause)
      }))

    it.effect("gives a body that is interrupted by itself", () =>
      Effect.gen(function*() {
        const body = HttpServerResponse.stream(Stream.fromEffect(Effect.interrupt))
        const { answer, lines } = yield* answered(unless(Effect.succeed(body)), get("/bad"))
        assert.strictEqual(answer.statusCode, 500)
        assert.deepStrictEqual(lines.map(({ message }) => message), [
          "the body of the response to GET /bad failed; the client gets 500"
        ])
      }))

    it.effect("gives a body that is none", () =>
      Effect.gen(function*() {
        const { answer, lines } = yield* answered(unless(Effect.succeed(HttpServerResponse.raw({ a: 1 }))), get("/bad"))
        assert.strictEqual(answer.statusCode, 500)
        assert.include(Cause.pretty(lines[0]!.cause), "neither text nor bytes")
      }))

    it.effect("never answers, with 504 before the deadline", () =>
      Effect.gen(function*() {
        const lines: Array<Line> = []
        const interrupted = yield* Deferred.make<void>()
        const application = unless(
          Effect.interruptible(Effect.onInterrupt(Effect.never, () => Deferred.succeed(interrupted, undefined)))
        )
        yield* LambdaTest.LambdaTest.use(Effect.fnUntraced(function*({ invoke }) {
          const late = yield* fork(invoke(get("/bad"), { timeout: "10 seconds" }))
          yield* TestClock.adjust("8999 millis")
          assert.isUndefined(late.pollUnsafe())
          yield* TestClock.adjust("1 millis")
          const answer = (yield* Fiber.join(late)) as Answer
          assert.strictEqual(answer.statusCode, 504)
          assert.strictEqual(answer.body, "{\"message\":\"Endpoint request timed out\"}")
          yield* Deferred.await(interrupted)
          assert.deepNestedInclude(yield* invoke(get("/fine")), { statusCode: 200 })
        })).pipe(Effect.provide(layer(application, { timeoutMargin: "1 second" }, lines)))
        assert.deepStrictEqual(lines.map(({ level, message }) => [level, message]), [
          ["Error", "GET /bad was not answered 1000 ms before the deadline; the client gets 504"]
        ])
      }))

    it.effect("cannot be interrupted, with 504 as well", () =>
      Effect.gen(function*() {
        const lines: Array<Line> = []
        const application = unless(Effect.uninterruptible(Effect.never))
        yield* LambdaTest.LambdaTest.use(Effect.fnUntraced(function*({ invoke }) {
          const late = yield* fork(invoke(get("/bad"), { timeout: "200 millis" }))
          yield* TestClock.adjust("100 millis")
          assert.strictEqual(((yield* Fiber.join(late)) as Answer).statusCode, 504)
          assert.deepNestedInclude(yield* invoke(get("/fine")), { statusCode: 200 })
        })).pipe(Effect.provide(layer(application, {}, lines)))
        // Half of the time that there is, where the margin is longer.
        assert.deepStrictEqual(lines.map(({ message }) => message), [
          "GET /bad was not answered 100 ms before the deadline; the client gets 504"
        ])
      }))

    it.effect("takes long for a body that is not streamed, with 504 as well", () =>
      Effect.gen(function*() {
        const interrupted = yield* Deferred.make<void>()
        const lines: Array<Line> = []
        const body = Stream.onExit(Stream.never, () => Deferred.succeed(interrupted, undefined))
        const application = unless(Effect.succeed(HttpServerResponse.stream(body)))
        yield* LambdaTest.LambdaTest.use(Effect.fnUntraced(function*({ invoke }) {
          const late = yield* fork(invoke(get("/bad")))
          yield* TestClock.adjust("3 seconds")
          assert.strictEqual(((yield* Fiber.join(late)) as Answer).statusCode, 504)
          yield* Deferred.await(interrupted)
        })).pipe(Effect.provide(layer(application, {}, lines)))
        assert.deepStrictEqual(lines.map(({ message }) => message), [
          "GET /bad was not answered 250 ms before the deadline; the client gets 504"
        ])
      }))

    it.effect("takes long for a body of Node or of the web, which is let go of", () =>
      Effect.gen(function*() {
        const { Readable } = process.getBuiltinModule("node:stream")
        type Hear = () => void
        const bodies = [
          (asked: Hear, released: Hear) => new Readable({ read: asked, destroy: released }),
          (asked: Hear, released: Hear) => new ReadableStream({ pull: asked, cancel: released }, { highWaterMark: 0 })
        ]
        for (const options of [{}, { responseMode: "streamed" }] as const) {
          for (const body of bodies) {
            const asked = yield* Deferred.make<void>()
            const released = yield* Deferred.make<void>()
            const hear = (deferred: Deferred.Deferred<void>) => () => void Deferred.doneUnsafe(deferred, Effect.void)
            const application = unless(Effect.sync(() => HttpServerResponse.raw(body(hear(asked), hear(released)))))
            yield* LambdaTest.LambdaTest.use(Effect.fnUntraced(function*({ invoke, invokeStream }) {
              const late = yield* fork(Effect.result(invoke(get("/bad"))))
              yield* Deferred.await(asked)
              yield* TestClock.adjust("3 seconds")
              yield* Fiber.join(late)
              yield* Deferred.await(released)
              yield* invokeStream(get("/fine"))
            })).pipe(Effect.scoped, Effect.provide(layer(application, options)))
          }
        }
      }))

    it.effect("takes its time where nobody says how much there is", () =>
      Effect.gen(function*() {
        const gate = yield* Deferred.make<void>()
        const application = Effect.as(Deferred.await(gate), fine)
        yield* LambdaTest.LambdaTest.use(Effect.fnUntraced(function*({ invoke }) {
          yield* TestClock.setTime(1_744_668_891_302)
          const late = yield* fork(invoke(get("/"), { timeout: "-1 days" }))
          yield* TestClock.adjust("1 days")
          yield* Deferred.succeed(gate, undefined)
          assert.strictEqual(((yield* Fiber.join(late)) as Answer).statusCode, 200)
        })).pipe(Effect.provide(layer(application)))
      }))

    it.effect("is interrupted at the margin of the loop, which reports it", () =>
      Effect.gen(function*() {
        const program = Lambda.serve(LambdaHttp.handler(Effect.interruptible(Effect.never))).pipe(
          Layer.provide(Layer.succeed(Lambda.DeadlineMargin, "1 second"))
        )
        const lines: Array<Line> = []
        const error = yield* LambdaTest.LambdaTest.use(Effect.fnUntraced(function*({ invoke }) {
          const late = yield* fork(Effect.flip(invoke(get("/bad"))))
          yield* TestClock.adjust("2 seconds")
          return yield* Fiber.join(late)
        })).pipe(Effect.provide(LambdaTest.layer(program).pipe(Layer.provide(capture(lines)))))
        assert.strictEqual(error.errorType, "Function.DeadlineExceeded")
      }))
  })

  it.effect("keeps requests apart that it answers at once", () =>
    Effect.gen(function*() {
      const paths = Array.from({ length: 20 }, (_, index) => `/${index % 3 === 2 ? "die" : "answer"}/${index}`)
      const open = new Set<string>()
      const everyone = yield* Deferred.make<void>()
      const application = Effect.gen(function*() {
        const { url } = yield* HttpServerRequest
        yield* Effect.acquireRelease(
          Effect.sync(() => open.add(url)),
          () => Effect.sync(() => open.delete(url))
        )
        if (open.size === paths.length) yield* Deferred.succeed(everyone, undefined)
        yield* Deferred.await(everyone)
        if (url.startsWith("/die")) return yield* Effect.die(url)
        const event = Option.getOrThrow(yield* LambdaHttp.CurrentEvent)
        const path = event._tag === "FunctionUrl" ? event.event.rawPath : event._tag
        const body = Stream.fromEffect(Effect.sync(() => JSON.stringify([url, path, open.has(url)])))
        return HttpServerResponse.stream(Stream.encodeText(body), { contentType: "application/json" })
      })
      const lines: Array<Line> = []
      const handler = LambdaHttp.handler(application)
      const all = yield* Effect.forEach(paths, (path, index) =>
        Effect.scoped(Effect.provideService(
          handler,
          Invocation,
          makeInvocation({
            requestId: String(index),
            payload: new TextEncoder().encode(JSON.stringify({ ...get(path), rawQueryString: "" }))
          })
        )), { concurrency: "unbounded" }).pipe(Effect.provide(capture(lines)))
      for (const [index, path] of paths.entries()) {
        const response = all[index]
        if (response?._tag !== "Buffered") return assert.fail("the answer is streamed")
        const { body, statusCode } = JSON.parse(String(response.body)) as Answer
        if (path.startsWith("/die")) {
          assert.strictEqual(statusCode, 500)
          assert.isTrue(lines.some(({ cause, message }) =>
            message === `GET ${path} failed; the client gets 500` && Cause.squash(cause) === path
          ))
        } else assert.deepStrictEqual(JSON.parse(body), [path, path, true])
      }
      assert.strictEqual(lines.length, 6)
      assert.strictEqual(open.size, 0)
    }))

  it.effect("does not let its failures touch another request", () =>
    Effect.gen(function*() {
      let open = 0
      const application = Effect.gen(function*() {
        yield* Effect.acquireRelease(Effect.sync(() => ++open), () => Effect.sync(() => --open))
        const { url } = yield* HttpServerRequest
        if (url.startsWith("/die")) return yield* Effect.die("bug")
        return HttpServerResponse.text(String(open))
      })
      yield* LambdaTest.LambdaTest.use(Effect.fnUntraced(function*({ invoke }) {
        for (const path of ["/die", "/a", "/die", "/b"]) {
          const answer = (yield* invoke(get(path))) as Answer
          if (path !== "/die") assert.strictEqual(answer.body, "1")
          assert.strictEqual(open, 0)
        }
      })).pipe(Effect.provide(layer(application)))
    }))
})
