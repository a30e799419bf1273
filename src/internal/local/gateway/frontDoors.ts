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
import * as frontDoorAddress from "../http/frontDoorAddress.ts"
import type { Api } from "./apiGateway.ts"
import * as functionUrl from "./functionUrl.ts"
import * as gatewayResponse from "./gatewayResponse.ts"
import * as httpApi from "./httpApi.ts"
import * as restApi from "./restApi.ts"

/** Answers what is for a front door, and leaves everything else to `otherwise`. */
export const make = (functions: LocalFunctions, apis: ReadonlyArray<Api>) => {
  const respond = (
    request: HttpServerRequest,
    address: frontDoorAddress.FrontDoorAddress
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
      (request): Effect.Effect<HttpServerResponse, E, R | HttpServerRequest | Scope.Scope> => {
        const address = frontDoorAddress.find(request)
        // A server's request is not interruptible until someone says so, and a caller may leave.
        return address === undefined
          ? otherwise
          : Effect.interruptible(respond(request, address))
      }
    )
}

/** A host name has no case, and browsers write it in lower case. */
const named = <A>(all: ReadonlyArray<A>, nameOf: (one: A) => string, name: string): A | undefined =>
  all.find((one) => nameOf(one) === name) ?? all.find((one) => nameOf(one).toLowerCase() === name.toLowerCase())

const unknown = (kind: string, name: string, known: ReadonlyArray<string>) =>
  gatewayResponse.reply(
    404,
    JSON.stringify({ Message: `There is no ${kind} "${name}" here. ${describe(kind, known)}` })
  )

const describe = (kind: string, known: ReadonlyArray<string>) => {
  if (known.length === 0) return `There is no ${kind} at all`
  return known.length === 1 ? `There is only the ${kind} ${known[0]}` : `There are the ${kind}s ${known.join(", ")}`
}
