import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as ApiGatewayV1 from "../../src/events/ApiGatewayV1.ts"
import { decode, encode, misfits } from "./codec.ts"

const request = ApiGatewayV1.sample()

const Order = Schema.Struct({ id: Schema.String })

const withContext = (context: object) => ({ ...request, requestContext: { ...request.requestContext, ...context } })

describe("ApiGatewayV1", () => {
  it.effect("takes any verb, such as TRACE", () =>
    Effect.gen(function*() {
      const event = yield* decode(ApiGatewayV1.Event)({ ...withContext({ httpMethod: "TRACE" }), httpMethod: "TRACE" })
      assert.strictEqual(event.httpMethod, "TRACE")
      assert.strictEqual(event.requestContext.httpMethod, "TRACE")
    }))

  it.effect.each(["test-invoke-source-ip", "IP", "192.168.0.1/32", "2001:db8::1"])(
    "does not judge the address %s",
    (sourceIp) =>
      Effect.gen(function*() {
        const { requestContext } = yield* decode(ApiGatewayV1.Event)(withContext({ identity: { sourceIp } }))
        assert.strictEqual(requestContext.identity.sourceIp, sourceIp)
      })
  )

  it.effect("reads the maps that are null where they are empty", () =>
    Effect.gen(function*() {
      const maps = {
        headers: null,
        multiValueHeaders: null,
        queryStringParameters: null,
        multiValueQueryStringParameters: null,
        pathParameters: null,
        stageVariables: null
      }
      const event = yield* decode(ApiGatewayV1.Event)({ ...request, ...maps, body: null })
      assert.isNull(event.headers)
      assert.isUndefined(event.queryStringParameters?.["page"])
      assert.isNull(event.body)
    }))

  it.effect("reads an older event, which does not say whether its body is base64", () =>
    Effect.gen(function*() {
      const { isBase64Encoded: _isBase64, ...older } = { ...request, body: "{\"id\":\"o-1\"}" }
      assert.isUndefined((yield* decode(ApiGatewayV1.Event)(older)).isBase64Encoded)
      assert.deepStrictEqual((yield* decode(ApiGatewayV1.eventOf(Order))(older)).body, { id: "o-1" })
    }))

  it.effect("keeps every value of a name that comes twice", () =>
    Effect.gen(function*() {
      const event = yield* decode(ApiGatewayV1.Event)(request)
      assert.strictEqual(event.queryStringParameters?.["verbose"], "2")
      assert.deepStrictEqual(event.multiValueQueryStringParameters?.["verbose"], ["1", "2"])
    }))

  it.effect("reads the claims of a user pool", () =>
    Effect.gen(function*() {
      const { requestContext } = yield* decode(ApiGatewayV1.Event)(request)
      assert.strictEqual(requestContext.authorizer?.claims?.["sub"], "248289761001")
    }))

  it.effect("reads the context of a Lambda authorizer, under names of its own", () =>
    Effect.gen(function*() {
      const authorizer = { principalId: "jane", integrationLatency: 49, tenant: "7", quota: 3 }
      const { requestContext } = yield* decode(ApiGatewayV1.Event)(withContext({ authorizer }))
      assert.strictEqual(requestContext.authorizer?.principalId, "jane")
      assert.strictEqual(requestContext.authorizer?.["tenant"], "7")
      assert.strictEqual(requestContext.authorizer?.["quota"], 3)
    }))

  it.effect("reads a request of an HTTP API in the payload format 1.0, whose JWT has scopes and no claims", () =>
    Effect.gen(function*() {
      const event = yield* decode(ApiGatewayV1.Event)({
        ...withContext({ authorizer: { claims: null, scopes: ["a"] }, resourceId: null }),
        version: "1.0"
      })
      assert.strictEqual(event.version, "1.0")
      assert.deepStrictEqual(event.requestContext.authorizer?.scopes, ["a"])
    }))

  it.effect("refuses a request in the payload format 2.0", () =>
    Effect.gen(function*() {
      assert.include(
        yield* misfits(ApiGatewayV1.Event)({ version: "2.0", rawPath: "/", headers: {}, requestContext: {} }),
        "version"
      )
    }))

  it.effect("keeps what AWS will add", () =>
    Effect.gen(function*() {
      const event = { ...withContext({ region: "eu-central-1" }), shard: 7 }
      const decoded = yield* decode(ApiGatewayV1.Event)(event)
      assert.deepStrictEqual<unknown>(yield* encode(ApiGatewayV1.Event)(decoded), event)
    }))

  it.effect("decodes a body of JSON that came in base64", () =>
    Effect.gen(function*() {
      const body = Buffer.from("{\"id\":\"ü\"}").toString("base64")
      const event = yield* decode(ApiGatewayV1.eventOf(Order))({ ...request, body, isBase64Encoded: true })
      assert.deepStrictEqual(event.body, { id: "ü" })
    }))

  it.effect("leaves out what a result does not have, also where it is given as undefined", () =>
    Effect.gen(function*() {
      const result = yield* encode(ApiGatewayV1.Result)({ statusCode: 204, multiValueHeaders: undefined })
      assert.deepStrictEqual(result, { statusCode: 204 })
    }))
})
