/**
 * The heads of HTTP/1.1 requests as text.
 *
 * https://www.rfc-editor.org/rfc/rfc9112#section-3
 */
import type { HeaderList } from "../transport.ts"

export interface RequestEncoder {
  readonly get: (path: string) => string
  readonly post: (path: string, headers: HeaderList, contentLength: number) => string
  readonly postChunked: (path: string, headers: HeaderList, trailers: ReadonlyArray<string>) => string
}

/** Everything that is the same for all requests of a connection is put together once. */
export const make = (options: {
  readonly authority: string
  readonly userAgent: string
  readonly pathPrefix: string
}): RequestEncoder => {
  const common = ` HTTP/1.1\r\nHost: ${options.authority}\r\nUser-Agent: ${options.userAgent}\r\n`
  const { pathPrefix } = options
  return {
    get: (path) => `GET ${pathPrefix}${path}${common}\r\n`,
    post: (path, headers, contentLength) =>
      `POST ${pathPrefix}${path}${common}${encodeHeaders(headers)}Content-Length: ${contentLength}\r\n\r\n`,
    postChunked: (path, headers, trailers) =>
      `POST ${pathPrefix}${path}${common}${encodeHeaders(headers)}Transfer-Encoding: chunked\r\nTrailer: ${
        trailers.join(", ")
      }\r\n\r\n`
  }
}

export const encodeHeaders = (headers: HeaderList): string => {
  let text = ""
  for (const [name, value] of headers) text += `${name}: ${toFieldValue(value)}\r\n`
  return text
}

/** A line break in a value, say in a content type taken from user input, must not become a header of its own. */
export const toFieldValue = (value: string): string =>
  /[^\t\x20-\x7e]/.test(value) ? value.replace(/[^\t\x20-\x7e]/g, "?") : value
