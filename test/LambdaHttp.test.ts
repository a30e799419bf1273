import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Cookies from "effect/http/Cookies"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpEffect from "effect/http/HttpEffect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import { HttpServerRequest, toURL } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as zlib from "node:zlib"
import * as Alb from "../src/events/Alb.ts"
import * as ApiGatewayV1 from "../src/events/ApiGatewayV1.ts"
import * as ApiGatewayV2 from "../src/events/ApiGatewayV2.ts"
import * as FunctionUrl from "../src/events/FunctionUrl.ts"
import * as Sqs from "../src/events/Sqs.ts"
import * as VpcLattice from "../src/events/VpcLattice.ts"
import * as Handler from "../src/Handler.ts"
import { Invocation } from "../src/Invocation.ts"
import * as Lambda from "../src/Lambda.ts"
import * as LambdaHttp from "../src/LambdaHttp.ts"
import * as LambdaResponse from "../src/LambdaResponse.ts"
import * as LambdaTest from "../src/LambdaTest.ts"
import * as LambdaTracer from "../src/LambdaTracer.ts"
import { answer, answers } from "./support/httpFunction.ts"
import { environment } from "./support/lambdaMetrics.ts"
import * as Spans from "./support/spans.ts"

const silent = Logger.layer([])

/** What an application sees of a request. */
const seen = <A>(see: (request: HttpServerRequest) => A) =>
  Effect.flatMap(HttpServerRequest, (request) => HttpServerResponse.json(see(request)))

const see = Effect.fnUntraced(function*<A>(
  event: unknown,
  what: (request: HttpServerRequest) => A,
  options?: LambdaHttp.Options
) {
  const { body } = yield* answer(seen(what), event, options)
  const value: unknown = JSON.parse(body)
  return value
})

const url = ({ url }: HttpServerRequest) => url

const everyKind: ReadonlyArray<unknown> = [
  ApiGatewayV1.sample(),
  ApiGatewayV2.sample(),
  FunctionUrl.sample(),
  Alb.sample(),
  VpcLattice.sampleEventV1(),
  VpcLattice.sampleEventV2()
]

const v2 = (path: string, stage = "$default", query = "") => {
  const event = ApiGatewayV2.sample()
  return {
    ...event,
    rawPath: path,
    rawQueryString: query,
    requestContext: { ...event.requestContext, stage, http: { ...event.requestContext.http, path } }
  }
}

