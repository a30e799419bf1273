import { assert, describe, it } from "@effect/vitest"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { Buffer } from "node:buffer"
import * as ErrorReport from "../src/ErrorReport.ts"
import * as LambdaResponse from "../src/LambdaResponse.ts"
import { build, connect, exchange, failure, headersOf, runtimeApiLayers } from "./support/runtimeApiLayers.ts"
import * as ScriptedPeer from "./support/scriptedPeer.ts"

const invocation = { requestId: "id-1", invocationId: Option.none<string>() }

const report: ErrorReport.ErrorReport = {
  errorType: "OutOfTea",
  errorMessage: "no \"Assam\" left\n茶 🫖",
  stackTrace: ["at brew (/var/task/tea.ts:7:11)"]
}

describe.each(runtimeApiLayers)("RuntimeApi.$name, respond", (runtimeApiLayer) => {
  it.effect("posts text as UTF-8 under the id of the request", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const { body, request, result } = yield* exchange(
        peer,
        api.respond(invocation, LambdaResponse.json({ drink: "grüner Tee 🍵" })),
        ScriptedPeer.accepted
      )
      assert.strictEqual(request.method, "POST")
      assert.strictEqual(request.target, "/2018-06-01/runtime/invocation/id-1/response")
      assert.deepStrictEqual(headersOf(request), {
        host: peer.address,
        "user-agent": "effect-lambda-runtime/0.1",
        "content-type": "application/json",
        "content-length": "28"
      })
      assert.strictEqual(body.text, "{\"drink\":\"grüner Tee 🍵\"}")
      assert.deepStrictEqual(result, { _tag: "Accepted" })
    }))

  it.effect("posts bytes as they are", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const image = Uint8Array.from({ length: 512 }, (_, index) => index % 256)
      const { body, request } = yield* exchange(
        peer,
        api.respond(invocation, LambdaResponse.bytes(image, "image/png")),
        ScriptedPeer.accepted
      )
      assert.deepInclude(headersOf(request), { "content-type": "image/png", "content-length": "512" })
      assert.isTrue(body.bytes.equals(image))
    }))

  it.effect("posts part of a larger buffer without its surroundings", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const { body } = yield* exchange(
        peer,
        api.respond(invocation, LambdaResponse.bytes(Buffer.from("green tea").subarray(0, 5))),
        ScriptedPeer.accepted
      )
      assert.strictEqual(body.text, "green")
    }))

  it.effect.each(
    [
      ["text", LambdaResponse.empty],
      ["bytes", LambdaResponse.bytes(new Uint8Array())]
    ] as const
  )("posts an empty answer of %s with its length", ([, response]) =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const { body, request } = yield* exchange(peer, api.respond(invocation, response), ScriptedPeer.accepted)
      assert.strictEqual(request.header("content-length"), "0")
      assert.strictEqual(request.header("transfer-encoding"), undefined)
      assert.strictEqual(body.bytes.length, 0)
    }))

  it.effect("posts 6 MB", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const bytes = new Uint8Array(6_291_556).map((_, index) => index % 251)
      const fromBytes = yield* exchange(
        peer,
        api.respond(invocation, LambdaResponse.bytes(bytes)),
        ScriptedPeer.accepted
      )
      assert.isTrue(fromBytes.body.bytes.equals(bytes))
      const text = "🫖".repeat(1_500_000)
      const fromText = yield* exchange(
        peer,
        api.respond(invocation, LambdaResponse.text(text)),
        ScriptedPeer.accepted
      )
      assert.strictEqual(fromText.request.header("content-length"), "6000000")
      assert.isTrue(fromText.body.text === text)
    }))

  it.effect("gives back the id of the attempt that came with the event", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      for (const [sent, expected] of [["attempt-1", "attempt-1"], ["", undefined], [undefined, undefined]] as const) {
        const { result: event } = yield* exchange(peer, api.next, {
          headers: ScriptedPeer.eventHeaders("id-1", { "Lambda-Runtime-Invocation-Id": sent })
        })
        const answer = yield* exchange(peer, api.respond(event, LambdaResponse.text("tea")), ScriptedPeer.accepted)
        assert.strictEqual(answer.request.header("lambda-runtime-invocation-id"), expected)
        const failed = yield* exchange(peer, api.fail(event, report), ScriptedPeer.accepted)
        assert.strictEqual(failed.request.header("lambda-runtime-invocation-id"), expected)
      }
    }))

  it.effect("encodes the id of the request in the path", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const odd = { requestId: "a/b c?d#e%20é🫖\r\nX: y", invocationId: Option.none<string>() }
      const path = "/2018-06-01/runtime/invocation/a%2Fb%20c%3Fd%23e%2520%C3%A9%F0%9F%AB%96%0D%0AX%3A%20y"
      const answer = yield* exchange(peer, api.respond(odd, LambdaResponse.empty), ScriptedPeer.accepted)
      assert.strictEqual(answer.request.target, `${path}/response`)
      const failed = yield* exchange(peer, api.fail(odd, report), ScriptedPeer.accepted)
      assert.strictEqual(failed.request.target, `${path}/error`)
    }))

  it.effect("keeps a line break in a content type from becoming a header", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const { request } = yield* exchange(
        peer,
        api.respond(invocation, LambdaResponse.bytes(new Uint8Array(), "text/plain\r\nX-Evil: té")),
        ScriptedPeer.accepted
      )
      assert.strictEqual(request.header("content-type"), "text/plain??X-Evil: t?")
      assert.strictEqual(request.header("x-evil"), undefined)
    }))

  it.effect.each([200, 201, 202, 204, 299])("is content with a %d", (status) =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const answer = yield* exchange(peer, api.respond(invocation, LambdaResponse.json(1)), { status })
      assert.deepStrictEqual(answer.result, { _tag: "Accepted" })
      yield* exchange(peer, api.fail(invocation, report), { status })
      yield* exchange(peer, api.initError(report), { status })
    }))

  it.effect.each(
    [
      [400, "InvalidRequestID", "Invalid request ID"],
      [403, "InvalidStateTransition", "State transition from Ready to InvocationErrorResponse failed"],
      [410, "InvokeTimeout", "Invoke timeout"],
      [413, "RequestEntityTooLarge", "Exceeded maximum allowed payload size (6291556 bytes)."],
      [500, "InternalServerError", "Internal Server Error"],
      [302, "Moved", "elsewhere"]
    ] as const
  )("fails when a call is refused with %d", ([status, errorType, errorMessage]) =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const answer = ScriptedPeer.refusal(status, errorType, errorMessage)
      for (
        const [operation, call] of [
          ["response", api.respond(invocation, LambdaResponse.json(1))],
          ["error", api.fail(invocation, report)],
          ["init/error", api.initError(report)]
        ] as const
      ) {
        const { result } = yield* exchange(peer, Effect.flip(call), answer)
        assert.strictEqual(result.reason._tag, "StatusError")
        assert.deepInclude(result.reason, { operation, status, description: `${errorType}: ${errorMessage}` })
        assert.strictEqual(
          result.message,
          `the Runtime API answered ${status} to /${operation}: ${errorType}: ${errorMessage}`
        )
      }
      assert.strictEqual(peer.requestCount(), 3)
    }))

  it.effect("reports a failure as JSON and in headers", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const { body, request } = yield* exchange(peer, api.fail(invocation, report), ScriptedPeer.accepted)
      assert.strictEqual(request.method, "POST")
      assert.strictEqual(request.target, "/2018-06-01/runtime/invocation/id-1/error")
      assert.strictEqual(
        body.text,
        "{\"errorType\":\"OutOfTea\",\"errorMessage\":\"no \\\"Assam\\\" left\\n茶 🫖\"," +
          "\"stackTrace\":[\"at brew (/var/task/tea.ts:7:11)\"]}"
      )
      const { "lambda-runtime-function-xray-error-cause": cause, ...others } = headersOf(request)
      assert.deepStrictEqual(others, {
        host: peer.address,
        "user-agent": "effect-lambda-runtime/0.1",
        "content-type": "application/json",
        "content-length": String(body.bytes.length),
        "lambda-runtime-function-error-type": "Function.OutOfTea"
      })
      assert.deepStrictEqual(JSON.parse(cause!), {
        working_directory: "/var/task",
        exceptions: [{
          type: "OutOfTea",
          message: "no \"Assam\" left\n茶 🫖",
          stack: [{ path: "/var/task/tea.ts", line: 7, label: "brew" }]
        }],
        paths: ["/var/task/tea.ts"]
      })
    }))

  it.effect("reports that the function cannot start", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const { body, request } = yield* exchange(
        peer,
        api.initError({ errorType: "Runtime.NoKettle", errorMessage: "Urgh! 😨", stackTrace: [] }),
        ScriptedPeer.accepted
      )
      assert.strictEqual(request.method, "POST")
      assert.strictEqual(request.target, "/2018-06-01/runtime/init/error")
      assert.strictEqual(request.header("lambda-runtime-function-error-type"), "Runtime.NoKettle")
      assert.strictEqual(request.header("content-type"), "application/json")
      assert.strictEqual(request.header("content-length"), String(body.bytes.length))
      assert.strictEqual(
        body.text,
        "{\"errorType\":\"Runtime.NoKettle\",\"errorMessage\":\"Urgh! 😨\",\"stackTrace\":[]}"
      )
    }))

  it.effect("reports an error under its own name", () =>
    Effect.gen(function*() {
      class Spilled extends Error {
        override readonly name = "Spilled"
      }
      class Broken extends Data.TaggedError("Broken")<{ readonly cup: string }> {}
      const { api, peer } = yield* connect(runtimeApiLayer)
      for (const [error, name] of [[new Spilled(), "Spilled"], [new Broken({ cup: "blue" }), "Broken"]] as const) {
        const { body, request } = yield* exchange(
          peer,
          api.fail(invocation, ErrorReport.fromError(error)),
          ScriptedPeer.accepted
        )
        assert.strictEqual(JSON.parse(body.text).errorType, name)
        assert.strictEqual(request.header("lambda-runtime-function-error-type"), `Function.${name}`)
      }
    }))

  it.effect.each(
    [
      ["a message of emoji", { ...report, errorMessage: "🫖".repeat(40_000) }],
      ["a deep stack", { ...report, stackTrace: Array.from({ length: 5_000 }, (_, n) => `at tea (/é/${n}.ts:1:1)`) }],
      ["control characters", { ...report, errorType: "\u0000\u001f\u007f", errorMessage: "\u0000\u007f\u2028\ud800" }]
    ] as const
  )(
    "keeps the cause for X-Ray within ASCII and 64 KiB, whatever the report: %s",
    ([, large]) =>
      Effect.gen(function*() {
        const { api, peer } = yield* connect(runtimeApiLayer)
        const { body, request } = yield* exchange(peer, api.fail(invocation, large), ScriptedPeer.accepted)
        const cause = request.header("lambda-runtime-function-xray-error-cause") ?? ""
        assert.match(cause, /^[\x20-\x7e]+$/)
        assert.isAtMost(cause.length, 65_536)
        assert.isTrue(large.errorMessage.startsWith(JSON.parse(cause).exceptions[0].message))
        assert.match(request.header("lambda-runtime-function-error-type") ?? "", /^Function\.[A-Z][A-Za-z]+$/)
        assert.deepStrictEqual(JSON.parse(body.text).stackTrace, large.stackTrace)
      })
  )
})

