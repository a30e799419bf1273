/** A streamed answer of the size that the event asks for, in chunks of 64 KiB. */
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Handler from "../../src/Handler.ts"
import * as Lambda from "../../src/Lambda.ts"
import * as NodeLambda from "../../src/NodeLambda.ts"

const chunk: Uint8Array = Buffer.alloc(65_536, "effect")

const stream = Handler.stream(
  { event: Schema.Struct({ size: Schema.Int }) },
  ({ size }) => Stream.map(Stream.range(1, size / chunk.length), () => chunk)
)

NodeLambda.runMain(Lambda.serve(stream))
