/** Base64 whose padding may be missing. */
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"

/**
 * Bytes from base64 that may lack the `=` at its end; encodes with it.
 *
 * `Schema.Uint8ArrayFromBase64` refuses it, and AWS's own samples of SNS attributes have it.
 */
export const UnpaddedBase64: Schema.decodeTo<Schema.Uint8ArrayFromBase64, Schema.String> = Schema.String.pipe(
  Schema.decodeTo(
    Schema.Uint8ArrayFromBase64,
    SchemaTransformation.transform({
      decode: (text) => text.padEnd(Math.ceil(text.length / 4) * 4, "="),
      encode: (text) => text
    })
  )
)
