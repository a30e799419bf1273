import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as WebSocket from "../../src/events/WebSocket.ts"
import { decode, misfits } from "./codec.ts"

const message = WebSocket.sample()

const Chat = Schema.Struct({ text: Schema.String })

describe("WebSocket", () => {
  it.effect("reads a MESSAGE event, which has no `type` and `methodArn`, no headers and no path", () =>
    Effect.gen(function*() {
      const event = yield* decode(WebSocket.Event)(message)
      assert.strictEqual(event.requestContext.eventType, "MESSAGE")
      assert.strictEqual(event.body, "Hello from client!")
      assert.isUndefined(event.headers)
    }))

  it.effect("reads the headers and the query of a CONNECT event, which has no body", () =>
    Effect.gen(function*() {
      const event = yield* decode(WebSocket.Event)(WebSocket.sampleConnect())
      assert.strictEqual(event.headers?.["Sec-WebSocket-Version"], "13")
      assert.deepStrictEqual(event.multiValueQueryStringParameters?.["room"], ["7"])
      assert.isUndefined(event.body)
    }))

  it.effect("reads why a connection ended", () =>
    Effect.gen(function*() {
      const { requestContext } = yield* decode(WebSocket.Event)(WebSocket.sampleDisconnect())
      assert.strictEqual(requestContext.disconnectStatusCode, 1005)
      assert.strictEqual(requestContext.disconnectReason, "Client-side close frame status not set")
    }))

  it.effect("takes any route", () =>
    Effect.gen(function*() {
      const event = { ...message, requestContext: { ...message.requestContext, routeKey: "say" } }
      assert.strictEqual((yield* decode(WebSocket.Event)(event)).requestContext.routeKey, "say")
    }))

  it.effect("reads what the authorizer of $connect said, on every message", () =>
    Effect.gen(function*() {
      const authorizer = { principalId: "jane", integrationLatency: 12, tenant: "7" }
      const event = { ...message, requestContext: { ...message.requestContext, authorizer } }
      const { requestContext } = yield* decode(WebSocket.Event)(event)
      assert.strictEqual(requestContext.authorizer?.["tenant"], "7")
    }))

  it.effect("decodes a message of JSON, as text or in base64", () =>
    Effect.gen(function*() {
      const text = "{\"text\":\"ü\"}"
      const asText = yield* decode(WebSocket.eventOf(Chat))({ ...message, body: text })
      assert.deepStrictEqual(asText.body, { text: "ü" })
      const body = Buffer.from(text).toString("base64")
      const asBytes = yield* decode(WebSocket.eventOf(Chat))({ ...message, body, isBase64Encoded: true })
      assert.deepStrictEqual(asBytes.body, { text: "ü" })
    }))

  it.effect("refuses an event that is of no WebSocket", () =>
    Effect.gen(function*() {
      const { connectionId: _connection, eventType: _type, ...requestContext } = message.requestContext
      const at = yield* misfits(WebSocket.Event)({ ...message, requestContext })
      assert.includeMembers([...at], ["requestContext.connectionId", "requestContext.eventType"])
    }))
})
