/** Objects whose values are all strings, or lists of strings: headers, query strings, claims. */
import * as Schema from "effect/Schema"
import { checkedInPlace } from "./checkedInPlace.ts"

/** An object whose values are all strings. */
export interface StringMap {
  readonly [key: string]: string
}

/** An object whose values are all lists of strings. */
export interface StringListMap {
  readonly [key: string]: ReadonlyArray<string>
}

/** `Schema.Record(Schema.String, Schema.String)`, several times faster. */
export const StringMap: Schema.Codec<StringMap> = checkedInPlace(Schema.Record(Schema.String, Schema.String))

/** `Schema.Record(Schema.String, Schema.Array(Schema.String))`, several times faster. */
export const StringListMap: Schema.Codec<StringListMap> = checkedInPlace(
  Schema.Record(Schema.String, Schema.Array(Schema.String))
)
