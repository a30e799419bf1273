import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3"
import * as Handler from "effect-lambda-runtime/Handler"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"

/** The caller is told no more than that; the log has the cause. */
class S3Error extends Data.TaggedError("S3Error")<{ readonly cause: unknown }> {
  override readonly message = "the buckets cannot be listed"
}

class Buckets extends Context.Service<Buckets, {
  readonly names: Effect.Effect<ReadonlyArray<string>, S3Error>
}>()("Buckets") {
  /** One client for all invocations: it is made before the first event, and its connections are closed in the end. */
  static readonly layer = Layer.effect(
    Buckets,
    Effect.gen(function*() {
      const client = yield* Effect.acquireRelease(
        Effect.sync(() => new S3Client({})),
        (client) => Effect.sync(() => client.destroy())
      )
      const list = Effect.tryPromise({
        // An invocation that is interrupted ends its request.
        try: (abortSignal) => client.send(new ListBucketsCommand({}), { abortSignal }),
        catch: (cause) => new S3Error({ cause })
      })
      return { names: Effect.map(list, ({ Buckets = [] }) => Buckets.flatMap(({ Name }) => Name ?? [])) }
    })
  )
}

const listBuckets = Handler.make(
  { event: Schema.Unknown, result: Schema.Struct({ buckets: Schema.Array(Schema.String) }) },
  Effect.fnUntraced(function*() {
    const { names } = yield* Buckets
    return { buckets: yield* names }
  })
)

NodeLambda.runMain(Lambda.serve(listBuckets).pipe(Layer.provide(Buckets.layer)))
