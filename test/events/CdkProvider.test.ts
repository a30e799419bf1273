import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as CdkProvider from "../../src/events/CdkProvider.ts"
import { decode, encode } from "./codec.ts"

const Size = Schema.Struct({ Size: Schema.FiniteFromString })

describe("CdkProvider", () => {
  it.effect("reads a request without the URL that CloudFormation is answered at", () =>
    Effect.gen(function*() {
      const { ResponseURL: _, ...request } = CdkProvider.sample()
      const event = yield* decode(CdkProvider.OnEventRequest)(request)
      assert.isUndefined(event.ResponseURL)
      assert.strictEqual(event.RequestType, "Create")
    }))

  it.effect("knows the physical id of what is updated or deleted, also for its types", () =>
    Effect.gen(function*() {
      const event = yield* decode(CdkProvider.OnEventRequest)({
        ...CdkProvider.sample(),
        RequestType: "Delete",
        PhysicalResourceId: "orders-1"
      })
      const id: string = event.RequestType === "Create" ? "" : event.PhysicalResourceId
      assert.strictEqual(id, "orders-1")
    }))

  it.effect("gives isComplete what onEvent has answered, with the fields of its own", () =>
    Effect.gen(function*() {
      const response: unknown = yield* encode(CdkProvider.onEventResponseOf({ JobId: Schema.String }))({
        PhysicalResourceId: "orders-1",
        Data: { Arn: "arn" },
        NoEcho: undefined,
        JobId: "j-1"
      })
      assert.deepStrictEqual(response, { PhysicalResourceId: "orders-1", Data: { Arn: "arn" }, JobId: "j-1" })
      const request = yield* decode(CdkProvider.isCompleteRequestOf(Size, { JobId: Schema.String }))(
        Object.assign({}, CdkProvider.sample({ Size: "5" }), response)
      )
      assert.strictEqual(request.JobId, "j-1")
      assert.strictEqual(request.PhysicalResourceId, "orders-1")
      assert.deepStrictEqual(request.Data, { Arn: "arn" })
      assert.deepStrictEqual(request.ResourceProperties, { Size: 5 })
    }))

  it.effect("sends no data of what is not complete, which the framework refuses", () =>
    Effect.gen(function*() {
      const result = { IsComplete: false, Data: {} } as const
      assert.deepStrictEqual(yield* encode(CdkProvider.IsCompleteResponse)(result), { IsComplete: false })
    }))
})
