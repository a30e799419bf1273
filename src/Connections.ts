/**
 * Messages to the clients of an Amazon API Gateway WebSocket API.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 * @since 0.1.0
 */
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type * as WebSocket from "./events/WebSocket.ts"
import { jsonString } from "./internal/events/jsonString.ts"
import { CurrentEvent } from "./internal/webSocket/currentEvent.ts"
import * as requestSigner from "./internal/webSocket/requestSigner.ts"

/**
 * The connection has ended, or has never been.
 *
 * @category errors
 * @since 0.1.0
 */
export class Gone extends Schema.Error<Gone>("effect-lambda-runtime/Connections/Gone")({
  _tag: Schema.tag("Gone")
}) {
  override get message(): string {
    return "it is gone"
  }
}

/**
 * More is sent than the client takes, or than the account may send. Later it may work.
 *
 * @category errors
 * @since 0.1.0
 */
export class LimitExceeded extends Schema.Error<LimitExceeded>("effect-lambda-runtime/Connections/LimitExceeded")({
  _tag: Schema.tag("LimitExceeded"),
  description: Schema.String
}) {
  override get message(): string {
    return `more is sent than it takes: ${this.description}`
  }
}

/**
 * The role of the function may not do this (it needs `execute-api:ManageConnections`), or the endpoint has no such stage.
 *
 * @category errors
 * @since 0.1.0
 */
export class Forbidden extends Schema.Error<Forbidden>("effect-lambda-runtime/Connections/Forbidden")({
  _tag: Schema.tag("Forbidden"),
  description: Schema.String
}) {
  override get message(): string {
    return `API Gateway forbids it: ${this.description}. The role of the function needs execute-api:ManageConnections`
  }
}

/**
 * A message is larger than 128 KB. It is not sent.
 *
 * @category errors
 * @since 0.1.0
 */
export class PayloadTooLarge extends Schema.Error<PayloadTooLarge>("effect-lambda-runtime/Connections/PayloadTooLarge")(
  {
    _tag: Schema.tag("PayloadTooLarge"),
    /** Bytes. */
    size: Schema.Int
  }
) {
  override get message(): string {
    return `the message has ${this.size} bytes, where API Gateway takes ${maxPayloadSize}`
  }
}

/**
 * It is not known where the connection is: no event of a WebSocket API is being answered, and no endpoint is set.
 *
 * @category errors
 * @since 0.1.0
 */
export class NoEndpoint extends Schema.Error<NoEndpoint>("effect-lambda-runtime/Connections/NoEndpoint")({
  _tag: Schema.tag("NoEndpoint")
}) {
  override get message(): string {
    return "no event of a WebSocket API is being answered, and no endpoint is set: give one to Connections.layerOptions"
  }
}

/**
 * API Gateway could not be reached, there were no credentials, or the answer was another one than it gives.
 *
 * @category errors
 * @since 0.1.0
 */
export class RequestFailed extends Schema.Error<RequestFailed>("effect-lambda-runtime/Connections/RequestFailed")({
  _tag: Schema.tag("RequestFailed"),
  /** Of the answer, if there was one. */
  status: Schema.Option(Schema.Int),
  description: Schema.String
}) {
  override get message(): string {
    const status = Option.match(this.status, { onNone: () => "", onSome: (status) => `${status}, ` })
    return `the request failed: ${status}${this.description}`
  }
}

/**
 * Why nothing could be done with a connection.
 *
 * **Example** (Forgetting those who are gone)
 *
 * ```ts
 * import * as Connections from "effect-lambda-runtime/Connections"
 * import * as Effect from "effect/Effect"
 *
 * declare const forget: (connectionId: string) => Effect.Effect<void>
 *
 * const tell = (connectionId: string, text: string) =>
 *   Connections.Connections.use(({ send }) => send(connectionId, text)).pipe(
 *     Effect.catchReason("ConnectionError", "Gone", () => forget(connectionId))
 *   )
 * ```
 *
 * @category errors
 * @since 0.1.0
 */
export class ConnectionError extends Schema.TaggedError<ConnectionError>("effect-lambda-runtime/ConnectionError")(
  "ConnectionError",
  {
    connectionId: Schema.String,
    reason: Schema.Union([Gone, LimitExceeded, Forbidden, PayloadTooLarge, NoEndpoint, RequestFailed])
  }
) {
  override get message(): string {
    return `connection ${this.connectionId}: ${this.reason.message}`
  }
}

/**
 * The largest message, in bytes.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 * @category constants
 * @since 0.1.0
 */
export const maxPayloadSize = 131_072

/**
 * What API Gateway knows of a connection.
 *
 * @see https://docs.aws.amazon.com/apigatewaymanagementapi/latest/api/API_GetConnection.html
 * @category schemas
 * @since 0.1.0
 */
