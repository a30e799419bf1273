import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as LambdaEdge from "../../src/events/LambdaEdge.ts"
import { decode, encode, misfits } from "./codec.ts"

const requestEvent = LambdaEdge.sampleRequestEvent()

const cf = requestEvent.Records[0]?.cf

const withRequest = (request: object) => ({ Records: [{ cf: { ...cf, request: { ...cf?.request, ...request } } }] })

describe("LambdaEdge", () => {
  it.effect("takes any verb, such as TRACE", () =>
    Effect.gen(function*() {
      const { Records } = yield* decode(LambdaEdge.RequestEvent)(withRequest({ method: "TRACE" }))
      assert.strictEqual(Records[0]?.cf.request.method, "TRACE")
    }))

  it.effect("reads every value of a header", () =>
    Effect.gen(function*() {
      const cookie = [{ key: "Cookie", value: "a=1" }, { key: "cookie", value: "b=2" }]
      const { Records } = yield* decode(LambdaEdge.RequestEvent)(withRequest({ headers: { cookie } }))
      assert.deepStrictEqual(Records[0]?.cf.request.headers["cookie"], cookie)
    }))

  it.effect("reads an origin that is S3", () =>
    Effect.gen(function*() {
      const s3 = { authMethod: "none", customHeaders: {}, domainName: "b.s3.amazonaws.com", path: "", region: "" }
      const { Records } = yield* decode(LambdaEdge.RequestEvent)(withRequest({ origin: { s3 } }))
      assert.strictEqual(Records[0]?.cf.request.origin?.s3?.domainName, "b.s3.amazonaws.com")
      assert.isUndefined(Records[0]?.cf.request.origin?.custom)
    }))

  it.effect("answers a changed request with all that it does not know of it", () =>
    Effect.gen(function*() {
      const { Records } = yield* decode(LambdaEdge.RequestEvent)(withRequest({ future: { kept: true } }))
      const request = Records[0]?.cf.request
      assert.isDefined(request)
      const result = yield* encode(LambdaEdge.RequestResult)({ ...request, uri: "/index.html" })
      assert.deepStrictEqual<unknown>(result, { ...cf?.request, future: { kept: true }, uri: "/index.html" })
    }))

  it.effect("answers a changed response, whose status is text", () =>
    Effect.gen(function*() {
      const { Records } = yield* decode(LambdaEdge.ResponseEvent)(LambdaEdge.sampleResponseEvent())
      const response = Records[0]?.cf.response
      assert.isDefined(response)
      const result = yield* encode(LambdaEdge.ResponseResult)({ status: "404", headers: response.headers })
      assert.deepStrictEqual<unknown>(result, { status: "404", headers: response.headers })
      assert.deepStrictEqual(yield* misfits(LambdaEdge.ResponseResult)({ status: 404 }), ["status"])
    }))

  it.effect("leaves out what a response does not have, also where it is given as undefined", () =>
    Effect.gen(function*() {
      const result = yield* encode(LambdaEdge.RequestResult)({ status: "204", body: undefined })
      assert.deepStrictEqual(result, { status: "204" })
    }))
})
