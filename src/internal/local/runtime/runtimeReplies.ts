/**
 * What the Runtime API says to a runtime, in Lambda's own words.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { MaxResponseSize } from "../../../RuntimeApi.ts"
import type { Refused } from "../function/environments.ts"

export const json = (
  status: number,
  body: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {}
): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.text(JSON.stringify(body), { status, contentType: "application/json", headers })

export const error = (status: number, errorType: string, errorMessage: string) =>
  json(status, { errorMessage, errorType })

export const accepted = json(202, { status: "OK" })

const refusedStatus = {
  InvalidRequestID: 400,
  InvalidInvocationId: 400,
  InvalidStateTransition: 403,
  InvokeTimeout: 410,
  InternalServerError: 500
} satisfies Record<Refused["errorType"], number>

export const refused = ({ errorMessage, errorType }: Refused) =>
  error(refusedStatus[errorType], errorType, errorMessage)

const truncatedBody = { errorMessage: "HTTP request detected as truncated", errorType: "TruncatedHTTPRequest" }

export const truncated = json(400, truncatedBody)

export const truncatedJson = JSON.stringify(truncatedBody)

export const tooLargeFor = (limit: number) =>
  error(413, "RequestEntityTooLarge", `Exceeded maximum allowed payload size (${limit} bytes).`)

export const tooLarge = tooLargeFor(MaxResponseSize)

export const invalidResponseMode = error(400, "InvalidFunctionResponseMode", "Invalid function response mode")

export const methodNotAllowed = HttpServerResponse.empty({ status: 405 })
