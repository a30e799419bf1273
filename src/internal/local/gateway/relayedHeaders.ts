/**
 * Which headers go through a front door, and under which name.
 *
 * https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1
 */
import * as Result from "effect/Result"
import type { HeaderList } from "../../transport.ts"
import { nodeHttp } from "../http/nodeHttp.ts"

/** These are about one connection, not about the message. */
const hopByHop: ReadonlySet<string> = new Set([
  "connection",
  "http2-settings",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade"
])

/** `Connection` names more headers that are about the connection only. */
const connectionOptions = (headers: HeaderList): ReadonlySet<string> =>
  new Set(
    headers
      .filter(([name]) => name.toLowerCase() === "connection")
      .flatMap(([_, value]) => value.split(",").map((option) => option.trim().toLowerCase()))
  )

/** From a caller to a function. */
export const toFunction = (headers: HeaderList): HeaderList => {
  const options = connectionOptions(headers)
  return headers.filter(([name]) => {
    const lowerCase = name.toLowerCase()
    // `Expect` has been answered by the time that there is an event.
    return !hopByHop.has(lowerCase) && !options.has(lowerCase) && lowerCase !== "expect"
  })
}

/** Headers of an answer that keep their value under the name `x-amzn-Remapped-...`. */
export type Remapped = ReadonlySet<string>

/** A function's length is not that of what is sent: a stream has none yet. */
export const remappedLength: Remapped = new Set(["content-length"])

/**
 * What a function URL and a REST API rename.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
export const remappedByRestApi: Remapped = new Set([
  "authorization",
  "connection",
  "content-length",
  "content-md5",
  "date",
  "expect",
  "host",
  "max-forwards",
  "proxy-authenticate",
  "server",
  "trailer",
  "upgrade",
  "user-agent",
  "www-authenticate"
])

export const remappedByHttpApi: Remapped = new Set()

/** From a function to its caller. The content type belongs to the body and is left out. */
export const toCaller = (headers: HeaderList, remapped: Remapped): HeaderList => {
  const options = connectionOptions(headers)
  return headers.flatMap(([name, value]): HeaderList => {
    const lowerCase = name.toLowerCase()
    if (lowerCase === "content-type") return []
    if (remapped.has(lowerCase)) return [[`X-Amzn-Remapped-${name}`, value]]
    const isDropped = lowerCase === "content-length" || hopByHop.has(lowerCase) || options.has(lowerCase)
    return isDropped ? [] : [[name, value]]
  })
}

export const contentType = (headers: HeaderList): string | undefined =>
  headers.findLast(([name]) => name.toLowerCase() === "content-type")?.[1]

export const setCookies = (cookies: ReadonlyArray<string>): HeaderList =>
  cookies.map((cookie): readonly [string, string] => ["Set-Cookie", cookie])

/** What is wrong with headers that HTTP cannot carry. */
export const invalid = (headers: HeaderList): string | undefined => {
  for (const [name, value] of headers) {
    const checked = Result.try(() => {
      nodeHttp.validateHeaderName(name)
      nodeHttp.validateHeaderValue(name, value)
    })
    if (Result.isFailure(checked)) return `has the header ${JSON.stringify(name)}, which cannot be sent over HTTP`
  }
  return undefined
}
