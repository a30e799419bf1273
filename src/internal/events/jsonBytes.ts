/** Bytes that hold JSON: the data of Kinesis, Kafka, Firehose and Amazon MQ. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { jsonString } from "./jsonString.ts"

const utf8 = new TextDecoder("utf-8", { fatal: true })

/**
 * Text from its bytes in UTF-8. Bytes that are no such text are refused, where `Schema.StringFromBase64` would
 * replace them.
 */
export const Utf8Bytes: Schema.decodeTo<Schema.String, Schema.Uint8Array> = Schema.Uint8Array.pipe(
  Schema.decodeTo(
    Schema.String,
    SchemaTransformation.transformEffect<string, Uint8Array<ArrayBufferLike>>({
      decode: (bytes, options) =>
        Effect.try({
          try: () => utf8.decode(bytes),
          catch: () => new SchemaIssue.InvalidValue({ expected: "text in UTF-8" }, bytes, options)
        }),
      encode: (text) => Effect.succeed(new TextEncoder().encode(text))
    })
  )
)

/** The schema of {@link jsonBytes}. */
export interface jsonBytes<S extends Schema.Constraint> extends Schema.decodeTo<jsonString<S>, typeof Utf8Bytes> {}

/** The value that bytes of JSON in UTF-8 hold; what does not fit is named by its path through them. */
export const jsonBytes = <S extends Schema.Constraint>(schema: S): jsonBytes<S> =>
  Utf8Bytes.pipe(Schema.decodeTo(jsonString(schema)))
