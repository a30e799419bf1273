/**
 * Which requests the local server takes at all. Every web page that a browser of this machine shows can send requests
 * here; only those of the server itself and of allowed origins get through. Programs are not held to it.
 *
 * - The `Host` must be a name that nobody else can own, because a page can make its own host name point here
 *   (DNS rebinding) and then counts as the same origin. Not checked while the server listens on more than this machine,
 *   where it may have any name, unless the allowed names are listed.
 * - The `Origin` must be the server's own, as the `Host` names it, or an allowed one.
 * - Where a browser sends no `Origin`, its `Sec-Fetch-Site` tells that a page of another origin is behind a request.
 *   The page must then be an allowed one by its `Referer`, or the request must be a visit: a page that is opened in a
 *   tab, of a front door or of the server itself. Everything else is not for reading: a visit to the path where
 *   runtimes poll would take an event away.
 *
 * https://fetch.spec.whatwg.org/#http-cors-protocol, https://www.w3.org/TR/fetch-metadata/
 */
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import * as Effect from "effect/Effect"
import * as HttpEffect from "effect/http/HttpEffect"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as frontDoorAddress from "./frontDoorAddress.ts"

export interface Settings {
  /** The address to listen on. */
  readonly host: string
  /** Host names, without ports. */
  readonly allowedHosts: ReadonlyArray<string>
  /** Origins, or `*` for all of them. */
  readonly allowedOrigins: ReadonlyArray<string>
}

/** The refusal of a request, the answer to the preflight of an allowed one, or `undefined`: the request may go on. */
export const make = (
  { allowedHosts, allowedOrigins, host }: Settings
): (request: HttpServerRequest) => HttpServerResponse.HttpServerResponse | undefined => {
  const names = new Set([...allowedHosts, host].map((name) => name.toLowerCase()))
  const checksHost = allowedHosts.length > 0 || isLoopback(host)
  const allowsAll = allowedOrigins.includes("*")
  const origins = new Set(allowedOrigins.map((origin) => originOf(origin) ?? origin.toLowerCase()))
  const isAllowed = (origin: string | undefined) => allowsAll || origin !== undefined && origins.has(origin)

  return (request) => {
    const { headers } = request
    if (checksHost && headers["host"] !== undefined) {
      const name = hostName(headers["host"])
      if (!isOwnName(name) && !names.has(name)) return foreignHost
    }
    const { origin } = headers
    const isForeign = headers["sec-fetch-site"] === "cross-site" || headers["sec-fetch-site"] === "same-site"
    if (origin === undefined) {
      const page = originOf(headers["referer"] ?? "")
      return !isForeign || isAllowed(page) || isVisit(request) ? undefined : foreignOrigin(page)
    }
    if (isAllowed(origin)) return isPreflight(request) ? preflight(request, origin) : undefined
    return !isForeign && ownOrigins(headers["host"]).includes(origin) ? undefined : foreignOrigin(origin)
  }
}

/** Lets through what may go on, and tells browsers that the page behind it may read the answer. */
export const protect = (settings: Settings) => {
  const check = make(settings)
  return <E, R>(
    app: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>
  ): Effect.Effect<HttpServerResponse.HttpServerResponse, E, R | HttpServerRequest> =>
    Effect.flatMap(HttpServerRequest, (request) => {
      const { origin } = request.headers
      const answer = check(request)
      if (answer === undefined) {
        return origin === undefined ? app : HttpEffect.withPreResponseHandler(app, shareWith(origin))
      }
      return Effect.as(answer.status === 403 ? Effect.logWarning(describe(request)) : Effect.void, answer)
    })
}

const describe = ({ headers, method, url }: HttpServerRequest) => {
  const page = headers["origin"] ?? headers["referer"] ?? "unknown"
  return `Refused ${method} ${url.slice(0, 200)}, sent to ${headers["host"] ?? "no host"} by the page ${page}`
}

