/** DynamoDB's attribute values: each an object with one key, which names its type. */
import * as Schema from "effect/Schema"

/** A value with its type. A number is text: it has up to 38 digits. */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly BOOL: boolean }
  | { readonly M: AttributeMap }
  | { readonly L: ReadonlyArray<AttributeValue> }
  | { readonly NULL: boolean }
  | { readonly B: Uint8Array }
  | { readonly SS: ReadonlyArray<string> }
  | { readonly NS: ReadonlyArray<string> }
  | { readonly BS: ReadonlyArray<Uint8Array> }

/** The attributes of an item, by their names. */
export interface AttributeMap {
  readonly [name: string]: AttributeValue
}

/** An {@link AttributeValue} in JSON, where bytes are base64. */
export type EncodedAttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly BOOL: boolean }
  | { readonly M: EncodedAttributeMap }
  | { readonly L: ReadonlyArray<EncodedAttributeValue> }
  | { readonly NULL: boolean }
  | { readonly B: string }
  | { readonly SS: ReadonlyArray<string> }
  | { readonly NS: ReadonlyArray<string> }
  | { readonly BS: ReadonlyArray<string> }

/** An {@link AttributeMap} in JSON. */
export interface EncodedAttributeMap {
  readonly [name: string]: EncodedAttributeValue
}

const suspended = Schema.suspend((): Schema.Codec<AttributeValue, EncodedAttributeValue> => AttributeValue)

/**
 * One struct with one of its keys, and no union: a union would try its members one after the other, and where none
 * fits would blame the first.
 */
export const AttributeValue: Schema.Codec<AttributeValue, EncodedAttributeValue> = Schema.make(
  Schema.Struct({
    S: Schema.optionalKey(Schema.String),
    N: Schema.optionalKey(Schema.String),
    BOOL: Schema.optionalKey(Schema.Boolean),
    M: Schema.optionalKey(Schema.Record(Schema.String, suspended)),
    L: Schema.optionalKey(Schema.Array(suspended)),
    NULL: Schema.optionalKey(Schema.Boolean),
    B: Schema.optionalKey(Schema.Uint8ArrayFromBase64),
    SS: Schema.optionalKey(Schema.Array(Schema.String)),
    NS: Schema.optionalKey(Schema.Array(Schema.String)),
    BS: Schema.optionalKey(Schema.Array(Schema.Uint8ArrayFromBase64))
  }).check(Schema.isBetweenProperties(1, 1, { expected: "an attribute value" })).ast
)

/** The attributes of an item, by their names. */
export const AttributeMap: Schema.Codec<AttributeMap, EncodedAttributeMap> = Schema.Record(
  Schema.String,
  AttributeValue
)
