/**
 * Lambda's Invoke API over plain HTTP, without credentials: that of a local server.
 *
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 * https://docs.aws.amazon.com/lambda/latest/api/API_InvokeWithResponseStream.html
 */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import * as HttpClient from "effect/http/HttpClient"
import type { HttpClientError } from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type { HttpClientResponse } from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { EventStreamDecoder, type Message } from "../../internal/local/invoke/eventStream.ts"
import * as Invoker from "./Invoker.ts"

/** `endpoint` is that of a local server, as in `http://127.0.0.1:7000`. */
export const layer = (endpoint: string): Layer.Layer<Invoker.Invoker> =>
  Layer.effect(Invoker.Invoker, Effect.map(HttpClient.HttpClient, (client) => make(client, endpoint))).pipe(
    // Node's own client waits as long as a function may take, which `fetch` does not.
    Layer.provide(NodeHttpClient.layerNodeHttp)
  )

const make = (client: HttpClient.HttpClient, endpoint: string): Invoker.Invoker["Service"] => ({
  invoke: Effect.fnUntraced(function*(request) {
    const response = yield* Effect.mapError(
      client.execute(toHttp(endpoint, request)),
      (error) => Invoker.error(new Invoker.Unreachable({ endpoint, description: describe(error) }))
    )
    if (response.status >= 300) return yield* refusal(response)
    return {
      status: response.status,
      executedVersion: response.headers["x-amz-executed-version"],
      ...request.mode === "streamed" ? streamed(response) : buffered(response)
    }
  })
})

const FunctionList = Schema.Struct({ Functions: Schema.NonEmptyArray(Schema.Struct({ FunctionName: Schema.String })) })

/** The name of the server's first function. */
export const firstFunction = Effect.fnUntraced(
  function*(endpoint: string) {
    const client = yield* HttpClient.HttpClient
    const response = yield* Effect.mapError(
      client.get(`${endpoint}/2015-03-31/functions`),
      (error) => Invoker.error(new Invoker.Unreachable({ endpoint, description: describe(error) }))
    )
    const { Functions: [{ FunctionName }] } = yield* Effect.mapError(
      Effect.flatMap(response.json, Schema.decodeUnknownEffect(FunctionList)),
      () => Invoker.error(new Invoker.Nameless({ endpoint }))
    )
    return FunctionName
  },
  Effect.provide(NodeHttpClient.layerNodeHttp)
)

const broken = (error: HttpClientError) => Invoker.error(new Invoker.Broken({ description: describe(error) }))

/** What the operating system says of it. */
const describe = ({ message, reason }: HttpClientError): string =>
  "cause" in reason && reason.cause instanceof Error ? reason.cause.message : message

const toHttp = (endpoint: string, request: Invoker.InvokeRequest): HttpClientRequest.HttpClientRequest => {
  const { clientContext, functionName, mode, qualifier, tail, tenantId } = request
  const name = encodeURIComponent(functionName)
  const path = mode === "streamed"
    ? `/2021-11-15/functions/${name}/response-streaming-invocations`
    : `/2015-03-31/functions/${name}/invocations`
  return HttpClientRequest.post(`${endpoint}${path}`, {
    urlParams: qualifier === undefined ? [] : [["Qualifier", qualifier]],
    headers: {
      ...mode === "async" && { "x-amz-invocation-type": "Event" },
      ...tail && { "x-amz-log-type": "Tail" },
      ...tenantId !== undefined && { "x-amz-tenant-id": tenantId },
      ...clientContext !== undefined && { "x-amz-client-context": Base64.encode(clientContext) }
    }
  }).pipe(HttpClientRequest.bodyUint8Array(request.payload, "application/json"))
}

const Refusal = Schema.fromJsonString(
  Schema.Struct({ message: Schema.optionalKey(Schema.String), Message: Schema.optionalKey(Schema.String) })
)

const refusal = Effect.fnUntraced(function*(response: HttpClientResponse) {
  const body = yield* Effect.mapError(response.text, broken)
  const { Message, message } = Option.getOrElse(Schema.decodeOption(Refusal)(body), (): typeof Refusal.Type => ({}))
  return yield* Invoker.error(
    new Invoker.Refused({
      type: response.headers["x-amzn-errortype"] ?? `status ${response.status}`,
      description: message ?? Message ?? body
    })
  )
})

const buffered = ({ headers, stream }: HttpClientResponse) => {
  const functionError = headers["x-amz-function-error"]
  return {
    body: Stream.mapError(stream, broken),
    outcome: Effect.succeed({
      functionError: functionError === undefined ? undefined : { type: functionError, details: undefined },
      log: Invoker.decodeLog(headers["x-amz-log-result"])
    })
  }
}

const InvokeComplete = Schema.fromJsonString(
  Schema.Struct({
    ErrorCode: Schema.optionalKey(Schema.String),
    ErrorDetails: Schema.optionalKey(Schema.String),
    LogResult: Schema.optionalKey(Schema.String)
  })
)

const streamed = ({ stream }: HttpClientResponse) => {
  let outcome: Invoker.Outcome | undefined
  const decoder = new EventStreamDecoder()
  const chunkOf = Effect.fnUntraced(function*({ headers, payload }: Message) {
    if (headers[":event-type"] === "PayloadChunk") return [payload]
    if (headers[":event-type"] !== "InvokeComplete") return []
    const { ErrorCode, ErrorDetails, LogResult } = yield* Effect.mapError(
      Schema.decodeEffect(InvokeComplete)(new TextDecoder().decode(payload)),
      ({ message }) => Invoker.error(new Invoker.Broken({ description: message }))
    )
    outcome = {
      functionError: ErrorCode === undefined ? undefined : { type: ErrorCode, details: ErrorDetails },
      log: Invoker.decodeLog(LogResult)
    }
    return []
  })
  const body = Stream.mapError(stream, broken).pipe(
    Stream.mapEffect((bytes) =>
      Effect.mapError(
        Effect.fromResult(decoder.push(bytes)),
        (description) => Invoker.error(new Invoker.Broken({ description }))
      )
    ),
    Stream.flatMap(Stream.fromIterable),
    Stream.mapEffect(chunkOf),
    Stream.flatMap(Stream.fromIterable),
    Stream.concat(Stream.suspend(() =>
      outcome === undefined
        ? Stream.fail(Invoker.error(new Invoker.Broken({ description: "it has no last message" })))
        : Stream.empty
    ))
  )
  return { body, outcome: Effect.sync(() => outcome ?? { functionError: undefined, log: undefined }) }
}
