/**
 * What a caller of the plain endpoint gets to see of an answer: the body as it is, or the HTTP response that the body
 * describes.
 */
import * as Effect from "effect/Effect"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Stream from "effect/Stream"
import type { FunctionError } from "../function/functionError.ts"
import type { Answer } from "../function/invocation.ts"
import * as relayedHeaders from "../gateway/relayedHeaders.ts"
import * as streamedResponse from "../gateway/streamedResponse.ts"

export const make = (request: HttpServerRequest, answer: Answer) => {
  switch (answer._tag) {
    case "Failed":
      return Effect.succeed(failed(answer.error))
    case "Buffered":
      return streamedResponse.hasPrelude(answer)
        ? streamedResponse.withPrelude(request, Stream.succeed(answer.body), presentation)
        : Effect.succeed(HttpServerResponse.uint8Array(answer.body, { contentType: answer.contentType }))
    case "Streamed":
      return streamedResponse.hasPrelude(answer)
        ? streamedResponse.withPrelude(request, answer.body, presentation)
        : streamedResponse.plain(request, answer.contentType, answer.body, presentation)
  }
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html, except for the status: there it is always 200. */
const failed = ({ body }: FunctionError) =>
  HttpServerResponse.uint8Array(body, {
    status: 500,
    contentType: "application/json",
    headers: { "x-amz-function-error": "Unhandled" }
  })

const presentation: streamedResponse.Presentation = {
  failed,
  malformed: (description) =>
    HttpServerResponse.text(JSON.stringify({ message: `The HTTP head of the function's answer ${description}` }), {
      status: 502,
      contentType: "application/json"
    }),
  relay: (headers) => relayedHeaders.toCaller(headers, relayedHeaders.remappedLength)
}
