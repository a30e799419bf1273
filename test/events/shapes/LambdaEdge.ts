import * as LambdaEdge from "../../../src/events/LambdaEdge.ts"
import type { Shape } from "../shape.ts"

const requestEvent = LambdaEdge.sampleRequestEvent()

const responseEvent = LambdaEdge.sampleResponseEvent()

const cf = requestEvent.Records[0]?.cf

const withRequest = (request: object, eventType = "origin-request") => ({
  Records: [{ cf: { config: { ...cf?.config, eventType }, request: { ...cf?.request, ...request } } }]
})

const { origin: _origin, ...ofViewer } = { ...cf?.request }

const ofViewerRequest = {
  Records: [{ cf: { config: { ...cf?.config, eventType: "viewer-request" }, request: ofViewer } }]
}

const body = { action: "read-only", data: "aGVsbG8=", encoding: "base64", inputTruncated: false }

const s3 = {
  authMethod: "origin-access-identity",
  customHeaders: { "x-env": [{ key: "X-Env", value: "prod" }] },
  domainName: "amzn-s3-demo-bucket.s3.amazonaws.com",
  path: "/site",
  region: "us-east-1"
}

const generated = {
  status: "302",
  statusDescription: "Found",
  headers: { location: [{ key: "Location", value: "https://example.com/" }], "x-short": [{ value: "a" }] },
  bodyEncoding: "text",
  body: ""
}

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "LambdaEdge.RequestEvent",
    kind: "request",
    schema: LambdaEdge.RequestEvent,
    samples: [
      requestEvent,
      ofViewerRequest,
      withRequest({ body }),
      withRequest({ origin: { s3 } }),
      withRequest({ origin: { s3: { authMethod: "none", domainName: "b", path: "" } } }),
      withRequest({ origin: { custom: { domainName: "example.org", path: "", port: 80, protocol: "http" } } }),
      withRequest({ body: { action: "read-only", data: "", encoding: "base64" } }),
      { Records: [{ cf: { config: { distributionId: "E", eventType: "viewer-request" }, request: ofViewer } }] }
    ],
    refused: [
      [responseEvent, "Records[0].cf.config.eventType"],
      [withRequest({ headers: { host: "example.org" } }), "Records[0].cf.request.headers.host"],
      [withRequest({ origin: { s3: { ...s3, domainName: 7 } } }), "Records[0].cf.request.origin.s3.domainName"]
    ]
  },
  {
    name: "LambdaEdge.ResponseEvent",
    kind: "request",
    schema: LambdaEdge.ResponseEvent,
    samples: [
      responseEvent,
      {
        Records: [{
          cf: { ...responseEvent.Records[0]?.cf, response: { status: "200", headers: {} } }
        }]
      },
      {
        Records: [{
          cf: {
            ...responseEvent.Records[0]?.cf,
            config: { ...cf?.config, eventType: "origin-response" },
            request: cf?.request
          }
        }]
      }
    ],
    refused: [[requestEvent, "Records[0].cf.config.eventType"]]
  },
  {
    name: "LambdaEdge.RequestResult",
    kind: "response",
    schema: LambdaEdge.RequestResult,
    samples: [
      cf?.request,
      generated,
      { status: "204" },
      null,
      { ...cf?.request, body: { action: "replace", data: "hello", encoding: "text" }, future: { kept: true } }
    ]
  },
  {
    name: "LambdaEdge.ResponseResult",
    kind: "response",
    schema: LambdaEdge.ResponseResult,
    samples: [
      responseEvent.Records[0]?.cf.response,
      { ...generated, future: { kept: true } },
      { ...generated, bodyEncoding: "base64", body: "aGVsbG8=" },
      null
    ],
    refused: [[{ ...generated, status: 302 }, "status"], [{ ...generated, bodyEncoding: "gzip" }, "bodyEncoding"]]
  }
]
