import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as ApiGatewayV2 from "../../src/events/ApiGatewayV2.ts"
import { decode, encode, misfits } from "./codec.ts"

const request = ApiGatewayV2.sample()

const Order = Schema.Struct({ id: Schema.String })

const withHttp = (http: object) => ({
  ...request,
  requestContext: { ...request.requestContext, http: { ...request.requestContext.http, ...http } }
})

describe("ApiGatewayV2", () => {
  it.effect("takes any verb, such as TRACE", () =>
    Effect.gen(function*() {
      const { requestContext } = yield* decode(ApiGatewayV2.Event)(withHttp({ method: "TRACE" }))
      assert.strictEqual(requestContext.http.method, "TRACE")
    }))

  it.effect.each(["IP", "192.168.0.1/32", "2001:db8::1"])(
    "does not judge the address %s",
    (sourceIp) =>
      Effect.gen(function*() {
        const { requestContext } = yield* decode(ApiGatewayV2.Event)(withHttp({ sourceIp }))
        assert.strictEqual(requestContext.http.sourceIp, sourceIp)
      })
  )

  it.effect("reads what is null when CloudFront signs the requests", () =>
    Effect.gen(function*() {
      const { requestContext } = yield* decode(ApiGatewayV2.Event)({
        ...request,
        requestContext: {
          ...request.requestContext,
          authorizer: { iam: { accessKey: "a", cognitoIdentity: null, principalOrgId: null } }
        }
      })
      assert.isNull(requestContext.authorizer?.iam?.cognitoIdentity)
    }))

  it.effect("decodes a body of JSON that came in base64", () =>
    Effect.gen(function*() {
      const body = Buffer.from("{\"id\":\"ü\"}").toString("base64")
      const event = yield* decode(ApiGatewayV2.eventOf(Order))({ ...request, body, isBase64Encoded: true })
      assert.deepStrictEqual(event.body, { id: "ü" })
      assert.strictEqual((yield* encode(ApiGatewayV2.eventOf(Order))(event)).body, body)
    }))

  it.effect("refuses a body that is missing, no JSON, or no text", () =>
    Effect.gen(function*() {
      const at = misfits(ApiGatewayV2.eventOf(Order))
      const { body: _, ...bodyless } = request
      assert.include(yield* at(bodyless), "body")
      assert.include(yield* at({ ...request, body: "{" }), "body")
      assert.include(yield* at({ ...request, body: "gIA=", isBase64Encoded: true }), "body")
    }))

  it.effect("names the header that is no text", () =>
    Effect.gen(function*() {
      const event = { ...request, headers: { host: "a", "content-length": 17 } }
      assert.deepStrictEqual(yield* misfits(ApiGatewayV2.Event)(event), ["headers[\"content-length\"]"])
    }))

  it.effect("keeps what AWS will add", () =>
    Effect.gen(function*() {
      const event = { ...request, requestContext: { ...request.requestContext, region: "eu-central-1" }, shard: 7 }
      const decoded = yield* decode(ApiGatewayV2.Event)(event)
      assert.deepStrictEqual<unknown>(yield* encode(ApiGatewayV2.Event)(decoded), event)
    }))

  it.effect("leaves out what a result does not have, also where it is given as undefined", () =>
    Effect.gen(function*() {
      const result = yield* encode(ApiGatewayV2.Result)({ statusCode: 204, headers: undefined, body: undefined })
      assert.deepStrictEqual(result, { statusCode: 204 })
    }))
})
