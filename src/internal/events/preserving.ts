/** Events that AWS wants back: what this version does not know of them must not be lost. */
import * as Schema from "effect/Schema"

/** The schema of {@link preserving}. */
export interface preserving<Fields extends Schema.Struct.Fields> extends
  Schema.Codec<
    Schema.Struct.Type<Fields>,
    Schema.Struct.Encoded<Fields>,
    Schema.Struct.DecodingServices<Fields>,
    Schema.Struct.EncodingServices<Fields>
  >
{
  readonly fields: Fields
}

/**
 * A struct that keeps the keys that it does not name, out of sight of the types, when it decodes and when it encodes.
 *
 * A copy that is made with a spread (`{ ...event, response }`) keeps them as well.
 * The title, as in `an SQS event`, is that of a whole event.
 */
export const preserving = <const Fields extends Schema.Struct.Fields>(
  fields: Fields,
  title?: string
): preserving<Fields> =>
  Schema.make<preserving<Fields>>(
    Schema.StructWithRest(Schema.Struct(fields), [Schema.Record(Schema.String, Schema.Any)]).annotate({ title }).ast,
    { fields }
  )
