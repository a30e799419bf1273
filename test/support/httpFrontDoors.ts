/**
 * The front doors of a function and a plain server, which all get the same HTTP requests for the same application.
 *
 * Function URLs and APIs are those of the local server, over real HTTP. The load balancer and VPC Lattice, which it does
 * not have, make their events here, as AWS documents them.
 */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { assert } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as Http from "node:http"
import * as Alb from "../../src/events/Alb.ts"
import * as VpcLattice from "../../src/events/VpcLattice.ts"
import * as Lambda from "../../src/Lambda.ts"
import * as LambdaHttp from "../../src/LambdaHttp.ts"
import * as LambdaTest from "../../src/LambdaTest.ts"
import * as LocalServer from "../../src/LocalServer.ts"
import * as RuntimeApi from "../../src/RuntimeApi.ts"
import { environment } from "./runtimeApiLayers.ts"

export interface HttpRequest {
  readonly method?: string | undefined
  /** As it goes on the wire. */
  readonly path: string
  readonly headers?: ReadonlyArray<readonly [name: string, value: string]> | undefined
  readonly body?: string | Uint8Array | undefined
}

export interface HttpAnswer {
  readonly status: number
  /** Names are lower case; values that repeat are joined. */
  readonly headers: Readonly<Record<string, string>>
  readonly cookies: ReadonlyArray<string>
  readonly body: Uint8Array
}

export interface FrontDoor {
  readonly name: string
  readonly send: (request: HttpRequest) => Effect.Effect<HttpAnswer>
}

type Routes = Layer.Layer<never, never, HttpRouter.HttpRouter | HttpRouter.Request<"Error", unknown>>

/** All the front doors of an application. */
export const open = Effect.fnUntraced(function*(
  routes: Routes,
  options: LambdaHttp.Options = {}
): Effect.fn.Return<{ readonly node: FrontDoor; readonly lambda: ReadonlyArray<FrontDoor> }, never, Scope.Scope> {
  const node = yield* openNode(routes)
  const local = yield* openLocal(routes, options)
  const inMemory = yield* openInMemory(routes, options)
  return { node, lambda: [...local, ...inMemory] }
})

export const openNode = Effect.fnUntraced(function*(routes: Routes) {
  const context = yield* Layer.build(
    HttpRouter.serve(routes, { disableLogger: true, disableListenLog: true }).pipe(
      Layer.provideMerge(NodeHttpServer.layer(() => Http.createServer(), { port: 0, host: "127.0.0.1" }))
    )
  )
  const { address } = Context.get(context, HttpServer.HttpServer)
  const base = HttpServer.formatAddress(address)
  return { name: "Node", send: over(base) }
}, Effect.orDie)

/** Serves the program at a function of a local server, as a process on Lambda would. */
export const serveLocally = Effect.fnUntraced(function*<E>(
  program: Layer.Layer<never, E, Lambda.Server>,
  runtimeApi: string
) {
  const services = yield* Layer.build(
    Layer.fresh(RuntimeApi.layer).pipe(
      Layer.provideMerge(Layer.fresh(environment({ AWS_LAMBDA_RUNTIME_API: runtimeApi })))
    )
  )
  const loop = yield* Effect.provideContext(Lambda.build(program), services)
  yield* Effect.forkScoped(Effect.provideContext(loop, services), { startImmediately: true })
}, Effect.orDie)

