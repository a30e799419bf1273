/**
 * An invocation as the headers of `/next`, in both directions: the client reads them, a server writes them.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Invocation from "../Invocation.ts"
import { InvalidInvocation, RuntimeApiError } from "../RuntimeApiError.ts"
import type { HeaderList } from "./transport.ts"

export const requestIdHeader = "Lambda-Runtime-Aws-Request-Id"
export const invocationIdHeader = "Lambda-Runtime-Invocation-Id"
export const deadlineHeader = "Lambda-Runtime-Deadline-Ms"
export const functionArnHeader = "Lambda-Runtime-Invoked-Function-Arn"
export const traceIdHeader = "Lambda-Runtime-Trace-Id"
export const tenantIdHeader = "Lambda-Runtime-Aws-Tenant-Id"
export const clientContextHeader = "Lambda-Runtime-Client-Context"
export const cognitoIdentityHeader = "Lambda-Runtime-Cognito-Identity"

type Headers = Readonly<Record<string, string | undefined>>

export const decode = (
  headers: Headers,
  payload: Uint8Array
): Result.Result<Invocation.Invocation["Service"], RuntimeApiError> => {
  const requestId = present(headers["lambda-runtime-aws-request-id"])
  const invocationId = Option.fromUndefinedOr(present(headers["lambda-runtime-invocation-id"]))
  const refuse = (header: string, description: string) =>
    Result.fail(
      new RuntimeApiError({
        reason: new InvalidInvocation({
          header,
          description,
          requestId: Option.fromUndefinedOr(requestId),
          invocationId
        })
      })
    )

  if (requestId === undefined) return refuse(requestIdHeader, "is missing")
  const functionArn = present(headers["lambda-runtime-invoked-function-arn"])
  if (functionArn === undefined) return refuse(functionArnHeader, "is missing")
  const deadline = present(headers["lambda-runtime-deadline-ms"])
  if (deadline === undefined) return refuse(deadlineHeader, "is missing")
  if (!/^-?\d{1,16}$/.test(deadline)) return refuse(deadlineHeader, `is "${deadline}", not a time in milliseconds`)

  const clientContext = present(headers["lambda-runtime-client-context"])
  const decodedContext = clientContext === undefined ? absent : decodeClientContext(fromUtf8(clientContext))
  if (Result.isFailure(decodedContext)) return refuse(clientContextHeader, "is not the JSON of a client context")
  const identity = present(headers["lambda-runtime-cognito-identity"])
  const decodedIdentity = identity === undefined ? absent : decodeCognitoIdentity(identity)
  if (Result.isFailure(decodedIdentity)) return refuse(cognitoIdentityHeader, "is not the JSON of a Cognito identity")

  return Result.succeed({
    requestId,
    invocationId,
    deadline: Number(deadline),
    functionArn,
    traceId: Option.fromUndefinedOr(present(headers["lambda-runtime-trace-id"])),
    tenantId: Option.fromUndefinedOr(present(headers["lambda-runtime-aws-tenant-id"])),
    clientContext: Option.fromUndefinedOr(decodedContext.success),
    identity: Option.fromUndefinedOr(decodedIdentity.success),
    contentType: present(headers["content-type"]) ?? "application/json",
    payload,
    backgroundTasks: []
  })
}

export const encode = (invocation: Invocation.Invocation["Service"]): HeaderList => {
  const headers: Array<readonly [string, string]> = [
    [requestIdHeader, invocation.requestId],
    [deadlineHeader, String(invocation.deadline)],
    [functionArnHeader, invocation.functionArn],
    ["Content-Type", invocation.contentType]
  ]
  const add = <A>(name: string, value: Option.Option<A>, encodeValue: (value: A) => string) => {
    if (Option.isSome(value)) headers.push([name, encodeValue(value.value)])
  }
  add(invocationIdHeader, invocation.invocationId, String)
  add(traceIdHeader, invocation.traceId, String)
  add(tenantIdHeader, invocation.tenantId, String)
  add(clientContextHeader, invocation.clientContext, JSON.stringify)
  add(cognitoIdentityHeader, invocation.identity, JSON.stringify)
  return headers
}

/** On Managed Instances the platform sends absent values as empty headers. */
const present = (value: string | undefined): string | undefined => value === "" ? undefined : value

/** Lambda writes UTF-8, which HTTP clients read as Latin-1, one character for every byte. */
const fromUtf8 = (value: string): string =>
  /^[\t\x20-\x7e]*$|[\u0100-\uffff]/.test(value)
    ? value
    : Result.getOrElse(
      Result.try(() => utf8.decode(Uint8Array.from(value, (character) => character.charCodeAt(0)))),
      () => value
    )

const utf8 = new TextDecoder("utf-8", { fatal: true })

const absent = Result.succeed(undefined)

const decodeClientContext = Schema.decodeUnknownResult(Schema.fromJsonString(Invocation.ClientContext))

const decodeCognitoIdentity = Schema.decodeUnknownResult(Schema.fromJsonString(Invocation.CognitoIdentity))
