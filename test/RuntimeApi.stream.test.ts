import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { Buffer } from "node:buffer"
import * as LambdaResponse from "../src/LambdaResponse.ts"
import { connect, exchange, headersOf, runtimeApiLayers } from "./support/runtimeApiLayers.ts"
import * as ScriptedPeer from "./support/scriptedPeer.ts"

const invocation = { requestId: "id-1", invocationId: Option.some("attempt-1") }

const texts = (chunks: ReadonlyArray<Buffer>) => chunks.map(String)

describe.each(runtimeApiLayers)("RuntimeApi.$name, respond with a stream", (runtimeApiLayer) => {
  const { hasTrailers } = runtimeApiLayer

  it.effect("announces a stream", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const { body, request, result } = yield* exchange(
        peer,
        api.respond(invocation, LambdaResponse.stream(Stream.make("one\n", "two\n"), { contentType: "text/plain" })),
        ScriptedPeer.accepted
      )
      assert.strictEqual(request.method, "POST")
      assert.strictEqual(request.target, "/2018-06-01/runtime/invocation/id-1/response")
      assert.deepStrictEqual(headersOf(request), {
        host: peer.address,
        "user-agent": "effect-lambda-runtime/0.1",
        "content-type": "text/plain",
        "lambda-runtime-function-response-mode": "streaming",
        "lambda-runtime-invocation-id": "attempt-1",
        "transfer-encoding": "chunked",
        ...hasTrailers ? { trailer: "Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body" } : {}
      })
      assert.deepStrictEqual(texts(body.chunks), ["one\n", "two\n"])
      assert.deepStrictEqual(body.trailers, [])
      assert.deepStrictEqual(result, { _tag: "Accepted" })
    }))

  it.effect("sends every element as one chunk, text as UTF-8", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const every = Uint8Array.from({ length: 256 }, (_, index) => index)
      const { body } = yield* exchange(
        peer,
        api.respond(invocation, LambdaResponse.stream(Stream.make("h", "é", "🫖", every, "o"))),
        ScriptedPeer.accepted
      )
      assert.deepStrictEqual(body.chunks.map((chunk) => chunk.toString("hex")), [
        "68",
        "c3a9",
        "f09faB96".toLowerCase(),
        Buffer.from(every).toString("hex"),
        "6f"
      ])
    }))

  it.effect("opens with the first element, and sends each when it is made", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const made = [yield* Deferred.make<string>(), yield* Deferred.make<string>(), yield* Deferred.make<string>()]
      const answer = yield* Effect.forkChild(
        api.respond(invocation, LambdaResponse.stream(Stream.mapEffect(Stream.fromIterable(made), Deferred.await)))
      )
      yield* ScriptedPeer.settle
      assert.strictEqual(peer.connectionCount(), 0)

      yield* Deferred.succeed(made[0]!, "one")
      const request = yield* peer.request
      assert.strictEqual(String(yield* request.chunk), "one")
      yield* Deferred.succeed(made[1]!, "two")
      assert.strictEqual(String(yield* request.chunk), "two")
      yield* Deferred.succeed(made[2]!, "three")
      assert.strictEqual((yield* request.whole).text, "three")
      yield* ScriptedPeer.settle
      assert.isUndefined(answer.pollUnsafe())

      yield* request.respond(ScriptedPeer.accepted)
      assert.deepStrictEqual(yield* Fiber.join(answer), { _tag: "Accepted" })
    }))

  it.effect("takes a first chunk of any number of elements", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const elements = [...Array.from({ length: 200_000 }, () => ""), "last"]
      const { body } = yield* exchange(
        peer,
        api.respond(invocation, LambdaResponse.stream(Stream.fromArray(elements))),
        ScriptedPeer.accepted
      )
      assert.strictEqual(body.text, "last")
    }))

  it.effect("leaves out empty elements, which would end the body", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const { body } = yield* exchange(
        peer,
        api.respond(
          invocation,
          LambdaResponse.stream(
            Stream.concat(
              Stream.make("", "one", new Uint8Array(), "two", ""),
              Stream.concat(Stream.make("", ""), Stream.make("three"))
            )
          )
        ),
        ScriptedPeer.accepted
      )
      assert.deepStrictEqual(texts(body.chunks), ["one", "two", "three"])
    }))

  it.effect.each(
    [
      ["no elements", Stream.empty],
      ["empty elements", Stream.make("", new Uint8Array())]
    ] as const
  )("answers with an empty body for a stream of %s", ([, stream]) =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const { body, request, result } = yield* exchange(
        peer,
        api.respond(invocation, LambdaResponse.stream(stream)),
        ScriptedPeer.accepted
      )
      assert.deepStrictEqual(body.chunks, [])
      assert.strictEqual(request.header("lambda-runtime-function-response-mode"), "streaming")
      // `node:http` gives a body that turns out to be empty a length of zero.
      assert.oneOf(request.header("transfer-encoding"), hasTrailers ? ["chunked"] : ["chunked", undefined])
      assert.deepStrictEqual(result, { _tag: "Accepted" })
    }))

  it.effect("sends the prelude and its separator as two chunks before the body", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const { body, request } = yield* exchange(
        peer,
        api.respond(
          invocation,
          LambdaResponse.http({
            status: 418,
            headers: { "content-type": "text/plain", "x-tea": "Earl Grey / hot" },
            multiValueHeaders: { "x-brew": ["short", "stout"] },
            cookies: ["cup=1; Secure", "saucer=2"],
            body: Stream.make("tip", " me over")
          })
        ),
        ScriptedPeer.accepted
      )
      assert.strictEqual(request.header("content-type"), "application/vnd.awslambda.http-integration-response")
      assert.strictEqual(request.header("lambda-runtime-function-response-mode"), "streaming")
      assert.deepStrictEqual(texts(body.chunks), [
        "{\"statusCode\":418,\"headers\":{\"content-type\":\"text/plain\",\"x-tea\":\"Earl Grey / hot\"}," +
        "\"multiValueHeaders\":{\"x-brew\":[\"short\",\"stout\"]},\"cookies\":[\"cup=1; Secure\",\"saucer=2\"]}",
        "\0\0\0\0\0\0\0\0",
        "tip",
        " me over"
      ])
    }))

  it.effect.each(
    [
      ["there is none", undefined],
      ["it is empty", Stream.empty],
      ["its elements are empty", Stream.make("")]
    ] as const
  )("sends the prelude without a body when %s", ([, stream]) =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const { body } = yield* exchange(
        peer,
        api.respond(invocation, LambdaResponse.http({ status: 204, body: stream })),
        ScriptedPeer.accepted
      )
      assert.deepStrictEqual(texts(body.chunks), ["{\"statusCode\":204}", "\0\0\0\0\0\0\0\0"])
    }))

  it.effect("pulls no faster than the platform reads", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const element = new Uint8Array(256 * 1024).fill(7)
      const total = 256
      let pulled = 0
      const answer = yield* Effect.forkChild(
        api.respond(
          invocation,
          LambdaResponse.stream(
            Stream.fromIterable(Array.from({ length: total }, (_, index) => index)).pipe(
              Stream.rechunk(1),
              Stream.map(() => {
                pulled++
                return element
              })
            )
          )
        )
      )
      const request = yield* peer.request
      yield* request.connection.pause
      let before = -1
      while (pulled > before) {
        before = pulled
        yield* ScriptedPeer.settle
      }
      // What fits into the buffers of the kernel and of both ends.
      assert.isBelow(pulled, total / 2)
      assert.isUndefined(answer.pollUnsafe())

      yield* request.connection.resume
      const body = yield* request.whole
      assert.strictEqual(body.bytes.length, total * element.length)
      yield* request.respond(ScriptedPeer.accepted)
      assert.deepStrictEqual(yield* Fiber.join(answer), { _tag: "Accepted" })
      assert.strictEqual(pulled, total)
    }))

  it.effect("runs the stream with what the caller provides, and closes it", () =>
    Effect.gen(function*() {
      class Kettle extends Context.Service<Kettle, string>()("test/Kettle") {}
      const { api, peer } = yield* connect(runtimeApiLayer)
      const log: Array<string> = []
      const stream = Stream.unwrap(Effect.gen(function*() {
        yield* Effect.acquireRelease(
          Effect.sync(() => log.push("open")),
          (_, exit) => Effect.sync(() => log.push(exit._tag))
        )
        return Stream.fromIterable([1, 2]).pipe(
          Stream.rechunk(1),
          Stream.mapEffect((n) => Effect.map(Kettle, (kettle) => `${kettle} ${n}`))
        )
      }))
      const { body } = yield* exchange(
        peer,
        Effect.provideService(api.respond(invocation, LambdaResponse.stream(stream)), Kettle, "whistling"),
        ScriptedPeer.accepted
      )
      assert.deepStrictEqual(texts(body.chunks), ["whistling 1", "whistling 2"])
      assert.deepStrictEqual(log, ["open", "Success"])
    }))

  it.effect("leaves requests that the stream makes itself to be traced", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const isTraced = Effect.map(HttpClient.TracerDisabledWhen, (disabled) =>
        String(!disabled(HttpClientRequest.get("http://teapot/"))))
      const { body } = yield* exchange(
        peer,
        api.respond(invocation, LambdaResponse.stream(Stream.fromEffectRepeat(isTraced).pipe(Stream.take(2)))),
        ScriptedPeer.accepted
      )
      assert.deepStrictEqual(texts(body.chunks), ["true", "true"])
    }))
})
