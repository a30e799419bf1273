/**
 * Which route of an API a request is for, as API Gateway decides it: the most specific one, wherever it stands.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-settings-method-request.html
 */
import * as Result from "effect/Result"

export type Segment =
  | { readonly _tag: "Literal"; readonly text: string }
  | { readonly _tag: "Variable"; readonly name: string }
  /** One segment or more, and always the last one. */
  | { readonly _tag: "Greedy"; readonly name: string }

export interface Route {
  /** As in `GET /orders/{id}`, or `$default`. */
  readonly key: string
  /** `ANY` is every method that has no route of its own. */
  readonly method: string
  /** As in `/orders/{id}`. */
  readonly path: string
  readonly segments: ReadonlyArray<Segment>
}

export interface Match<R extends Route> {
  readonly route: R
  /** None for the default route and for a path without variables. */
  readonly parameters: Readonly<Record<string, string>> | undefined
}

export interface RouteTable<R extends Route> {
  /** Finds the route of a path that has been split at its slashes. */
  readonly find: (method: string, segments: ReadonlyArray<string>) => Match<R> | undefined
}

export const defaultKey = "$default"

const methods = ["ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]

/** A route, or what is wrong with its key. */
export const parse = (key: string): Result.Result<Route, string> => {
  if (key === defaultKey) return Result.succeed({ key, method: "ANY", path: defaultKey, segments: [] })
  const [, method = "", path = ""] = /^(\S+) (\/\S*)$/.exec(key) ?? []
  if (path === "") return Result.fail("a method and a path, as in GET /orders/{id}")
  if (!methods.includes(method)) return Result.fail(`a route whose method is one of ${methods.join(", ")}`)
  const segments: Array<Segment> = []
  const texts = path === "/" ? [] : path.slice(1).split("/")
  for (const [index, text] of texts.entries()) {
    const [, name, greedy] = /^\{([\w.:-]+)(\+?)\}$/.exec(text) ?? []
    if (name === undefined) {
      if (!/^[^{}?#]+$/.test(text)) return Result.fail("a route whose segments are all like orders, {id} or {proxy+}")
      segments.push({ _tag: "Literal", text })
      continue
    }
    if (segments.some((segment) => segment._tag !== "Literal" && segment.name === name)) {
      return Result.fail("a route whose variables have different names")
    }
    if (greedy === "+" && index !== texts.length - 1) return Result.fail(`a route that has {${name}+} at its end`)
    segments.push({ _tag: greedy === "+" ? "Greedy" : "Variable", name })
  }
  return Result.succeed({ key, method, path, segments })
}

/** Two routes of the same shape, as in `GET /orders/{}`, are for the same requests. */
export const shape = ({ method, path }: Route): string => `${method} ${path.replaceAll(/\{[^}+]+(\+?)\}/g, "{$1}")}`

/** Splits a path at its slashes. */
export const split = (path: string): ReadonlyArray<string> => path === "/" ? [] : path.slice(1).split("/")

/** An HTTP API looks for the method and the path at once, and has a default. */
export const makeHttpApi = <R extends Route>(routes: ReadonlyArray<R>): RouteTable<R> => {
  const sorted = routes.filter(({ key }) => key !== defaultKey).toSorted(bySpecificity)
  const fallback = routes.find(({ key }) => key === defaultKey)
  return {
    find: (method, segments) => {
      for (const route of sorted) {
        const parameters = allows(route, method) ? match(route.segments, segments) : undefined
        if (parameters !== undefined) return found(route, parameters)
      }
      return fallback === undefined ? undefined : { route: fallback, parameters: undefined }
    }
  }
}

/** A REST API looks for the resource first: one that lacks the method is not made up for by a less specific one. */
export const makeRestApi = <R extends Route>(routes: ReadonlyArray<R>): RouteTable<R> => {
  const sorted = routes.toSorted(bySpecificity)
  return {
    find: (method, segments) => {
      const matching = sorted.filter((route) => match(route.segments, segments) !== undefined)
      const [first] = matching
      const route = first && matching.find((other) => pathRank(other) === pathRank(first) && allows(other, method))
      return route && found(route, match(route.segments, segments) ?? [])
    }
  }
}

type Parameters = ReadonlyArray<readonly [name: string, value: string]>

const found = <R extends Route>(route: R, parameters: Parameters): Match<R> => ({
  route,
  parameters: parameters.length === 0 ? undefined : Object.fromEntries(parameters)
})

const allows = (route: Route, method: string) => route.method === "ANY" || route.method === method

const match = (pattern: ReadonlyArray<Segment>, segments: ReadonlyArray<string>): Parameters | undefined => {
  const parameters: Array<readonly [string, string]> = []
  for (const [index, expected] of pattern.entries()) {
    const given = segments[index]
    if (expected._tag === "Greedy") {
      const rest = segments.slice(index).join("/")
      return rest === "" ? undefined : [...parameters, [expected.name, rest]]
    }
    if (given === undefined || given === "") return undefined
    if (expected._tag === "Variable") parameters.push([expected.name, given])
    else if (expected.text !== given) return undefined
  }
  return pattern.length === segments.length ? parameters : undefined
}

const bySpecificity = (one: Route, other: Route): number =>
  Number(one.method === "ANY") - Number(other.method === "ANY") + 2 * compare(pathRank(one), pathRank(other))

const compare = (one: string, other: string) => one < other ? -1 : one > other ? 1 : 0

/** Paths without a greedy variable come first; then the first segment counts in which two paths differ. */
const pathRank = ({ segments }: Route): string =>
  [segments.at(-1)?._tag === "Greedy" ? 1 : 0, ...segments.map(({ _tag }) => rank[_tag])].join("")

const rank = { Literal: 0, Variable: 1, Greedy: 2 } satisfies Record<Segment["_tag"], number>
