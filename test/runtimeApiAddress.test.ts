import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { parse } from "../src/internal/runtimeApiAddress.ts"
import type { RuntimeApiError } from "../src/RuntimeApiError.ts"

const description = (error: RuntimeApiError) =>
  error.reason._tag === "InvalidAddress" ? error.reason.description : error.reason._tag

const refusal = (address: string) => {
  const result = parse(address)
  return Result.isFailure(result) ? description(result.failure) : `accepted: ${JSON.stringify(result.success)}`
}

describe("runtimeApiAddress", () => {
  it.each([
    ["127.0.0.1:9001", { host: "127.0.0.1", port: 9001, prefix: "", authority: "127.0.0.1:9001" }],
    ["localhost:1", { host: "localhost", port: 1, prefix: "", authority: "localhost:1" }],
    ["runtime_api.internal:65535", {
      host: "runtime_api.internal",
      port: 65535,
      prefix: "",
      authority: "runtime_api.internal:65535"
    }],
    [" 127.0.0.1:9001\n", { host: "127.0.0.1", port: 9001, prefix: "", authority: "127.0.0.1:9001" }],
    ["LocalHost:9001", { host: "localhost", port: 9001, prefix: "", authority: "localhost:9001" }],
    ["http://127.0.0.1:9001", { host: "127.0.0.1", port: 9001, prefix: "", authority: "127.0.0.1:9001" }],
    ["HTTP://127.0.0.1:9001/", { host: "127.0.0.1", port: 9001, prefix: "", authority: "127.0.0.1:9001" }],
    ["localhost:8080/lambda/worker-1", {
      host: "localhost",
      port: 8080,
      prefix: "/lambda/worker-1",
      authority: "localhost:8080"
    }],
    ["http://localhost:8080/lambda//", {
      host: "localhost",
      port: 8080,
      prefix: "/lambda",
      authority: "localhost:8080"
    }],
    ["localhost:8080/a:b", { host: "localhost", port: 8080, prefix: "/a:b", authority: "localhost:8080" }],
    ["http://host/prefix", { host: "host", port: 80, prefix: "/prefix", authority: "host" }],
    ["host:80", { host: "host", port: 80, prefix: "", authority: "host" }],
    ["[::1]:9001", { host: "::1", port: 9001, prefix: "", authority: "[::1]:9001" }],
    ["http://[FE80::1]/p", { host: "fe80::1", port: 80, prefix: "/p", authority: "[fe80::1]" }]
  ])("reads %j", (address, expected) => {
    assert.deepStrictEqual(parse(address), Result.succeed(expected))
  })

  it.each([
    ["", "it is empty"],
    [" \t", "it is empty"],
    ["host", "it has no port"],
    ["host/prefix", "it has no port"],
    ["[::1]", "it has no port"],
    [":9001", "it has no host"],
    ["http://", "it has no host"],
    ["http:///prefix", "it has no host"],
    ["host:", "its port is \"\", not a number from 1 to 65535"],
    ["http://host:", "its port is \"\", not a number from 1 to 65535"],
    ["host:0", "its port is \"0\", not a number from 1 to 65535"],
    ["host:65536", "its port is \"65536\", not a number from 1 to 65535"],
    ["host:9001x", "its port is \"9001x\", not a number from 1 to 65535"],
    ["host:-1", "its port is \"-1\", not a number from 1 to 65535"],
    ["::1:9001", "it has more than one colon: an IPv6 address goes in brackets, as in [::1]:9001"],
    ["[::1:9001", "its host is no IPv6 address in brackets"],
    ["::1]:9001", "its host is no IPv6 address in brackets"],
    ["[::1]x:9001", "its host is no IPv6 address in brackets"],
    ["[nonsense]:9001", "\"[nonsense]\" is neither a host name nor an IP address"],
    ["999.1.1.1:9001", "\"999.1.1.1\" is neither a host name nor an IP address"],
    ["ho$t:9001", "\"ho$t\" is neither a host name nor an IP address"],
    ["https://host:9001", "its scheme is https, and the Runtime API speaks plain http"],
    ["unix:///var/run/api", "its scheme is unix, and the Runtime API speaks plain http"],
    ["user:secret@host:9001", "it holds \"@\", and only a host, a port and a path may be given"],
    ["host:9001?a=b", "it holds \"?\", and only a host, a port and a path may be given"],
    ["host:9001/#a", "it holds \"#\", and only a host, a port and a path may be given"],
    ["host:9001/a b", "it holds a character that a URL cannot hold"],
    ["host:9001/a\r\nX: y", "it holds a character that a URL cannot hold"],
    ["hôst:9001", "it holds a character that a URL cannot hold"]
  ])("refuses %j and says why", (address, expected) => {
    assert.strictEqual(refusal(address), expected)
  })

  it("says what an address looks like, and which one is wrong", () => {
    const result = parse("host")
    assert.strictEqual(
      Result.isFailure(result) ? result.failure.message : undefined,
      "AWS_LAMBDA_RUNTIME_API is \"host\": it has no port. It should look like 127.0.0.1:9001"
    )
  })

  const label = Schema.String.check(Schema.isPattern(/^[a-z][a-z0-9-]{0,10}$/))
  const port = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 65_535 }))
  const address = Arbitrary.all({
    scheme: Arbitrary.schema(Schema.Literals(["", "http://"])),
    labels: Arbitrary.schema(Schema.NonEmptyArray(label)),
    port: Arbitrary.schema(port),
    segments: Arbitrary.schema(Schema.Array(label)),
    slash: Arbitrary.schema(Schema.Literals(["", "/", "//"]))
  })

  it.prop("gives back the parts an address was made of", { address }, ({ address }) => {
    const host = address.labels.join(".")
    const prefix = address.segments.map((segment) => `/${segment}`).join("")
    assert.deepStrictEqual(
      parse(`${address.scheme}${host}:${address.port}${prefix}${address.slash}`),
      Result.succeed({
        host,
        port: address.port,
        prefix,
        authority: address.port === 80 ? host : `${host}:${address.port}`
      })
    )
  })

  const fragments = Arbitrary.map(
    Arbitrary.array(Arbitrary.schema(
      Schema.Union([
        Schema.Literals([
          "http://",
          "HTTP:",
          "//",
          "/",
          ":",
          "[",
          "]",
          "::1",
          "9001",
          "host",
          "127.0.0.1",
          "%41",
          "\r\n",
          " "
        ]),
        Schema.String
      ])
    )),
    (parts) => parts.join("")
  )

  it.prop("never throws, and lets nothing through that would break a request head", { fragments }, ({ fragments }) => {
    const result = parse(fragments)
    if (Result.isFailure(result)) return assert.notStrictEqual(description(result.failure), "")
    const { authority, port, prefix } = result.success
    assert.match(`${prefix}/x`, /^\/[\x21-\x7e]*$/)
    assert.match(authority, /^[\x21-\x7e]+$/)
    assert.strictEqual(new URL(`http://${authority}/`).port, port === 80 ? "" : String(port))
  })
})
