import * as Schema from "effect/Schema"
import * as ApiGatewayV2 from "../../../src/events/ApiGatewayV2.ts"
import type { Shape } from "../shape.ts"

const sample = ApiGatewayV2.sample()

const { cookies: _cookies, pathParameters: _path, queryStringParameters: _query, stageVariables: _stage, ...minimal } =
  sample

const withAuthorizer = (authorizer: unknown, authentication?: unknown) => ({
  ...sample,
  requestContext: { ...sample.requestContext, authorizer, ...authentication === undefined ? {} : { authentication } }
})

const clientCert = {
  clientCertPem: "-----BEGIN CERTIFICATE-----",
  subjectDN: "www.example.com",
  issuerDN: "Example issuer",
  serialNumber: "a1:a1:a1:a1:a1:a1:a1:a1:a1:a1:a1:a1:a1:a1:a1:a1",
  validity: { notBefore: "May 28 12:30:02 2019 GMT", notAfter: "Aug  5 09:36:04 2021 GMT" }
}

const Order = Schema.Struct({ id: Schema.String, placedAt: Schema.Date })

const order = JSON.stringify({ id: "o-1", placedAt: "2026-01-02T03:04:05.678Z" })

const base64 = (text: string) => Buffer.from(text).toString("base64")

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "ApiGatewayV2.Event",
    kind: "request",
    schema: ApiGatewayV2.Event,
    samples: [
      sample,
      minimal,
      {
        ...minimal,
        body: null,
        cookies: null,
        pathParameters: null,
        queryStringParameters: null,
        stageVariables: null
      },
      withAuthorizer({ jwt: { claims: { scope: "[a b]" }, scopes: null } }, { clientCert }),
      withAuthorizer({ lambda: null }, { clientCert: null }),
      withAuthorizer({ lambda: { tenant: 7, roles: ["admin"], limits: { a: null } } }),
      withAuthorizer({
        iam: {
          accessKey: "AKIAIOSFODNN7EXAMPLE",
          accountId: "111122223333",
          callerId: "AIDACKCEVSQ6C2EXAMPLE",
          cognitoIdentity: null,
          principalOrgId: null,
          userArn: "arn:aws:iam::111122223333:user/example-user",
          userId: "AIDACOSFODNN7EXAMPLE2"
        }
      })
    ],
    fixtures: ["api-gateway-proxy-v2"],
    refused: [
      [{ ...sample, version: "1.0" }, "version"],
      [{ ...sample, headers: { ...sample.headers, host: 1 } }, "headers.host"]
    ]
  },
  {
    name: "ApiGatewayV2.eventOf",
    kind: "request",
    schema: ApiGatewayV2.eventOf(Order),
    samples: [{ ...sample, body: order }, { ...sample, body: base64(order), isBase64Encoded: true }],
    refused: [
      [{ ...sample, body: "{\"id\":1}" }, "body.id"],
      [{ ...sample, body: base64("{\"id\":1}"), isBase64Encoded: true }, "body.id"],
      [minimal.body === undefined ? minimal : { ...sample, body: null }, "body"]
    ]
  },
  {
    name: "ApiGatewayV2.Result",
    kind: "response",
    schema: ApiGatewayV2.Result,
    samples: [
      {
        statusCode: 200,
        headers: { "content-type": "application/json", age: 3, ok: true },
        cookies: ["a=1; Secure"],
        body: "{}",
        isBase64Encoded: false
      },
      { statusCode: 204 }
    ],
    refused: [[{ body: "no status" }, "statusCode"]]
  }
]
