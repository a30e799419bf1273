import * as Schema from "effect/Schema"
import * as FunctionUrl from "../../../src/events/FunctionUrl.ts"
import type { Shape } from "../shape.ts"

const sample = FunctionUrl.sample()

const { cookies: _cookies, body: _body, queryStringParameters: _query, routeKey: _route, ...minimal } = sample

const { routeKey: _routeKey, stage: _stage, ...minimalContext } = sample.requestContext

/** What every request has. */
const sparse = {
  version: "2.0",
  rawPath: "/",
  rawQueryString: "",
  headers: {},
  requestContext: {
    accountId: "anonymous",
    apiId: "url-id",
    domainName: "url-id.lambda-url.us-west-2.on.aws",
    http: { method: "GET", path: "/", sourceIp: "192.0.2.1" },
    requestId: "id",
    timeEpoch: 1584039838000
  }
}

const Order = Schema.Struct({ id: Schema.String, placedAt: Schema.Date })

const order = JSON.stringify({ id: "o-1", placedAt: "2026-01-02T03:04:05.678Z" })

const base64 = (text: string) => Buffer.from(text).toString("base64")

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "FunctionUrl.Event",
    kind: "request",
    schema: FunctionUrl.Event,
    samples: [
      sample,
      sparse,
      { ...minimal, requestContext: { ...minimalContext, accountId: "anonymous", authorizer: { iam: {} } } },
      {
        ...sample,
        body: null,
        pathParameters: null,
        stageVariables: null,
        requestContext: { ...sample.requestContext, authentication: null, authorizer: null }
      }
    ],
    fixtures: ["lambda-function-url"],
    refused: [
      [{ ...sample, version: "1.0" }, "version"],
      [{ ...sample, headers: { host: 1 } }, "headers.host"]
    ]
  },
  {
    name: "FunctionUrl.eventOf",
    kind: "request",
    schema: FunctionUrl.eventOf(Order),
    samples: [{ ...sample, body: order }, { ...sample, body: base64(order), isBase64Encoded: true }],
    refused: [
      [{ ...sample, body: "{\"id\":1}" }, "body.id"],
      [minimal, "body"]
    ]
  },
  {
    name: "FunctionUrl.Result",
    kind: "response",
    schema: FunctionUrl.Result,
    samples: [
      {
        statusCode: 201,
        headers: { "content-type": "application/json", age: 3 },
        cookies: ["a=1; Secure"],
        body: "{}",
        isBase64Encoded: false
      },
      { statusCode: 204 }
    ],
    fixtures: ["lambda-function-url-response"],
    refused: [[{ message: "no status" }, "statusCode"]]
  },
  {
    name: "FunctionUrl.StreamPrelude",
    kind: "response",
    schema: FunctionUrl.StreamPrelude,
    samples: [
      {
        statusCode: 200,
        headers: { "content-type": "text/html" },
        multiValueHeaders: { via: ["a", "b"] },
        cookies: ["a=1"]
      },
      {}
    ],
    refused: [[{ statusCode: 200, headers: { age: 3 } }, "headers.age"]]
  }
]
