/**
 * Functions on AWS, with the AWS SDK, which is an optional dependency.
 *
 * https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/client/lambda/
 */
import type {
  InvokeCommandInput,
  InvokeWithResponseStreamResponseEvent,
  LambdaClientConfig
} from "@aws-sdk/client-lambda"
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as awsProblem from "../awsProblem.ts"
import * as Invoker from "./Invoker.ts"

/** Region, profile and credentials come from where the AWS CLI has them, unless they are given here. */
export const layer = (config: LambdaClientConfig): Layer.Layer<Invoker.Invoker, Invoker.InvokeError> =>
  Layer.effect(Invoker.Invoker, make(config))

const make = Effect.fnUntraced(function*(config: LambdaClientConfig) {
  const sdk = yield* Effect.tryPromise({
    try: () => import("@aws-sdk/client-lambda"),
    catch: () => Invoker.error(new Invoker.SdkMissing({ package: "@aws-sdk/client-lambda" }))
  })
  // A function is not to run twice because its answer was late.
  const client = yield* Effect.acquireRelease(
    Effect.sync(() => new sdk.LambdaClient({ maxAttempts: 1, ...config })),
    (client) => Effect.sync(() => client.destroy())
  )
  return Invoker.Invoker.of({
    invoke: Effect.fnUntraced(function*(request) {
      const input = inputOf(request)
      if (request.mode === "streamed") {
        const { EventStream, ExecutedVersion, StatusCode } = yield* Effect.tryPromise({
          try: (abortSignal) => client.send(new sdk.InvokeWithResponseStreamCommand(input), { abortSignal }),
          catch: refused
        })
        return { status: StatusCode ?? 200, executedVersion: ExecutedVersion, ...streamed(EventStream ?? none()) }
      }
      const answer = yield* Effect.tryPromise({
        try: (abortSignal) =>
          client.send(
            new sdk.InvokeCommand({ ...input, InvocationType: request.mode === "async" ? "Event" : "RequestResponse" }),
            { abortSignal }
          ),
        catch: refused
      })
      const { FunctionError, LogResult, Payload } = answer
      return {
        status: answer.StatusCode ?? 200,
        executedVersion: answer.ExecutedVersion,
        body: Payload === undefined ? Stream.empty : Stream.succeed<Uint8Array>(Payload),
        outcome: Effect.succeed({
          functionError: FunctionError === undefined ? undefined : { type: FunctionError, details: undefined },
          log: Invoker.decodeLog(LogResult)
        })
      }
    })
  })
})

const inputOf = (request: Invoker.InvokeRequest) => ({
  FunctionName: request.functionName,
  Payload: request.payload,
  LogType: request.tail ? "Tail" : "None",
  ...request.qualifier !== undefined && { Qualifier: request.qualifier },
  ...request.tenantId !== undefined && { TenantId: request.tenantId },
  ...request.clientContext !== undefined && { ClientContext: Base64.encode(request.clientContext) }
} satisfies InvokeCommandInput)

const refused = (error: unknown) => Invoker.error(new Invoker.Refused(awsProblem.describe(error)))

async function* none(): AsyncGenerator<InvokeWithResponseStreamResponseEvent> {}

const streamed = (events: AsyncIterable<InvokeWithResponseStreamResponseEvent>) => {
  let outcome: Invoker.Outcome = { functionError: undefined, log: undefined }
  const chunkOf = (
    { InvokeComplete, PayloadChunk }: InvokeWithResponseStreamResponseEvent
  ): ReadonlyArray<Uint8Array> => {
    if (InvokeComplete !== undefined) {
      const { ErrorCode, ErrorDetails, LogResult } = InvokeComplete
      outcome = {
        functionError: ErrorCode === undefined ? undefined : { type: ErrorCode, details: ErrorDetails },
        log: Invoker.decodeLog(LogResult)
      }
    }
    return PayloadChunk?.Payload === undefined ? [] : [PayloadChunk.Payload]
  }
  const body = Stream.fromAsyncIterable(
    events,
    (error) =>
      Invoker.error(new Invoker.Broken({ description: error instanceof Error ? error.message : String(error) }))
  )
  return {
    body: Stream.flatMap(body, (event) => Stream.fromIterable(chunkOf(event))),
    outcome: Effect.sync(() => outcome)
  }
}
