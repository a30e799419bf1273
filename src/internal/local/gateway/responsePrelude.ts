/**
 * The HTTP head that a streamed answer may start with, read while it arrives in pieces of any size.
 *
 * JSON, eight NUL bytes, then the body. JSON never contains a NUL byte, so the first one starts the separator.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"

/** The JSON and its separator must fit into this many bytes. */
export const maxPreludeSize = 16_384

const separatorSize = 8

/** What the prelude says, with one entry for each header line. */
export interface ResponseHead {
  readonly status: number
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
  readonly cookies: ReadonlyArray<string>
}

export type Progress =
  | { readonly _tag: "Incomplete" }
  | { readonly _tag: "Complete"; readonly head: ResponseHead; readonly rest: Uint8Array }
  | { readonly _tag: "Malformed"; readonly description: string }

export interface PreludeParser {
  /** Takes the next piece of the answer. Not to be called again after anything but `Incomplete`. */
  readonly push: (chunk: Uint8Array) => Progress
}

export const make = (): PreludeParser => {
  const buffer = new Uint8Array(maxPreludeSize)
  let size = 0
  /** Where the separator starts, once its first NUL byte has been seen. */
  let separatorStart = -1

  return {
    push: (chunk) => {
      for (const [index, byte] of chunk.entries()) {
        if (separatorStart < 0) {
          if (byte === 0) separatorStart = size
        } else if (byte !== 0) {
          return malformed(`has ${size - separatorStart} NUL bytes after its JSON where there must be ${separatorSize}`)
        }
        if (size === maxPreludeSize) {
          return malformed(`does not end within its first ${maxPreludeSize} bytes`)
        }
        buffer[size++] = byte
        if (separatorStart >= 0 && size - separatorStart === separatorSize) {
          return complete(buffer.subarray(0, separatorStart), chunk.subarray(index + 1))
        }
      }
      return incomplete
    }
  }
}

const complete = (json: Uint8Array, rest: Uint8Array): Progress => {
  const decoded = decodePrelude(new TextDecoder().decode(json))
  if (Result.isFailure(decoded)) return malformed(`is not the JSON of an HTTP head: ${decoded.failure.message}`)
  const { cookies = [], headers = {}, multiValueHeaders = {}, statusCode = 200 } = decoded.success
  // 1xx is no final status, and Node refuses to send anything outside of this range.
  if (statusCode < 200 || statusCode > 599) {
    return malformed(`has the statusCode ${statusCode}, which is not between 200 and 599`)
  }
  return {
    _tag: "Complete",
    head: {
      status: statusCode,
      headers: [
        ...Object.entries(headers).map(([name, value]): readonly [string, string] => [name, String(value)]),
        ...Object.entries(multiValueHeaders).flatMap(([name, values]) =>
          values.map((value): readonly [string, string] => [name, String(value)])
        )
      ],
      cookies
    },
    rest
  }
}

const incomplete: Progress = { _tag: "Incomplete" }

const malformed = (description: string): Progress => ({ _tag: "Malformed", description })

/** JavaScript functions like to give a number or a boolean as the value of a header. */
const HeaderValue = Schema.Union([Schema.String, Schema.Finite, Schema.Boolean])

const decodePrelude = Schema.decodeUnknownResult(Schema.fromJsonString(Schema.Struct({
  statusCode: Schema.optionalKey(Schema.Int),
  headers: Schema.optionalKey(Schema.Record(Schema.String, HeaderValue)),
  multiValueHeaders: Schema.optionalKey(Schema.Record(Schema.String, Schema.Array(HeaderValue))),
  cookies: Schema.optionalKey(Schema.Array(Schema.String))
})))
