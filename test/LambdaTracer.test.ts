import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as References from "effect/References"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import * as Tracer from "effect/Tracer"
import { vi } from "vitest"
import * as Concurrency from "../src/Concurrency.ts"
import * as Handler from "../src/Handler.ts"
import * as attributes from "../src/internal/tracer/attributes.ts"
import * as Invocation from "../src/Invocation.ts"
import * as Lambda from "../src/Lambda.ts"
import * as LambdaEnvironment from "../src/LambdaEnvironment.ts"
import * as LambdaResponse from "../src/LambdaResponse.ts"
import * as LambdaTest from "../src/LambdaTest.ts"
import * as LambdaTracer from "../src/LambdaTracer.ts"
import { MaxResponseSize } from "../src/RuntimeApi.ts"
import { environment } from "./support/lambdaMetrics.ts"
import * as Spans from "./support/spans.ts"

const variables = {
  AWS_LAMBDA_FUNCTION_NAME: "orders",
  AWS_LAMBDA_FUNCTION_VERSION: "7",
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "512",
  AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand"
}

interface Settings {
  readonly variables?: Readonly<Record<string, string>>
  readonly layer?: Layer.Layer<never, never, LambdaEnvironment.LambdaEnvironment>
  readonly concurrency?: number
  readonly deadlineMargin?: number
}

/** A function on Lambda, and its spans. */
const start = Effect.fnUntraced(function*<E>(
  handler: Handler.Handler<E, Invocation.Invocation | Scope.Scope>,
  settings: Settings = {}
) {
  const traced = yield* Spans.make
  const program = Lambda.serve(handler).pipe(
    Layer.provide([settings.layer ?? LambdaTracer.layer, traced.layer, Logger.layer([Logger.tracerLogger])]),
    Layer.provide(environment({ ...variables, ...settings.variables }))
  )
  const context = yield* Layer.build(
    LambdaTest.layer(program).pipe(
      Layer.provide(Layer.succeed(Concurrency.MaxConcurrency, settings.concurrency ?? 1)),
      Layer.provide(Layer.succeed(Lambda.DeadlineMargin, settings.deadlineMargin))
    )
  )
  const test = yield* Effect.provideContext(LambdaTest.LambdaTest, context)
  return { ...traced, ...test }
})

const number = { event: Schema.Int, result: Schema.Int }
const increment = Handler.make(number, (n) => Effect.succeed(n + 1).pipe(Effect.withSpan("increment")))
const empty = Handler.raw(() => Effect.succeed(LambdaResponse.empty))

const xRayTraceId = "5759e988bd862e3fe1be46a994272793"
const xRay = (sampled: string) => `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=${sampled}`
const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
const w3cTraceId = "0af7651916cd43dd8448eb211c80319c"

const messagesOf = ({ status }: Tracer.Span): ReadonlyArray<string> =>
  status._tag === "Ended" && status.exit._tag === "Failure"
    ? Cause.prettyErrors(status.exit.cause).map(({ message }) => message)
    : []

const isInterrupted = ({ status }: Tracer.Span): boolean =>
  status._tag === "Ended" && status.exit._tag === "Failure" && Cause.hasInterruptsOnly(status.exit.cause)

