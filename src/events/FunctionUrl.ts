/**
 * Requests to a Lambda function URL, and the answers to them.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { checkedInPlace } from "../internal/events/checkedInPlace.ts"
import { base64Body, textBody } from "../internal/events/jsonBody.ts"
import { nullish, omittable } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { StringListMap, StringMap } from "../internal/events/stringMaps.ts"

const title = "a Lambda function URL event"

/**
 * The caller, of a function URL that IAM protects.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Identity = Schema.Struct({
  accessKey: nullish(Schema.String),
  accountId: nullish(Schema.String),
  callerId: nullish(Schema.String),
  /** Not used: absent, or `null`. */
  cognitoIdentity: nullish(Schema.Json),
  principalOrgId: nullish(Schema.String),
  userArn: nullish(Schema.String),
  userId: nullish(Schema.String)
})

/**
 * A decoded {@link Identity}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Identity extends Schema.Schema.Type<typeof Identity> {}

/**
 * What Lambda says of a request.
 *
 * @category schemas
 * @since 0.1.0
 */
export const RequestContext = Schema.Struct({
  /** The account of the caller, or `anonymous`. */
  accountId: Schema.String,
  /** The id of the function URL. */
  apiId: Schema.String,
  /** Not used: absent, or `null`. */
  authentication: nullish(Schema.Json),
  authorizer: nullish(Schema.Struct({ iam: nullish(Identity) })),
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
  /** Always `$default`. */
  routeKey: nullish(Schema.String),
  /** Always `$default`. */
  stage: nullish(Schema.String),
  /** The time of `timeEpoch` for people: `Timestamp.CommonLogFormat` decodes it. */
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
  /** Always `$default`. */
  routeKey: nullish(Schema.String),
  rawPath: Schema.String,
  /** As the client sent it, with every value of a name that comes twice. */
  rawQueryString: Schema.String,
  cookies: nullish(Schema.Array(Schema.String)),
  /** Names are lower case; the values of a header that comes twice are joined by commas. */
  headers: StringMap,
  /** Decoded; the values of a name that comes twice are joined by commas. */
  queryStringParameters: nullish(StringMap),
  requestContext: checkedInPlace(RequestContext),
  /** Not used: absent, or `null`. */
  pathParameters: nullish(StringMap),
  /** Not used: absent, or `null`. */
  stageVariables: nullish(StringMap)
}

/**
 * A request, with its body as text. {@link eventOf} decodes a body of JSON.
 *
 * **When to use**
 *
 * To read what Lambda knows of a request. A whole HTTP application is easier to write with Effect's `HttpRouter`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = checkedInPlace(Schema.Struct({
  ...requestFields,
  /** Base64 where `isBase64Encoded`: Lambda takes all but text, JSON, XML and JavaScript for binary. */
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
 * **Example** (A webhook)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as FunctionUrl from "effect-lambda-runtime/events/FunctionUrl"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const Delivery = Schema.Struct({ action: Schema.String })
 *
 * const webhook = Handler.make({
 *   event: FunctionUrl.eventOf(Delivery),
 *   result: FunctionUrl.Result
 * }, ({ body, headers }) => Effect.as(Effect.log(headers["user-agent"], body.action), { statusCode: 204 }))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const eventOf: <Body extends Schema.Constraint>(body: Body) => eventOf<Body> = makeEventOf

/**
 * An answer in one piece.
 *
 * **Details**
 *
 * With a `statusCode` an answer is taken apart. Lambda sends any other JSON as it is, with the status 200 and as
 * `application/json`: for that, give `Handler.make` the schema of the JSON.
 *
 * **Gotchas**
 *
 * Cookies are set by `cookies` alone: a header `set-cookie` is not sent.
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
  /** Whether `body` is base64, which Lambda decodes. */
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
 * What stands before the body of an answer that is streamed: JSON, and 8 NUL bytes.
 *
 * **When to use**
 *
 * To read what a streaming function answers. `LambdaResponse.http` writes it.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
 * @category schemas
 * @since 0.1.0
 */
export const StreamPrelude = Schema.Struct({
  /** 200 if left out. */
  statusCode: omittable(Schema.Finite),
  headers: omittable(StringMap),
  /** Read by API Gateway alone, which streams in the same way. */
  multiValueHeaders: omittable(StringListMap),
  cookies: omittable(Schema.Array(Schema.String))
})

/**
 * A decoded {@link StreamPrelude}.
 *
 * @category models
 * @since 0.1.0
 */
export interface StreamPrelude extends Schema.Schema.Type<typeof StreamPrelude> {}

/**
 * A request as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as FunctionUrl from "effect-lambda-runtime/events/FunctionUrl"
 *
 * const request = { ...FunctionUrl.sample(), body: JSON.stringify({ action: "opened" }) }
 * request.requestContext.http.method // => "POST"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (): typeof Event.Encoded => ({
  version: "2.0",
  routeKey: "$default",
  rawPath: "/my/path",
  rawQueryString: "verbose=1&verbose=2&page=3",
  cookies: ["session=abc", "theme=dark"],
  headers: {
    accept: "application/json",
    "content-type": "text/plain",
    host: "url-id.lambda-url.us-west-2.on.aws",
    "user-agent": "Mozilla/5.0",
    "x-amzn-trace-id": "Root=1-5e1b4151-5ac6c58dc39a6b6b0c0b1d2e",
    "x-forwarded-for": "192.0.2.1",
    "x-forwarded-port": "443",
    "x-forwarded-proto": "https"
  },
  queryStringParameters: { verbose: "1,2", page: "3" },
  requestContext: {
    accountId: "123456789012",
    apiId: "url-id",
    authorizer: {
      iam: {
        accessKey: "AKIAIOSFODNN7EXAMPLE",
        accountId: "111122223333",
        callerId: "AIDACKCEVSQ6C2EXAMPLE",
        cognitoIdentity: null,
        principalOrgId: null,
        userArn: "arn:aws:iam::111122223333:user/example-user",
        userId: "AIDACOSFODNN7EXAMPLE2"
      }
    },
    domainName: "url-id.lambda-url.us-west-2.on.aws",
    domainPrefix: "url-id",
    http: {
      method: "POST",
      path: "/my/path",
      protocol: "HTTP/1.1",
      sourceIp: "192.0.2.1",
      userAgent: "Mozilla/5.0"
    },
    requestId: "e1506fd5-9e7b-434f-bd42-4f8fa224b599",
    routeKey: "$default",
    stage: "$default",
    time: "12/Mar/2020:19:03:58 +0000",
    timeEpoch: 1584039838000
  },
  body: "Hello from client!",
  isBase64Encoded: false
})