export const ConnectionInfo = Schema.Struct({
  connectedAt: Schema.optionalKey(Schema.DateTimeUtcFromString),
  lastActiveAt: Schema.optionalKey(Schema.DateTimeUtcFromString),
  identity: Schema.optionalKey(Schema.Struct({
    sourceIp: Schema.optionalKey(Schema.String),
    userAgent: Schema.optionalKey(Schema.String)
  }))
})

/**
 * A decoded {@link ConnectionInfo}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ConnectionInfo extends Schema.Schema.Type<typeof ConnectionInfo> {}

/**
 * The connections of a WebSocket API.
 *
 * **When to use**
 *
 * To send to a client what it has not asked for, or to others than the one who has.
 *
 * **Details**
 *
 * The connections are those of the API whose event is being answered, unless the layer sets an endpoint. Nothing is tried
 * twice: `Effect.retry` does that for `LimitExceeded`.
 *
 * **Example** (To everybody in the room)
 *
 * ```ts
 * import * as Connections from "effect-lambda-runtime/Connections"
 * import * as Effect from "effect/Effect"
 *
 * const broadcast = (connectionIds: ReadonlyArray<string>, text: string) =>
 *   Connections.Connections.use(({ send }) =>
 *     Effect.forEach(connectionIds, (connectionId) => send(connectionId, text), { concurrency: 16, discard: true }))
 * ```
 *
 * @category services
 * @since 0.1.0
 */
export class Connections extends Context.Service<Connections, {
  /** Sends a message: text, or bytes, of which API Gateway makes text too. Up to 128 KB. */
  readonly send: (connectionId: string, data: string | Uint8Array) => Effect.Effect<void, ConnectionError>
  readonly get: (connectionId: string) => Effect.Effect<ConnectionInfo, ConnectionError>
  /** Closes the connection. The route `$disconnect` is called as for one that its client has closed. */
  readonly disconnect: (connectionId: string) => Effect.Effect<void, ConnectionError>
}>()("effect-lambda-runtime/Connections") {}

/**
 * A function that sends values as JSON.
 *
 * **Example** (A message of a chat)
 *
 * ```ts
 * import * as Connections from "effect-lambda-runtime/Connections"
 * import * as Schema from "effect/Schema"
 *
 * const Said = Schema.Struct({ from: Schema.String, text: Schema.String, at: Schema.DateTimeUtc })
 *
 * const tell = Connections.sendJson(Said)
 * ```
 *
 * @category accessors
 * @since 0.1.0
 */
export const sendJson = <S extends Schema.Constraint>(schema: S): (
  connectionId: string,
  value: S["Type"]
) => Effect.Effect<void, ConnectionError | Schema.SchemaError, Connections | S["EncodingServices"]> => {
  const encode = Schema.encodeUnknownEffect(jsonString(schema))
  return (connectionId, value) =>
    Effect.flatMap(encode(value), (text) => Connections.use(({ send }) => send(connectionId, text)))
}

/**
 * What requests are signed with.
 *
 * @category models
 * @since 0.1.0
 */
export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: Redacted.Redacted
  /** Of a role, as every function has one. */
  readonly sessionToken?: Redacted.Redacted | undefined
}

/**
 * Settings of {@link layerOptions}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /**
   * Where the connections are, as in `https://api-id.execute-api.eu-central-1.amazonaws.com/prod`. That of the event that
   * is being answered unless set: functions that answer something else need it.
   */
  readonly endpoint?: string | undefined
  /** `AWS_REGION` unless set. */
  readonly region?: string | undefined
  /**
   * Asked for each request. `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN` unless set, which Lambda
   * sets for every function but those with SnapStart: give these one of the AWS SDK's credential providers.
   */
  readonly credentials?: Effect.Effect<Credentials, unknown> | undefined
}