describe("the spans of an invocation", () => {
  it.effect("are those of its parts, and at a cold start of the start", () =>
    Effect.gen(function*() {
      const handler = Handler.make(number, (n) =>
        Invocation.background(Effect.void).pipe(
          Effect.as(n + 1),
          Effect.withSpan("increment")
        ))
      const { childrenOf, invocation, invoke, named, spans } = yield* start(handler)
      assert.strictEqual(yield* invoke(1), 2)
      const first = yield* invocation
      const parts = ["decode", "handler", "encode", "respond", "background"]
      assert.deepStrictEqual([first.name, first.kind, Spans.parentOf(first)], ["orders", "server", undefined])
      assert.deepStrictEqual(Spans.namesOf(childrenOf(first)), ["init", ...parts])
      assert.deepStrictEqual(Spans.namesOf(childrenOf(named("init")[0]!)), ["layer build"])
      assert.deepStrictEqual(Spans.namesOf(childrenOf(named("handler")[0]!)), ["increment"])
      assert.deepStrictEqual(new Set(spans.map(Spans.outcomeOf)), new Set(["Success"]))
      assert.lengthOf(spans, 9)
      assert.strictEqual(first.attributes.get("faas.coldstart"), true)

      yield* invoke(1)
      const second = yield* invocation
      assert.deepStrictEqual(Spans.namesOf(childrenOf(second)), parts)
      assert.strictEqual(second.attributes.get("faas.coldstart"), false)
      assert.notStrictEqual(second.traceId, first.traceId)
    }))

  it.live("begin, for the start of the process, before its layers are built", () =>
    Effect.gen(function*() {
      const { invocation, invoke, named } = yield* start(increment)
      yield* invoke(1)
      const { status: { startTime } } = yield* invocation
      const times = (name: string) => {
        const { status } = named(name)[0]!
        assert(status._tag === "Ended")
        return status
      }
      const [init, build] = [times("init"), times("layer build")]
      assert.isTrue(init.startTime > 0n && init.startTime < build.startTime)
      assert.isTrue(build.startTime < build.endTime)
      assert.isTrue(init.endTime === build.endTime && build.endTime <= startTime)
    }))

  it.effect.each(["provisioned-concurrency", "snap-start", "lambda-managed-instances"])(
    "know no cold start with %s",
    (initializationType) =>
      Effect.gen(function*() {
        const { invocation, invoke, named } = yield* start(increment, {
          variables: { AWS_LAMBDA_INITIALIZATION_TYPE: initializationType }
        })
        yield* invoke(1)
        assert.strictEqual((yield* invocation).attributes.get("faas.coldstart"), false)
        assert.isEmpty(named("init"))
      })
  )

  it.effect("are of a handler that is any Effect, too", () =>
    Effect.gen(function*() {
      const handler = Effect.succeed(LambdaResponse.empty).pipe(Effect.withSpan("own"))
      const { childrenOf, invocation, invoke } = yield* start(handler)
      yield* invoke(null)
      assert.deepStrictEqual(Spans.namesOf(childrenOf(yield* invocation)), ["init", "own", "respond"])
    }))

  it.effect("are in the spans of what stands around the handler", () =>
    Effect.gen(function*() {
      const { childrenOf, invocation, invoke, named } = yield* start(Effect.withSpan(increment, "around"))
      yield* invoke(1)
      assert.deepStrictEqual(Spans.namesOf(childrenOf(yield* invocation)), ["init", "around", "respond"])
      assert.deepStrictEqual(Spans.namesOf(childrenOf(named("around")[0]!)), ["decode", "handler", "encode"])
    }))

  it.effect("end after the finalizers", () =>
    Effect.gen(function*() {
      const finalizing = yield* Deferred.make<void>()
      const finalize = yield* Deferred.make<void>()
      const handler = Handler.raw(() =>
        Effect.as(
          Effect.addFinalizer(() =>
            Deferred.succeed(finalizing, undefined).pipe(
              Effect.andThen(Deferred.await(finalize)),
              Effect.withSpan("finalize")
            )
          ),
          LambdaResponse.empty
        )
      )
      const { childrenOf, invocation, invoke, named } = yield* start(handler)
      yield* invoke(null)
      yield* Deferred.await(finalizing)
      const outcome = Spans.outcomeOf(named("orders")[0]!)
      yield* Deferred.succeed(finalize, undefined)
      yield* invocation
      assert.strictEqual(outcome, "Started")
      const [finalizer] = childrenOf(named("handler")[0]!)
      assert.deepStrictEqual([finalizer?.name, finalizer && Spans.outcomeOf(finalizer)], ["finalize", "Success"])
    }))

  it.effect("carry the log", () =>
    Effect.gen(function*() {
      const { invocation, invoke, named } = yield* start(
        Handler.make({ event: Schema.Unknown }, () => Effect.log("hello"))
      )
      yield* invoke(null)
      yield* invocation
      const [event] = named("handler")[0]?.events ?? []
      assert.strictEqual(event?.[0], "hello")
    }))

  it.effect("are not mixed up where 64 invocations run at a time", () =>
    Effect.gen(function*() {
      const count = 64
      const all = yield* Deferred.make<void>()
      let arrived = 0
      const handler = Handler.make({ event: Schema.String, result: Schema.String }, (id) =>
        Effect.suspend(() =>
          ++arrived === count ? Deferred.succeed(all, undefined) : Deferred.await(all)
        ).pipe(
          Effect.withSpan(`wait ${id}`),
          Effect.andThen(Effect.withSpan(Effect.yieldNow, `again ${id}`)),
          Effect.tap(Invocation.background(Effect.withSpan(Effect.yieldNow, `background ${id}`))),
          Effect.as(id)
        ))
      const { childrenOf, invocation, invoke, spans } = yield* start(handler, { concurrency: count })
      const ids = Array.from({ length: count }, (_, index) => `id-${index}`)
      yield* Effect.forEach(ids, (id) => invoke(id, { requestId: id }), { concurrency: "unbounded" })
      const roots = yield* Effect.all(Array.from({ length: count }, () => invocation))
      assert.lengthOf(new Set(roots.map(({ traceId }) => traceId)), count)
      for (const root of roots) {
        const id = String(root.attributes.get("faas.invocation_id"))
        const parts = childrenOf(root).filter(({ name }) => name !== "init")
        assert.deepStrictEqual(Spans.namesOf(parts), ["decode", "handler", "encode", "respond", "background"])
        assert.deepStrictEqual(Spans.namesOf(childrenOf(parts[1]!)), [`wait ${id}`, `again ${id}`, `background ${id}`])
        assert.lengthOf(spans.filter(({ traceId }) => traceId === root.traceId), childrenOf(root).length === 6 ? 11 : 9)
      }
      assert.lengthOf(spans, count * 9 + 2)
    }))
})

