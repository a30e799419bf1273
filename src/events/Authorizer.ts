/**
 * What Amazon API Gateway asks a Lambda authorizer, and the answers to it.
 *
 * A REST API asks by {@link TokenEvent} or {@link RequestEventV1}, and a WebSocket API by {@link WebSocketRequestEvent}:
 * they are answered with a {@link PolicyResult}. An HTTP API asks by {@link RequestEventV2}, or in the payload format
 * 1.0 by {@link RequestEventV1}, and is answered with a {@link PolicyResultV2} or a {@link SimpleResult}.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { checkedInPlace } from "../internal/events/checkedInPlace.ts"
import { nullish, omittable } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { StringListMap, StringMap } from "../internal/events/stringMaps.ts"
import * as ApiGatewayV1 from "./ApiGatewayV1.ts"
import * as ApiGatewayV2 from "./ApiGatewayV2.ts"
import * as WebSocket from "./WebSocket.ts"

const title = "a Lambda authorizer event"

/**
 * Whether the bearer of a token may call a method of a REST API.
 *
 * **Gotchas**
 *
 * The token is the whole header: with `Bearer ` where the client wrote that. Logs show it as `<redacted>`.
 *
 * **Example** (Who has the password)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Authorizer from "effect-lambda-runtime/events/Authorizer"
 * import * as Effect from "effect/Effect"
 * import * as Redacted from "effect/Redacted"
 *
 * const authorize = Handler.make({
 *   event: Authorizer.TokenEvent,
 *   result: Authorizer.PolicyResult
 * }, ({ authorizationToken, methodArn }) =>
 *   Effect.succeed({
 *     principalId: "jane",
 *     policyDocument: {
 *       Version: "2012-10-17",
 *       Statement: [{
 *         Action: "execute-api:Invoke",
 *         Effect: Redacted.value(authorizationToken) === "Bearer sesame" ? "Allow" as const : "Deny" as const,
 *         Resource: methodArn
 *       }]
 *     }
 *   }))
 * ```
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
 * @category schemas
 * @since 0.1.0
 */
export const TokenEvent = Schema.Struct({
  type: Schema.Literal("TOKEN"),
  methodArn: Schema.String,
  authorizationToken: Schema.RedactedFromValue(Schema.String)
}).annotate({ title })

/**
 * A decoded {@link TokenEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface TokenEvent extends Schema.Schema.Type<typeof TokenEvent> {}

/**
 * Whether a request to a REST API may go on, or one to an HTTP API in the payload format 1.0.
 *
 * **Gotchas**
 *
 * The headers hold credentials: do not log the whole event.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
 * @category schemas
 * @since 0.1.0
 */
export const RequestEventV1 = checkedInPlace(Schema.Struct({
  /** HTTP APIs; a REST API sends none. */
  version: nullish(Schema.Literal("1.0")),
  type: Schema.Literal("REQUEST"),
  methodArn: Schema.String,
  /** HTTP APIs: the values of the authorizer's identity sources, joined by commas. */
  identitySource: nullish(Schema.String),
  /** HTTP APIs: the same as `identitySource`. */
  authorizationToken: nullish(Schema.String),
  resource: Schema.String,
  path: Schema.String,
  httpMethod: openEnum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]),
  headers: nullish(StringMap),
  multiValueHeaders: nullish(StringListMap),
  queryStringParameters: nullish(StringMap),
  multiValueQueryStringParameters: nullish(StringListMap),
  pathParameters: nullish(StringMap),
  stageVariables: nullish(StringMap),
  requestContext: Schema.Struct({
    ...ApiGatewayV1.RequestContext.fields,
    /** Milliseconds since the epoch: `DateTime.makeUnsafe` takes them. */
    requestTimeEpoch: nullish(Schema.Finite)
  })
})).annotate({ title })

/**
 * A decoded {@link RequestEventV1}.
 *
 * @category models
 * @since 0.1.0
 */
export interface RequestEventV1 extends Schema.Schema.Type<typeof RequestEventV1> {}

/**
 * Whether a connection to a WebSocket API may open.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html
 * @category schemas
 * @since 0.1.0
 */
