/** Booleans that are written as text. */
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"

/** `"true"` and `"false"`. */
export const BooleanText: Schema.decodeTo<Schema.Boolean, Schema.Literals<readonly ["true", "false"]>> = Schema
  .Literals(["true", "false"])
  .pipe(
    Schema.decodeTo(
      Schema.Boolean,
      SchemaTransformation.transform<boolean, "true" | "false">({
        decode: (text) => text === "true",
        encode: (boolean) => boolean ? "true" : "false"
      })
    )
  )
