import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Data from "effect/Data"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { Buffer } from "node:buffer"
import * as LambdaResponse from "../src/LambdaResponse.ts"
import type * as RuntimeApi from "../src/RuntimeApi.ts"
import type { RuntimeApiError } from "../src/RuntimeApiError.ts"
import { connect, exchange, failure, runtimeApiLayers } from "./support/runtimeApiLayers.ts"
import * as ScriptedPeer from "./support/scriptedPeer.ts"

const invocation = { requestId: "id-1", invocationId: Option.some("attempt-1") }

class OutOfTea extends Data.TaggedError("OutOfTea")<{ readonly message: string }> {}

const outOfTea = new OutOfTea({ message: "no Assam left 🫖" })

const texts = (chunks: ReadonlyArray<Buffer>) => chunks.map(String)

describe.each(runtimeApiLayers)("RuntimeApi.$name, respond with a stream that goes wrong", (runtimeApiLayer) => {
  const { hasTrailers } = runtimeApiLayer

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

  it.effect("opens no request when it is interrupted after the first element and before there is a connection", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const delivered = yield* Deferred.make<RuntimeApi.Delivery<never>>()
      const first = Effect.sync(() => {
        // The connection takes a turn of the event loop at least.
        process.nextTick(() => answer.interruptUnsafe())
        return "one"
      })
      const answer: Fiber.Fiber<boolean, RuntimeApiError> = yield* Effect.forkChild(
        Effect.uninterruptible(Effect.flatMap(
          api.respond(invocation, LambdaResponse.stream(Stream.concat(Stream.fromEffect(first), Stream.never))),
          (delivery) => Deferred.succeed(delivered, delivery)
        ))
      )
      const delivery = yield* Deferred.await(delivered)
      assert.strictEqual(delivery._tag, "NotStarted")
      assert.isTrue(delivery._tag === "NotStarted" && Cause.hasInterruptsOnly(delivery.cause))
      yield* ScriptedPeer.settle
      assert.strictEqual(peer.requestCount(), 0)
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

  it.effect("ends at once when it is interrupted while the platform does not read", () =>
    Effect.gen(function*() {
      const { api, peer } = yield* connect(runtimeApiLayer)
      const delivered = yield* Deferred.make<RuntimeApi.Delivery<never>>()
      const stopped = yield* Deferred.make<void>()
      let pulled = 0
      const answer = yield* Effect.forkChild(
        Effect.uninterruptible(Effect.flatMap(
          api.respond(
            invocation,
            LambdaResponse.stream(
              Stream.fromEffectRepeat(Effect.sync(() => {
                pulled++
                return new Uint8Array(1_000_000)
              })).pipe(Stream.ensuring(Deferred.succeed(stopped, undefined)))
            )
          ),
          (delivery) => Deferred.succeed(delivered, delivery)
        ))
      )
      const { connection } = yield* peer.request
      yield* connection.pause
      let before = -1
      while (pulled > before) {
        before = pulled
        yield* ScriptedPeer.settle
      }
      yield* Effect.forkChild(Fiber.interrupt(answer))
      const delivery = yield* Deferred.await(delivered)
      assert.strictEqual(delivery._tag, "Aborted")
      yield* Deferred.await(stopped)
      assert.strictEqual(pulled, before)
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
