/**
 * A request to invoke a function over the Lambda API, read and checked.
 *
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import type { HttpServerError } from "effect/http/HttpServerError"
import { type HttpServerRequest, ParsedSearchParams } from "effect/http/HttpServerRequest"
import * as Result from "effect/Result"
import { executedVersion } from "../function/executedVersion.ts"
import * as functionArn from "../function/functionArn.ts"
import { type Event, maxEventSize } from "../function/invocation.ts"
import type { LocalFunction, LocalFunctions } from "../function/localFunction.ts"
import * as boundedBody from "../http/boundedBody.ts"
import * as eventHeaders from "./eventHeaders.ts"
import * as functionName from "./functionName.ts"
import type { ServiceError } from "./serviceError.ts"
import * as serviceError from "./serviceError.ts"

/** Of an asynchronous invocation: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const maxAsyncEventSize = 1_048_576

export const invocationTypes = ["Event", "RequestResponse", "DryRun"] as const

export type InvocationType = typeof invocationTypes[number]

export interface InvokeRequest {
  readonly local: LocalFunction
  readonly executedVersion: string
  readonly invocationType: InvocationType
  /** Whether the caller wants to read the end of the log. */
  readonly logTail: boolean
  readonly event: Event
}

export const read = Effect.fnUntraced(function*(
  request: HttpServerRequest,
  functions: LocalFunctions,
  requestId: string,
  allowed: ReadonlyArray<InvocationType>
): Effect.fn.Return<
  InvokeRequest,
  ServiceError | HttpServerError,
  HttpRouter.RouteContext | ParsedSearchParams
> {
  // Read to its end even if it will be refused, so that the caller can go on with the connection.
  const body = yield* boundedBody.read(request, maxEventSize)
  const { local, qualifier } = yield* resolve(functions)
  const { headers } = request
  const invocationType = yield* oneOf(
    "invocationType",
    headers["x-amz-invocation-type"],
    "RequestResponse",
    allowed
  )
  const logType = yield* oneOf("logType", headers["x-amz-log-type"], "None", ["None", "Tail"])
  yield* checkTenantId(headers["x-amz-tenant-id"])
  if (eventHeaders.present(headers["x-amz-durable-execution-name"]) !== undefined) {
    return yield* serviceError.invalidParameterValue("The local server has no durable functions.")
  }
  const event = yield* Effect.mapError(
    eventHeaders.read(request),
    ({ message }) => serviceError.invalidRequestContent(message)
  )
  const isAsynchronous = invocationType === "Event"
  const payload = yield* checkPayload(body, isAsynchronous ? maxAsyncEventSize : maxEventSize)
  return {
    local,
    executedVersion: executedVersion(qualifier),
    invocationType,
    logTail: logType === "Tail",
    event: {
      ...event,
      requestId,
      payload,
      functionArn: functionName.qualifiedArn(local.arn, qualifier),
      // It has been read as JSON; SDKs say `application/octet-stream`, which Lambda keeps from runtimes.
      contentType: "application/json",
      // Lambda passes it on "for synchronous invocations only".
      clientContext: isAsynchronous ? undefined : event.clientContext
    }
  }
})

/** The function that the path and the query name. */
export const resolve = Effect.fnUntraced(function*(functions: LocalFunctions) {
  const { FunctionName = "" } = yield* HttpRouter.params
  const { Qualifier } = yield* ParsedSearchParams
  const { name, qualifier } = yield* Effect.fromResult(
    functionName.parse(FunctionName, typeof Qualifier === "object" ? Qualifier[0] : Qualifier)
  )
  const local = functions.find(name)
  if (local === undefined) {
    return yield* serviceError.functionNotFound(functionName.qualifiedArn(functionArn.make(name), qualifier))
  }
  return { local, qualifier }
})

const oneOf = <A extends string>(
  parameter: string,
  header: string | undefined,
  fallback: NoInfer<A>,
  allowed: ReadonlyArray<A>
): Effect.Effect<A, ServiceError> => {
  const value = eventHeaders.present(header)
  if (value === undefined) return Effect.succeed(fallback)
  const found = allowed.find((one) => one === value)
  return found === undefined
    ? Effect.fail(serviceError.validation(parameter, value, `satisfy enum value set: [${allowed.join(", ")}]`))
    : Effect.succeed(found)
}

const tenantIdPattern = String.raw`[a-zA-Z0-9\._:\/=+\-@ ]+`

const checkTenantId = (tenantId: string | undefined): Effect.Effect<void, ServiceError> => {
  if (tenantId === undefined || tenantId === "") return Effect.void
  if (tenantId.length > 256) {
    return Effect.fail(serviceError.validation("tenantId", tenantId, "have length less than or equal to 256"))
  }
  if (!/^[\w.:/=+\-@ ]+$/.test(tenantId)) {
    return Effect.fail(
      serviceError.validation("tenantId", tenantId, `satisfy regular expression pattern: ${tenantIdPattern}`)
    )
  }
  return Effect.void
}

/**
 * The API's page does not say what a function gets from a caller that sent nothing: `{}`, as AWS SAM and
 * serverless-offline have it, and as is commonly seen on Lambda.
 */
const emptyPayload = new TextEncoder().encode("{}")

const checkPayload = (
  body: boundedBody.BoundedBody,
  limit: number
): Effect.Effect<Uint8Array, ServiceError> => {
  if (body._tag === "TooLarge" || body.bytes.length > limit) return Effect.fail(serviceError.requestTooLarge(limit))
  const { bytes } = body
  if (bytes.length === 0) return Effect.succeed(emptyPayload)
  const parsed = Result.try(() => JSON.parse(strictUtf8.decode(bytes)))
  return Result.isSuccess(parsed) ? Effect.succeed(bytes) : Effect.fail(serviceError.invalidRequestContent(
    "Could not parse request body into json: Could not parse payload into json: " + describe(parsed.failure)
  ))
}

/** JSON has no place for a byte order mark. */
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

const describe = (cause: unknown) => cause instanceof Error ? cause.message : String(cause)