/**
 * {@link layer} with settings.
 *
 * **Example** (From a function that no WebSocket API calls)
 *
 * ```ts
 * import * as Connections from "effect-lambda-runtime/Connections"
 *
 * const layer = Connections.layerOptions({
 *   endpoint: "https://api-id.execute-api.eu-central-1.amazonaws.com/prod"
 * })
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layerOptions = (
  options: Options
): Layer.Layer<Connections, Config.ConfigError, HttpClient.HttpClient> =>
  Layer.effect(
    Connections,
    Effect.gen(function*() {
      const client = yield* HttpClient.HttpClient
      const region = options.region ?? (yield* Config.String("AWS_REGION"))
      const credentials = options.credentials ?? Effect.succeed(yield* environmentCredentials)
      const sign = yield* requestSigner.make(region)
      const endpoint: Effect.Effect<string, NoEndpoint> = options.endpoint === undefined
        ? Effect.flatMap(
          CurrentEvent,
          Option.match({
            onNone: () => Effect.fail(new NoEndpoint()),
            onSome: (event) => Effect.succeed(endpointOf(event, region))
          })
        )
        : Effect.succeed(options.endpoint.replace(/\/+$/, ""))

      const request = Effect.fnUntraced(
        function*(
          method: requestSigner.UnsignedRequest["method"],
          connectionId: string,
          body: Uint8Array<ArrayBuffer> | undefined
        ) {
          const url = `${yield* endpoint}/@connections/${encodeURIComponent(connectionId)}`
          const headers = yield* sign({ method, url, body }, yield* Effect.mapError(credentials, failed))
          const unsent = HttpClientRequest.make(method)(url, { headers })
          const response = yield* Effect.mapError(
            client.execute(
              body === undefined ? unsent : HttpClientRequest.bodyUint8Array(unsent, body, "application/octet-stream")
            ),
            failed
          )
          return response.status < 300 ? response : yield* Effect.flip(refused(response, body?.length ?? 0))
        },
        (effect, _method, connectionId) =>
          Effect.mapError(effect, (reason) => new ConnectionError({ connectionId, reason }))
      )

      return {
        send: (connectionId, data) => {
          const body = typeof data === "string" ? new TextEncoder().encode(data) : new Uint8Array(data)
          return body.length > maxPayloadSize
            ? Effect.fail(new ConnectionError({ connectionId, reason: new PayloadTooLarge({ size: body.length }) }))
            : Effect.asVoid(request("POST", connectionId, body))
        },
        get: (connectionId) =>
          Effect.flatMap(request("GET", connectionId, undefined), (response) =>
            Effect.mapError(
              decodeInfo(response),
              (error) => new ConnectionError({ connectionId, reason: failed(error) })
            )),
        disconnect: (connectionId) => Effect.asVoid(request("DELETE", connectionId, undefined))
      }
    })
  )

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
const environmentCredentials = Effect.all({
  accessKeyId: Config.String("AWS_ACCESS_KEY_ID"),
  secretAccessKey: Config.Redacted("AWS_SECRET_ACCESS_KEY"),
  sessionToken: Effect.map(Config.option(Config.Redacted("AWS_SESSION_TOKEN")), Option.getOrUndefined)
})

/**
 * A domain name of one's own may map any path to the stage, which the event does not tell; under its name by AWS an API
 * has its stages everywhere.
 */
const endpointOf = ({ requestContext: { apiId, domainName, stage } }: WebSocket.Event, region: string): string => {
  const suffix = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
  const host = domainName.startsWith(`${apiId}.`) ? domainName : `${apiId}.execute-api.${region}.${suffix}`
  return `https://${host}/${stage}`
}

const decodeInfo = HttpClientResponse.schemaBodyJson(ConnectionInfo)

const failed = (error: unknown): RequestFailed =>
  new RequestFailed({ status: Option.none(), description: error instanceof Error ? error.message : String(error) })

/** https://docs.aws.amazon.com/apigatewaymanagementapi/latest/api/API_PostToConnection.html#API_PostToConnection_Errors */
const refused = (response: HttpClientResponse.HttpClientResponse, size: number) =>
  Effect.map(Effect.orElseSucceed(response.text, () => ""), (text): ConnectionError["reason"] => {
    const description = messageIn(text)
    switch (response.status) {
      case 403:
        return new Forbidden({ description })
      case 410:
        return new Gone()
      case 413:
        return new PayloadTooLarge({ size })
      case 429:
        return new LimitExceeded({ description })
      default:
        return new RequestFailed({ status: Option.some(response.status), description })
    }
  })

const decodeMessage = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Struct({ message: Schema.String })))

/** What AWS says, or else the first line of what somebody does. */
const messageIn = (text: string): string =>
  Option.match(decodeMessage(text), {
    onNone: () => text.split("\n", 1).join("").slice(0, 200),
    onSome: ({ message }) => message
  })

/**
 * The connections of the API whose event is being answered, with the role of the function.
 *
 * **When to use**
 *
 * Beneath a `LambdaWebSocket.handler`. It needs an `HttpClient`, such as `FetchHttpClient.layer`, and the package
 * `aws4fetch`, which signs the requests.
 *
 * **Details**
 *
 * The role needs `execute-api:ManageConnections` on `arn:aws:execute-api:{region}:{account}:{api}/{stage}/*`.
 *
 * Fails with a `ConfigError` where a variable of Lambda's is missing.
 *
 * **Gotchas**
 *
 * To an API with a domain name of its own it talks by the name that AWS gave it. Where that is switched off, set the
 * endpoint: {@link layerOptions}.
 *
 * **Example** (With fetch)
 *
 * ```ts
 * import * as Connections from "effect-lambda-runtime/Connections"
 * import * as FetchHttpClient from "effect/http/FetchHttpClient"
 * import * as Layer from "effect/Layer"
 *
 * const layer = Layer.provide(Connections.layer, FetchHttpClient.layer)
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<Connections, Config.ConfigError, HttpClient.HttpClient> = /* @__PURE__ */ layerOptions(
  {}
)