describe("a failure", () => {
  const failures: ReadonlyArray<readonly [string, unknown, Handler.Handler<unknown, Invocation.Invocation>, string]> = [
    ["handler", 1, Handler.make(number, () => Effect.fail(new Error("no"))), "no"],
    ["handler", 1, Handler.make(number, () => Effect.die(new Error("defect"))), "defect"],
    [
      "handler",
      1,
      Handler.make(number, () => {
        throw new Error("thrown")
      }),
      "thrown"
    ],
    ["decode", "one", increment, "the event does not have the shape"],
    ["encode", 1, Handler.make(number, () => Effect.succeed(0.5)), "integer"]
  ]
  it.effect.each(failures)(
    "is the status of the invocation and of %s",
    ([part, event, handler, message]) =>
      Effect.gen(function*() {
        const { childrenOf, invocation, invoke, named } = yield* start(handler)
        yield* Effect.flip(invoke(event))
        const root = yield* invocation
        for (const span of [root, named(part)[0]!]) assert.include(messagesOf(span)[0], message)
        // Lambda was told.
        const { 0: respond, length } = childrenOf(root).filter(({ name }) => name === "respond")
        assert.deepStrictEqual([length, respond && Spans.outcomeOf(respond)], [1, "Success"])
        const others = childrenOf(root).filter(({ name }) => name !== part)
        assert.deepStrictEqual(new Set(others.map(Spans.outcomeOf)), new Set(["Success"]))
      })
  )

  it.effect("is an answer that is larger than Lambda takes", () =>
    Effect.gen(function*() {
      const large = LambdaResponse.bytes(new Uint8Array(MaxResponseSize + 1))
      const { invocation, invoke, named } = yield* start(Handler.raw(() => Effect.succeed(large)))
      yield* Effect.flip(invoke(null))
      assert.include(messagesOf(yield* invocation)[0], "exceeded maximum allowed payload size")
      assert.strictEqual(Spans.outcomeOf(named("handler")[0]!), "Success")
    }))

  it.effect("at the deadline interrupts the handler", () =>
    Effect.gen(function*() {
      const { invocation, invoke, named } = yield* start(Handler.raw(() => Effect.never), { deadlineMargin: 100 })
      const answer = yield* Effect.forkChild(Effect.flip(invoke(null)), { startImmediately: true })
      yield* TestClock.adjust("2900 millis")
      yield* Fiber.join(answer)
      const root = yield* invocation
      assert.deepStrictEqual(messagesOf(root), ["the invocation was interrupted 100 ms before its deadline"])
      assert.isTrue(isInterrupted(named("handler")[0]!))
      assert(root.status._tag === "Ended")
      assert.strictEqual(root.status.endTime - root.status.startTime, 2_900_000_000n)
    }))

  it.effect("of background work is none of the invocation", () =>
    Effect.gen(function*() {
      const handler = Handler.raw(() =>
        Effect.as(
          Invocation.background(Effect.withSpan(Effect.fail("no"), "audit")),
          LambdaResponse.empty
        )
      )
      const { invocation, invoke, named } = yield* start(handler)
      yield* invoke(null)
      assert.strictEqual(Spans.outcomeOf(yield* invocation), "Success")
      assert.strictEqual(Spans.outcomeOf(named("audit")[0]!), "Failure")
    }))
})

