/**
 * How the Lambda API refuses a request: a status, the name of the error in `x-amzn-ErrorType`, and a body that the AWS
 * SDKs read the message from. Whether that field is `Message` or `message` is up to each error.
 *
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type { HeaderList } from "../../transport.ts"
import * as nodeRequest from "../http/nodeRequest.ts"

export class ServiceError extends Data.TaggedError("ServiceError")<{
  readonly status: number
  readonly errorType: string
  readonly body: Readonly<Record<string, string>>
  readonly headers: HeaderList
}> {}

const make = (
  status: number,
  errorType: string,
  body: Readonly<Record<string, string>>,
  headers: HeaderList = []
): ServiceError => new ServiceError({ status, errorType, body, headers })

/** A parameter does not have the form that the API's model gives it, which is found out ahead of everything else. */
export const validation = (parameter: string, value: string, constraint: string): ServiceError =>
  make(400, "ValidationException", {
    message: `1 validation error detected: Value '${value}' at '${parameter}' failed to satisfy constraint: ` +
      `Member must ${constraint}`
  })

export const invalidParameterValue = (message: string): ServiceError =>
  make(400, "InvalidParameterValueException", { Type: "User", message })

export const invalidRequestContent = (message: string): ServiceError =>
  make(400, "InvalidRequestContentException", { Type: "User", message })

export const functionNotFound = (functionArn: string): ServiceError =>
  make(404, "ResourceNotFoundException", { Type: "User", Message: `Function not found: ${functionArn}` })

export const requestTooLarge = (limit: number): ServiceError =>
  make(413, "RequestTooLargeException", {
    Type: "User",
    message: `Request must be smaller than ${limit} bytes for the InvokeFunction operation`
  })

export const tooManyRequests: ServiceError = make(
  429,
  "TooManyRequestsException",
  { Reason: "ReservedFunctionConcurrentInvocationLimitExceeded", Type: "User", message: "Rate Exceeded." },
  [["Retry-After", "1"]]
)

/** https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html */
export const methodNotAllowed = (method: string, allowed: string): ServiceError =>
  make(
    405,
    "UnknownOperationException",
    { message: `${method} is not allowed here. Use ${allowed}` },
    [["Allow", allowed]]
  )

export const internal: ServiceError = make(500, "ServiceException", {
  Type: "Service",
  Message: "The local server failed; its log says how."
})

export const shuttingDown: ServiceError = make(503, "ServiceException", {
  Type: "Service",
  Message: "The local server is shutting down"
})

export const respond = (
  request: HttpServerRequest,
  { body, errorType, headers, status }: ServiceError
): Effect.Effect<HttpServerResponse.HttpServerResponse> =>
  Effect.as(
    nodeRequest.addHeaders(request, [["x-amzn-ErrorType", errorType], ...headers]),
    HttpServerResponse.text(JSON.stringify(body), { status, contentType: "application/json" })
  )
