/**
 * The error that a runtime reports, read as Lambda reads it.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 * https://github.com/aws/aws-lambda-runtime-interface-emulator/blob/develop/internal/lambda/fatalerror/fatalerror.go
 */
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"

/** The type in the header. Whatever follows a known category and a word is up to the runtime. */
export const errorType = ({ headers }: HttpServerRequest): string => {
  const type = headers["lambda-runtime-function-error-type"] ?? ""
  if (/(Runtime|Function)\.[A-Z][a-zA-Z]+/.test(type)) return type
  return type.startsWith("Function.") ? "Function.Unknown" : "Runtime.Unknown"
}

/**
 * What the caller gets to see. The cause, for X-Ray, may come in a header or together with the error: as in
 * https://github.com/aws/aws-lambda-runtime-interface-emulator/blob/develop/internal/lambda/rapi/handler/mime_type_error_cause_json.go
 */
export const callerBody = ({ headers }: HttpServerRequest, body: Uint8Array): Uint8Array => {
  if (headers["content-type"] !== "application/vnd.aws.lambda.error.cause+json") return body
  const report = decodeReport(new TextDecoder().decode(body))
  return new TextEncoder().encode(JSON.stringify(Result.getOrElse(report, () => "Invalid error body")))
}

/** It has no field for the cause, so the cause is left out. */
const decodeReport = Schema.decodeUnknownResult(Schema.fromJsonString(Schema.Struct({
  errorMessage: Schema.optionalKey(Schema.String),
  errorType: Schema.optionalKey(Schema.String),
  stackTrace: Schema.optionalKey(Schema.Array(Schema.String))
})))