describe("a stream", () => {
  it.effect("is part of the answer until its end", () =>
    Effect.gen(function*() {
      const release = yield* Deferred.make<void>()
      const chunk = (text: string) => Effect.withSpan(Effect.succeed(text), text)
      const handler = Handler.stream({ event: Schema.Unknown }, () =>
        Stream.concat(
          Stream.fromEffect(chunk("first")),
          Stream.fromEffect(Effect.andThen(Deferred.await(release), chunk("last")))
        ))
      const { childrenOf, invocation, invokeStream, named } = yield* start(handler)
      const { body } = yield* invokeStream(null)
      const respond = named("respond")[0]!
      assert.strictEqual(Spans.outcomeOf(respond), "Started")
      yield* Deferred.succeed(release, undefined)
      yield* Stream.runDrain(body)
      const root = yield* invocation
      assert.strictEqual(Spans.outcomeOf(respond), "Success")
      assert.deepStrictEqual(Spans.namesOf(childrenOf(respond)), ["first", "last"])
      assert.deepStrictEqual(Spans.namesOf(childrenOf(root)), ["init", "decode", "respond"])
    }))

  it.effect.each([["before its first element", 0], ["half-way", 1]] as const)(
    "that fails %s is a failed answer",
    ([_, elements]) =>
      Effect.gen(function*() {
        const body = Stream.concat(Stream.fromIterable(["a"].slice(0, elements)), Stream.fail(new Error("cut")))
        const { invocation, invokeStream, named } = yield* start(Handler.stream({ event: Schema.Unknown }, () => body))
        yield* Effect.flip(Effect.flatMap(invokeStream(null), ({ body }) => Stream.runDrain(body)))
        assert.deepStrictEqual(messagesOf(yield* invocation), ["cut"])
        assert.deepStrictEqual(messagesOf(named("respond")[0]!), ["cut"])
        // The report is an answer of its own.
        assert.lengthOf(named("respond"), elements === 0 ? 2 : 1)
      })
  )
})

