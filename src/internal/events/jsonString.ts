/** Strings that hold JSON: an SQS body, an SNS message, and what is nested in them. */
import * as Schema from "effect/Schema"

/** The schema of {@link jsonString}. */
export interface jsonString<S extends Schema.Constraint> extends Schema.fromJsonString<Schema.toCodecJson<S>> {}

/**
 * The value that a string of JSON holds.
 *
 * What does not fit is named by its path through the string: `Records[0].body.price`. Within a string, nothing else
 * takes a schema to its JSON form, as `Handler.make` does for the event around it.
 */
export const jsonString = <S extends Schema.Constraint>(schema: S): jsonString<S> =>
  Schema.fromJsonString(Schema.toCodecJson(schema))
