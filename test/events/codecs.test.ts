/** The codecs that the modules of `src/events` share. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as zlib from "node:zlib"
import { BooleanText } from "../../src/internal/events/booleanText.ts"
import { checkedInPlace } from "../../src/internal/events/checkedInPlace.ts"
import { FormUrlEncoded } from "../../src/internal/events/formUrlEncoded.ts"
import { gunzipped } from "../../src/internal/events/gzip.ts"
import { jsonBytes, Utf8Bytes } from "../../src/internal/events/jsonBytes.ts"
import { jsonString } from "../../src/internal/events/jsonString.ts"
import { givenBack, nullish, omittable } from "../../src/internal/events/nullish.ts"
import { openEnum } from "../../src/internal/events/openEnum.ts"
import { preserving } from "../../src/internal/events/preserving.ts"
import { SignedBytes } from "../../src/internal/events/signedBytes.ts"
import { StringListMap, StringMap } from "../../src/internal/events/stringMaps.ts"
import { UnpaddedBase64 } from "../../src/internal/events/unpaddedBase64.ts"
import { decode, encode, misfits } from "./codec.ts"

const json = (value: unknown) => JSON.stringify(value)

describe("nullish", () => {
  const schema = Schema.Struct({ a: nullish(Schema.String) })

  it.effect.each([{}, { a: null }, { a: "" }])(
    "gives %j as it came, and takes it back",
    (value) =>
      Effect.gen(function*() {
        const decoded = yield* decode(schema)(value)
        assert.deepStrictEqual<unknown>(decoded, value)
        assert.deepStrictEqual<unknown>(yield* encode(schema)(decoded), value)
      })
  )
})

describe("omittable", () => {
  const schema = Schema.Struct({ a: omittable(Schema.DateTimeUtcFromMillis) })

  it.effect("leaves out what is not there, and what is undefined", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* encode(schema)({}), {})
      assert.deepStrictEqual(yield* encode(schema)({ a: undefined }), {})
      assert.deepStrictEqual(yield* decode(schema)({}), {})
    }))
})

describe("givenBack", () => {
  const schema = Schema.Struct({ a: givenBack(Schema.DateTimeUtcFromMillis) })

  it.effect("leaves out null as well", () =>
    Effect.gen(function*() {
      for (const value of [{}, { a: undefined }, { a: null }]) {
        assert.deepStrictEqual(yield* encode(schema)(value), {})
      }
      const value = yield* decode(schema)({ a: 7 })
      assert.deepStrictEqual(yield* encode(schema)(value), { a: 7 })
    }))
})

describe("openEnum", () => {
  it.effect("takes names that nobody knows yet", () =>
    Effect.gen(function*() {
      const method: "GET" | "POST" | (string & {}) = yield* decode(openEnum(["GET", "POST"]))("QUERY")
      assert.strictEqual(method, "QUERY")
      assert.deepStrictEqual(yield* misfits(openEnum(["GET"]))(1), ["the root"])
    }))
})

describe("jsonString", () => {
  it.effect("takes a schema to its JSON form, and names the place within the text", () =>
    Effect.gen(function*() {
      const schema = jsonString(Schema.Struct({ at: Schema.Date, n: Schema.Option(Schema.BigInt) }))
      const text = json({ at: "2026-01-02T03:04:05.678Z", n: { _tag: "Some", value: "1" } })
      const value = yield* decode(schema)(text)
      assert.deepStrictEqual(value, { at: new Date("2026-01-02T03:04:05.678Z"), n: Option.some(1n) })
      assert.strictEqual(yield* encode(schema)(value), text)
      assert.deepStrictEqual(yield* misfits(Schema.Struct({ body: schema }))({ body: json({ at: 1 }) }), [
        "body.at",
        "body.n"
      ])
    }))
})

describe("jsonBytes", () => {
  const schema = jsonBytes(Schema.Struct({ id: Schema.String }))

  it.effect("reads JSON from bytes, and writes it to them", () =>
    Effect.gen(function*() {
      const bytes = new TextEncoder().encode(json({ id: "ü" }))
      const value = yield* decode(schema)(Buffer.from(bytes).toString("base64"))
      assert.deepStrictEqual(value, { id: "ü" })
      assert.deepStrictEqual(yield* encode(schema)(value), bytes)
    }))

  it.effect("refuses bytes that are no text, where others put in U+FFFD", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* misfits(Schema.Struct({ data: Utf8Bytes }))({ data: "gIA=" }), ["data"])
    }))

  it.effect("does not take digits for a number where text is wanted", () =>
    Effect.gen(function*() {
      const bytes = Buffer.from("12345678901234567890").toString("base64")
      assert.strictEqual(yield* decode(Utf8Bytes)(bytes), "12345678901234567890")
    }))
})

describe("gunzipped", () => {
  const gzip = (bytes: Uint8Array) => zlib.gzipSync(bytes).toString("base64")

  it.effect("inflates", () =>
    Effect.gen(function*() {
      const bytes = yield* decode(gunzipped())(gzip(Buffer.from("logs")))
      assert.strictEqual(Buffer.from(bytes).toString(), "logs")
      assert.strictEqual(zlib.gunzipSync(yield* encode(gunzipped())(bytes)).toString(), "logs")
    }))

  it.effect("refuses what inflates beyond the limit, and says which", () =>
    Effect.gen(function*() {
      const bomb = gzip(new Uint8Array(2_000_000))
      assert.strictEqual((yield* decode(gunzipped(2_000_000))(bomb)).length, 2_000_000)
      const error = yield* Effect.flip(decode(gunzipped(1_999_999))(bomb))
      assert.include(error.message, "at most 1999999 bytes")
    }))

  it.effect.each(["", "H4sI", Buffer.from("no gzip").toString("base64")])(
    "refuses %j",
    (text) =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(decode(gunzipped())(text))
        assert.include(error.message, "gzip data")
      })
  )
})

describe("SignedBytes", () => {
  it.effect("reads bytes from -128 to 255, and writes them as Java does", () =>
    Effect.gen(function*() {
      const bytes = yield* decode(SignedBytes)([-128, -1, 0, 127, 255])
      assert.deepStrictEqual([...bytes], [128, 255, 0, 127, 255])
      assert.deepStrictEqual(yield* encode(SignedBytes)(bytes), [-128, -1, 0, 127, -1])
      assert.deepStrictEqual(yield* misfits(SignedBytes)([256, -129, 0.5]), ["[0]", "[1]", "[2]"])
    }))

  it.effect("writes only its own part of a buffer", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* encode(SignedBytes)(Uint8Array.of(1, 2, 3, 4).subarray(1, 3)), [2, 3])
    }))
})

describe("UnpaddedBase64", () => {
  it.effect.each([["YQ", "a"], ["YQ==", "a"], ["YWI", "ab"], ["YWJj", "abc"], ["", ""]])(
    "reads %j",
    ([text, expected]) =>
      Effect.gen(function*() {
        assert.strictEqual(Buffer.from(yield* decode(UnpaddedBase64)(text)).toString(), expected)
      })
  )
})

describe("BooleanText", () => {
  it.effect("reads and writes true and false, and nothing else", () =>
    Effect.gen(function*() {
      assert.isTrue(yield* decode(BooleanText)("true"))
      assert.strictEqual(yield* encode(BooleanText)(false), "false")
      assert.deepStrictEqual(yield* misfits(BooleanText)("TRUE"), ["the root"])
    }))
})

describe("FormUrlEncoded", () => {
  it.effect.prop("gives back every text that it encodes", [Schema.String], ([text]) =>
    Effect.gen(function*() {
      const encoded = yield* encode(FormUrlEncoded)(text)
      assert.match(encoded, /^[\w.*/+%-]*$/)
      assert.strictEqual(yield* decode(FormUrlEncoded)(encoded), text.toWellFormed())
    }))
})

