import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { Buffer } from "node:buffer"
import * as LambdaResponse from "../src/LambdaResponse.ts"
import type * as RuntimeApi from "../src/RuntimeApi.ts"
import { connect, exchange, failure, headersOf, runtimeApiLayers } from "./support/runtimeApiLayers.ts"
import * as ScriptedPeer from "./support/scriptedPeer.ts"

const invocation = { requestId: "id-1", invocationId: Option.some("attempt-1") }

class OutOfTea extends Data.TaggedError("OutOfTea")<{ readonly message: string }> {}

const outOfTea = new OutOfTea({ message: "no Assam left 🫖" })

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

  it.effect("holds the prelude back until the body has begun", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const delivery = yield* api.respond(invocation, LambdaResponse.http({ body: Stream.fail(outOfTea) }))
      assert.deepStrictEqual(delivery, { _tag: "NotStarted", cause: Cause.fail(outOfTea) })
      assert.strictEqual(peer.connectionCount(), 0)
    }))

  it.effect.each(
    [
      ["fails", Stream.fail(outOfTea), Cause.fail(outOfTea)],
      ["dies", Stream.die(outOfTea), Cause.die(outOfTea)],
      [
        "throws",
        Stream.suspend((): Stream.Stream<never> => {
          throw outOfTea
        }),
        Cause.die(outOfTea)
      ]
    ] as const
  )("opens no request when the stream %s before its first element", ([, stream, cause]) =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const delivery = yield* api.respond(invocation, LambdaResponse.stream(stream))
      assert.strictEqual(delivery._tag, "NotStarted")
      assert.deepStrictEqual(delivery, { _tag: "NotStarted", cause: cause as Cause.Cause<OutOfTea> })
      assert.strictEqual(peer.connectionCount(), 0)
    }))

  it.effect("opens no request when it is interrupted before the first element", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const closed = yield* Deferred.make<void>()
      const delivered = yield* Deferred.make<RuntimeApi.Delivery<never>>()
      const answer = yield* Effect.forkChild(
        Effect.uninterruptible(Effect.flatMap(
          api.respond(
            invocation,
            LambdaResponse.stream(Stream.ensuring(Stream.never, Deferred.succeed(closed, undefined)))
          ),
          (delivery) => Deferred.succeed(delivered, delivery)
        )),
        { startImmediately: true }
      )
      yield* Fiber.interrupt(answer)
      const delivery = yield* Deferred.await(delivered)
      assert.strictEqual(delivery._tag, "NotStarted")
      assert.isTrue(delivery._tag === "NotStarted" && Cause.hasInterruptsOnly(delivery.cause))
      yield* Deferred.await(closed)
      assert.strictEqual(peer.connectionCount(), 0)
    }))

  /** The failure as the platform learns of it, after `sent`. */
  const assertTold = Effect.fnUntraced(function*(
    request: ScriptedPeer.PeerRequest,
    sent: ReadonlyArray<string>,
    report: { readonly errorType: string; readonly errorMessage: string },
    functionErrorType: string
  ) {
    if (hasTrailers) {
      const body = yield* request.whole
      assert.deepStrictEqual(texts(body.chunks), sent)
      assert.deepStrictEqual(body.trailers.map(([name]) => name), [
        "Lambda-Runtime-Function-Error-Type",
        "Lambda-Runtime-Function-Error-Body"
      ])
      assert.strictEqual(body.trailer("lambda-runtime-function-error-type"), functionErrorType)
      const encoded = body.trailer("lambda-runtime-function-error-body") ?? ""
      const json = Buffer.from(encoded, "base64")
      assert.strictEqual(json.toString("base64"), encoded)
      assert.deepInclude(JSON.parse(json.toString()), report)
      yield* request.respond(ScriptedPeer.accepted)
    } else {
      const { chunks } = yield* Effect.flip(request.whole)
      assert.deepStrictEqual(texts(chunks), sent)
    }
  })

  it.effect.each(
    [
      ["fails", Stream.fail(outOfTea), Cause.fail(outOfTea)],
      ["dies", Stream.die(outOfTea), Cause.die(outOfTea)]
    ] as const
  )("tells the platform when a stream %s half-way", ([, end, cause]) =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const go = yield* Deferred.make<void>()
      const answer = yield* Effect.forkChild(
        api.respond(
          invocation,
          LambdaResponse.stream(
            Stream.make("one", "two").pipe(
              Stream.concat(Stream.fromEffectDrain(Deferred.await(go))),
              Stream.concat(end)
            )
          )
        )
      )
      const request = yield* peer.request
      assert.strictEqual(String(yield* request.chunk), "one")
      yield* Deferred.succeed(go, undefined)
      yield* assertTold(
        request,
        ["two"],
        { errorType: "OutOfTea", errorMessage: "no Assam left 🫖" },
        "Function.OutOfTea"
      )
      assert.deepStrictEqual(yield* Fiber.join(answer), { _tag: "Aborted", cause: cause as Cause.Cause<OutOfTea> })
      const { result } = yield* exchange(peer, api.next, ScriptedPeer.event("id-2"))
      assert.strictEqual(result.requestId, "id-2")
    }))

  it.effect("tells the platform when a stream fails right after its first element", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const answer = yield* Effect.forkChild(
        api.respond(invocation, LambdaResponse.stream(Stream.concat(Stream.make("one"), Stream.fail(outOfTea))))
      )
      yield* assertTold(
        yield* peer.request,
        ["one"],
        { errorType: "OutOfTea", errorMessage: "no Assam left 🫖" },
        "Function.OutOfTea"
      )
      assert.deepStrictEqual(yield* Fiber.join(answer), { _tag: "Aborted", cause: Cause.fail(outOfTea) })
    }))

  it.effect.each(["itself", "the caller"])(
    "tells the platform when a stream is interrupted by %s half-way",
    (by) =>
      Effect.gen(function*() {
        const { api, peer } = yield* connect(runtimeApiLayer)
        const go = yield* Deferred.make<void>()
        const stopped = yield* Deferred.make<void>()
        const delivered = yield* Deferred.make<RuntimeApi.Delivery<never>>()
        const answer = yield* Effect.forkChild(
          Effect.uninterruptible(Effect.flatMap(
            api.respond(
              invocation,
              LambdaResponse.stream(
                Stream.make("one").pipe(
                  Stream.concat(Stream.fromEffectDrain(Deferred.await(go))),
                  Stream.concat(Stream.fromEffect(Effect.interrupt)),
                  Stream.ensuring(Deferred.succeed(stopped, undefined))
                )
              )
            ),
            (delivery) => Deferred.succeed(delivered, delivery)
          ))
        )
        const request = yield* peer.request
        assert.strictEqual(String(yield* request.chunk), "one")
        if (by === "itself") yield* Deferred.succeed(go, undefined)
        else yield* Effect.forkChild(Fiber.interrupt(answer))
        yield* assertTold(
          request,
          [],
          { errorType: "Runtime.Interrupted", errorMessage: "the invocation was interrupted" },
          "Runtime.Interrupted"
        )
        const delivery = yield* Deferred.await(delivered)
        assert.strictEqual(delivery._tag, "Aborted")
        assert.isTrue(delivery._tag === "Aborted" && Cause.hasInterruptsOnly(delivery.cause))
        yield* Deferred.await(stopped)
        const { result } = yield* exchange(peer, api.next, ScriptedPeer.event("id-2"))
        assert.strictEqual(result.requestId, "id-2")
      })
  )

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

  it.effect("fails when the platform refuses the whole answer", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const { result } = yield* exchange(
        peer,
        failure(api.respond(invocation, LambdaResponse.stream(Stream.make("one")))),
        ScriptedPeer.refusal(400, "InvalidRequestID", "Invalid request ID")
      )
      assert.strictEqual(result._tag, "StatusError")
      assert.deepInclude(result, {
        operation: "response",
        status: 400,
        description: "InvalidRequestID: Invalid request ID"
      })
    }))

  it.effect.each(
    [
      ["is waiting", Stream.never, 413],
      ["is producing", Stream.forever(Stream.succeed("tea")), 413],
      ["is waiting", Stream.never, 400]
    ] as const
  )("stops a stream that %s when the platform refuses it early", ([, rest, status]) =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const stopped = yield* Deferred.make<void>()
      const answer = yield* Effect.forkChild(failure(
        api.respond(
          invocation,
          LambdaResponse.stream(
            Stream.ensuring(Stream.concat(Stream.make("one"), rest), Deferred.succeed(stopped, undefined))
          )
        )
      ))
      const request = yield* peer.request
      assert.strictEqual(String(yield* request.chunk), "one")
      yield* request.respond(ScriptedPeer.refusal(status, "Refused", "too much tea"))
      const reason = yield* Fiber.join(answer)
      assert.strictEqual(reason._tag, "StatusError")
      assert.deepInclude(reason, { operation: "response", status, description: "Refused: too much tea" })
      yield* Deferred.await(stopped)
      const next = yield* exchange(peer, api.next, ScriptedPeer.event("id-2"))
      assert.strictEqual(next.request.connection.number, 2)
    }))

  it.effect("stops the stream when the connection is lost", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const stopped = yield* Deferred.make<void>()
      const answer = yield* Effect.forkChild(failure(
        api.respond(
          invocation,
          LambdaResponse.stream(
            Stream.ensuring(Stream.concat(Stream.make("one"), Stream.never), Deferred.succeed(stopped, undefined))
          )
        )
      ))
      const request = yield* peer.request
      assert.strictEqual(String(yield* request.chunk), "one")
      yield* request.connection.reset
      const reason = yield* Fiber.join(answer)
      assert.strictEqual(reason._tag, "ConnectionError")
      assert.deepInclude(reason, { operation: "response", address: peer.address })
      yield* Deferred.await(stopped)
    }))

  it.effect("has its stream stopped, also in the middle of a pull, when it returns", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      let stopped = false
      const answer = yield* Effect.forkChild(Effect.exit(
        api.respond(
          invocation,
          LambdaResponse.stream(Stream.concat(
            Stream.make("one"),
            Stream.fromEffect(Effect.onInterrupt(
              Effect.never,
              () => Effect.andThen(ScriptedPeer.settle, Effect.sync(() => stopped = true))
            ))
          ))
        )
      ))
      const request = yield* peer.request
      yield* request.chunk
      yield* request.respond(ScriptedPeer.refusal(413, "Refused", "too much tea"))
      assert.isTrue(Exit.isFailure(yield* Fiber.join(answer)))
      assert.isTrue(stopped)
    }))
})
