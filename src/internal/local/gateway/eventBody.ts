/**
 * The body of a request as a field of an event: text as it is, everything else in base64.
 */
import * as Base64 from "effect/encoding/Base64"
import * as Result from "effect/Result"
import type { GatewayRequest } from "./gatewayRequest.ts"

export interface EventBody {
  readonly body?: string | undefined
  readonly isBase64Encoded: boolean
}

type RequestBody = Pick<GatewayRequest, "body" | "contentType">

/** How a function URL and an HTTP API tell text: by its content type, which neither a form nor JSON:API has. */
export const byContentType = ({ body, contentType }: RequestBody): EventBody => {
  if (body.length === 0) return noBody
  const text = isText(mediaType(contentType)) ? decodeUtf8(body) : undefined
  return text === undefined ? binary(body) : { body: text, isBase64Encoded: false }
}

/** How a REST API tells binary data: by its own list of media types. All else is text, even if that destroys it. */
export const byMediaTypes = ({ body, contentType }: RequestBody, binaryMediaTypes: ReadonlyArray<string>): EventBody =>
  body.length === 0
    ? noBody
    : matchesMediaType(contentType, binaryMediaTypes)
    ? binary(body)
    : { body: lossyUtf8.decode(body), isBase64Encoded: false }

/** Whether one of the patterns is this media type, as in `image/png`, `image/*` and `*\/*`. */
export const matchesMediaType = (contentType: string | undefined, patterns: ReadonlyArray<string>): boolean => {
  const given = mediaType(contentType)
  return patterns.map((pattern) => pattern.toLowerCase()).some((pattern) =>
    pattern === "*/*" || pattern === given || pattern.endsWith("/*") && given.startsWith(pattern.slice(0, -1))
  )
}

const noBody: EventBody = { body: undefined, isBase64Encoded: false }

const binary = (body: Uint8Array): EventBody => ({ body: Base64.encode(body), isBase64Encoded: true })

const mediaType = (contentType: string = "") => contentType.split(";", 1)[0]?.trim().toLowerCase() ?? ""

const isText = (type: string) =>
  type.startsWith("text/") || type === "application/json" || type === "application/javascript" ||
  type === "application/xml"

const decodeUtf8 = (bytes: Uint8Array): string | undefined =>
  Result.getOrUndefined(Result.try(() => utf8.decode(bytes)))

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

const lossyUtf8 = new TextDecoder("utf-8", { ignoreBOM: true })
