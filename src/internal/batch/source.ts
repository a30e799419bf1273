/** What is different from source to source in the batches that they send. */
import type * as Schema from "effect/Schema"

export interface Source<in out Event, in out Identifier> {
  /** No more of the event than tells its records from one another: what they hold is decoded one by one. */
  readonly event: Schema.Codec<Event, unknown>
  readonly records: (event: Event) => ReadonlyArray<BatchRecord<Identifier>>
  /** What is answered of the records that have failed, in the order of the event. */
  readonly failures: (failed: ReadonlyArray<BatchRecord<Identifier>>) => ReadonlyArray<Identifier>
  readonly response: Schema.Codec<
    { readonly batchItemFailures: ReadonlyArray<{ readonly itemIdentifier: Identifier }> },
    unknown
  >
}

export interface BatchRecord<out Identifier> {
  /** What it is decoded from. */
  readonly json: unknown
  /** Where it stands in the event. */
  readonly path: ReadonlyArray<PropertyKey>
  /** What the source calls it in a partial response. */
  readonly identifier: Identifier
  /** What the logs call it. */
  readonly annotations: Readonly<Record<string, unknown>>
  /** Records of one lane are processed one after another. */
  readonly lane: string | number
  /**
   * Records of one stretch are delivered again from the first on that has failed, so that those behind it are not
   * begun. The records of a lane are of one stretch.
   */
  readonly stretch: string | number
}
