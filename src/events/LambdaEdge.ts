/**
 * What Amazon CloudFront asks a function at its edge, and the answers to it.
 *
 * **Gotchas**
 *
 * Lambda@Edge runs neither custom runtimes nor functions with environment variables of their own, and so not
 * `NodeLambda`: these schemas are for the plain handlers of its Node.js runtimes.
 *
 * **Example** (Redirect from an old path)
 *
 * ```ts
 * import * as LambdaEdge from "effect-lambda-runtime/events/LambdaEdge"
 * import * as Schema from "effect/Schema"
 *
 * const decode = Schema.decodeUnknownSync(LambdaEdge.RequestEvent)
 *
 * const handler = (event: unknown): LambdaEdge.RequestResult => {
 *   const [record] = decode(event).Records
 *   if (record === undefined) return null
 *   const { request } = record.cf
 *   return request.uri.startsWith("/old/")
 *     ? { status: "301", headers: { location: [{ key: "Location", value: request.uri.replace("/old/", "/new/") }] } }
 *     : request
 * }
 * ```
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-event-structure.html
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { checkedInPlace } from "../internal/events/checkedInPlace.ts"
import { nullish, omittable } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { preserving } from "../internal/events/preserving.ts"

const title = "a Lambda@Edge event"

/**
 * Headers by their names in lower case, with every value of each.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Headers = Schema.Record(
  Schema.String,
  Schema.Array(Schema.Struct({
    /** The name as it is written to the wire; an answer may leave it out. */
    key: Schema.optionalKey(Schema.String),
    value: Schema.String
  }))
)

/**
 * Decoded {@link Headers}.
 *
 * @category models
 * @since 0.1.0
 */
export type Headers = typeof Headers.Type

const originFields = {
  domainName: Schema.String,
  /** Empty, or the path in the origin where the content is. */
  path: Schema.String,
  customHeaders: nullish(Headers)
}

/**
 * Where CloudFront gets the content from: `s3`, or `custom`. Of origin requests and responses.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Origin = Schema.Struct({
  s3: nullish(Schema.Struct({
    ...originFields,
    authMethod: openEnum(["origin-access-identity", "none"]),
    region: nullish(Schema.String)
  })),
  custom: nullish(Schema.Struct({
    ...originFields,
    /** Seconds. */
    keepaliveTimeout: nullish(Schema.Finite),
    port: Schema.Finite,
    protocol: openEnum(["http", "https"]),
    /** Seconds. */
    readTimeout: nullish(Schema.Finite),
    sslProtocols: nullish(Schema.Array(Schema.String))
  }))
})

/**
 * A decoded {@link Origin}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Origin extends Schema.Schema.Type<typeof Origin> {}

const Body = Schema.Struct({
  /** `replace` sends `data` to the origin in place of the body that came. */
  action: openEnum(["read-only", "replace"]),
  data: Schema.String,
  /** How `data` is written: what comes is base64. */
  encoding: openEnum(["base64", "text"]),
  /** The body is over 40 KB on a viewer request, or over 1 MB on an origin request: cut off. */
  inputTruncated: nullish(Schema.Boolean)
})

/**
 * A request, as the viewer sent it, or as CloudFront would send it to the origin.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Request = Schema.Struct({
  clientIp: Schema.String,
  method: openEnum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]),
  uri: Schema.String,
  /** Without `?`, and not decoded. */
  querystring: Schema.String,
  headers: Headers,
  /** Of requests, where the trigger includes the body. */
  body: nullish(Body),
  origin: nullish(Origin)
})

/**
 * A decoded {@link Request}. To answer a changed one, spread it: `{ ...request, uri: "/index.html" }`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Request extends Schema.Schema.Type<typeof Request> {}

/**
 * A response of the origin, or of CloudFront's cache.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Response = Schema.Struct({
  /** Text: `200`. */
  status: Schema.String,
  statusDescription: nullish(Schema.String),
  headers: Headers
})

/**
 * A decoded {@link Response}. To answer a changed one, spread it: `{ ...response, status: "404" }`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Response extends Schema.Schema.Type<typeof Response> {}

const config = <const EventTypes extends ReadonlyArray<string>>(eventTypes: EventTypes) =>
  Schema.Struct({
    distributionDomainName: nullish(Schema.String),
    distributionId: Schema.String,
    eventType: Schema.Literals(eventTypes),
    /** The same for the four events of one request. */
    requestId: nullish(Schema.String)
  })

/**
 * A request that came to CloudFront, or that goes on to the origin. There is one record.
 *
 * @category schemas
 * @since 0.1.0
 */
export const RequestEvent = checkedInPlace(Schema.Struct({
  Records: Schema.Array(Schema.Struct({
    cf: Schema.Struct({ config: config(["viewer-request", "origin-request"]), request: Request })
  }))
})).annotate({ title })

