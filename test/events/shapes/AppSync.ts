import * as Schema from "effect/Schema"
import * as AppSync from "../../../src/events/AppSync.ts"
import type { Shape } from "../shape.ts"

const resolver = AppSync.sampleResolverEvent()

const authorizer = AppSync.sampleAuthorizerEvent()

const publish = AppSync.samplePublishEvent({ text: "Hello" }, "text", 7, null, [true])

const subscribe = AppSync.sampleSubscribeEvent()

const iam = {
  accountId: "111122223333",
  cognitoIdentityPoolId: null,
  cognitoIdentityId: null,
  cognitoIdentityAuthType: null,
  cognitoIdentityAuthProvider: null,
  sourceIp: ["192.0.2.1", "198.51.100.7"],
  username: "AIDACKCEVSQ6C2EXAMPLE",
  userArn: "arn:aws:iam::111122223333:user/appsync"
}

const identities = [
  null,
  iam,
  {
    ...iam,
    cognitoIdentityPoolId: "us-west-2:pool",
    cognitoIdentityId: "us-west-2:identity",
    cognitoIdentityAuthType: "authenticated",
    cognitoIdentityAuthProvider: "\"cognito-idp.us-west-2.amazonaws.com/us-west-2_EXAMPLE\""
  },
  {
    sub: "1",
    username: "jdoe",
    claims: { exp: 1 },
    groups: null,
    sourceIp: ["192.0.2.1"],
    defaultAuthStrategy: "ALLOW"
  },
  { sub: "1", issuer: "https://idp.example.com", claims: { aud: ["a", "b"], iat: 1 } },
  { resolverContext: { tenant: "7" } },
  { resolverContext: null }
]

const { prev: _prev, stash: _stash, source: _source, identity: _identity, ...minimal } = resolver

const Arguments = Schema.Struct({ id: Schema.String, since: Schema.Date })

const typed = { ...resolver, arguments: { id: "p-1", since: "2026-01-02T03:04:05.678Z" }, source: { postId: "p" } }

const Message = Schema.Struct({ text: Schema.String, at: Schema.Date })

