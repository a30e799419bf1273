import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as responsePrelude from "../src/internal/local/gateway/responsePrelude.ts"

interface Parsed {
  readonly _tag: string
  readonly head?: responsePrelude.ResponseHead
  readonly description?: string
  readonly body?: string
}

/** Feeds the pieces to a parser, and keeps what comes after the head. */
const parse = (pieces: ReadonlyArray<Uint8Array>): Parsed => {
  const parser = responsePrelude.make()
  for (const [index, piece] of pieces.entries()) {
    const progress = parser.push(piece)
    if (progress._tag === "Malformed") return progress
    if (progress._tag === "Complete") {
      const body = Buffer.concat([progress.rest, ...pieces.slice(index + 1)]).toString()
      return { _tag: progress._tag, head: progress.head, body }
    }
  }
  return { _tag: "Incomplete" }
}

const head = {
  statusCode: 201,
  headers: { "content-type": "text/plain", "x-name": "Zürich 🫖" },
  multiValueHeaders: { "x-many": ["1", "2"] },
  cookies: ["a=b", "c=d"]
}

const bytes = Buffer.from(`${JSON.stringify(head)}${"\0".repeat(8)}\0\0body`)

const expected: Parsed = {
  _tag: "Complete",
  head: {
    status: 201,
    headers: [["content-type", "text/plain"], ["x-name", "Zürich 🫖"], ["x-many", "1"], ["x-many", "2"]],
    cookies: ["a=b", "c=d"]
  },
  body: "\0\0body"
}

describe("the parser of an HTTP head", () => {
  it("reads it in two pieces, wherever it is split", () => {
    for (let at = 0; at <= bytes.length; at++) {
      assert.deepStrictEqual(parse([bytes.subarray(0, at), bytes.subarray(at)]), expected, `split at ${at}`)
    }
  })

  it("reads it byte by byte", () => {
    assert.deepStrictEqual(parse(Array.from(bytes, (byte) => Buffer.of(byte))), expected)
  })

  it.prop(
    "reads it in any pieces",
    [Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: bytes.length })))],
    ([cuts]) => {
      const edges = [0, ...cuts.toSorted((a, b) => a - b), bytes.length]
      const pieces = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge))
      assert.deepStrictEqual(parse(pieces), expected)
    }
  )

  it.prop(
    "gives back any status, headers and body",
    [Schema.Struct({
      status: Schema.Int.check(Schema.isBetween({ minimum: 200, maximum: 599 })),
      headers: Schema.Record(Schema.String, Schema.String),
      cookies: Schema.Array(Schema.String),
      body: Schema.String
    })],
    ([{ body, cookies, headers, status }]) => {
      const json = JSON.stringify({ statusCode: status, headers, cookies })
      assert.deepStrictEqual(parse([Buffer.from(`${json}${"\0".repeat(8)}${body}`)]), {
        _tag: "Complete",
        head: { status, headers: Object.entries(headers), cookies },
        body: Buffer.from(body).toString()
      })
    }
  )

  it("waits for more, for as long as the separator has fewer than eight NUL bytes", () => {
    for (let count = 0; count < 8; count++) {
      assert.deepStrictEqual(parse([Buffer.from(`{}${"\0".repeat(count)}`)]), { _tag: "Incomplete" })
    }
  })

  it("takes a head of 16 KB and refuses a longer one", () => {
    const longest = `{}${" ".repeat(responsePrelude.maxPreludeSize - 10)}${"\0".repeat(8)}`
    assert.strictEqual(Buffer.byteLength(longest), 16_384)
    assert.strictEqual(parse([Buffer.from(longest)])._tag, "Complete")
    assert.strictEqual(parse([Buffer.from(` ${longest}`)])._tag, "Malformed")
    assert.strictEqual(parse(Array.from(` ${longest}`, (character) => Buffer.from(character)))._tag, "Malformed")
  })

  it("does not take a header for something else because of its name", () => {
    const text = "{\"headers\":{\"__proto__\":\"x\",\"constructor\":\"y\"}}"
    const parsed = parse([Buffer.from(`${text}${"\0".repeat(8)}`)])
    assert.deepStrictEqual(parsed, {
      _tag: "Complete",
      head: { status: 200, headers: [["__proto__", "x"], ["constructor", "y"]], cookies: [] },
      body: ""
    })
  })
})
