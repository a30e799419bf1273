import * as Schema from "effect/Schema"
import * as Alb from "../../../src/events/Alb.ts"
import type { Shape } from "../shape.ts"

const sample = Alb.sample()

const { headers: _headers, queryStringParameters: _query, ...bare } = sample

/** Of a target group that has multi-value headers enabled. */
const multiValue = {
  ...bare,
  multiValueHeaders: { host: ["example.com"], cookie: ["a=1", "b=2"] },
  multiValueQueryStringParameters: { myKey: ["val1", "val2"], empty: [] }
}

/** What every request has. */
const sparse = { requestContext: sample.requestContext, httpMethod: "GET", path: "/" }

const Order = Schema.Struct({ id: Schema.String, placedAt: Schema.Date })

const order = JSON.stringify({ id: "o-1", placedAt: "2026-01-02T03:04:05.678Z" })

const base64 = (text: string) => Buffer.from(text).toString("base64")

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "Alb.Event",
    kind: "request",
    schema: Alb.Event,
    samples: [sample, multiValue, Alb.sampleHealthCheck(), sparse, { ...sample, body: null }],
    fixtures: ["alb"],
    refused: [
      [{ ...sample, requestContext: {} }, "requestContext.elb"],
      [{ ...multiValue, multiValueHeaders: { host: "example.com" } }, "multiValueHeaders.host"]
    ]
  },
  {
    name: "Alb.eventOf",
    kind: "request",
    schema: Alb.eventOf(Order),
    samples: [
      { ...sample, body: order },
      { ...multiValue, body: order },
      { ...sample, body: base64(order), isBase64Encoded: true }
    ],
    refused: [
      [{ ...sample, body: "{\"id\":1}" }, "body.id"],
      [Alb.sampleHealthCheck(), "body"]
    ]
  },
  {
    name: "Alb.Result",
    kind: "response",
    schema: Alb.Result,
    samples: [
      {
        statusCode: 200,
        statusDescription: "200 OK",
        headers: { "content-type": "text/html" },
        body: "<h1>Hello</h1>",
        isBase64Encoded: false
      },
      { statusCode: 200, multiValueHeaders: { "set-cookie": ["a=1; Secure", "b=2"] } },
      { statusCode: 204 }
    ],
    fixtures: ["alb-response"],
    refused: [[{ body: "no status" }, "statusCode"], [{ statusCode: 200, headers: { age: 3 } }, "headers.age"]]
  }
]
