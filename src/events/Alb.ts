/**
 * Requests that an Application Load Balancer passes to a function in a target group, and the answers to them.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { checkedInPlace } from "../internal/events/checkedInPlace.ts"
import { base64Body, textBody } from "../internal/events/jsonBody.ts"
import { nullish, omittable } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { StringListMap, StringMap } from "../internal/events/stringMaps.ts"

const title = "an Application Load Balancer event"

/**
 * What the load balancer says of a request.
 *
 * @category schemas
 * @since 0.1.0
 */
export const RequestContext = Schema.Struct({
  elb: Schema.Struct({ targetGroupArn: Schema.String })
})

/**
 * A decoded {@link RequestContext}.
 *
 * @category models
 * @since 0.1.0
 */
export interface RequestContext extends Schema.Schema.Type<typeof RequestContext> {}

const requestFields = {
  requestContext: RequestContext,
  httpMethod: openEnum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]),
  path: Schema.String,
  /** Not decoded: `%20` is still there. Of a name that comes twice, the last value. */
  queryStringParameters: nullish(StringMap),
  /** In place of `queryStringParameters`, where the target group has multi-value headers enabled. */
  multiValueQueryStringParameters: nullish(StringListMap),
  /** Names are lower case; of a header that comes twice, the last value. */
  headers: nullish(StringMap),
  /** In place of `headers`, where the target group has multi-value headers enabled. */
  multiValueHeaders: nullish(StringListMap)
}

/**
 * A request, with its body as text. {@link eventOf} decodes a body of JSON.
 *
 * **When to use**
 *
 * To read what the load balancer sent. A whole HTTP application is easier to write with Effect's `HttpRouter`.
 *
 * **Gotchas**
 *
 * A target group sends `headers` and `queryStringParameters`, or with its multi-value headers enabled the two
 * `multiValue…` fields, and never both. A query comes as the client encoded it: `decodeURIComponent` reads a value.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = checkedInPlace(Schema.Struct({
  ...requestFields,
  /** Empty if there is none. */
  body: nullish(Schema.String),
  /** Whether `body` is base64: all is but text, JSON, XML and JavaScript without a `content-encoding`. */
  isBase64Encoded: nullish(Schema.Boolean)
})).annotate({ title })

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Event extends Schema.Schema.Type<typeof Event> {}

/**
 * Whether the load balancer asks how the function is, which it does where the target group has health checks enabled.
 *
 * **Example** (Answer health checks at once)
 *
 * ```ts
 * import * as Alb from "effect-lambda-runtime/events/Alb"
 *
 * Alb.isHealthCheck(Alb.sampleHealthCheck()) // => true
 * Alb.isHealthCheck(Alb.sample()) // => false
 * ```
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 * @category predicates
 * @since 0.1.0
 */
export const isHealthCheck = ({ headers, multiValueHeaders }: Pick<Event, "headers" | "multiValueHeaders">): boolean =>
  (headers?.["user-agent"] ?? multiValueHeaders?.["user-agent"]?.[0])?.startsWith("ELB-HealthChecker/") === true

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
 * **Gotchas**
 *
 * A health check has an empty body, which is no JSON: where the target group has health checks enabled, take
 * {@link Event}, or the union of both.
 *
 * **Example** (Place an order)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Alb from "effect-lambda-runtime/events/Alb"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const Order = Schema.Struct({ id: Schema.String })
 *
 * const place = Handler.make({
 *   event: Alb.eventOf(Order),
 *   result: Alb.Result
 * }, ({ body }) =>
 *   Effect.succeed({ statusCode: 201, headers: { "content-type": "text/plain" }, body: `placed ${body.id}` }))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const eventOf: <Body extends Schema.Constraint>(body: Body) => eventOf<Body> = makeEventOf

/**
 * An answer. Lambda and the load balancer take up to 1 MB of it.
 *
 * **Gotchas**
 *
 * Where the target group has multi-value headers enabled, answer `multiValueHeaders`; else `headers`. The load
 * balancer does not read the other.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Result = Schema.Struct({
  statusCode: Schema.Finite,
  /** The code and its text: `200 OK`. */
  statusDescription: omittable(Schema.String),
  headers: omittable(StringMap),
  multiValueHeaders: omittable(StringListMap),
  body: omittable(Schema.String),
  /** Whether `body` is base64, which the load balancer decodes. */
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
 * import * as Alb from "effect-lambda-runtime/events/Alb"
 *
 * const request = { ...Alb.sample(), body: JSON.stringify({ id: "o-1" }) }
 * request.httpMethod // => "POST"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (): typeof Event.Encoded => ({
  requestContext: {
    elb: {
      targetGroupArn: "arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/my-target-group/6d0ecf831eec9f09"
    }
  },
  httpMethod: "POST",
  path: "/orders",
  queryStringParameters: { customer: "Mary%20Major" },
  headers: {
    accept: "text/html,application/xhtml+xml",
    "accept-language": "en-US,en;q=0.8",
    "content-type": "text/plain",
    cookie: "session=abc",
    host: "lambda-846800462-us-east-2.elb.amazonaws.com",
    "user-agent": "Mozilla/5.0",
    "x-amzn-trace-id": "Root=1-5bdb40ca-556d8b0c50dc66f0511bf520",
    "x-forwarded-for": "192.0.2.1",
    "x-forwarded-port": "443",
    "x-forwarded-proto": "https"
  },
  body: "Hello from client!",
  isBase64Encoded: false
})

/**
 * A health check as Lambda delivers it.
 *
 * **Example** (What it asks for)
 *
 * ```ts
 * import * as Alb from "effect-lambda-runtime/events/Alb"
 *
 * Alb.sampleHealthCheck().headers // => { "user-agent": "ELB-HealthChecker/2.0" }
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleHealthCheck = (): typeof Event.Encoded => ({
  requestContext: {
    elb: {
      targetGroupArn: "arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/my-target-group/6d0ecf831eec9f09"
    }
  },
  httpMethod: "GET",
  path: "/",
  queryStringParameters: {},
  headers: { "user-agent": "ELB-HealthChecker/2.0" },
  body: "",
  isBase64Encoded: false
})
