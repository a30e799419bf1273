/**
 * The APIs of API Gateway that a local server has: how they are described, and what is wrong with a description.
 */
import * as Result from "effect/Result"
import type { ApiOptions } from "../../../LocalServer.ts"
import * as routeTable from "./routeTable.ts"

export interface ApiRoute extends routeTable.Route {
  readonly functionName: string
}

interface Common {
  readonly name: string
  readonly stage: string
  readonly routes: routeTable.RouteTable<ApiRoute>
}

export interface HttpApi extends Common {
  readonly type: "HTTP"
  readonly payloadFormatVersion: "1.0" | "2.0"
}

export interface RestApi extends Common {
  readonly type: "REST"
  readonly binaryMediaTypes: ReadonlyArray<string>
}

export type Api = HttpApi | RestApi

/** What is wrong, in the words of an invalid setting. */
export interface InvalidApi {
  readonly setting: string
  readonly value: string
  readonly expected: string
}

/** The stage that an HTTP API has no segment for. */
export const defaultStage = "$default"

export const decodeAll = (
  apis: ReadonlyArray<ApiOptions>,
  functionNames: ReadonlyArray<string>
): Result.Result<ReadonlyArray<Api>, InvalidApi> => {
  const names = new Set<string>()
  const decoded: Array<Api> = []
  for (const options of apis) {
    const api = decode(options, functionNames)
    if (Result.isFailure(api)) return Result.fail(api.failure)
    // A host name has no case.
    const name = options.name.toLowerCase()
    if (names.has(name)) return invalid("apis", options.name, "a name that no other API has")
    names.add(name)
    decoded.push(api.success)
  }
  return Result.succeed(decoded)
}

const decode = (
  { binaryMediaTypes, name, payloadFormatVersion, routes, stage, type }: ApiOptions,
  functionNames: ReadonlyArray<string>
): Result.Result<Api, InvalidApi> => {
  if (!/^[\w-]{1,64}$/.test(name)) {
    return invalid("the name of an API", name, "1 to 64 letters, digits, hyphens and underscores")
  }
  const setting = (field: keyof ApiOptions) => `${field} of the API ${name}`
  if (type !== "HTTP" && type !== "REST") return invalid(setting("type"), type, "HTTP or REST")
  const stageName = stage ?? (type === "HTTP" ? defaultStage : "prod")
  if (!/^[\w-]{1,128}$/.test(stageName) && !(type === "HTTP" && stageName === defaultStage)) {
    return invalid(setting("stage"), stageName, "1 to 128 letters, digits, hyphens and underscores")
  }
  const version = payloadFormatVersion ?? (type === "HTTP" ? "2.0" : "1.0")
  if (version !== "1.0" && !(type === "HTTP" && version === "2.0")) {
    return invalid(setting("payloadFormatVersion"), version, type === "HTTP" ? "1.0 or 2.0" : "1.0 for a REST API")
  }
  for (const mediaType of binaryMediaTypes ?? []) {
    if (type === "HTTP") {
      return invalid(setting("binaryMediaTypes"), mediaType, "left out: an HTTP API goes by the content type")
    }
    if (!/^[\w.+*-]+\/[\w.+*-]+$/.test(mediaType)) {
      return invalid(setting("binaryMediaTypes"), mediaType, "media types like image/png, image/* and */*")
    }
  }
  const decodedRoutes = decodeRoutes(routes, type, setting("routes"), functionNames)
  return Result.map(decodedRoutes, (all): Api =>
    type === "HTTP"
      ? { type, name, stage: stageName, payloadFormatVersion: version, routes: routeTable.makeHttpApi(all) }
      : {
        type,
        name,
        stage: stageName,
        binaryMediaTypes: binaryMediaTypes ?? [],
        routes: routeTable.makeRestApi(all)
      })
}

const decodeRoutes = (
  routes: ApiOptions["routes"],
  type: ApiOptions["type"],
  setting: string,
  functionNames: ReadonlyArray<string>
): Result.Result<ReadonlyArray<ApiRoute>, InvalidApi> => {
  const decoded: Array<ApiRoute> = []
  const shapes = new Map<string, string>()
  for (const [key, functionName] of Object.entries(routes)) {
    const route = routeTable.parse(key)
    if (Result.isFailure(route)) return invalid(setting, key, route.failure)
    if (type === "REST" && key === routeTable.defaultKey) {
      return invalid(setting, key, "a method and a path: only HTTP APIs have a default route")
    }
    const shape = routeTable.shape(route.success)
    const twin = shapes.get(shape)
    if (twin !== undefined) return invalid(setting, key, `another route than ${twin}, which is for the same requests`)
    shapes.set(shape, key)
    if (!functionNames.includes(functionName)) {
      return invalid(`${setting}, ${key}`, functionName, `the name of a function: ${functionNames.join(", ")}`)
    }
    decoded.push({ ...route.success, functionName })
  }
  return decoded.length === 0
    ? invalid(setting, "{}", "at least one route, as in { \"GET /orders/{id}\": \"orders\" }")
    : Result.succeed(decoded)
}

const invalid = (setting: string, value: unknown, expected: string): Result.Result<never, InvalidApi> =>
  Result.fail({ setting, value: String(value), expected })
