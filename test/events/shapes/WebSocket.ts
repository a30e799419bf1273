import * as Schema from "effect/Schema"
import * as WebSocket from "../../../src/events/WebSocket.ts"
import type { Shape } from "../shape.ts"

const sample = WebSocket.sample()

const connect = WebSocket.sampleConnect()

const disconnect = WebSocket.sampleDisconnect()

const withContext = (context: object) => ({ ...sample, requestContext: { ...sample.requestContext, ...context } })

/** What every event has. */
const sparse = {
  requestContext: {
    apiId: "api-id",
    connectionId: "e2u7kd-gIAMCJ0g=",
    domainName: "api-id.execute-api.us-east-1.amazonaws.com",
    eventType: "MESSAGE",
    identity: { sourceIp: "192.0.2.1" },
    requestId: "id",
    requestTimeEpoch: 1674162807345,
    routeKey: "$default",
    stage: "prod"
  }
}

const Chat = Schema.Struct({ action: Schema.Literal("say"), at: Schema.Date })

const chat = JSON.stringify({ action: "say", at: "2026-01-02T03:04:05.678Z" })

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "WebSocket.Event",
    kind: "request",
    schema: WebSocket.Event,
    samples: [
      sample,
      sparse,
      connect,
      disconnect,
      {
        ...connect,
        queryStringParameters: null,
        multiValueQueryStringParameters: null,
        stageVariables: null,
        body: null
      },
      withContext({ routeKey: "say", authorizer: { principalId: "jane", integrationLatency: 12, tenant: "7" } }),
      withContext({ authorizer: null, messageId: null, disconnectReason: null, disconnectStatusCode: null })
    ],
    fixtures: ["api-gateway-websocket"],
    refused: [
      [withContext({ eventType: "OTHER" }), "requestContext.eventType"],
      [withContext({ connectionId: null }), "requestContext.connectionId"]
    ]
  },
  {
    name: "WebSocket.eventOf",
    kind: "request",
    schema: WebSocket.eventOf(Chat),
    samples: [
      { ...sample, body: chat },
      { ...sample, body: Buffer.from(chat).toString("base64"), isBase64Encoded: true }
    ],
    refused: [
      [{ ...sample, body: "{\"action\":\"shout\"}" }, "body.action"],
      [connect, "body"]
    ]
  },
  {
    name: "WebSocket.Result",
    kind: "response",
    schema: WebSocket.Result,
    samples: [
      { statusCode: 200 },
      {
        statusCode: 200,
        headers: { "Sec-WebSocket-Protocol": "chat" },
        multiValueHeaders: { "x-a": ["1", "2"] },
        body: "{\"said\":true}",
        isBase64Encoded: false
      }
    ],
    refused: [[{ body: "no status" }, "statusCode"]]
  }
]
