import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as ApiGatewayV2 from "../../src/events/ApiGatewayV2.ts"
import * as Timestamp from "../../src/events/Timestamp.ts"
import * as VpcLattice from "../../src/events/VpcLattice.ts"
import { decode, misfits } from "./codec.ts"

const v1 = VpcLattice.sampleEventV1()

const v2 = VpcLattice.sampleEventV2()

const Order = Schema.Struct({ id: Schema.String })

describe("VpcLattice", () => {
  it.effect("takes any verb, such as TRACE", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* decode(VpcLattice.EventV2)({ ...v2, method: "TRACE" })).method, "TRACE")
      assert.strictEqual((yield* decode(VpcLattice.EventV1)({ ...v1, method: "TRACE" })).method, "TRACE")
    }))

  it.effect("reads the lists of values that headers and query are in the version 2.0", () =>
    Effect.gen(function*() {
      const event = yield* decode(VpcLattice.EventV2)({ ...v2, headers: { multi: ["a", "b"] } })
      assert.deepStrictEqual(event.headers["multi"], ["a", "b"])
      assert.deepStrictEqual(event.queryStringParameters?.["verbose"], ["1", "2"])
    }))

  it.effect("reads an identity by the names that VPC Lattice writes: principalOrgID, x509SubjectCn", () =>
    Effect.gen(function*() {
      const identity = { principalOrgID: "o-1", x509SubjectCn: "partner.example.com", x509SanNameCn: "Example" }
      const { requestContext } = yield* decode(VpcLattice.EventV2)({
        ...v2,
        requestContext: { ...v2.requestContext, identity }
      })
      assert.strictEqual(requestContext.identity?.principalOrgID, "o-1")
      assert.strictEqual(requestContext.identity?.x509SubjectCn, "partner.example.com")
      assert.strictEqual(requestContext.identity?.x509SanNameCn, "Example")
    }))

  it.effect("has a time that Timestamp.EpochMicrosText decodes", () =>
    Effect.gen(function*() {
      const { requestContext } = yield* decode(VpcLattice.EventV2)(v2)
      const time = yield* decode(Timestamp.EpochMicrosText)(requestContext.timeEpoch)
      assert.strictEqual(time.epochMilliseconds, 1690497599177)
    }))

  it.effect("is not taken for a request of API Gateway, and takes none of it", () =>
    Effect.gen(function*() {
      assert.include(yield* misfits(VpcLattice.EventV2)(ApiGatewayV2.sample()), "path")
      assert.include(yield* misfits(ApiGatewayV2.Event)(v2), "rawPath")
    }))

  it.effect("tells its versions apart", () =>
    Effect.gen(function*() {
      const path = (event: VpcLattice.Event) => "version" in event ? event.path : event.raw_path
      assert.strictEqual(path(yield* decode(VpcLattice.Event)({ ...v2, path: "/2" })), "/2")
      assert.strictEqual(path(yield* decode(VpcLattice.Event)({ ...v1, raw_path: "/1" })), "/1")
    }))

  it.effect("decodes a body of JSON in both versions, as text or in base64", () =>
    Effect.gen(function*() {
      const text = "{\"id\":\"ü\"}"
      const body = Buffer.from(text).toString("base64")
      const bodies = [
        yield* decode(VpcLattice.eventV2Of(Order))({ ...v2, body: text }),
        yield* decode(VpcLattice.eventV2Of(Order))({ ...v2, body, isBase64Encoded: true }),
        yield* decode(VpcLattice.eventV1Of(Order))({ ...v1, body: text }),
        yield* decode(VpcLattice.eventV1Of(Order))({ ...v1, body, is_base64_encoded: true })
      ].map((event) => event.body.id)
      assert.deepStrictEqual(bodies, ["ü", "ü", "ü", "ü"])
    }))
})
