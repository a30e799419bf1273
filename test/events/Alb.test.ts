import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Alb from "../../src/events/Alb.ts"
import { decode, encode, misfits } from "./codec.ts"

const request = Alb.sample()

const Order = Schema.Struct({ id: Schema.String })

const { headers: _headers, queryStringParameters: _query, ...bare } = request

describe("Alb", () => {
  it.effect("takes any verb, such as TRACE", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* decode(Alb.Event)({ ...request, httpMethod: "TRACE" })).httpMethod, "TRACE")
    }))

  it.effect("reads a target group that has multi-value headers enabled, which sends no `headers`", () =>
    Effect.gen(function*() {
      const event = yield* decode(Alb.Event)({
        ...bare,
        multiValueHeaders: { cookie: ["a=1", "b=2"] },
        multiValueQueryStringParameters: { page: ["1", "2"] }
      })
      assert.isUndefined(event.headers)
      assert.deepStrictEqual(event.multiValueHeaders?.["cookie"], ["a=1", "b=2"])
      assert.deepStrictEqual(event.multiValueQueryStringParameters?.["page"], ["1", "2"])
    }))

  it.effect("leaves a query encoded, as it came", () =>
    Effect.gen(function*() {
      const event = yield* decode(Alb.Event)(request)
      assert.strictEqual(event.queryStringParameters?.["customer"], "Mary%20Major")
    }))

  it.effect("knows a health check, by whichever headers the target group sends", () =>
    Effect.gen(function*() {
      assert.isTrue(Alb.isHealthCheck(yield* decode(Alb.Event)(Alb.sampleHealthCheck())))
      assert.isTrue(Alb.isHealthCheck({ multiValueHeaders: { "user-agent": ["ELB-HealthChecker/2.0"] } }))
      assert.isFalse(Alb.isHealthCheck(yield* decode(Alb.Event)(request)))
      assert.isFalse(Alb.isHealthCheck({ headers: { "user-agent": "curl ELB-HealthChecker/2.0" } }))
      assert.isFalse(Alb.isHealthCheck({ headers: null, multiValueHeaders: null }))
    }))

  it.effect("decodes a body of JSON, as text or in base64", () =>
    Effect.gen(function*() {
      const asText = yield* decode(Alb.eventOf(Order))({ ...request, body: "{\"id\":\"ü\"}" })
      assert.deepStrictEqual(asText.body, { id: "ü" })
      const body = Buffer.from("{\"id\":\"ü\"}").toString("base64")
      const asBytes = yield* decode(Alb.eventOf(Order))({ ...request, body, isBase64Encoded: true })
      assert.deepStrictEqual(asBytes.body, { id: "ü" })
    }))

  it.effect("takes health checks beside bodies of JSON by a union", () =>
    Effect.gen(function*() {
      const Request = Schema.Union([Alb.eventOf(Order), Alb.Event])
      assert.strictEqual((yield* decode(Request)(Alb.sampleHealthCheck())).body, "")
      assert.deepStrictEqual((yield* decode(Request)({ ...request, body: "{\"id\":\"a\"}" })).body, { id: "a" })
    }))

  it.effect("refuses a request of API Gateway", () =>
    Effect.gen(function*() {
      const event = { ...request, requestContext: { accountId: "123456789012" } }
      assert.deepStrictEqual(yield* misfits(Alb.Event)(event), ["requestContext.elb"])
    }))

  it.effect("leaves out what a result does not have, also where it is given as undefined", () =>
    Effect.gen(function*() {
      const result = yield* encode(Alb.Result)({
        statusCode: 204,
        headers: undefined,
        statusDescription: "204 No Content"
      })
      assert.deepStrictEqual(result, { statusCode: 204, statusDescription: "204 No Content" })
    }))
})