const isLoopback = (host: string) => /^((.+\.)?localhost|::1|(::ffff:)?127(\.\d+){1,3})$/i.test(host)

const hostName = (host: string) => host.replace(/:\d*$/, "").replace(/\.$/, "").toLowerCase()

/** Addresses are safe, and so are names that no one else can own. */
const isOwnName = (name: string) =>
  /^\d+(\.\d+){3}$/.test(name) || /^\[[0-9a-f:.]+\]$/.test(name) ||
  /^([\w-]+\.)*localhost$/.test(name) || name === "host.docker.internal"

/** Those of this server. In front of it there may be one that speaks TLS. */
const ownOrigins = (host: string | undefined) =>
  host === undefined ? [] : [originOf(`http://${host}`), originOf(`https://${host}`)]

/** As browsers write it: without the port that the scheme stands for. */
const originOf = (url: string): string | undefined => {
  const origin = URL.parse(url)?.origin
  return origin === "null" ? undefined : origin
}

const isVisit = (request: HttpServerRequest) =>
  (request.method === "GET" || request.method === "HEAD") && request.headers["sec-fetch-mode"] === "navigate" &&
  (request.headers["sec-fetch-dest"] ?? "document") === "document" && isPage(request)

/** Told by the path as it was sent, of which these beginnings stay what they are when the router decodes it. */
const isPage = (request: HttpServerRequest) =>
  frontDoorAddress.find(request) !== undefined || /^\/($|\?|_local\/)/.test(request.url)

const isPreflight = ({ headers, method }: HttpServerRequest) =>
  method === "OPTIONS" && headers["access-control-request-method"] !== undefined

const preflight = ({ headers }: HttpServerRequest, origin: string) => {
  const asked = headers["access-control-request-headers"]
  return HttpServerResponse.empty({
    status: 204,
    headers: {
      "access-control-allow-origin": origin,
      "access-control-allow-credentials": "true",
      "access-control-allow-methods": headers["access-control-request-method"] ?? "",
      ...(asked === undefined ? {} : { "access-control-allow-headers": asked }),
      "vary": "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
    }
  })
}

/** Where a function gives its own answer to the question who may read it, that one counts. */
const shareWith = (origin: string): HttpEffect.PreResponseHandler => (request, response) =>
  Effect.sync(() => {
    const written = NodeHttpServerRequest.toServerResponse(request)
    const isAnswered = written.hasHeader("access-control-allow-origin") ||
      response.headers["access-control-allow-origin"] !== undefined
    if (isAnswered) return response
    const vary = response.headers["vary"] ?? written.getHeader("vary") ?? []
    return HttpServerResponse.setHeaders(response, {
      "access-control-allow-origin": origin,
      "access-control-allow-credentials": "true",
      "access-control-expose-headers": exposedHeaders,
      "vary": [vary, "Origin"].flat().join(", ")
    })
  })

/** What the AWS SDK reads of an answer to Invoke. */
const exposedHeaders = [
  "X-Amz-Executed-Version",
  "X-Amz-Function-Error",
  "X-Amz-Log-Result",
  "X-Amzn-ErrorType",
  "X-Amzn-RequestId"
].join(", ")

const foreignHost = HttpServerResponse.text(
  "This server answers to localhost and to addresses only. To call it by another name, add the name to allowedHosts " +
    "(LOCAL_LAMBDA_ALLOWED_HOSTS), or set LOCAL_LAMBDA_HOST to the address it should listen on, for example 0.0.0.0\n",
  { status: 403 }
)

const foreignOrigin = (origin: string | undefined) => {
  const [page, setting] = origin === undefined || origin === "null"
    ? ["a page of unknown origin", "*"]
    : [origin, origin]
  return HttpServerResponse.text(
    `This server does not answer to ${page}. To call it from there, add the origin to allowedOrigins, for example ` +
      `LOCAL_LAMBDA_ALLOWED_ORIGINS=${setting}\n`,
    { status: 403 }
  )
}
