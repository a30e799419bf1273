/** Decodes and encodes as `Handler.make` does, with the error that it would fail with. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import * as EventError from "../../src/EventError.ts"

export const decode = <S extends Schema.Constraint>(schema: S) => {
  const decode = SchemaParser.decodeUnknownEffect(Schema.toCodecJson(schema), { errors: "all" })
  return (json: unknown) => Effect.mapError(decode(json), EventError.fromIssue)
}

export const encode = <S extends Schema.Constraint>(schema: S) => {
  // What a schema of ours encodes is JSON already.
  const encode = SchemaParser.encodeUnknownEffect(schema, { errors: "all" })
  return (value: S["Type"]) => Effect.mapError(encode(value), EventError.fromIssue)
}

/** The places in JSON that do not fit a schema, in the order in which they are found. */
export const misfits = <S extends Schema.Constraint>(schema: S) => (json: unknown) =>
  Effect.match(decode(schema)(json), {
    onFailure: ({ reason }): ReadonlyArray<string> =>
      reason._tag === "UnexpectedShape" ? reason.issues.map(({ path }) => path) : [reason._tag],
    onSuccess: () => []
  })
