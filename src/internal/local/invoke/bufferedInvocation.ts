/**
 * The answer of a function in one piece, whatever way its runtime gives it.
 *
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
import * as Effect from "effect/Effect"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Stream from "effect/Stream"
import { MaxResponseSize } from "../../../RuntimeApi.ts"
import type { FunctionError } from "../function/functionError.ts"
import * as functionError from "../function/functionError.ts"
import type { Answer, Call } from "../function/invocations.ts"
import * as nodeRequest from "../http/nodeRequest.ts"
import type { InvokeRequest } from "./invokeRequest.ts"

export const respond = Effect.fnUntraced(function*(
  request: HttpServerRequest,
  { event, executedVersion, local, logTail }: InvokeRequest
) {
  // A stream that is too long is left in the middle, and its log is not complete before it has ended on its own.
  const [call, answer] = yield* Effect.scoped(
    Effect.flatMap(
      local.invocations.offer(event),
      (call) => Effect.map(Effect.flatMap(call.answer, collect), (collected) => [call, collected] as const)
    )
  )
  yield* nodeRequest.addHeaders(request, [["X-Amz-Executed-Version", executedVersion]])
  if (logTail) yield* nodeRequest.addHeaders(request, [["X-Amz-Log-Result", yield* logResult(call)]])
  if (answer._tag === "Buffered") {
    return HttpServerResponse.uint8Array(answer.body, { contentType: answer.contentType })
  }
  yield* nodeRequest.addHeaders(request, [["X-Amz-Function-Error", "Unhandled"]])
  return HttpServerResponse.uint8Array(answer.error.body, { contentType: "application/json" })
})

/** The end of the log, as the API gives it. */
export const logResult = (call: Call): Effect.Effect<string> =>
  Effect.map(call.logTail, (bytes) => Buffer.from(bytes).toString("base64"))

type Collected = Exclude<Answer, { readonly _tag: "Streamed" }>

const collect = (answer: Answer): Effect.Effect<Collected> =>
  answer._tag !== "Streamed" ? Effect.succeed(answer) : Effect.match(collectBytes(answer.body), {
    onSuccess: (body): Collected => ({ _tag: "Buffered", contentType: answer.contentType, body }),
    onFailure: (error): Collected => ({ _tag: "Failed", error })
  })

const collectBytes = Effect.fnUntraced(function*(
  body: Stream.Stream<Uint8Array, FunctionError>
): Effect.fn.Return<Uint8Array, FunctionError> {
  const chunks: Array<Uint8Array> = []
  let size = 0
  yield* Stream.runForEachArray(body, (received) =>
    Effect.suspend(() => {
      for (const chunk of received) size += chunk.length
      chunks.push(...received)
      return size > MaxResponseSize ? Effect.fail(functionError.responseTooLarge(size)) : Effect.void
    }))
  return Buffer.concat(chunks, size)
})
