/**
 * DynamoDB's attribute values to the values that a schema describes, and back.
 *
 * An attribute says its type, but not how the program wants it: `{ N: "12" }` can be a number, a bigint, a
 * BigDecimal, and more digits than a number holds must not be lost on the way to the latter two. So the schema's JSON
 * form decides: where it has a number, the attribute becomes one; where it has text, the digits are kept.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as SchemaAST from "effect/SchemaAST"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaTransformation from "effect/SchemaTransformation"
import type { EncodedAttributeMap, EncodedAttributeValue } from "./attributeValues.ts"

/** What a schema says of one place in a value: every alternative that it has for it. */
type Place = ReadonlyArray<SchemaAST.AST>

const alternatives = (ast: SchemaAST.AST): Place => {
  switch (ast._tag) {
    case "Union":
      return ast.types.flatMap(alternatives)
    case "Suspend":
      return alternatives(ast.thunk())
    default:
      return [ast]
  }
}

const property = (place: Place, name: string): Place =>
  place.flatMap((ast) => {
    if (ast._tag !== "Objects") return []
    const signature = ast.propertySignatures.find((signature) => signature.name === name)
    const types = signature === undefined ? ast.indexSignatures.map(({ type }) => type) : [signature.type]
    return types.flatMap(alternatives)
  })

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Without the structs that want another literal than an item has: they describe items of another kind. */
const ofKind = (place: Place, attributes: { readonly [name: string]: unknown }): Place =>
  place.filter((ast) =>
    ast._tag !== "Objects" || ast.propertySignatures.every(({ name, type }) => {
      if (type._tag !== "Literal" || typeof name !== "string") return true
      const attribute = attributes[name]
      const [content] = isObject(attribute) ? Object.values(attribute) : []
      return content === undefined || content === type.literal || content === String(type.literal)
    })
  )

const element = (place: Place, index: number): Place =>
  place.flatMap((ast) => {
    if (ast._tag !== "Arrays") return []
    const type = ast.elements[index] ?? ast.rest[0]
    return type === undefined ? [] : alternatives(type)
  })

const isText = (ast: SchemaAST.AST) => ast._tag === "String" || ast._tag === "TemplateLiteral"

/** Sign, digits and exponent of a number's text, the same for every way to write it. */
const canonical = (text: string): string | undefined => {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? []
  if (whole + fraction === "") return undefined
  const digits = (whole + fraction).replace(/^0+/, "")
  const significant = digits.replace(/0+$/, "")
  if (significant === "") return "0"
  return `${sign === "-" ? "-" : ""}${significant}e${
    Number(exponent) - fraction.length + digits.length - significant.length
  }`
}

/** The number that the text stands for, where a JavaScript number has all of its digits. */
const exactNumber = (text: string): number | undefined => {
  const number = Number(text)
  return Number.isFinite(number) && canonical(text) === canonical(String(number)) ? number : undefined
}

interface Problem {
  readonly path: ReadonlyArray<PropertyKey>
  readonly expected: string
  readonly found: unknown
}

/** Plain JSON from attribute values, as the schema at their place wants it. What is no attribute value is a problem. */
const toPlain = (attributes: EncodedAttributeMap, root: Place, problems: Array<Problem>): Schema.Json => {
  const fail = (path: Problem["path"], expected: string, found: unknown) => {
    problems.push({ path, expected, found })
    return null
  }
  const text = (value: unknown, path: Problem["path"]) => typeof value === "string" ? value : fail(path, "text", value)
  const number = (digits: unknown, place: Place, path: Problem["path"]) => {
    if (typeof digits !== "string" || canonical(digits) === undefined) return fail(path, "a number as text", digits)
    const wantsText = place.some(isText)
    if (wantsText && !place.some((ast) => ast._tag === "Number")) return digits
    return exactNumber(digits) ??
      (wantsText || place.every((ast) => ast._tag === "Declaration")
        ? digits
        : fail(path, "a number of no more digits than a JavaScript number has: use Schema.BigDecimal", digits))
  }
  const list = (
    values: unknown,
    path: Problem["path"],
    item: (value: unknown, index: number, path: Problem["path"]) => Schema.Json
  ) =>
    Array.isArray(values)
      ? values.map((value: unknown, index) => item(value, index, [...path, index]))
      : fail(path, "a list", values)
  const map = (values: unknown, place: Place, path: Problem["path"]): Schema.Json => {
    if (!isObject(values)) return fail(path, "attributes", values)
    const own = ofKind(place, values)
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, plain(value, property(own, name), [...path, name])])
    )
  }
  const plain = (attribute: unknown, place: Place, path: Problem["path"]): Schema.Json => {
    const [type, ...others] = isObject(attribute) ? Object.keys(attribute) : []
    if (!isObject(attribute) || type === undefined || others.length > 0) {
      return fail(path, "an attribute value", attribute)
    }
    const value = attribute[type]
    switch (type) {
      // Base64 is how JSON has bytes.
      case "S":
      case "B":
        return text(value, path)
      case "N":
        return number(value, place, path)
      case "BOOL":
        return typeof value === "boolean" ? value : fail(path, "true or false", value)
      case "NULL":
        return null
      case "SS":
      case "BS":
        return list(value, path, (item, _, path) => text(item, path))
      case "NS":
        return list(value, path, (item, index, path) => number(item, element(place, index), path))
      case "L":
        return list(value, path, (item, index, path) => plain(item, element(place, index), path))
      case "M":
        return map(value, place, path)
      default:
        return fail(path, "an attribute value", attribute)
    }
  }
  return map(attributes, root, [])
}

