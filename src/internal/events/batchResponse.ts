/** What a function answers that has processed a batch in part. */
import * as Schema from "effect/Schema"

/**
 * The items of a batch that have failed, by an identifier that the source of the batch gives each of them.
 *
 * An empty identifier counts as the failure of the whole batch; it is refused here.
 */
export const batchResponse = <Identifier extends Schema.Constraint>(itemIdentifier: Identifier) =>
  Schema.Struct({ batchItemFailures: Schema.Array(Schema.Struct({ itemIdentifier })) })