describe("LambdaHttp", () => {
  describe("makes a request of an event", () => {
    it.effect("of every kind", () =>
      Effect.gen(function*() {
        const requests = yield* Effect.forEach(everyKind, (event) =>
          see(event, ({ headers, method, url }) => [method, url, headers["user-agent"] ?? "", headers["host"] ?? ""]))
        assert.deepStrictEqual(requests, [
          ["POST", "/pets/7?verbose=1&verbose=2&page=3", "Mozilla/5.0", "api-id.execute-api.us-east-1.amazonaws.com"],
          ["POST", "/pets/7?verbose=1&verbose=2&page=3", "Mozilla/5.0", "api-id.execute-api.us-east-1.amazonaws.com"],
          ["POST", "/my/path?verbose=1&verbose=2&page=3", "Mozilla/5.0", "url-id.lambda-url.us-west-2.on.aws"],
          ["POST", "/orders?customer=Mary%20Major", "Mozilla/5.0", "lambda-846800462-us-east-2.elb.amazonaws.com"],
          ["POST", "/orders?verbose=1", "curl/7.64.1", ""],
          ["POST", "/orders?verbose=1&verbose=2", "curl/7.64.1", ""]
        ])
      }))

    it.effect("with the bodies of all of them", () =>
      Effect.gen(function*() {
        const echo = Effect.flatMap(HttpServerRequest, (request) =>
          Effect.map(request.text, (text) => HttpServerResponse.text(text)))
        const bodies = (yield* answers(echo, everyKind)).map(({ body }) =>
          body
        )
        assert.deepStrictEqual(bodies, [
          "Hello from Lambda",
          "Hello from Lambda",
          ...Array.from({ length: 4 }, () => "Hello from client!")
        ])
      }))

    it.effect("whose path an HTTP API has decoded, and encodes it again (honojs/hono#2156)", () =>
      Effect.gen(function*() {
        const paths = ["/a b", "/a#b?c", "/RSC/@id/assets/rsf0.js#save.txt", "/λ/世界", "/100%", "/a\\b"]
        const urls = yield* Effect.forEach(paths, (path) => see(v2(path, "$default", "d=%20"), url))
        assert.deepStrictEqual(urls, [
          "/a%20b?d=%20",
          "/a%23b%3Fc?d=%20",
          "/RSC/@id/assets/rsf0.js%23save.txt?d=%20",
          "/%CE%BB/%E4%B8%96%E7%95%8C?d=%20",
          "/100%25?d=%20",
          "/a%5Cb?d=%20"
        ])
      }))

    it.effect("whose path a function URL and a REST API have not decoded, and leaves it as it is", () =>
      Effect.gen(function*() {
        const path = "/a%20b/%2F%25/c:d@e!$&'()*+,;=~"
        for (const event of [{ ...FunctionUrl.sample(), rawPath: path }, { ...ApiGatewayV1.sample(), path }]) {
          assert.strictEqual(String(yield* see(event, url)).split("?")[0], path)
        }
      }))

    it.effect("whose query a REST API has decoded, and encodes it again (honojs/hono#4358)", () =>
      Effect.gen(function*() {
        const event = {
          ...ApiGatewayV1.sample(),
          path: "/",
          multiValueQueryStringParameters: { "path": ["/book/{id}/?a=b&c#d"], "a b": ["c+d", "e f"], "\ud800": [""] }
        }
        assert.strictEqual(
          yield* see(event, url),
          "/?path=%2Fbook%2F%7Bid%7D%2F%3Fa%3Db%26c%23d&a%20b=c%2Bd&a%20b=e%20f&%EF%BF%BD="
        )
      }))

    it.effect("whose query a load balancer has not decoded, and leaves it as it is (dougmoscrop/serverless-http#74)", () =>
      Effect.gen(function*() {
        const queryStringParameters = { query: "%28countryCode%3DUS%29", "a%5B%5D": "b+c" }
        assert.strictEqual(
          yield* see({ ...Alb.sample(), queryStringParameters }, url),
          "/orders?query=%28countryCode%3DUS%29&a%5B%5D=b+c"
        )
      }))

    it.effect("with the query that VPC Lattice leaves in a path", () =>
      Effect.gen(function*() {
        assert.strictEqual(
          yield* see({ ...VpcLattice.sampleEventV2(), path: "/orders?a=%26&a=2" }, url),
          "/orders?a=%26&a=2"
        )
      }))

    it.effect("without a query where there is none", () =>
      Effect.gen(function*() {
        const nothing = { queryStringParameters: null, multiValueQueryStringParameters: null }
        for (
          const event of [
            { ...ApiGatewayV1.sample(), ...nothing, path: "/x" },
            v2("/x"),
            { ...Alb.sample(), ...nothing, path: "/x" },
            { ...VpcLattice.sampleEventV1(), query_string_parameters: null, raw_path: "/x" }
          ]
        ) assert.strictEqual(yield* see(event, url), "/x")
      }))

    it.effect("without the stage of an HTTP API, in either format", () =>
      Effect.gen(function*() {
        const version1 = {
          ...ApiGatewayV1.sample(),
          version: "1.0",
          path: "/prod/pets/7",
          multiValueQueryStringParameters: null,
          queryStringParameters: null
        }
        assert.deepStrictEqual(
          yield* Effect.forEach([v2("/prod/pets/7", "prod"), v2("/prod", "prod"), v2("/product", "prod"), version1], (
            event
          ) => see(event, url)),
          ["/pets/7", "/", "/product", "/pets/7"]
        )
      }))

    it.effect("without the base path of a custom domain name", () =>
      Effect.gen(function*() {
        for (const basePath of ["/v1", "v1/", "/v1/"]) {
          assert.deepStrictEqual(
            yield* Effect.forEach(["/v1/pets", "/v1", "/v10/pets", "/pets", "/v1?"], (path) =>
              see({ ...FunctionUrl.sample(), rawPath: path, rawQueryString: "a=1" }, url, { basePath })),
            ["/pets?a=1", "/?a=1", "/v10/pets?a=1", "/pets?a=1", "/v1%3F?a=1"]
          )
        }
      }))

    it.effect("that knows where the client has sent it", () =>
      Effect.gen(function*() {
        const whole = (request: HttpServerRequest) => [
          request.originalUrl,
          Option.match(toURL(request), { onNone: () => "", onSome: ({ href }) => href })
        ]
        const origin = "https://api-id.execute-api.us-east-1.amazonaws.com"
        const query = "?verbose=1&verbose=2&page=3"
        assert.deepStrictEqual(yield* see(ApiGatewayV1.sample(), whole), [
          `${origin}/prod/pets/7${query}`,
          `${origin}/pets/7${query}`
        ])
        assert.deepStrictEqual(yield* see(v2("/prod/a b", "prod"), whole), [
          `${origin}/prod/a%20b`,
          `${origin}/a%20b`
        ])
        assert.deepStrictEqual(
          yield* see({ ...FunctionUrl.sample(), headers: { "x-forwarded-proto": "http" } }, whole),
          [
            "http://url-id.lambda-url.us-west-2.on.aws/my/path?verbose=1&verbose=2&page=3",
            "http://url-id.lambda-url.us-west-2.on.aws/my/path?verbose=1&verbose=2&page=3"
          ]
        )
      }))

    it.effect("with the cookies of a list (fastify/aws-lambda-fastify#50)", () =>
      Effect.gen(function*() {
        const cookies = ({ cookies, headers }: HttpServerRequest) => [cookies, headers["cookie"]]
        const expected = [{ session: "abc", theme: "dark" }, "session=abc; theme=dark"]
        assert.deepStrictEqual(yield* see(ApiGatewayV2.sample(), cookies), expected)
        // A function URL has them twice.
        const headers = { cookie: "session=abc; theme=dark" }
        assert.deepStrictEqual(yield* see({ ...FunctionUrl.sample(), headers }, cookies), expected)
      }))

    it.effect("with every value of a header, whatever its capitals", () =>
      Effect.gen(function*() {
        const header = ({ headers }: HttpServerRequest) => [headers["x-many"], headers["cookie"]]
        const event = {
          ...ApiGatewayV1.sample(),
          headers: { "X-Many": "b" },
          multiValueHeaders: { "X-Many": ["a", "b"], "x-many": ["c"], "Cookie": ["a=1", "b=2"] }
        }
        assert.deepStrictEqual(yield* see(event, header), ["a, b, c", "a=1; b=2"])
        // As the console's test sends it.
        assert.deepStrictEqual(
          yield* see({ ...event, headers: null, multiValueHeaders: null }, ({ headers }) => headers["host"]),
          "api-id.execute-api.us-east-1.amazonaws.com"
        )
      }))

    it.effect("that knows its client, also one that pretends to be another", () =>
      Effect.gen(function*() {
        const address = ({ peerAddress, remoteAddress }: HttpServerRequest) => [
          Option.getOrNull(remoteAddress),
          Option.getOrNull(peerAddress)
        ]
        const forged = { "x-forwarded-for": "203.0.113.9, 192.0.2.1" }
        for (
          const event of [
            ApiGatewayV1.sample(),
            ApiGatewayV2.sample(),
            FunctionUrl.sample(),
            { ...Alb.sample(), headers: forged },
            { ...VpcLattice.sampleEventV1(), headers: forged }
          ]
        ) assert.deepStrictEqual(yield* see(event, address), ["192.0.2.1", "192.0.2.1"])
        assert.deepStrictEqual(yield* see({ ...Alb.sample(), headers: {} }, address), [null, null])
        // With the port, which a load balancer can be told to add.
        const rows = [
          ["192.0.2.1:40123", "192.0.2.1"],
          ["[2001:db8::1]:40123", "2001:db8::1"],
          ["2001:db8::1", "2001:db8::1"]
        ] as const
        for (const [forwarded, client] of rows) {
          const event = { ...Alb.sample(), headers: { "x-forwarded-for": `203.0.113.9, ${forwarded}` } }
          assert.deepStrictEqual(yield* see(event, address), [client, client])
        }
      }))

    it.effect("of a load balancer's health check", () =>
      Effect.gen(function*() {
        const { statusCode } = yield* answer(seen(url), Alb.sampleHealthCheck())
        assert.strictEqual(statusCode, 200)
      }))

    it.effect("that is inspected without its secrets", () =>
      Effect.gen(function*() {
        const text = yield* see({
          ...FunctionUrl.sample(),
          headers: { authorization: "Bearer secret", host: "a" }
        }, (request) => [String(request), JSON.stringify(request)])
        assert.notInclude(String(text), "secret")
        assert.include(String(text), "POST")
      }))
  })

  describe("gives an endpoint", () => {
    it.effect("the event with what the authorizer says", () =>
      Effect.gen(function*() {
        const subject = Effect.map(
          LambdaHttp.CurrentEvent,
          Option.map((request) => {
            switch (request._tag) {
              case "ApiGatewayV1":
                return request.event.requestContext.authorizer?.claims?.["sub"]
              case "ApiGatewayV2":
                return request.event.requestContext.authorizer?.jwt?.claims["sub"]
              case "FunctionUrl":
                return request.event.requestContext.authorizer?.iam?.userId
              case "VpcLatticeV2":
                return request.event.requestContext.identity?.principal
              default:
                return request._tag
            }
          })
        )
        const application = Effect.flatMap(subject, (subject) => HttpServerResponse.json(Option.getOrNull(subject)))
        const bodies = (yield* answers(application, everyKind)).map(({ body }): unknown => JSON.parse(body))
        assert.deepStrictEqual(bodies, [
          "248289761001",
          "248289761001",
          "AIDACOSFODNN7EXAMPLE2",
          "Alb",
          "VpcLatticeV1",
          "arn:aws:sts::123456789012:assumed-role/example-role/057d00f8b51257ba3c853a0f248943cf"
        ])
      }))

    it.effect("the invocation", () =>
      Effect.gen(function*() {
        const application = Effect.map(Invocation, ({ requestId }) => HttpServerResponse.text(requestId))
        const { body } = yield* answer(application, FunctionUrl.sample())
        assert.match(body, /^[\da-f-]{36}$/)
      }))

    it.live("neither of them on Node, where it runs all the same", () =>
      Effect.gen(function*() {
        const routes = HttpRouter.add(
          "GET",
          "/",
          Effect.gen(function*() {
            const event = yield* LambdaHttp.CurrentEvent
            const invocation = yield* Effect.serviceOption(Invocation)
            return yield* HttpServerResponse.json([event._tag, invocation._tag])
          })
        )
        const onNode = HttpRouter.serve(routes, { disableListenLog: true }).pipe(
          Layer.provideMerge(NodeHttpServer.layerTest),
          Layer.provide(silent)
        )
        const node = yield* Effect.provide(
          Effect.flatMap(HttpClient.get("/"), ({ json }) => json),
          onNode
        )
        assert.deepStrictEqual(node, ["None", "None"])
        const onLambda = LambdaTest.layer(LambdaHttp.serve(routes)).pipe(Layer.provide(silent))
        const lambda = yield* LambdaTest.LambdaTest.use(({ invoke }) =>
          invoke({ ...FunctionUrl.sample(), rawPath: "/", requestContext: getContext })
        ).pipe(Effect.provide(onLambda))
        assert.deepNestedInclude(lambda, { body: "[\"Some\",\"Some\"]" })
      }))

    it.effect("the services of the handler", () =>
      Effect.gen(function*() {
        class Greeter extends Context.Service<Greeter, { readonly greet: (name: string) => string }>()("Greeter") {}
        const application = Effect.map(Greeter, ({ greet }) => HttpServerResponse.text(greet("you")))
        const program = Lambda.serve(LambdaHttp.handler(application)).pipe(
          Layer.provide(Layer.succeed(Greeter, { greet: (name) => `Hello ${name}` }))
        )
        const answered = yield* LambdaTest.LambdaTest.use(({ invoke }) => invoke(FunctionUrl.sample())).pipe(
          Effect.provide(LambdaTest.layer(program))
        )
        assert.deepNestedInclude(answered, { body: "Hello you" })
      }))
  })

  describe("answers in the form of", () => {
    const cookie = "session=a%20b; Expires=Wed, 21 Oct 2015 07:28:00 GMT; HttpOnly"
    const application = Effect.succeed(
      HttpServerResponse.text("hi", { status: 201, headers: { "x-own": "1", "set-cookie": "raw=1" } }).pipe(
        HttpServerResponse.updateCookies((cookies) =>
          cookies.pipe(
            Cookies.setUnsafe("session", "a b", { expires: new Date("2015-10-21T07:28:00Z"), httpOnly: true }),
            Cookies.setUnsafe("theme", "dark")
          )
        )
      )
    )
    const cookies = [cookie, "theme=dark", "raw=1"]
    const headers = { "content-type": "text/plain", "x-own": "1" }
    const text = { body: "hi", isBase64Encoded: false }

    it.effect("a REST API, which refuses a field that it does not know (nitrojs/nitro#504)", () =>
      Effect.gen(function*() {
        assert.deepStrictEqual<unknown>(yield* answer(application, ApiGatewayV1.sample()), {
          statusCode: 201,
          headers,
          multiValueHeaders: { "set-cookie": cookies },
          ...text
        })
      }))

    it.effect("an HTTP API and a function URL, which have cookies (CodeGenieApp/serverless-express#355)", () =>
      Effect.gen(function*() {
        for (const event of [ApiGatewayV2.sample(), FunctionUrl.sample()]) {
          assert.deepStrictEqual<unknown>(yield* answer(application, event), {
            statusCode: 201,
            headers,
            cookies,
            ...text
          })
        }
      }))

    it.effect("a load balancer with multi-value headers", () =>
      Effect.gen(function*() {
        const { headers: _, ...event } = Alb.sample()
        assert.deepStrictEqual<unknown>(yield* answer(application, { ...event, multiValueHeaders: { host: ["a"] } }), {
          statusCode: 201,
          statusDescription: "201 Created",
          multiValueHeaders: { "content-type": ["text/plain"], "x-own": ["1"], "set-cookie": cookies },
          ...text
        })
      }))

    it.effect("a load balancer without, which has room for one cookie of a name (honojs/hono#2626)", () =>
      Effect.gen(function*() {
        assert.deepStrictEqual<unknown>(yield* answer(application, Alb.sample()), {
          statusCode: 201,
          statusDescription: "201 Created",
          headers: { ...headers, "set-cookie": cookies[0], "Set-cookie": cookies[1], "sEt-cookie": cookies[2] },
          ...text
        })
      }))

    it.effect("VPC Lattice", () =>
      Effect.gen(function*() {
        for (const event of [VpcLattice.sampleEventV1(), VpcLattice.sampleEventV2()]) {
          const { headers: own, ...others } = yield* answer(application, event)
          assert.deepStrictEqual<unknown>(others, { statusCode: 201, statusDescription: "201 Created", ...text })
          assert.deepStrictEqual(Object.values(own ?? {}).filter((value) => value.includes("=")), cookies)
        }
      }))

    it.effect("a status that has no name", () =>
      Effect.gen(function*() {
        const { statusDescription } = yield* answer(
          Effect.succeed(HttpServerResponse.empty({ status: 299 })),
          Alb.sample()
        )
        assert.strictEqual(statusDescription, "299")
      }))
  })

  describe("answers a body", () => {
    const bodyOf = (response: HttpServerResponse.HttpServerResponse, event: unknown = FunctionUrl.sample()) =>
      Effect.map(
        answer(Effect.succeed(response), event),
        ({ body, headers, isBase64Encoded }) => ({ body, isBase64Encoded, type: headers?.["content-type"] })
      )

    it.effect("as text, where it is text", () =>
      Effect.gen(function*() {
        const utf8 = new TextEncoder().encode("ü")
        const types = [
          "text/plain",
          "TEXT/HTML; charset=UTF-8",
          "application/json",
          "application/problem+json",
          // What Effect sends streams of an API, and of RPC, as.
          "application/x-ndjson",
          "application/json-rpc",
          "application/xml",
          "application/atom+xml",
          "application/javascript",
          "image/svg+xml",
          "application/x-www-form-urlencoded"
        ]
        for (const contentType of types) {
          assert.deepStrictEqual(yield* bodyOf(HttpServerResponse.uint8Array(utf8, { contentType })), {
            body: "ü",
            isBase64Encoded: false,
            type: contentType
          })
        }
      }))

    it.effect("in base64, where it is not", () =>
      Effect.gen(function*() {
        const bytes = Uint8Array.of(0xc3, 0xbc)
        for (const contentType of ["image/png", "application/octet-stream", "text/plain; charset=iso-8859-1", ""]) {
          const { body, isBase64Encoded } = yield* bodyOf(HttpServerResponse.uint8Array(bytes, { contentType }))
          assert.deepStrictEqual([body, isBase64Encoded], ["w7w=", true])
        }
        // Says that it is text, and is not.
        const { body, isBase64Encoded } = yield* bodyOf(
          HttpServerResponse.uint8Array(Uint8Array.of(0xff), { contentType: "text/plain" })
        )
        assert.deepStrictEqual([body, isBase64Encoded], ["/w==", true])
      }))

    it.effect("in base64, where text is compressed (honojs/hono#1294)", () =>
      Effect.gen(function*() {
        const compressed = zlib.gzipSync("text")
        const { body, isBase64Encoded } = yield* bodyOf(HttpServerResponse.uint8Array(compressed, {
          contentType: "text/plain",
          headers: { "content-encoding": "gzip" }
        }))
        assert.isTrue(isBase64Encoded)
        assert.strictEqual(zlib.gunzipSync(Buffer.from(body, "base64")).toString(), "text")
        // What happens to be text after it has been compressed is still none.
        for (const [contentEncoding, expected] of [["zstd", true], ["identity", false]] as const) {
          const answered = yield* bodyOf(HttpServerResponse.uint8Array(Uint8Array.of(65, 66), {
            contentType: "text/plain",
            headers: { "content-encoding": contentEncoding }
          }))
          assert.strictEqual(answered.isBase64Encoded, expected)
        }
      }))

    it.effect("of characters that are none", () =>
      Effect.gen(function*() {
        const { body } = yield* bodyOf(HttpServerResponse.text("\ud800"))
        assert.strictEqual(body, "\ufffd")
      }))

    it.effect("of a form, with the boundary that it has", () =>
      Effect.gen(function*() {
        const form = new FormData()
        form.set("name", "ü")
        const { body, type } = yield* bodyOf(HttpServerResponse.formData(form))
        const read = yield* Effect.promise(() =>
          new Response(Buffer.from(body, "base64"), { headers: { "content-type": String(type) } }).formData()
        )
        assert.strictEqual(read.get("name"), "ü")
      }))

    it.effect("of everything that other servers take as it is", () =>
      Effect.gen(function*() {
        const { Readable } = process.getBuiltinModule("node:stream")
        const raw: ReadonlyArray<unknown> = [
          "text",
          Buffer.from("text"),
          new TextEncoder().encode("text").buffer,
          new DataView(new TextEncoder().encode("text").buffer),
          new Blob(["text"]),
          new Response("text"),
          new Response("text").body,
          Readable.from([Buffer.from("te"), "xt"])
        ]
        for (const body of raw) {
          const answered = yield* bodyOf(HttpServerResponse.raw(body, { headers: { "content-type": "text/css" } }))
          assert.strictEqual(answered.body, "text", String(body))
        }
        assert.strictEqual((yield* bodyOf(HttpServerResponse.raw(undefined))).body, "")
      }))

    it.effect("of nothing, also to HEAD", () =>
      Effect.gen(function*() {
        const event = FunctionUrl.sample()
        const head = {
          ...event,
          requestContext: { ...event.requestContext, http: { ...event.requestContext.http, method: "HEAD" } }
        }
        let destroyed = 0
        const { Readable } = process.getBuiltinModule("node:stream")
        const readable = () =>
          HttpServerResponse.raw(new Readable({ destroy: () => void destroyed++ }), {
            headers: { "content-type": "text/css" }
          })
        assert.deepStrictEqual(yield* bodyOf(readable(), head), { body: "", isBase64Encoded: false, type: "text/css" })
        assert.deepStrictEqual(yield* bodyOf(HttpServerResponse.setStatus(readable(), 304)), {
          body: "",
          isBase64Encoded: false,
          type: "text/css"
        })
        assert.strictEqual(destroyed, 2)
      }))

    it.effect("without what is about the connection", () =>
      Effect.gen(function*() {
        const { headers } = yield* answer(
          Effect.succeed(HttpServerResponse.text("a", {
            headers: {
              "connection": "keep-alive, x-hop",
              "keep-alive": "timeout=5",
              "transfer-encoding": "chunked",
              "upgrade": "h2c",
              "x-hop": "1",
              "x-own": "1",
              "x-latin": "Grüße"
            }
          })),
          FunctionUrl.sample()
        )
        assert.deepStrictEqual(headers, { "content-type": "text/plain", "x-own": "1", "x-latin": "Grüße" })
      }))
  })

  it.effect("serves an application of the web", () =>
    Effect.gen(function*() {
      const application = HttpEffect.fromWebHandler(async (request) => {
        const headers = new Headers({ "content-type": "text/plain", "x-url": request.url })
        headers.append("set-cookie", "a=1; Path=/")
        headers.append("set-cookie", "b=2")
        return new Response(`${request.method} ${await request.text()}`, { status: 201, headers })
      })
      assert.deepStrictEqual<unknown>(yield* answer(application, FunctionUrl.sample()), {
        statusCode: 201,
        headers: {
          "content-type": "text/plain",
          "x-url": "https://url-id.lambda-url.us-west-2.on.aws/my/path?verbose=1&verbose=2&page=3"
        },
        cookies: ["a=1; Path=/", "b=2"],
        body: "POST Hello from client!",
        isBase64Encoded: false
      })
    }))

  it.effect("serves an HttpServer's application, with its middleware", () =>
    Effect.gen(function*() {
      const methods: Array<string> = []
      const server = HttpServer.serve(
        Effect.succeed(HttpServerResponse.text("hi")),
        (application) =>
          Effect.tap(application, () => Effect.map(HttpServerRequest, ({ method }) => void methods.push(method)))
      )
      const answered = yield* LambdaTest.LambdaTest.use(({ invoke }) => invoke(FunctionUrl.sample())).pipe(
        Effect.provide(LambdaTest.layer(Layer.provide(server, LambdaHttp.layer)))
      )
      assert.deepNestedInclude(answered, { body: "hi" })
      assert.deepStrictEqual(methods, ["POST"])
    }))

  it.effect("traces a request within its invocation", () =>
    Effect.gen(function*() {
      const kept = yield* Spans.make
      const routes = HttpRouter.add(
        "POST",
        "/my/path",
        Effect.succeed(HttpServerResponse.text("hi")).pipe(Effect.withSpan("inner"))
      )
      const program = LambdaHttp.serve(Layer.provide(routes, HttpRouter.disableLogger)).pipe(
        Layer.provide([LambdaTracer.layer, kept.layer, silent]),
        Layer.provide(environment({ AWS_LAMBDA_FUNCTION_NAME: "site" }))
      )
      yield* LambdaTest.LambdaTest.use(({ invoke }) => invoke(FunctionUrl.sample())).pipe(
        Effect.provide(LambdaTest.layer(program))
      )
      const request = kept.named("POST")[0]!
      assert.strictEqual(request.attributes.get("http.response.status_code"), 200)
      assert.strictEqual(request.attributes.get("http.route"), "/my/path")
      assert.strictEqual(request.attributes.get("client.address"), "192.0.2.1")
      assert.deepStrictEqual(Spans.namesOf(kept.childrenOf(request)), ["inner"])
      const handler = Spans.parentOf(request)
      assert.deepStrictEqual(kept.named("handler"), [handler])
      assert.strictEqual(kept.named("decode").length, 1)
    }))

  it.effect("builds its routes once, before the first event", () =>
    Effect.gen(function*() {
      let built = 0
      const routes = HttpRouter.use(Effect.fnUntraced(function*(router) {
        built++
        yield* router.add("POST", "/my/path", HttpServerResponse.text("hi"))
      }))
      yield* LambdaTest.LambdaTest.use(({ invoke }) =>
        Effect.gen(function*() {
          assert.strictEqual(built, 1)
          yield* invoke(FunctionUrl.sample())
          yield* invoke(FunctionUrl.sample())
        })
      ).pipe(Effect.provide(LambdaTest.layer(LambdaHttp.serve(routes)).pipe(Layer.provide(silent))))
      assert.strictEqual(built, 1)
    }))

  it.effect("is one of several handlers of a function", () =>
    Effect.gen(function*() {
      const queue = Handler.make({ event: Sqs.Event, result: Schema.String }, () => Effect.succeed("queue"))
      const site = LambdaHttp.handler(Effect.succeed(HttpServerResponse.text("site")))
      const other = Handler.raw(() => Effect.succeed(LambdaResponse.json("other")))
      const [ofQueue, ofSite, ofOther] = yield* LambdaTest.LambdaTest.use(({ invoke }) =>
        Effect.forEach([Sqs.sample("a"), FunctionUrl.sample(), {}], (event) => invoke(event))
      ).pipe(Effect.provide(LambdaTest.layer(Lambda.serve(Handler.match(site, queue, other)))))
      assert.strictEqual(ofQueue, "queue")
      assert.deepNestedInclude(ofSite, { body: "site" })
      assert.strictEqual(ofOther, "other")
    }))
})

const getContext = {
  ...FunctionUrl.sample().requestContext,
  http: { ...FunctionUrl.sample().requestContext.http, method: "GET" }
}
