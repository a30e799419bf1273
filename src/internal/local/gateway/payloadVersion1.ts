/**
 * A request as an event of payload format 1.0: what a REST API sends, and an HTTP API if it is told to.
 *
 * What is empty is null, and of repeated values the single-value maps have the last one.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
import type { EventBody } from "./eventBody.ts"
import * as gatewayRequest from "./gatewayRequest.ts"

type StringRecord = Readonly<Record<string, string>>

type MultiValueRecord = Readonly<Record<string, ReadonlyArray<string>>>

export interface PayloadVersion1 {
  /** Only HTTP APIs say so. */
  readonly version?: "1.0" | undefined
  readonly resource: string
  readonly path: string
  readonly httpMethod: string
  readonly headers: StringRecord | null
  readonly multiValueHeaders: MultiValueRecord | null
  readonly queryStringParameters: StringRecord | null
  readonly multiValueQueryStringParameters: MultiValueRecord | null
  readonly pathParameters: StringRecord | null
  readonly stageVariables: null
  readonly requestContext: {
    readonly resourceId: string
    readonly resourcePath: string
    readonly httpMethod: string
    readonly extendedRequestId: string
    readonly requestTime: string
    readonly path: string
    readonly accountId: string
    readonly protocol: string
    readonly stage: string
    readonly domainPrefix: string
    readonly requestTimeEpoch: number
    readonly requestId: string
    readonly identity: Readonly<Record<string, string | null>>
    readonly domainName: string
    readonly apiId: string
  }
  readonly body: string | null
  readonly isBase64Encoded: boolean
}

export interface Options {
  readonly version: PayloadVersion1["version"]
  readonly accountId: string
  readonly apiId: string
  readonly requestId: string
  readonly extendedRequestId: string
  readonly stage: string
  /** The path of the route, as in `/orders/{id}`. */
  readonly resource: string
  readonly resourceId: string
  readonly path: string
  /** With the stage. */
  readonly fullPath: string
  readonly pathParameters: StringRecord | undefined
  readonly body: EventBody
}

export const make = (request: gatewayRequest.GatewayRequest, options: Options): PayloadVersion1 => {
  const names = new Map<string, string>()
  const headers = gatewayRequest.valuesByName(request.headers.map(([name, value]): readonly [string, string] => {
    const lowerCase = name.toLowerCase()
    const known = names.get(lowerCase) ?? canonicalNames.get(lowerCase) ?? name
    names.set(lowerCase, known)
    return [known, value]
  }))
  const query = gatewayRequest.queryValues(request)
  return {
    version: options.version,
    resource: options.resource,
    path: options.path,
    httpMethod: request.method,
    headers: lastOf(headers),
    multiValueHeaders: allOf(headers),
    queryStringParameters: lastOf(query),
    multiValueQueryStringParameters: allOf(query),
    pathParameters: options.pathParameters ?? null,
    stageVariables: null,
    requestContext: {
      resourceId: options.resourceId,
      resourcePath: options.resource,
      httpMethod: request.method,
      extendedRequestId: options.extendedRequestId,
      requestTime: gatewayRequest.formatTime(request.time),
      path: options.fullPath,
      accountId: options.accountId,
      protocol: request.protocol,
      stage: options.stage,
      domainPrefix: options.apiId,
      requestTimeEpoch: request.time,
      requestId: options.requestId,
      identity: {
        cognitoIdentityPoolId: null,
        accountId: null,
        cognitoIdentityId: null,
        caller: null,
        sourceIp: request.sourceIp,
        principalOrgId: null,
        accessKey: null,
        cognitoAuthenticationType: null,
        cognitoAuthenticationProvider: null,
        userArn: null,
        userAgent: request.userAgent ?? null,
        user: null
      },
      domainName: request.domainName,
      apiId: options.apiId
    },
    body: options.body.body ?? null,
    isBase64Encoded: options.body.isBase64Encoded
  }
}

/** API Gateway spells these its own way; of all others it keeps the caller's spelling. */
const canonicalNames: ReadonlyMap<string, string> = new Map(
  ["Authorization", "Content-Length", "Host", "User-Agent"].map((name) => [name.toLowerCase(), name])
)

type Values = ReadonlyMap<string, ReadonlyArray<string>>

const lastOf = (values: Values): StringRecord | null =>
  values.size === 0 ? null : Object.fromEntries(Array.from(values, ([name, all]) => [name, all.at(-1) ?? ""]))

const allOf = (values: Values): MultiValueRecord | null => values.size === 0 ? null : Object.fromEntries(values)
