/**
 * Connections and messages of an Amazon API Gateway WebSocket API, and the answers to them.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-routes.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { checkedInPlace } from "../internal/events/checkedInPlace.ts"
import { base64Body, textBody } from "../internal/events/jsonBody.ts"
import { nullish, omittable } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { StringListMap, StringMap } from "../internal/events/stringMaps.ts"
import { Authorizer, Identity } from "./ApiGatewayV1.ts"

const title = "an API Gateway WebSocket event"

/**
 * What API Gateway says of a connection, and of what happens on it.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html
 * @category schemas
 * @since 0.1.0
 */
export const RequestContext = Schema.Struct({
  apiId: Schema.String,
  /** Of the `$connect` route, and for as long as the connection lives. */
  authorizer: nullish(Authorizer),
  /** Milliseconds since the epoch: `DateTime.makeUnsafe` takes them. */
  connectedAt: nullish(Schema.Finite),
  /** Names the connection, for messages to the client. */
  connectionId: Schema.String,
  /** `DISCONNECT`: what the side that closed wrote, if anything. */
  disconnectReason: nullish(Schema.String),
  /** `DISCONNECT`: 1000 is a normal end, 1001 a client that went away or idled. */
  disconnectStatusCode: nullish(Schema.Finite),
  /** With `stage`, where messages to the client are sent: `https://{domainName}/{stage}`. */
  domainName: Schema.String,
  eventType: Schema.Literals(["CONNECT", "MESSAGE", "DISCONNECT"]),
  extendedRequestId: nullish(Schema.String),
  identity: Identity,
  messageDirection: nullish(openEnum(["IN"])),
  /** `MESSAGE`. */
  messageId: nullish(Schema.String),
  requestId: Schema.String,
  /** The time of `requestTimeEpoch` for people: `Timestamp.CommonLogFormat` decodes it. */
  requestTime: nullish(Schema.String),
  /** Milliseconds since the epoch: `DateTime.makeUnsafe` takes them. */
  requestTimeEpoch: Schema.Finite,
  /** `$connect`, `$disconnect`, `$default`, or a route of the API. */
  routeKey: openEnum(["$connect", "$disconnect", "$default"]),
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
  requestContext: checkedInPlace(RequestContext),
  /** `CONNECT`, and a few of them on `DISCONNECT`: a message has none. */
  headers: nullish(StringMap),
  multiValueHeaders: nullish(StringListMap),
  /** `CONNECT`. */
  queryStringParameters: nullish(StringMap),
  multiValueQueryStringParameters: nullish(StringListMap),
  stageVariables: nullish(StringMap)
}

/**
 * A connection that opens, a message on it, with its body as text, or its end. {@link eventOf} decodes messages of JSON.
 *
 * **Details**
 *
 * `requestContext.eventType` tells which. A `CONNECT` is refused by an answer whose status is not 2xx. A `DISCONNECT`
 * comes after the connection has closed, and may not come at all.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = checkedInPlace(Schema.Struct({
  ...requestFields,
  /** `MESSAGE`: base64 where `isBase64Encoded`, which the API's content handling makes so. */
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
 * A message of JSON of the given shape.
 *
 * **When to use**
 *
 * In the function of a route for messages; those of `$connect` and `$disconnect`, which have no body, take {@link Event}.
 *
 * **Example** (A chat)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as WebSocket from "effect-lambda-runtime/events/WebSocket"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const Chat = Schema.Struct({ action: Schema.Literal("say"), text: Schema.String })
 *
 * const say = Handler.make({
 *   event: WebSocket.eventOf(Chat),
 *   result: WebSocket.Result
 * }, ({ body, requestContext }) =>
 *   Effect.as(Effect.log(requestContext.connectionId, body.text), { statusCode: 200 }))
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
 * To `$connect`, a status that is not 2xx refuses the connection. To a message, the body reaches the client where the
 * route has a route response; else it is dropped.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-response.html
 * @category schemas
 * @since 0.1.0
 */
export const Result = Schema.Struct({
  statusCode: Schema.Finite,
  /** To `$connect`, such as the `Sec-WebSocket-Protocol` that was chosen. */
  headers: omittable(StringMap),
  multiValueHeaders: omittable(StringListMap),
  body: omittable(Schema.String),
  /** Whether `body` is base64. */
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
 * A message as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as WebSocket from "effect-lambda-runtime/events/WebSocket"
 *
 * const message = WebSocket.sample(JSON.stringify({ action: "say", text: "hello" }))
 * message.requestContext.eventType // => "MESSAGE"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (body: string = "Hello from client!"): typeof Event.Encoded => ({
  requestContext: {
    routeKey: "$default",
    messageId: "JKJaXmPLvHcCFHA=",
    eventType: "MESSAGE",
    extendedRequestId: "JKJaXmPLvHcESHA=",
    requestTime: "19/Jan/2023:21:13:27 +0000",
    messageDirection: "IN",
    stage: "prod",
    connectedAt: 1674162806344,
    requestTimeEpoch: 1674162807345,
    identity: { userAgent: "Mozilla/5.0", sourceIp: "192.0.2.1" },
    requestId: "JKJaXmPLvHcESHA=",
    domainName: "api-id.execute-api.us-east-1.amazonaws.com",
    connectionId: "e2u7kd-gIAMCJ0g=",
    apiId: "api-id"
  },
  body,
  isBase64Encoded: false
})

/**
 * A connection that opens, as Lambda delivers it.
 *
 * **Example** (The route)
 *
 * ```ts
 * import * as WebSocket from "effect-lambda-runtime/events/WebSocket"
 *
 * WebSocket.sampleConnect().requestContext.routeKey // => "$connect"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleConnect = (): typeof Event.Encoded => ({
  headers: {
    Host: "api-id.execute-api.us-east-1.amazonaws.com",
    "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
    "X-Forwarded-For": "192.0.2.1"
  },
  multiValueHeaders: {
    Host: ["api-id.execute-api.us-east-1.amazonaws.com"],
    "Sec-WebSocket-Extensions": ["permessage-deflate; client_max_window_bits"],
    "Sec-WebSocket-Key": ["dGhlIHNhbXBsZSBub25jZQ=="],
    "Sec-WebSocket-Version": ["13"],
    "X-Forwarded-For": ["192.0.2.1"]
  },
  queryStringParameters: { room: "7" },
  multiValueQueryStringParameters: { room: ["7"] },
  requestContext: {
    routeKey: "$connect",
    eventType: "CONNECT",
    extendedRequestId: "JKJaXmPLvHcESHA=",
    requestTime: "19/Jan/2023:21:13:26 +0000",
    messageDirection: "IN",
    stage: "prod",
    connectedAt: 1674162806344,
    requestTimeEpoch: 1674162806345,
    identity: { userAgent: "Mozilla/5.0", sourceIp: "192.0.2.1" },
    requestId: "JKJaXmPLvHcESHA=",
    domainName: "api-id.execute-api.us-east-1.amazonaws.com",
    connectionId: "e2u7kd-gIAMCJ0g=",
    apiId: "api-id"
  },
  isBase64Encoded: false
})

/**
 * The end of a connection, as Lambda delivers it.
 *
 * **Example** (Why it ended)
 *
 * ```ts
 * import * as WebSocket from "effect-lambda-runtime/events/WebSocket"
 *
 * WebSocket.sampleDisconnect().requestContext.disconnectStatusCode // => 1005
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleDisconnect = (): typeof Event.Encoded => ({
  headers: {
    Host: "api-id.execute-api.us-east-1.amazonaws.com",
    "x-api-key": "",
    "X-Forwarded-For": "",
    "x-restapi": ""
  },
  multiValueHeaders: {
    Host: ["api-id.execute-api.us-east-1.amazonaws.com"],
    "x-api-key": [""],
    "X-Forwarded-For": [""],
    "x-restapi": [""]
  },
  requestContext: {
    routeKey: "$disconnect",
    disconnectStatusCode: 1005,
    disconnectReason: "Client-side close frame status not set",
    eventType: "DISCONNECT",
    extendedRequestId: "JKJaXmPLvHcESHA=",
    requestTime: "19/Jan/2023:21:14:26 +0000",
    messageDirection: "IN",
    stage: "prod",
    connectedAt: 1674162806344,
    requestTimeEpoch: 1674162866345,
    identity: { userAgent: "Mozilla/5.0", sourceIp: "192.0.2.1" },
    requestId: "JKJaXmPLvHcESHA=",
    domainName: "api-id.execute-api.us-east-1.amazonaws.com",
    connectionId: "e2u7kd-gIAMCJ0g=",
    apiId: "api-id"
  },
  isBase64Encoded: false
})
