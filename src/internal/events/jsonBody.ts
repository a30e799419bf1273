/** The body of an HTTP request that is JSON, as text or in base64: which of them, the event says in another field. */
import * as Schema from "effect/Schema"
import { jsonBytes } from "./jsonBytes.ts"
import { jsonString } from "./jsonString.ts"
import { nullish } from "./nullish.ts"

/** The fields of a request whose body is JSON in base64. */
export const base64Body = <Body extends Schema.Constraint>(body: Body) => ({
  body: Schema.Uint8ArrayFromBase64.pipe(Schema.decodeTo(jsonBytes(body))),
  isBase64Encoded: Schema.Literal(true)
})

/** The fields of a request whose body is JSON as text. */
export const textBody = <Body extends Schema.Constraint>(body: Body) => ({
  body: jsonString(body),
  isBase64Encoded: nullish(Schema.Literal(false))
})
