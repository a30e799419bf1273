/**
 * Requests that Amazon VPC Lattice passes to a function in a target group, and the answers to them.
 *
 * The target group says in which version of the event structure they come: {@link EventV2}, or the older {@link EventV1}.
 *
 * @see https://docs.aws.amazon.com/vpc-lattice/latest/ug/lambda-functions.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { checkedInPlace } from "../internal/events/checkedInPlace.ts"
import { base64Body, textBody } from "../internal/events/jsonBody.ts"
import { nullish, omittable } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { StringListMap, StringMap } from "../internal/events/stringMaps.ts"

const title = "a VPC Lattice event"

/**
 * The caller, of a service that IAM protects.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Identity = Schema.Struct({
  sourceVpcArn: nullish(Schema.String),
  type: nullish(openEnum(["AWS_IAM"])),
  principal: nullish(Schema.String),
  principalOrgID: nullish(Schema.String),
  sessionName: nullish(Schema.String),
  /** This and the other X.509 fields: of callers that IAM Roles Anywhere knows by a certificate. */
  x509IssuerOu: nullish(Schema.String),
  x509SanDns: nullish(Schema.String),
  x509SanNameCn: nullish(Schema.String),
  x509SanUri: nullish(Schema.String),
  x509SubjectCn: nullish(Schema.String)
})

/**
 * A decoded {@link Identity}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Identity extends Schema.Schema.Type<typeof Identity> {}

/**
 * What VPC Lattice says of a request.
 *
 * @category schemas
 * @since 0.1.0
 */
export const RequestContext = Schema.Struct({
  serviceNetworkArn: Schema.String,
  serviceArn: Schema.String,
  targetGroupArn: Schema.String,
  identity: nullish(Identity),
  region: Schema.String,
  /** Microseconds since the epoch, as text: `Timestamp.EpochMicrosText` decodes them. */
  timeEpoch: Schema.String
})

/**
 * A decoded {@link RequestContext}.
 *
 * @category models
 * @since 0.1.0
 */
export interface RequestContext extends Schema.Schema.Type<typeof RequestContext> {}

const Method = openEnum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])

const requestFieldsV2 = {
  version: Schema.Literal("2.0"),
  path: Schema.String,
  method: Method,
  /** Names are lower case. */
  headers: StringListMap,
  queryStringParameters: nullish(StringListMap),
  requestContext: checkedInPlace(RequestContext)
}

/**
 * A request in the version 2.0 of the event structure, with its body as text. {@link eventV2Of} decodes a body of JSON.
 *
 * **When to use**
 *
 * To read what VPC Lattice knows of a request. A whole HTTP application is easier to write with Effect's `HttpRouter`.
 *
 * **Gotchas**
 *
 * Headers and the query are lists of values, in contrast to those of the version 1 and of API Gateway.
 *
 * @category schemas
 * @since 0.1.0
 */
export const EventV2 = checkedInPlace(Schema.Struct({
  ...requestFieldsV2,
  /** Base64 where `isBase64Encoded`. */
  body: nullish(Schema.String),
  isBase64Encoded: nullish(Schema.Boolean)
})).annotate({ title })

/**
 * A decoded {@link EventV2}.
 *
 * @category models
 * @since 0.1.0
 */
export interface EventV2 extends Schema.Schema.Type<typeof EventV2> {}

const requestFieldsV1 = {
  raw_path: Schema.String,
  method: Method,
  /** Names are lower case; the values of a header that comes twice are joined by commas. */
  headers: StringMap,
  query_string_parameters: nullish(StringMap)
}

/**
 * A request in the version 1.0 of the event structure, with its body as text. {@link eventV1Of} decodes a body of JSON.
 *
 * @category schemas
 * @since 0.1.0
 */
export const EventV1 = checkedInPlace(Schema.Struct({
  ...requestFieldsV1,
  /** Base64 where `is_base64_encoded`. */
  body: nullish(Schema.String),
  is_base64_encoded: nullish(Schema.Boolean)
})).annotate({ title })

/**
 * A decoded {@link EventV1}.
 *
 * @category models
 * @since 0.1.0
 */
export interface EventV1 extends Schema.Schema.Type<typeof EventV1> {}

/**
 * A request in either version: `"version" in event` tells them apart.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = Schema.Union([EventV2, EventV1]).annotate({ title })

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export type Event = typeof Event.Type

const makeEventV2Of = <Body extends Schema.Constraint>(body: Body) =>
  Schema.Union([
    Schema.Struct({ ...requestFieldsV2, ...base64Body(body) }),
    Schema.Struct({ ...requestFieldsV2, ...textBody(body) })
  ]).annotate({ title })

/**
 * The schema of {@link eventV2Of}.
 *
 * @category models
 * @since 0.1.0
 */
export interface eventV2Of<Body extends Schema.Constraint> extends ReturnType<typeof makeEventV2Of<Body>> {}