const openLocal = Effect.fnUntraced(function*(routes: Routes, options: LambdaHttp.Options) {
  const server = Context.get(
    yield* Layer.build(Layer.fresh(LocalServer.layerTestOptions({
      functionName: "buffered",
      functions: [{ functionName: "streamed" }],
      apis: [
        { name: "rest", type: "REST", routes: both("buffered"), binaryMediaTypes: ["*/*"] },
        { name: "rest-streamed", type: "REST", routes: both("streamed"), binaryMediaTypes: ["*/*"] },
        { name: "http", type: "HTTP", routes: { $default: "buffered" } },
        { name: "staged", type: "HTTP", routes: { $default: "streamed" }, stage: "prod" },
        { name: "http-1", type: "HTTP", routes: { $default: "buffered" }, payloadFormatVersion: "1.0" }
      ]
    }))),
    LocalServer.LocalServer
  )
  for (const { name, runtimeApi } of server.functions) {
    yield* serveLocally(
      LambdaHttp.serve(routes, { ...options, responseMode: name === "streamed" ? "streamed" : "buffered" }),
      runtimeApi
    )
  }
  const at = (path: string) => over(`http://${server.address}${path}`)
  return [
    { name: "a function URL", send: at("/lambda-url/buffered") },
    { name: "a function URL that streams", send: at("/lambda-url/streamed") },
    { name: "a REST API", send: at("/execute-api/rest/prod") },
    { name: "a REST API that streams", send: at("/execute-api/rest-streamed/prod") },
    { name: "an HTTP API", send: at("/execute-api/http") },
    { name: "an HTTP API with a stage", send: at("/execute-api/staged/prod") },
    { name: "an HTTP API in the format 1.0", send: at("/execute-api/http-1") }
  ]
}, Effect.orDie)

const both = (functionName: string) => ({ "ANY /": functionName, "ANY /{proxy+}": functionName })

const openInMemory = Effect.fnUntraced(function*(routes: Routes, options: LambdaHttp.Options) {
  const { invoke } = Context.get(
    yield* Layer.build(LambdaTest.layer(LambdaHttp.serve(routes, options))),
    LambdaTest.LambdaTest
  )
  const through = (event: (request: HttpRequest) => unknown) => (request: HttpRequest) =>
    Effect.map(Effect.orDie(invoke(event(request))), read)
  return [
    { name: "a load balancer", send: through(albEvent) },
    { name: "a load balancer with multi-value headers", send: through(albMultiValueEvent) },
    { name: "VPC Lattice in the version 1.0", send: through(latticeV1Event) },
    { name: "VPC Lattice in the version 2.0", send: through(latticeV2Event) }
  ]
}, Effect.orDie)

/** Over real HTTP. */
const over = (base: string) => (request: HttpRequest): Effect.Effect<HttpAnswer> =>
  Effect.callback((resume) => {
    const { hostname, pathname, port } = new URL(base)
    const prefix = pathname === "/" ? "" : pathname
    const client = Http.request({
      host: hostname,
      port,
      method: request.method ?? "GET",
      path: prefix + request.path,
      agent: false
    })
    for (const [name, values] of grouped(request.headers ?? [])) client.setHeader(name, values)
    client.on("error", (error) => resume(Effect.die(error)))
    client.on("response", (response) => {
      const chunks: Array<Buffer> = []
      response.on("data", (chunk: Buffer) => chunks.push(chunk))
      response.on("error", (error) => resume(Effect.die(error)))
      response.on("end", () =>
        resume(Effect.succeed(answer(response.statusCode ?? 0, lines(response.rawHeaders), Buffer.concat(chunks)))))
    })
    client.end(request.body)
    return Effect.sync(() =>
      client.destroy()
    )
  })

const lines = (raw: ReadonlyArray<string>) =>
  Array.from({ length: raw.length / 2 }, (_, index): readonly [string, string] => [
    raw[2 * index] ?? "",
    raw[2 * index + 1] ?? ""
  ])

const grouped = (headers: ReadonlyArray<readonly [string, string]>): Map<string, Array<string>> => {
  const groups = new Map<string, Array<string>>()
  for (const [name, value] of headers) groups.set(name, [...groups.get(name) ?? [], value])
  return groups
}

const answer = (
  status: number,
  headers: ReadonlyArray<readonly [string, string]>,
  body: Uint8Array
): HttpAnswer => {
  const values: Record<string, string> = {}
  const cookies: Array<string> = []
  for (const [name, value] of headers) {
    const key = name.toLowerCase()
    if (key === "set-cookie") cookies.push(value)
    else values[key] = values[key] === undefined ? value : `${values[key]}, ${value}`
  }
  return { status, headers: values, cookies: cookies.toSorted(), body: new Uint8Array(body) }
}

