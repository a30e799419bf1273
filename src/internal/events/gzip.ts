/** Compressed bytes: CloudWatch Logs, straight or by way of Kinesis and Firehose. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaTransformation from "effect/SchemaTransformation"
import type * as Zlib from "node:zlib"

/** Asked for when it is needed: importing it costs every start of a function time. */
const zlib = (): typeof Zlib => process.getBuiltinModule("node:zlib")

/**
 * How many bytes are inflated at most, 32 MiB. A few kilobytes that were made for it inflate to gigabytes; the
 * payload of an invocation is 6 MB, and logs shrink to about a tenth.
 */
export const inflatedLimit = 32 * 1024 * 1024

/**
 * Bytes from gzip's, which it fails to read above `limit` bytes, and before it has inflated more.
 *
 * It is done at once, and not in the background: what fits in an event takes a fraction of a millisecond.
 */
export const gunzipped = (limit: number = inflatedLimit): Schema.decodeTo<Schema.Uint8Array, Schema.Uint8Array> =>
  Schema.Uint8Array.pipe(Schema.decodeTo(
    Schema.Uint8Array,
    SchemaTransformation.transformEffect<Uint8Array<ArrayBufferLike>, Uint8Array<ArrayBufferLike>>({
      decode: (bytes, options) =>
        Effect.try({
          try: () => new Uint8Array(zlib().gunzipSync(bytes, { maxOutputLength: limit })),
          catch: (cause) =>
            new SchemaIssue.InvalidValue(
              {
                expected: isTooLarge(cause)
                  ? `gzip data of at most ${limit} bytes when inflated`
                  : "gzip data"
              },
              bytes,
              options
            )
        }),
      encode: (bytes) => Effect.sync(() => new Uint8Array(zlib().gzipSync(bytes)))
    })
  ))

const isTooLarge = (cause: unknown): boolean =>
  cause instanceof Error && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE"
