import { assert, describe, it } from "@effect/vitest"
import type * as EventError from "effect-lambda-runtime/EventError"
import * as ApiGatewayV2 from "effect-lambda-runtime/events/ApiGatewayV2"
import * as WebSocket from "effect-lambda-runtime/events/WebSocket"
import * as Handler from "effect-lambda-runtime/Handler"
import type { Invocation } from "effect-lambda-runtime/Invocation"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as LambdaResponse from "effect-lambda-runtime/LambdaResponse"
import * as LambdaTest from "effect-lambda-runtime/LambdaTest"
import * as LambdaWebSocket from "effect-lambda-runtime/LambdaWebSocket"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import * as Schema from "effect/Schema"
import { expectTypeOf } from "vitest"

class Broken extends Data.TaggedError("Broken")<{ readonly message: string }> {}

const message = (routeKey: string, body: unknown) => {
  const sample = WebSocket.sample(typeof body === "string" ? body : JSON.stringify(body))
  return { ...sample, requestContext: { ...sample.requestContext, routeKey } }
}

/** What the events are answered with, one after the other. */
const answers = <E>(handler: Handler.Handler<E, Invocation>, ...events: ReadonlyArray<unknown>) =>
  LambdaTest.LambdaTest.use(({ invoke }) => Effect.forEach(events, (event) => invoke(event))).pipe(
    Effect.provide(LambdaTest.layer(Lambda.serve(handler)))
  )

const failure = <E>(handler: Handler.Handler<E, Invocation>, event: unknown) =>
  Effect.map(Effect.flip(answers(handler, event)), (error) => {
    assert(error instanceof LambdaTest.FunctionError)
    return error
  })

const quietly = Effect.provideService(References.MinimumLogLevel, "None")