/** What a load balancer and VPC Lattice make of a function's answer. */
const read = (result: unknown): HttpAnswer => {
  const { body, headers = {}, isBase64Encoded, multiValueHeaders, statusCode, statusDescription, ...others } =
    result as {
      readonly statusCode: number
      readonly statusDescription: string
      readonly headers?: Readonly<Record<string, string>>
      readonly multiValueHeaders?: Readonly<Record<string, ReadonlyArray<string>>>
      readonly body: string
      readonly isBase64Encoded: boolean
    }
  assert.deepStrictEqual(others, {})
  assert.match(statusDescription, new RegExp(`^${statusCode}( [\\w' -]+)?$`))
  const entries = multiValueHeaders === undefined
    ? Object.entries(headers)
    : Object.entries(multiValueHeaders).flatMap(([name, values]) =>
      values.map((value): readonly [string, string] => [name, value])
    )
  return answer(statusCode, entries, Buffer.from(body, isBase64Encoded ? "base64" : "utf8"))
}

/** The client's headers with those that every front door adds. */
const forwarded = ({ body, headers = [] }: HttpRequest): ReadonlyArray<readonly [string, string]> => [
  ...headers.map(([name, value]): readonly [string, string] => [name.toLowerCase(), value]),
  ...body === undefined ? [] : [["content-length", String(Buffer.byteLength(body))] as const],
  ["host", "example.com"],
  ["x-forwarded-for", "192.0.2.1"],
  ["x-forwarded-proto", "https"],
  ["x-forwarded-port", "443"]
]

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html */
const eventBody = ({ body = "", headers = [] }: HttpRequest) => {
  const all = new Headers(headers.map(([name, value]): [string, string] => [name, value]))
  const isText = !all.has("content-encoding") &&
    /^(text\/|application\/(json|javascript|xml)($|;))/.test(all.get("content-type") ?? "")
  return isText
    ? { body: Buffer.from(body).toString("utf8"), isBase64Encoded: false }
    : { body: Buffer.from(body).toString("base64"), isBase64Encoded: body.length > 0 }
}

const target = ({ path }: HttpRequest) => {
  const [pathname = "", query = ""] = path.split(/\?(.*)/s)
  const parameters = query === "" ? [] : query.split("&").map((part): readonly [string, string] => {
    const [name = "", value = ""] = part.split(/=(.*)/s)
    return [name, value]
  })
  return { pathname, parameters }
}

const lists = (entries: ReadonlyArray<readonly [string, string]>) => Object.fromEntries(grouped(entries))

const albEvent = (request: HttpRequest): typeof Alb.Event.Encoded => {
  const { parameters, pathname } = target(request)
  return {
    requestContext: Alb.sample().requestContext,
    httpMethod: request.method ?? "GET",
    path: pathname,
    queryStringParameters: Object.fromEntries(parameters),
    headers: Object.fromEntries(forwarded(request)),
    ...eventBody(request)
  }
}

const albMultiValueEvent = (request: HttpRequest): typeof Alb.Event.Encoded => {
  const { headers: _, queryStringParameters: __, ...event } = albEvent(request)
  return {
    ...event,
    multiValueQueryStringParameters: lists(target(request).parameters),
    multiValueHeaders: lists(forwarded(request))
  }
}

/** https://docs.aws.amazon.com/vpc-lattice/latest/ug/lambda-functions.html */
const latticeV1Event = (request: HttpRequest): typeof VpcLattice.EventV1.Encoded => {
  const { parameters, pathname } = target(request)
  const { body, isBase64Encoded } = eventBody(request)
  return {
    raw_path: pathname,
    method: request.method ?? "GET",
    headers: Object.fromEntries(
      Array.from(grouped(forwarded(request)), ([name, values]) => [name, values.join(name === "cookie" ? "; " : ", ")])
    ),
    query_string_parameters: Object.fromEntries(parameters),
    body,
    is_base64_encoded: isBase64Encoded
  }
}

const latticeV2Event = (request: HttpRequest): typeof VpcLattice.EventV2.Encoded => {
  const { parameters, pathname } = target(request)
  return {
    version: "2.0",
    path: pathname,
    method: request.method ?? "GET",
    headers: lists(forwarded(request)),
    queryStringParameters: lists(parameters),
    requestContext: VpcLattice.sampleEventV2().requestContext,
    ...eventBody(request)
  }
}
