import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as AppSync from "../../src/events/AppSync.ts"
import { decode, encode, misfits } from "./codec.ts"

const resolver = AppSync.sampleResolverEvent()

const Post = AppSync.resolverEventOf({
  arguments: Schema.Struct({ id: Schema.String, since: Schema.Date }),
  source: Schema.Null
})

describe("AppSync", () => {
  it.effect("reads arguments that are no text", () =>
    Effect.gen(function*() {
      const event = yield* decode(AppSync.ResolverEvent)({ ...resolver, arguments: { count: 1, deep: { flag: true } } })
      assert.deepStrictEqual(event.arguments, { count: 1, deep: { flag: true } })
    }))

  it.effect("reads claims of mixed types", () =>
    Effect.gen(function*() {
      const { identity } = yield* decode(AppSync.ResolverEvent)(resolver)
      assert.isTrue(identity != null && "claims" in identity && identity.claims["email_verified"] === true)
    }))

  it.effect("reads a caller of IAM, whose Cognito fields are null", () =>
    Effect.gen(function*() {
      const { identity } = yield* decode(AppSync.ResolverEvent)({
        ...resolver,
        identity: { accountId: "1", userArn: "arn:u", username: "u", sourceIp: ["192.0.2.1"], cognitoIdentityId: null }
      })
      assert.isTrue(identity != null && "userArn" in identity && identity.userArn === "arn:u")
    }))

  it.effect("reads a caller with an API key, who has no identity", () =>
    Effect.gen(function*() {
      const event = yield* decode(AppSync.ResolverEvent)({ ...resolver, identity: null, source: null, prev: null })
      assert.isNull(event.identity)
    }))

  it.effect("decodes the arguments of a query, and names the one that does not fit", () =>
    Effect.gen(function*() {
      const event = yield* decode(Post)({ ...resolver, arguments: { id: "p", since: "2026-01-02T03:04:05.678Z" } })
      assert.strictEqual(event.arguments.since.getTime(), Date.UTC(2026, 0, 2, 3, 4, 5, 678))
      assert.deepStrictEqual(yield* misfits(Post)({ ...resolver, arguments: { id: 7, since: "2026-01-02" } }), [
        "arguments.id"
      ])
    }))

  it.effect("keeps the token of a caller out of logs", () =>
    Effect.gen(function*() {
      const event = yield* decode(AppSync.AuthorizerEvent)(AppSync.sampleAuthorizerEvent("sesame"))
      assert.strictEqual(Redacted.value(event.authorizationToken), "sesame")
      assert.notInclude(JSON.stringify(event), "sesame")
    }))

  it.effect("reads an authorization without the name of an operation", () =>
    Effect.gen(function*() {
      const event = AppSync.sampleAuthorizerEvent()
      const { operationName: _name, ...requestContext } = event.requestContext
      const decoded = yield* decode(AppSync.AuthorizerEvent)({ ...event, requestContext })
      assert.isUndefined(decoded.requestContext.operationName)
    }))

  it.effect.each(["text", 7, true, null, ["a"], { a: 1 }])(
    "reads a published payload that is %j",
    (payload) =>
      Effect.gen(function*() {
        const { events } = yield* decode(AppSync.PublishEvent)(AppSync.samplePublishEvent(payload))
        assert.deepStrictEqual<unknown>(events, [{ id: "1", payload }])
      })
  )

  it.effect("tells subscriptions, whose events are null, from what is published", () =>
    Effect.gen(function*() {
      const count = (event: AppSync.ChannelEvent) => event.events ? event.events.length : "subscribes"
      assert.strictEqual(count(yield* decode(AppSync.ChannelEvent)(AppSync.sampleSubscribeEvent())), "subscribes")
      assert.strictEqual(count(yield* decode(AppSync.ChannelEvent)(AppSync.samplePublishEvent(1, 2))), 2)
    }))

  it.effect("answers each published event with a payload or an error, or refuses all", () =>
    Effect.gen(function*() {
      const each: AppSync.PublishResult = { events: [{ id: "1", payload: null }, { id: "2", error: "No" }] }
      assert.deepStrictEqual<unknown>(yield* encode(AppSync.PublishResult)(each), each)
      assert.deepStrictEqual(yield* encode(AppSync.PublishResult)({ error: "No" }), { error: "No" })
    }))
})
