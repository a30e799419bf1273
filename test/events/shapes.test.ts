/** The laws that every shape of `src/events` keeps. Each module lists its shapes in `shapes/<Module>.ts`. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { flow } from "effect/Function"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import * as EventError from "../../src/EventError.ts"
import { misfits } from "./codec.ts"
import { hasEscapedKey } from "./escapedKeys.ts"
import { modules } from "./modules.ts"
import { differences, fixturesOf, readFixture } from "./shape.ts"

/** As JSON sees it: without `undefined`, and without the identity of the value. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe.each(modules)("$name", ({ shapes }) => {
  describe.each(shapes)("$name", (shape) => {
    // As `Handler.make` does: events come from JSON, and results go to it.
    const codec = Schema.toCodecJson(shape.schema)
    const decode = flow(
      SchemaParser.decodeUnknownEffect(codec, { errors: "all" }),
      Effect.mapError(EventError.fromIssue)
    )
    const encode = flow(
      SchemaParser.encodeUnknownEffect(codec, { errors: "all" }),
      Effect.mapError(EventError.fromIssue)
    )
    const expected = new Set([...shape.normalised ?? [], ...shape.dropped ?? []])

    /** Decodes, encodes, and says what differs from what is expected to differ. */
    const surprises = Effect.fnUntraced(function*(json: unknown) {
      const decoded = yield* decode(json)
      const encoded = asJson(yield* encode(decoded))
      // What was encoded is normal: it means the same, and changes no more.
      const again = asJson(yield* encode(yield* decode(encoded)))
      assert.deepStrictEqual(again, encoded)
      return differences(json, encoded).filter((difference) =>
        !expected.has(difference) && !shape.normalisedAt?.some((place) => difference.startsWith(`${place}: `))
      )
    })

    it.effect.each(shape.samples.map((sample, index) => ({ sample, index })))(
      "decodes its sample $index and encodes it back",
      ({ sample }) =>
        Effect.gen(function*() {
          assert.deepStrictEqual(yield* surprises(asJson(sample)), [])
        })
    )

    it.effect("decodes without Handler as well, to the same", () =>
      Effect.gen(function*() {
        const [sample] = shape.samples
        const json = asJson(sample)
        const plain = yield* SchemaParser.decodeUnknownEffect(shape.schema)(json)
        assert.isTrue(
          Schema.toEquivalence(Schema.make<Schema.Schema<unknown>>(shape.schema.ast))(plain, yield* decode(json))
        )
      }))

    it.effect.prop("gives back every value that it encodes", [shape.schema], ([value]) =>
      Effect.gen(function*() {
        if (hasEscapedKey(value)) return
        const encoded = asJson(yield* encode(value))
        const decoded = yield* decode(encoded)
        assert.deepStrictEqual(asJson(yield* encode(decoded)), encoded)
      }), { arbitrary: { runs: 50 } })

    it.effect.each((shape.refused ?? []).map(([value, path]) => ({ value, path })))(
      "names $path where it does not fit",
      ({ path, value }) =>
        Effect.gen(function*() {
          assert.include(yield* misfits(shape.schema)(value), path)
        })
    )

    for (const { file } of fixturesOf(shape)) {
      it.effect(`decodes ${file} and encodes it back`, () =>
        Effect.gen(function*() {
          assert.deepStrictEqual(yield* surprises(readFixture(file)), [])
        }))
    }
  })
})
