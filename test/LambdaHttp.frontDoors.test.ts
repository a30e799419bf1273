import { assert, layer } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import { everyByte, routes } from "./support/httpApplication.ts"
import * as frontDoors from "./support/httpFrontDoors.ts"

class FrontDoors extends Context.Service<FrontDoors, Effect.Success<ReturnType<typeof frontDoors.open>>>()(
  "FrontDoors"
) {}

const layerFrontDoors = Layer.provide(Layer.effect(FrontDoors, frontDoors.open(routes)), Logger.layer([]))

/** What the connection and the server add, and what a front door knows best. */
const ofServer: ReadonlySet<string> = new Set([
  "apigw-requestid",
  "connection",
  "content-length",
  "date",
  "keep-alive",
  "transfer-encoding",
  "x-amz-apigw-id",
  "x-amzn-requestid",
  "x-amzn-trace-id",
  // Of one connection, as the application says of it.
  "x-test-hop"
])

const comparable = ({ body, cookies, headers, status }: frontDoors.HttpAnswer) => ({
  status,
  cookies,
  headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !ofServer.has(name)).toSorted()),
  body: Buffer.from(body).toString("latin1")
})

interface Row extends frontDoors.HttpRequest {
  readonly name: string
  /** Front doors that lose on the way what this is about, and why. */
  readonly lostBy?: Readonly<Record<string, string>>
}

const lastValue = "it hands on the last value only"
const decodesPath = "it decodes the path"
const byHttpApis = (reason: string) => ({ "an HTTP API": reason, "an HTTP API with a stage": reason })
const form = [["content-type", "application/x-www-form-urlencoded"]] as const

