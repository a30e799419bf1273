import { assert, describe, it } from "@effect/vitest"
import * as Connections from "effect-lambda-runtime/Connections"
import * as WebSocket from "effect-lambda-runtime/events/WebSocket"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as LambdaTest from "effect-lambda-runtime/LambdaTest"
import * as LambdaWebSocket from "effect-lambda-runtime/LambdaWebSocket"
import * as ConfigProvider from "effect/ConfigProvider"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { TestClock } from "effect/testing"
import * as crypto from "node:crypto"
import * as ManagementApi from "./support/managementApi.ts"

const environment = {
  AWS_REGION: "eu-central-1",
  AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
  AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  AWS_SESSION_TOKEN: "a token"
}

const configured = (variables: Readonly<Record<string, string>>) =>
  ConfigProvider.layer(ConfigProvider.fromEnvRecord(variables))

const connections = (options: Connections.Options) =>
  Connections.layerOptions(options).pipe(
    Layer.provide([FetchHttpClient.layer, configured(environment)])
  )

/** Runs with the connections of an API on this machine. */
const withApi = <A, E>(
  f: (
    connections: Connections.Connections["Service"],
    api: ManagementApi.ManagementApi
  ) => Effect.Effect<A, E, Connections.Connections>
) =>
  Effect.gen(function*() {
    const api = yield* ManagementApi.make
    return yield* Effect.provide(
      Connections.Connections.use((service) => f(service, api)),
      connections({ endpoint: `${api.endpoint}/` })
    )
  })

const connectionId = "e2u7kd-gIAMCJ0g="

