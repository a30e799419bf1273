/**
 * A request as an event of payload format 2.0: what a function URL sends, and an HTTP API.
 *
 * What is empty is absent, and repeated values are joined with commas.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
import * as eventBody from "./eventBody.ts"
import * as gatewayRequest from "./gatewayRequest.ts"

type StringRecord = Readonly<Record<string, string>>

export interface PayloadVersion2 extends eventBody.EventBody {
  readonly version: "2.0"
  readonly routeKey: string
  readonly rawPath: string
  readonly rawQueryString: string
  readonly cookies?: ReadonlyArray<string> | undefined
  /** Names are in lower case. */
  readonly headers: StringRecord
  readonly queryStringParameters?: StringRecord | undefined
  readonly requestContext: {
    readonly accountId: string
    readonly apiId: string
    readonly domainName: string
    readonly domainPrefix: string
    readonly http: {
      readonly method: string
      readonly path: string
      readonly protocol: string
      readonly sourceIp: string
      readonly userAgent: string
    }
    readonly requestId: string
    readonly routeKey: string
    readonly stage: string
    readonly time: string
    readonly timeEpoch: number
  }
  readonly pathParameters?: StringRecord | undefined
}

export interface Options {
  readonly accountId: string
  readonly apiId: string
  readonly requestId: string
  readonly routeKey: string
  readonly stage: string
  readonly rawPath: string
  /** Decoded. */
  readonly path: string
  readonly pathParameters: StringRecord | undefined
  /** Whether the cookies are left in the headers too. */
  readonly keepsCookieHeader: boolean
}

export const make = (request: gatewayRequest.GatewayRequest, options: Options): PayloadVersion2 => {
  const { accountId, apiId, path, pathParameters, rawPath, requestId, routeKey, stage } = options
  const headers = gatewayRequest.valuesByName(
    request.headers.map(([name, value]): readonly [string, string] => [name.toLowerCase(), value])
  )
  const cookies = (headers.get("cookie") ?? []).flatMap((line) => line.split(";"))
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie !== "")
  if (!options.keepsCookieHeader) headers.delete("cookie")
  const { body, isBase64Encoded } = eventBody.byContentType(request)
  return {
    version: "2.0",
    routeKey,
    rawPath,
    rawQueryString: request.query,
    cookies: cookies.length === 0 ? undefined : cookies,
    headers: joined(headers) ?? {},
    queryStringParameters: joined(gatewayRequest.queryValues(request)),
    requestContext: {
      accountId,
      apiId,
      domainName: request.domainName,
      domainPrefix: apiId,
      http: {
        method: request.method,
        path,
        protocol: request.protocol,
        sourceIp: request.sourceIp,
        userAgent: request.userAgent ?? ""
      },
      requestId,
      routeKey,
      stage,
      time: gatewayRequest.formatTime(request.time),
      timeEpoch: request.time
    },
    pathParameters,
    body,
    isBase64Encoded
  }
}

const joined = (values: ReadonlyMap<string, ReadonlyArray<string>>): StringRecord | undefined =>
  values.size === 0 ? undefined : Object.fromEntries(Array.from(values, ([name, all]) => [name, all.join(",")]))
