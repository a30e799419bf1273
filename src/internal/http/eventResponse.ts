/**
 * A response in the form in which the front door of its request takes it.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 * https://docs.aws.amazon.com/vpc-lattice/latest/ug/lambda-functions.html
 */
import type { HttpEvent } from "../../LambdaHttp.ts"
import type { HttpPrelude } from "../../LambdaResponse.ts"
import { MaxResponseSize } from "../../RuntimeApi.ts"
import type { EventBody } from "./responseBody.ts"
import type { ResponseHead } from "./responseHead.ts"

/** The JSON of a response that is whole. A REST API answers 502 to a field that it does not know. */
export const encode = (
  { _tag, event }: HttpEvent,
  { cookies, headers, status, statusText }: ResponseHead,
  { body, isBase64Encoded }: EventBody
): string => {
  switch (_tag) {
    case "ApiGatewayV1":
      return JSON.stringify({
        statusCode: status,
        headers,
        multiValueHeaders: cookies.length === 0 ? undefined : { "set-cookie": cookies },
        body,
        isBase64Encoded
      })
    case "ApiGatewayV2":
    case "FunctionUrl":
      return JSON.stringify({
        statusCode: status,
        headers,
        cookies: cookies.length === 0 ? undefined : cookies,
        body,
        isBase64Encoded
      })
    case "Alb":
      // It reads the one or the other, as it sends them.
      return JSON.stringify({
        statusCode: status,
        statusDescription: describe(status, statusText),
        ...event.multiValueHeaders == null
          ? { headers: withCookies(headers, cookies) }
          : { multiValueHeaders: lists(headers, cookies) },
        body,
        isBase64Encoded
      })
    case "VpcLatticeV1":
    case "VpcLatticeV2":
      return JSON.stringify({
        statusCode: status,
        statusDescription: describe(status, statusText),
        headers: withCookies(headers, cookies),
        body,
        isBase64Encoded
      })
  }
}

/** Whether the front door can stream a response. */
export const canStream = ({ _tag, event }: HttpEvent): boolean =>
  // An HTTP API says its version also in the format 1.0.
  _tag === "FunctionUrl" || _tag === "ApiGatewayV1" && event.version == null

/** The head of a response that is streamed. */
export const prelude = ({ _tag }: HttpEvent, { cookies, headers, status }: ResponseHead): HttpPrelude => ({
  statusCode: status,
  headers,
  ...cookies.length === 0
    ? {}
    : _tag === "ApiGatewayV1"
    ? { multiValueHeaders: { "set-cookie": cookies } }
    : { cookies }
})

/** The JSON of a prelude and the eight NUL bytes behind it must fit into this many bytes. */
export const maxPreludeSize = 16_384

/** How many bytes the JSON of a response may have: a load balancer takes 1 MB. */
export const maxSize = ({ _tag }: HttpEvent): number => _tag === "Alb" ? 1_048_576 : MaxResponseSize

const lists = (
  headers: Readonly<Record<string, string>>,
  cookies: ReadonlyArray<string>
): Readonly<Record<string, ReadonlyArray<string>>> => {
  const all: Record<string, ReadonlyArray<string>> = {}
  for (const name in headers) all[name] = [headers[name] ?? ""]
  if (cookies.length > 0) all["set-cookie"] = cookies
  return all
}

/** A map has one value for a name, and a name of other capitals is another one, but not for HTTP. */
const withCookies = (
  headers: Readonly<Record<string, string>>,
  cookies: ReadonlyArray<string>
): Readonly<Record<string, string>> => {
  const all: Record<string, string> = { ...headers }
  for (const [index, cookie] of cookies.entries()) all[capitalize("set-cookie", index)] = cookie
  return all
}

/** The letters that are bits of the number are capitals. */
const capitalize = (name: string, number: number): string => {
  let rest = number
  return name.replaceAll(/[a-z]/g, (letter) => {
    const isCapital = rest % 2 === 1
    rest = Math.floor(rest / 2)
    return isCapital ? letter.toUpperCase() : letter
  })
}

const describe = (status: number, statusText: string | undefined): string => {
  // Loaded for the front doors that want it: no other request needs Node's HTTP.
  const text = statusText ?? process.getBuiltinModule("node:http").STATUS_CODES[status]
  return text === undefined ? String(status) : `${status} ${text}`
}