/** Signature Version 4, by the letter of AWS: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
const authorization = ({ body, headers, method, path }: ManagementApi.SeenRequest) => {
  const hmac = (key: crypto.BinaryLike, text: string) => crypto.createHmac("sha256", key).update(text).digest()
  const hash = (text: string) => crypto.createHash("sha256").update(text).digest("hex")
  const time = String(headers["x-amz-date"])
  const scope = `${time.slice(0, 8)}/${environment.AWS_REGION}/execute-api/aws4_request`
  const signed = ["host", "x-amz-date", "x-amz-security-token"]
  const canonical = [
    method,
    // Each segment, as it was sent, is encoded once more.
    path.split("/").map(encodeURIComponent).join("/"),
    "",
    ...signed.map((name) => `${name}:${String(headers[name])}`),
    "",
    signed.join(";"),
    hash(body)
  ].join("\n")
  const key = scope.split("/").reduce<crypto.BinaryLike>(hmac, `AWS4${environment.AWS_SECRET_ACCESS_KEY}`)
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash(canonical)}`).toString("hex")
  return `AWS4-HMAC-SHA256 Credential=${environment.AWS_ACCESS_KEY_ID}/${scope}, SignedHeaders=${
    signed.join(";")
  }, Signature=${signature}`
}

describe("Connections", () => {
  it.effect("sends a signed message", () =>
    withApi(Effect.fnUntraced(function*({ send }, api) {
      yield* TestClock.setTime(Date.UTC(2026, 0, 2, 3, 4, 5, 678))
      yield* send(connectionId, "zwölf")
      yield* send(connectionId, new Uint8Array([104, 105]))
      const [request, second] = api.requests
      assert.isDefined(request)
      assert.strictEqual(request.method, "POST")
      assert.strictEqual(request.path, "/prod/@connections/e2u7kd-gIAMCJ0g%3D")
      assert.strictEqual(request.body, "zwölf")
      assert.strictEqual(request.headers["x-amz-date"], "20260102T030405Z")
      assert.strictEqual(request.headers["x-amz-security-token"], "a token")
      assert.strictEqual(request.headers["authorization"], authorization(request))
      assert.strictEqual(second?.body, "hi")
    })))

  it.effect("says what is known of a connection, and closes it", () =>
    withApi(Effect.fnUntraced(function*({ disconnect, get }, api) {
      api.answer = {
        status: 200,
        body: JSON.stringify({
          connectedAt: "2023-01-19T21:13:26.344Z",
          identity: { sourceIp: "192.0.2.1", userAgent: "Mozilla/5.0" },
          lastActiveAt: "2023-01-19T21:13:27Z"
        })
      }
      const info = yield* get(connectionId)
      assert.deepStrictEqual(info.connectedAt, DateTime.makeUnsafe("2023-01-19T21:13:26.344Z"))
      assert.deepStrictEqual(info.identity, { sourceIp: "192.0.2.1", userAgent: "Mozilla/5.0" })
      api.answer = { status: 204, body: "" }
      yield* disconnect(connectionId)
      assert.deepStrictEqual(api.requests.map(({ method }) => method), ["GET", "DELETE"])
      for (const request of api.requests) {
        assert.strictEqual(request.path, "/prod/@connections/e2u7kd-gIAMCJ0g%3D")
        assert.strictEqual(request.headers["authorization"], authorization(request))
      }
    })))

  it.effect("sends values as JSON", () =>
    withApi(Effect.fnUntraced(function*(_, api) {
      const tell = Connections.sendJson(Schema.Struct({ at: Schema.DateTimeUtc }))
      yield* tell(connectionId, { at: DateTime.makeUnsafe(0) })
      assert.deepStrictEqual(api.requests.map(({ body }) => body), [`{"at":"1970-01-01T00:00:00.000Z"}`])
    })))

  it.effect.each(
    [
      [403, { message: "Forbidden" }, new Connections.Forbidden({ description: "Forbidden" })],
      [410, null, new Connections.Gone()],
      [413, { message: "too large" }, new Connections.PayloadTooLarge({ size: 2 })],
      [429, { message: "Rate exceeded" }, new Connections.LimitExceeded({ description: "Rate exceeded" })],
      [
        500,
        { message: "Internal Server Error" },
        new Connections.RequestFailed({
          status: Option.some(500),
          description: "Internal Server Error"
        })
      ]
    ] as const
  )("fails with what %s means", ([status, body, reason]) =>
    withApi(Effect.fnUntraced(function*({ send }, api) {
      api.answer = { status, body: JSON.stringify(body) }
      const error = yield* Effect.flip(send(connectionId, "hi"))
      assert.strictEqual(error.connectionId, connectionId)
      assert.deepStrictEqual(error.reason, reason)
      assert.include(error.message, reason.message)
    })))

  it.effect("does not send more than 128 KB", () =>
    withApi(Effect.fnUntraced(function*({ send }, api) {
      yield* send(connectionId, "x".repeat(131_072))
      const { reason } = yield* Effect.flip(send(connectionId, `${"x".repeat(131_071)}ü`))
      assert.deepStrictEqual(reason, new Connections.PayloadTooLarge({ size: 131_073 }))
      assert.strictEqual(api.requests.length, 1)
    })))

  it.effect("fails when nobody is there, and when there are no credentials", () =>
    Effect.gen(function*() {
      const send = Connections.Connections.use(({ send }) => send(connectionId, "hi"))
      // A port of the discard protocol, which nobody serves.
      const unreachable = yield* Effect.flip(Effect.provide(send, connections({ endpoint: "http://127.0.0.1:9/prod" })))
      assert(unreachable instanceof Connections.ConnectionError)
      assert.strictEqual(unreachable.reason._tag, "RequestFailed")
      const anonymous = yield* Effect.flip(Effect.provide(
        send,
        connections({ endpoint: "http://127.0.0.1:9/prod", credentials: Effect.fail(new Error("no role")) })
      ))
      assert(anonymous instanceof Connections.ConnectionError)
      assert.include(anonymous.message, "no role")
    }))

  it.effect("asks for credentials for each request", () =>
    Effect.gen(function*() {
      const api = yield* ManagementApi.make
      let asked = 0
      const credentials = Effect.sync(() => ({
        accessKeyId: `key${++asked}`,
        secretAccessKey: Redacted.make("secret")
      }))
      yield* Connections.Connections.use(({ send }) => Effect.andThen(send("a", ""), send("b", ""))).pipe(
        Effect.provide(connections({ endpoint: api.endpoint, credentials, region: "us-east-1" }))
      )
      assert.deepStrictEqual(
        api.requests.map(({ headers }) =>
          /Credential=(\w+)\/\d+\/([\w-]+)/.exec(headers.authorization ?? "")?.slice(1)
        ),
        [["key1", "us-east-1"], ["key2", "us-east-1"]]
      )
    }))

  it.effect("needs the variables of Lambda", () =>
    Effect.gen(function*() {
      const { AWS_SECRET_ACCESS_KEY: _, ...incomplete } = environment
      const error = yield* Effect.flip(Layer.build(
        Connections.layer.pipe(Layer.provide([FetchHttpClient.layer, configured(incomplete)]))
      ))
      assert.include(String(error), "AWS_SECRET_ACCESS_KEY")
    }))
})

describe("the endpoint of Connections", () => {
  /** Where a message goes while an event with that request context is answered. */
  const urlFor = Effect.fnUntraced(
    function*(requestContext: Readonly<Record<string, unknown>>, region: string = "eu-central-1") {
      const urls: Array<string> = []
      const fetch: typeof globalThis.fetch = (input) => {
        urls.push(String(input))
        return Promise.resolve(new Response())
      }
      const handler = LambdaWebSocket.handler({
        routes: {
          $default: ({ requestContext }) =>
            Connections.Connections.use(({ send }) => send(requestContext.connectionId, "hi")).pipe(
              Effect.as({ statusCode: 200 })
            )
        }
      })
      const program = Lambda.serve(handler).pipe(
        Layer.provide(Connections.layerOptions({ region })),
        Layer.provide([
          FetchHttpClient.layer,
          Layer.succeed(FetchHttpClient.Fetch, fetch),
          configured(environment)
        ])
      )
      const sample = WebSocket.sample()
      yield* LambdaTest.LambdaTest.use(({ invoke }) =>
        invoke({ ...sample, requestContext: { ...sample.requestContext, ...requestContext } })
      ).pipe(Effect.provide(LambdaTest.layer(program)))
      return urls
    }
  )

  it.effect("is that of the event", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* urlFor({}), [
        "https://api-id.execute-api.us-east-1.amazonaws.com/prod/@connections/e2u7kd-gIAMCJ0g%3D"
      ])
    }))

  it.effect("is AWS's own where the API has a domain name of its own", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* urlFor({ domainName: "chat.example.com", stage: "v1" }), [
        "https://api-id.execute-api.eu-central-1.amazonaws.com/v1/@connections/e2u7kd-gIAMCJ0g%3D"
      ])
      assert.deepStrictEqual(yield* urlFor({ domainName: "chat.example.com" }, "cn-north-1"), [
        "https://api-id.execute-api.cn-north-1.amazonaws.com.cn/prod/@connections/e2u7kd-gIAMCJ0g%3D"
      ])
    }))

  it.effect("has to be set where no event says it", () =>
    Effect.gen(function*() {
      const { reason } = yield* Effect.flip(
        Connections.Connections.use(({ send }) => send(connectionId, "hi"))
      ).pipe(Effect.provide(connections({})))
      assert.deepStrictEqual(reason, new Connections.NoEndpoint())
    }))
})
