/**
 * What an event has where something else was expected, told so that the message may be logged: short, and no secret.
 */
import * as Predicate from "effect/Predicate"
import type * as SchemaAST from "effect/SchemaAST"
import type * as SchemaIssue from "effect/SchemaIssue"
import { valueAt } from "./valueAt.ts"

export type Path = ReadonlyArray<PropertyKey>

/** `, got "old"`; nothing where the event has nothing. */
export const describe = (event: unknown, path: Path, secrets: ReadonlyArray<Path>): string => {
  const value = valueAt(event, path)
  if (value === undefined) return ""
  const isSecret = path.some((key) => secretNames.test(String(key))) ||
    secrets.some((secret) => secret.every((key, index) => key === path[index]))
  return `, got ${isSecret ? typeof value : describeValue(value)}`
}

/** The places of an issue that the schema says are `Redacted`. */
export const secretPlaces = (issue: SchemaIssue.Issue, path: Path = []): ReadonlyArray<Path> => {
  if ("ast" in issue && isSecret(issue.ast)) return [path]
  switch (issue._tag) {
    case "Pointer":
      return secretPlaces(issue.issue, [...path, ...issue.path])
    case "Encoding":
    case "Filter":
      return secretPlaces(issue.issue, path)
    case "AnyOf":
    case "Composite":
      return issue.issues.flatMap((issue) => secretPlaces(issue, path))
    default:
      return []
  }
}

/** What may be a secret is one, as in `Schema.NullOr(Schema.RedactedFromValue(…))`. */
const isSecret = (ast: SchemaAST.AST): boolean => {
  const representation = ast.annotations?.["representation"]
  return Predicate.hasProperty(representation, "id") && representation.id === "effect/schema/Redacted" ||
    ast._tag === "Union" && ast.types.some(isSecret)
}

const secretNames =
  /pass|secret|token|auth|cookie|credential|signature|(api|access).?key|private|session|jwt|bearer|ssn|cvv|iban/i

const maxWordLength = 32

const maxKeys = 5

const describeValue = (value: unknown): string => {
  if (typeof value === "string") {
    // A text may hold anything; a word is most often an id, a number, a date or one of a few.
    return value.length <= maxWordLength && /^[\w.:+-]*$/.test(value)
      ? JSON.stringify(value)
      : `a text of ${value.length} characters`
  }
  if (typeof value !== "object" || value === null) return String(value)
  if (Array.isArray(value)) return `an array of ${value.length}`
  const keys = Object.keys(value)
  return `an object with ${keys.slice(0, maxKeys).map((key) => key.slice(0, maxWordLength)).join(", ") || "no keys"}${
    keys.length > maxKeys ? `, and ${keys.length - maxKeys} more` : ""
  }`
}
