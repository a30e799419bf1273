import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Ref from "effect/Ref"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import * as Handler from "../src/Handler.ts"
import * as Invocation from "../src/Invocation.ts"
import * as Lambda from "../src/Lambda.ts"
import * as LambdaResponse from "../src/LambdaResponse.ts"
import * as LambdaTest from "../src/LambdaTest.ts"
import { RuntimeApi } from "../src/RuntimeApi.ts"
import { RuntimeApiError, StatusError } from "../src/RuntimeApiError.ts"

class OutOfStock extends Data.TaggedError("OutOfStock")<{ readonly message: string }> {}

const silent = Logger.layer([])

const withFunction = <E, R, A, E2, R2>(
  handler: Handler.Handler<E, R>,
  use: (lambda: LambdaTest.LambdaTest["Service"]) => Effect.Effect<A, E2, R2>
) =>
  LambdaTest.LambdaTest.use(use).pipe(
    Effect.provide(LambdaTest.layer(Lambda.serve(handler)).pipe(Layer.provide(silent)))
  )

const echo = Handler.make({ event: Schema.Unknown, result: Schema.Unknown }, Effect.succeed)

describe("Lambda", () => {
  it.effect("answers an event", () =>
    withFunction(
      echo,
      Effect.fnUntraced(function*({ invoke }) {
        assert.deepStrictEqual(yield* invoke({ a: [1, "ü"] }), { a: [1, "ü"] })
      })
    ))

  it.effect("answers null when there is no result schema", () =>
    withFunction(
      Handler.make({ event: Schema.Unknown }, () => Effect.void),
      Effect.fnUntraced(function*({ invoke }) {
        assert.strictEqual(yield* invoke("x"), null)
      })
    ))

  describe("a failing handler", () => {
    const failing = (body: () => Effect.Effect<unknown, unknown>) =>
      withFunction(
        Handler.make({ event: Schema.String, result: Schema.Unknown }, (event) =>
          event === "ok" ? Effect.succeed(1) : body()),
        Effect.fnUntraced(function*({ invoke }) {
          const error = yield* Effect.flip(invoke("fail"))
          assert.strictEqual(yield* invoke("ok"), 1)
          return error
        })
      )

    it.effect("reports the tag of its error, and serves the next event", () =>
      Effect.gen(function*() {
        const error = yield* failing(() => Effect.fail(new OutOfStock({ message: "no teapots" })))
        assert.strictEqual(error.errorType, "OutOfStock")
        assert.strictEqual(error.errorMessage, "no teapots")
        assert.isAbove(error.stackTrace.length, 0)
      }))

    it.effect("reports a defect, and serves the next event", () =>
      Effect.gen(function*() {
        const error = yield* failing(() => {
          throw new RangeError("too far")
        })
        assert.strictEqual(error.errorType, "RangeError")
        assert.strictEqual(error.errorMessage, "too far")
      }))

    it.effect.each([[null, "null", "null"], ["text", "string", "text"], [undefined, "undefined", "undefined"]])(
      "reports %j, which is no error",
      ([value, type, message]) =>
        Effect.gen(function*() {
          const error = yield* failing(() => Effect.die(value))
          assert.strictEqual(error.errorType, type)
          assert.strictEqual(error.errorMessage, message)
        })
    )

    it.effect("reports its own interruption, and serves the next event", () =>
      Effect.gen(function*() {
        const error = yield* failing(() => Effect.interrupt)
        assert.strictEqual(error.errorType, "Runtime.Interrupted")
      }))

    it.effect("is logged at Error level with its cause and the id of the request", () =>
      Effect.gen(function*() {
        const lines: Array<string> = []
        const logger = Logger.map(Logger.formatLogFmt, (line) => void lines.push(line))
        yield* LambdaTest.LambdaTest.use(({ invoke }) =>
          Effect.exit(invoke("x", { requestId: "r-1", tenantId: "t-1" }))
        )
          .pipe(
            Effect.provide(
              LambdaTest.layer(Lambda.serve(Handler.raw(() => Effect.fail(new OutOfStock({ message: "none left" })))))
                .pipe(Layer.provide(Logger.layer([logger])))
            )
          )
        assert.strictEqual(lines.length, 1)
        for (const part of ["level=ERROR", "OutOfStock", "none left", "requestId=r-1", "tenantId=t-1"]) {
          assert.include(lines[0], part)
        }
      }))
  })

  describe("bad input", () => {
    const Person = Schema.Struct({ name: Schema.String, tags: Schema.Array(Schema.Int) })
    const called = Ref.makeUnsafe(0)
    const handler = Handler.make(
      { event: Person, result: Schema.String },
      ({ name }) => Effect.as(Ref.update(called, (n) => n + 1), name)
    )

    it.effect("names every place that does not fit, and never reaches the handler", () =>
      withFunction(
        handler,
        Effect.fnUntraced(function*({ invoke }) {
          const error = yield* Effect.flip(invoke({ name: 1, tags: [1, "x"] }))
          assert.strictEqual(error.errorType, "EventError")
          assert.include(error.errorMessage, "name: Expected string")
          assert.include(error.errorMessage, "tags[1]: Expected")
          assert.strictEqual(yield* Ref.get(called), 0)
          assert.strictEqual(yield* invoke({ name: "Ada", tags: [] }), "Ada")
        })
      ))

    it.effect.each(["", "{", "{\"a\":1}}", "nope"])(
      "reports the malformed JSON %j",
      (payload) =>
        withFunction(
          handler,
          Effect.fnUntraced(function*({ invokePayload }) {
            const error = yield* Effect.flip(invokePayload(payload))
            assert.strictEqual(error.errorType, "EventError")
            assert.include(error.errorMessage, "the event is not valid JSON")
          })
        )
    )

    it.effect("reports bytes that are no UTF-8", () =>
      withFunction(
        handler,
        Effect.fnUntraced(function*({ invokePayload }) {
          const error = yield* Effect.flip(invokePayload(new Uint8Array([0x22, 0xff, 0xfe, 0x22])))
          assert.include(error.errorMessage, "the event is not valid JSON")
        })
      ))

    const circular: { self?: unknown } = {}
    circular.self = circular
    it.effect.each([["a bigint", 1n], ["a cycle", circular], ["a function", () => 1]])(
      "reports %s as a result that cannot be encoded",
      ([_, value]) =>
        withFunction(
          Handler.make({ event: Schema.Unknown, result: Schema.Unknown }, () => Effect.succeed(value)),
          Effect.fnUntraced(function*({ invoke }) {
            const error = yield* Effect.flip(invoke("x"))
            assert.strictEqual(error.errorType, "SchemaError")
          })
        )
    )

    it.effect("can be answered by the handler itself", () =>
      withFunction(
        handler.pipe(
          Effect.catchTag("EventError", (error) => Effect.succeed(LambdaResponse.json({ problem: error.reason._tag })))
        ),
        Effect.fnUntraced(function*({ invoke, invokePayload }) {
          assert.deepStrictEqual(yield* invoke({}), { problem: "UnexpectedShape" })
          assert.deepStrictEqual(yield* invokePayload("{"), { problem: "MalformedJson" })
        })
      ))
  })

  describe("a response over the limit", () => {
    const oversize: ReadonlyArray<readonly [string, () => LambdaResponse.LambdaResponse]> = [
      ["bytes", () => LambdaResponse.bytes(new Uint8Array(6_291_557))],
      ["ASCII text", () => LambdaResponse.text("x".repeat(6_291_557))],
      ["three-byte text", () => LambdaResponse.text("€".repeat(2_097_186))]
    ]
    it.effect.each(oversize)("is not sent: %s", ([_, response]) =>
      withFunction(
        Handler.raw(() => Effect.succeed(response())),
        Effect.fnUntraced(function*({ invoke }) {
          const error = yield* Effect.flip(invoke(1))
          assert.strictEqual(error.errorType, "Function.ResponseSizeTooLarge")
          assert.match(error.errorMessage, /\(6291\d\d\d bytes\).*\(6291556 bytes\)/)
        })
      ))

    it.effect("is sent when it just fits", () =>
      withFunction(
        Handler.raw(() => Effect.succeed(LambdaResponse.bytes(new Uint8Array(6_291_556)))),
        Effect.fnUntraced(function*({ invoke }) {
          const answer = yield* invoke(1)
          assert.isTrue(answer instanceof Uint8Array && answer.length === 6_291_556)
        })
      ))
  })

  describe("the scope of an invocation", () => {
    it.effect("closes after the answer and the background work, before the next event", () =>
      Effect.gen(function*() {
        const steps: Array<string> = []
        const step = (name: string) => Effect.sync(() => void steps.push(name))
        const handler = Handler.raw(Effect.fnUntraced(function*() {
          yield* Effect.addFinalizer(() => step("finalizer"))
          yield* Invocation.background(
            Effect.andThen(step("background"), Invocation.background(step("more background")))
          )
          yield* step("handler")
          return LambdaResponse.empty
        }))
        const api = recordingApi(2, step)
        yield* Effect.exit(Lambda.run(handler).pipe(Effect.provideService(RuntimeApi, api)))
        const invocation = ["next", "handler", "respond", "background", "more background", "finalizer"]
        assert.deepStrictEqual(steps, [...invocation, ...invocation, "next"])
      }).pipe(Effect.provide(silent)))

    it.effect("closes with the failure of the handler", () =>
      Effect.gen(function*() {
        const exits: Array<Exit.Exit<unknown, unknown>> = []
        yield* withFunction(
          Handler.raw(() =>
            Effect.addFinalizer((exit) => Effect.sync(() => void exits.push(exit))).pipe(
              Effect.andThen(Effect.fail(new OutOfStock({ message: "" })))
            )
          ),
          ({ invoke }) => Effect.andThen(Effect.exit(invoke(1)), Effect.exit(invoke(2)))
        )
        assert.isTrue(exits.length >= 1 && Exit.hasFails(exits[0]!))
      }))

    it.effect("survives a finalizer that dies", () =>
      withFunction(
        Handler.raw(() => Effect.as(Effect.addFinalizer(() => Effect.die("broken")), LambdaResponse.json(1))),
        Effect.fnUntraced(function*({ invoke }) {
          assert.strictEqual(yield* invoke(1), 1)
          assert.strictEqual(yield* invoke(2), 1)
        })
      ))
  })

  describe("background work", () => {
    it.effect("runs after the caller has its answer", () =>
      Effect.gen(function*() {
        const answered = yield* Deferred.make<void>()
        const done = yield* Deferred.make<void>()
        yield* withFunction(
          Handler.make({ event: Schema.Unknown, result: Schema.Int }, () =>
            Effect.as(
              Invocation.background(Effect.andThen(Deferred.await(answered), Deferred.succeed(done, undefined))),
              1
            )),
          Effect.fnUntraced(function*({ invoke }) {
            assert.strictEqual(yield* invoke(1), 1)
            yield* Deferred.succeed(answered, undefined)
            yield* Deferred.await(done)
          })
        )
      }))

    it.effect("runs also when the handler fails, and its failure touches nothing", () =>
      Effect.gen(function*() {
        const ran = yield* Deferred.make<void>()
        yield* withFunction(
          Handler.raw(() =>
            Invocation.background(Effect.andThen(Deferred.succeed(ran, undefined), Effect.die("lost"))).pipe(
              Effect.andThen(Effect.fail(new OutOfStock({ message: "" })))
            )
          ),
          Effect.fnUntraced(function*({ invoke }) {
            assert.strictEqual((yield* Effect.flip(invoke(1))).errorType, "OutOfStock")
            yield* Deferred.await(ran)
            assert.strictEqual((yield* Effect.flip(invoke(2))).errorType, "OutOfStock")
          })
        )
      }))
  })

  it.effect("gives a handler its invocation and the time that is left", () =>
    withFunction(
      Handler.raw(() =>
        Effect.map(
          Effect.all([Invocation.Invocation, Effect.andThen(Effect.sleep("2 seconds"), Invocation.remaining)]),
          ([{ requestId, tenantId, traceId }, remaining]) =>
            LambdaResponse.json([
              requestId,
              Option.getOrNull(traceId),
              Option.getOrNull(tenantId),
              Duration.toMillis(remaining)
            ])
        )
      ),
      Effect.fnUntraced(function*({ invoke }) {
        yield* TestClock.adjust("1 hour")
        const answer = yield* Effect.forkChild(
          invoke(1, { requestId: "r", traceId: "Root=1", tenantId: "t", timeout: "5 seconds" }),
          { startImmediately: true }
        )
        yield* TestClock.adjust("2 seconds")
        assert.deepStrictEqual(yield* Fiber.join(answer), ["r", "Root=1", "t", 3000])
      })
    ))

  describe("a streamed answer", () => {
    it.effect("arrives while it is made", () =>
      Effect.gen(function*() {
        const gate = yield* Deferred.make<void>()
        yield* withFunction(
          Handler.stream({ event: Schema.Unknown }, () =>
            Stream.concat(Stream.make("first"), Stream.fromEffect(Effect.as(Deferred.await(gate), "second")))),
          Effect.fnUntraced(function*({ invokeStream }) {
            const { body } = yield* invokeStream(1)
            const seen: Array<string> = []
            yield* Stream.runForEach(body, (chunk) =>
              Effect.suspend(() => {
                seen.push(new TextDecoder().decode(chunk))
                return seen.length === 1 ? Deferred.succeed(gate, undefined) : Effect.void
              }))
            assert.deepStrictEqual(seen, ["first", "second"])
          })
        )
      }))

    it.effect("that fails before its first element is an ordinary error", () =>
      withFunction(
        Handler.stream({ event: Schema.Unknown }, () => Stream.fail(new OutOfStock({ message: "none" }))),
        Effect.fnUntraced(function*({ invokeStream }) {
          assert.strictEqual((yield* Effect.flip(invokeStream(1))).errorType, "OutOfStock")
        })
      ))

    it.effect("that fails half-way fails its reader, and the next event is served", () =>
      withFunction(
        Handler.stream({ event: Schema.Unknown }, () =>
          Stream.concat(Stream.make("some"), Stream.fail(new OutOfStock({ message: "none" })))),
        Effect.fnUntraced(function*({ invokeStream }) {
          for (const _ of [1, 2]) {
            const { body } = yield* invokeStream(1)
            assert.strictEqual((yield* Effect.flip(Stream.runDrain(body))).errorType, "OutOfStock")
          }
        })
      ))

    it.effect("keeps the services and the scope of its handler while it is sent", () =>
      Effect.gen(function*() {
        const open = yield* Ref.make(true)
        yield* withFunction(
          Handler.raw(() =>
            Effect.as(
              Effect.addFinalizer(() => Ref.set(open, false)),
              LambdaResponse.stream(
                Stream.fromEffect(
                  Effect.map(
                    Effect.all([Ref.get(open), Invocation.Invocation]),
                    ([isOpen, { requestId }]) => `${isOpen} ${requestId}`
                  )
                ),
                { contentType: "text/plain" }
              )
            )
          ),
          Effect.fnUntraced(function*({ invoke }) {
            assert.strictEqual(yield* invoke(1, { requestId: "r-9" }), "true r-9")
          })
        )
      }))
  })

  describe("launch", () => {
    class Database extends Context.Service<Database, { readonly get: Effect.Effect<string> }>()("Database") {}
    const handler = Handler.make({ event: Schema.Unknown, result: Schema.String }, () => Database.use(({ get }) => get))

    it.effect("reports a layer that fails to build, once, and asks for no event", () =>
      Effect.gen(function*() {
        const { initErrors } = yield* LambdaTest.LambdaTest
        const exit = yield* Effect.exit(Lambda.launch(
          Lambda.serve(handler).pipe(
            Layer.provide(Layer.effect(Database, Effect.fail(new OutOfStock({ message: "no database" }))))
          )
        ))
        assert.deepStrictEqual(
          Exit.findErrorOption(exit).pipe(Option.map((error) => error._tag)),
          Option.some("OutOfStock")
        )
        const errors = yield* initErrors
        assert.deepStrictEqual(errors.map(({ errorMessage, errorType }) => [errorType, errorMessage]), [
          ["OutOfStock", "no database"]
        ])
      }).pipe(Effect.provide(Layer.mergeAll(LambdaTest.layerRuntimeApi, silent))))

    it.effect("reports a layer that dies", () =>
      Effect.gen(function*() {
        const { initErrors } = yield* LambdaTest.LambdaTest
        yield* Effect.exit(Lambda.launch(
          Lambda.serve(handler).pipe(
            Layer.provide(Layer.effect(Database, Effect.die(new TypeError("broken"))))
          )
        ))
        assert.strictEqual((yield* initErrors)[0]?.errorType, "TypeError")
      }).pipe(Effect.provide(Layer.mergeAll(LambdaTest.layerRuntimeApi, silent))))

    it.effect("refuses a program without a handler, and one with two", () =>
      Effect.gen(function*() {
        const none = yield* Effect.flip(Lambda.launch(Layer.empty))
        assert.include(none.message, "there is no handler")
        const two = yield* Effect.flip(Lambda.launch(Layer.mergeAll(Lambda.serve(echo), Lambda.serve(echo))))
        assert.include(two.message, "more than one handler")
      }).pipe(Effect.provide(Layer.mergeAll(LambdaTest.layerRuntimeApi, silent))))

    it.effect("refuses to run twice at the same time, and runs again afterwards", () =>
      Effect.gen(function*() {
        const { invoke } = yield* LambdaTest.LambdaTest
        const first = yield* Effect.forkChild(Lambda.launch(Lambda.serve(echo)), { startImmediately: true })
        const error = yield* Effect.flip(Lambda.launch(Lambda.serve(echo)))
        assert.isTrue(error instanceof Lambda.LaunchError && error.reason === "AlreadyRunning")
        assert.strictEqual(yield* invoke("still here"), "still here")
        yield* Fiber.interrupt(first)
        const second = yield* Effect.forkChild(Lambda.launch(Lambda.serve(echo)), { startImmediately: true })
        assert.strictEqual(yield* invoke("again"), "again")
        yield* Fiber.interrupt(second)
      }).pipe(Effect.provide(Layer.mergeAll(LambdaTest.layerRuntimeApi, silent))))
  })

  describe("when it is interrupted", () => {
    it.effect("lets the invocation end that is being served, then releases the layers", () =>
      Effect.gen(function*() {
        const { invoke } = yield* LambdaTest.LambdaTest
        const started = yield* Deferred.make<void>()
        const finish = yield* Deferred.make<void>()
        const steps: Array<string> = []
        const handler = Handler.make({ event: Schema.Unknown, result: Schema.String }, () =>
          Deferred.succeed(started, undefined).pipe(
            Effect.andThen(Deferred.await(finish)),
            Effect.andThen(Effect.sync(() =>
              steps.push("served")
            )),
            Effect.as("done")
          ))
        const layer = Lambda.serve(handler).pipe(
          Layer.provideMerge(
            Layer.effectDiscard(Effect.addFinalizer(() => Effect.sync(() => void steps.push("released"))))
          )
        )
        const running = yield* Effect.forkChild(Lambda.launch(layer), { startImmediately: true })
        const answer = yield* Effect.forkChild(invoke(1), { startImmediately: true })
        yield* Deferred.await(started)
        const interrupted = yield* Effect.forkChild(Fiber.interrupt(running), { startImmediately: true })
        yield* Deferred.succeed(finish, undefined)
        assert.strictEqual(yield* Fiber.join(answer), "done")
        yield* Fiber.join(interrupted)
        assert.deepStrictEqual(steps, ["served", "released"])
      }).pipe(Effect.provide(Layer.mergeAll(LambdaTest.layerRuntimeApi, silent))))

    it.effect("ends a stream that outlasts the grace period, and background work too", () =>
      Effect.gen(function*() {
        const { invokeStream } = yield* LambdaTest.LambdaTest
        const started = yield* Deferred.make<void>()
        const steps: Array<string> = []
        const handler = Handler.raw(() =>
          Effect.addFinalizer(() => Effect.sync(() => void steps.push("finalizer"))).pipe(
            Effect.andThen(Invocation.background(Effect.sync(() => void steps.push("background")))),
            Effect.as(LambdaResponse.stream(Stream.concat(
              Stream.make("first"),
              Stream.fromEffect(Effect.andThen(Deferred.succeed(started, undefined), Effect.never))
            )))
          )
        )
        const running = yield* Effect.forkChild(Lambda.launch(Lambda.serve(handler)), { startImmediately: true })
        const { body } = yield* invokeStream(1)
        const read = yield* Effect.forkChild(Effect.flip(Stream.runDrain(body)), { startImmediately: true })
        yield* Deferred.await(started)
        const interrupted = yield* Effect.forkChild(Fiber.interrupt(running), { startImmediately: true })
        yield* TestClock.adjust("500 millis")
        yield* Fiber.join(interrupted)
        assert.strictEqual((yield* Fiber.join(read)).errorType, "Runtime.Interrupted")
        assert.deepStrictEqual(steps, ["finalizer"])
      }).pipe(Effect.provide(Layer.mergeAll(LambdaTest.layerRuntimeApi, silent))))

    it.effect("interrupts and reports an invocation that outlasts the grace period", () =>
      Effect.gen(function*() {
        const { invoke } = yield* LambdaTest.LambdaTest
        const started = yield* Deferred.make<void>()
        const handler = Handler.raw(() => Effect.andThen(Deferred.succeed(started, undefined), Effect.never))
        const running = yield* Effect.forkChild(Lambda.launch(Lambda.serve(handler)), { startImmediately: true })
        const answer = yield* Effect.forkChild(Effect.flip(invoke(1)), { startImmediately: true })
        yield* Deferred.await(started)
        const interrupted = yield* Effect.forkChild(Fiber.interrupt(running), { startImmediately: true })
        yield* TestClock.adjust("299 millis")
        assert.isUndefined(interrupted.pollUnsafe())
        yield* TestClock.adjust("1 millis")
        yield* Fiber.join(interrupted)
        assert.strictEqual((yield* Fiber.join(answer)).errorType, "Runtime.Interrupted")
      }).pipe(Effect.provide(Layer.mergeAll(LambdaTest.layerRuntimeApi, silent))))
  })

  describe("trouble with the Runtime API", () => {
    const status = (code: number) =>
      new RuntimeApiError({ reason: new StatusError({ operation: "response", status: code, description: "" }) })

    it.effect.each([400, 403, 410, 413])(
      "goes on after an answer was refused with %d",
      (code) =>
        Effect.gen(function*() {
          const steps: Array<string> = []
          const step = (name: string) => Effect.sync(() => void steps.push(name))
          const api = recordingApi(2, step)
          yield* Effect.exit(
            Lambda.run(echo).pipe(Effect.provideService(RuntimeApi, {
              ...api,
              respond: () => Effect.andThen(step("refused"), Effect.fail(status(code)))
            }))
          )
          assert.deepStrictEqual(steps, ["next", "refused", "next", "refused", "next"])
        }).pipe(Effect.provide(silent))
    )

    it.effect("ends with the error after a 5xx, having closed the invocation", () =>
      Effect.gen(function*() {
        const steps: Array<string> = []
        const step = (name: string) => Effect.sync(() => void steps.push(name))
        const api = recordingApi(2, step)
        const handler = Handler.raw(() => Effect.as(Effect.addFinalizer(() => step("finalizer")), LambdaResponse.empty))
        const error = yield* Effect.flip(
          Lambda.run(handler).pipe(Effect.provideService(RuntimeApi, {
            ...api,
            respond: () => Effect.fail(status(500))
          }))
        )
        assert.include(error.message, "500")
        assert.deepStrictEqual(steps, ["next", "finalizer"])
      }).pipe(Effect.provide(silent)))
  })
})

/** A Runtime API with so many events, whose poll then waits for ever; the run ends with the last answer's poll. */
const recordingApi = (events: number, step: (name: string) => Effect.Effect<void>) => {
  let served = 0
  return RuntimeApi.of({
    pipelining: false,
    next: Effect.andThen(
      step("next"),
      Effect.suspend(() =>
        served++ < events
          ? Effect.succeed(Invocation.make({ requestId: `r-${served}`, payload: new TextEncoder().encode("{}") }))
          : Effect.failCause(Cause.die(new Error("no more events")))
      )
    ),
    respond: () => Effect.as(step("respond"), { _tag: "Accepted" as const }),
    fail: () => step("fail"),
    initError: () => step("initError"),
    restoreNext: step("restoreNext"),
    restoreError: () => step("restoreError")
  })
}
