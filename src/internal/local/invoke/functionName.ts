/**
 * The function that a caller of the Lambda API names: by its name, a partial ARN or a full ARN, each with or without a
 * qualifier, which may also come on its own.
 *
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_RequestParameters
 */
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { ServiceError } from "./serviceError.ts"
import * as serviceError from "./serviceError.ts"

export interface FunctionReference {
  readonly name: string
  /** A version or an alias. */
  readonly qualifier: string | undefined
}

const maxNameLength = 256

const maxQualifierLength = 128

/** As the API documents it; `name` below takes the forms that it explains, of which this lets more through. */
const namePattern = String
  .raw`(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_\.]+)(:(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+))?`

const qualifierPattern = String.raw`\$(LATEST(\.PUBLISHED)?)|[a-zA-Z0-9-_$]+`

/** Of the region and the account nothing is made: whatever they are, the function is here. */
const name = /^(?:arn:aws[a-zA-Z-]*:lambda:[a-z0-9-]+:\d{12}:function:|\d{12}:function:)?([\w.-]+)(?::([^:]+))?$/

const nameQualifier = /^(?:\$LATEST(?:\.PUBLISHED)?|[\w-]+)$/

const lonelyQualifier = /^(?:\$LATEST\.PUBLISHED|[\w$-]+)$/

/** Both as they are after URL decoding. */
export const parse = (
  functionName: string,
  qualifier: string | undefined
): Result.Result<FunctionReference, ServiceError> => {
  if (functionName.length > maxNameLength) {
    return invalid("functionName", functionName, `have length less than or equal to ${maxNameLength}`)
  }
  const [, parsedName, derivedQualifier] = name.exec(functionName) ?? []
  if (parsedName === undefined || (derivedQualifier !== undefined && !nameQualifier.test(derivedQualifier))) {
    return invalid("functionName", functionName, `satisfy regular expression pattern: ${namePattern}`)
  }
  if (qualifier === undefined || qualifier === "") {
    return Result.succeed({ name: parsedName, qualifier: derivedQualifier })
  }
  if (qualifier.length > maxQualifierLength) {
    return invalid("qualifier", qualifier, `have length less than or equal to ${maxQualifierLength}`)
  }
  if (!lonelyQualifier.test(qualifier)) {
    return invalid("qualifier", qualifier, `satisfy regular expression pattern: ${qualifierPattern}`)
  }
  if (derivedQualifier !== undefined && derivedQualifier !== qualifier) {
    return Result.fail(serviceError.invalidParameterValue(
      "The derived qualifier from the function name does not match the specified qualifier."
    ))
  }
  return Result.succeed({ name: parsedName, qualifier })
}

/** What is wrong with a name as it is in the URL, when it cannot be decoded or no route takes it for its length. */
export const refuseUnreadable = (encoded: string): ServiceError | undefined => {
  const decoded = Result.getOrUndefined(Result.try(() => decodeURIComponent(encoded)))
  if (decoded !== undefined && decoded.length <= maxNameLength) return undefined
  return Option.getOrUndefined(Result.getFailure(parse(decoded ?? encoded, undefined)))
}

const invalid = (parameter: string, value: string, constraint: string) =>
  Result.fail(serviceError.validation(parameter, value, constraint))

/** The ARN as a function gets to see it: with the qualifier that its caller asked for. */
export const qualifiedArn = (functionArn: string, qualifier: string | undefined): string =>
  qualifier === undefined ? functionArn : `${functionArn}:${qualifier}`
