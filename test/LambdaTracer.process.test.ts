import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { onLambda } from "./support/lambdaProcess.ts"
import * as ScriptedPeer from "./support/scriptedPeer.ts"

const Attributes = Schema.Array(Schema.Struct({ key: Schema.String, value: Schema.Unknown }))

/** What a collector reads of OTLP in JSON. */
const TraceData = Schema.Struct({
  resourceSpans: Schema.Array(Schema.Struct({
    resource: Schema.Struct({ attributes: Attributes }),
    scopeSpans: Schema.Array(Schema.Struct({
      spans: Schema.Array(Schema.Struct({
        name: Schema.String,
        kind: Schema.Int,
        traceId: Schema.String,
        spanId: Schema.String,
        parentSpanId: Schema.optionalKey(Schema.String),
        startTimeUnixNano: Schema.String,
        endTimeUnixNano: Schema.String,
        attributes: Attributes,
        events: Schema.Array(Schema.Struct({ name: Schema.String })),
        status: Schema.Struct({ code: Schema.Int, message: Schema.optionalKey(Schema.String) })
      }))
    }))
  }))
})

type Span = typeof TraceData.Type["resourceSpans"][number]["scopeSpans"][number]["spans"][number]

const attributesOf = (from: { readonly attributes: typeof Attributes.Type } | undefined) =>
  Object.fromEntries(from?.attributes.map(({ key, value }) => [key, value]) ?? [])

const text = (stringValue: string) => ({ stringValue })

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(TraceData))

const traceId = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"

/** The example on Lambda, with a collector that answers when it is told to. */
const start = Effect.gen(function*() {
  const collector = yield* ScriptedPeer.make
  const { peer, program } = yield* onLambda("examples/tracing/main.ts", {
    AWS_LAMBDA_FUNCTION_NAME: "checkout",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    OTEL_TRACES_EXPORTER: "otlp",
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://${collector.address}`
  })

  /** Has an event served, as far as the answer. */
  const serve = Effect.fnUntraced(function*(requestId: string, body: string) {
    const headers = ScriptedPeer.eventHeaders(requestId, { "Lambda-Runtime-Trace-Id": traceId })
    const poll = yield* peer.request
    assert.include(poll.target, "/next")
    yield* poll.respond({ headers, body })
    const answer = yield* peer.request
    assert.include(answer.target, `/${requestId}/`)
    yield* answer.whole
    yield* answer.respond(ScriptedPeer.accepted)
  })

  /** What the collector is sent, while nobody asks for the next event. */
  const exported = Effect.gen(function*() {
    const before = peer.requestCount()
    const request = yield* collector.request
    assert.strictEqual(request.target, "/v1/traces")
    const { resourceSpans: [of] } = yield* decode((yield* request.whole).text)
    yield* ScriptedPeer.settle
    assert.strictEqual(peer.requestCount(), before)
    yield* request.respond({ body: "{}", headers: { "Content-Type": "application/json" } })
    const spans = of?.scopeSpans.flatMap(({ spans }) => spans) ?? []
    /** The path of each span from the one that Lambda names. */
    const pathOf = (span: Span): string => {
      const parent = spans.find(({ spanId }) => spanId === span.parentSpanId)
      return `${parent === undefined ? span.parentSpanId : pathOf(parent)}/${span.name}`
    }
    return { resource: of?.resource, spans, paths: spans.map(pathOf).toSorted() }
  })
  return { peer, program, serve, exported }
})

const root = "53995c3f42cd8ad8/checkout"
const parts = [
  root,
  `${root}/background`,
  `${root}/decode`,
  `${root}/encode`,
  `${root}/handler`,
  `${root}/handler/audit`,
  `${root}/handler/charge`,
  `${root}/handler/reserve`
]

describe("a process with LambdaTracer and an exporter of Effect", () => {
  it.live("has sent the spans of an invocation when it asks for the next event", () =>
    Effect.gen(function*() {
      const { exported, peer, program, serve } = yield* start
      yield* serve("first", `{"id":"o-1","quantity":3}`)
      const first = yield* exported
      assert.deepStrictEqual(first.paths, [...parts, `${root}/init`, `${root}/init/layer build`, `${root}/respond`])
      assert.deepStrictEqual(
        new Set(first.spans.map((span) => span.traceId)),
        new Set(["5759e988bd862e3fe1be46a994272793"])
      )
      assert.deepStrictEqual(new Set(first.spans.map(({ status }) => status.code)), new Set([1]))
      const invocation = first.spans.find(({ name }) => name === "checkout")
      assert.strictEqual(invocation?.kind, 2)
      const told = attributesOf(invocation)
      assert.deepStrictEqual([told["faas.coldstart"], told["faas.invocation_id"]], [{ boolValue: true }, text("first")])
      const resource = attributesOf(first.resource)
      assert.deepStrictEqual([resource["service.name"], resource["faas.name"]], [text("checkout"), text("checkout")])
      assert.deepStrictEqual(
        first.spans.find(({ name }) => name === "charge")?.events.map(({ name }) => name),
        ["charging 13.5"]
      )
      const init = first.spans.find(({ name }) => name === "init")
      const build = first.spans.find(({ name }) => name === "layer build")
      assert.isTrue(BigInt(init?.startTimeUnixNano ?? 0) < BigInt(build?.startTimeUnixNano ?? 0))

      yield* serve("second", `{"id":"o-2","quantity":101}`)
      const second = yield* exported
      const failed = new Map(second.spans.map(({ name, status }) => [name, status.code]))
      assert.deepStrictEqual(
        failed,
        new Map([["decode", 1], ["reserve", 2], ["handler", 2], ["respond", 1], ["checkout", 2]])
      )

      yield* peer.request
      yield* program.kill("SIGTERM")
      const { code, signal, stderr } = yield* program.exit
      assert.deepStrictEqual([code, signal, stderr], [0, null, ""])
    }))

  it.live("goes on when there is no collector", () =>
    Effect.gen(function*() {
      const { peer, program } = yield* onLambda("examples/tracing/main.ts", {
        OTEL_TRACES_EXPORTER: "otlp",
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://${ScriptedPeer.deadAddress}`
      })
      yield* (yield* peer.request).respond(ScriptedPeer.event("first", `{"id":"o-1","quantity":3}`))
      const answer = yield* peer.request
      assert.include(answer.target, "/first/response")
      yield* answer.whole
      yield* answer.respond(ScriptedPeer.accepted)
      assert.include((yield* peer.request).target, "/next")
      yield* program.kill("SIGTERM")
      assert.strictEqual((yield* program.exit).code, 0)
    }))
})
