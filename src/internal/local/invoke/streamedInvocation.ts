/**
 * The answer of a function as it comes, one message for every chunk, and at the end what became of it.
 *
 * https://docs.aws.amazon.com/lambda/latest/api/API_InvokeWithResponseStream.html
 */
import * as Effect from "effect/Effect"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Stream from "effect/Stream"
import type { FunctionError } from "../function/functionError.ts"
import type { Answer } from "../function/invocation.ts"
import * as nodeRequest from "../http/nodeRequest.ts"
import { logResult } from "./bufferedInvocation.ts"
import * as eventStream from "./eventStream.ts"
import type { InvokeRequest } from "./invokeRequest.ts"

export const respond = Effect.fnUntraced(function*(
  request: HttpServerRequest,
  { event, executedVersion, local, logTail }: InvokeRequest
) {
  const call = yield* local.invocations.offer(event)
  const answer = yield* call.answer
  yield* nodeRequest.addHeaders(request, [["X-Amz-Executed-Version", executedVersion]])

  const complete = (error?: FunctionError) =>
    Stream.fromEffect(Effect.map(
      logTail ? logResult(call) : Effect.succeed(undefined),
      (LogResult) => eventStream.invokeComplete({ ...(error && describe(error)), LogResult })
    ))
  const messages = chunks(answer).pipe(
    Stream.filter((chunk) => chunk.length > 0),
    Stream.map(eventStream.payloadChunk),
    Stream.concat(Stream.suspend(complete)),
    Stream.catchTag("FunctionError", complete),
    Stream.onStart(nodeRequest.sendHead(request))
  )
  return HttpServerResponse.stream(messages, { contentType: eventStream.contentType })
})

const chunks = (answer: Answer): Stream.Stream<Uint8Array, FunctionError> => {
  if (answer._tag === "Streamed") return answer.body
  return answer._tag === "Buffered" ? Stream.succeed(answer.body) : Stream.fail(answer.error)
}

const describe = ({ body, errorType }: FunctionError): eventStream.InvokeComplete => ({
  ErrorCode: errorType,
  ErrorDetails: new TextDecoder().decode(body)
})
