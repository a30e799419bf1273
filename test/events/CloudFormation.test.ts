import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as CloudFormation from "../../src/events/CloudFormation.ts"
import { decode, encode, misfits } from "./codec.ts"

const Bucket = Schema.Struct({ Name: Schema.String, Size: Schema.FiniteFromString })

describe("CloudFormation", () => {
  it.effect("keeps the physical id of an update and a delete", () =>
    Effect.gen(function*() {
      const update = yield* decode(CloudFormation.Event)(CloudFormation.sampleUpdateEvent())
      assert.strictEqual(update.RequestType === "Update" && update.PhysicalResourceId, "images-1")
      const deletion = yield* decode(CloudFormation.eventOf(Bucket))(CloudFormation.sampleDeleteEvent())
      assert.strictEqual(deletion.RequestType === "Delete" && deletion.PhysicalResourceId, "images-1")
    }))

  it.effect("leaves properties as they come, which is text for numbers and booleans", () =>
    Effect.gen(function*() {
      const properties = { Size: "5", Versioned: "true", Rules: [{ Port: "80" }] }
      const event = yield* decode(CloudFormation.Event)(CloudFormation.sampleCreateEvent(properties))
      assert.deepInclude(event.ResourceProperties, properties)
    }))

  it.effect("reads numbers from the text of properties of a known shape", () =>
    Effect.gen(function*() {
      const event = yield* decode(CloudFormation.eventOf(Bucket))(
        CloudFormation.sampleUpdateEvent({ Name: "images", Size: "5" })
      )
      assert.deepStrictEqual(event.ResourceProperties, { Name: "images", Size: 5 })
    }))

  it.effect("lets a resource be deleted, and updated, whose properties an older template wrote", () =>
    Effect.gen(function*() {
      const deletion = yield* decode(CloudFormation.eventOf(Bucket))(CloudFormation.sampleDeleteEvent({ Title: "i" }))
      assert.deepInclude(deletion.ResourceProperties, { Title: "i" })
      const update = yield* decode(CloudFormation.eventOf(Bucket))(
        CloudFormation.sampleUpdateEvent({ Name: "images", Size: "5" }, { Title: "i" })
      )
      assert.deepInclude(update.RequestType === "Update" && update.OldResourceProperties, { Title: "i" })
    }))

  it.effect("reads a response URL that is none, as samples have it", () =>
    Effect.gen(function*() {
      const event = yield* decode(CloudFormation.Event)({
        ...CloudFormation.sampleCreateEvent(),
        ResponseURL: "pre-signed-url-for-create-response"
      })
      assert.strictEqual(event.ResponseURL, "pre-signed-url-for-create-response")
    }))

  it.effect("responds with what CloudFormation wants echoed", () =>
    Effect.gen(function*() {
      const event = yield* decode(CloudFormation.Event)(CloudFormation.sampleUpdateEvent())
      const response = CloudFormation.respond(event, { Status: "SUCCESS", Data: { Arn: "arn" } })
      assert.deepStrictEqual(yield* encode(CloudFormation.Response)(response), {
        Status: "SUCCESS",
        PhysicalResourceId: "images-1",
        StackId: event.StackId,
        RequestId: event.RequestId,
        LogicalResourceId: "Images",
        Data: { Arn: "arn" }
      })
    }))

  it.effect("names a new resource by the response, or by its request", () =>
    Effect.gen(function*() {
      const event = yield* decode(CloudFormation.Event)(CloudFormation.sampleCreateEvent())
      const success = CloudFormation.respond({ Status: "SUCCESS" })
      assert.strictEqual(success(event).PhysicalResourceId, event.RequestId)
      const named = CloudFormation.respond(event, { Status: "SUCCESS", PhysicalResourceId: "images-2" })
      assert.strictEqual(named.PhysicalResourceId, "images-2")
    }))

  it.effect("refuses a failure that says no reason", () =>
    Effect.gen(function*() {
      const event = yield* decode(CloudFormation.Event)(CloudFormation.sampleDeleteEvent())
      const response = { ...CloudFormation.respond(event, { Status: "SUCCESS" }), Status: "FAILED" }
      assert.deepStrictEqual(yield* misfits(CloudFormation.Response)(response), ["Reason"])
    }))

  it.effect("leaves out of a macro's result what it does not say", () =>
    Effect.gen(function*() {
      const result = { requestId: "r-1", status: "success", fragment: {}, errorMessage: undefined }
      assert.deepStrictEqual(yield* encode(CloudFormation.MacroResult)(result), {
        requestId: "r-1",
        status: "success",
        fragment: {}
      })
    }))
})
