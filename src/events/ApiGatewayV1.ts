/**
 * Requests to an Amazon API Gateway REST API, or to an HTTP API in the payload format 1.0, and the answers to them.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { checkedInPlace } from "../internal/events/checkedInPlace.ts"
import { base64Body, textBody } from "../internal/events/jsonBody.ts"
import { MutualTlsCertificate } from "../internal/events/mutualTlsCertificate.ts"
import { nullish, omittable } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { StringListMap, StringMap } from "../internal/events/stringMaps.ts"

const title = "an API Gateway REST event"

/**
 * The certificate that a client of mutual TLS has shown.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ClientCertificate = MutualTlsCertificate

/**
 * A decoded {@link ClientCertificate}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ClientCertificate extends Schema.Schema.Type<typeof ClientCertificate> {}

/**
 * What API Gateway knows of the caller.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Identity = Schema.Struct({
  accessKey: nullish(Schema.String),
  accountId: nullish(Schema.String),
  apiKey: nullish(Schema.String),
  apiKeyId: nullish(Schema.String),
  caller: nullish(Schema.String),
  clientCert: nullish(ClientCertificate),
  cognitoAuthenticationProvider: nullish(Schema.String),
  cognitoAuthenticationType: nullish(Schema.String),
  cognitoIdentityId: nullish(Schema.String),
  cognitoIdentityPoolId: nullish(Schema.String),
  principalOrgId: nullish(Schema.String),
  /** An address, or `test-invoke-source-ip` from the console. */
  sourceIp: Schema.String,
  user: nullish(Schema.String),
  userAgent: nullish(Schema.String),
  userArn: nullish(Schema.String),
  /** Private REST APIs: the VPC and the endpoint that the request came through. */
  vpcId: nullish(Schema.String),
  vpceId: nullish(Schema.String)
})

/**
 * A decoded {@link Identity}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Identity extends Schema.Schema.Type<typeof Identity> {}

/**
 * What the authorizer of the route says of the caller: `claims` of a user pool or a JWT, or what a Lambda authorizer
 * answered: its `principalId`, and its context under names of its own.
 *
 * **Gotchas**
 *
 * API Gateway makes text of the values of a REST API's context: a number 7 arrives as `"7"`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Authorizer = Schema.StructWithRest(
  Schema.Struct({
    claims: nullish(StringMap),
    scopes: nullish(Schema.Array(Schema.String)),
    principalId: nullish(Schema.String),
    /** Milliseconds that the authorizer took. */
    integrationLatency: nullish(Schema.Finite)
  }),
  [Schema.Record(Schema.String, Schema.Json)]
)

/**
 * A decoded {@link Authorizer}.
 *
 * @category models
 * @since 0.1.0
 */
export type Authorizer = typeof Authorizer.Type

/**
 * What API Gateway says of a request.
 *
 * @category schemas
 * @since 0.1.0
 */
export const RequestContext = Schema.Struct({
  accountId: Schema.String,
  apiId: Schema.String,
  authorizer: nullish(Authorizer),
  deploymentId: nullish(Schema.String),
  domainName: nullish(Schema.String),
  domainPrefix: nullish(Schema.String),
  extendedRequestId: nullish(Schema.String),
  httpMethod: openEnum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]),
  identity: Identity,
  /** The name that the API's definition in OpenAPI gives the method. */
  operationName: nullish(Schema.String),
  /** With the stage, which `path` of the event does not have. */
  path: nullish(Schema.String),
  protocol: nullish(Schema.String),
  requestId: Schema.String,
  /** The time of `requestTimeEpoch` for people: `Timestamp.CommonLogFormat` decodes it. */
  requestTime: nullish(Schema.String),
  /** Milliseconds since the epoch: `DateTime.makeUnsafe` takes them. */
  requestTimeEpoch: Schema.Finite,
  resourceId: nullish(Schema.String),
  resourcePath: nullish(Schema.String),
  stage: Schema.String
})

/**
 * A decoded {@link RequestContext}.
 *
 * @category models
 * @since 0.1.0
 */
export interface RequestContext extends Schema.Schema.Type<typeof RequestContext> {}

const requestFields = {
  /** HTTP APIs; a REST API sends none. */
  version: nullish(Schema.Literal("1.0")),
  /** The route that matched: `/pets/{id}`, or `/{proxy+}`. */
  resource: Schema.String,
  /** With the base path of a custom domain name, where it has one. */
  path: Schema.String,
  httpMethod: openEnum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]),
  /** Names are as the client wrote them; of a header that comes twice, the last value. */
  headers: nullish(StringMap),
  multiValueHeaders: nullish(StringListMap),
  /** Decoded; of a name that comes twice, the last value. */
  queryStringParameters: nullish(StringMap),
  multiValueQueryStringParameters: nullish(StringListMap),
  pathParameters: nullish(StringMap),
  stageVariables: nullish(StringMap),
  requestContext: checkedInPlace(RequestContext)
}

/**
 * A request, with its body as text. {@link eventOf} decodes a body of JSON.
 *
 * **When to use**
 *
 * To read what API Gateway knows of a request. A whole HTTP application is easier to write with Effect's `HttpRouter`.
 *
 * **Gotchas**
 *
 * Maps that have nothing in them, such as the headers of a test from the console, and a missing body are `null`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = checkedInPlace(Schema.Struct({
  ...requestFields,
  /** Base64 where `isBase64Encoded`, which binary media types of the API make so. */
  body: nullish(Schema.String),
  isBase64Encoded: nullish(Schema.Boolean)
})).annotate({ title })

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Event extends Schema.Schema.Type<typeof Event> {}