describe("the parent", () => {
  const plain = { body: "{}" }
  const request = { headers: { "content-type": "text/plain", traceparent } }
  const multiValue = { multiValueHeaders: { traceparent: [traceparent] } }
  const own = undefined
  const rules: ReadonlyArray<readonly [string, LambdaTest.InvokeOptions, unknown, string | undefined, boolean]> = [
    ["X-Ray's, where it is sampled", { traceId: xRay("1") }, plain, xRayTraceId, false],
    ["X-Ray's, with a link to W3C's", { traceId: xRay("1") }, request, xRayTraceId, true],
    ["nobody, where X-Ray is off", { traceId: xRay("0") }, plain, own, false],
    ["nobody, where X-Ray leaves it open", { traceId: xRay("?") }, plain, own, false],
    [
      "nobody, where the header has no parent",
      { traceId: "Root=1-5759e988-bd862e3fe1be46a994272793" },
      plain,
      own,
      false
    ],
    ["nobody, where the header is malformed", { traceId: "Root=1-x;Parent=y;Sampled=1" }, plain, own, false],
    ["nobody, where there is none", {}, plain, own, false],
    ["W3C's, where X-Ray is off", { traceId: xRay("0") }, request, w3cTraceId, false],
    ["W3C's, of a header in any case", {}, { headers: { TraceParent: traceparent } }, w3cTraceId, false],
    ["W3C's, of headers with several values", {}, multiValue, w3cTraceId, false],
    ["W3C's, of the client context", { clientContext: { custom: { traceparent } } }, plain, w3cTraceId, false],
    ["W3C's, of Lambda's part of it", { clientContext: { w3c: { traceparent } } }, plain, w3cTraceId, false],
    ["nobody, where W3C's is malformed", {}, { headers: { traceparent: "00-1-2-3" } }, own, false],
    ["nobody, where W3C's is no text", {}, { headers: { traceparent: 1 } }, own, false],
    ["nobody, where headers are none", {}, { headers: [traceparent], multiValueHeaders: null }, own, false]
  ]
  it.effect.each(rules)("is %s", ([_, options, event, traceId, isLinked]) =>
    Effect.gen(function*() {
      const { invocation, invoke, named } = yield* start(empty)
      yield* invoke(event, options)
      const root = yield* invocation
      assert.strictEqual(Spans.parentOf(root)?.traceId, traceId)
      assert.isTrue(root.sampled)
      assert.deepStrictEqual(root.links.map(({ span }) => span.traceId), isLinked ? [w3cTraceId] : [])
      assert.strictEqual(named("handler")[0]?.traceId, root.traceId)
    }))

  it.effect("takes its sampling along", () =>
    Effect.gen(function*() {
      const { invocation, invoke, spans } = yield* start(empty)
      yield* invoke({ headers: { traceparent: traceparent.replace(/1$/, "0") } })
      yield* invocation
      assert.deepStrictEqual(spans.map(({ sampled }) => sampled), [false, false, false])
    }))

  it.effect("is not what the program was started in", () =>
    Effect.gen(function*() {
      const outer = Tracer.externalSpan({ traceId: xRayTraceId, spanId: "53995c3f42cd8ad8" })
      const layer = Layer.merge(LambdaTracer.layer, Layer.succeed(Tracer.ParentSpan, outer))
      const { invocation, invoke } = yield* start(empty, { layer })
      yield* invoke(null)
      assert.strictEqual(Spans.parentOf(yield* invocation), undefined)
    }))

  it.effect("is nobody where the event is no JSON", () =>
    Effect.gen(function*() {
      const { invocation, invokePayload } = yield* start(empty)
      yield* invokePayload("{")
      assert.strictEqual(Spans.parentOf(yield* invocation), undefined)
    }))

  it.effect("is who the program says", () =>
    Effect.gen(function*() {
      const seen: Array<LambdaTracer.Incoming> = []
      const layer = LambdaTracer.layerOptions({
        originOf: (incoming) => {
          seen.push(incoming)
          return { parent: incoming.w3c, links: [] }
        }
      })
      const { invocation, invoke } = yield* start(empty, { layer })
      yield* invoke(request, { traceId: xRay("1"), requestId: "r" })
      assert.strictEqual(Spans.parentOf(yield* invocation)?.traceId, w3cTraceId)
      assert.strictEqual(seen[0]?.invocation.requestId, "r")
      assert.strictEqual(Option.getOrUndefined(seen[0]!.xRay)?.traceId, xRayTraceId)
    }))
})

describe("fromXRayHeader", () => {
  const hex = (digits: number) => Schema.String.check(Schema.isPattern(new RegExp(`^[0-9a-f]{${digits}}$`)))

  it.prop(
    "finds the ids whatever else the header holds",
    [hex(8), hex(24), hex(16), Schema.Boolean, Schema.Literals(["", ";", ";Lineage=a87bd80c:1|68fd508a:5|c512fbe3:2"])],
    ([time, random, parent, sampled, rest]) => {
      const fields = [`Sampled=${sampled ? 1 : 0}`, `Root=1-${time}-${random}`, `Parent=${parent}`, `Self=1-${random}`]
      for (const order of [fields, fields.toReversed()]) {
        const span = LambdaTracer.fromXRayHeader(`${order.join(";")}${rest}`)
        const isZero = /^0+$/.test(parent) || /^0+$/.test(time + random)
        const found = Option.map(span, ({ sampled, spanId, traceId }) => [traceId, spanId, sampled])
        assert.deepStrictEqual(found, isZero ? Option.none() : Option.some([time + random, parent, sampled]))
      }
    }
  )

  it.prop("finds nothing but ids in anything else", [Schema.String, Schema.String], ([a, b]) => {
    for (const header of [a, `Root=${a};Parent=${b};Sampled=1`, `Root=1-${a}-${b}`]) {
      const span = LambdaTracer.fromXRayHeader(header)
      if (Option.isSome(span)) assert.match(`${span.value.traceId} ${span.value.spanId}`, /^[\da-f]{32} [\da-f]{16}$/)
    }
  })

  it("takes spaces and capitals", () => {
    const header = "root = 1-5759E988-BD862E3FE1BE46A994272793 ; parent = 53995C3F42CD8AD8 ; sampled = 1"
    const span = Option.getOrThrow(LambdaTracer.fromXRayHeader(header))
    assert.deepStrictEqual([span.traceId, span.spanId, span.sampled], [xRayTraceId, "53995c3f42cd8ad8", true])
  })
})