export const WebSocketRequestEvent = checkedInPlace(Schema.Struct({
  type: Schema.Literal("REQUEST"),
  methodArn: Schema.String,
  headers: nullish(StringMap),
  multiValueHeaders: nullish(StringListMap),
  queryStringParameters: nullish(StringMap),
  multiValueQueryStringParameters: nullish(StringListMap),
  stageVariables: nullish(StringMap),
  requestContext: WebSocket.RequestContext
})).annotate({ title })

/**
 * A decoded {@link WebSocketRequestEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface WebSocketRequestEvent extends Schema.Schema.Type<typeof WebSocketRequestEvent> {}

/**
 * Whether a request to an HTTP API may go on, in the payload format 2.0.
 *
 * **Gotchas**
 *
 * The headers and `identitySource` hold credentials: do not log the whole event.
 *
 * **Example** (Who has the key)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Authorizer from "effect-lambda-runtime/events/Authorizer"
 * import * as Effect from "effect/Effect"
 *
 * const authorize = Handler.make({
 *   event: Authorizer.RequestEventV2,
 *   result: Authorizer.SimpleResult
 * }, ({ identitySource }) =>
 *   Effect.succeed({ isAuthorized: identitySource?.[0] === "sesame", context: { tenant: 7 } }))
 * ```
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 * @category schemas
 * @since 0.1.0
 */
export const RequestEventV2 = checkedInPlace(Schema.Struct({
  version: Schema.Literal("2.0"),
  type: Schema.Literal("REQUEST"),
  routeArn: Schema.String,
  /** The values of the authorizer's identity sources, in their order; none where it has no sources. */
  identitySource: nullish(Schema.Array(Schema.String)),
  routeKey: Schema.String,
  rawPath: Schema.String,
  rawQueryString: Schema.String,
  cookies: nullish(Schema.Array(Schema.String)),
  headers: nullish(StringMap),
  queryStringParameters: nullish(StringMap),
  requestContext: ApiGatewayV2.RequestContext,
  pathParameters: nullish(StringMap),
  stageVariables: nullish(StringMap)
})).annotate({ title })

/**
 * A decoded {@link RequestEventV2}.
 *
 * @category models
 * @since 0.1.0
 */
export interface RequestEventV2 extends Schema.Schema.Type<typeof RequestEventV2> {}

const OneOrMore = Schema.Union([Schema.String, Schema.Array(Schema.String)])

const statementFields = {
  Sid: omittable(Schema.String),
  Effect: Schema.Literals(["Allow", "Deny"]),
  /** `execute-api:Invoke`. */
  Action: OneOrMore,
  /** `{ IpAddress: { "aws:SourceIp": "192.0.2.0/24" } }`. */
  Condition: omittable(Schema.Record(Schema.String, Schema.Record(Schema.String, OneOrMore)))
}

/**
 * What is allowed, or denied, for a `Resource`, or for all but a `NotResource`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Statement = Schema.Union([
  Schema.Struct({ ...statementFields, Resource: OneOrMore }),
  Schema.Struct({ ...statementFields, NotResource: OneOrMore })
])

/**
 * A {@link Statement} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export type Statement = typeof Statement.Type

const policyFields = {
  /** Names the caller. */
  principalId: Schema.String,
  policyDocument: Schema.Struct({
    /** `2012-10-17`. */
    Version: omittable(Schema.String),
    Id: omittable(Schema.String),
    Statement: Schema.Array(Statement)
  })
}

/**
 * An IAM policy for the caller of a REST API or a WebSocket API.
 *
 * **Gotchas**
 *
 * API Gateway keeps the policy for the time of the authorizer's cache, and applies it to all methods that the same
 * token calls: a `Resource` that is the `methodArn` alone refuses the others meanwhile.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
 * @category schemas
 * @since 0.1.0
 */
export const PolicyResult = Schema.Struct({
  ...policyFields,
  /** Reaches the function, as text. API Gateway takes no lists and no objects here. */
  context: omittable(
    Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Finite, Schema.Boolean, Schema.Null]))
  ),
  /** The key of a usage plan, for APIs whose keys come from the authorizer. */
  usageIdentifierKey: omittable(Schema.String)
})

