import * as Schema from "effect/Schema"
import * as ApiGatewayV1 from "../../../src/events/ApiGatewayV1.ts"
import type { Shape } from "../shape.ts"

const sample = ApiGatewayV1.sample()

const { isBase64Encoded: _isBase64Encoded, ...withoutEncoding } = sample

const withContext = (context: object) => ({ ...sample, requestContext: { ...sample.requestContext, ...context } })

const clientCert = {
  clientCertPem: "-----BEGIN CERTIFICATE-----",
  subjectDN: "www.example.com",
  issuerDN: "Example issuer",
  serialNumber: "a1:a1:a1:a1:a1:a1:a1:a1:a1:a1:a1:a1:a1:a1:a1:a1",
  validity: { notBefore: "May 28 12:30:02 2019 GMT", notAfter: "Aug  5 09:36:04 2021 GMT" }
}

/** A test from the console. */
const ofConsole = {
  resource: "/pets",
  path: "/pets",
  httpMethod: "GET",
  headers: null,
  multiValueHeaders: null,
  queryStringParameters: null,
  multiValueQueryStringParameters: null,
  pathParameters: null,
  stageVariables: null,
  requestContext: {
    resourceId: "ddw8yd",
    resourcePath: "/pets",
    httpMethod: "GET",
    extendedRequestId: "NvWWKEZbliAFliA=",
    requestTime: "18/Feb/2022:13:23:12 +0000",
    path: "/pets",
    accountId: "123456789012",
    protocol: "HTTP/1.1",
    stage: "test-invoke-stage",
    domainPrefix: "testPrefix",
    requestTimeEpoch: 1645190592446,
    requestId: "e5488776-afe4-4e5e-92b1-37bd23f234d6",
    identity: {
      apiKey: "test-invoke-api-key",
      apiKeyId: "test-invoke-api-key-id",
      sourceIp: "test-invoke-source-ip",
      userAgent: "aws-internal/3",
      user: null
    },
    domainName: "testPrefix.testDomainName",
    apiId: "api-id"
  },
  body: null,
  isBase64Encoded: false
}

/** An HTTP API in the payload format 1.0. */
const ofHttpApi = {
  ...sample,
  version: "1.0",
  cookies: ["session=abc"],
  requestContext: {
    ...sample.requestContext,
    authorizer: { claims: null, scopes: null },
    identity: { ...sample.requestContext.identity, cognitoAmr: null, clientCert },
    resourceId: null
  }
}

/** What every request has. */
const sparse = {
  resource: "/",
  path: "/",
  httpMethod: "GET",
  requestContext: {
    accountId: "123456789012",
    apiId: "api-id",
    httpMethod: "GET",
    identity: { sourceIp: "192.0.2.1" },
    requestId: "id",
    requestTimeEpoch: 1584039838000,
    stage: "prod"
  }
}

const Order = Schema.Struct({ id: Schema.String, placedAt: Schema.Date })

const order = JSON.stringify({ id: "o-1", placedAt: "2026-01-02T03:04:05.678Z" })

const base64 = (text: string) => Buffer.from(text).toString("base64")

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "ApiGatewayV1.Event",
    kind: "request",
    schema: ApiGatewayV1.Event,
    samples: [
      sample,
      withoutEncoding,
      sparse,
      ofConsole,
      ofHttpApi,
      withContext({ authorizer: null }),
      withContext({ authorizer: { principalId: "user|a1b2c3d4", integrationLatency: 49, tenant: "7", admin: "true" } }),
      withContext({ authorizer: { claims: { scope: "a b" }, scopes: ["a", "b"] } })
    ],
    fixtures: ["api-gateway-proxy-v1"],
    refused: [
      [{ ...sample, version: "2.0" }, "version"],
      [{ ...sample, headers: { Host: ["a"] } }, "headers.Host"],
      [withContext({ requestTimeEpoch: "1584039838000" }), "requestContext.requestTimeEpoch"]
    ]
  },
  {
    name: "ApiGatewayV1.eventOf",
    kind: "request",
    schema: ApiGatewayV1.eventOf(Order),
    samples: [
      { ...sample, body: order },
      { ...withoutEncoding, body: order },
      { ...sample, body: base64(order), isBase64Encoded: true }
    ],
    refused: [
      [{ ...sample, body: "{\"id\":1}" }, "body.id"],
      [{ ...sample, body: base64("{\"id\":1}"), isBase64Encoded: true }, "body.id"],
      [ofConsole, "body"]
    ]
  },
  {
    name: "ApiGatewayV1.Result",
    kind: "response",
    schema: ApiGatewayV1.Result,
    samples: [
      {
        statusCode: 200,
        headers: { "content-type": "application/json", age: 3, ok: true },
        multiValueHeaders: { "set-cookie": ["a=1; Secure", "b=2"] },
        body: "{}",
        isBase64Encoded: false
      },
      { statusCode: 204 }
    ],
    fixtures: ["api-gateway-proxy-v1-response"],
    refused: [
      [{ body: "no status" }, "statusCode"],
      [{ statusCode: 200, body: { id: 1 } }, "body"]
    ]
  }
]