const rows: ReadonlyArray<Row> = [
  { name: "a path", path: "/echo/a/b" },
  { name: "a path with a slash at its end", path: "/echo/a/" },
  { name: "a path with spaces and letters of the world", path: "/echo/a%20b/Gr%C3%BC%C3%9Fe/%E4%B8%96%E7%95%8C" },
  { name: "reserved characters in a path", path: "/echo/a:b@c!$&'()*+,=~-._" },
  { name: "an encoded slash in a path", path: "/items/a%2Fb", lostBy: byHttpApis(decodesPath) },
  { name: "an encoded question mark in a path", path: "/items/a%3Fb", lostBy: byHttpApis(decodesPath) },
  { name: "an encoded number sign in a path", path: "/items/a%23b" },
  {
    name: "an encoded percent sign in a path",
    path: "/items/100%25",
    lostBy: { ...byHttpApis("it refuses it"), "an HTTP API in the format 1.0": "it refuses it" }
  },
  { name: "an encoded escape in a path", path: "/items/a%252Fb", lostBy: byHttpApis("it decodes the path twice") },
  { name: "a path in capitals", path: "/echo/ABC" },
  { name: "a query", path: "/echo/1?a=1&b=2" },
  {
    name: "a query that repeats a name",
    path: "/echo/1?a=1&b=2&a=3",
    lostBy: { "a load balancer": lastValue, "VPC Lattice in the version 1.0": lastValue }
  },
  { name: "a query with escapes", path: "/echo/1?a=%26%3D%2B%20%25%23&b=%E4%B8%96&c%5B%5D=1" },
  { name: "a query with a plus sign", path: "/echo/1?a=b+c&d=e%2Bf" },
  { name: "a query with an address in it", path: "/echo/1?next=https%3A%2F%2Fexample.com%2Fa%3Fb%3Dc%26d" },
  { name: "a query with empty values and names", path: "/echo/1?a=&b&=c" },
  { name: "a query of which a value has equals signs", path: "/echo/1?a=b==&c=d%3D" },
  {
    name: "a header that repeats",
    path: "/echo/1",
    headers: [["x-test-many", "a"], ["x-test-many", "b"]],
    lostBy: { "a load balancer": lastValue }
  },
  { name: "a header with a comma", path: "/echo/1", headers: [["X-Test-List", "a, b"]] },
  { name: "an empty header", path: "/echo/1", headers: [["x-test-empty", ""]] },
  { name: "cookies", path: "/echo/1", headers: [["cookie", "a=1; b=\"2\"; c=%203; d=x=y"]] },
  ...["GET", "PUT", "PATCH", "DELETE", "OPTIONS"].map((method): Row => ({
    name: `the method ${method}`,
    method,
    path: "/echo/1"
  })),
  { name: "the method HEAD", method: "HEAD", path: "/image" },
  { name: "HEAD for a stream", method: "HEAD", path: "/stream" },
  { name: "HEAD where there is nothing", method: "HEAD", path: "/nowhere" },
  {
    name: "a body of text",
    method: "POST",
    path: "/text",
    headers: [["content-type", "text/plain"]],
    body: "Grüße 👋"
  },
  {
    name: "a body of text with a byte order mark",
    method: "POST",
    path: "/text",
    headers: [["content-type", "text/plain"]],
    body: "\uFEFFtext"
  },
  {
    name: "a body of JSON",
    method: "POST",
    path: "/json",
    headers: [["content-type", "application/json"]],
    body: "{\"a\":[1,\"ü\"]}"
  },
  {
    name: "a body that is no JSON",
    method: "POST",
    path: "/json",
    headers: [["content-type", "application/json"]],
    body: "{"
  },
  { name: "an empty body for JSON", method: "POST", path: "/json", headers: [["content-type", "application/json"]] },
  {
    name: "a body of another shape",
    method: "POST",
    path: "/person",
    headers: [["content-type", "application/json"]],
    body: "{\"name\":7}"
  },
  { name: "a form", method: "POST", path: "/form", headers: form, body: "name=a+b%26&tags=1&tags=2" },
  {
    name: "a body of bytes",
    method: "POST",
    path: "/bytes",
    headers: [["content-type", "application/octet-stream"]],
    body: everyByte
  },
  {
    name: "a body of bytes for a stream",
    method: "POST",
    path: "/stream-back",
    headers: [["content-type", "image/png"]],
    body: everyByte
  },
  { name: "an empty body", method: "POST", path: "/bytes" },
  { name: "an empty body for a stream", method: "POST", path: "/stream-back" },
  { name: "a body without a content type", method: "POST", path: "/bytes", body: "plain" },
  {
    name: "a body that is compressed",
    method: "POST",
    path: "/bytes",
    headers: [["content-type", "application/octet-stream"], ["content-encoding", "gzip"]],
    body: everyByte
  },
  {
    name: "what a request echoes of its body",
    method: "POST",
    path: "/echo/1",
    headers: [["content-type", "application/json"]],
    body: "{\"a\":\"ü\"}"
  },
  {
    name: "a form with a file",
    method: "POST",
    path: "/multipart",
    headers: [["content-type", "multipart/form-data; boundary=line"]],
    body: Buffer.concat([
      Buffer.from("--line\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nGrüße\r\n"),
      Buffer.from("--line\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n"),
      Buffer.from("Content-Type: application/octet-stream\r\n\r\n"),
      everyByte,
      Buffer.from("\r\n--line--\r\n")
    ])
  },
  ...[
    "/cookies",
    "/headers",
    "/no-content",
    "/not-modified",
    "/nothing",
    "/created",
    "/redirect",
    "/html",
    "/image",
    "/text-bytes",
    "/not-utf-8",
    "/latin",
    "/gzip",
    "/raw/text",
    "/raw/bytes",
    "/stream",
    "/stream/binary",
    "/stream/empty",
    "/teapot",
    "/no-database",
    "/bug",
    "/early",
    "/nowhere"
  ].map((path): Row => ({ name: `the response of ${path}`, path }))
]

layer(layerFrontDoors, { excludeTestServices: true })("every front door", (it) => {
  for (const { lostBy = {}, name, ...request } of rows) {
    it.effect(`is like Node for ${name}`, () =>
      Effect.gen(function*() {
        const { lambda, node } = yield* FrontDoors
        const expected = comparable(yield* node.send(request))
        for (const frontDoor of lambda) {
          const actual = comparable(yield* frontDoor.send(request))
          const contentType = expected.headers["content-type"]
          // Where an application gives none, some front doors give one of their own.
          const { "content-type": _, ...others } = actual.headers
          const headers = contentType === undefined ? others : actual.headers
          if (frontDoor.name in lostBy) {
            assert.notDeepEqual({ ...actual, headers }, expected, `${frontDoor.name}: ${lostBy[frontDoor.name]}`)
          } else {
            assert.deepStrictEqual({ ...actual, headers }, expected, frontDoor.name)
          }
        }
      }))
  }
})