describe("the attributes", () => {
  const arn = "arn:aws:lambda:eu-central-1:123456789012:function:orders"

  it.effect("are those of OpenTelemetry", () =>
    Effect.gen(function*() {
      const { invocation, invoke } = yield* start(empty)
      yield* invoke({}, { requestId: "r", functionArn: arn, traceId: xRay("0") })
      assert.deepStrictEqual(Object.fromEntries((yield* invocation).attributes), {
        "faas.invocation_id": "r",
        "faas.coldstart": true,
        "faas.trigger": "other",
        "faas.max_memory": 512 * 1024 * 1024,
        "aws.lambda.invoked_arn": arn,
        "aws.xray.trace_id": "1-5759e988-bd862e3fe1be46a994272793",
        "cloud.resource_id": arn,
        "cloud.account.id": "123456789012"
      })
      yield* invoke({}, { functionArn: `${arn}:live` })
      const { attributes } = yield* invocation
      assert.strictEqual(attributes.get("aws.lambda.invoked_arn"), `${arn}:live`)
      assert.strictEqual(attributes.get("cloud.resource_id"), `${arn}:7`)
      assert.isFalse(attributes.has("aws.xray.trace_id"))
    }))

  const triggers: ReadonlyArray<readonly [attributes.Trigger, unknown]> = [
    ["http", { requestContext: { http: {} } }],
    ["http", { requestContext: { elb: {} } }],
    ["http", { requestContext: { domainName: "x.lambda-url.eu-central-1.on.aws" } }],
    ["http", { requestContext: { resourcePath: "/" } }],
    ["pubsub", { Records: [{ eventSource: "aws:sqs" }] }],
    ["pubsub", { Records: [{ EventSource: "aws:sns" }] }],
    ["pubsub", { "detail-type": "Order placed" }],
    ["timer", { "detail-type": "Scheduled Event" }],
    ["datasource", { Records: [{ eventSource: "aws:s3" }] }],
    ["datasource", { Records: [{ eventSource: "aws:dynamodb" }] }],
    ["other", { awslogs: {} }],
    ["other", { name: "World" }],
    ["other", null]
  ]
  it.each(triggers)("tell %s by %j", (trigger, event) => assert.strictEqual(attributes.trigger(event), trigger))

  it.effect("of the resource are those of the function", () =>
    Effect.gen(function*() {
      const provided = (more: Record<string, string>) => {
        const all = { ...variables, AWS_REGION: "eu-central-1", AWS_LAMBDA_LOG_STREAM_NAME: "s", ...more }
        return Effect.provide(
          LambdaTracer.resource,
          Layer.provideMerge(LambdaEnvironment.layer, ConfigProvider.layer(ConfigProvider.fromEnvRecord(all)))
        )
      }
      const ofFunction = {
        "cloud.provider": "aws",
        "cloud.platform": "aws_lambda",
        "cloud.region": "eu-central-1",
        "faas.name": "orders",
        "faas.version": "7",
        "faas.max_memory": 536870912,
        "faas.instance": "s",
        "aws.log.stream.names": ["s"]
      }
      assert.deepStrictEqual(yield* provided({}), { serviceName: "orders", attributes: ofFunction })
      const configured = { OTEL_RESOURCE_ATTRIBUTES: "service.name=shop,team=a%20b,faas.version=8" }
      assert.deepStrictEqual(yield* provided(configured), {
        serviceName: "shop",
        attributes: { ...ofFunction, "service.name": "shop", team: "a b", "faas.version": "8" }
      })
      assert.strictEqual((yield* provided({ ...configured, OTEL_SERVICE_NAME: "checkout" })).serviceName, "checkout")
    }))
})

