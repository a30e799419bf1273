/** Text that was encoded as in a form or a query string: the keys of S3 notifications. */
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"

const decode = (text: string): string => {
  if (!/[%+]/.test(text)) return text
  try {
    return decodeURIComponent(text.replaceAll("+", " "))
  } catch {
    // A lone `%`: the name was not encoded. A batch must not fail for it.
    return text
  }
}

/** As `java.net.URLEncoder`, which S3 uses, apart from the slash, which it leaves as it is. */
const encode = (text: string): string =>
  encodeURIComponent(text.toWellFormed())
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%2F", "/")
    .replaceAll("%20", "+")

/**
 * Decodes `red+flower%2Bvase.jpg` to `red flower+vase.jpg`. Text that cannot have been encoded is kept as it is.
 *
 * `Schema.StringFromUriComponent` would leave the `+`, and fail on a lone `%`.
 */
export const FormUrlEncoded: Schema.decodeTo<Schema.String, Schema.String> = Schema.String.pipe(
  Schema.decodeTo(Schema.String, SchemaTransformation.transform({ decode, encode }))
)
