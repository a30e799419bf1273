import * as Schema from "effect/Schema"
import * as BedrockAgent from "../../../src/events/BedrockAgent.ts"
import type { Shape } from "../shape.ts"

const api = BedrockAgent.sampleApiEvent()

const { requestBody: _, ...withoutBody } = api

const { parameters: __, ...withoutParameters } = api

const ofFunction = BedrockAgent.sampleFunctionEvent()

/** What every event has. */
const sparse = {
  messageVersion: "1.0",
  agent: api.agent,
  sessionId: "s-1",
  actionGroup: "orders",
  apiPath: "/orders",
  httpMethod: "GET"
}

const apiResult = {
  messageVersion: "1.0",
  response: {
    actionGroup: api.actionGroup,
    apiPath: api.apiPath,
    httpMethod: api.httpMethod,
    httpStatusCode: 200,
    responseBody: { "application/json": { body: "{\"at\":\"2026-01-02T03:04:05.678Z\"}" } }
  },
  sessionAttributes: { customer: "c-1" },
  promptSessionAttributes: {}
}

const functionResult = {
  messageVersion: "1.0",
  response: {
    actionGroup: "orders",
    function: "findOrder",
    functionResponse: { responseState: "REPROMPT", responseBody: { TEXT: { body: "Which order?" } } }
  }
}

const succeeded = {
  ...functionResult,
  response: { ...functionResult.response, functionResponse: { responseBody: { TEXT: { body: "" } } } },
  knowledgeBasesConfiguration: [{
    knowledgeBaseId: "KB12345678",
    retrievalConfiguration: { vectorSearchConfiguration: { numberOfResults: 3, filter: {} } }
  }]
}

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "BedrockAgent.Event",
    kind: "request",
    schema: BedrockAgent.Event,
    samples: [api, ofFunction],
    fixtures: ["bedrock-agent"],
    refused: [[{ ...api, agent: null }, "agent"]]
  },
  {
    name: "BedrockAgent.ApiEvent",
    kind: "request",
    schema: BedrockAgent.ApiEvent,
    samples: [
      api,
      withoutBody,
      withoutParameters,
      sparse,
      { ...sparse, requestBody: { content: { "application/json": {}, "text/plain": { properties: null } } } },
      { ...api, sessionAttributes: {}, promptSessionAttributes: null, parameters: [], requestBody: null }
    ],
    fixtures: ["bedrock-agent"],
    refused: [
      [{ ...api, parameters: [{ name: "id", type: "number", value: 7 }] }, "parameters[0].value"],
      [ofFunction, "apiPath"]
    ]
  },
  {
    name: "BedrockAgent.FunctionEvent",
    kind: "request",
    schema: BedrockAgent.FunctionEvent,
    samples: [ofFunction, { ...ofFunction, parameters: [] }],
    refused: [[api, "function"]]
  },
  {
    name: "BedrockAgent.ApiResult",
    kind: "response",
    schema: BedrockAgent.ApiResult,
    samples: [apiResult],
    refused: [[functionResult, "response.apiPath"]]
  },
  {
    name: "BedrockAgent.apiResultOf",
    kind: "response",
    schema: BedrockAgent.apiResultOf(Schema.Struct({ at: Schema.Date })),
    samples: [apiResult],
    refused: [[
      {
        ...apiResult,
        response: { ...apiResult.response, responseBody: { "application/json": { body: "{}" } } }
      },
      "response.responseBody[\"application/json\"].body.at"
    ]]
  },
  {
    name: "BedrockAgent.FunctionResult",
    kind: "response",
    schema: BedrockAgent.FunctionResult,
    samples: [functionResult, succeeded],
    refused: [[apiResult, "response.function"]]
  }
]
