/**
 * The head of a response as every front door takes it: what is about a connection is left out, and what HTTP cannot
 * carry is refused here, because a front door answers it with no more than 502.
 */
import * as Cookies from "effect/http/Cookies"
import type { HttpServerResponse } from "effect/http/HttpServerResponse"
import * as Result from "effect/Result"

export interface ResponseHead {
  readonly status: number
  readonly statusText: string | undefined
  /** Without cookies; names are lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** One for each `set-cookie` line. */
  readonly cookies: ReadonlyArray<string>
}

/** Or what is wrong with it. */
export const read = (response: HttpServerResponse): Result.Result<ResponseHead, string> => {
  const { status, statusText } = response
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    return Result.fail(`has the status ${status}, which is not between 200 and 599`)
  }
  const connectionOptions = response.headers["connection"]?.toLowerCase().split(",").map((option) => option.trim())
  const headers: Record<string, string> = {}
  for (const name of Object.keys(response.headers)) {
    const value = response.headers[name] ?? ""
    if (!token.test(name) || unsendable.test(value)) {
      return Result.fail(`has the header ${JSON.stringify(name)}, which cannot be sent over HTTP`)
    }
    if (!ofConnection.has(name) && connectionOptions?.includes(name) !== true) headers[name] = value
  }
  const cookies = Cookies.isEmpty(response.cookies) ? [] : Cookies.toSetCookieHeaders(response.cookies)
  const own = headers["set-cookie"]
  if (own !== undefined) {
    cookies.push(own)
    delete headers["set-cookie"]
  }
  return cookies.some((cookie) => unsendable.test(cookie))
    ? Result.fail("has a cookie that cannot be sent over HTTP")
    : Result.succeed({ status, statusText, headers, cookies })
}

/** https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 */
const token = /^[!#$%&'*+\-.^_`|~\w]+$/

/** https://www.rfc-editor.org/rfc/rfc9110#section-5.5 */
const unsendable = /[^\t\x20-\x7e\x80-\xff]/

/** Those of the connection, and the length, which the front door knows best: a stream has none yet. */
const ofConnection: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
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
