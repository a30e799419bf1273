/**
 * The AWS SDK's client for Lambda as a caller of a local server.
 */
import * as Sdk from "@aws-sdk/client-lambda"
import * as Effect from "effect/Effect"
import * as LocalServer from "../../src/LocalServer.ts"

/** A client that tries once. Its connections are cut by its `destroy`, and when the scope closes. */
export const make = Effect.flatMap(LocalServer.LocalServer, ({ address }) =>
  Effect.acquireRelease(
    Effect.sync(() =>
      new Sdk.LambdaClient({
        endpoint: `http://${address}`,
        region: "us-east-1",
        credentials: { accessKeyId: "local", secretAccessKey: "local" },
        maxAttempts: 1
      })
    ),
    (client) => Effect.sync(() => client.destroy())
  ))

/** The SDK's promise as an effect, which fails with what the SDK throws. Interrupting it aborts the request. */
export const send = <A>(run: (signal: AbortSignal) => Promise<A>): Effect.Effect<A, unknown> =>
  Effect.tryPromise({ try: run, catch: (error) => error })

export const invoke = (
  client: Sdk.LambdaClient,
  input: Sdk.InvokeCommandInput
): Effect.Effect<Sdk.InvokeCommandOutput, unknown> =>
  send((abortSignal) => client.send(new Sdk.InvokeCommand(input), { abortSignal }))

export interface StreamedOutput {
  readonly output: Sdk.InvokeWithResponseStreamCommandOutput
  /** The next message, `undefined` at the end. */
  readonly next: Effect.Effect<Sdk.InvokeWithResponseStreamResponseEvent | undefined, unknown>
}

export const invokeWithResponseStream = Effect.fnUntraced(function*(
  client: Sdk.LambdaClient,
  input: Sdk.InvokeWithResponseStreamCommandInput
): Effect.fn.Return<StreamedOutput, unknown> {
  const output = yield* send((abortSignal) =>
    client.send(new Sdk.InvokeWithResponseStreamCommand(input), { abortSignal })
  )
  const messages = output.EventStream![Symbol.asyncIterator]()
  return {
    output,
    next: Effect.map(send(() => messages.next()), ({ done, value }) => done === true ? undefined : value)
  }
})

/** The text of a message's chunk. */
export const chunkText = (message: Sdk.InvokeWithResponseStreamResponseEvent | undefined): string | undefined =>
  message?.PayloadChunk?.Payload && Buffer.from(message.PayloadChunk.Payload).toString()