describe.each(runtimeApiLayers)("RuntimeApi.$name, address", (runtimeApiLayer) => {
  it.effect("may have a scheme and a path prefix", () =>
    Effect.gen(function*() {
      for (
        const [scheme, prefix, path] of [
          ["", "", ""],
          ["http://", "", ""],
          ["", "/", ""],
          ["", "/lambda/worker-1", "/lambda/worker-1"],
          ["http://", "/lambda/worker-1/", "/lambda/worker-1"]
        ] as const
      ) {
        const { api, peer } = yield* connect(runtimeApiLayer, { scheme, prefix })
        const next = yield* exchange(peer, api.next, ScriptedPeer.event("id-1"))
        assert.strictEqual(next.request.target, `${path}/2018-06-01/runtime/invocation/next`)
        assert.strictEqual(next.request.header("host"), peer.address)
        const answer = yield* exchange(peer, api.respond(next.result, LambdaResponse.json(1)), ScriptedPeer.accepted)
        assert.strictEqual(answer.request.target, `${path}/2018-06-01/runtime/invocation/id-1/response`)
        const failed = yield* exchange(peer, api.initError(report), ScriptedPeer.accepted)
        assert.strictEqual(failed.request.target, `${path}/2018-06-01/runtime/init/error`)
      }
    }))

  it.effect("may be a host name", () =>
    Effect.gen(function*() {
      const peer = yield* ScriptedPeer.make
      const api = yield* build(runtimeApiLayer, `localhost:${peer.port}`)
      const { request } = yield* exchange(peer, api.next, ScriptedPeer.event("id-1"))
      assert.strictEqual(request.header("host"), `localhost:${peer.port}`)
    }))

  it.effect("is not connected to before the first call", () =>
    Effect.gen(function*() {
      const { peer } = yield* connect(runtimeApiLayer)
      yield* ScriptedPeer.settle
      assert.strictEqual(peer.connectionCount(), 0)
    }))

  it.effect.each(
    [
      [undefined, "it is not set, so this is not a Lambda environment"],
      [" ", "it is not set, so this is not a Lambda environment"],
      ["127.0.0.1", "it has no port"],
      ["https://127.0.0.1:9001", "its scheme is https, and the Runtime API speaks plain http"]
    ] as const
  )("is refused when it is %j", ([address, description]) =>
    Effect.gen(function*() {
      const reason = yield* failure(build(runtimeApiLayer, address))
      assert.strictEqual(reason._tag, "InvalidAddress")
      assert.deepInclude(reason, { description })
    }))
})
