/** Keys that AWS leaves out, sends as `null`, or sends with a value: all three for the same key, by turns. */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"

/**
 * A key of an event that may be absent or `null`.
 *
 * Both are kept as they came, so that the event encodes back to what it was; `??` and `?.` treat them alike.
 */
export const nullish = <S extends Schema.Constraint>(schema: S): Schema.optionalKey<Schema.NullOr<S>> =>
  Schema.optionalKey(Schema.NullOr(schema))

/** The schema of {@link omittable}. */
export interface omittable<S extends Schema.Constraint>
  extends Schema.decodeTo<Schema.optional<Schema.toType<S>>, Schema.optionalKey<S>>
{}

/**
 * A key of a result that may be left out, or given as `undefined`, which leaves it out as well.
 *
 * `Schema.optional` would send `undefined` as `null`, which AWS refuses in some places.
 */
export const omittable = <S extends Schema.Constraint>(schema: S): omittable<S> =>
  Schema.optionalKey(schema).pipe(
    Schema.decodeTo(Schema.optional(Schema.toType(schema)), {
      decode: SchemaGetter.passthrough({ strict: false }),
      encode: SchemaGetter.transformOptional(Option.filter((value) => value !== undefined))
    })
  )

/** The schema of {@link givenBack}. */
export interface givenBack<S extends Schema.Constraint>
  extends Schema.decodeTo<Schema.optional<Schema.NullOr<Schema.toType<S>>>, Schema.optionalKey<S>>
{}

/** As {@link omittable}, for what a program gives back as the event had it: `null` leaves it out as well. */
export const givenBack = <S extends Schema.Constraint>(schema: S): givenBack<S> =>
  Schema.optionalKey(schema).pipe(
    Schema.decodeTo(Schema.optional(Schema.NullOr(Schema.toType(schema))), {
      decode: SchemaGetter.passthrough({ strict: false }),
      encode: SchemaGetter.transformOptional(Option.filter((value) => value !== undefined && value !== null))
    })
  )
