/**
 * Checks a part of an event in place, and leaves it as it is.
 *
 * `effect/Schema` takes every key of an object through a parser of its own and copies what it finds. For headers and
 * the like, which nothing has to be done with, that costs more than parsing the event's JSON does. What is checked
 * here is the same, by functions that are made from the schema once, without `eval`; what does not fit goes through
 * the schema, which names the place.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaParser from "effect/SchemaParser"

/** The schema of {@link checkedInPlace}. */
export interface checkedInPlace<S extends Schema.Constraint>
  extends Schema.declareConstructor<S["Type"], S["Type"], readonly []>
{
  readonly "Rebuild": checkedInPlace<S>
  /** What is checked: `schema.fields` are those of a struct. */
  readonly schema: S
}

/**
 * The same as `schema`, which has to be of JSON on both sides, in less time.
 *
 * Keys that it does not name are kept, out of sight of the types.
 */
export const checkedInPlace = <S extends Schema.Codec<S["Type"]>>(schema: S): checkedInPlace<S> => {
  const explain = SchemaParser.decodeUnknownEffect(schema)
  let fits: Fits | undefined
  const check = (input: unknown): input is S["Type"] => (fits ??= compile(schema.ast))(input)
  const run = () => (input: unknown, _: SchemaAST.Declaration, options: SchemaAST.ParseOptions) =>
    check(input) ? Effect.succeed(input) : explain(input, options)
  const declaration = Schema.declareConstructor<S["Type"]>()([], run, {
    toCodecJson: () => undefined,
    toCodecArbitrary: () =>
      Schema.link<S["Type"]>()(schema, { decode: SchemaGetter.passthrough(), encode: SchemaGetter.passthrough() })
  })
  checks.set(declaration.ast.run, check)
  return Schema.make<checkedInPlace<S>>(declaration.ast, { schema })
}

type Fits = (input: unknown) => boolean

/** Of the schemas that were made here, by what their copies (an optional one, an annotated one) have in common. */
const checks = new WeakMap<object, Fits>()

const compile = (ast: SchemaAST.AST): Fits => {
  if (ast.encoding !== undefined) throw new Error("what is checked in place cannot be transformed")
  if (ast.checks === undefined) return withoutChecks(ast)
  if (ast.checks === Schema.Finite.ast.checks) return Number.isFinite
  const filters = ast.checks.filter((check) => check._tag === "Filter")
  if (filters.length < ast.checks.length) return general(ast)
  const fits = withoutChecks(ast)
  return (input) => fits(input) && filters.every(({ run }) => run(input, ast, {}) === undefined)
}

const withoutChecks = (ast: SchemaAST.AST): Fits => {
  switch (ast._tag) {
    case "String":
      return (input) => typeof input === "string"
    case "Boolean":
      return (input) => typeof input === "boolean"
    case "Null":
      return (input) => input === null
    case "Literal":
      return (input) => input === ast.literal
    case "Union":
      return union(ast.types.map(compile))
    case "Arrays":
      return ast.elements.length === 0 && ast.rest[0] !== undefined ? array(compile(ast.rest[0])) : general(ast)
    case "Objects":
      return objects(ast)
    case "Declaration":
      return checks.get(ast.run) ?? (isJsonSchema(ast) ? json : general(ast))
    default:
      return general(ast)
  }
}

/** What is rare among events is left to the schema. */
const general = (ast: SchemaAST.AST): Fits => SchemaParser.is(Schema.make(ast))

const union = (members: ReadonlyArray<Fits>): Fits => (input) => {
  for (const member of members) if (member(input)) return true
  return false
}

const array = (item: Fits): Fits => (input) => {
  if (!Array.isArray(input)) return false
  for (let index = 0; index < input.length; index++) if (!item(input[index])) return false
  return true
}

const isObject = (input: unknown): input is { readonly [key: PropertyKey]: unknown } =>
  typeof input === "object" && input !== null && !Array.isArray(input)

const objects = (ast: SchemaAST.Objects): Fits => {
  const [signature, ...others] = ast.indexSignatures
  if (signature === undefined) return struct(ast)
  if (others.length > 0 || signature.parameter._tag !== "String" || signature.parameter.checks !== undefined) {
    return general(ast)
  }
  // What holds for all keys holds for those that have a name as well.
  const fitsAll = record(signature)
  if (ast.propertySignatures.length === 0) return fitsAll
  const fitsNamed = struct(ast)
  return (input) => fitsNamed(input) && fitsAll(input)
}

const struct = (ast: SchemaAST.Objects): Fits => {
  const properties = ast.propertySignatures.map(({ name, type }) => ({
    name,
    fits: compile(type),
    isOptional: SchemaAST.isOptional(type)
  }))
  return (input) => {
    if (!isObject(input)) return false
    for (const { fits, isOptional, name } of properties) {
      const value = input[name]
      // JSON has no `undefined`: it is a key that is missing.
      if (value === undefined ? !isOptional || name in input : !fits(value)) return false
    }
    return true
  }
}

const record = (signature: SchemaAST.IndexSignature): Fits => {
  const fits = compile(signature.type)
  return (input) => {
    if (!isObject(input)) return false
    for (const key in input) if (!fits(input[key])) return false
    return true
  }
}

const isJsonSchema = (ast: SchemaAST.Declaration): boolean =>
  Schema.Json.ast._tag === "Declaration" && ast.run === Schema.Json.ast.run

const isJson = SchemaParser.is(Schema.Json)

/** Levels of objects and lists in which {@link json} does not look for cycles; beyond them `effect/Schema` does. */
const shallow = 8

const json = (input: unknown): boolean => jsonWithin(input, shallow)

const jsonWithin = (input: unknown, levels: number): boolean => {
  if (input === null) return true
  switch (typeof input) {
    case "string":
    case "boolean":
      return true
    case "number":
      return Number.isFinite(input)
    case "object":
      if (levels === 0) return isJson(input)
      if (Array.isArray(input)) {
        for (let index = 0; index < input.length; index++) if (!jsonWithin(input[index], levels - 1)) return false
        return true
      }
      return Object.getPrototypeOf(input) === Object.prototype
        ? Object.values(input).every((value: unknown) => jsonWithin(value, levels - 1))
        : isJson(input)
    default:
      return false
  }
}