/**
 * A {@link PolicyResult} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export interface PolicyResult extends Schema.Schema.Type<typeof PolicyResult> {}

/**
 * An IAM policy for the caller of an HTTP API.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 * @category schemas
 * @since 0.1.0
 */
export const PolicyResultV2 = Schema.Struct({
  ...policyFields,
  /** Reaches the function as `requestContext.authorizer.lambda`. */
  context: omittable(Schema.Record(Schema.String, Schema.Json))
})

/**
 * A {@link PolicyResultV2} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export interface PolicyResultV2 extends Schema.Schema.Type<typeof PolicyResultV2> {}

/**
 * Yes or no, for an HTTP API whose authorizer has simple responses enabled, in the payload format 2.0.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 * @category schemas
 * @since 0.1.0
 */
export const SimpleResult = Schema.Struct({
  isAuthorized: Schema.Boolean,
  /** Reaches the function as `requestContext.authorizer.lambda`. */
  context: omittable(Schema.Record(Schema.String, Schema.Json))
})

/**
 * A {@link SimpleResult} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export interface SimpleResult extends Schema.Schema.Type<typeof SimpleResult> {}

/**
 * A {@link TokenEvent} as Lambda delivers it.
 *
 * **Example** (An event to invoke an authorizer with)
 *
 * ```ts
 * import * as Authorizer from "effect-lambda-runtime/events/Authorizer"
 *
 * Authorizer.sampleTokenEvent("Bearer sesame").authorizationToken // => "Bearer sesame"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleTokenEvent = (authorizationToken: string = "Bearer allow"): typeof TokenEvent.Encoded => ({
  type: "TOKEN",
  methodArn: "arn:aws:execute-api:us-east-1:123456789012:abcdef123/test/GET/request",
  authorizationToken
})

/**
 * A {@link RequestEventV1} of a REST API as Lambda delivers it.
 *
 * **Example** (An event to invoke an authorizer with)
 *
 * ```ts
 * import * as Authorizer from "effect-lambda-runtime/events/Authorizer"
 *
 * Authorizer.sampleRequestEventV1().type // => "REQUEST"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleRequestEventV1 = (): typeof RequestEventV1.Encoded => {
  const { body: _body, isBase64Encoded: _isBase64, version: _version, requestContext, ...request } = ApiGatewayV1
    .sample()
  const { authorizer: _authorizer, ...context } = requestContext
  return {
    ...request,
    type: "REQUEST",
    methodArn: "arn:aws:execute-api:us-east-1:123456789012:api-id/prod/POST/pets/7",
    requestContext: context
  }
}

/**
 * A {@link WebSocketRequestEvent} as Lambda delivers it.
 *
 * **Example** (An event to invoke an authorizer with)
 *
 * ```ts
 * import * as Authorizer from "effect-lambda-runtime/events/Authorizer"
 *
 * Authorizer.sampleWebSocketRequestEvent().requestContext.eventType // => "CONNECT"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleWebSocketRequestEvent = (): typeof WebSocketRequestEvent.Encoded => {
  const { isBase64Encoded: _isBase64, ...request } = WebSocket.sampleConnect()
  return {
    ...request,
    type: "REQUEST",
    methodArn: "arn:aws:execute-api:us-east-1:123456789012:api-id/prod/$connect",
    stageVariables: {}
  }
}

/**
 * A {@link RequestEventV2} as Lambda delivers it.
 *
 * **Example** (An event to invoke an authorizer with)
 *
 * ```ts
 * import * as Authorizer from "effect-lambda-runtime/events/Authorizer"
 *
 * Authorizer.sampleRequestEventV2().identitySource // => ["user1", "123"]
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleRequestEventV2 = (): typeof RequestEventV2.Encoded => {
  const { body: _body, isBase64Encoded: _isBase64, requestContext, ...request } = ApiGatewayV2.sample()
  const { authorizer: _authorizer, ...context } = requestContext
  return {
    ...request,
    type: "REQUEST",
    routeArn: "arn:aws:execute-api:us-east-1:123456789012:api-id/$default/POST/pets/7",
    identitySource: ["user1", "123"],
    routeKey: "POST /pets/{id}",
    requestContext: context
  }
}
