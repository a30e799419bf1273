import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import { HttpServerRequest, ParsedSearchParams } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Schema from "effect/Schema"
import * as Alb from "../src/events/Alb.ts"
import * as ApiGatewayV1 from "../src/events/ApiGatewayV1.ts"
import * as ApiGatewayV2 from "../src/events/ApiGatewayV2.ts"
import * as FunctionUrl from "../src/events/FunctionUrl.ts"
import * as VpcLattice from "../src/events/VpcLattice.ts"
import * as LambdaHttp from "../src/LambdaHttp.ts"
import * as LambdaTest from "../src/LambdaTest.ts"
import type { Answer } from "./support/httpFunction.ts"

/** Unicode text, without halves of characters, which no URL and no JSON of AWS can hold. */
const Text = Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(40))

const wellFormed = (text: string) => text.toWellFormed()

/** A path segment of `.` or `..` is no name, and an HTTP API decodes what is left of an escape. */
const segment = (text: string) => {
  const named = wellFormed(text)
  return /^\.+$/.test(named) ? `_${named}` : named
}

const Parameters = Schema.Array(Schema.Tuple([Text, Schema.String])).check(Schema.isMaxLength(4))

/** What HTTP lets a header hold. */
const HeaderValue = Schema.String.check(Schema.isPattern(/^([!-~]([ -~]{0,20}[!-~])?)?$/))

interface Given {
  readonly segment: string
  readonly parameters: ReadonlyArray<readonly [name: string, value: string]>
  readonly header: string
  readonly body: Uint8Array
}

const encoded = ({ parameters }: Given) =>
  parameters.map(([name, value]): readonly [string, string] => [encodeURIComponent(name), encodeURIComponent(value)])

const lists = (entries: ReadonlyArray<readonly [string, string]>) => {
  const all: Record<string, Array<string>> = Object.create(null)
  for (const [name, value] of entries) all[name] = [...all[name] ?? [], value]
  return all
}

const base64 = ({ body }: Given) => Buffer.from(body).toString("base64")

const query = (given: Given) => encoded(given).map(([name, value]) => `${name}=${value}`).join("&")

const path = ({ segment }: Given) => `/items/${encodeURIComponent(segment)}`

/** The event that a front door makes of it. */
const events: Readonly<Record<string, (given: Given) => unknown>> = {
  "a REST API": (given) => ({
    ...ApiGatewayV1.sample(),
    path: path(given),
    multiValueQueryStringParameters: lists(given.parameters),
    multiValueHeaders: { "X-Test": [given.header] },
    body: base64(given),
    isBase64Encoded: true
  }),
  "an HTTP API": (given) => ({
    ...ApiGatewayV2.sample(),
    rawPath: `/items/${given.segment}`,
    rawQueryString: query(given),
    headers: { "x-test": given.header },
    body: base64(given),
    isBase64Encoded: true
  }),
  "a function URL": (given) => ({
    ...FunctionUrl.sample(),
    rawPath: path(given),
    rawQueryString: query(given),
    headers: { "x-test": given.header },
    body: base64(given),
    isBase64Encoded: true
  }),
  "a load balancer": (given) => {
    const { headers: _, queryStringParameters: __, ...event } = Alb.sample()
    return {
      ...event,
      path: path(given),
      multiValueQueryStringParameters: lists(encoded(given)),
      multiValueHeaders: { "x-test": [given.header] },
      body: base64(given),
      isBase64Encoded: true
    }
  },
  "VPC Lattice": (given) => ({
    ...VpcLattice.sampleEventV2(),
    path: path(given),
    queryStringParameters: lists(encoded(given)),
    headers: { "x-test": [given.header] },
    body: base64(given),
    isBase64Encoded: true
  })
}

const echo = HttpRouter.add(
  "POST",
  "/items/:id",
  Effect.gen(function*() {
    const request = yield* HttpServerRequest
    const { id } = yield* HttpRouter.params
    const search = yield* ParsedSearchParams
    return yield* HttpServerResponse.json({
      id,
      search: Object.entries(search).toSorted(([one], [other]) => one < other ? -1 : 1),
      header: request.headers["x-test"],
      body: Buffer.from(yield* request.arrayBuffer).toString("base64")
    })
  })
)

const server = LambdaTest.layer(LambdaHttp.serve(Layer.provide(echo, HttpRouter.disableLogger))).pipe(
  Layer.provide(Logger.layer([]))
)

describe("whatever a client sends", () => {
  for (const [name, event] of Object.entries(events)) {
    it.effect.prop(
      `arrives through ${name}`,
      [Text, Parameters, HeaderValue, Schema.Uint8Array],
      ([text, parameters, header, body]) =>
        Effect.gen(function*() {
          const given: Given = {
            // What an HTTP API has decoded may look like an escape, or like a part of the path's own syntax.
            segment: name === "an HTTP API" ? segment(text).replaceAll(/[%/;]/g, "_") : segment(text),
            parameters: parameters.map(([name, value]) => [wellFormed(name), wellFormed(value)]),
            header,
            body
          }
          const answer = (yield* LambdaTest.LambdaTest.use(({ invoke }) => invoke(event(given)))) as Answer
          assert.strictEqual(answer.statusCode, 200)
          const echoed: unknown = JSON.parse(answer.body)
          assert.deepStrictEqual(echoed, {
            id: given.segment,
            search: Object.entries(lists(given.parameters))
              .map(([name, values]) => [name, values.length === 1 ? values[0] : values])
              .toSorted(([one], [other]) => String(one) < String(other) ? -1 : 1),
            header,
            body: base64(given)
          })
        }).pipe(Effect.provide(server))
    )
  }
})
