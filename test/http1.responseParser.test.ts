import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { maxBodySize, maxHeadSize, type Response, ResponseParser } from "../src/internal/http1/responseParser.ts"

/** Feeds the pieces through one buffer that is overwritten afterwards, as the connection does. */
const parse = (pieces: ReadonlyArray<Buffer | string>, options?: { readonly close: boolean }) => {
  const parser = new ResponseParser()
  const responses: Array<Response> = []
  const emit = (response: Response) => void responses.push(response)
  for (const piece of pieces) {
    const reused = Buffer.from(piece)
    const refused = parser.push(reused, emit)
    reused.fill("X")
    if (refused !== undefined) return { responses, refused, isInside: false }
  }
  return { responses, refused: options?.close === true ? parser.end(emit) : undefined, isInside: parser.isInside }
}

const bodyOf = (response: Response | undefined) => Buffer.from(response?.body ?? []).toString()

const split = (bytes: Buffer, cuts: ReadonlyArray<number>): Array<Buffer> => {
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length]
  return ends.map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end))
}

const body = "{\"name\":\"Zoë 😀\"}"
const conversation = Buffer.from([
  "HTTP/1.1 100 Continue\r\n\r\n",
  "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLambda-Runtime-Aws-Request-Id: 8476\r\nX-Twice: a\r\n",
  `x-twice:  b \r\nEmpty:\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  "HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\n5;note=\"1\"\r\nhello\r\n00A\r\n, world!!!\r\n",
  "0\r\nX-Trailer: t\r\n\r\n",
  "HTTP/1.1 204 No Content\r\n\r\n",
  "HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n"
].join(""))

const assertConversation = (pieces: ReadonlyArray<Buffer>) => {
  const { isInside, refused, responses } = parse(pieces)
  assert.isUndefined(refused)
  assert.isFalse(isInside)
  assert.deepStrictEqual(responses.map((response) => [response.status, bodyOf(response), response.keepAlive]), [
    [200, body, true],
    [202, "hello, world!!!", true],
    [204, "", true],
    [200, "", true]
  ])
  assert.deepStrictEqual({ ...responses[0]?.headers }, {
    "content-type": "application/json",
    "lambda-runtime-aws-request-id": "8476",
    "x-twice": "a, b",
    "empty": "",
    "content-length": String(Buffer.byteLength(body))
  })
}

describe("ResponseParser", () => {
  it("reads responses that come in one piece", () => assertConversation([conversation]))

  it("reads responses that come byte by byte", () =>
    assertConversation(Array.from(conversation, (byte) => Buffer.of(byte))))

  it("reads responses cut in two anywhere", () => {
    for (let cut = 0; cut <= conversation.length; cut++) assertConversation(split(conversation, [cut]))
  })

  it.prop(
    "reads responses cut anywhere",
    [Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1_000 })))],
    ([cuts]) => assertConversation(split(conversation, cuts)),
    { arbitrary: { runs: 300 } }
  )

  it("keeps what it has given when the bytes are reused", () => {
    const { responses } = parse([
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst",
      "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecond"
    ])
    assert.deepStrictEqual(responses.map(bodyOf), ["first", "second"])
  })

  it("reads a response that is the same as the one before, and one that only starts the same", () => {
    const ok = "HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\nok"
    const no = "HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\nno"
    const okay = "HTTP/1.1 202 Accepted\r\nContent-Length: 4\r\n\r\nokay"
    const stream = Buffer.from([ok, ok, no, ok, okay, okay, ok].join(""))
    for (let cut = 0; cut <= stream.length; cut++) {
      const { isInside, refused, responses } = parse(split(stream, [cut]))
      assert.isUndefined(refused)
      assert.isFalse(isInside)
      assert.deepStrictEqual(responses.map(bodyOf), ["ok", "ok", "no", "ok", "okay", "okay", "ok"])
    }
  })

  it("gives every response a body of its own", () => {
    const { responses } = parse(["HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody".repeat(4)])
    responses[0]?.body.fill(0)
    responses[2]?.body.fill(0)
    assert.deepStrictEqual(responses.map(bodyOf), ["\0\0\0\0", "body", "\0\0\0\0", "body"])
  })

  it("reads a body of 6 MB that comes in pieces", () => {
    const large = Buffer.alloc(6_291_456, "x")
    const { responses } = parse([
      `HTTP/1.1 200 OK\r\nContent-Length: ${large.length}\r\n\r\n`,
      ...Array.from({ length: 96 }, (_, index) => large.subarray(index * 65_536, (index + 1) * 65_536))
    ])
    assert.isTrue(Buffer.from(responses[0]?.body ?? []).equals(large))
  })

  it("reads a body without a length until the peer closes", () => {
    const { isInside, refused, responses } = parse(["HTTP/1.1 200 OK\r\n\r\nsome ", "more"], { close: true })
    assert.isUndefined(refused)
    assert.isFalse(isInside)
    assert.deepStrictEqual(responses.map((response) => [bodyOf(response), response.keepAlive]), [["some more", false]])
  })

  it("knows headers whose names mean something to JavaScript", () => {
    const { responses } = parse(["HTTP/1.1 200 OK\r\n__proto__: x\r\nConstructor: y\r\nContent-Length: 0\r\n\r\n"])
    assert.strictEqual(responses[0]?.headers["__proto__"], "x")
    assert.strictEqual(responses[0]?.headers["constructor"], "y")
    assert.isUndefined(responses[0]?.headers["toString"])
    const [plain] = parse(["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"]).responses
    assert.isUndefined(plain?.headers["constructor"])
    assert.isUndefined(plain?.headers["__proto__"])
  })

  it.prop(
    "reads the names of each head anew",
    [Schema.Array(Schema.Array(
      Schema.Tuple([
        Schema.Literals(["A", "a", "A-B", "a-b", "A-Bc", "Lambda-Runtime-Trace-Id"]),
        Schema.Literals(["", " ", "x", " x", "\tx y \t", " x: y", "é"])
      ])
    ))],
    ([heads]) => {
      const { refused, responses } = parse(
        heads.map((fields) =>
          `HTTP/1.1 200 OK\r\n${
            fields.map(([name, value]) => `${name}:${value}\r\n`).join("")
          }Content-Length: 0\r\n\r\n`
        )
      )
      assert.isUndefined(refused)
      assert.deepStrictEqual(
        responses.map(({ headers }) => Object.entries(headers)),
        heads.map((fields) => {
          const expected: Record<string, string> = {}
          for (const [name, value] of fields) {
            const text = Buffer.from(value.trim()).toString("latin1")
            const before = expected[name.toLowerCase()]
            expected[name.toLowerCase()] = before === undefined ? text : `${before}, ${text}`
          }
          return Object.entries({ ...expected, "content-length": "0" })
        })
      )
    },
    { arbitrary: { runs: 300 } }
  )

  it("takes blanks off a value, and nothing else", () => {
    const { responses } = parse([
      Buffer.from("HTTP/1.1 200 OK\r\nTenant: \t\u00a0voil\u00e0 \t\r\nContent-Length: 0\r\n\r\n", "latin1")
    ])
    assert.strictEqual(responses[0]?.headers["tenant"], "\u00a0voil\u00e0")
    // The last byte of "à" in UTF-8 is a blank in Latin-1.
    const [utf8] = parse(["HTTP/1.1 200 OK\r\nTenant: voilà\r\nContent-Length: 0\r\n\r\n"]).responses
    assert.strictEqual(Buffer.from(utf8?.headers["tenant"] ?? "", "latin1").toString(), "voilà")
  })

  it("refuses a malformed head after a well-formed one with the same names", () => {
    const good = "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 0\r\n\r\n"
    for (
      const [bad, reason] of [
        ["HTTP/1.1 200 OK\r\nA: b\0\r\nContent-Length: 0\r\n\r\n", "the header a holds control characters"],
        ["HTTP/1.1 200 OK\r\nA : b\r\nContent-Length: 0\r\n\r\n", "a header is named"],
        ["HTTP/1.1 200 OK\r\nA\r\nContent-Length: 0\r\n\r\n", "a header line is"],
        ["HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: x\r\n\r\n", "its Content-Length is"],
        ["HTTP/1.1 2O0 OK\r\nA: b\r\nContent-Length: 0\r\n\r\n", "its status line is"]
      ] as const
    ) {
      const { refused, responses } = parse([good, good, bad])
      assert.include(refused, reason)
      assert.strictEqual(responses.length, 2)
    }
  })

  it.each([
    ["HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", false],
    ["HTTP/1.1 200 OK\r\nConnection: Upgrade, CLOSE\r\nContent-Length: 0\r\n\r\n", false],
    ["HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", false],
    ["HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n", true],
    ["HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0, 0\r\n\r\n", true]
  ])("knows of %j whether the connection stays", (bytes, keepAlive) => {
    assert.deepStrictEqual(parse([bytes]).responses.map((response) => response.keepAlive), [keepAlive])
  })

  it.each(([
    ["garbage", "it does not start with HTTP/1.1"],
    ["\r\nHTTP/1.1 200 OK\r\n\r\n", "it does not start with HTTP/1.1"],
    ["HTTP/2 200\r\n\r\n", "it does not start with HTTP/1.1"],
    ["HTTP/1.1 2000 OK\r\n\r\n", "its status line is"],
    ["HTTP/1.1 099 No\r\n\r\n", "its status line is"],
    ["HTTP/1.1  200 OK\r\n\r\n", "its status line is"],
    ["HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n", "its status line is"],
    ["HTTP/1.1 101 Switching Protocols\r\n\r\n", "it switches protocols"],
    ["HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "a header line is"],
    ["HTTP/1.1 200 OK\r\n: empty\r\n\r\n", "a header is named"],
    ["HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n", "a header is named"],
    ["HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n", "a header line is"],
    ["HTTP/1.1 200 OK\r\nA: b\0c\r\n\r\n", "the header a holds control characters"],
    ["HTTP/1.1 200 OK\r\nA: b\nC: d\r\n\r\n", "the header a holds control characters"],
    ["HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "its Content-Length is"],
    ["HTTP/1.1 200 OK\r\nContent-Length: 0x10\r\n\r\n", "its Content-Length is"],
    ["HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "its Content-Length is"],
    [`HTTP/1.1 200 OK\r\nContent-Length: ${maxBodySize + 1}\r\n\r\n`, "its body is larger than"],
    ["HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "both"],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "its Transfer-Encoding is"],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "the size of a chunk is"],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n", "the size of a chunk is"],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n123456789\r\n", "the size of a chunk is"],
    [`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;${"x".repeat(9_000)}`, "the size of a chunk does not end"],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc", "a chunk does not end with CRLF"],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nno colon\r\n\r\n", "a header line is"],
    [`HTTP/1.1 200 OK\r\nA: ${"x".repeat(maxHeadSize)}\r\n\r\n`, "its head is larger than"],
    [`HTTP/1.1 200 OK\r\nA: ${"x".repeat(maxHeadSize)}`, "its head is larger than"],
    [
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n${`A: ${"x".repeat(1_000)}\r\n`.repeat(1_100)}\r\n`,
      "its trailers are larger than"
    ]
  ] as const).map(([bytes, reason], index) => [`${index + 1}: ${reason}`, bytes, reason] as const))(
    "refuses case %s",
    (_, bytes, reason) => {
      const { refused, responses } = parse([bytes])
      assert.include(refused, reason)
      assert.deepStrictEqual(responses, [])
      // The same, whatever the sizes of the pieces are.
      const pieces = split(Buffer.from(bytes), Array.from({ length: 40 }, (_, index) => index * 7))
      assert.include(parse(pieces).refused, reason)
    }
  )

  it.each([
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
    "HTTP/1.1 200 OK\r\nContent-Le",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
  ])("says that %j is not whole when the peer closes", (bytes) => {
    assert.include(parse([bytes], { close: true }).refused, "in the middle of a response")
  })

  it("has nothing to say about a peer that closes between responses", () => {
    assert.isUndefined(parse(["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"], { close: true }).refused)
  })

  it.prop(
    "never throws, whatever the bytes are",
    [Schema.Array(
      Schema.Literals(["HTTP/1.1 200 OK", "\r\n", "\r", "\n", ":", "Content-Length: 3", "3", "0", "a", "é"])
    )],
    ([parts]) => {
      const bytes = Buffer.from(parts.join(""))
      parse([bytes], { close: true })
      parse(split(bytes, [3, 7, 20]), { close: true })
    },
    { arbitrary: { runs: 500 } }
  )
})
