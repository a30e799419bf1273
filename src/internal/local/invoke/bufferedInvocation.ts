/**
 * The answer of a function in one piece, whatever way its runtime gives it.
 *
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
import * as Effect from "effect/Effect"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { MaxResponseSize } from "../../../RuntimeApi.ts"
import * as functionError from "../function/functionError.ts"
import type { Answer, Call } from "../function/invocation.ts"
import * as boundedBody from "../http/boundedBody.ts"
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
  answer._tag !== "Streamed"
    ? Effect.succeed(answer)
    : Effect.match(boundedBody.collect(answer.body, MaxResponseSize, functionError.responseTooLarge), {
      onSuccess: (body): Collected => ({ _tag: "Buffered", contentType: answer.contentType, body }),
      onFailure: (error): Collected => ({ _tag: "Failed", error })
    })
