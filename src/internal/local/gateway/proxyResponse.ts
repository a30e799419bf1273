/**
 * The HTTP response that a function's whole result stands for.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html#http-api-develop-integrations-lambda.response
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-output-format
 */
import * as Base64 from "effect/encoding/Base64"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { HeaderList } from "../../transport.ts"
import * as relayedHeaders from "./relayedHeaders.ts"

export interface ProxyResponse {
  readonly status: number
  readonly contentType: string
  /** As the function names them; those that may not be sent are still among them. */
  readonly headers: HeaderList
  readonly cookies: ReadonlyArray<string>
  readonly body: Uint8Array
}

/** What is wrong with a result that is no HTTP response. */
export type Interpreted = Result.Result<ProxyResponse, string>

/** Payload format 2.0: without a `statusCode` the whole result is the body. */
export const version2 = (result: Uint8Array, defaultContentType: string): Interpreted => {
  const json = parseJson(result)
  const value = Result.isSuccess(json) ? json.success : undefined
  if (typeof value === "object" && value !== null && Object.hasOwn(value, "statusCode")) {
    return Result.flatMap(decodeVersion2(value), ({ cookies, statusCode, ...fields }) =>
      complete({
        ...fields,
        statusCode: Number(statusCode),
        multiValueHeaders: null,
        cookies: cookies ?? [],
        contentType: defaultContentType,
        decodesBase64: true
      }))
  }
  // A string stands for its characters, everything else for itself, even if it is not JSON.
  const body = typeof value === "string" ? new TextEncoder().encode(value) : result
  return Result.succeed({ status: 200, contentType: "application/json", headers: [], cookies: [], body })
}

/** Payload format 1.0 of a REST API: no field has to be there, but no other field may be. */
export const restApi = (result: Uint8Array, options: { readonly decodesBase64: boolean }): Interpreted =>
  Result.flatMap(Result.flatMap(parseJson(result), decodeRestApi), ({ statusCode, ...fields }) =>
    complete({
      ...fields,
      statusCode: Number(statusCode ?? 200),
      cookies: [],
      contentType: "application/json",
      decodesBase64: options.decodesBase64
    }))

/** Payload format 1.0 of an HTTP API: `statusCode` has to be there, and other fields are ignored. */
export const version1 = (result: Uint8Array): Interpreted =>
  Result.flatMap(Result.flatMap(parseJson(result), decodeVersion1), ({ statusCode, ...fields }) =>
    complete({
      ...fields,
      statusCode: Number(statusCode),
      cookies: [],
      contentType: "text/plain; charset=utf-8",
      decodesBase64: true
    }))

const complete = (fields: {
  readonly statusCode: number
  readonly headers?: SingleValueHeaders | null
  readonly multiValueHeaders?: typeof MultiValueHeaders.Type | null
  readonly cookies: ReadonlyArray<string>
  readonly contentType: string
  readonly body?: string | null
  readonly isBase64Encoded?: boolean | null
  readonly decodesBase64: boolean
}): Interpreted => {
  // 1xx is no final status, and Node refuses to send anything outside of this range.
  if (fields.statusCode < 200 || fields.statusCode > 599) {
    return Result.fail(`has the statusCode ${fields.statusCode}, which is not between 200 and 599`)
  }
  const headers = mergeHeaders(fields.headers ?? {}, fields.multiValueHeaders ?? {})
  const invalid = relayedHeaders.invalid([...headers, ...relayedHeaders.setCookies(fields.cookies)])
  if (invalid !== undefined) return Result.fail(invalid)
  const text = fields.body ?? ""
  const body = fields.isBase64Encoded === true && fields.decodesBase64
    ? Base64.decode(text)
    : Result.succeed(new TextEncoder().encode(text))
  if (Result.isFailure(body)) return Result.fail("has a body that is not base64, as isBase64Encoded says it is")
  return Result.succeed({
    status: fields.statusCode,
    contentType: relayedHeaders.contentType(headers) ?? fields.contentType,
    headers,
    cookies: fields.cookies,
    body: body.success
  })
}

/** The values of both, those of `multiValueHeaders` first; a pair that both have counts once. */
const mergeHeaders = (headers: SingleValueHeaders, multiValueHeaders: typeof MultiValueHeaders.Type): HeaderList => {
  const multiple = Object.entries(multiValueHeaders).flatMap(([name, values]) =>
    (values ?? []).map((value): readonly [string, string] => [name, String(value)])
  )
  const pairs = new Set(multiple.map(([name, value]) => `${name.toLowerCase()}:${value}`))
  const single = Object.entries(headers).flatMap(([name, value]): HeaderList =>
    value === null || pairs.has(`${name.toLowerCase()}:${value}`) ? [] : [[name, String(value)]]
  )
  return [...multiple, ...single]
}

/** API Gateway turns numbers and booleans into text; Java and .NET like to write null for nothing. */
const HeaderValue = Schema.Union([Schema.String, Schema.Finite, Schema.Boolean])

const SingleValueHeaders = Schema.Record(Schema.String, Schema.NullOr(HeaderValue))

type SingleValueHeaders = typeof SingleValueHeaders.Type

const MultiValueHeaders = Schema.Record(Schema.String, Schema.NullOr(Schema.Array(HeaderValue)))

const StatusCode = Schema.Union([Schema.Int, Schema.String.check(Schema.isPattern(/^\d{3}$/))])

const nullish = <S extends Schema.Constraint>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))

const commonFields = {
  headers: nullish(SingleValueHeaders),
  body: nullish(Schema.String),
  isBase64Encoded: nullish(Schema.Boolean)
}

const Version2 = Schema.Struct({
  ...commonFields,
  statusCode: StatusCode,
  cookies: nullish(Schema.Array(Schema.String))
})

const RestApi = Schema.Struct({
  ...commonFields,
  statusCode: nullish(StatusCode),
  multiValueHeaders: nullish(MultiValueHeaders)
})

const Version1 = Schema.Struct({
  ...commonFields,
  statusCode: StatusCode,
  multiValueHeaders: nullish(MultiValueHeaders)
})

const describe = Result.mapError((error: Schema.SchemaError) => `is not an HTTP response: ${error.message}`)

const decodeVersion2 = (value: unknown) => describe(Schema.decodeUnknownResult(Version2)(value))

const decodeVersion1 = (value: unknown) => describe(Schema.decodeUnknownResult(Version1)(value))

const decodeRestApi = (value: unknown) =>
  describe(Schema.decodeUnknownResult(RestApi)(value, { onExcessProperty: "error" }))

const parseJson = (bytes: Uint8Array) => describe(parse(new TextDecoder().decode(bytes)))

const parse = Schema.decodeUnknownResult(Schema.fromJsonString(Schema.Unknown))