const makeEventOf = <Body extends Schema.Constraint>(body: Body) =>
  Schema.Union([
    Schema.Struct({ ...requestFields, ...base64Body(body) }),
    Schema.Struct({ ...requestFields, ...textBody(body) })
  ]).annotate({ title })

/**
 * The schema of {@link eventOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface eventOf<Body extends Schema.Constraint> extends ReturnType<typeof makeEventOf<Body>> {}

/**
 * An {@link Event} whose body is JSON of the given shape, as text or in base64.
 *
 * **Example** (Place an order)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as ApiGatewayV1 from "effect-lambda-runtime/events/ApiGatewayV1"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const Order = Schema.Struct({ id: Schema.String })
 *
 * const place = Handler.make({
 *   event: ApiGatewayV1.eventOf(Order),
 *   result: ApiGatewayV1.Result
 * }, ({ body, requestContext }) =>
 *   Effect.as(Effect.log(requestContext.identity.sourceIp), { statusCode: 201, body: `placed ${body.id}` }))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const eventOf: <Body extends Schema.Constraint>(body: Body) => eventOf<Body> = makeEventOf

const HeaderValue = Schema.Union([Schema.String, Schema.Finite, Schema.Boolean])

/**
 * An answer.
 *
 * **Gotchas**
 *
 * API Gateway answers 502 to all else: a `body` that is no text, such as JSON that is not turned into a string, or no
 * `statusCode`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Result = Schema.Struct({
  statusCode: Schema.Finite,
  headers: omittable(Schema.Record(Schema.String, HeaderValue)),
  /** Every value of a header; they win over those of `headers`. */
  multiValueHeaders: omittable(Schema.Record(Schema.String, Schema.Array(HeaderValue))),
  body: omittable(Schema.String),
  /** Whether `body` is base64, which API Gateway decodes for binary media types of the API. */
  isBase64Encoded: omittable(Schema.Boolean)
})

/**
 * A {@link Result} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export interface Result extends Schema.Schema.Type<typeof Result> {}

/**
 * A request as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as ApiGatewayV1 from "effect-lambda-runtime/events/ApiGatewayV1"
 *
 * const request = { ...ApiGatewayV1.sample(), body: JSON.stringify({ id: "o-1" }) }
 * request.requestContext.path // => "/prod/pets/7"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (): typeof Event.Encoded => ({
  resource: "/pets/{id}",
  path: "/pets/7",
  httpMethod: "POST",
  headers: {
    Accept: "application/json",
    "Content-Type": "text/plain",
    Host: "api-id.execute-api.us-east-1.amazonaws.com",
    "User-Agent": "Mozilla/5.0",
    "X-Amzn-Trace-Id": "Root=1-5e66d96f-7491f09xmpl79d18acf3d050",
    "X-Forwarded-For": "192.0.2.1, 198.51.100.7",
    "X-Forwarded-Port": "443",
    "X-Forwarded-Proto": "https"
  },
  multiValueHeaders: {
    Accept: ["application/json"],
    "Content-Type": ["text/plain"],
    Host: ["api-id.execute-api.us-east-1.amazonaws.com"],
    "User-Agent": ["Mozilla/5.0"],
    "X-Amzn-Trace-Id": ["Root=1-5e66d96f-7491f09xmpl79d18acf3d050"],
    "X-Forwarded-For": ["192.0.2.1, 198.51.100.7"],
    "X-Forwarded-Port": ["443"],
    "X-Forwarded-Proto": ["https"]
  },
  queryStringParameters: { verbose: "2", page: "3" },
  multiValueQueryStringParameters: { verbose: ["1", "2"], page: ["3"] },
  pathParameters: { id: "7" },
  stageVariables: { table: "pets-production" },
  requestContext: {
    accountId: "123456789012",
    apiId: "api-id",
    authorizer: { claims: { sub: "248289761001", iss: "https://idp.example.com" } },
    deploymentId: "v99qix",
    domainName: "api-id.execute-api.us-east-1.amazonaws.com",
    domainPrefix: "api-id",
    extendedRequestId: "JKJaXmPLvHcESHA=",
    httpMethod: "POST",
    identity: {
      accessKey: null,
      accountId: null,
      caller: null,
      cognitoAuthenticationProvider: null,
      cognitoAuthenticationType: null,
      cognitoIdentityId: null,
      cognitoIdentityPoolId: null,
      principalOrgId: null,
      sourceIp: "192.0.2.1",
      user: null,
      userAgent: "Mozilla/5.0",
      userArn: null
    },
    path: "/prod/pets/7",
    protocol: "HTTP/1.1",
    requestId: "e6b41e7d-5c3a-4f3c-9d3b-6f1f6d9f0c11",
    requestTime: "12/Mar/2020:19:03:58 +0000",
    requestTimeEpoch: 1584039838000,
    resourceId: "w567jh",
    resourcePath: "/pets/{id}",
    stage: "prod"
  },
  body: "Hello from Lambda",
  isBase64Encoded: false
})