/**
 * An {@link EventV2} whose body is JSON of the given shape, as text or in base64.
 *
 * **Example** (Place an order)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as VpcLattice from "effect-lambda-runtime/events/VpcLattice"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const Order = Schema.Struct({ id: Schema.String })
 *
 * const place = Handler.make({
 *   event: VpcLattice.eventV2Of(Order),
 *   result: VpcLattice.Result
 * }, ({ body, requestContext }) =>
 *   Effect.as(Effect.log(requestContext.identity?.principal), { statusCode: 201, body: `placed ${body.id}` }))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const eventV2Of: <Body extends Schema.Constraint>(body: Body) => eventV2Of<Body> = makeEventV2Of

const makeEventV1Of = <Body extends Schema.Constraint>(body: Body) => {
  const base64 = base64Body(body)
  const text = textBody(body)
  return Schema.Union([
    Schema.Struct({ ...requestFieldsV1, body: base64.body, is_base64_encoded: base64.isBase64Encoded }),
    Schema.Struct({ ...requestFieldsV1, body: text.body, is_base64_encoded: text.isBase64Encoded })
  ]).annotate({ title })
}

/**
 * The schema of {@link eventV1Of}.
 *
 * @category models
 * @since 0.1.0
 */
export interface eventV1Of<Body extends Schema.Constraint> extends ReturnType<typeof makeEventV1Of<Body>> {}

/**
 * An {@link EventV1} whose body is JSON of the given shape, as text or in base64.
 *
 * **Example** (The shape of a body)
 *
 * ```ts
 * import * as VpcLattice from "effect-lambda-runtime/events/VpcLattice"
 * import * as Schema from "effect/Schema"
 *
 * const Event = VpcLattice.eventV1Of(Schema.Struct({ id: Schema.String }))
 * const request = { ...VpcLattice.sampleEventV1(), body: JSON.stringify({ id: "o-1" }) }
 * Schema.decodeUnknownSync(Event)(request).body // => { id: "o-1" }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const eventV1Of: <Body extends Schema.Constraint>(body: Body) => eventV1Of<Body> = makeEventV1Of

/**
 * An answer, to either version. VPC Lattice takes up to 6 MB of it.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Result = Schema.Struct({
  statusCode: Schema.Finite,
  /** The code and its text: `200 OK`. */
  statusDescription: omittable(Schema.String),
  headers: omittable(StringMap),
  body: omittable(Schema.String),
  /** Whether `body` is base64, which VPC Lattice decodes. */
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
 * An {@link EventV2} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as VpcLattice from "effect-lambda-runtime/events/VpcLattice"
 *
 * VpcLattice.sampleEventV2().headers["user-agent"] // => ["curl/7.64.1"]
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleEventV2 = (): typeof EventV2.Encoded => ({
  version: "2.0",
  path: "/orders",
  method: "POST",
  headers: {
    accept: ["*/*"],
    "content-type": ["text/plain"],
    "user-agent": ["curl/7.64.1"],
    "x-forwarded-for": ["10.213.229.10"]
  },
  queryStringParameters: { verbose: ["1", "2"] },
  body: "Hello from client!",
  isBase64Encoded: false,
  requestContext: {
    serviceNetworkArn: "arn:aws:vpc-lattice:ap-southeast-2:123456789012:servicenetwork/sn-0bf3f2882e9cc805a",
    serviceArn: "arn:aws:vpc-lattice:ap-southeast-2:123456789012:service/svc-0a40eebed65f8d69c",
    targetGroupArn: "arn:aws:vpc-lattice:ap-southeast-2:123456789012:targetgroup/tg-6d0ecf831eec9f09",
    identity: {
      sourceVpcArn: "arn:aws:ec2:ap-southeast-2:123456789012:vpc/vpc-0b8276c84697e7339",
      type: "AWS_IAM",
      principal: "arn:aws:sts::123456789012:assumed-role/example-role/057d00f8b51257ba3c853a0f248943cf",
      principalOrgID: "o-50dc6c495c0c9188",
      sessionName: "057d00f8b51257ba3c853a0f248943cf"
    },
    region: "ap-southeast-2",
    timeEpoch: "1690497599177430"
  }
})

/**
 * An {@link EventV1} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as VpcLattice from "effect-lambda-runtime/events/VpcLattice"
 *
 * VpcLattice.sampleEventV1().raw_path // => "/orders"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleEventV1 = (): typeof EventV1.Encoded => ({
  raw_path: "/orders",
  method: "POST",
  headers: {
    accept: "*/*",
    "content-type": "text/plain",
    "user-agent": "curl/7.64.1",
    "x-forwarded-for": "10.213.229.10, 10.0.0.2"
  },
  query_string_parameters: { verbose: "1" },
  body: "Hello from client!",
  is_base64_encoded: false
})
