import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Handler from "../src/Handler.ts"
import * as Invocation from "../src/Invocation.ts"
import * as LambdaResponse from "../src/LambdaResponse.ts"

const invoke = <E, R>(handler: Handler.Handler<E, R>, payload: string) =>
  Effect.provideService(
    handler,
    Invocation.Invocation,
    Invocation.make({ requestId: "1", payload: new TextEncoder().encode(payload) })
  )

const bodyOf = (response: LambdaResponse.LambdaResponse<unknown, unknown>) =>
  response._tag === "Buffered" ? response.body : undefined

describe("Handler.make", () => {
  it.effect("takes values that are no JSON to JSON and back", () =>
    Effect.gen(function*() {
      class Person extends Schema.Class<Person>("Person")({ name: Schema.String }) {}
      const Value = Schema.Struct({
        at: Schema.DateTimeUtc,
        nickname: Schema.Option(Schema.String),
        bytes: Schema.Uint8Array,
        person: Person,
        big: Schema.BigInt
      })
      const handler = Handler.make({ event: Value, result: Value }, (value) => {
        assert.isTrue(DateTime.isUtc(value.at) && Option.isSome(value.nickname) && value.person instanceof Person)
        return Effect.succeed({ ...value, nickname: Option.none() })
      })
      const encoded = yield* Schema.encodeEffect(Schema.fromJsonString(Schema.toCodecJson(Value)))({
        at: DateTime.makeUnsafe(0),
        nickname: Option.some("Z"),
        bytes: new Uint8Array([1, 2, 3]),
        person: new Person({ name: "Zoë" }),
        big: 12345678901234567890n
      })
      const body = bodyOf(yield* invoke(handler, encoded))
      const decoded = yield* Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(Value)))(body)
      assert.deepStrictEqual(decoded.nickname, Option.none())
      assert.strictEqual(decoded.big, 12345678901234567890n)
      assert.deepStrictEqual(decoded.bytes, new Uint8Array([1, 2, 3]))
    }))

  it.effect("ignores fields that the schema does not know", () =>
    Effect.gen(function*() {
      const handler = Handler.make({ event: Schema.Struct({ a: Schema.Int }), result: Schema.Int }, ({ a }) =>
        Effect.succeed(a))
      assert.strictEqual(bodyOf(yield* invoke(handler, "{\"a\":1,\"b\":2}")), "1")
    }))

  it.effect("fails with a SchemaError when the result does not fit its schema", () =>
    Effect.gen(function*() {
      const handler = Handler.make({ event: Schema.Unknown, result: Schema.Int }, () => Effect.succeed(1.5))
      const error = yield* Effect.flip(invoke(handler, "null"))
      assert.strictEqual(error._tag, "SchemaError")
    }))

  it.effect("answers null for a result that is undefined", () =>
    Effect.gen(function*() {
      const handler = Handler.make({ event: Schema.Unknown, result: Schema.UndefinedOr(Schema.Int) }, () =>
        Effect.succeed(undefined))
      assert.strictEqual(bodyOf(yield* invoke(handler, "null")), "null")
    }))

  it.effect("names a path as one would write it in TypeScript", () =>
    Effect.gen(function*() {
      const handler = Handler.make({
        event: Schema.Struct({ "odd key": Schema.Array(Schema.Struct({ body: Schema.String })) })
      }, () => Effect.void)
      const inner = yield* Effect.flip(invoke(handler, "{\"odd key\":[{\"body\":\"x\"},{\"body\":7}]}"))
      assert.include(inner.message, "[\"odd key\"][1].body: Expected string")
      const root = yield* Effect.flip(invoke(handler, "7"))
      assert.include(root.message, "the root: Expected")
    }))

  it.effect("names everything that does not fit", () =>
    Effect.gen(function*() {
      const handler = Handler.make({ event: Schema.Struct({ a: Schema.String, b: Schema.Array(Schema.Int) }) }, () =>
        Effect.void)
      const error = yield* Effect.flip(invoke(handler, "{\"a\":1,\"b\":[2,\"3\",4.5]}"))
      assert.isTrue(error.reason._tag === "UnexpectedShape")
      assert.deepStrictEqual(
        error.reason._tag === "UnexpectedShape" && error.reason.issues.map(({ path }) =>
          path
        ),
        ["a", "b[1]", "b[2]"]
      )
    }))

  it.effect("reads an event that starts with a byte order mark", () =>
    Effect.gen(function*() {
      const handler = Handler.make({ event: Schema.String, result: Schema.String }, Effect.succeed)
      assert.strictEqual(bodyOf(yield* invoke(handler, "\ufeff\"x\"")), "\"x\"")
    }))
})

describe("Handler.stream", () => {
  it.effect("decodes its event before the stream begins", () =>
    Effect.gen(function*() {
      const handler = Handler.stream({ event: Schema.Int, contentType: "text/plain" }, (n) =>
        Stream.range(1, n).pipe(
          Stream.map(String)
        ))
      const response = yield* invoke(handler, "3")
      assert.strictEqual(response.contentType, "text/plain")
      assert.isTrue(response._tag === "Streamed")
      assert.strictEqual((yield* Effect.flip(invoke(handler, "\"3\"")))._tag, "EventError")
    }))
})

describe("LambdaResponse", () => {
  it("puts what was given into the HTTP prelude, and 200 where nothing was", () => {
    const response = LambdaResponse.http({ headers: { a: "b" }, cookies: ["c=d"] })
    assert.strictEqual(response.contentType, LambdaResponse.HttpIntegrationContentType)
    assert.deepStrictEqual(JSON.parse(JSON.stringify(response.prelude)), {
      statusCode: 200,
      headers: { a: "b" },
      cookies: ["c=d"]
    })
  })

  it("is null for a value that JSON does not know", () => {
    assert.strictEqual(LambdaResponse.json(undefined).body, "null")
  })
})
