/** Bytes as Java writes them: the header values of Kafka and RabbitMQ. */
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"

/** Bytes from an array of whole numbers from -128 to 127; also from 0 to 255, which encode to the former. */
export const SignedBytes: Schema.decodeTo<Schema.Uint8Array, Schema.$Array<Schema.Int>> = Schema.Array(
  Schema.Int.check(Schema.isBetween({ minimum: -128, maximum: 255 }))
).pipe(
  Schema.decodeTo(
    Schema.Uint8Array,
    SchemaTransformation.transform<Uint8Array<ArrayBufferLike>, ReadonlyArray<number>>({
      decode: (numbers) => Uint8Array.from(numbers),
      encode: (bytes) => Array.from(new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    })
  )
)
