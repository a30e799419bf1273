import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as FunctionUrl from "../../src/events/FunctionUrl.ts"
import type * as LambdaResponse from "../../src/LambdaResponse.ts"
import { decode, encode, misfits } from "./codec.ts"

const request = FunctionUrl.sample()

const Order = Schema.Struct({ id: Schema.String })

const withContext = (context: object) => ({ ...request, requestContext: { ...request.requestContext, ...context } })

describe("FunctionUrl", () => {
  it.effect("takes any verb, such as TRACE", () =>
    Effect.gen(function*() {
      const http = { ...request.requestContext.http, method: "TRACE" }
      const { requestContext } = yield* decode(FunctionUrl.Event)(withContext({ http }))
      assert.strictEqual(requestContext.http.method, "TRACE")
    }))

  it.effect("reads the fields of API Gateway that are null, as AWS documents them", () =>
    Effect.gen(function*() {
      const event = yield* decode(FunctionUrl.Event)({
        ...withContext({ authentication: null }),
        body: null,
        pathParameters: null,
        stageVariables: null
      })
      assert.isNull(event.body)
      assert.isNull(event.requestContext.authentication)
    }))

  it.effect("reads what is null when CloudFront signs the requests", () =>
    Effect.gen(function*() {
      const iam = { ...request.requestContext.authorizer?.iam, cognitoIdentity: null, principalOrgId: null }
      const { requestContext } = yield* decode(FunctionUrl.Event)(withContext({ authorizer: { iam } }))
      assert.isNull(requestContext.authorizer?.iam?.principalOrgId)
    }))

  it.effect("reads an event without route and stage", () =>
    Effect.gen(function*() {
      const { routeKey: _route, ...event } = request
      const { routeKey: _contextRoute, stage: _stage, ...requestContext } = request.requestContext
      const decoded = yield* decode(FunctionUrl.Event)({ ...event, requestContext })
      assert.isUndefined(decoded.routeKey)
    }))

  it.effect("decodes a body of JSON, as text or in base64", () =>
    Effect.gen(function*() {
      const asText = yield* decode(FunctionUrl.eventOf(Order))({ ...request, body: "{\"id\":\"ü\"}" })
      assert.deepStrictEqual(asText.body, { id: "ü" })
      const body = Buffer.from("{\"id\":\"ü\"}").toString("base64")
      const asBytes = yield* decode(FunctionUrl.eventOf(Order))({ ...request, body, isBase64Encoded: true })
      assert.deepStrictEqual(asBytes.body, { id: "ü" })
    }))

  it.effect("does not take any other JSON for a result", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* misfits(FunctionUrl.Result)({ message: "hello" }), ["statusCode"])
    }))

  it.effect("reads what LambdaResponse.http writes before a body", () =>
    Effect.gen(function*() {
      const prelude: LambdaResponse.HttpPrelude = { statusCode: 201, headers: { via: "a" }, cookies: ["a=1"] }
      assert.deepStrictEqual(yield* decode(FunctionUrl.StreamPrelude)(prelude), prelude)
      assert.deepStrictEqual<unknown>(yield* encode(FunctionUrl.StreamPrelude)(prelude), prelude)
    }))
})
