import * as Authorizer from "../../../src/events/Authorizer.ts"
import type { Shape } from "../shape.ts"

const requestV1 = Authorizer.sampleRequestEventV1()

const requestV2 = Authorizer.sampleRequestEventV2()

const ofWebSocket = Authorizer.sampleWebSocketRequestEvent()

const { cookies: _cookies, identitySource: _identitySource, ...withoutSource } = requestV2

const { requestContext: contextV1 } = requestV1

/** What every request to a REST API has. */
const sparseV1 = {
  type: "REQUEST",
  methodArn: requestV1.methodArn,
  resource: "/",
  path: "/",
  httpMethod: "GET",
  requestContext: {
    accountId: contextV1.accountId,
    apiId: contextV1.apiId,
    httpMethod: "GET",
    identity: { sourceIp: "192.0.2.1" },
    requestId: "id",
    stage: "prod"
  }
}

const policy = {
  principalId: "user|a1b2c3d4",
  policyDocument: {
    Version: "2012-10-17",
    Statement: [{
      Action: "execute-api:Invoke",
      Effect: "Allow",
      Resource: "arn:aws:execute-api:us-east-1:123456789012:api-id/prod/*"
    }]
  }
}

const elaborate = {
  principalId: "user|a1b2c3d4",
  policyDocument: {
    Version: "2012-10-17",
    Id: "policy-1",
    Statement: [
      {
        Sid: "1",
        Action: ["execute-api:Invoke"],
        Effect: "Deny",
        Resource: ["arn:aws:execute-api:us-east-1:123456789012:api-id/prod/GET/a", "arn:b"],
        Condition: { StringEquals: { "aws:SourceIp": ["192.0.2.1"] }, Bool: { "aws:SecureTransport": "true" } }
      },
      {
        Action: "execute-api:Invoke",
        Effect: "Allow",
        NotResource: "arn:aws:execute-api:us-east-1:123456789012:api-id/prod/*/admin"
      }
    ]
  }
}

const ofEffect = (Effect: string) => ({
  ...policy,
  policyDocument: { Statement: [{ ...policy.policyDocument.Statement[0], Effect }] }
})

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "Authorizer.TokenEvent",
    kind: "request",
    schema: Authorizer.TokenEvent,
    samples: [Authorizer.sampleTokenEvent(), Authorizer.sampleTokenEvent("allow")],
    fixtures: ["api-gateway-authorizer-token"],
    refused: [[requestV1, "type"], [{ ...Authorizer.sampleTokenEvent(), authorizationToken: 7 }, "authorizationToken"]]
  },
  {
    name: "Authorizer.RequestEventV1",
    kind: "request",
    schema: Authorizer.RequestEventV1,
    samples: [
      requestV1,
      sparseV1,
      {
        ...requestV1,
        headers: null,
        multiValueHeaders: null,
        queryStringParameters: null,
        multiValueQueryStringParameters: null,
        pathParameters: null,
        stageVariables: null
      },
      { ...requestV1, version: "1.0", identitySource: "user1,123", authorizationToken: "user1,123" }
    ],
    fixtures: ["api-gateway-authorizer-request"],
    refused: [
      [Authorizer.sampleTokenEvent(), "type"],
      [{ ...requestV1, methodArn: null }, "methodArn"],
      [ofWebSocket, "resource"]
    ]
  },
  {
    name: "Authorizer.WebSocketRequestEvent",
    kind: "request",
    schema: Authorizer.WebSocketRequestEvent,
    samples: [
      ofWebSocket,
      { type: "REQUEST", methodArn: ofWebSocket.methodArn, requestContext: ofWebSocket.requestContext },
      { ...ofWebSocket, queryStringParameters: null, stageVariables: null }
    ],
    refused: [[requestV1, "requestContext.connectionId"]]
  },
  {
    name: "Authorizer.RequestEventV2",
    kind: "request",
    schema: Authorizer.RequestEventV2,
    samples: [requestV2, withoutSource, { ...requestV2, identitySource: null, cookies: null }],
    fixtures: ["api-gateway-authorizer-v2"],
    refused: [[{ ...requestV2, identitySource: "user1,123" }, "identitySource"], [requestV1, "routeArn"]]
  },
  {
    name: "Authorizer.PolicyResult",
    kind: "response",
    schema: Authorizer.PolicyResult,
    samples: [
      policy,
      elaborate,
      { ...policy, context: { text: "a", number: 1, flag: true, nothing: null }, usageIdentifierKey: "key" }
    ],
    fixtures: ["api-gateway-authorizer-response"],
    // Its `Effect` is the placeholder `Allow|Deny`.
    exceptFiles: ["go/apigw-custom-auth-response.json"],
    refused: [
      [{ ...policy, context: { roles: ["admin"] } }, "context.roles"],
      [ofEffect("allow"), "policyDocument.Statement[0].Effect"],
      [{ policyDocument: policy.policyDocument }, "principalId"]
    ]
  },
  {
    name: "Authorizer.PolicyResultV2",
    kind: "response",
    schema: Authorizer.PolicyResultV2,
    samples: [policy, elaborate, { ...policy, context: { roles: ["admin"], tenant: { id: 7 } } }],
    refused: [[ofEffect("Permit"), "policyDocument.Statement[0].Effect"]]
  },
  {
    name: "Authorizer.SimpleResult",
    kind: "response",
    schema: Authorizer.SimpleResult,
    samples: [{ isAuthorized: true, context: { roles: ["admin"], level: 1, none: null } }, { isAuthorized: false }],
    refused: [[{ isAuthorized: "true" }, "isAuthorized"]]
  }
]
