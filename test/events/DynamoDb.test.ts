import { assert, describe, it } from "@effect/vitest"
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as DynamoDb from "../../src/events/DynamoDb.ts"
import { decode, encode, misfits } from "./codec.ts"

const [insert] = DynamoDb.sample().Records

const Key = Schema.Struct({ Id: Schema.Int })

const withImage = (image: unknown) => ({
  Records: [{ ...insert, dynamodb: { ...insert?.dynamodb, NewImage: image } }]
})

/** The item of the new image, decoded by the schema of an item. */
const decodeItem = Effect.fnUntraced(function*<Item extends Schema.Constraint>(item: Item, image: unknown) {
  const { Records } = yield* decode(DynamoDb.eventOf({ key: Key, item }))(withImage(image))
  return Records[0]?.dynamodb.NewImage
})

/** The new image after decoding and encoding. */
const encodeAgain = Effect.fnUntraced(function*<Item extends Schema.Constraint>(item: Item, image: unknown) {
  const schema = DynamoDb.eventOf({ key: Key, item })
  const { Records } = yield* Effect.flatMap(decode(schema)(withImage(image)), encode(schema))
  return Records[0]?.dynamodb.NewImage
})

const long = "12345678901234567890.123456789012345678"

describe("DynamoDb", () => {
  it.effect("keeps attributes as DynamoDB has them: all digits, and sets in their order", () =>
    Effect.gen(function*() {
      const image = {
        price: { N: long },
        tiny: { N: "1E-130" },
        large: { N: "1E+125" },
        tags: { SS: ["b", "a", "b"] },
        bytes: { B: "AAEqQQ==" }
      }
      const { Records } = yield* decode(DynamoDb.Event)(withImage(image))
      assert.deepStrictEqual(Records[0]?.dynamodb.NewImage, {
        ...image,
        bytes: { B: Uint8Array.of(0, 1, 42, 65) }
      })
      assert.deepStrictEqual((yield* encode(DynamoDb.Event)({ Records })).Records[0]?.dynamodb.NewImage, image)
    }))

  it.effect("reads a time in seconds with a fraction, and none", () =>
    Effect.gen(function*() {
      const at = (time: unknown) =>
        decode(DynamoDb.Event)({
          Records: [{ ...insert, dynamodb: { ...insert?.dynamodb, ApproximateCreationDateTime: time } }]
        }).pipe(Effect.map(({ Records }) => Records[0]?.dynamodb.ApproximateCreationDateTime))
      const time = yield* at(1428537600.987)
      assert.strictEqual(time == null ? "" : DateTime.formatIso(time), "2015-04-09T00:00:00.987Z")
      assert.isNull(yield* at(null))
    }))

  it.effect("reads the times of a Kinesis data stream in milliseconds, and in microseconds where it says so", () =>
    Effect.gen(function*() {
      const record = DynamoDb.sampleKinesisRecord()
      const at = (dynamodb: object) =>
        decode(DynamoDb.KinesisRecord)({ ...record, dynamodb: { ...record.dynamodb, ...dynamodb } }).pipe(
          Effect.map(({ dynamodb }) => dynamodb.ApproximateCreationDateTime?.epochMilliseconds)
        )
      assert.strictEqual(yield* at({ ApproximateCreationDateTime: 1602313124230 }), 1602313124230)
      assert.strictEqual(
        yield* at({
          ApproximateCreationDateTime: 1602313124230400,
          ApproximateCreationDateTimePrecision: "MICROSECOND"
        }),
        1602313124230
      )
    }))

  describe("eventOf", () => {
    it.effect("gives plain values of every type", () =>
      Effect.gen(function*() {
        const Item = Schema.Struct({
          text: Schema.String,
          day: Schema.Date,
          count: Schema.Int,
          ratio: Schema.Number,
          price: Schema.BigDecimal,
          serial: Schema.BigInt,
          digits: Schema.BigDecimalFromString,
          yes: Schema.Boolean,
          nothing: Schema.Null,
          bytes: Schema.Uint8Array,
          list: Schema.Array(Schema.Union([Schema.String, Schema.Finite])),
          pair: Schema.Tuple([Schema.String, Schema.BigInt]),
          map: Schema.Record(Schema.String, Schema.Finite),
          names: Schema.ReadonlySet(Schema.String),
          numbers: Schema.ReadonlySet(Schema.Finite),
          ordered: Schema.Array(Schema.String),
          any: Schema.Json
        })
        const item = yield* decodeItem(Item, {
          text: { S: "" },
          day: { S: "2026-01-02T03:04:05.678Z" },
          count: { N: "7" },
          ratio: { N: "-0.10" },
          price: { N: long },
          serial: { N: "12345678901234567890123456789012345678" },
          digits: { N: "1E-130" },
          yes: { BOOL: true },
          nothing: { NULL: true },
          bytes: { B: "AAEqQQ==" },
          list: { L: [{ S: "12" }, { N: "12" }] },
          pair: { L: [{ S: "a" }, { N: "9007199254740993" }] },
          map: { M: { a: { N: "1" } } },
          names: { SS: ["b", "a"] },
          numbers: { NS: ["2", "1.5"] },
          ordered: { SS: ["b", "a"] },
          any: { M: { a: { L: [{ N: "1" }, { N: "9007199254740993" }, { S: "1" }] } } },
          unknown: { N: "1" }
        })
        if (item == null) return assert.fail("no image")
        const { day, digits, price, ...rest } = item
        assert.strictEqual(day.toISOString(), "2026-01-02T03:04:05.678Z")
        assert.isTrue(BigDecimal.equals(price, BigDecimal.fromStringUnsafe(long)))
        assert.isTrue(BigDecimal.equals(digits, BigDecimal.fromStringUnsafe("1e-130")))
        assert.deepStrictEqual(rest, {
          text: "",
          count: 7,
          ratio: -0.1,
          serial: 12345678901234567890123456789012345678n,
          yes: true,
          nothing: null,
          bytes: Uint8Array.of(0, 1, 42, 65),
          list: ["12", 12],
          pair: ["a", 9007199254740993n],
          map: { a: 1 },
          names: new Set(["b", "a"]),
          numbers: new Set([2, 1.5]),
          ordered: ["b", "a"],
          any: { a: [1, "9007199254740993", "1"] }
        })
      }))

    it.effect("encodes plain values to the attributes that they came from", () =>
      Effect.gen(function*() {
        const Item = Schema.Struct({
          text: Schema.String,
          digits: Schema.String,
          price: Schema.BigDecimal,
          serial: Schema.BigInt,
          bytes: Schema.Uint8Array,
          names: Schema.ReadonlySet(Schema.String),
          prices: Schema.ReadonlySet(Schema.BigDecimal),
          byteses: Schema.ReadonlySet(Schema.Uint8Array),
          list: Schema.Array(Schema.NullOr(Schema.BigInt)),
          deep: Schema.Struct({ yes: Schema.Boolean, at: Schema.OptionFromNullOr(Schema.BigInt) })
        })
        const image = {
          text: { S: "a" },
          digits: { S: "12" },
          price: { N: "1234567890123456.5" },
          serial: { N: "12345678901234567890123456789012345678" },
          bytes: { B: "AAEqQQ==" },
          names: { SS: ["b", "a"] },
          prices: { NS: ["2.5"] },
          byteses: { BS: ["AAE="] },
          list: { L: [{ N: "1" }, { NULL: true }] },
          deep: { M: { yes: { BOOL: false }, at: { N: "1" } } }
        }
        assert.deepStrictEqual(yield* encodeAgain(Item, image), image)
      }))

    it.effect.each(["9007199254740993", "0.12345678901234567890", "12345678901234567890.5", "1E-400"])(
      "refuses to round %s",
      (digits) =>
        Effect.gen(function*() {
          const event = withImage({ Id: { N: digits } })
          assert.deepStrictEqual(
            yield* misfits(DynamoDb.eventOf({ key: Key, item: Schema.Struct({ Id: Schema.Finite }) }))(event),
            ["Records[0].dynamodb.NewImage.Id"]
          )
        })
    )

    it.effect.each(["1.50", "-0", "+1", "1e3", "0.1", "123456789012345", "1E+125", ".5"])(
      "takes %s for a number",
      (digits) =>
        Effect.gen(function*() {
          const item = yield* decodeItem(Schema.Struct({ Id: Schema.Finite }), { Id: { N: digits } })
          assert.strictEqual(item?.Id, Number(digits))
        })
    )

    it.effect("tells items of several shapes apart", () =>
      Effect.gen(function*() {
        const Item = Schema.Union([
          Schema.Struct({ type: Schema.Literal("order"), total: Schema.BigDecimal }),
          Schema.Struct({ type: Schema.Literal("count"), total: Schema.Finite })
        ])
        const image = (type: string) => ({ type: { S: type }, total: { N: "2.5" } })
        const order = yield* decodeItem(Item, image("order"))
        const count = yield* decodeItem(Item, image("count"))
        assert.isTrue(order?.type === "order" && BigDecimal.isBigDecimal(order.total))
        assert.isTrue(count?.type === "count" && count.total === 2.5)
      }))

    it.effect("reads a recursive item", () =>
      Effect.gen(function*() {
        interface Tree {
          readonly n: bigint
          readonly children: ReadonlyArray<Tree>
        }
        const Tree = Schema.Struct({
          n: Schema.BigInt,
          children: Schema.Array(Schema.suspend((): Schema.Codec<Tree> => Tree))
        })
        const leaf = (n: string) => ({ n: { N: n }, children: { L: [] } })
        const image = { n: { N: "1" }, children: { L: [{ M: leaf("2") }] } }
        assert.deepStrictEqual(yield* decodeItem(Tree, image), { n: 1n, children: [{ n: 2n, children: [] }] })
        assert.deepStrictEqual(yield* encodeAgain(Tree, image), image)
      }))

    it.effect("names every attribute that is none", () =>
      Effect.gen(function*() {
        const Item = Schema.Struct({ a: Schema.Json, b: Schema.Array(Schema.Json), c: Schema.Json })
        const event = withImage({ a: { X: 1 }, b: { L: [{ S: "" }, { S: 1 }] }, c: { S: "a", N: "1" } })
        assert.deepStrictEqual(yield* misfits(DynamoDb.eventOf({ key: Key, item: Item }))(event), [
          "Records[0].dynamodb.NewImage.a",
          "Records[0].dynamodb.NewImage.b[1]",
          "Records[0].dynamodb.NewImage.c"
        ])
      }))
  })
})
