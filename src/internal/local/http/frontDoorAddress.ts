/**
 * Which front door a request is for, by its host name or by its path.
 */
import type { HttpServerRequest } from "effect/http/HttpServerRequest"

export interface FrontDoorAddress {
  readonly service: "lambda-url" | "execute-api"
  readonly name: string
  /** The part of the path that the front door is about, as it was sent, with its percent signs. */
  readonly path: string
  /** As it was sent, without the question mark. */
  readonly query: string
  /** The value that `Host` has or would have, with a port. */
  readonly domainName: string
}

/** A front door has all paths of its host name to itself. */
export const find = (request: HttpServerRequest): FrontDoorAddress | undefined => byHost(request) ?? byPath(request)

/** As in `orders.lambda-url.localhost:7000`. */
const byHost = (request: HttpServerRequest): FrontDoorAddress | undefined => {
  const domainName = request.headers["host"] ?? ""
  const [, name, service] = /^([^.]+)\.(lambda-url|execute-api)\.localhost\.?(?::\d+)?$/.exec(
    domainName.toLowerCase()
  ) ?? []
  if (name === undefined || !isService(service)) return undefined
  const [path, query] = splitTarget(request.url)
  return { service, name, path, query, domainName }
}

/** As in `/lambda-url/orders/and/so/on`. */
const byPath = (request: HttpServerRequest): FrontDoorAddress | undefined => {
  const [whole, query] = splitTarget(request.url)
  const [, service, name = "", path = ""] = /^\/(lambda-url|execute-api)(?:\/([^/]*)(.*))?$/s.exec(whole) ?? []
  if (!isService(service)) return undefined
  const port = /:\d+$/.exec(request.headers["host"] ?? "")?.[0] ?? ""
  return { service, name, path: path || "/", query, domainName: `${name}.${service}.localhost${port}` }
}

const isService = (text: string | undefined): text is FrontDoorAddress["service"] =>
  text === "lambda-url" || text === "execute-api"

const splitTarget = (url: string): readonly [path: string, query: string] => {
  const mark = url.indexOf("?")
  const path = mark < 0 ? url : url.slice(0, mark)
  // The target of `OPTIONS *` is the server as a whole.
  return [path.startsWith("/") ? path : "/", mark < 0 ? "" : url.slice(mark + 1)]
}
