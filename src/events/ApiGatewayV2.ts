/**
 * Requests to an Amazon API Gateway HTTP API, in the payload format 2.0, and the answers to them.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { checkedInPlace } from "../internal/events/checkedInPlace.ts"
import { base64Body, textBody } from "../internal/events/jsonBody.ts"
import { MutualTlsCertificate } from "../internal/events/mutualTlsCertificate.ts"
import { nullish, omittable } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { StringMap } from "../internal/events/stringMaps.ts"

const title = "an API Gateway HTTP API event"

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
 * What the authorizer of the route says of the caller: one of `jwt`, `lambda` and `iam`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Authorizer = Schema.Struct({
  jwt: nullish(Schema.Struct({
    /** All are text: a list of two comes as `[a b]`. */
    claims: StringMap,
    scopes: nullish(Schema.Array(Schema.String))
  })),
  /** The context that a Lambda authorizer answers. */
  lambda: nullish(Schema.Json),
  iam: nullish(Schema.Struct({
    accessKey: nullish(Schema.String),
    accountId: nullish(Schema.String),
    callerId: nullish(Schema.String),
    cognitoIdentity: nullish(Schema.Struct({
      amr: nullish(Schema.Array(Schema.String)),
      identityId: nullish(Schema.String),
      identityPoolId: nullish(Schema.String)
    })),
    principalOrgId: nullish(Schema.String),
    userArn: nullish(Schema.String),
    userId: nullish(Schema.String)
  }))
})

/**
 * A decoded {@link Authorizer}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Authorizer extends Schema.Schema.Type<typeof Authorizer> {}

/**
 * What API Gateway says of a request.
 *
 * @category schemas
 * @since 0.1.0
 */
export const RequestContext = Schema.Struct({
  accountId: Schema.String,
  apiId: Schema.String,
  authentication: nullish(Schema.Struct({ clientCert: nullish(ClientCertificate) })),
  authorizer: nullish(Authorizer),
  domainName: Schema.String,
  domainPrefix: nullish(Schema.String),
  http: Schema.Struct({
    method: openEnum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]),
    path: Schema.String,
    protocol: nullish(Schema.String),
    sourceIp: Schema.String,
    userAgent: nullish(Schema.String)
  }),
  requestId: Schema.String,
  routeKey: nullish(Schema.String),
  stage: Schema.String,
  /** The time of `timeEpoch` for people: `12/Mar/2020:19:03:58 +0000`. */
  time: nullish(Schema.String),
  /** Milliseconds since the epoch: `DateTime.makeUnsafe` takes them. */
  timeEpoch: Schema.Finite
})

/**
 * A decoded {@link RequestContext}.
 *
 * @category models
 * @since 0.1.0
 */
export interface RequestContext extends Schema.Schema.Type<typeof RequestContext> {}

const requestFields = {
  version: Schema.Literal("2.0"),
  /** The route that matched: `GET /pets/{id}`, or `$default`. */
  routeKey: nullish(Schema.String),
  rawPath: Schema.String,
  /** As the client sent it, with every value of a name that comes twice. */
  rawQueryString: Schema.String,
  /** Are not in `headers`. */
  cookies: nullish(Schema.Array(Schema.String)),
  /** Names are lower case; the values of a header that comes twice are joined by commas. */
  headers: StringMap,
  /** Decoded; the values of a name that comes twice are joined by commas. */
  queryStringParameters: nullish(StringMap),
  requestContext: checkedInPlace(RequestContext),
  pathParameters: nullish(StringMap),
  stageVariables: nullish(StringMap)
}

/**
 * A request, with its body as text. {@link eventOf} decodes a body of JSON.
 *
 * **When to use**
 *
 * To read what API Gateway knows of a request. A whole HTTP application is easier to write with Effect's `HttpRouter`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = checkedInPlace(Schema.Struct({
  ...requestFields,
  /** Base64 where `isBase64Encoded`: API Gateway takes all but text, JSON, XML and JavaScript for binary. */
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
 * import * as ApiGatewayV2 from "effect-lambda-runtime/events/ApiGatewayV2"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const Order = Schema.Struct({ id: Schema.String })
 *
 * const place = Handler.make({
 *   event: ApiGatewayV2.eventOf(Order),
 *   result: ApiGatewayV2.Result
 * }, ({ body, requestContext }) =>
 *   Effect.as(Effect.log(requestContext.http.sourceIp), { statusCode: 201, body: `placed ${body.id}` }))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const eventOf: <Body extends Schema.Constraint>(body: Body) => eventOf<Body> = makeEventOf

/**
 * An answer.
 *
 * **Details**
 *
 * With a `statusCode` an answer is taken apart. API Gateway sends any other JSON as it is, with the status 200 and as
 * `application/json`: for that, give `Handler.make` the schema of the JSON.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Result = Schema.Struct({
  statusCode: Schema.Finite,
  headers: omittable(
    Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Finite, Schema.Boolean]))
  ),
  /** One `set-cookie` header for each: `id=1; Secure; HttpOnly`. */
  cookies: omittable(Schema.Array(Schema.String)),
  body: omittable(Schema.String),
  /** Whether `body` is base64, which API Gateway decodes. */
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
 * import * as ApiGatewayV2 from "effect-lambda-runtime/events/ApiGatewayV2"
 *
 * const request = { ...ApiGatewayV2.sample(), body: JSON.stringify({ id: "o-1" }) }
 * request.requestContext.http.method // => "POST"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (): typeof Event.Encoded => ({
  version: "2.0",
  routeKey: "POST /pets/{id}",
  rawPath: "/pets/7",
  rawQueryString: "verbose=1&verbose=2&page=3",
  cookies: ["session=abc", "theme=dark"],
  headers: {
    accept: "application/json",
    "content-length": "17",
    "content-type": "text/plain",
    host: "api-id.execute-api.us-east-1.amazonaws.com",
    "user-agent": "Mozilla/5.0",
    "x-amzn-trace-id": "Root=1-5e1b4151-5ac6c58dc39a6b6b0c0b1d2e",
    "x-forwarded-for": "192.0.2.1, 198.51.100.7",
    "x-forwarded-port": "443",
    "x-forwarded-proto": "https"
  },
  queryStringParameters: { verbose: "1,2", page: "3" },
  requestContext: {
    accountId: "123456789012",
    apiId: "api-id",
    authorizer: {
      jwt: { claims: { sub: "248289761001", iss: "https://idp.example.com" }, scopes: ["pets:write"] }
    },
    domainName: "api-id.execute-api.us-east-1.amazonaws.com",
    domainPrefix: "api-id",
    http: {
      method: "POST",
      path: "/pets/7",
      protocol: "HTTP/1.1",
      sourceIp: "192.0.2.1",
      userAgent: "Mozilla/5.0"
    },
    requestId: "JKJaXmPLvHcESHA=",
    routeKey: "POST /pets/{id}",
    stage: "$default",
    time: "12/Mar/2020:19:03:58 +0000",
    timeEpoch: 1584039838000
  },
  body: "Hello from Lambda",
  pathParameters: { id: "7" },
  isBase64Encoded: false,
  stageVariables: { table: "pets-production" }
})