describe("LambdaWebSocket", () => {
  it.effect("accepts what nobody asks about", () =>
    Effect.gen(function*() {
      const seen = yield* answers(
        LambdaWebSocket.handler({}),
        WebSocket.sampleConnect(),
        WebSocket.sampleDisconnect()
      )
      assert.deepStrictEqual(seen, [{ statusCode: 200 }, { statusCode: 200 }])
    }))

  it.effect("gives every event to its own", () =>
    Effect.gen(function*() {
      const log: Array<string> = []
      const note = (line: string) => Effect.sync(() => void log.push(line))
      const chat = LambdaWebSocket.handler({
        connect: ({ queryStringParameters }) => note(`connect ${queryStringParameters?.["room"]}`),
        disconnect: ({ requestContext }) => note(`disconnect ${requestContext.disconnectStatusCode}`),
        routes: {
          say: LambdaWebSocket.message(
            { body: Schema.Struct({ text: Schema.String }) },
            ({ text }, { requestContext }) => note(`say ${text} ${requestContext.connectionId}`)
          ),
          $default: (event) => Effect.as(note(`default ${event.body}`), { statusCode: 202, body: "what?" })
        }
      })
      const seen = yield* answers(
        chat,
        WebSocket.sampleConnect(),
        message("say", { text: "hello" }),
        message("$default", "no JSON"),
        // Names that every object has are no routes.
        message("constructor", "{}"),
        WebSocket.sampleDisconnect()
      )
      assert.deepStrictEqual(log, [
        "connect 7",
        "say hello e2u7kd-gIAMCJ0g=",
        "default no JSON",
        "default {}",
        "disconnect 1005"
      ])
      assert.deepStrictEqual(seen, [
        { statusCode: 200 },
        { statusCode: 200 },
        { statusCode: 202, body: "what?" },
        { statusCode: 202, body: "what?" },
        { statusCode: 200 }
      ])
    }))

  it.effect("refuses a connection, and says which protocol it takes", () =>
    Effect.gen(function*() {
      const gate = LambdaWebSocket.handler({
        connect: ({ queryStringParameters }) => {
          switch (queryStringParameters?.["room"]) {
            case "7":
              return Effect.succeed({ headers: { "Sec-WebSocket-Protocol": "chat" } })
            case "8":
              return Effect.fail(new LambdaWebSocket.ConnectionRefused({ status: 403 }))
            default:
              return Effect.fail(new Broken({ message: "there is no such room" }))
          }
        }
      })
      expectTypeOf<Effect.Error<typeof gate>>().toEqualTypeOf<Broken | EventError.EventError | Schema.SchemaError>()
      const connect = (room: string) => ({ ...WebSocket.sampleConnect(), queryStringParameters: { room } })
      assert.deepStrictEqual(yield* answers(gate, connect("7"), connect("8")), [
        { statusCode: 200, headers: { "Sec-WebSocket-Protocol": "chat" } },
        { statusCode: 403 }
      ])
      const error = yield* quietly(failure(gate, connect("9")))
      assert.strictEqual(error.errorMessage, "there is no such room")
      assert.throws(() => new LambdaWebSocket.ConnectionRefused({ status: 200 }))
    }))

  it.effect("replies with what a schema makes of it", () =>
    Effect.gen(function*() {
      const Time = Schema.Struct({ at: Schema.DateTimeUtc })
      const clock = LambdaWebSocket.handler({
        routes: {
          later: LambdaWebSocket.message({ body: Time, reply: Time }, ({ at }) =>
            Effect.succeed({ at: DateTime.add(at, { hours: 1 }) }))
        }
      })
      const at = { at: "2026-01-02T03:04:05.000Z" }
      const expected = { statusCode: 200, body: `{"at":"2026-01-02T04:04:05.000Z"}` }
      const base64 = { ...message("later", ""), body: btoa(JSON.stringify(at)), isBase64Encoded: true }
      assert.deepStrictEqual(yield* answers(clock, message("later", at), base64), [expected, expected])
    }))

  it.effect("tells the client of its mistakes, and goes on", () =>
    Effect.gen(function*() {
      const lines: Array<string> = []
      const logger = Logger.make(({ logLevel, message }) => {
        lines.push(`${logLevel} ${String(message)}`)
      })
      let calls = 0
      const strict = LambdaWebSocket.handler({
        routes: {
          $default: LambdaWebSocket.message({ body: Schema.Struct({ text: Schema.String }) }, () =>
            Effect.sync(() => {
              calls++
            }))
        }
      })
      const base64 = { ...message("x", ""), body: "!", isBase64Encoded: true }
      const { body: _, ...bodiless } = message("x", "")
      const seen = yield* answers(strict, message("x", { text: 7 }), message("x", "{"), base64, bodiless).pipe(
        Effect.provide(Logger.layer([logger]))
      )
      assert.strictEqual(calls, 0)
      assert.deepStrictEqual(seen.map((answer) => (answer as WebSocket.Result).statusCode), [400, 400, 400, 400])
      const said = seen.map((answer) => JSON.parse((answer as WebSocket.Result).body ?? "").message)
      assert.strictEqual(
        said[0],
        "the event does not have the shape that the handler expects\n  body.text: Expected string"
      )
      for (const text of said) assert.match(text, /body/)
      assert.deepStrictEqual(lines.map((line) => line.startsWith("Warn a message does not fit")), [
        true,
        true,
        true,
        true
      ])
    }))

  it.effect("fails where there is no route, and where a route does", () =>
    Effect.gen(function*() {
      const route = LambdaWebSocket.message(
        { body: Schema.Unknown, reply: Schema.Int },
        (body): Effect.Effect<number, Broken> =>
          body === 1 ? Effect.fail(new Broken({ message: "it is broken" })) : Effect.succeed(0.5)
      )
      const handler = LambdaWebSocket.handler({ routes: { a: route, b: route } })
      const unknown = yield* quietly(failure(handler, message("c", "1")))
      assert.strictEqual(unknown.errorType, "EventError")
      assert.include(unknown.errorMessage, `requestContext.routeKey: Expected one of a, b, got "c"`)
      assert.strictEqual((yield* quietly(failure(handler, message("a", "1")))).errorMessage, "it is broken")
      assert.strictEqual((yield* quietly(failure(handler, message("a", "2")))).errorType, "SchemaError")
      const other = yield* quietly(failure(handler, ApiGatewayV2.sample()))
      assert.include(other.errorMessage, "the handler expects an API Gateway WebSocket event")
    }))

  it.effect("is one of several handlers", () =>
    Effect.gen(function*() {
      const handler = Handler.match(
        LambdaWebSocket.handler({ routes: { $default: () => Effect.succeed({ statusCode: 200 }) } }),
        Handler.raw(() => Effect.succeed(LambdaResponse.text("another")))
      )
      assert.deepStrictEqual(yield* answers(handler, WebSocket.sample(), { another: 1 }), [
        { statusCode: 200 },
        "another"
      ])
    }))

  it("has the errors and needs of what it is made of", () => {
    class A extends Context.Service<A, string>()("A") {}
    class B extends Context.Service<B, string>()("B") {}
    class Late extends Data.TaggedError("Late") {}
    const handler = LambdaWebSocket.handler({
      connect: () => Effect.as(A, { headers: {} }),
      disconnect: () => Effect.fail(new Late()),
      routes: {
        a: LambdaWebSocket.message({ body: Schema.String }, () => Effect.fail(new Broken({ message: "" }))),
        b: LambdaWebSocket.message({ body: Schema.String, reply: Schema.String }, () => B)
      }
    })
    expectTypeOf(handler).toEqualTypeOf<
      Handler.Handler<Late | Broken | EventError.EventError | Schema.SchemaError, A | B | Invocation>
    >()
    // @ts-expect-error: a reply of another type
    LambdaWebSocket.message({ body: Schema.String, reply: Schema.String }, () => Effect.succeed(1))
    // @ts-expect-error: a route answers with a result
    LambdaWebSocket.handler({ routes: { a: () => Effect.void } })
  })
})
