import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as routeTable from "../src/internal/local/gateway/routeTable.ts"

const methods = ["GET", "POST", "DELETE"] as const

/** Few different ones, so that routes and paths meet. */
const Text = Schema.Literals(["a", "b", "c", "orders"])

const SegmentText = Schema.Union([Text, Schema.Literal("{variable}")])

/** A route without the names of its variables: `/a/{}/{+}`. */
const RouteShape = Schema.Struct({
  method: Schema.Literals([...methods, "ANY"]),
  segments: Schema.Array(SegmentText).check(Schema.isMaxLength(4)),
  greedy: Schema.Boolean
})

const Request = Schema.Struct({
  method: Schema.Literals(methods),
  segments: Schema.Array(Text).check(Schema.isMaxLength(5))
})

const keyOf = ({ greedy, method, segments }: typeof RouteShape.Type) => {
  const named = segments.map((text, index) => text === "{variable}" ? `{v${index}}` : text)
  return `${method} /${[...named, ...(greedy ? ["{rest+}"] : [])].join("/")}`
}

const parse = (key: string): routeTable.Route => Result.getOrThrowWith(routeTable.parse(key), (message) => message)

/** Every shape once, as an API has it. */
const routesOf = (shapes: ReadonlyArray<typeof RouteShape.Type>) => Array.from(new Set(shapes.map(keyOf)), parse)

/** What API Gateway's documentation says about it, without any order. */
const matches = (route: routeTable.Route, { method, segments }: typeof Request.Type) => {
  const pattern = route.path === "/" ? [] : route.path.slice(1).split("/")
  const isGreedy = route.path.endsWith("+}")
  return (route.method === "ANY" || route.method === method) &&
    (isGreedy ? segments.length >= pattern.length : segments.length === pattern.length) &&
    pattern.every((text, index) => text.startsWith("{") || text === segments[index])
}

const isGreedy = ({ path }: routeTable.Route) => path.endsWith("+}")

/** Whether the first route is a better match than the second, for a request that both match. */
const beats = (one: routeTable.Route, other: routeTable.Route): boolean => {
  if (isGreedy(one) !== isGreedy(other)) return isGreedy(other)
  for (const [index, text] of one.path.split("/").entries()) {
    const counterpart = other.path.split("/")[index] ?? "{rest+}"
    const rank = (segment: string) => segment.endsWith("+}") ? 2 : segment.startsWith("{") ? 1 : 0
    if (rank(text) !== rank(counterpart)) return rank(text) < rank(counterpart)
  }
  return other.method === "ANY" && one.method !== "ANY"
}

const find = (table: routeTable.RouteTable<routeTable.Route>, method: string, path: string) => {
  const match = table.find(method, routeTable.split(path))
  return match && [match.route.key, match.parameters]
}

describe("the route table of an HTTP API", () => {
  it("takes the most specific route, as in the example of the documentation", () => {
    const table = routeTable.makeHttpApi(
      ["$default", "ANY /{proxy+}", "GET /pets/{proxy+}", "GET /pets/dog/{id}", "GET /pets/dog/1"].map(parse)
    )
    assert.deepStrictEqual(find(table, "GET", "/pets/dog/1"), ["GET /pets/dog/1", undefined])
    assert.deepStrictEqual(find(table, "GET", "/pets/dog/2"), ["GET /pets/dog/{id}", { id: "2" }])
    assert.deepStrictEqual(find(table, "GET", "/pets/cat/1"), ["GET /pets/{proxy+}", { proxy: "cat/1" }])
    assert.deepStrictEqual(find(table, "POST", "/test/5"), ["ANY /{proxy+}", { proxy: "test/5" }])
    assert.deepStrictEqual(find(table, "POST", "/pets/dog/1"), ["ANY /{proxy+}", { proxy: "pets/dog/1" }])
    assert.deepStrictEqual(find(table, "GET", "/"), ["$default", undefined])
  })

  it("takes a method before ANY, and no path for another one with a slash at its end", () => {
    const table = routeTable.makeHttpApi(["ANY /a", "GET /a", "GET /"].map(parse))
    assert.deepStrictEqual(find(table, "GET", "/a"), ["GET /a", undefined])
    assert.deepStrictEqual(find(table, "PUT", "/a"), ["ANY /a", undefined])
    assert.deepStrictEqual(find(table, "GET", "/"), ["GET /", undefined])
    for (const path of ["/a/", "//a", "//", "/A"]) assert.isUndefined(find(table, "GET", path), path)
  })

  it("has variables that are not empty", () => {
    const table = routeTable.makeHttpApi(["GET /a/{id}", "GET /b/{rest+}"].map(parse))
    for (const path of ["/a/", "/a", "/b/", "/b", "/a//"]) assert.isUndefined(find(table, "GET", path), path)
    assert.deepStrictEqual(find(table, "GET", "/b//x/"), ["GET /b/{rest+}", { rest: "/x/" }])
  })

  it("gives any name and any value back", () => {
    const table = routeTable.makeHttpApi([parse("GET /{__proto__}/{a.b:c-d+}")])
    const match = table.find("GET", ["toString", "x", "y"])
    assert.deepStrictEqual(Object.entries(match?.parameters ?? {}), [["__proto__", "toString"], ["a.b:c-d", "x/y"]])
  })

  it.prop(
    "takes a route that matches, and none if none does",
    [Schema.Array(RouteShape).check(Schema.isMaxLength(8)), Request],
    ([shapes, request]) => {
      const routes = routesOf(shapes)
      const match = routeTable.makeHttpApi(routes).find(request.method, request.segments)
      const matching = routes.filter((route) => matches(route, request))
      assert.strictEqual(match === undefined, matching.length === 0)
      if (match === undefined) return
      assert.include(matching, match.route)
      for (const other of matching) assert.isFalse(beats(other, match.route), `${other.key} beats ${match.route.key}`)
    }
  )

  it.prop(
    "takes the same one in whatever order the routes stand",
    [Schema.Array(RouteShape).check(Schema.isMaxLength(8)), Request, Schema.Array(Schema.Finite)],
    ([shapes, request, keys]) => {
      const routes = routesOf(shapes)
      const shuffled = routes.map((route, index) => [keys[index] ?? 0, route] as const)
        .toSorted(([one], [other]) => one - other)
        .map(([_, route]) => route)
      for (const make of [routeTable.makeHttpApi, routeTable.makeRestApi]) {
        const found = (all: ReadonlyArray<routeTable.Route>) =>
          make(all).find(request.method, request.segments)?.route.key
        assert.strictEqual(found(shuffled), found(routes))
        assert.strictEqual(found(routes.toReversed()), found(routes))
      }
    }
  )

  it.prop(
    "gives the parameters that make the path when they take the places of the variables",
    [RouteShape, Schema.Array(Text.check(Schema.isMinLength(1))), Schema.Array(Schema.String)],
    ([shape, texts, values]) => {
      const route = parse(keyOf({ ...shape, method: "GET" }))
      const value = (index: number) => values[index]?.replaceAll("/", "") || texts[index] || "x"
      const segments = route.segments.flatMap((segment, index) =>
        segment._tag === "Literal"
          ? [segment.text]
          : segment._tag === "Variable"
          ? [value(index)]
          : [value(index), value(index + 1)]
      )
      const match = routeTable.makeHttpApi([route]).find("GET", segments)
      const rebuilt = route.segments.map((segment) =>
        segment._tag === "Literal" ? segment.text : match?.parameters?.[segment.name]
      )
      assert.strictEqual(rebuilt.join("/"), segments.join("/"))
    }
  )

  it.prop("falls back to its default route", [Request], ([{ method, segments }]) => {
    const table = routeTable.makeHttpApi(["$default", "PUT /none"].map(parse))
    assert.strictEqual(table.find(method, segments)?.route.key, "$default")
  })
})

