import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as BedrockAgent from "../../src/events/BedrockAgent.ts"
import { decode, encode } from "./codec.ts"

describe("BedrockAgent", () => {
  it.effect("leaves the values of parameters text, whatever their type", () =>
    Effect.gen(function*() {
      const { parameters } = yield* decode(BedrockAgent.FunctionEvent)({
        ...BedrockAgent.sampleFunctionEvent(),
        parameters: [{ name: "ids", type: "array", value: "[1, 2]" }, { name: "all", type: "boolean", value: "true" }]
      })
      assert.deepStrictEqual(parameters?.map(({ value }) => value), ["[1, 2]", "true"])
    }))

  it.effect("reads the properties of a body by its media type", () =>
    Effect.gen(function*() {
      const { requestBody } = yield* decode(BedrockAgent.ApiEvent)(BedrockAgent.sampleApiEvent())
      assert.deepStrictEqual(
        requestBody?.content["application/json"]?.properties?.map(({ name, value }) => [name, value]),
        [["text", "Call first"], ["copies", "2"]]
      )
    }))

  it.effect("tells operations and functions apart", () =>
    Effect.gen(function*() {
      const name = (event: BedrockAgent.Event) => "function" in event ? event.function : event.apiPath
      assert.strictEqual(
        name(yield* decode(BedrockAgent.Event)(BedrockAgent.sampleFunctionEvent())),
        "findOrder"
      )
      assert.strictEqual(
        name(yield* decode(BedrockAgent.Event)(BedrockAgent.sampleApiEvent())),
        "/orders/{id}/notes"
      )
    }))

  it.effect("sends a body as text of JSON", () =>
    Effect.gen(function*() {
      const response = { actionGroup: "orders", apiPath: "/orders", httpMethod: "GET", httpStatusCode: 200 }
      const result = yield* encode(BedrockAgent.apiResultOf(Schema.Struct({ at: Schema.Date })))({
        messageVersion: "1.0",
        response: { ...response, responseBody: { "application/json": { body: { at: new Date(0) } } } },
        sessionAttributes: undefined
      })
      assert.deepStrictEqual(result, {
        messageVersion: "1.0",
        response: {
          ...response,
          responseBody: { "application/json": { body: "{\"at\":\"1970-01-01T00:00:00.000Z\"}" } }
        }
      })
    }))

  it.effect("takes what is kept for the session back as it came, null where there is none", () =>
    Effect.gen(function*() {
      const event = yield* decode(BedrockAgent.FunctionEvent)({
        ...BedrockAgent.sampleFunctionEvent(),
        promptSessionAttributes: null
      })
      const { actionGroup, messageVersion, promptSessionAttributes, sessionAttributes } = event
      const response = {
        actionGroup,
        function: event.function,
        functionResponse: { responseBody: { TEXT: { body: "sent" } } }
      }
      const result: BedrockAgent.FunctionResult = {
        messageVersion,
        sessionAttributes,
        promptSessionAttributes,
        response
      }
      assert.deepStrictEqual<unknown>(yield* encode(BedrockAgent.FunctionResult)(result), {
        messageVersion,
        sessionAttributes,
        response
      })
    }))
})
