import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { TestClock } from "effect/testing"
import * as Tracer from "effect/Tracer"
import { Buffer } from "node:buffer"
import { connect, exchange, failure, headersOf, runtimeApiLayers } from "./support/runtimeApiLayers.ts"
import * as ScriptedPeer from "./support/scriptedPeer.ts"

const arn = "arn:aws:lambda:eu-central-1:123456789012:function:teapot"

describe.each(runtimeApiLayers)("RuntimeApi.$name, next", (runtimeApiLayer) => {
  it.effect("is a GET without a body and without headers of its own", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const { body, request } = yield* exchange(peer, api.next, ScriptedPeer.event("id-1"))
      assert.strictEqual(request.method, "GET")
      assert.strictEqual(request.target, "/2018-06-01/runtime/invocation/next")
      assert.deepStrictEqual(headersOf(request), {
        host: peer.address,
        "user-agent": "effect-lambda-runtime/0.1"
      })
      assert.strictEqual(body.text, "")
    }))

  it.effect.each([200, 202])("takes the event of a %d", (status) =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const { result } = yield* exchange(peer, api.next, { ...ScriptedPeer.event("id-1", "\"tea\""), status })
      assert.strictEqual(result.requestId, "id-1")
      assert.strictEqual(Buffer.from(result.payload).toString(), "\"tea\"")
    }))

  it.effect("asks again after a pause when there is no event", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const next = yield* Effect.forkChild(api.next)
      const first = yield* peer.request
      yield* first.respond({ status: 204 })
      yield* ScriptedPeer.settle
      assert.strictEqual(peer.requestCount(), 1)
      while (peer.requestCount() === 1) {
        yield* TestClock.adjust("10 millis")
        yield* ScriptedPeer.settle
      }
      const second = yield* peer.request
      assert.strictEqual(second.target, "/2018-06-01/runtime/invocation/next")
      yield* second.respond(ScriptedPeer.event("id-1"))
      assert.strictEqual((yield* Fiber.join(next)).requestId, "id-1")
    }))

  it.effect("waits for days", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const next = yield* Effect.forkChild(api.next)
      const request = yield* peer.request
      yield* TestClock.adjust("14 days")
      yield* request.respond(ScriptedPeer.event("id-1"))
      assert.strictEqual((yield* Fiber.join(next)).requestId, "id-1")
    }))

  it.effect("opens no span, which would last as long as the wait", () =>
    Effect.gen(function*() {
      const names: Array<string> = []
      const tracer = Tracer.make({
        span: (options) => {
          names.push(options.name)
          return new Tracer.NativeSpan(options)
        }
      })
      const { api, peer } = yield* connect(runtimeApiLayer)
      yield* exchange(
        peer,
        api.next.pipe(Effect.withSpan("handler"), Effect.withTracer(tracer)),
        ScriptedPeer.event("id-1")
      )
      assert.deepStrictEqual(names, ["handler"])
    }))

  it.effect.each(
    [
      [300, "", ""],
      [307, "", ""],
      [400, "{\"errorMessage\":\"no\",\"errorType\":\"InvalidRequestID\"}", "InvalidRequestID: no"],
      [403, "{\"errorType\":\"InvalidStateTransition\"}", "InvalidStateTransition"],
      [404, "<html>\n<body>", "<html>"],
      [410, "{\"errorMessage\":\"Invoke timeout\"}", "Invoke timeout"],
      [500, "{\"errorMessage\":7}", ""],
      [503, "busy", "busy"]
    ] as const
  )("fails on a %d", ([status, body, description]) =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const { result } = yield* exchange(peer, failure(api.next), {
        status,
        headers: { Location: "/2018-06-01/elsewhere" },
        body
      })
      assert.strictEqual(result._tag, "StatusError")
      assert.deepInclude(result, { operation: "next", status, description })
      assert.strictEqual(peer.requestCount(), 1)
    }))

  it.effect("fills every field of the invocation", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const clientContext = {
        client: { installation_id: "i-1", app_title: "Teapot", app_version_name: "1.2" },
        custom: { cups: 3, milk: null },
        env: { locale: "en_GB" },
        w3c: { baggage: "a=b" },
        anything: [1]
      }
      const identity = { cognitoIdentityId: "eu-1:7", cognitoIdentityPoolId: "eu-1:8" }
      const { result } = yield* exchange(peer, api.next, {
        headers: {
          "Lambda-Runtime-Aws-Request-Id": "id-1",
          "Lambda-Runtime-Invocation-Id": "attempt-2",
          "Lambda-Runtime-Deadline-Ms": "1764000000123",
          "Lambda-Runtime-Invoked-Function-Arn": `${arn}:live`,
          "Lambda-Runtime-Trace-Id": "Root=1-5e1b4151-43a0913a12345678901234567;Parent=53995c3f42cd8ad8;Sampled=1",
          "Lambda-Runtime-Aws-Tenant-Id": "tenant/7",
          "Lambda-Runtime-Client-Context": JSON.stringify(clientContext),
          "Lambda-Runtime-Cognito-Identity": JSON.stringify(identity),
          "Content-Type": "text/plain"
        },
        body: "a cup"
      })
      const { payload, ...fields } = result
      assert.strictEqual(Buffer.from(payload).toString(), "a cup")
      assert.deepStrictEqual(fields, {
        requestId: "id-1",
        invocationId: Option.some("attempt-2"),
        deadline: 1764000000123,
        functionArn: `${arn}:live`,
        traceId: Option.some("Root=1-5e1b4151-43a0913a12345678901234567;Parent=53995c3f42cd8ad8;Sampled=1"),
        tenantId: Option.some("tenant/7"),
        clientContext: Option.some(clientContext),
        identity: Option.some(identity),
        contentType: "text/plain",
        backgroundTasks: []
      })
    }))

  it.effect.each(
    [
      ["bytes of UTF-8", "{\"custom\":{\"grüße\":\"日本 🫖\"}}"],
      ["escapes", "{\"custom\":{\"gr\\u00fc\\u00dfe\":\"\\u65e5\\u672c \\ud83e\\uded6\"}}"]
    ] as const
  )("reads a client context beyond ASCII from %s", ([, json]) =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const { result } = yield* exchange(peer, api.next, {
        headers: ScriptedPeer.eventHeaders("id-1", { "Lambda-Runtime-Client-Context": json })
      })
      assert.deepStrictEqual(result.clientContext, Option.some({ custom: { grüße: "日本 🫖" } }))
    }))

  it.effect("has JSON where no content type is given, and nothing where nothing is", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const { result } = yield* exchange(peer, api.next, {
        headers: ScriptedPeer.eventHeaders("id-1", { "Content-Type": undefined })
      })
      assert.strictEqual(result.contentType, "application/json")
      for (
        const field of ["invocationId", "traceId", "tenantId", "clientContext", "identity"] as const
      ) assert.deepStrictEqual<Option.Option<unknown>>(result[field], Option.none(), field)
    }))

  it.effect("takes an empty header for an absent one", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const { result } = yield* exchange(peer, api.next, {
        headers: ScriptedPeer.eventHeaders("id-1", {
          "Lambda-Runtime-Invocation-Id": "",
          "Lambda-Runtime-Trace-Id": "",
          "Lambda-Runtime-Aws-Tenant-Id": "",
          "Lambda-Runtime-Client-Context": "",
          "Lambda-Runtime-Cognito-Identity": "",
          "Content-Type": ""
        })
      })
      assert.strictEqual(result.contentType, "application/json")
      for (
        const field of ["invocationId", "traceId", "tenantId", "clientContext", "identity"] as const
      ) assert.deepStrictEqual<Option.Option<unknown>>(result[field], Option.none(), field)
    }))

  it.effect.each(["600000", "0", "-1", "9007199254740991"])(
    "takes %s for a deadline",
    (deadline) =>
      Effect.gen(function*() {
        const { api, peer } = yield* connect(runtimeApiLayer)
        const { result } = yield* exchange(peer, api.next, {
          headers: ScriptedPeer.eventHeaders("id-1", { "Lambda-Runtime-Deadline-Ms": deadline })
        })
        assert.strictEqual(result.deadline, Number(deadline))
      })
  )

  it.effect.each(
    [
      ["Lambda-Runtime-Invoked-Function-Arn", undefined, "is missing"],
      ["Lambda-Runtime-Invoked-Function-Arn", "", "is missing"],
      ["Lambda-Runtime-Deadline-Ms", undefined, "is missing"],
      ["Lambda-Runtime-Deadline-Ms", "", "is missing"],
      ["Lambda-Runtime-Deadline-Ms", "soon", "is \"soon\", not a time in milliseconds"],
      ["Lambda-Runtime-Deadline-Ms", "1e3", "is \"1e3\", not a time in milliseconds"],
      ["Lambda-Runtime-Deadline-Ms", "12.5", "is \"12.5\", not a time in milliseconds"],
      ["Lambda-Runtime-Client-Context", "{", "is not the JSON of a client context"],
      ["Lambda-Runtime-Client-Context", "[]", "is not the JSON of a client context"],
      ["Lambda-Runtime-Client-Context", "{\"client\":7}", "is not the JSON of a client context"],
      ["Lambda-Runtime-Cognito-Identity", "teapot", "is not the JSON of a Cognito identity"],
      ["Lambda-Runtime-Cognito-Identity", "{\"cognitoIdentityId\":7}", "is not the JSON of a Cognito identity"]
    ] as const
  )(
    "refuses an event whose %s is %j, and says which event it was",
    ([header, value, description]) =>
      Effect.gen(function*() {
        const { api, peer } = yield* connect(runtimeApiLayer)
        const { result } = yield* exchange(peer, failure(api.next), {
          headers: ScriptedPeer.eventHeaders("id-1", { "Lambda-Runtime-Invocation-Id": "attempt-1", [header]: value }),
          body: "{}"
        })
        assert.strictEqual(result._tag, "InvalidInvocation")
        assert.deepInclude(result, {
          header,
          description,
          requestId: Option.some("id-1"),
          invocationId: Option.some("attempt-1")
        })
      })
  )

  it.effect.each([undefined, ""])("refuses an event whose request id is %j", (value) =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const { result } = yield* exchange(peer, failure(api.next), {
        headers: ScriptedPeer.eventHeaders("", { "Lambda-Runtime-Aws-Request-Id": value })
      })
      assert.strictEqual(result._tag, "InvalidInvocation")
      assert.deepInclude(result, { header: "Lambda-Runtime-Aws-Request-Id", requestId: Option.none() })
    }))

  it.effect("goes on after an event that it has refused", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      yield* exchange(peer, failure(api.next), { body: "{}" })
      const { result } = yield* exchange(peer, api.next, ScriptedPeer.event("id-2"))
      assert.strictEqual(result.requestId, "id-2")
    }))

  it.effect("hands over the payload byte for byte", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const every = Uint8Array.from({ length: 512 }, (_, index) => index % 256)
      const large = new Uint8Array(6 * 1024 * 1024).map((_, index) => index % 251)
      for (const payload of [every, new Uint8Array(), large, every]) {
        const { result } = yield* exchange(peer, api.next, ScriptedPeer.event("id-1", payload))
        assert.isTrue(Buffer.from(payload).equals(result.payload), `${payload.length} bytes`)
      }
    }))

  it.effect("takes an event in chunks, with extensions and trailers", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const next = yield* Effect.forkChild(api.next)
      const request = yield* peer.request
      const head = Object.entries(ScriptedPeer.eventHeaders("id-1")).map(([name, value]) => `${name}: ${value}\r\n`)
      yield* request.connection.write(
        `HTTP/1.1 200 OK\r\n${head.join("")}Transfer-Encoding: chunked\r\n\r\n` +
          "2\r\n{\"\r\n4;name=value\r\ntea\"\r\n00C\r\n: \"Assam\" }\n\r\n0\r\nX-Trailer: 1\r\n\r\n"
      )
      assert.strictEqual(Buffer.from((yield* Fiber.join(next)).payload).toString(), "{\"tea\": \"Assam\" }\n")
      const { request: second } = yield* exchange(peer, api.next, ScriptedPeer.event("id-2"))
      assert.strictEqual(second.connection.number, 1)
    }))

  it.effect("takes an event that ends with the connection", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const next = yield* Effect.forkChild(api.next)
      const { connection } = yield* peer.request
      const head = Object.entries(ScriptedPeer.eventHeaders("id-1")).map(([name, value]) => `${name}: ${value}\r\n`)
      yield* connection.write(`HTTP/1.1 200 OK\r\n${head.join("")}\r\n{"tea":`)
      yield* ScriptedPeer.settle
      yield* connection.write("true}")
      yield* connection.end
      assert.strictEqual(Buffer.from((yield* Fiber.join(next)).payload).toString(), "{\"tea\":true}")
      const { request } = yield* exchange(peer, api.next, ScriptedPeer.event("id-2"))
      assert.strictEqual(request.connection.number, 2)
    }))
})