describe("the route table of a REST API", () => {
  it("looks for the resource before it looks for the method", () => {
    const table = routeTable.makeRestApi(["ANY /{proxy+}", "GET /orders/{id}", "ANY /users", "GET /users"].map(parse))
    assert.deepStrictEqual(find(table, "GET", "/orders/1"), ["GET /orders/{id}", { id: "1" }])
    assert.isUndefined(find(table, "POST", "/orders/1"))
    assert.deepStrictEqual(find(table, "POST", "/orders"), ["ANY /{proxy+}", { proxy: "orders" }])
    assert.deepStrictEqual(find(table, "GET", "/users"), ["GET /users", undefined])
    assert.deepStrictEqual(find(table, "POST", "/users"), ["ANY /users", undefined])
    assert.isUndefined(find(table, "GET", "/"))
  })

  it.prop(
    "takes what an HTTP API takes, or refuses the method of a more specific resource",
    [Schema.Array(RouteShape).check(Schema.isMaxLength(8)), Request],
    ([shapes, request]) => {
      const routes = routesOf(shapes)
      const match = routeTable.makeRestApi(routes).find(request.method, request.segments)
      const matching = routes.filter((route) => matches(route, request))
      if (match === undefined) {
        for (const route of matching) {
          const isBeaten = routes.some((other) =>
            beats(other, route) && other.path !== route.path &&
            methods.some((method) => matches(other, { ...request, method }))
          )
          assert.isTrue(isBeaten, route.key)
        }
      } else {
        assert.include(matching, match.route)
        for (const other of matching) assert.isFalse(beats(other, match.route), `${other.key} beats ${match.route.key}`)
      }
    }
  )
})

describe("a route key", () => {
  it.prop("is read into its parts", [RouteShape], ([shape]) => {
    const key = keyOf(shape)
    const route = parse(key)
    assert.strictEqual(`${route.method} ${route.path}`, key)
    const rebuilt = route.segments.map((segment) =>
      segment._tag === "Literal"
        ? segment.text
        : segment._tag === "Variable"
        ? `{${segment.name}}`
        : `{${segment.name}+}`
    )
    assert.strictEqual(`/${rebuilt.join("/")}`, route.path)
  })

  it.prop("that is anything else is refused with a sentence", [Schema.String], ([text]) => {
    const parsed = routeTable.parse(text)
    if (Result.isFailure(parsed)) assert.isNotEmpty(parsed.failure)
    else assert.match(text, /^([A-Z]+ \/\S*|\$default)$/)
  })

  it("of the same shape is for the same requests", () => {
    const shape = (key: string) => routeTable.shape(parse(key))
    assert.strictEqual(shape("GET /orders/{id}"), shape("GET /orders/{name}"))
    assert.strictEqual(shape("GET /{a+}"), shape("GET /{b+}"))
    for (
      const other of ["POST /orders/{id}", "GET /orders/id", "GET /orders/{id+}", "GET /orders/{id}/x", "$default"]
    ) {
      assert.notStrictEqual(shape("GET /orders/{id}"), shape(other))
    }
    // A literal may look like the name of a kind.
    assert.notStrictEqual(shape("GET /{id}"), shape("GET /Variable"))
  })
})