/** The alternatives of a place on the side of the program, and on every step from there to JSON. */
const steps = (place: Place): Place =>
  place.flatMap((ast) => [ast, ...(ast.encoding ?? []).flatMap(({ to }) => steps(alternatives(to)))])

const isDeclaration = (ast: SchemaAST.AST, id: string): boolean => {
  const representation = ast._tag === "Declaration" ? ast.annotations?.["representation"] : undefined
  return isObject(representation) && representation["id"] === `effect/schema/${id}`
}

const isNumber = (ast: SchemaAST.AST) =>
  ast._tag === "Number" || ast._tag === "BigInt" || isDeclaration(ast, "BigDecimal")

const isJsonObject = (json: Schema.Json): json is Schema.JsonObject => isObject(json)

/** Attribute values from plain JSON. The type of text and of lists is what the program has in their place. */
const toAttributes = (json: Schema.JsonObject, place: Place): EncodedAttributeMap =>
  Object.fromEntries(
    Object.entries(json).map(([name, value]) => [name, toAttribute(value, property(steps(place), name))])
  )

const toAttribute = (json: Schema.Json, place: Place): EncodedAttributeValue => {
  const all = steps(place)
  switch (typeof json) {
    case "string":
      if (all.some((ast) => isDeclaration(ast, "Uint8Array"))) return { B: json }
      return !place.some(isText) && all.some(isNumber) && canonical(json) !== undefined ? { N: json } : { S: json }
    case "number":
      return { N: String(json) }
    case "boolean":
      return { BOOL: json }
  }
  if (json === null) return { NULL: true }
  if (isJsonObject(json)) return { M: toAttributes(json, place) }
  const set = all.find((ast) => isDeclaration(ast, "ReadonlySet"))
  const types = set?._tag === "Declaration" ? set.typeParameters.flatMap(alternatives) : undefined
  const items = json.map((item, index) => toAttribute(item, types ?? element(all, index)))
  return types === undefined ? { L: items } : toSet(items) ?? { L: items }
}

/** DynamoDB has sets of text, of numbers, and of bytes. */
const toSet = (items: ReadonlyArray<EncodedAttributeValue>): EncodedAttributeValue | undefined => {
  const texts = items.flatMap((item) => "S" in item ? [item.S] : [])
  const numbers = items.flatMap((item) => "N" in item ? [item.N] : [])
  const bytes = items.flatMap((item) => "B" in item ? [item.B] : [])
  if (texts.length === items.length) return { SS: texts }
  if (numbers.length === items.length) return { NS: numbers }
  return bytes.length === items.length ? { BS: bytes } : undefined
}

/** Attributes in JSON. Whether they are attributes is found out on the way to what they stand for. */
const Attributes = Schema.declare<EncodedAttributeMap>(
  (input): input is EncodedAttributeMap => isObject(input),
  { expected: "attributes", toCodecJson: () => undefined }
)

/** The schema of {@link plainAttributes}. */
export interface plainAttributes<S extends Schema.Constraint>
  extends Schema.decodeTo<Schema.toCodecJson<S>, Schema.declare<EncodedAttributeMap>>
{}

/** The value of a schema from the attributes of an item. */
export const plainAttributes = <S extends Schema.Constraint>(schema: S): plainAttributes<S> => {
  const codec = Schema.toCodecJson(schema)
  const encodedPlace = alternatives(Schema.toEncoded(codec).ast)
  const place = alternatives(codec.ast)
  return Attributes.pipe(Schema.decodeTo(
    codec,
    SchemaTransformation.transformEffect<Schema.Json, EncodedAttributeMap>({
      decode: (attributes, options) => {
        const problems: Array<Problem> = []
        const plain = toPlain(attributes, encodedPlace, problems)
        const [first, ...others] = problems.map(({ expected, found, path }) =>
          new SchemaIssue.Pointer(path, new SchemaIssue.InvalidValue({ expected }, found, options))
        )
        return first === undefined
          ? Effect.succeed(plain)
          : Effect.fail(new SchemaIssue.Composite(codec.ast, [first, ...others], attributes, options))
      },
      encode: (plain) => Effect.succeed(toAttributes(isJsonObject(plain) ? plain : {}, place))
    })
  ))
}
