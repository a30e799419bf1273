/**
 * The front doors of the functions, by path and by host name: their function URLs and the APIs of API Gateway.
 *
 * A front door has all paths of its host name to itself, so this comes before every other route of the server.
 */
import * as Effect from "effect/Effect"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import type { HttpServerResponse } from "effect/http/HttpServerResponse"
import type * as Scope from "effect/Scope"
import type { LocalFunctions } from "../function/localFunction.ts"
import type { Api } from "./apiGateway.ts"
import * as functionUrl from "./functionUrl.ts"
import type { Target } from "./gatewayRequest.ts"
import * as gatewayResponse from "./gatewayResponse.ts"
import * as httpApi from "./httpApi.ts"
import * as restApi from "./restApi.ts"

interface Address extends Target {
  readonly service: "lambda-url" | "execute-api"
  readonly name: string
}

/** Answers what is for a front door, and leaves everything else to `otherwise`. */
export const make = (functions: LocalFunctions, apis: ReadonlyArray<Api>) => {
  const respond = (
    request: HttpServerRequest,
    address: Address
  ): Effect.Effect<HttpServerResponse, never, Scope.Scope> => {
    if (address.service === "lambda-url") {
      const local = named(functions.all, ({ settings }) => settings.name, address.name)
      return local === undefined
        ? Effect.succeed(unknown("function", address.name, functions.all.map(({ settings }) => settings.name)))
        : functionUrl.respond(local, request, address)
    }
    const api = named(apis, ({ name }) => name, address.name)
    if (api === undefined) return Effect.succeed(unknown("API", address.name, apis.map(({ name }) => name)))
    return api.type === "HTTP"
      ? httpApi.respond(functions, api, request, address)
      : restApi.respond(functions, api, request, address)
  }

  return <E, R>(
    otherwise: Effect.Effect<HttpServerResponse, E, R>
  ): Effect.Effect<HttpServerResponse, E, R | HttpServerRequest | Scope.Scope> =>
    Effect.flatMap(
      HttpServerRequest,
      (request): Effect.Effect<HttpServerResponse, E, R | Scope.Scope> => {
        const address = byHost(request) ?? byPath(request)
        // A server's request is not interruptible until someone says so, and a caller may leave.
        return address === undefined ? otherwise : Effect.interruptible(respond(request, address))
      }
    )
}

/** As in `orders.lambda-url.localhost:7000`. */
const byHost = (request: HttpServerRequest): Address | undefined => {
  const domainName = request.headers["host"] ?? ""
  const [, name, service] = /^([^.]+)\.(lambda-url|execute-api)\.localhost\.?(?::\d+)?$/.exec(
    domainName.toLowerCase()
  ) ?? []
  if (name === undefined || !isService(service)) return undefined
  const [path, query] = splitTarget(request.url)
  return { service, name, path, query, domainName }
}

/** As in `/lambda-url/orders/and/so/on`. */
const byPath = (request: HttpServerRequest): Address | undefined => {
  const [whole, query] = splitTarget(request.url)
  const [, service, name = "", path = ""] = /^\/(lambda-url|execute-api)(?:\/([^/]*)(.*))?$/s.exec(whole) ?? []
  if (!isService(service)) return undefined
  const port = /:\d+$/.exec(request.headers["host"] ?? "")?.[0] ?? ""
  return { service, name, path: path || "/", query, domainName: `${name}.${service}.localhost${port}` }
}

const isService = (text: string | undefined): text is Address["service"] =>
  text === "lambda-url" || text === "execute-api"

const splitTarget = (url: string): readonly [path: string, query: string] => {
  const mark = url.indexOf("?")
  const path = mark < 0 ? url : url.slice(0, mark)
  // The target of `OPTIONS *` is the server as a whole.
  return [path.startsWith("/") ? path : "/", mark < 0 ? "" : url.slice(mark + 1)]
}

/** A host name has no case, and browsers write it in lower case. */
const named = <A>(all: ReadonlyArray<A>, nameOf: (one: A) => string, name: string): A | undefined =>
  all.find((one) => nameOf(one) === name) ?? all.find((one) => nameOf(one).toLowerCase() === name.toLowerCase())

const unknown = (kind: string, name: string, known: ReadonlyArray<string>) =>
  gatewayResponse.reply(
    404,
    JSON.stringify({
      Message: `There is no ${kind} "${name}" here. ` +
        (known.length === 0 ? `There is no ${kind} at all` : `There is ${known.join(", ")}`)
    })
  )