describe("preserving", () => {
  const schema = preserving({
    at: Schema.DateTimeUtcFromMillis,
    secret: Schema.RedactedFromValue(Schema.String),
    deep: preserving({ a: nullish(Schema.String) })
  })

  it.effect("keeps unknown keys at every level, whatever becomes of the known ones", () =>
    Effect.gen(function*() {
      const event = { at: 1, secret: "s", deep: { a: "a", b: [null, { c: 1 }] }, more: { d: true } }
      const decoded = yield* decode(schema)(event)
      assert.strictEqual(Redacted.value(decoded.secret), "s")
      assert.deepStrictEqual<unknown>(yield* encode(schema)({ ...decoded, deep: { ...decoded.deep, a: null } }), {
        ...event,
        deep: { ...event.deep, a: null }
      })
    }))

  it.effect("still refuses what does not fit", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* misfits(schema)({ at: "1", secret: "s", deep: { a: 1 } }), ["at", "deep.a"])
    }))
})

describe("checkedInPlace", () => {
  interface Tree {
    readonly name: string
    readonly children: ReadonlyArray<Tree>
  }
  const Tree = Schema.Struct({
    name: Schema.String,
    children: Schema.Array(Schema.suspend((): Schema.Codec<Tree> => Tree))
  })
  const plain = Schema.Struct({
    text: Schema.String,
    number: Schema.Finite,
    short: Schema.String.check(Schema.isMaxLength(2)),
    flag: nullish(Schema.Boolean),
    method: openEnum(["GET"]),
    kind: Schema.Literal("a"),
    either: Schema.Union([Schema.Null, Schema.Struct({ x: Schema.Finite }), Schema.Array(Schema.String)]),
    pair: Schema.Tuple([Schema.String, Schema.Finite]),
    map: Schema.Record(Schema.String, Schema.Array(Schema.String)),
    headers: StringMap,
    lists: nullish(StringListMap),
    json: Schema.Json,
    any: nullish(Schema.Json),
    context: Schema.StructWithRest(
      Schema.Struct({ claims: nullish(StringMap), latency: nullish(Schema.Finite) }),
      [Schema.Record(Schema.String, Schema.Json)]
    ),
    numbers: Schema.StructWithRest(
      Schema.Struct({ one: Schema.Finite }),
      [Schema.Record(Schema.String, Schema.NullOr(Schema.Finite))]
    ),
    tree: Tree
  })
  const fits = Schema.is(plain)
  const checked = checkedInPlace(plain)

  it.effect.prop("takes what the schema takes, as it is", [plain], ([value]) =>
    Effect.gen(function*() {
      assert.strictEqual(yield* decode(checked)(value), value)
      assert.strictEqual(yield* encode(checked)(value), value)
    }))

  it.effect.prop(
    "refuses what the schema refuses, in the same words",
    [plain, Schema.Literals(Object.keys(plain.fields)), Schema.Json],
    ([value, key, replacement]) =>
      Effect.gen(function*() {
        for (const changed of [{ ...value, [key]: replacement }, { ...value, [key]: undefined }]) {
          const ours = yield* Effect.result(decode(checked)(changed))
          const theirs = yield* Effect.result(decode(plain)(changed))
          assert.strictEqual(ours._tag, theirs._tag)
          assert.strictEqual(
            ours._tag === "Failure" && ours.failure.message,
            theirs._tag === "Failure" && theirs.failure.message
          )
          assert.strictEqual(Schema.is(checked)(changed), fits(changed))
        }
      })
  )

  it("holds the keys that a struct with a rest names to both of its parts", () => {
    const schema = Schema.StructWithRest(
      Schema.Struct({ id: Schema.String, note: Schema.optionalKey(Schema.Union([Schema.String, Schema.Null])) }),
      [Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Finite]))]
    )
    for (
      const value of [
        { id: "a", more: 1 },
        { id: "a", note: "b" },
        { id: "a", note: null },
        { id: 1 },
        { more: 1 },
        { id: "a", more: null },
        ["a"],
        null
      ]
    ) assert.strictEqual(Schema.is(checkedInPlace(schema))(value), Schema.is(schema)(value), json(value))
  })

  it("takes the JSON that effect/Schema takes, and nothing else", () => {
    const nested = (depth: number, innermost: unknown): unknown =>
      depth === 0 ? innermost : depth % 2 === 0 ? [nested(depth - 1, innermost)] : { a: nested(depth - 1, innermost) }
    const cycle: Record<string, unknown> = {}
    cycle["self"] = { cycle, again: [cycle, cycle] }
    const shared = nested(20, 1)
    const values = [
      ...[0, 1, 7, 8, 9, 10, 30].flatMap((depth) =>
        [1, "a", null, true, undefined, NaN, Infinity, 1n, new Date(0), () => 1].map((value) => nested(depth, value))
      ),
      cycle,
      { shared, again: [shared, shared] },
      { a: undefined },
      Object.assign([], { length: 2 }),
      Object.assign(Object.create(null), { a: 1 }),
      Object.assign(Object.create({ inherited: 1n }), { a: 1 }),
      new Map(),
      JSON.parse("{\"__proto__\":{\"a\":1},\"toString\":1}")
    ]
    const takes = Schema.is(checkedInPlace(Schema.Struct({ value: Schema.Json })))
    for (const value of values) assert.strictEqual(takes({ value }), Schema.is(Schema.Json)(value))
    assert.isTrue(values.some((value) => takes({ value })))
  })

  const nameless = Schema.Record(Schema.TemplateLiteral(["x-", Schema.String]), Schema.Finite)
  const deep = JSON.parse(`${"[".repeat(20)}1${"]".repeat(20)}`)

  it.effect.each<readonly [Schema.Codec<unknown>, unknown]>([
    [Schema.Struct({ a: Schema.Json }), { a: deep, b: 1 }],
    [nameless, { "x-a": 1, b: "c" }],
    [Schema.StructWithRest(Schema.Struct({ a: Schema.String }), [nameless]), { a: "", "x-a": 1, b: "c" }],
    [
      Schema.StructWithRest(Schema.Struct({ a: Schema.String }), [Schema.Record(Schema.String, Schema.Json)]),
      { a: "", b: deep }
    ]
  ])("gives a value as it came (%#)", ([schema, value]) =>
    Effect.gen(function*() {
      assert.strictEqual(yield* decode(checkedInPlace(schema))(value), value)
    }))

  it("holds keys to every rest of a struct", () => {
    const schema = Schema.StructWithRest(Schema.Struct({ a: Schema.String }), [
      Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Finite])),
      nameless
    ])
    for (const value of [{ a: "" }, { a: "", "x-a": 1, b: "c" }, { a: "", "x-a": "b" }, { a: "", b: null }]) {
      assert.strictEqual(Schema.is(checkedInPlace(schema))(value), Schema.is(schema)(value), json(value))
    }
  })

  it.effect("keeps keys that it does not name", () =>
    Effect.gen(function*() {
      const value = { a: "", b: 1 }
      assert.strictEqual(yield* decode(checkedInPlace(Schema.Struct({ a: Schema.String })))(value), value)
    }))

  it("is not for schemas that change something", () => {
    const changing = checkedInPlace(Schema.Struct({ a: FormUrlEncoded }))
    assert.throws(() => Schema.is(changing)({ a: "" }))
  })
})