/**
 * A decoded {@link RequestEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface RequestEvent extends Schema.Schema.Type<typeof RequestEvent> {}

/**
 * A response that came from the origin, or that goes on to the viewer, with the request to it. There is one record.
 *
 * **Gotchas**
 *
 * A function can replace the body of a response, and cannot read it.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ResponseEvent = checkedInPlace(Schema.Struct({
  Records: Schema.Array(Schema.Struct({
    cf: Schema.Struct({
      config: config(["origin-response", "viewer-response"]),
      request: Request,
      response: Response
    })
  }))
})).annotate({ title })

/**
 * A decoded {@link ResponseEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ResponseEvent extends Schema.Schema.Type<typeof ResponseEvent> {}

/**
 * A response that a function made, or changed.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-generating-http-responses-in-requests.html
 * @category schemas
 * @since 0.1.0
 */
export const GeneratedResponse = preserving({
  /** Text: `302`. */
  status: Schema.String,
  statusDescription: omittable(Schema.String),
  /** Some are CloudFront's own, and fail the answer: `connection`, `x-edge-*`, and others. */
  headers: omittable(Headers),
  body: omittable(Schema.String),
  bodyEncoding: omittable(Schema.Literals(["text", "base64"]))
})

/**
 * A {@link GeneratedResponse} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export interface GeneratedResponse extends Schema.Schema.Type<typeof GeneratedResponse> {}

/**
 * The answer to a {@link RequestEvent}: the request to go on with, or a response to the viewer at once.
 *
 * @category schemas
 * @since 0.1.0
 */
export const RequestResult = Schema.NullOr(Schema.Union([checkedInPlace(Request), GeneratedResponse]))

/**
 * A {@link RequestResult} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export type RequestResult = typeof RequestResult.Type

/**
 * The answer to a {@link ResponseEvent}: the response to go on with.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ResponseResult = Schema.NullOr(GeneratedResponse)

/**
 * A {@link ResponseResult} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export type ResponseResult = typeof ResponseResult.Type

/**
 * An origin request as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as LambdaEdge from "effect-lambda-runtime/events/LambdaEdge"
 *
 * LambdaEdge.sampleRequestEvent().Records[0]?.cf.config.eventType // => "origin-request"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleRequestEvent = (): typeof RequestEvent.Encoded => ({
  Records: [{
    cf: {
      config: {
        distributionDomainName: "d111111abcdef8.cloudfront.net",
        distributionId: "EDFDVBD6EXAMPLE",
        eventType: "origin-request",
        requestId: "4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ=="
      },
      request: {
        clientIp: "203.0.113.178",
        method: "GET",
        uri: "/pets/7",
        querystring: "verbose=1",
        headers: {
          "x-forwarded-for": [{ key: "X-Forwarded-For", value: "203.0.113.178" }],
          "user-agent": [{ key: "User-Agent", value: "Amazon CloudFront" }],
          via: [{ key: "Via", value: "2.0 2afae0d44e2540f472c0635ab62c232b.cloudfront.net (CloudFront)" }],
          host: [{ key: "Host", value: "example.org" }]
        },
        origin: {
          custom: {
            customHeaders: {},
            domainName: "example.org",
            keepaliveTimeout: 5,
            path: "",
            port: 443,
            protocol: "https",
            readTimeout: 30,
            sslProtocols: ["TLSv1", "TLSv1.1", "TLSv1.2"]
          }
        }
      }
    }
  }]
})

/**
 * A viewer response as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as LambdaEdge from "effect-lambda-runtime/events/LambdaEdge"
 *
 * LambdaEdge.sampleResponseEvent().Records[0]?.cf.response.status // => "200"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleResponseEvent = (): typeof ResponseEvent.Encoded => ({
  Records: [{
    cf: {
      config: {
        distributionDomainName: "d111111abcdef8.cloudfront.net",
        distributionId: "EDFDVBD6EXAMPLE",
        eventType: "viewer-response",
        requestId: "EXAMPLEpcAuc6GdWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26A=="
      },
      request: {
        clientIp: "203.0.113.178",
        method: "GET",
        uri: "/pets/7",
        querystring: "",
        headers: {
          host: [{ key: "Host", value: "d111111abcdef8.cloudfront.net" }],
          "user-agent": [{ key: "User-Agent", value: "curl/7.66.0" }],
          accept: [{ key: "accept", value: "*/*" }]
        }
      },
      response: {
        status: "200",
        statusDescription: "OK",
        headers: {
          "content-type": [{ key: "Content-Type", value: "text/html; charset=utf-8" }],
          server: [{ key: "Server", value: "AmazonS3" }]
        }
      }
    }
  }]
})