it.effect("an event is parsed once, for its parent and for the handler", () =>
  Effect.gen(function*() {
    const parse = vi.spyOn(JSON, "parse")
    yield* Effect.addFinalizer(() => Effect.sync(() => parse.mockRestore()))
    const { invocation, invoke } = yield* start(Handler.make({ event: Schema.Unknown }, () => Effect.void))
    const event = { headers: { traceparent } }
    yield* invoke(event)
    assert.strictEqual(Spans.parentOf(yield* invocation)?.traceId, w3cTraceId)
    assert.lengthOf(parse.mock.calls.filter(([text]) => text === JSON.stringify(event)), 1)
  }))

describe("an invocation is served", () => {
  const broken = (): never => {
    throw new Error("broken")
  }
  const throwing = (which: "span" | "end") =>
    Tracer.make({
      span: (options) => which === "span" ? broken() : Object.assign(new Tracer.NativeSpan(options), { end: broken })
    })
  const plain = Handler.make(number, (n) => n < 0 ? Effect.fail("negative") : Effect.succeed(n + 1))

  it.effect.each<readonly [string, Layer.Layer<never, never, LambdaEnvironment.LambdaEnvironment>]>([
    ["a span cannot be made", Layer.merge(LambdaTracer.layer, Layer.succeed(Tracer.Tracer, throwing("span")))],
    ["a span cannot be ended", Layer.merge(LambdaTracer.layer, Layer.succeed(Tracer.Tracer, throwing("end")))],
    ["the program does not know the parent", LambdaTracer.layerOptions({ originOf: broken })]
  ])("where %s", ([_, layer]) =>
    Effect.gen(function*() {
      const { invoke } = yield* start(plain, { layer })
      for (const n of [1, 2]) assert.strictEqual(yield* invoke(n), n + 1)
      assert.strictEqual((yield* Effect.flip(invoke(-1))).errorMessage, "negative")
      assert.strictEqual(yield* invoke(3), 4)
    }))

  it.effect.each([
    { requestContext: { domainName: { toString: 1, valueOf: 1 } } },
    { headers: { traceparent: { toString: 1 } }, requestContext: [], Records: [null], eventSource: { toString: 1 } }
  ])("where the event is made to be trouble: %j", (event) =>
    Effect.gen(function*() {
      const { invoke, named } = yield* start(plain)
      assert.strictEqual((yield* Effect.flip(invoke(event))).errorType, "EventError")
      assert.strictEqual(yield* invoke(1), 2)
      assert.lengthOf(named("orders"), 2)
    }))
})

describe("without", () => {
  it.effect("LambdaTracer there are only the spans of the program", () =>
    Effect.gen(function*() {
      const { invoke, spans } = yield* start(increment, { layer: Layer.empty })
      yield* invoke(1, { traceId: xRay("1") })
      assert.deepStrictEqual(Spans.namesOf(spans), ["increment"])
      assert.strictEqual(Spans.parentOf(spans[0]!), undefined)
    }))

  it.effect("a tracer nothing is made", () =>
    Effect.gen(function*() {
      const seen: Array<unknown> = []
      const layer = LambdaTracer.layerOptions({
        originOf: (incoming) => {
          seen.push(incoming)
          return LambdaTracer.originOf(incoming)
        }
      })
      const handler = Handler.make({ event: Schema.Unknown }, () =>
        Effect.map(Effect.option(Effect.currentParentSpan), (span) => void seen.push(span)))
      const program = Layer.provide(Lambda.serve(handler), Layer.provide(layer, Layer.orDie(environment(variables))))
      yield* Effect.provide(
        LambdaTest.LambdaTest.use(({ invoke }) =>
          invoke(null, { traceId: xRay("1") })
        ),
        LambdaTest.layer(program)
      )
      assert.deepStrictEqual(seen, [Option.none()])
    }))

  it.effect("tracing enabled nothing is made", () =>
    Effect.gen(function*() {
      const layer = Layer.merge(LambdaTracer.layer, Layer.succeed(References.TracerEnabled, false))
      const { invoke, spans } = yield* start(increment, { layer })
      yield* invoke(1)
      yield* invoke(1)
      assert.isEmpty(spans)
    }))
})