const message = { text: "Hello", at: "2026-01-02T03:04:05.678Z" }

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "AppSync.ResolverEvent",
    kind: "request",
    schema: AppSync.ResolverEvent,
    samples: [
      resolver,
      ...identities.map((identity) => ({ ...resolver, identity })),
      minimal,
      {
        arguments: {},
        request: {},
        prev: {},
        info: { fieldName: "getPost", parentTypeName: "Query" },
        identity: { accountId: "1", userArn: "arn:u" }
      },
      { ...resolver, identity: { sub: "1", username: "jdoe", claims: {} } },
      { ...resolver, identity: { sub: "1", claims: {} } },
      { ...resolver, source: { name: "a", nested: { list: [] } }, prev: { result: {} }, stash: { a: 1 } }
    ],
    fixtures: ["appsync-resolver"],
    refused: [
      [{ ...resolver, arguments: null }, "arguments"],
      [{ ...resolver, info: { ...resolver.info, fieldName: 7 } }, "info.fieldName"]
    ]
  },
  {
    name: "AppSync.Identity",
    kind: "request",
    schema: AppSync.Identity,
    samples: identities.filter((identity) => identity !== null),
    fixtures: ["appsync-identity"]
  },
  {
    name: "AppSync.BatchResolverEvent",
    kind: "request",
    schema: AppSync.BatchResolverEvent,
    samples: [[resolver, { ...resolver, source: { id: 2 } }], []],
    refused: [[[resolver, { ...resolver, arguments: "x" }], "[1].arguments"]]
  },
  {
    name: "AppSync.resolverEventOf",
    kind: "request",
    schema: AppSync.resolverEventOf({ arguments: Arguments, source: Schema.Struct({ postId: Schema.String }) }),
    samples: [typed],
    refused: [
      [{ ...typed, arguments: { id: 1 } }, "arguments.id"],
      [{ ...typed, source: null }, "source"]
    ]
  },
  {
    name: "AppSync.AmplifyFunctionEvent",
    kind: "request",
    schema: AppSync.AmplifyFunctionEvent,
    samples: [
      {
        typeName: "Query",
        fieldName: "echo",
        arguments: { msg: "Hello" },
        identity: iam,
        source: {},
        request: { headers: { host: "example.com" } },
        prev: { result: {} }
      },
      { typeName: "Query", fieldName: "echo", arguments: {}, identity: null, source: null, prev: null },
      { typeName: "Query", fieldName: "echo", arguments: {} }
    ],
    refused: [[resolver, "typeName"]]
  },
  {
    name: "AppSync.AuthorizerEvent",
    kind: "request",
    schema: AppSync.AuthorizerEvent,
    samples: [
      authorizer,
      {
        authorizationToken: "token",
        requestContext: {
          apiId: "a",
          accountId: "111122223333",
          requestId: "r",
          operation: "EVENT_SUBSCRIBE",
          channelNamespaceName: "default",
          channel: "/default/rooms/7"
        },
        requestHeaders: null
      },
      { authorizationToken: "token", requestContext: { apiId: "a", accountId: "1", requestId: "r" } }
    ],
    fixtures: ["appsync-authorizer"],
    refused: [[{ ...authorizer, authorizationToken: null }, "authorizationToken"]]
  },
  {
    name: "AppSync.AuthorizerResult",
    kind: "response",
    schema: AppSync.AuthorizerResult,
    samples: [
      {
        isAuthorized: true,
        resolverContext: { tenant: "7", level: 1, admin: false, none: null },
        deniedFields: ["Query.secret"],
        ttlOverride: 300
      },
      { isAuthorized: true, handlerContext: { tenant: "7" } },
      { isAuthorized: false }
    ],
    fixtures: ["appsync-authorizer-response"],
    refused: [[{ isAuthorized: true, resolverContext: { roles: ["a"] } }, "resolverContext.roles"]]
  },
  {
    name: "AppSync.PublishEvent",
    kind: "request",
    schema: AppSync.PublishEvent,
    samples: [
      publish,
      {
        ...publish,
        result: null,
        error: null,
        prev: null,
        outErrors: [],
        identity: { handlerContext: { tenant: "7" } }
      },
      { ...publish, identity: iam }
    ],
    fixtures: ["appsync-events"],
    refused: [[subscribe, "info.operation"], [{ ...publish, events: [{ id: 1, payload: {} }] }, "events[0].id"]]
  },
  {
    name: "AppSync.SubscribeEvent",
    kind: "request",
    schema: AppSync.SubscribeEvent,
    samples: [subscribe, { info: subscribe.info, request: {} }, {
      ...subscribe,
      result: null,
      error: null,
      prev: null,
      outErrors: []
    }],
    refused: [[publish, "info.operation"]]
  },
  {
    name: "AppSync.ChannelEvent",
    kind: "request",
    schema: AppSync.ChannelEvent,
    samples: [publish, subscribe],
    fixtures: ["appsync-events"]
  },
  {
    name: "AppSync.publishEventOf",
    kind: "request",
    schema: AppSync.publishEventOf(Message),
    samples: [AppSync.samplePublishEvent(message, message)],
    refused: [[AppSync.samplePublishEvent(message, { text: "a" }), "events[1].payload.at"]]
  },
  {
    name: "AppSync.PublishResult",
    kind: "response",
    schema: AppSync.PublishResult,
    samples: [
      {
        events: [{ id: "1", payload: { a: [1, null] } }, { id: "2", error: "Not allowed" }, {
          id: "3",
          payload: "text"
        }]
      },
      { events: [] },
      { error: "Not allowed" }
    ],
    fixtures: ["appsync-events-response"]
  },
  {
    name: "AppSync.SubscribeResult",
    kind: "response",
    schema: AppSync.SubscribeResult,
    samples: [null, { error: "Not allowed" }]
  }
]
