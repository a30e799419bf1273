/** Payloads that producers write as bytes, and AWS sends in base64: those of Kinesis, Firehose, Kafka and Amazon MQ. */
import * as Schema from "effect/Schema"

/** A schema that decodes from bytes. */
export interface BytesSchema extends Schema.Constraint {
  readonly Encoded: Uint8Array
}

/** The schema of {@link fromBase64}. */
export interface fromBase64<S extends BytesSchema> extends Schema.decodeTo<S, Schema.Uint8ArrayFromBase64> {}

/** What the schema decodes from the bytes of a base64 string. */
export const fromBase64 = <S extends BytesSchema>(schema: S): fromBase64<S> =>
  Schema.Uint8ArrayFromBase64.pipe(Schema.decodeTo(schema))

/** Bytes, text, or what is written as JSON, in base64: the payload of a sample. */
export const toBase64 = (payload: unknown): string =>
  Schema.encodeSync(Schema.Uint8ArrayFromBase64)(
    payload instanceof Uint8Array
      ? payload
      : new TextEncoder().encode(typeof payload === "string" ? payload : JSON.stringify(payload))
  )
