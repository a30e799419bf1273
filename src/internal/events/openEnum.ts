/** Names of which AWS documents some and adds others at any time. */
import * as Schema from "effect/Schema"

/** The schema of {@link openEnum}. */
export interface openEnum<Known extends ReadonlyArray<string>>
  extends Schema.Union<readonly [Schema.StringForLiteralAutocomplete, Schema.Literals<Known>]>
{}

/** Any string, where an editor suggests the known ones. */
export const openEnum = <const Known extends ReadonlyArray<string>>(known: Known): openEnum<Known> =>
  Schema.Union([Schema.StringForLiteralAutocomplete, Schema.Literals(known)])
